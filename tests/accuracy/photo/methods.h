// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace fw::accuracy {

/// One table per method; each prints to standard output.
void measureCopyMove();
void measureCooccurrence();
void measureDimples();
void measureFingerprint();
void measureGrid();
void measurePrnu();
void measureResampling();
void measureSpectrum();

} // namespace fw::accuracy
