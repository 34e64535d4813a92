// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "behaviour/observed_clip.h"
#include "coherence_reference.h"
#include "coherence_verdict.h"

#include <vector>

namespace fw::accuracy {

/// The face of a clip that was seen longest, as the coherence method gets it.
struct CoherenceClip
{
    QString name, set, source, person;
    bool manipulated = false;
    CoherenceTrack track;
    CoherenceStratum stratum;
};

/// Clips of a folder with a face that was followed for 2 s or longer, by name.
Result<std::vector<CoherenceClip>> coherenceClips(const QString &folder);

/// Everything is measured, what is exploratory too.
inline CoherenceOptions everything(std::uint64_t seed)
{
    CoherenceOptions options;
    options.seed = seed;
    options.exploratory = true;
    return options;
}

/// Quantiles per statistic and stratum, of one value per source.
CoherenceReference referenceOf(const std::vector<const CoherenceClip *> &genuine, std::uint64_t seed);

/// What the detector would conclude.
CoherenceVerdict judged(const CoherenceClip &clip, const CoherenceReference &reference, std::uint64_t seed);

} // namespace fw::accuracy
