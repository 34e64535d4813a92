// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "findings/observation_log.h"

#include <QStringList>

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

/// Points of an eye in OpenFace's columns: 8 of the iris, 12 of the lids, 8 of the pupil.
constexpr int kOpenFaceEyePoints = 28;

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
