// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace fw::accuracy {

/// One table per method; each prints to standard output.
void measureCfa();
void measureCopyMove();
void measureCost();
void measureCooccurrence();
void measureDimples();
void measureDoubleJpeg();
void measureFingerprint();
void measureGenerators();
void measureGrid();
void measureLocalisers();
void measurePairZoo();
void measurePrnu();
/// Writes references/<method>.json below the working folder.
void makeReferences();
void measureResampling();
void measureResiduals();
void measureSpectrum();
void measureThumbnail();

} // namespace fw::accuracy
