// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "infer/network.h"
#include "photo/block_sequence.h"

#include <stop_token>

namespace fw {

/// One value of a sequence map stands for so many px a side.
constexpr int kSequenceCell = kSequenceSide / kSequenceAnswers;

/// Log-odds that a place was resampled unlike its neighbourhood of 256 px, from overlapping tiles.
/// @param bgr  CV_8UC3. @return CV_32FC1, one value for each 4 x 4 px (what is left over at the right and below has none);
/// empty when the picture is smaller than a tile. Errc::Cancelled; Errc::BadData when the network gives other numbers
/// than it should.
Result<cv::Mat> sequenceMap(Network &network, const SequenceInput &input, const cv::Mat &bgr, std::stop_token stop);

} // namespace fw
