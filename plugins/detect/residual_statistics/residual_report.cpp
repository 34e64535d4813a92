// SPDX-License-Identifier: GPL-3.0-or-later
#include "residual_report.h"

#include "photo/regions.h"
#include "photo/residual_codes.h"
#include "stats/quantile.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kShownSide = 1280; ///< px of the residual that are shown: a picture from the net as a whole
constexpr double kShownMost = 4.0;

/// The part of the picture whose residual is shown: around the place, else the middle.
cv::Rect shownPart(cv::Size picture, const std::optional<ResidualPlace> &place)
{
    const cv::Size size(std::min(picture.width, kShownSide), std::min(picture.height, kShownSide));
    const cv::Point centre = place ? (place->area.tl() + place->area.br()) / 2 : cv::Point(picture.width / 2, picture.height / 2);
    return {std::clamp(centre.x - size.width / 2, 0, picture.width - size.width),
            std::clamp(centre.y - size.height / 2, 0, picture.height - size.height), size.width, size.height};
}

} // namespace

std::optional<ResidualPlace> farthestPlace(const ResidualMap &map, const ResidualLimits &limits)
{
    cv::Mat labels;
    const cv::Mat apart = map.relative > limits.apart; // not-a-number never is
    const double windows = double(apart.total());
    std::optional<ResidualPlace> farthest;
    for (const MaskRegion &region : connectedRegions(apart, 1, &labels)) {
        ResidualPlace place;
        place.share = region.count / windows;
        if (place.share < limits.leastShare || place.share > limits.mostShare)
            continue;
        std::vector<double> inside;
        for (int y = region.cells.y; y < region.cells.br().y; ++y) {
            for (int x = region.cells.x; x < region.cells.br().x; ++x) {
                if (labels.at<int>(y, x) == region.label)
                    inside.push_back(double(map.relative.at<float>(y, x)));
            }
        }
        place.contrast = *median(std::move(inside));
        if (farthest && place.contrast <= farthest->contrast)
            continue;
        // Windows that reach into the place by a corner stand out as well: the middle of the heap says where it is.
        const cv::Mat core = (labels == region.label) & (map.relative >= 0.5 * place.contrast);
        const cv::Rect cells = cv::boundingRect(core);
        const int margin = (map.window - map.cell) / 2; // a window stands for its middle
        place.area = {cells.x * map.cell + margin, cells.y * map.cell + margin, cells.width * map.cell, cells.height * map.cell};
        farthest = place;
    }
    return farthest;
}

void addMaps(const ResidualMap &map, const std::optional<ResidualPlace> &place, const cv::Mat &luma, FrameIndex index, Measurements *measured)
{
    const float margin = 0.5f * float(map.window - map.cell);
    HeatMap distance;
    distance.id = u"distance.frame-%1"_s.arg(index);
    distance.title = u"Unlike most of the picture"_s;
    distance.unit = u"x median"_s;
    distance.about = u"How far the fine texture of the %1 x %1 px around each point lies from that of most of the picture, in units of the "
                     "median distance. Clipped and flat places are left out. Sky, water, text and what is out of focus stand out, too."_s.arg(map.window);
    distance.frame = index;
    distance.values = map.relative;
    distance.region = {margin, margin, float(map.relative.cols * map.cell), float(map.relative.rows * map.cell)};
    distance.low = 0.5;
    distance.high = kShownMost;
    distance.colorMap = u"magma"_s;
    measured->heatMaps.push_back(std::move(distance));
    const cv::Rect part = shownPart(luma.size(), place);
    HeatMap residual;
    residual.id = u"residual.frame-%1"_s.arg(index);
    residual.title = u"Residual in five steps"_s;
    residual.unit = u"3 grey levels"_s;
    residual.about = u"Third differences along rows, rounded to steps of three grey levels and held within -2 to 2. Parts that look "
                     "smoother or grainier than others were made or processed otherwise, or show something else. "_s
        + (part.size() == luma.size() ? QString() : place ? u"Shown around the place that stands out most."_s : u"Shown for the middle of the picture."_s);
    residual.frame = index;
    quantised(thirdDifference(luma(part)), 3.0, 2).convertTo(residual.values, CV_32F);
    residual.region = cv::Rect2f(part);
    residual.low = -2.0;
    residual.high = 2.0;
    residual.colorMap = u"viridis"_s;
    measured->heatMaps.push_back(std::move(residual));
}

Finding residualClaim(const ResidualMap &map, const std::optional<ResidualPlace> &place, const ResidualLimits &limits)
{
    Finding finding;
    finding.id = u"residual_statistics.picture"_s;
    finding.title = u"Statistics of residuals"_s;
    finding.verdict = Verdict::Inconclusive;
    finding.limits = {u"Places smaller than about %1 px, and pastes whose texture is like that of the picture, are not seen."_s.arg(map.window),
                      u"Texture, focus and the camera's own smoothing shift these statistics more than most changes do."_s};
    if (map.valid < limits.leastValid) {
        finding.summary = u"Only %1 % of the picture hold texture that is not clipped; nothing can be compared."_s.arg(100.0 * map.valid, 0, 'f', 0);
        return finding;
    }
    if (place)
        finding.score = Score{place->contrast, ScoreScale::Raw, u"distance of the farthest place"_s, u"x median"_s,
                              u"a place is named from %1 up"_s.arg(limits.contrast, 0, 'f', 1), std::nullopt, std::nullopt};
    if (!place || place->contrast < limits.contrast) {
        finding.summary = u"No place has fine texture so unlike the rest as to be named. The method misses too much to conclude from that: look at the map."_s;
        return finding;
    }
    finding.region = cv::Rect2f(place->area);
    finding.strength = std::clamp(place->contrast / (4.0 * limits.contrast), 0.0, 1.0);
    finding.summary = u"The fine texture of %1 % of the picture is unlike the rest. Smooth or finely patterned things can look like that, so nothing is "
                      "concluded: look at the place."_s.arg(100.0 * place->share, 0, 'f', 1);
    finding.supports = {u"There the residuals lie %1 times as far from those of most of the picture as the median place does."_s.arg(place->contrast, 0, 'f', 1)};
    finding.against = {u"Sky, water, text, screens and what is out of focus stand out in untouched photographs as well."_s,
                       u"Portrait modes, panoramas and retouching inside a camera treat parts of a picture differently."_s};
    return finding;
}

} // namespace fw
