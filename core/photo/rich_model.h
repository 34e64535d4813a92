// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <stop_token>
#include <string>
#include <vector>

namespace fw {

/// One submodel of the rich model: residuals of one family, combined by least and greatest value or taken
/// one by one, as tuples of four neighbours.
struct RichSubmodel
{
    std::string name;         ///< "s3_minmax22h_q1"
    std::vector<float> values; ///< shares that sum to 1 (both halves of a "spam" submodel together)
};

/// The rich model of one channel: 39 submodels and 12 753 values with one step each (the family's own
/// factor), 106 and 34 671 with all steps. Empty when stopped or when the plane is below 16 px.
/// @param plane  CV_32FC1, grey levels. Kernels, factors, names and lengths are those of the paper; which
/// directions belong to a set follows its figure. Source: Fridrich, Kodovsky, TIFS 2012.
std::vector<RichSubmodel> richModel(const cv::Mat &plane, bool allSteps, std::stop_token stop = {});

/// The values of all submodels one after the other.
std::vector<float> joined(const std::vector<RichSubmodel> &model);

} // namespace fw
