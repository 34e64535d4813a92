// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "behaviour/temporal_edits.h"

#include <QString>

#include <optional>
#include <vector>

namespace fw::lab {

/// One observed clip at kWindowRate.
struct TemporalClip
{
    QString name, source;
    bool manipulated = false;
    bool train = false; ///< else: only tested on
    std::vector<BehaviourRow> rows;
};

/// The longest face of each clip of a folder (*.fwobs). Sources (footage with all its twins) are dealt
/// out to training and test in turn, within each set of clips.
Result<std::vector<TemporalClip>> temporalClips(const QString &folder);

/// Windows of training sources in pairs: one genuine, one manipulated, of the same footage.
class TemporalSet
{
public:
    explicit TemporalSet(const std::vector<TemporalClip> &clips);
    struct Batch
    {
        std::vector<std::vector<float>> windows;
        std::vector<float> targets; ///< 1: manipulated
    };
    /// @param without  an edit that is not trained on, to see how well others carry over.
    Batch batch(int pairs, std::optional<TemporalEdit> without, std::mt19937_64 &random) const;

private:
    struct Source
    {
        const TemporalClip *genuine = nullptr;
        const TemporalClip *twin = nullptr; ///< may be null
    };
    std::vector<Source> m_sources;
};

/// Windows that do not overlap.
std::vector<std::vector<float>> separateWindows(const std::vector<BehaviourRow> &rows);

} // namespace fw::lab
