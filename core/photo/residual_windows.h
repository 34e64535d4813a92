// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <stop_token>

namespace fw {

constexpr int kWindowValues = 50; ///< of the short descriptor with T = 1, step 1, folded

/// 255 where samples of a CV_32FC1 luma plane are well inside the range: areas below 6 and above 252 are left out
/// with a margin; specks of less than 7 px stay, because texture has them, too. CV_8UC1.
cv::Mat unsaturated(const cv::Mat &luma);

/// The short descriptor of overlapping windows of a picture.
struct ResidualWindows
{
    int cell = 8;      ///< px: a window starts at every cell
    int window = 128;  ///< px, a multiple of the cell
    cv::Size grid;     ///< windows across and down
    cv::Mat values;    ///< CV_32FC1, one window a row, kWindowValues wide: roots of shares
    cv::Mat usable;    ///< CV_32FC1, grid: share of the window's samples that were counted
    cv::Mat flat;      ///< CV_32FC1, grid: share of its tuples that hold nothing but zeros
    /// px of the picture that the window at `at` covers.
    cv::Rect place(cv::Point at) const { return {at.x * cell, at.y * cell, window, window}; }
};

/// Counts tuples cell by cell once and adds cells up for each window. Cells are as large as it takes to have at most
/// `mostCells` of them (8, 16, 32 px). @param luma  CV_32FC1, grey levels. No windows when the picture is smaller than
/// one, or when stopped. Source: Cozzolino, Poggi, Verdoliva, WIFS 2015.
ResidualWindows residualWindows(const cv::Mat &luma, int window, int mostCells, std::stop_token stop = {});

} // namespace fw
