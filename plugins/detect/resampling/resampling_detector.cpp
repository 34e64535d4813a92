// SPDX-License-Identifier: GPL-3.0-or-later
#include "resampling_detector.h"

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kLeastSide = 192;

} // namespace

Result<void> ResamplingDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    m_stop = job.stop;
    if (!clip.media.still)
        return fail(Errc::NotApplicable, u"the traces in coded video frames were not measured"_s);
    if (clip.jpeg) {
        if (const auto quality = clip.jpeg->lumaQuality())
            m_quality = quality->quality;
    }
    for (const auto &[id, network] : {std::pair{u"traces"_s, &m_networks.traces}, {u"places"_s, &m_networks.places}, {u"sequence"_s, &m_networks.sequence}}) {
        auto loaded = Network::ofModels(job.modelPaths, job.modelHashes, id);
        if (!loaded)
            return Failure{loaded.error()};
        *network = std::move(loaded).value();
    }
    return m_reference.begin(clip, job);
}

Result<void> ResamplingDetector::frame(const FrameBundle &bundle)
{
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (!bundle.frame)
        return fail(Errc::Internal, u"the frame came without pixels"_s);
    const cv::Mat &bgr = bundle.frame->bgr;
    if (std::min(bgr.cols, bgr.rows) < kLeastSide)
        return fail(Errc::NotApplicable, u"the picture is smaller than 192 x 192 px"_s);
    const auto maps = resamplingMaps(m_networks, bgr, m_stop);
    if (!maps)
        return Failure{maps.error()};
    const ResamplingSummary summary = summarise(*maps, bgr, m_stop);
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    addMaps(*maps, summary, bundle.index, &m_result.measured);
    addPeaks(summary, &m_result.measured);
    Finding finding = resamplingClaim(summary, m_quality);
    finding.keyFrame = bundle.index;
    finding.range = FrameRange{bundle.index, bundle.index + 1};
    m_result.findings.push_back(std::move(finding));
    return {};
}

Result<AnalysisResult> ResamplingDetector::finish(const Ledger &)
{
    return stillResult(std::move(m_result), m_reference);
}

} // namespace fw
