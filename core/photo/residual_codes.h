// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <cstdint>
#include <vector>

namespace fw {

/// Which of two like tuples of four counts as the other in a histogram of residuals.
enum class Folding {
    None,    ///< every tuple for itself: (2T+1)^4 bins
    Reverse, ///< read backwards it is the same: 325 bins for T = 2
    Both,    ///< and so is its negative: 25 bins for T = 1, 169 for T = 2
};

/// Bin of every tuple (v0 + T) (2T+1)^3 + ... + (v3 + T); `bins` receives their number.
std::vector<int> foldedBins(int truncation, Folding folding, int *bins = nullptr);

/// x[-1] - 3 x + 3 x[+1] - x[+2] along rows; 0 in the first column and the last two. CV_32FC1 both.
cv::Mat thirdDifference(const cv::Mat &plane);

/// round(residual / step), held within -T..T. @param residual  CV_32FC1. @return CV_8SC1.
cv::Mat quantised(const cv::Mat &residual, double step, int truncation);

/// Tuples of four neighbours of CV_8SC1 values, to the right or down. @return CV_16UC1 codes as in foldedBins,
/// three narrower or lower than the values.
cv::Mat tupleCodes(const cv::Mat &values, int truncation, bool down);

/// The short descriptor of residuals: third-order differences along rows and along columns, tuples of four
/// along and across the difference, rows and columns in common histograms.
struct ShortDescriptor
{
    int truncation = 2;
    double step = 1.0;  ///< in units of three grey levels
    Folding folding = Folding::Both;
    int bins() const;   ///< of the whole descriptor: 338; 50 for T = 1; 162 for T = 1 without folding
};

/// The codes of a plane, folded and placed so that (y, x) is the first sample of a tuple. CV_16UC1 of the
/// plane's size; 0xffff where a tuple would leave the picture.
struct CodeMaps
{
    cv::Mat along[2], across[2]; ///< of the row and the column residual
    int half = 0;                ///< bins of one half of the descriptor
};
CodeMaps codeMaps(const cv::Mat &plane, const ShortDescriptor &settings);

/// The descriptor below of one place, from codes of the whole plane: only tuples that lie in the place with all the
/// samples that they were made from. @param place  px, inside, at least 8 a side. Equal to shortDescriptor of that
/// part of the plane.
std::vector<float> placeDescriptor(const CodeMaps &maps, cv::Rect place);

/// Root of the share of each bin, the halves along and across one after the other (each of unit length).
/// @param plane  CV_32FC1, grey levels. Source: Cozzolino, Gragnaniello, Verdoliva, ICIP 2014.
std::vector<float> shortDescriptor(const cv::Mat &plane, const ShortDescriptor &settings = {});

} // namespace fw
