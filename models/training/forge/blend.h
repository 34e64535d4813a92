// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "forge/plan.h"

namespace fw {

/// The place of the paste, CV_8UC1, 255 inside.
cv::Mat outlineMask(const ForgeryPlan &plan, cv::Size host);

/// Where a donor point lands in the host: CV_64FC1 2 x 3, the known map of the paste.
cv::Mat donorToHost(const ForgeryPlan &plan);

/// The donor after its earlier save on its own block grid; itself when it was never saved.
cv::Mat agedDonor(const cv::Mat &donor, const ForgeryPlan &plan);

/// Host with the paste in it, before post-processing. CV_8UC3.
cv::Mat pasted(const cv::Mat &host, const cv::Mat &donor, const ForgeryPlan &plan, const cv::Mat &mask);

/// Blur, noise, median, sharpening as planned. The noise comes from the plan's seed, so that the
/// forgery and its twin receive the same.
cv::Mat postProcessed(const cv::Mat &picture, const ForgeryPlan &plan);

} // namespace fw
