// SPDX-License-Identifier: GPL-3.0-or-later
#include "outline.h"

#include "stats/quantile.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace fw {
namespace {

constexpr std::size_t kAround = 8;       ///< frames on each side that a jump is compared with
constexpr double kJump = 2.0, kLeastJump = 0.3; ///< times the usual step; grey levels
constexpr std::size_t kMostJumps = 60;
constexpr std::size_t kCandidates = 4;   ///< places that are looked at closely for each jump
constexpr std::size_t kLeastCopyRun = 20, kProbe = 8;
constexpr double kFall = 3.0;            ///< times: outside over inside
constexpr double kEnd = 2.0;             ///< times the typical difference: the run is over
constexpr double kTogether = 0.2;        ///< median correlation of steps; chance makes 0.05 and less
constexpr int kTinySide = 20;            ///< px

double apart(const cv::Mat &a, const cv::Mat &b)
{
    return a.size() == b.size() ? cv::norm(a, b, cv::NORM_L1) / double(a.total()) : 255.0;
}

/// Frames whose step stands out from those around it, the clearest ones, ascending.
std::vector<std::size_t> jumpsOf(const std::vector<double> &steps)
{
    std::vector<std::pair<double, std::size_t>> jumps;
    for (std::size_t n = 1; n < steps.size(); ++n) {
        std::vector<double> around;
        for (std::size_t m = n > kAround ? n - kAround : 1; m <= std::min(n + kAround, steps.size() - 1); ++m) {
            if (m != n)
                around.push_back(steps[m]);
        }
        const double usual = median(around).value_or(0.0);
        if (steps[n] > kLeastJump && steps[n] > kJump * usual)
            jumps.emplace_back(steps[n] / std::max(usual, 0.01), n);
    }
    std::sort(jumps.begin(), jumps.end(), [](const auto &a, const auto &b) {
        return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    jumps.resize(std::min(jumps.size(), kMostJumps));
    std::vector<std::size_t> places;
    for (const auto &jump : jumps)
        places.push_back(jump.second);
    std::sort(places.begin(), places.end());
    return places;
}

/// Where the frames from `start` on may have come from: the most alike places in tiny copies.
std::vector<std::size_t> originsOf(const std::vector<cv::Mat> &tiny, std::size_t start, std::size_t leastLag)
{
    std::vector<std::pair<double, std::size_t>> places;
    for (std::size_t s = 0; s + kLeastCopyRun < tiny.size(); ++s) {
        if ((s > start ? s - start : start - s) < leastLag)
            continue;
        const double difference = apart(tiny[s + 1], tiny[start + 1]) + apart(tiny[s + kProbe], tiny[start + kProbe])
            + apart(tiny[s + kLeastCopyRun - 1], tiny[start + kLeastCopyRun - 1]);
        places.emplace_back(difference, s);
    }
    const std::size_t count = std::min(places.size(), kCandidates);
    std::partial_sort(places.begin(), places.begin() + std::ptrdiff_t(count), places.end());
    std::vector<std::size_t> origins;
    for (std::size_t i = 0; i < count; ++i)
        origins.push_back(places[i].second);
    return origins;
}

std::optional<CopiedRun> outlined(const std::vector<cv::Mat> &frames, const std::vector<double> &steps, std::size_t from,
                                  std::size_t to)
{
    const std::size_t count = frames.size(), later = std::max(from, to);
    std::vector<double> inside;
    std::size_t length = 0;
    double limit = 255.0;
    for (; later + length < count; ++length) {
        const double difference = apart(frames[from + length], frames[to + length]);
        if (length >= kProbe && difference > limit)
            break;
        inside.push_back(difference);
        if (length + 1 == kProbe)
            limit = kEnd * *median(inside);
    }
    // What overlaps its original is a scene or a coder that repeats itself, not a copy.
    if (length < kLeastCopyRun || length > later - std::min(from, to))
        return std::nullopt;
    const double typical = *median(inside);
    double outside = 255.0;
    int edges = 0;
    if (from > 0 && to > 0) {
        outside = std::min(outside, apart(frames[from - 1], frames[to - 1]));
        ++edges;
    }
    if (later + length < count) {
        outside = std::min(outside, apart(frames[from + length], frames[to + length]));
        ++edges;
    }
    if (edges == 0 || outside < kFall * typical)
        return std::nullopt;
    std::vector<double> together;
    double usual = 0.0;
    for (std::size_t n = 1; n < length; ++n) {
        together.push_back(stepsTogether(frames, from + n, to + n));
        usual += 0.5 * (steps[from + n] + steps[to + n]) / double(length - 1);
    }
    CopiedRun run;
    run.original = {FrameIndex(from), FrameIndex(from + length)};
    run.copy = {FrameIndex(to), FrameIndex(to + length)};
    run.difference = usual > 0.0 ? typical / usual : 1.0;
    run.correlation = *median(together);
    run.outline = outside / std::max(typical, 0.01);
    return run.correlation > kTogether ? std::optional(run) : std::nullopt;
}

} // namespace

double stepsTogether(const std::vector<cv::Mat> &frames, std::size_t n, std::size_t m)
{
    if (n == 0 || m == 0 || n >= frames.size() || m >= frames.size() || frames[n].size() != frames[m].size()
        || frames[n].size() != frames[n - 1].size() || frames[m].size() != frames[m - 1].size())
        return 0.0;
    cv::Mat a, b;
    cv::subtract(frames[n], frames[n - 1], a, {}, CV_32F);
    cv::subtract(frames[m], frames[m - 1], b, {}, CV_32F);
    a -= cv::mean(a); // light that flickers is no motion
    b -= cv::mean(b);
    const double aa = a.dot(a), bb = b.dot(b);
    return aa > 0.0 && bb > 0.0 ? a.dot(b) / std::sqrt(aa * bb) : 0.0;
}

std::vector<CopiedRun> outlinedCopies(const std::vector<cv::Mat> &frames, const std::vector<double> &steps,
                                      std::int64_t leastLag, const std::stop_token &stop)
{
    std::vector<CopiedRun> found;
    const std::vector<std::size_t> jumps = jumpsOf(steps);
    if (jumps.empty() || frames.size() < kLeastCopyRun + 2)
        return found;
    std::vector<cv::Mat> tiny(frames.size());
    for (std::size_t n = 0; n < frames.size(); ++n)
        cv::resize(frames[n], tiny[n], {kTinySide, kTinySide}, 0, 0, cv::INTER_AREA);
    for (const std::size_t to : jumps) {
        if (stop.stop_requested())
            return {};
        if (to + kLeastCopyRun >= frames.size())
            continue;
        std::optional<CopiedRun> best;
        for (const std::size_t from : originsOf(tiny, to, std::size_t(std::max<std::int64_t>(leastLag, 1)))) {
            const auto run = outlined(frames, steps, from, to);
            if (run && (!best || run->correlation > best->correlation))
                best = run;
        }
        if (best)
            found.push_back(*best);
    }
    return found;
}

} // namespace fw
