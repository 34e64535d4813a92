// SPDX-License-Identifier: GPL-3.0-or-later
#include "cfa_detector.h"

#include "media/orientation.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

Result<void> CfaDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    m_stop = job.stop;
    if (!clip.media.still)
        return fail(Errc::NotApplicable, u"video is scaled and coded too strongly to keep the pattern of a colour filter array"_s);
    if (clip.jpeg)
        m_quality = clip.jpeg->lumaQuality();
    if (m_quality && m_quality->quality < m_limits.leastQuality)
        return fail(Errc::NotApplicable, u"the file was saved at JPEG quality %1; below %2 the pattern of a colour filter array does not survive"_s
                                             .arg(m_quality->quality).arg(m_limits.leastQuality));
    if (const StreamFacts *video = clip.media.video())
        m_rotation = video->rotationDegrees;
    return m_reference.begin(clip, job);
}

cv::Rect2f CfaDetector::upright(const cv::Rect &cells) const
{
    return asUpright(cv::Rect2f(cv::Rect(cells.tl() * kCfaCell, cells.size() * kCfaCell)), m_codedSize, m_rotation);
}

void CfaDetector::addMaps(const CfaFeatures &features, const EvidenceMap &evidence)
{
    HeatMap missing;
    missing.id = u"missing.frame-%1"_s.arg(m_index);
    missing.title = u"Filter pattern missing"_s;
    missing.unit = u"1"_s;
    missing.about = u"Chance that a square of 8 px does not keep the pattern that the rest of the picture has. 0.5: nothing is known, "
                    "as in flat or clipped places."_s;
    missing.frame = m_index;
    missing.values = asUpright(evidence.unlike, m_rotation);
    missing.region = upright(cv::Rect({0, 0}, evidence.unlike.size()));
    missing.colorMap = u"magma"_s;
    m_result.measured.heatMaps.push_back(std::move(missing));
    HeatMap ratio;
    ratio.id = u"ratio.frame-%1"_s.arg(m_index);
    ratio.title = u"Measured against interpolated green"_s;
    ratio.unit = u"ln"_s;
    ratio.about = u"How much better interpolated green samples follow from their neighbours than measured ones. Near 0 the pattern is absent, "
                  "or the place is too flat to tell."_s;
    ratio.frame = m_index;
    cv::Mat shown = features.logRatio.clone();
    shown.setTo(0.0, features.textured == 0);
    ratio.values = asUpright(shown, m_rotation);
    ratio.region = upright(cv::Rect({0, 0}, shown.size()));
    ratio.low = 0.0;
    ratio.high = std::max(0.2, 2.0 * features.median);
    m_result.measured.heatMaps.push_back(std::move(ratio));
}

void CfaDetector::addTable(const CfaFeatures &features, const CfaMixture &mixture)
{
    Table table;
    table.id = u"pattern"_s;
    table.title = u"Colour filter pattern"_s;
    table.about = u"Of the green samples of squares with texture."_s;
    table.columns = {{u"Measure"_s, {}}, {u"Value"_s, {}}};
    table.rows = {QJsonArray{u"Median log ratio"_s, features.median},
                  QJsonArray{u"Squares with texture"_s, features.count},
                  QJsonArray{u"Green measured where x + y is"_s, features.evenMeasured ? u"even"_s : u"odd"_s},
                  QJsonArray{u"Log ratio with the pattern, mean"_s, mixture.mean},
                  QJsonArray{u"Log ratio with the pattern, deviation"_s, mixture.sigma},
                  QJsonArray{u"Share with the pattern (%)"_s, 100.0 * mixture.share}};
    m_result.measured.tables.push_back(std::move(table));
}

Finding CfaDetector::claim(const CfaFeatures &features, const EvidenceMap &evidence) const
{
    Finding finding;
    finding.id = u"cfa.picture"_s;
    finding.title = u"Colour filter pattern"_s;
    finding.keyFrame = m_index;
    finding.range = FrameRange{m_index, m_index + 1};
    finding.limits = {u"Only pictures of nearly raw quality keep the pattern; scaling, turning and JPEG saves remove it everywhere."_s,
                      u"A place from another camera whose pattern lies on the same samples keeps it."_s};
    finding.score = Score{features.median, ScoreScale::Raw, u"median log ratio of green errors, measured over interpolated"_s, u"ln"_s,
                          u"the pattern counts as kept from %1 up"_s.arg(m_limits.leastMedian), std::nullopt, std::nullopt};
    if (features.median < m_limits.leastMedian) {
        finding.verdict = Verdict::NotApplicable;
        finding.summary = u"The picture keeps no pattern of a colour filter array (median log ratio %1), so nothing can be missing. It was "
                          "scaled or saved too strongly since, or its camera removes the pattern."_s.arg(features.median, 0, 'f', 3);
        return finding;
    }
    finding.summary = u"The picture keeps the pattern of a colour filter array (median log ratio %1)."_s.arg(features.median, 0, 'f', 2);
    if (evidence.places.empty() || !evidence.mostSayYes) {
        const bool none = evidence.places.empty();
        finding.verdict = none && evidence.mostSayYes && features.median >= m_limits.clearMedian ? Verdict::Consistent : Verdict::Inconclusive;
        finding.summary += finding.verdict == Verdict::Consistent ? u" No place has lost it."_s : u" It is too weak or too scattered to say where it ends."_s;
        return finding;
    }
    const EvidencePlace &clearest = evidence.places.front();
    const bool weak = features.median < m_limits.clearMedian || m_quality;
    finding.verdict = weak ? Verdict::Inconclusive : Verdict::Suspicious;
    finding.region = upright(clearest.cells);
    finding.strength = std::clamp(clearest.evidence / 1000.0, 0.1, 1.0);
    finding.summary += u" In %1 place(s), %2 % of the picture, it is missing."_s.arg(evidence.places.size())
                           .arg(100.0 * double(cv::countNonZero(evidence.mask)) / double(evidence.mask.total()), 0, 'f', 1);
    if (weak)
        finding.summary += u" The pattern is weak, as JPEG leaves it; untouched pictures show such places too, so nothing is concluded."_s;
    finding.supports = {u"The clearest place: %1 squares of %2 px, log-likelihood ratio %3. What was pasted from a scaled picture, painted, turned or "
                        "blurred has lost the pattern."_s.arg(clearest.count).arg(kCfaCell).arg(clearest.evidence, 0, 'f', 0)};
    finding.against = {u"Cameras smooth or sharpen places differently (skin, sky, noise reduction, lens correction at the edges), and strong texture "
                       "hides the pattern without any edit."_s};
    return finding;
}

Result<void> CfaDetector::frame(const FrameBundle &bundle)
{
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (!bundle.frame)
        return fail(Errc::Internal, u"the frame came without pixels"_s);
    m_index = bundle.index;
    const cv::Mat coded = asCoded(bundle.frame->bgr, m_rotation);
    m_codedSize = coded.size();
    const auto features = cfaFeatures(coded, m_stop);
    if (!features)
        return Failure{features.error()};
    const CfaMixture mixture = fitCfaMixture(*features);
    const EvidenceMap evidence = evidenceMap(cfaEvidence(*features, mixture), m_limits.places, mixture.share);
    addTable(*features, mixture);
    if (features->median >= m_limits.leastMedian)
        addMaps(*features, evidence);
    m_result.findings.push_back(claim(*features, evidence));
    return {};
}

Result<AnalysisResult> CfaDetector::finish(const Ledger &)
{
    return stillResult(std::move(m_result), m_reference);
}

} // namespace fw
