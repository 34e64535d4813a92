// SPDX-License-Identifier: GPL-3.0-or-later
#include "copy_move_detector.h"

#include "dense_maps.h"
#include "keypoint_maps.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kLeastSide = 64;
constexpr int kKeypointSide = 1600, kDenseSide = 800; ///< px of the long side; larger ones are shrunk
constexpr int kMapStep = 4;                           ///< px of one cell of the map
constexpr double kOverlap = 0.5;

/// A map found in a shrunk picture, in px of the whole one.
CopyMap enlarged(CopyMap small, double scale)
{
    small.map(0, 2) /= scale;
    small.map(1, 2) /= scale;
    for (cv::Point2f &seed : small.seeds)
        seed = seed / float(scale);
    return small;
}

cv::Mat shrunk(const cv::Mat &grey, int side, double *scale)
{
    *scale = std::min(1.0, double(side) / std::max(grey.cols, grey.rows));
    cv::Mat small = grey;
    if (*scale < 1.0)
        cv::resize(grey, small, {}, *scale, *scale, cv::INTER_AREA);
    return small;
}

/// Whether two regions tell of the same pair of places, in either direction.
bool sameTale(const CopiedRegion &a, const CopiedRegion &b)
{
    const auto overlap = [](const cv::Mat &p, const cv::Mat &q) {
        const double least = std::min(cv::countNonZero(p), cv::countNonZero(q));
        return least > 0.0 ? cv::countNonZero(p & q) / least : 0.0;
    };
    return (overlap(a.mask, b.mask) > kOverlap && overlap(a.twinMask, b.twinMask) > kOverlap)
        || (overlap(a.mask, b.twinMask) > kOverlap && overlap(a.twinMask, b.mask) > kOverlap);
}

QString placeText(const cv::Rect &box)
{
    return u"%1 x %2 px at (%3, %4)"_s.arg(box.width).arg(box.height).arg(box.x).arg(box.y);
}

} // namespace

Result<std::vector<CopiedRegion>> copiedRegions(const cv::Mat &bgr, std::uint64_t seed, std::stop_token stop)
{
    if (std::min(bgr.cols, bgr.rows) < kLeastSide)
        return fail(Errc::NotApplicable, u"the picture is smaller than 64 px"_s);
    const CopyLimits limits;
    cv::Mat grey, values;
    cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
    grey.convertTo(values, CV_32F);
    double scale = 1.0;
    auto found = keypointMaps(shrunk(grey, kKeypointSide, &scale), stop);
    if (!found)
        return Failure{found.error()};
    std::vector<CopyMap> guesses;
    for (CopyMap &map : *found)
        guesses.push_back(enlarged(std::move(map), scale));
    const cv::Mat small = shrunk(values, kDenseSide, &scale);
    const cv::Mat features = rotationFreeFeatures(small, stop);
    if (stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    const auto field = nearestPlaces(features, limits.leastDistance, seed, stop);
    if (!field)
        return Failure{field.error()};
    for (CopyMap &map : denseMaps(*field, limits.leastDistance))
        guesses.push_back(enlarged(std::move(map), scale));
    std::vector<CopiedRegion> regions;
    for (const CopyMap &guess : guesses) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        auto region = copiedRegion(values, guess, limits, stop);
        if (region && std::none_of(regions.begin(), regions.end(), [&](const auto &other) { return sameTale(*region, other); }))
            regions.push_back(std::move(*region));
    }
    if (stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    std::stable_sort(regions.begin(), regions.end(), [&](const CopiedRegion &a, const CopiedRegion &b) {
        const bool sameA = isSamePicture(a, limits), sameB = isSamePicture(b, limits);
        return sameA != sameB ? sameA : a.area > b.area;
    });
    return regions;
}

Result<void> CopyMoveDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    m_stop = job.stop;
    m_seed = job.seed;
    if (!clip.media.still)
        return fail(Errc::NotApplicable, u"copied regions are looked for in still pictures only"_s);
    return m_reference.begin(clip, job);
}

