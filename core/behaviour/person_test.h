// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "behaviour/person_profile.h"
#include "findings/finding.h"

#include <QStringList>

#include <optional>

namespace fw {

/// How the questioned clip's correlation of one pair compares with the person's.
struct PairDeviation
{
    std::size_t pair = 0;
    double reference = 0.0, spread = 0.0; ///< r of the person: mean, and standard deviation of windows
    double clip = 0.0;                    ///< mean r of the questioned clip
    double z = 0.0;                       ///< difference in standard deviations, both as Fisher z
    std::size_t window = 0;               ///< of the clip, where the pair deviates most in that direction
};

enum class PersonVerdict {
    Outside,      ///< outside this person's range, and closer to others
    Inside,       ///< inside, and closer to this person
    Inconclusive,
};

/// One face of a questioned clip against one enrolled person.
struct PersonTest
{
    PersonVerdict verdict = PersonVerdict::Inconclusive;
    QStringList reasons;              ///< why it is inconclusive
    std::vector<double> scores;       ///< one a window: centrality
    std::vector<double> ratios;       ///< one a window: log10 ratio; empty without a cohort
    double score = 0.0;               ///< median over the clip
    std::optional<double> ratio;      ///< median over the clip
    std::optional<double> p;          ///< share of enrolled clips of the same length that score no higher
    int enrolledClips = 0;            ///< behind p
    double clipSeconds = 0.0;         ///< their length
    double acceptedShare = 0.0;       ///< of windows above the lowest 2 % of enrolled ones
    double low = 0.0, middle = 0.0, high = 0.0; ///< 5, 50 and 95 % quantiles of held-out enrolled windows
    std::vector<PairDeviation> pairs; ///< by |z|, greatest first
};

/// What may be claimed of a comparison. Outside stays inconclusive: with the material at hand (one
/// speaker with minutes, others with seconds) people were told apart with an AUC of 0.75 on 20 s, and
/// a claim against a clip needs 0.85 over ten people on different days.
Verdict claimOf(PersonVerdict verdict);
/// The reason that goes with it when the comparison itself came out as Outside.
QString unvalidatedReason();

/// Compares. Says inconclusive, with reasons, outside of what the method was made for.
/// The p-value is a rank among held-out enrolled clips as long as this one (30 to 60 s; shorter where
/// they are too few), because overlapping windows are no independent samples.
PersonTest testPerson(const PersonProfile &profile, const WindowedBehaviour &clip);

inline constexpr int kLeastEnrolledClips = 19; ///< p <= 0.05 needs as many
inline constexpr int kLeastIndependentWindows = 3;
inline constexpr double kMostMeanYaw = 25.0;        ///< degrees
inline constexpr double kLeastBehaviourRate = 20.0; ///< frames/s
inline constexpr double kLeastEyeCorners = 80.0;    ///< px
inline constexpr double kPersonAlarm = 0.05;

} // namespace fw
