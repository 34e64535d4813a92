// SPDX-License-Identifier: GPL-3.0-or-later
#include "dimple_detector.h"

#include "media/orientation.h"
#include "photo/regions.h"
#include "photo/residual.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kLeastSide = 256;
/// For the plain mean of the published statistic: a pixel-wise mean needs no other care.
constexpr double kPlainSigma = 1.0, kPlainClipped = 0.02;

QString kindOf(const DimpleMatch &match)
{
    return match.correlation < 0.0 ? u"dark (coefficients rounded down)"_s : u"bright (coefficients rounded up)"_s;
}

HeatMap tile(FrameIndex index, const QString &id, const QString &title, const QString &about, const Block &values, double reach)
{
    HeatMap map;
    map.id = u"%1.frame-%2"_s.arg(id).arg(index);
    map.title = title;
    map.unit = u"grey levels"_s;
    map.about = about;
    map.frame = index;
    map.values = cv::Mat(8, 8, CV_32FC1, const_cast<float *>(values.data())).clone();
    map.low = -reach;
    map.high = reach;
    map.colorMap = u"grey"_s;
    return map;
}

} // namespace

DimplePresence presenceOf(const DimpleMatch &match, bool searched, const ImpulseEnergy &energy, const DimpleLimits &limits)
{
    const double correlation = std::abs(match.correlation), deviations = std::abs(match.deviations);
    if (searched)
        return correlation >= limits.presentAnywhere && energy.pce >= limits.leastEnergy && deviations >= limits.leastDeviations
            ? DimplePresence::Present
            : DimplePresence::Absent;
    if (correlation >= limits.present && deviations >= limits.leastDeviations)
        return DimplePresence::Present;
    // Cameras round chroma as well and filter before they save, so their mean block is a spike with
    // more around it than the prediction.
    if (correlation >= limits.presentAsSpike && deviations >= limits.spikeDeviations
        && energy.pce >= limits.spikeEnergy && energy.phase == cv::Point(0, 0))
        return DimplePresence::Present;
    return correlation <= limits.absent ? DimplePresence::Absent : DimplePresence::Unclear;
}

Result<void> DimpleDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    m_stop = job.stop;
    if (!clip.media.still)
        return fail(Errc::NotApplicable, u"dimples are left by JPEG coders, not by video coders"_s);
    if (const StreamFacts *video = clip.media.video())
        m_rotation = video->rotationDegrees;
    if (clip.jpeg && !clip.jpeg->components.empty()) {
        m_table = clip.jpeg->tables[std::size_t(clip.jpeg->components.front().tableIndex)];
        m_quality = clip.jpeg->lumaQuality();
    }
    return m_reference.begin(clip, job);
}

void DimpleDetector::addTiles(FrameIndex index, const Fold &fold, const DimpleMatch &match)
{
    Block predicted = match.expected;
    for (float &value : predicted)
        value *= float(match.amplitude);
    float reach = 0.1f;
    for (const float value : fold.values)
        reach = std::max(reach, std::abs(value));
    HeatMap measured = tile(index, u"fold"_s, u"Mean of all blocks"_s,
                            u"High-pass mean of all 8 x 8 blocks of the picture, magnified. A dimple is one value, at the "
                            "upper left of the block, that differs from all others."_s, fold.values, reach);
    HeatMap expected = tile(index, u"expected"_s, u"Predicted dimple"_s,
                            u"What rounding in one direction with table \"%1\" would leave, at the measured strength. When the "
                            "two tiles look alike, the picture has dimples."_s.arg(match.table), predicted, reach);
    // Drawn in the upper left corner, large enough to be seen.
    const float side = float(std::min(m_codedSize.width, m_codedSize.height)) / 4.0f;
    measured.region = asUpright(cv::Rect2f(0, 0, side, side), m_codedSize, m_rotation);
    expected.region = asUpright(cv::Rect2f(side * 1.1f, 0, side, side), m_codedSize, m_rotation);
    measured.values = asUpright(measured.values, m_rotation);
    expected.values = asUpright(expected.values, m_rotation);
    m_result.measured.heatMaps.push_back(std::move(measured));
    m_result.measured.heatMaps.push_back(std::move(expected));
}

