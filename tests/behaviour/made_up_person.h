// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "behaviour/person_profile.h"

#include <random>

namespace fw::test {

/// Somebody whose features follow a few hidden movements in a way of their own.
class MadeUpPerson
{
public:
    explicit MadeUpPerson(unsigned seed)
    {
        std::mt19937 random(seed);
        std::normal_distribution<double> normal;
        for (auto &row : m_mix) {
            for (double &weight : row)
                weight = normal(random);
        }
    }

    /// Samples at 25 frames/s.
    std::vector<BehaviourSample> samples(double seconds, unsigned seed) const
    {
        constexpr double kRate = 25.0;
        const double keep = std::exp(-1.0 / (0.3 * kRate));
        std::mt19937 random(seed);
        std::normal_distribution<double> normal;
        std::array<double, kHidden> hidden{};
        std::vector<BehaviourSample> out;
        for (int i = 0; i < int(seconds * kRate); ++i) {
            for (double &h : hidden)
                h = keep * h + std::sqrt(1.0 - keep * keep) * normal(random);
            BehaviourSample sample{i, i / kRate, BehaviourFeatures{}, 3.0, 120.0};
            for (std::size_t f = 0; f < kBehaviourFeatures; ++f) {
                double value = 0.7 * normal(random);
                for (std::size_t h = 0; h < kHidden; ++h)
                    value += m_mix[f][h] * hidden[h];
                (*sample.values)[f] = f == 13 ? std::nan("") : value; // AU23 is not measured
            }
            out.push_back(sample);
        }
        return out;
    }
    PersonRecording recording(double seconds, unsigned seed, double stride = kBehaviourStrideSeconds) const
    {
        const WindowedBehaviour cut = windowsOf(samples(seconds, seed), stride);
        return {QStringLiteral("clip %1").arg(seed), QStringLiteral("hash %1").arg(seed), cut.usableSeconds, cut.windows};
    }

private:
    static constexpr std::size_t kHidden = 6;
    std::array<std::array<double, kHidden>, kBehaviourFeatures> m_mix{};
};

inline BehaviourCohort madeUpCohort(int people)
{
    BehaviourCohort cohort;
    for (int i = 0; i < people; ++i) {
        const auto r = MadeUpPerson(unsigned(1000 + i)).recording(35.0, unsigned(2000 + i), 1.0);
        cohort.members.push_back({r.name, r.sha256, r.windows});
    }
    return cohort;
}

inline PersonProfile madeUpProfile(unsigned person, int recordings = 5, double seconds = 150.0)
{
    PersonProfile profile;
    profile.name = QStringLiteral("Somebody");
    profile.madeBy = QStringLiteral("a test");
    profile.provenance = QStringLiteral("made up");
    profile.observers = {{QStringLiteral("org.framewitness.expression"), QStringLiteral("1.0.0")}};
    for (int i = 0; i < recordings; ++i)
        profile.recordings.push_back(MadeUpPerson(person).recording(seconds, unsigned(100 * int(person) + i), 1.0));
    profile.cohort = madeUpCohort(12);
    return profile;
}

} // namespace fw::test
