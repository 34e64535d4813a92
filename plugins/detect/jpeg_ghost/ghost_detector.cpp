// SPDX-License-Identifier: GPL-3.0-or-later
#include "ghost_detector.h"

#include "media/orientation.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kLowest = 51;
/// Off the picture's own grid the last save blurs ghosts, so shallower ones count; in return the
/// region must be larger, because small accidents are more likely among 64 grids.
constexpr double kAllGridsSeparation = 0.95;
constexpr double kAllGridsContrast = 0.10;
constexpr double kAllGridsLeastArea = 0.02;
/// Above this many pixels only every second quality is tried, which halves time and memory.
constexpr double kManyPixels = 24e6;
/// Less of the picture than this with any texture: there is nothing to compare.
constexpr double kLeastTexture = 0.2;
/// Pictures shown after the strongest one, and how far apart their qualities are.
constexpr int kMorePictures = 2;
constexpr int kPictureSpacing = 4;

QString percent(double share)
{
    return QString::number(100.0 * share, 'f', 1) + u" %"_s;
}

/// What unedited pictures reach; the manifest's limits state the same figures.
QString referenceText(bool allGrids, const GhostLimits &limits)
{
    return u"none of %1 unedited camera pictures has a region with a separation above %2 whose depth is "
           "more than %3 above the rest"_s
        .arg(allGrids ? 84 : 256).arg(limits.separation, 0, 'f', 2).arg(limits.contrast, 0, 'f', 2);
}

/// Qualities at which the whole picture dips, apart from the file's own.
QStringList earlierSaves(const GhostStack &stack, int highest)
{
    QStringList found;
    for (const int k : localMinima(stack.curve)) {
        const int quality = stack.qualities[std::size_t(k)];
        if (quality <= highest)
            found.append(QString::number(quality));
    }
    return found;
}

} // namespace

Result<void> GhostDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    m_still = clip.media.still;
    m_stop = job.stop;
    m_allGrids = job.choice(u"grids"_s) == u"all"_s;
    if (const StreamFacts *video = clip.media.video())
        m_rotation = video->rotationDegrees;
    if (clip.jpeg)
        m_fileQuality = clip.jpeg->lumaQuality();
    if (m_fileQuality)
        m_highest = std::min(m_highest, m_fileQuality->quality - m_limits.qualityMargin);
    if (m_allGrids) {
        m_limits.separation = kAllGridsSeparation;
        m_limits.contrast = kAllGridsContrast;
        m_limits.leastArea = kAllGridsLeastArea;
    }
    return m_reference.begin(clip, job);
}

Result<GhostDetector::Look> GhostDetector::look(const cv::Mat &coded, cv::Point shift) const
{
    GhostRange range;
    range.lowest = kLowest;
    range.step = double(coded.total()) > kManyPixels ? 2 : 1;
    range.shift = shift;
    auto stack = ghostStack(coded, range, m_stop);
    if (!stack)
        return Failure{stack.error()};
    auto regions = ghostRegions(stack.value(), shift, m_highest, m_limits, m_stop);
    if (!regions)
        return Failure{regions.error()};
    return Look{std::move(stack).value(), std::move(regions).value()};
}

Result<void> GhostDetector::frame(const FrameBundle &bundle)
{
    if (!bundle.frame)
        return fail(Errc::Internal, u"the frame came without pixels"_s);
    const cv::Mat coded = asCoded(bundle.frame->bgr, m_rotation);
    auto own = look(coded, {0, 0});
    if (!own)
        return Failure{own.error()};
    Look best = own.value();
    const auto weightOf = [](const Look &look) {
        for (const GhostRegion &region : look.regions) {
            if (!region.wholePicture)
                return region.weight();
        }
        return 0.0;
    };
    if (m_still && m_allGrids) {
        for (int grid = 1; grid < 64; ++grid) {
            auto other = look(coded, {grid % 8, grid / 8});
            if (!other)
                return Failure{other.error()};
            if (weightOf(other.value()) > weightOf(best))
                best = std::move(other).value();
        }
    }
    m_seen.push_back(bundle.index);
    addMaps(bundle.index, best, coded.size());
    addCurve(bundle.index, own.value());
    if (m_still)
        m_result.findings.push_back(claim(bundle, own.value(), best, coded.size()));
    return {};
}