Finding DimpleDetector::claim(const Fold &fold, const DimpleMatch &match, const ImpulseEnergy &energy) const
{
    Finding finding;
    finding.id = u"jpeg_dimples.picture"_s;
    finding.title = u"JPEG dimples"_s;
    finding.limits = {u"Says something only where the camera itself left dimples; many cameras, most editors and "
                      "all messengers leave none."_s,
                      u"A region from another picture with dimples at the same phase keeps them."_s};
    finding.score = Score{match.correlation, ScoreScale::Raw, u"correlation of the mean block with the predicted dimple"_s,
                          u"1"_s, u"present from %1 up, absent up to %2 in size"_s.arg(DimpleLimits{}.present, 0, 'f', 2)
                                       .arg(DimpleLimits{}.absent, 0, 'f', 2), std::nullopt, std::nullopt};
    Q_UNUSED(fold)
    Q_UNUSED(energy)
    return finding;
}

Result<void> DimpleDetector::addMap(FrameIndex index, const cv::Mat &luma, const DimpleMatch &match, Finding *finding)
{
    // Every place is compared with the mean block of this very picture, which knows more of its camera
    // than any prediction.
    const BlockStack stack = blockStack(luma, match.phase, m_stop);
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    auto map = dimpleMap(stack, ownTemplate(weightedFold(stack)), m_settings, m_stop);
    if (map && cv::countNonZero(map->mask) > 0) // the places without dimples had weakened the mean
        map = dimpleMap(stack, ownTemplate(weightedFold(stack, map->mask)), m_settings, m_stop);
    if (!map)
        return Failure{map.error()};
    const cv::Rect2f covered(float(match.phase.x), float(match.phase.y), float(map->missing.cols * 8), float(map->missing.rows * 8));
    HeatMap missing;
    missing.id = u"missing.frame-%1"_s.arg(index);
    missing.title = u"Missing dimples"_s;
    missing.unit = u"1"_s;
    missing.about = u"0: dimples are as strong as in the whole picture. 0.5: half as strong. 1: gone. Empty where flat, "
                    "clipped or strongly textured places say nothing."_s;
    missing.frame = index;
    missing.values = asUpright(map->missing, m_rotation);
    missing.region = asUpright(covered, m_codedSize, m_rotation);
    missing.colorMap = u"magma"_s;
    m_result.measured.heatMaps.insert(m_result.measured.heatMaps.begin(), std::move(missing));
    HeatMap energy;
    energy.id = u"energy.frame-%1"_s.arg(index);
    energy.title = u"Local impulse energy (PCE)"_s;
    energy.unit = u"1"_s;
    energy.about = u"The published statistic in windows of %1 px. One window above 13 is weak evidence: noise alone "
                   "exceeds it in 4 of 100."_s.arg(m_settings.energyWindow);
    energy.frame = index;
    energy.values = asUpright(map->energy, m_rotation);
    energy.region = asUpright(covered, m_codedSize, m_rotation);
    energy.high = 20.0;
    m_result.measured.heatMaps.push_back(std::move(energy));

    const auto regions = connectedRegions(map->mask, 1);
    const double share = double(cv::countNonZero(map->mask)) / double(map->mask.total());
    if (regions.empty()) {
        finding->verdict = Verdict::Consistent;
        finding->summary += u" They are there everywhere that they could be seen (%1 % of the picture)."_s
                                .arg(100.0 * (1.0 - map->unseen), 0, 'f', 0);
        return {};
    }
    const MaskRegion &largest = regions.front();
    std::vector<double> inside;
    for (int y = 0; y < map->mask.rows; ++y) {
        for (int x = 0; x < map->mask.cols; ++x) {
            if (map->mask.at<uchar>(y, x) && map->relative.at<float>(y, x) == map->relative.at<float>(y, x))
                inside.push_back(map->relative.at<float>(y, x));
        }
    }
    std::nth_element(inside.begin(), inside.begin() + std::ptrdiff_t(inside.size() / 2), inside.end());
    finding->verdict = Verdict::Suspicious;
    finding->strength = std::clamp(1.0 - inside[inside.size() / 2], 0.0, 1.0);
    finding->region = asUpright(cv::Rect2f(covered.x + float(largest.cells.x * 8), covered.y + float(largest.cells.y * 8),
                                           float(largest.cells.width * 8), float(largest.cells.height * 8)),
                                m_codedSize, m_rotation);
    finding->summary += u" In %1 connected place(s), %2 % of the picture, they are missing or weak."_s
                            .arg(regions.size()).arg(100.0 * share, 0, 'f', 1);
    finding->supports = {u"Inside, their strength is %1 of the whole picture's (median); a place that was pasted, painted, "
                         "scaled, turned or blurred after the camera's save has lost them."_s
                             .arg(inside[inside.size() / 2], 0, 'f', 2)};
    finding->against = {u"Processing inside the camera (portrait blur, merged exposures, date stamps) and places with strong "
                        "texture can weaken dimples without any edit."_s};
    return {};
}

