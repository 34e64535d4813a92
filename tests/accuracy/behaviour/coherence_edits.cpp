// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/coherence_edits.h"

#include <algorithm>
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

namespace {

/// From the mean face of one track to that of another, point by point.
std::array<cv::Point2d, 68> wayTo(const CoherenceTrack &track, const CoherenceTrack &other)
{
    std::array<cv::Point2d, 68> way{};
    for (const auto &[from, sign] : {std::pair(&other, 1.0), std::pair(&track, -1.0)}) {
        double count = 0.0;
        for (const BehaviourRow &row : from->rows)
            count += row.usable ? 1.0 : 0.0;
        for (const BehaviourRow &row : from->rows) {
            for (std::size_t p = 0; row.usable && p < way.size(); ++p)
                way[p] += row.onHead[p] * (sign / count);
        }
    }
    return way;
}

void move(BehaviourRow &row, const std::array<cv::Point2d, 68> &way, double share)
{
    for (std::size_t p = 0; row.usable && p < way.size(); ++p)
        row.onHead[p] += way[p] * share;
}

} // namespace

CoherenceTrack withOtherShape(CoherenceTrack track, const CoherenceTrack &other)
{
    const auto way = wayTo(track, other);
    const double middle = 0.5 * double(track.rows.size()), length = 10.0 * track.rate;
    for (std::size_t i = 0; i < track.rows.size(); ++i)
        move(track.rows[i], way, std::clamp((double(i) - middle) / length + 0.5, 0.0, 1.0));
    return track;
}

CoherenceTrack withOtherLooks(CoherenceTrack track, const CoherenceTrack &other)
{
    using Mark = std::array<float, 64>;
    const auto usual = [](const CoherenceTrack &t) {
        Mark mean{};
        float count = 0;
        for (const BehaviourRow &row : t.rows)
            count += row.mark ? 1.0f : 0.0f;
        for (const BehaviourRow &row : t.rows)
            for (std::size_t i = 0; row.mark && i < mean.size(); ++i)
                mean[i] += (*row.mark)[i] / count;
        return mean;
    };
    const Mark from = usual(track), to = usual(other);
    const double middle = 0.5 * double(track.rows.size()), length = 10.0 * track.rate;
    for (std::size_t i = 0; i < track.rows.size(); ++i) {
        if (!track.rows[i].mark)
            continue;
        Mark &mark = *track.rows[i].mark;
        const float share = float(std::clamp((double(i) - middle) / length + 0.5, 0.0, 1.0));
        float square = 1e-9f;
        for (std::size_t k = 0; k < mark.size(); ++k) {
            mark[k] += share * (to[k] - from[k]);
            square += mark[k] * mark[k];
        }
        for (float &v : mark)
            v /= std::sqrt(square);
    }
    return track;
}

CoherenceTrack withShapeOfTheJaw(CoherenceTrack track, const CoherenceTrack &other)
{
    const auto way = wayTo(track, other);
    constexpr std::size_t kJawOpens = 15; // AU26 among the intensities
    for (BehaviourRow &row : track.rows) {
        if (!std::isnan(row.units[kJawOpens]))
            move(row, way, std::min(1.0, row.units[kJawOpens] / 3.0));
    }
    return track;
}

CoherenceTrack withLateEyes(CoherenceTrack track, double seconds)
{
    const std::vector<BehaviourRow> before = track.rows;
    const auto late = std::size_t(std::lround(seconds * track.rate));
    for (std::size_t i = 0; i < before.size(); ++i) {
        const BehaviourRow &from = before[i >= late ? i - late : 0];
        track.rows[i].irisAt = from.irisAt;
        track.rows[i].gaze = from.gaze;
    }
    return track;
}

CoherenceTrack withOpenLips(CoherenceTrack track, double gap)
{
    for (BehaviourRow &row : track.rows)
        row.lipGap = std::isnan(row.lipGap) ? row.lipGap : std::max(row.lipGap, gap);
    return track;
}

CoherenceTrack stretchOf(const CoherenceTrack &track, std::size_t begin, std::size_t end)
{
    CoherenceTrack part = track;
    part.rows.assign(track.rows.begin() + std::ptrdiff_t(begin), track.rows.begin() + std::ptrdiff_t(std::min(end, track.rows.size())));
    return part;
}

} // namespace fw::accuracy
