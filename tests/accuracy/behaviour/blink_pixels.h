// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "behaviour/observed_clip.h"
#include "blink_report.h"
#include "lid_network.h"

#include <map>

namespace fw::accuracy {

/// The network over time. @param folder  of models; empty: where the program keeps them, the hash that
/// the manifest of the method names being compared. In another folder any weights are taken.
Result<std::unique_ptr<LidNetwork>> lidNetwork(const QString &folder, const QString &manifest);

/// Reads the clip's picture again (FOLDER/NAME.mp4 beside FOLDER/NAME.fwobs) and lets the network follow
/// the lids of every face into closures and closed of its track.
/// @param cpuSeconds  what the network cost, this thread's processor time.
Result<void> followLids(const ObservedClip &clip, const QString &video, LidNetwork &network, FrameIndex last,
                        std::map<TrackId, EyeTrack> &tracks, double *cpuSeconds);

} // namespace fw::accuracy