Result<void> DimpleDetector::frame(const FrameBundle &bundle)
{
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (!bundle.frame)
        return fail(Errc::Internal, u"the frame came without pixels"_s);
    const cv::Mat coded = asCoded(bundle.frame->bgr, m_rotation);
    m_codedSize = coded.size();
    if (std::min(coded.cols, coded.rows) < kLeastSide)
        return fail(Errc::NotApplicable, u"the picture is smaller than 256 x 256 px"_s);
    const cv::Mat luma = lumaOf(coded);
    const BlockStack stack = blockStack(luma, {0, 0}, m_stop);
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    const Fold fold = weightedFold(stack);
    const cv::Mat residual = meanWienerResidual(coded, m_stop);
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    const ImpulseEnergy energy = impulseEnergy(plainFold(residual, usableBlocks(luma, {0, 0}, kPlainSigma, kPlainClipped)));
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);

    const DimpleLimits limits;
    DimpleMatch match = matchAtOrigin(fold, m_table);
    DimplePresence presence = presenceOf(match, false, energy);
    int tried = 1;
    if (presence != DimplePresence::Present) {
        const DimpleMatch anywhere = matchAnywhere(fold, m_table, &tried);
        if (presenceOf(anywhere, true, energy) == DimplePresence::Present) {
            presence = DimplePresence::Present;
            match = anywhere;
        }
    }
    Finding finding = claim(fold, match, energy);
    finding.keyFrame = bundle.index;
    finding.range = FrameRange{bundle.index, bundle.index + 1};
    addTiles(bundle.index, fold, match);
    Table table;
    table.id = u"dimples"_s;
    table.title = u"Dimples of the whole picture"_s;
    table.about = u"The matched detector drives the verdict; the published impulse statistic (present above 13) is shown beside it."_s;
    table.columns = {{u"Measure"_s, {}}, {u"Value"_s, {}}};
    table.rows = {QJsonArray{u"Correlation with the predicted dimple"_s, match.correlation},
                  QJsonArray{u"Height along the prediction (grey levels)"_s, match.amplitude},
                  QJsonArray{u"Height over its scatter"_s, match.deviations},
                  QJsonArray{u"Table of the prediction"_s, match.table},
                  QJsonArray{u"Phase x (px)"_s, match.phase.x},
                  QJsonArray{u"Phase y (px)"_s, match.phase.y},
                  QJsonArray{u"Hypotheses tried"_s, tried},
                  QJsonArray{u"Impulse energy, PCE"_s, energy.pce},
                  QJsonArray{u"Blocks used"_s, fold.blocks}};
    m_result.measured.tables.push_back(std::move(table));

    if (fold.blocks < limits.leastBlocks) {
        finding.verdict = Verdict::Inconclusive;
        finding.summary = u"Only %1 blocks are neither flat nor clipped; %2 are needed."_s.arg(fold.blocks).arg(limits.leastBlocks);
    } else if (m_quality && m_quality->quality < limits.leastQuality) {
        finding.verdict = Verdict::Inconclusive;
        finding.summary = u"The file is saved at quality %1; below %2 dimples do not survive."_s.arg(m_quality->quality).arg(limits.leastQuality);
    } else if (presence == DimplePresence::Unclear) {
        finding.verdict = Verdict::Inconclusive;
        finding.summary = u"The mean block resembles a dimple with correlation %1: too little for present, too much for absent."_s
                              .arg(match.correlation, 0, 'f', 2);
    } else if (presence == DimplePresence::Absent) {
        finding.verdict = Verdict::NotApplicable;
        finding.summary = u"The picture carries no dimples (correlation %1), so nothing can be missing. Its camera or the program that "
                          "saved it last rounds to nearest."_s.arg(match.correlation, 0, 'f', 2);
    } else {
        finding.summary = u"Dimples are present: %1, correlation %2, height %3 grey levels, grid phase (%4, %5)."_s
                              .arg(kindOf(match)).arg(match.correlation, 0, 'f', 2).arg(match.amplitude, 0, 'f', 2)
                              .arg(match.phase.x).arg(match.phase.y);
        if (auto mapped = addMap(bundle.index, luma, match, &finding); !mapped)
            return mapped;
        if (match.phase != cv::Point(0, 0) || match.turn != 0)
            finding.against.append(m_table ? u"The dimples do not lie on the file's own block grid: the picture was cropped, moved or "
                                             "turned and saved again after the camera's save."_s
                                           : u"The grid does not start at the picture's corner: it was probably cropped or turned."_s);
    }
    m_result.findings.push_back(std::move(finding));
    return {};
}

Result<AnalysisResult> DimpleDetector::finish(const Ledger &)
{
    return stillResult(std::move(m_result), m_reference);
}

} // namespace fw