Finding CopyMoveDetector::claim(const std::vector<CopiedRegion> &regions, FrameIndex index) const
{
    Finding f;
    f.id = u"copy_move.picture"_s;
    f.title = u"Copied regions"_s;
    f.range = FrameRange{index, index + 1};
    f.keyFrame = index;
    f.limits = {u"Plain surfaces (sky, walls, water) equal each other everywhere and are left out; a copy of one "
                "of them cannot be found."_s,
                u"Which of the two places is the copy cannot be told."_s};
    if (regions.empty()) {
        f.verdict = Verdict::Consistent;
        f.summary = u"No textured place of the picture stands in it a second time."_s;
        return f;
    }
    const CopiedRegion &first = regions.front();
    const auto same = std::count_if(regions.begin(), regions.end(), [&](const auto &r) { return isSamePicture(r, m_limits); });
    f.region = cv::Rect2f(first.box | first.twinBox);
    f.score = Score{first.difference, ScoreScale::Raw, u"difference of both places"_s, u"grey levels"_s,
                    u"below %1 with a correlation above %2: the same picture"_s.arg(m_limits.sameDifference).arg(m_limits.sameCorrelation), {}, {}};
    for (const CopiedRegion &r : regions)
        f.supports.append(u"%1 stands again at (%2, %3), turned by %4 degrees, scaled by %5: correlation %6, difference %7 grey levels."_s
                              .arg(placeText(r.box)).arg(r.twinBox.x).arg(r.twinBox.y).arg(r.rotationDegrees, 0, 'f', 0)
                              .arg(r.scale, 0, 'f', 2).arg(r.correlation, 0, 'f', 2).arg(r.difference, 0, 'f', 1));
    if (same == 0) {
        f.verdict = Verdict::Inconclusive;
        f.summary = u"%1 place(s) of the picture have a like structure elsewhere, but not the same picture."_s.arg(regions.size());
        f.against = {u"Windows, tiles, fabrics, print and twins in a row look alike without being copies."_s};
        return f;
    }
    // Not suspicious: of 183 authentic pictures 8 had such a place, rows of equal panels among them.
    f.verdict = Verdict::Inconclusive;
    f.strength = std::clamp(0.4 + 0.6 * (1.0 - first.difference / m_limits.sameDifference), 0.0, 1.0);
    f.summary = u"%1 place(s) of the picture stand in it a second time, the largest %2."_s.arg(same).arg(placeText(first.box));
    f.against = {u"Drawn graphics, screens, print and panoramas that were stitched can repeat exactly without intent to deceive."_s,
                 u"Rows of equal panels, windows and tiles pass this test too: it named a place in 8 of 183 authentic pictures; look at both places yourself."_s};
    return f;
}

void CopyMoveDetector::show(const std::vector<CopiedRegion> &regions, cv::Size size, FrameIndex index)
{
    cv::Mat values(size, CV_32FC1, cv::Scalar(0));
    VectorSeries arrows;
    arrows.id = u"copy_move.pairs"_s;
    arrows.title = u"From one place to the other"_s;
    arrows.about = u"Lines between the centres of both places; which of them is the copy cannot be told."_s;
    arrows.color = u"#e0433a"_s;
    Table table;
    table.id = u"copy_move.regions"_s;
    table.title = u"Places that stand twice"_s;
    table.about = u"Same: difference below %1 grey levels and correlation above %2 after a blur; else a like structure."_s
                      .arg(m_limits.sameDifference).arg(m_limits.sameCorrelation);
    table.columns = {{u"Frame"_s, {}, true}, {u"Area"_s, u"px"_s}, {u"Turned"_s, u"degrees"_s}, {u"Scale"_s, {}},
                     {u"Correlation"_s, {}}, {u"Difference"_s, u"grey levels"_s}, {u"Same"_s, {}}};
    for (auto region = regions.rbegin(); region != regions.rend(); ++region) {
        const bool same = isSamePicture(*region, m_limits);
        values.setTo(same ? 1.0 : 0.35, region->mask | region->twinMask);
    }
    for (const CopiedRegion &region : regions) {
        const bool same = isSamePicture(region, m_limits);
        table.rows.push_back(QJsonArray{double(index), region.area, region.rotationDegrees, region.scale, region.correlation,
                                        region.difference, same});
        if (same)
            arrows.items.push_back({index, {}, cv::Point2f(region.box.tl() + region.box.br()) / 2.0F,
                                    cv::Point2f(region.twinBox.tl() + region.twinBox.br()) / 2.0F, {}});
    }
    HeatMap map;
    map.id = u"copy_move.frame-%1"_s.arg(index);
    map.title = u"Copied regions"_s;
    map.unit = u"1"_s;
    map.about = u"1: both places of the same picture. 0.35: of a like structure."_s;
    map.frame = index;
    cv::resize(values, map.values, {(size.width + kMapStep - 1) / kMapStep, (size.height + kMapStep - 1) / kMapStep}, 0, 0, cv::INTER_AREA);
    map.region = cv::Rect2f({0, 0}, cv::Size2f(size));
    map.colorMap = u"magma"_s;
    m_result.measured.heatMaps.push_back(std::move(map));
    m_result.measured.tables.push_back(std::move(table));
    if (!arrows.items.empty())
        m_result.measured.vectors.push_back(std::move(arrows));
}

Result<void> CopyMoveDetector::frame(const FrameBundle &bundle)
{
    if (!bundle.frame)
        return fail(Errc::Internal, u"the frame came without pixels"_s);
    const auto regions = copiedRegions(bundle.frame->bgr, m_seed, m_stop);
    if (!regions)
        return Failure{regions.error()};
    show(*regions, bundle.frame->bgr.size(), bundle.index);
    m_result.findings.push_back(claim(*regions, bundle.index));
    return {};
}

Result<AnalysisResult> CopyMoveDetector::finish(const Ledger &)
{
    return stillResult(std::move(m_result), m_reference);
}

} // namespace fw
