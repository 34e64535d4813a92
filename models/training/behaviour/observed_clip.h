// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "findings/observation_log.h"

#include <QString>

#include <vector>

namespace fw::accuracy {

/// What the observers measured on one clip, kept on disk so that methods on behaviour can be measured
/// again and again without decoding.
struct ObservedClip
{
    QString name;       ///< unique: "swap-pairs/Tim_Chrys_1/original"
    QString set;        ///< "real", "swap-pairs", "swap-ghost", "ffpp-dfdc", "reenactment", "demo"
    QString source;     ///< the footage it was made from: original and manipulated twin share it
    QString person;     ///< who is seen, as far as the file names tell; splits go by it
    bool manipulated = false;
    QString file;       ///< the file that was observed
    int width = 0, height = 0;   ///< px
    double rate = 0.0;           ///< frames/s
    std::vector<double> seconds; ///< of each frame, from the first
    ObservationLog log;
};

Result<void> save(const ObservedClip &clip, const QString &path);
Result<ObservedClip> loadObservedClip(const QString &path);
/// All *.fwobs files of a folder, by name.
Result<std::vector<ObservedClip>> loadObservedClips(const QString &folder);

} // namespace fw::accuracy
