// SPDX-License-Identifier: GPL-3.0-or-later
#include "sketches.h"

#include "frames/area_means.h"
#include "outline.h"
#include "stats/quantile.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

namespace fw {
namespace {

constexpr int kAlikePicture = 4;   ///< bits of 64 that may differ
constexpr int kAlikeChange = 16;   ///< by chance 32 differ, with a deviation of 4
constexpr int kMovingCells = 16;
constexpr double kMovingLevels = 0.05;
constexpr std::size_t kLeastRun = 8, kMostMissing = 2;
/// Two encodings of one picture differ by the coder's error, which in slow scenes is no small share of
/// the step between frames; the steps of the two stretches still go together, while those of frames that
/// only look alike do not (below 0.25 where copies have 0.7 and more).
constexpr double kMostDifference = 0.75, kLeastCorrelation = 0.6;
/// A scene that moves alike again is not the copy that it touches: its frames are much farther apart.
constexpr double kMostOfMedian = 3.0;
constexpr std::size_t kMostApart = 2; ///< steps in a row that may fail to go together inside a run
constexpr double kLeastStep = 0.05;  ///< grey levels; below it nothing moves
constexpr std::size_t kMostVerified = 2000;

std::uint64_t gradientBits(const cv::Mat &small)
{
    cv::Mat tiny;
    cv::resize(small, tiny, {9, 8}, 0, 0, cv::INTER_AREA);
    std::uint64_t bits = 0;
    for (int y = 0; y < 8; ++y) {
        for (int x = 0; x < 8; ++x)
            bits = bits << 1 | (tiny.at<uchar>(y, x) < tiny.at<uchar>(y, x + 1));
    }
    return bits;
}

cv::Mat stepBetween(const cv::Mat &before, const cv::Mat &after)
{
    cv::Mat step;
    cv::subtract(after, before, step, {}, CV_32F);
    return step;
}

bool overlap(const FrameRange &a, const FrameRange &b)
{
    return a.begin < b.end && b.begin < a.end;
}

} // namespace

cv::Mat FrameSketches::smallCopy(const cv::Mat &luma)
{
    const double scale = double(kLongSide) / std::max(luma.cols, luma.rows);
    const cv::Size size(std::max(16, int(std::lround(luma.cols * scale))),
                        std::max(16, int(std::lround(luma.rows * scale))));
    cv::Mat small;
    if (const cv::Mat means = areaMeans(luma, size); !means.empty())
        means.convertTo(small, CV_8U);
    else // a picture smaller than its sketch
        cv::resize(luma, small, size, 0, 0, cv::INTER_AREA);
    return small;
}

void FrameSketches::add(const cv::Mat &small)
{
    if (m_frames.size() >= kMost)
        return;
    Sketch sketch;
    sketch.picture = gradientBits(small);
    double step = 0.0;
    if (!m_frames.empty() && m_frames.back().size() == small.size()) {
        cv::Mat cells;
        const cv::Mat change = stepBetween(m_frames.back(), small);
        cv::resize(change, cells, {8, 8}, 0, 0, cv::INTER_AREA);
        int moving = 0;
        for (int i = 0; i < 64; ++i) {
            const float value = cells.at<float>(i / 8, i % 8);
            sketch.change = sketch.change << 1 | (value > 0.0F);
            moving += std::abs(value) > kMovingLevels;
        }
        sketch.moves = moving >= kMovingCells;
        step = cv::norm(change, cv::NORM_L1) / double(change.total());
    }
    m_frames.push_back(small);
    m_sketches.push_back(sketch);
    m_steps.push_back(step);
}

bool FrameSketches::alike(std::size_t a, std::size_t b) const
{
    const Sketch &p = m_sketches[a], &q = m_sketches[b];
    return p.moves && q.moves && std::popcount(p.picture ^ q.picture) <= kAlikePicture
        && std::popcount(p.change ^ q.change) <= kAlikeChange;
}

void FrameSketches::grow(std::size_t lag, std::size_t *from, std::size_t *length) const
{
    const auto reach = [&](std::size_t start, auto next) {
        std::size_t last = start, at = start, apart = 0;
        while (apart <= kMostApart && next(&at)) {
            if (stepsTogether(m_frames, at, at + lag) > kLeastCorrelation) {
                last = at;
                apart = 0;
            } else {
                ++apart;
            }
        }
        return last;
    };
    const std::size_t end = reach(*from + *length - 1, [&](std::size_t *at) { return ++*at + lag < m_frames.size(); });
    const std::size_t begin = reach(*from, [](std::size_t *at) { return *at > 1 && (--*at, true); });
    *from = begin;
    *length = end + 1 - begin;
}

void FrameSketches::trim(std::size_t lag, std::size_t *from, std::size_t *length) const
{
    std::vector<double> apart;
    for (std::size_t n = *from; n < *from + *length; ++n)
        apart.push_back(m_frames[n].size() == m_frames[n + lag].size()
                            ? cv::norm(m_frames[n], m_frames[n + lag], cv::NORM_L1) / double(m_frames[n].total())
                            : 255.0);
    const double most = kMostOfMedian * *median(apart) + kLeastStep;
    std::size_t first = 0, last = *length;
    while (first < last && apart[first] > most)
        ++first;
    while (last > first && apart[last - 1] > most)
        --last;
    *from += first;
    *length = last - first;
}

CopiedRun FrameSketches::measured(std::size_t from, std::size_t lag, std::size_t length) const
{
    double apart = 0.0, steps = 0.0;
    std::vector<double> correlations;
    for (std::size_t n = from + 1; n < from + length; ++n) {
        const std::size_t m = n + lag;
        if (m_frames[n].size() != m_frames[m].size() || m_frames[n].size() != m_frames[n - 1].size()
            || m_frames[m].size() != m_frames[m - 1].size())
            continue;
        apart += cv::norm(m_frames[n], m_frames[m], cv::NORM_L1) / double(m_frames[n].total());
        steps += 0.5 * (m_steps[n] + m_steps[m]);
        correlations.push_back(stepsTogether(m_frames, n, m));
    }
    CopiedRun run;
    run.original = {FrameIndex(from), FrameIndex(from + length)};
    run.copy = {FrameIndex(from + lag), FrameIndex(from + lag + length)};
    const bool still = correlations.empty() || steps < kLeastStep * double(correlations.size());
    run.difference = still ? 1.0 : apart / steps;
    run.correlation = still ? 0.0 : *median(correlations);
    return run;
}

std::vector<CopiedRun> FrameSketches::copies(const Ledger &ledger, std::int64_t leastLag,
                                             const std::stop_token &stop) const
{
    const std::size_t count = m_frames.size();
    const auto exact = [&](const CopiedRun &run) {
        std::int64_t equal = 0;
        for (FrameIndex i = 0; i < run.copy.length(); ++i) {
            const auto a = std::size_t(run.original.begin + i), b = std::size_t(run.copy.begin + i);
            equal += std::max(a, b) < ledger.entries.size() && ledger.entries[a].planes != Sha256{}
                && ledger.entries[a].planes == ledger.entries[b].planes;
        }
        return 2 * equal > run.copy.length();
    };
    std::vector<CopiedRun> found;
    std::size_t verified = 0;
    const auto consider = [&](std::size_t from, std::size_t lag, std::size_t length) {
        if (length < kLeastRun || verified++ >= kMostVerified)
            return;
        CopiedRun run = measured(from, lag, length);
        if (run.difference >= kMostDifference || run.correlation <= kLeastCorrelation)
            return;
        // Sketches of frames that hardly move fail; the steps tell how far the run really goes.
        grow(lag, &from, &length);
        // The frame before the first match is the copy's own first frame: its step is foreign.
        if (from > 0 && from + lag > 0) {
            --from;
            ++length;
        }
        trim(lag, &from, &length);
        if (length < kLeastRun)
            return;
        run = measured(from, lag, length);
        if (run.difference < kMostDifference && run.correlation > kLeastCorrelation && !exact(run))
            found.push_back(run);
    };
    for (std::size_t lag = std::size_t(std::max<std::int64_t>(leastLag, 1));
         lag < count && !stop.stop_requested(); ++lag) {
        std::size_t from = 0, length = 0, missing = 0;
        for (std::size_t i = 0; i + lag < count; ++i) {
            if (alike(i, i + lag)) {
                if (length == 0)
                    from = i;
                length = i + 1 - from;
                missing = 0;
            } else if (length > 0 && ++missing > kMostMissing) {
                consider(from, lag, length);
                length = missing = 0;
            }
        }
        consider(from, lag, length);
    }
    for (const CopiedRun &run : outlinedCopies(m_frames, m_steps, leastLag, stop)) {
        if (!exact(run))
            found.push_back(run);
    }
    // Of runs over the same frames those found by their noise stay, and of these the most alike.
    std::sort(found.begin(), found.end(), [](const CopiedRun &a, const CopiedRun &b) {
        return (a.outline > 0.0) != (b.outline > 0.0) ? b.outline > 0.0 : a.difference < b.difference;
    });
    std::vector<CopiedRun> kept;
    for (const CopiedRun &run : found) {
        if (std::none_of(kept.begin(), kept.end(), [&](const CopiedRun &k) {
                return (overlap(k.copy, run.copy) && overlap(k.original, run.original))
                    || (overlap(k.copy, run.original) && overlap(k.original, run.copy));
            }))
            kept.push_back(run);
    }
    std::sort(kept.begin(), kept.end(), [](const CopiedRun &a, const CopiedRun &b) {
        return a.copy.begin < b.copy.begin;
    });
    return kept;
}

} // namespace fw
