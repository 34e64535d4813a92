// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "coherence_reference.h"
#include "coherence_statistics.h"

#include <QStringList>

#include <vector>

namespace fw {

/// The words of the method; the host's verdicts stand beside them in coherence_detector.cpp.
enum class CoherenceWord { Contradiction, Unusual, None, Inconclusive };

/// A statistic with the chance that it is judged by.
struct WeighedStatistic
{
    CoherenceId id{};
    std::optional<double> pValue;   ///< of the statistic alone
    std::optional<double> adjusted; ///< after Holm within its family and across families
    const ReferenceValues *reference = nullptr; ///< of the stratum, else of all clips
    bool inStratum = false;
    std::optional<double> z;
};

struct CoherenceVerdict
{
    CoherenceWord word = CoherenceWord::Inconclusive;
    std::vector<WeighedStatistic> weighed; ///< in the order of coherenceSpecs
    std::vector<CoherenceId> surviving;    ///< adjusted chance at most 0.01
    int familiesTested = 0;
    QStringList reasons; ///< why it is inconclusive
};

struct CoherenceFootage
{
    double usableSeconds = 0.0;
    double repeatedShare = 0.0; ///< pictures that equal the one before
    CoherenceStratum stratum;
};

constexpr double kCoherenceAlarm = 0.01;

/// Statistics of one face share one tracker, so their chances are never multiplied: Holm's correction
/// within each family, and across families on the smallest of each. A contradiction needs one
/// statistic of grade A, or two of grade B from different families. A grade B statistic has a
/// chance only where its stratum holds 100 genuine clips.
CoherenceVerdict weighCoherence(const CoherenceResult &result, const CoherenceReference &reference, const CoherenceFootage &footage);

} // namespace fw
