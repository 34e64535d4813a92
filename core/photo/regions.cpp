// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/regions.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>

namespace fw {

std::vector<MaskRegion> connectedRegions(const cv::Mat &mask, int leastCells, cv::Mat *labels)
{
    std::vector<MaskRegion> regions;
    if (mask.empty())
        return regions;
    cv::Mat marks, stats, centres;
    const int count = cv::connectedComponentsWithStats(mask, marks, stats, centres, 8, CV_32S);
    for (int i = 1; i < count; ++i) {
        const int cells = stats.at<int>(i, cv::CC_STAT_AREA);
        if (cells < leastCells)
            continue;
        regions.push_back({cv::Rect(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                                    stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT)),
                           cells, i});
    }
    std::stable_sort(regions.begin(), regions.end(),
                     [](const MaskRegion &a, const MaskRegion &b) { return a.count > b.count; });
    if (labels)
        *labels = marks;
    return regions;
}

cv::Mat withoutSmallRegions(const cv::Mat &mask, int leastCells)
{
    cv::Mat labels, kept(mask.size(), CV_8UC1, cv::Scalar(0));
    for (const MaskRegion &region : connectedRegions(mask, leastCells, &labels))
        kept.setTo(255, labels == region.label);
    return kept;
}

MaskAgreement maskAgreement(const cv::Mat &mask, const cv::Mat &truth)
{
    const double both = cv::countNonZero(mask & truth);
    const double found = cv::countNonZero(mask), real = cv::countNonZero(truth);
    return {found > 0.0 ? both / found : 0.0, real > 0.0 ? both / real : 0.0};
}

} // namespace fw
