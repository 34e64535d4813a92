// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "forge/plan.h"
#include "photos/patch_source.h"

namespace fw::lab {

/// A forged picture: one paste, whose surroundings share every save and all processing with it.
struct PastedPicture
{
    cv::Mat bgr;             ///< CV_8UC3
    cv::Mat mask;            ///< CV_8UC1, 255 inside the paste
    bool resampled = false;  ///< whether the paste was scaled, turned or sheared
};

/// @param quality  of the last save; 0: none.
PastedPicture pastedPicture(const cv::Mat &host, const cv::Mat &donor, const ForgeryPlan &plan, int quality);

/// A picture to learn from: of random pictures, with a random plan; a quarter of the pastes is not resampled.
/// @param seed  of the plan. @param mostSide  of the picture, px.
PastedPicture drawPasted(Draw &draw, std::uint64_t seed, const PatchSource &source, int mostSide);

/// What validation asks: enlarged 1.2 times and bilinear, never saved and saved at 90; any geometry, never saved and
/// saved at 70 to 89.
constexpr int kPasteConditions = 4;
constexpr std::array<const char *, kPasteConditions> kPasteConditionNames{"1.2 bilinear", "1.2 bilinear saved at 90", "any geometry",
                                                                          "any geometry saved at 70-89"};
/// The i-th picture of a condition, the same every time. @param draw  is set anew and stands where the picture left it.
PastedPicture validationPasted(Draw &draw, int condition, int i, const PatchSource &source, int mostSide);

} // namespace fw::lab
