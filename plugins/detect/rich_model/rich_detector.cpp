// SPDX-License-Identifier: GPL-3.0-or-later
#include "rich_detector.h"

#include "photo/regions.h"
#include "photo/residual.h"

#include <opencv2/imgproc.hpp>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kMostResidualPixels = 1500000; ///< a residual is drawn sample by sample, and only where it stays small

} // namespace

Result<void> RichDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    m_stop = job.stop;
    m_still = clip.media.still;
    m_settings.window = job.options.contains(u"window"_s) ? job.choice(u"window"_s).toInt() : m_settings.window;
    m_table.id = u"places"_s;
    m_table.title = u"Micro-texture unlike the rest"_s;
    m_table.about = u"For each picture looked at: the share of it that could be compared, the share of that which differs, and the largest connected place."_s;
    m_table.columns = {{u"Frame"_s, {}, true}, {u"Comparable"_s, u"%"_s}, {u"Differs"_s, u"%"_s}, {u"Places"_s, {}}, {u"Largest"_s, u"px"_s}};
    return {};
}

void RichDetector::addMap(FrameIndex index, const AnomalyMap &map)
{
    HeatMap heat;
    heat.id = u"anomaly.frame-%1"_s.arg(index);
    heat.title = u"Unlike the rest of the picture"_s;
    heat.unit = u"1"_s;
    heat.about = u"How far the statistics of neighbouring residuals lie from those of most of the picture: 0.5 is the cut, 1 is "
                 "infinitely far. Empty where the picture is dark or clipped. Other texture does it as well as another origin."_s;
    heat.frame = index;
    heat.values = map.distance / (map.distance + m_settings.cut);
    heat.region = map.covered;
    heat.colorMap = u"magma"_s;
    m_result.measured.heatMaps.push_back(std::move(heat));
}

void RichDetector::addResidual(FrameIndex index, const cv::Mat &luma)
{
    cv::Mat residual, values;
    cv::filter2D(luma, residual, CV_32F, (cv::Mat_<float>(3, 3) << -1, 2, -1, 2, -4, 2, -1, 2, -1) / 4.0f);
    values = cv::max(cv::min(residual, 2.0), -2.0);
    for (int y = 0; y < values.rows; ++y) {
        float *row = values.ptr<float>(y);
        for (int x = 0; x < values.cols; ++x)
            row[x] = std::round(row[x]);
    }
    HeatMap heat;
    heat.id = u"residual.frame-%1"_s.arg(index);
    heat.title = u"Residual, -2 to 2"_s;
    heat.unit = u"steps"_s;
    heat.about = u"What neighbours do not predict (square filter of 3 x 3), rounded and cut at two grey levels: noise, edges and "
                 "block borders, and whether their pattern changes from one thing to the next."_s;
    heat.frame = index;
    heat.values = values;
    heat.region = cv::Rect2f(0, 0, float(luma.cols), float(luma.rows));
    heat.low = -2.0;
    heat.high = 2.0;
    heat.colorMap = u"grey"_s;
    m_result.measured.heatMaps.push_back(std::move(heat));
}

Finding RichDetector::findingOf(FrameIndex index, const AnomalyMap &map) const
{
    cv::Mat cut = map.distance > m_settings.cut; // not-a-number is not greater
    const auto regions = connectedRegions(cut, 4);
    Finding finding;
    finding.id = u"rich_model.places"_s;
    finding.title = u"Micro-texture"_s;
    finding.verdict = Verdict::Inconclusive;
    finding.keyFrame = index;
    finding.score = Score{100.0 * map.outside, ScoreScale::Raw, u"share of the comparable picture that differs from the rest"_s, u"%"_s,
                          u"no limit is set: what untouched pictures show depends on what they show"_s, std::nullopt, std::nullopt};
    finding.limits = {u"A place with another texture (sky, water, hair, print) differs without any edit, and an edit with the same "
                      "texture and the same history does not differ."_s,
                      u"Dark and clipped places, and places smaller than about %1 px, are not seen."_s.arg(m_settings.window)};
    finding.strength = std::clamp(map.outside, 0.0, 1.0);
    if (regions.empty()) {
        finding.summary = u"No place of the picture differs from the rest of it by more than its own scatter (%1 % of it could be compared). "
                          "This is no sign that nothing was changed."_s.arg(100.0 * map.usable, 0, 'f', 0);
        return finding;
    }
    const cv::Rect cells = regions.front().cells;
    const float stride = float(m_settings.stride);
    finding.region = cv::Rect2f(map.covered.x + float(cells.x) * stride, map.covered.y + float(cells.y) * stride,
                                float(cells.width) * stride, float(cells.height) * stride);
    finding.summary = u"%1 % of the comparable picture differs from the rest in %2 connected place(s). Look at the largest: does it differ "
                      "in what it shows, or only in how it was made?"_s.arg(100.0 * map.outside, 0, 'f', 1).arg(regions.size());
    finding.supports = {u"A part from another picture or another program keeps its own noise, sharpening and compression."_s};
    finding.against = {u"Sky, water, hair, print and blurred backgrounds differ from the rest of an untouched photograph as well: the map points "
                       "to places to look at and proves nothing."_s};
    return finding;
}

Result<void> RichDetector::frame(const FrameBundle &bundle)
{
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (!bundle.frame)
        return fail(Errc::Internal, u"the frame came without pixels"_s);
    const cv::Mat luma = lumaOf(bundle.frame->bgr);
    const auto map = localAnomaly(luma, m_settings, m_stop);
    if (!map && map.error().code != Errc::NotApplicable)
        return Failure{map.error()};
    if (!map || map->usable < kLeastUsable) {
        m_reason = map ? u"less than %1 % of the picture is neither dark nor clipped"_s.arg(100.0 * kLeastUsable, 0, 'f', 0) : map.error().what;
        return {};
    }
    ++m_looked;
    addMap(bundle.index, *map);
    if (m_still && int(luma.total()) <= kMostResidualPixels)
        addResidual(bundle.index, luma);
    const auto regions = connectedRegions(map->distance > m_settings.cut, 4);
    m_table.rows.push_back({double(bundle.index), std::round(100.0 * map->usable), std::round(1000.0 * map->outside) / 10.0, double(regions.size()),
                            regions.empty() ? QJsonValue() : QJsonValue(u"%1 x %2"_s.arg(regions.front().cells.width * m_settings.stride)
                                                                            .arg(regions.front().cells.height * m_settings.stride))});
    if (map->outside > m_greatest) {
        m_greatest = map->outside;
        m_finding = findingOf(bundle.index, *map);
    }
    return {};
}

Result<AnalysisResult> RichDetector::finish(const Ledger &)
{
    if (!m_finding && m_reason.isEmpty())
        return fail(Errc::NotApplicable, u"no picture could be decoded"_s);
    if (!m_finding)
        return fail(Errc::NotApplicable, m_reason);
    if (!m_still)
        m_finding->summary.prepend(u"In the frame of %1 that differs most: "_s.arg(m_looked));
    m_result.findings.push_back(std::move(*m_finding));
    m_result.measured.tables.push_back(std::move(m_table));
    return std::move(m_result);
}

} // namespace fw
