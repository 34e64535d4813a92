// SPDX-License-Identifier: GPL-3.0-or-later
#include "residual_detector.h"

#include "photo/residual.h"
#include "residual_report.h"

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kLeastSide = 256; ///< px: fewer windows than this gives say nothing of "most of the picture"

} // namespace

Result<void> ResidualDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    m_stop = job.stop;
    if (!clip.media.still)
        return fail(Errc::NotApplicable, u"the statistics of coded video frames were not measured"_s);
    return m_reference.begin(clip, job);
}

Result<void> ResidualDetector::frame(const FrameBundle &bundle)
{
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (!bundle.frame)
        return fail(Errc::Internal, u"the frame came without pixels"_s);
    const cv::Mat &bgr = bundle.frame->bgr;
    if (std::min(bgr.cols, bgr.rows) < kLeastSide)
        return fail(Errc::NotApplicable, u"the picture is smaller than %1 x %1 px"_s.arg(kLeastSide));
    const cv::Mat luma = lumaOf(bgr);
    const auto map = residualMap(luma, m_stop);
    if (!map)
        return Failure{map.error()};
    const auto place = farthestPlace(*map);
    addMaps(*map, place, luma, bundle.index, &m_result.measured);
    Finding finding = residualClaim(*map, place);
    finding.keyFrame = bundle.index;
    finding.range = FrameRange{bundle.index, bundle.index + 1};
    m_result.findings.push_back(std::move(finding));
    return {};
}

Result<AnalysisResult> ResidualDetector::finish(const Ledger &)
{
    return stillResult(std::move(m_result), m_reference);
}

} // namespace fw
