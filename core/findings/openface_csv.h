// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/camera.h"
#include "findings/behaviour_csv.h"

#include <span>

namespace fw {

/// The 714 columns of OpenFace 2.2, in its order.
QStringList openFaceColumns();

/// What was observed as rows for OpenFace's columns, rounded to the decimals that the file has.
/// Rows are ordered by frame, then face; a frame that was searched and holds no face is one row with
/// success 0 and zeros. What was not measured on a face is NaN. Action units are relative to the
/// person's rest over the whole track (100 frames or more), a mean of three frames; presence is the
/// majority of seven. Our own scale, turn and place stand in the rigid p_ columns, 0 in the others.
/// @param seconds  of each frame from the first; @param camera  of the fits.
BehaviourTable openFaceTable(const ObservationLog &log, std::span<const double> seconds,
                             const Camera &camera);

/// Comma separated, decimal points, one header line, no spaces.
QByteArray openFaceCsv(const BehaviourTable &table);

/// The text that goes beside such a file: who made it and what its numbers are not.
/// @param models  "id SHA-256", one each.
QString openFaceSidecar(const QString &fileName, const QString &programVersion,
                        const QStringList &models);

} // namespace fw
