// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "forge/plan.h"

#include <QByteArray>

namespace fw {

/// One forged picture and its pristine twin, which went through the same post-processing and save:
/// nobody can tell them apart by what happened to the whole picture.
struct Forgery
{
    ForgeryPlan plan;
    cv::Mat picture, twin; ///< CV_8UC3 as decoded from the last save
    cv::Mat mask;          ///< CV_8UC1 of that size, 255 where the picture was changed
    QByteArray file, twinFile; ///< the bytes of the last save: JPEG or PNG
    cv::Mat map;           ///< CV_64FC1 2 x 3: donor px to px of `picture`; empty for inpainting
};

/// Carries a plan out. @param host, donor  CV_8UC3; the donor is not looked at for copy-move and
/// inpainting. The same plan and pictures give the same bytes.
Forgery forge(const cv::Mat &host, const cv::Mat &donor, const ForgeryPlan &plan);

} // namespace fw