void GhostDetector::addMap(FrameIndex index, const Look &from, int k, bool depth, cv::Size codedSize)
{
    const int quality = from.stack.qualities[std::size_t(k)];
    HeatMap map;
    map.id = u"%1.q%2.frame-%3"_s.arg(depth ? u"depth"_s : u"difference"_s).arg(quality).arg(index);
    map.title = depth ? u"Ghost depth at quality %1"_s.arg(quality)
                      : u"Difference at quality %1"_s.arg(quality);
    map.unit = u"1"_s;
    map.about = depth
        ? u"How far the change on saving at quality %1 lies below the change at the next higher "
          "qualities. High: this place has probably been saved at about this quality before."_s
              .arg(quality)
        : u"How much each place changes when saved at quality %1, scaled per place from its least "
          "(0) to its greatest (1) change over all qualities. A ghost is a connected dark area."_s
              .arg(quality);
    map.frame = index;
    map.values = asUpright(depth ? ghostDepth(from.stack, k) : ghostPicture(from.stack, k), m_rotation);
    map.region = asUpright(from.stack.covered, codedSize, m_rotation);
    map.colorMap = depth ? u"magma"_s : u"grey"_s; // in grey a ghost is dark, as in the literature
    m_result.measured.heatMaps.push_back(std::move(map));
}

void GhostDetector::addMaps(FrameIndex index, const Look &best, cv::Size codedSize)
{
    std::vector<int> wanted;
    const auto want = [&](int quality) {
        const bool near = std::any_of(wanted.begin(), wanted.end(), [&](int other) {
            return std::abs(other - quality) < kPictureSpacing;
        });
        if (!near && best.stack.indexOf(quality) >= 0 && int(wanted.size()) <= kMorePictures)
            wanted.push_back(quality);
    };
    for (const GhostRegion &region : best.regions)
        want(region.quality);
    for (const int k : localMinima(best.stack.curve))
        want(best.stack.qualities[std::size_t(k)]);
    for (const int usual : {65, 75, 85})
        want(usual);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const int k = best.stack.indexOf(wanted[i]);
        if (i == 0)
            addMap(index, best, k, true, codedSize);
        addMap(index, best, k, false, codedSize);
    }
}

void GhostDetector::addCurve(FrameIndex index, const Look &own)
{
    Table table;
    table.id = u"curve.frame-%1"_s.arg(index);
    table.title = m_still ? u"Change over save quality"_s
                          : u"Change over save quality, frame %1"_s.arg(index);
    table.about = u"Mean squared change of the whole picture when saved at each quality, on the "
                  "picture's own block grid, and the most distinct region there. A minimum of the "
                  "whole picture shows a quality at which all of it was saved; a region that dips "
                  "where the whole picture does not is a ghost."_s;
    table.columns = {{u"Quality"_s, {}}, {u"Mean squared change"_s, u"grey levels²"_s},
                     {u"Minimum of the whole picture"_s, {}}, {u"Region: separation"_s, u"1"_s},
                     {u"Region: depth above the rest"_s, u"1"_s}, {u"Region: area"_s, u"%"_s}};
    const std::vector<int> dips = localMinima(own.stack.curve);
    for (std::size_t k = 0; k < own.stack.qualities.size(); ++k) {
        const int quality = own.stack.qualities[k];
        QJsonArray row{quality, own.stack.curve[k],
                       std::find(dips.begin(), dips.end(), int(k)) != dips.end()};
        const auto region = std::find_if(own.regions.begin(), own.regions.end(),
                                         [&](const GhostRegion &r) { return r.quality == quality; });
        if (region == own.regions.end()) {
            for (int i = 0; i < 3; ++i)
                row.append(QJsonValue::Null);
        } else {
            row.append(region->separation);
            row.append(region->contrast());
            row.append(100.0 * region->areaShare);
        }
        table.rows.push_back(std::move(row));
    }
    m_result.measured.tables.push_back(std::move(table));
}

