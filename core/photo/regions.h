// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <vector>

namespace fw {

/// A connected place of a mask.
struct MaskRegion
{
    cv::Rect cells;  ///< bounding box
    int count = 0;   ///< cells set
    int label = 0;   ///< its value in `labels` of connectedRegions
};

/// Connected places (8 neighbours) of a CV_8UC1 mask with at least `leastCells`, largest first.
/// @param labels  when given: CV_32SC1, the label of each cell, 0 outside.
std::vector<MaskRegion> connectedRegions(const cv::Mat &mask, int leastCells, cv::Mat *labels = nullptr);

/// The mask without connected places of fewer cells.
cv::Mat withoutSmallRegions(const cv::Mat &mask, int leastCells);

/// How a mask agrees with the truth, both CV_8UC1 of one size.
struct MaskAgreement
{
    double precision = 0.0, recall = 0.0;
    double f1() const { return precision + recall > 0.0 ? 2.0 * precision * recall / (precision + recall) : 0.0; }
};
MaskAgreement maskAgreement(const cv::Mat &mask, const cv::Mat &truth);

} // namespace fw
