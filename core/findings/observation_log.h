// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "faces/face.h"

#include <QByteArray>

#include <optional>
#include <vector>

namespace fw {

/// What observers measured on every frame of a clip, by ledger index. Views draw from it and a
/// stored log stands in for the observer when the case is opened again.
struct ObservationLog
{
    std::vector<std::optional<FaceObservations>> faces; ///< nullopt: nobody looked at this frame

    void setFaces(FrameIndex index, FaceObservations found);
    const FaceObservations *facesAt(FrameIndex index) const; ///< nullptr: nobody looked
    /// Track ids that occur, ascending.
    std::vector<TrackId> tracks() const;
};

/// Compact binary form; float precision kept. Damaged input gives Errc::BadData.
QByteArray toBytes(const ObservationLog &log);
Result<ObservationLog> observationLogFromBytes(const QByteArray &bytes);

} // namespace fw
