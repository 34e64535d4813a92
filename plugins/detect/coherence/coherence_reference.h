// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "coherence_statistics.h"

#include <QJsonObject>

#include <array>
#include <map>
#include <optional>
#include <vector>

namespace fw {

/// Clips that can be compared: how large the face is, how fast the pictures come, how many bits each
/// picture has.
struct CoherenceStratum
{
    int size = 0; ///< outer eye corners: 0 below 80 px, 1 below 160, 2 above
    int rate = 0; ///< 0 up to 20 frames/s, 1 up to 40, 2 above
    int bits = 0; ///< bits per pixel and picture: 0 below 0.05, 1 below 0.15, 2 above or unknown

    static CoherenceStratum of(double eyeCorners, double framesPerSecond, double bitsPerPixel);
    QString key() const;   ///< "80-160/24-30/0.05-0.15"
    QString words() const; ///< for people
    friend bool operator==(const CoherenceStratum &, const CoherenceStratum &) = default;
};

/// What genuine clips gave.
struct ReferenceValues
{
    static constexpr std::array<double, 7> kLevels{0.005, 0.025, 0.05, 0.5, 0.95, 0.975, 0.995};
    std::array<double, 7> quantiles{};
    int clips = 0;

    static ReferenceValues of(const std::vector<double> &values);
    double median() const { return quantiles[3]; }
    /// Deviations from the median; the span of 5 to 95 % counts as 3.29 of them.
    double z(double value) const;
    /// Two-sided chance of a value so far out, linear between the stored levels; beyond the outermost
    /// it falls as between 5 % and 0.5 %, but never below 2 / (clips + 1).
    double chance(double value) const;
};

/// A chance is told from a stratum only when so many genuine clips are behind it.
constexpr int kReferenceClips = 100;

class CoherenceReference
{
public:
    static Result<CoherenceReference> fromJson(const QJsonObject &object, const QString &where);
    QJsonObject toJson() const;

    void add(CoherenceId id, const QString &stratum, const ReferenceValues &values) { m_strata[id][stratum] = values; }
    void addPooled(CoherenceId id, const ReferenceValues &clips, const ReferenceValues &seconds);

    /// nullptr where no genuine clip is known.
    const ReferenceValues *inStratum(CoherenceId id, const CoherenceStratum &stratum) const;
    const ReferenceValues *ofAllClips(CoherenceId id) const;
    const ReferenceValues *ofSeconds(CoherenceId id) const; ///< single seconds of genuine clips

    QString sources; ///< one sentence: from what it was made

private:
    std::map<CoherenceId, std::map<QString, ReferenceValues>> m_strata;
    std::map<CoherenceId, ReferenceValues> m_all, m_seconds;
};

} // namespace fw
