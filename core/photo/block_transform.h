// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <array>

namespace fw {

/// 8 x 8 values, row by row: samples of a block, or its coefficients with the mean's first.
using Block = std::array<float, 64>;

/// The orthonormal 8 x 8 cosine transform that JPEG uses, and its inverse. The caller shifts samples
/// by 128 where that matters. Deterministic; any thread.
Block forwardTransform(const Block &samples);
Block inverseTransform(const Block &coefficients);

/// Row k holds the k-th basis function over its 8 places.
const Block &transformBasis();

/// Takes a block out of a CV_32FC1 picture; `at` is its upper left sample.
Block blockAt(const cv::Mat &plane, cv::Point at);

} // namespace fw
