// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/coherence_edits.h"

#include <cmath>
#include <numbers>
#include <random>

namespace fw::accuracy {

CoherenceTrack withLidLag(CoherenceTrack track, int frames)
{
    const std::vector<BehaviourRow> before = track.rows;
    for (std::size_t i = 0; i < before.size(); ++i) {
        const BehaviourRow &from = before[i >= std::size_t(frames) ? i - std::size_t(frames) : 0];
        track.rows[i].openness[1] = from.openness[1];
        track.rows[i].aspect[1] = from.aspect[1];
    }
    return track;
}

CoherenceTrack withOneEyeAside(CoherenceTrack track, double degrees, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    const double angle = std::uniform_real_distribution<double>(0.0, 2.0 * std::numbers::pi)(random);
    std::uniform_real_distribution<double> length(1.0, 2.0);
    const cv::Vec2d aside(degrees * std::cos(angle), degrees * std::sin(angle));
    bool turned = random() % 2 == 0;
    double left = length(random);
    for (BehaviourRow &row : track.rows) {
        if (turned) {
            row.irisAt[1] += aside;
            row.gaze[1] += aside;
        }
        left -= 1.0 / track.rate;
        if (left <= 0.0) {
            turned = !turned;
            left = length(random);
        }
    }
    return track;
}

CoherenceTrack withInnerJitter(CoherenceTrack track, double px, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    for (BehaviourRow &row : track.rows) {
        if (!row.usable)
            continue;
        const double sigma = px / row.eyeCorners;
        for (std::size_t p = 27; p < 68; ++p)
            row.onHead[p] += cv::Point2d(sigma * normal(random), sigma * normal(random));
        row.lipGap = cv::norm(row.onHead[62] - row.onHead[66]);
        row.lipWidth = cv::norm(row.onHead[48] - row.onHead[54]);
        row.jawDrop = row.onHead[8].y - row.onHead[27].y;
    }
    return track;
}

CoherenceTrack withOtherLips(CoherenceTrack track)
{
    const std::vector<BehaviourRow> before = track.rows;
    const std::size_t n = before.size(), away = std::size_t(std::lround(4.0 * track.rate));
    for (std::size_t i = 0; i < n; ++i) {
        const BehaviourRow &from = before[(i + away) % n];
        track.rows[i].lipGap = from.lipGap;
        track.rows[i].lipWidth = from.lipWidth;
        track.rows[i].units = from.units;
    }
    return track;
}

CoherenceTrack stretchOf(const CoherenceTrack &track, std::size_t begin, std::size_t end)
{
    CoherenceTrack part = track;
    part.rows.assign(track.rows.begin() + std::ptrdiff_t(begin), track.rows.begin() + std::ptrdiff_t(std::min(end, track.rows.size())));
    return part;
}

} // namespace fw::accuracy