Finding GhostDetector::claim(const FrameBundle &bundle, const Look &own, const Look &best,
                             cv::Size codedSize) const
{
    Finding finding;
    finding.id = u"jpeg_ghost.picture"_s;
    finding.title = u"JPEG ghosts"_s;
    finding.keyFrame = bundle.index;
    finding.range = FrameRange{bundle.index, bundle.index + 1};
    finding.limits = {
        u"Only a region that was saved at least %1 qualities lower than the final save leaves a ghost."_s
            .arg(m_limits.qualityMargin),
        m_allGrids ? u"All 64 block grids were tried; regions below 2 % of the picture were ignored."_s
                   : u"Only regions that lie on the picture's own 8 x 8 block grid were looked for "
                     "(one paste in 64 by chance); the option for all grids looks for the others."_s};

    if (m_fileQuality && m_highest < kLowest) {
        finding.verdict = Verdict::Inconclusive;
        finding.summary = u"The file itself is saved at quality %1. Ghosts show only at qualities "
                          "below that, and none below %2 is tried."_s
                              .arg(m_fileQuality->quality).arg(kLowest);
        return finding;
    }
    if (const double texture = textureShare(own.stack); texture < kLeastTexture) {
        finding.verdict = Verdict::Inconclusive;
        finding.summary = u"Only %1 of the picture holds texture that a save would change."_s
                              .arg(percent(texture));
        return finding;
    }

    const auto strongest = std::find_if(best.regions.begin(), best.regions.end(),
                                        [](const GhostRegion &r) { return !r.wholePicture; });
    const QString fileNote = m_fileQuality
        ? u"The file's own table is that of quality %1%2."_s.arg(m_fileQuality->quality)
              .arg(m_fileQuality->distance > 0.0 ? u" (nearest standard table)"_s : QString())
        : u"The file is not a JPEG, so qualities up to %1 were tried."_s.arg(m_highest);
    if (strongest != best.regions.end()) {
        finding.score = Score{strongest->separation, ScoreScale::Raw,
                              u"separation of the region's depths from the rest"_s, u"1"_s,
                              referenceText(m_allGrids, m_limits), std::nullopt, std::nullopt};
        finding.strength = std::clamp(strongest->weight(), 0.0, 1.0);
    }
    if (strongest != best.regions.end() && isClear(*strongest, m_limits)) {
        const cv::Rect cells = cv::boundingRect(strongest->mask);
        const cv::Rect2f coded(best.stack.covered.x + float(cells.x * 8),
                               best.stack.covered.y + float(cells.y * 8),
                               float(cells.width * 8), float(cells.height * 8));
        finding.verdict = Verdict::Suspicious;
        finding.region = asUpright(coded, codedSize, m_rotation);
        finding.summary = u"A connected region of %1 of the picture changes least when saved at quality "
                          "%2, the rest of the picture does not. %3"_s
                              .arg(percent(strongest->areaShare)).arg(strongest->quality).arg(fileNote);
        finding.supports = {
            u"The region dips by %1 of its difference at quality %2, the rest by %3 (medians); "
            "Kolmogorov-Smirnov distance %4."_s
                .arg(strongest->depthInside, 0, 'f', 2).arg(strongest->quality)
                .arg(strongest->depthOutside, 0, 'f', 2).arg(strongest->separation, 0, 'f', 3),
            u"The curve of the whole picture has no minimum near this quality, so the picture as a "
            "whole was not saved there."_s};
        if (strongest->shift != cv::Point(0, 0))
            finding.supports.append(u"The region's block grid is shifted by %1, %2 px from the picture's."_s
                                        .arg(strongest->shift.x).arg(strongest->shift.y));
        finding.against = {
            u"Collages, inserted logos and watermarks, and pictures put together by a phone (panorama, "
            "portrait, night modes) can hold regions of other JPEG history without intent to deceive."_s};
        return finding;
    }
    finding.verdict = Verdict::Consistent;
    finding.summary = u"No region changes least at a quality at which the whole picture does not. %1"_s
                          .arg(fileNote);
    if (const QStringList earlier = earlierSaves(own.stack, m_highest); !earlier.isEmpty())
        finding.against.append(u"The whole picture changes little at quality %1: it may have been saved "
                               "there as a whole before."_s.arg(earlier.join(u", "_s)));
    return finding;
}

Finding GhostDetector::viewOnly() const
{
    Finding finding;
    finding.id = u"jpeg_ghost.frames"_s;
    finding.title = u"JPEG ghosts of sampled frames"_s;
    finding.verdict = Verdict::Inconclusive;
    finding.summary = u"The pictures of %1 frames are there to look at. What ghosts mean after a video "
                      "codec has not been established, so nothing is concluded from them."_s
                          .arg(m_seen.size());
    finding.limits = {u"Video frames are not JPEG files: prediction between frames and other transforms "
                      "overwrite the traces that ghosts rest on."_s};
    finding.range = FrameRange{m_seen.front(), m_seen.back() + 1};
    finding.keyFrame = m_seen.front();
    return finding;
}

Result<AnalysisResult> GhostDetector::finish(const Ledger &)
{
    if (m_seen.empty())
        return fail(Errc::NotApplicable, u"no picture could be decoded"_s);
    if (!m_still)
        m_result.findings.push_back(viewOnly());
    m_reference.addTo(&m_result);
    return std::move(m_result);
}

} // namespace fw
