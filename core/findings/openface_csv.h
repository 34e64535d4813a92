// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "faces/camera.h"
#include "findings/observation_log.h"

#include <QStringList>

#include <optional>
#include <span>
#include <vector>

namespace fw {

/// Numbers by column name, row after row, as tools for facial behaviour exchange them.
/// NaN is an empty field: not measured.
struct BehaviourTable
{
    QStringList columns;
    std::vector<std::vector<double>> rows; ///< each as long as `columns`

    /// Place of a column; -1 when there is none.
    int column(const QString &name) const { return int(columns.indexOf(name)); }
    friend bool operator==(const BehaviourTable &a, const BehaviourTable &b);
};

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

enum class BehaviourFormat { OpenFace, PyFeat };

/// A file of another program (or of ours).
struct ImportedBehaviour
{
    BehaviourFormat format = BehaviourFormat::OpenFace;
    BehaviourTable table; ///< columns that are no numbers are NaN throughout
    QString sha256;       ///< of the bytes
};

/// Reads OpenFace's CSV (with "," and with the older ", ") or py-feat's. Errc::BadData names the line.
Result<ImportedBehaviour> readBehaviourCsv(const QByteArray &bytes, const QString &where);

/// The faces of such a file by frame, numbered from 0. OpenFace: landmarks, pose, gaze with the
/// outlines of iris and lids, action units. py-feat: box, landmarks, angles and, where its
/// probability is 0.5 or more, the presence of action units; it has no intensities.
/// Rows without success are no faces.
ObservationLog observationsOf(const ImportedBehaviour &imported);

} // namespace fw
