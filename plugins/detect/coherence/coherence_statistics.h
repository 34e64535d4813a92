// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/behaviour_row.h"

#include <QString>

#include <array>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

namespace fw {

/// How much a contradiction of this kind can weigh.
enum class CoherenceGrade {
    Physical,   ///< A: what one head can do, with the error of the measurement carried along
    Regularity, ///< B: usual in people; needs a distribution of genuine clips
    Exploratory, ///< C: computed on request, never weighed with the others
    Quality,    ///< Q: whether our own measurement can be trusted; never evidence
};
/// "A", "B", "C" or "Q".
QString gradeLetter(CoherenceGrade grade);

enum class CoherenceFamily { Eyes, Mouth, Shape, Identity, Quality };

/// What is measured, by the names of the method's page.
enum class CoherenceId { E1, E1r, E2, E3, E4, E5, E6, M1, M2, M3, M4, S1, S2, S3, I1, I2, A1, A2, A3 };
inline constexpr std::size_t kCoherenceCount = 19;

struct CoherenceSpec
{
    CoherenceId id{};
    const char *key = "";  ///< stable, in files and result ids
    CoherenceFamily family{};
    CoherenceGrade grade{};
    const char *title = "";
    const char *unit = "";
    const char *about = ""; ///< one sentence for a reader
};
const std::array<CoherenceSpec, kCoherenceCount> &coherenceSpecs();
inline const CoherenceSpec &specOf(CoherenceId id)
{
    return coherenceSpecs()[std::size_t(id)];
}

/// One face over a clip: a row for every frame from the first to the last, missing ones included.
struct CoherenceTrack
{
    std::vector<BehaviourRow> rows;
    double rate = 25.0; ///< frames/s

    double seconds() const { return double(rows.size()) / rate; }
};

/// The value of one statistic on one face.
struct CoherenceValue
{
    CoherenceId id{};
    std::optional<double> value;
    std::optional<double> low, high;     ///< 95 % interval, where one is known
    double effective = 0.0;              ///< independent values behind it
    std::optional<double> pValue;        ///< chance in genuine footage; an upper bound for grade A
    /// Chance under the statistic's own null, which keeps what neighbouring frames have in common: no trend
    /// (S3, I1), no coupling (I2), eyes that lead by 0 to 200 ms (E5).
    std::optional<double> nullChance;
    std::optional<double> tolerance;     ///< A: what is allowed before the chance falls, in the unit
    std::vector<double> perSecond;       ///< local values; not-a-number where there is none
    QString reason;                      ///< why there is no value
};

/// The two signals behind a statistic, one number per row.
struct CoherenceSignals
{
    std::vector<double> lidLeft, lidRight;               ///< openness
    std::vector<double> gazeUpLeft, gazeUpRight;         ///< degrees, up and down
    std::vector<double> gazeSideLeft, gazeSideRight;     ///< degrees, sideways
    std::vector<double> eyeSpeed, headSpeed;             ///< degrees/s of yaw
    std::vector<double> highlights;                      ///< agreement, 0..1; on looks only
    std::vector<double> lipGap, jawDrop, lipWidth, smile;
    std::vector<double> mouth;                           ///< see BehaviourRow; on looks only
    std::vector<double> inner, outline;                  ///< noise of landmarks, smoothed over a second
};

/// Where our own measurements contradict each other: the statistics of that family are not computed
/// there. One flag per row.
struct CoherenceWithdrawn
{
    std::vector<bool> eyes, mouth, all;
};

struct CoherenceOptions
{
    bool eyesTold = false;  ///< the examiner knows of a condition of the eyes: E1 to E3 and E6 are left out
    bool mouthTold = false; ///< of the mouth: M1, M2 and M4 are left out
    std::uint64_t seed = 1;
    std::stop_token stop;
    bool exploratory = false; ///< also those of grade C
};

struct CoherenceResult
{
    std::array<CoherenceValue, kCoherenceCount> values;
    CoherenceSignals traces;
    CoherenceWithdrawn withdrawn;
    double usableSeconds = 0.0;
    double eyeCorners = 0.0; ///< median, px
};

/// Rows of which stretches shorter than 2 s, or with fewer than 90 % usable frames in any 2 s, are
/// emptied, as are frames whose head does not fit.
void keepUsableStretches(CoherenceTrack &track);

/// All statistics of one face. Deterministic for a seed.
/// Source: the coherence specification; see the manifest for the papers behind single statistics.
CoherenceResult measureCoherence(CoherenceTrack track, const CoherenceOptions &options);

} // namespace fw
