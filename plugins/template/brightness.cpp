// SPDX-License-Identifier: GPL-3.0-or-later
#include "brightness.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace brightness {

double meanLuma(const cv::Mat &bgr)
{
    const cv::Scalar mean = cv::mean(bgr);
    return 0.114 * mean[0] + 0.587 * mean[1] + 0.299 * mean[2];
}

std::vector<Jump> findJumps(const std::vector<double> &values, double least)
{
    std::vector<Jump> jumps;
    for (std::size_t i = 1; i < values.size(); ++i) {
        const double change = std::abs(values[i] - values[i - 1]);
        if (change >= least)
            jumps.push_back({i, change});
    }
    return jumps;
}

fw::Finding conclude(const fw::Trace &trace, const std::vector<Jump> &jumps, double least)
{
    fw::Finding finding;
    finding.id = u"jumps"_s;
    finding.title = u"Jumps of brightness"_s;
    finding.range = fw::FrameRange{trace.frames.front(), trace.frames.back() + 1};
    finding.limits = {u"A join of two equally bright scenes leaves no jump."_s};
    if (jumps.empty()) {
        finding.verdict = fw::Verdict::Consistent;
        finding.summary = u"The mean brightness of %1 frames never changes by %2 levels or more."_s
                              .arg(trace.values.size())
                              .arg(least);
        return finding;
    }
    const auto largest = std::max_element(
        jumps.begin(), jumps.end(), [](const Jump &a, const Jump &b) { return a.size < b.size; });
    finding.verdict = fw::Verdict::Inconclusive;
    finding.summary =
        u"The mean brightness jumps %1 times by %2 levels or more."_s.arg(jumps.size()).arg(least);
    finding.keyFrame = trace.frames[largest->at];
    finding.score = fw::Score{largest->size,
                              fw::ScoreScale::Raw,
                              u"largest jump"_s,
                              u"levels of 255"_s,
                              u"no reference: how often such jumps occur was not measured"_s,
                              std::nullopt,
                              std::nullopt};
    finding.supports = {u"A join of two recordings can cause a jump."_s};
    finding.against = {u"So can a flash, a lamp, the camera's exposure or a cut by the author."_s};
    return finding;
}

} // namespace brightness
