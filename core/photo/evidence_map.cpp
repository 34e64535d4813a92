// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/evidence_map.h"

#include "photo/regions.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace fw {
namespace {

/// The share of cells with yes by expectation and maximisation: many that lean a little towards no outweigh
/// some that clearly say yes.
double shareOfYes(const cv::Mat &logRatio)
{
    constexpr float kSilent = 0.05F;
    double share = 0.5;
    for (int round = 0; round < 30; ++round) {
        double sum = 0.0, heard = 0.0;
        for (int y = 0; y < logRatio.rows; ++y) {
            for (int x = 0; x < logRatio.cols; ++x) {
                const float value = logRatio.at<float>(y, x);
                if (std::abs(value) < kSilent)
                    continue;
                const double odds = share / (1.0 - share) * std::exp(double(value));
                sum += odds / (1.0 + odds);
                heard += 1.0;
            }
        }
        if (heard == 0.0)
            return 0.0;
        share = std::clamp(sum / heard, 0.005, 0.995);
    }
    return share;
}

} // namespace

EvidenceMap evidenceMap(const cv::Mat &logRatio, const EvidenceSettings &settings, std::optional<double> yes)
{
    EvidenceMap map;
    cv::Mat bounded, sums;
    cv::max(logRatio, -settings.mostPerCell, bounded);
    cv::min(bounded, settings.mostPerCell, bounded);
    cv::boxFilter(bounded, sums, CV_32F, {settings.window, settings.window}, {-1, -1}, false, cv::BORDER_REPLICATE);
    sums *= settings.trust;
    constexpr double kHeard = 1.0;
    map.heard = double(cv::countNonZero(cv::abs(sums) > kHeard)) / double(sums.total());
    map.yes = yes ? *yes : shareOfYes(bounded);
    map.mostSayYes = map.yes > 0.5;
    // From here on positive means: unlike most of the picture.
    if (map.mostSayYes) {
        sums = -sums;
        bounded = -bounded;
    }
    cv::exp(-sums, map.unlike);
    map.unlike = 1.0 / (1.0 + map.unlike);
    map.mask = sums > settings.least;
    cv::morphologyEx(map.mask, map.mask, cv::MORPH_CLOSE, cv::Mat::ones(3, 3, CV_8U));
    cv::morphologyEx(map.mask, map.mask, cv::MORPH_OPEN, cv::Mat::ones(3, 3, CV_8U));
    cv::Mat labels, kept(map.mask.size(), CV_8UC1, cv::Scalar(0));
    for (const MaskRegion &region : connectedRegions(map.mask, settings.leastCells, &labels)) {
        const cv::Mat inside = labels == region.label;
        const double evidence = cv::sum(cv::mean(bounded, inside))[0] * region.count;
        if (evidence < settings.leastEvidence)
            continue;
        kept.setTo(255, inside);
        map.places.push_back({region.cells, region.count, evidence});
    }
    map.mask = kept;
    std::stable_sort(map.places.begin(), map.places.end(),
                     [](const EvidencePlace &a, const EvidencePlace &b) { return a.evidence > b.evidence; });
    return map;
}

} // namespace fw
