// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "render/noise.h"

#include <opencv2/core.hpp>

#include <array>
#include <filesystem>
#include <vector>

namespace fw::lab {

/// One eye of one drawn person in one light and pose, with its lids in several places. Sequences are
/// mixed from these stills: a lid in motion is the mean of what the shutter saw.
struct BlinkScene
{
    static constexpr int kClosing = 9; ///< from open (0) to closed (8) in even steps
    static constexpr int kDown = 3;    ///< 9..11: the eye looks down, further and further
    static constexpr int kSquint = 2;  ///< 12, 13: the cheek rises
    static constexpr int kLook = 3;    ///< 14..16: the eye looks left, right and up
    static constexpr int kFirstDown = kClosing, kFirstSquint = kFirstDown + kDown, kFirstLook = kFirstSquint + kSquint;
    static constexpr int kStills = kFirstLook + kLook;
    static constexpr int kWidth = 96, kHeight = 64; ///< the part of the network with room around it

    std::int32_t person = 0;
    std::array<float, kClosing> closure{}; ///< (EAR open - EAR) / (EAR open - EAR closed), of the mesh
    std::array<cv::Mat, kStills> stills;   ///< CV_8UC1, seen as the eye at the left of the picture
};

/// Eyes of people by chance. The same number is the same person as in renderSamples().
struct BlinkSceneOrder
{
    std::filesystem::path faceKit;
    int firstPerson = 0, people = 10;
    int scenes = 4; ///< of each person, two eyes each
    std::uint64_t seed = 1;
};
/// Draws them and appends them to a file, person by person.
Result<void> renderBlinkScenes(const BlinkSceneOrder &order, const std::filesystem::path &out);

Result<std::vector<BlinkScene>> readBlinkScenes(const std::filesystem::path &file);

} // namespace fw::lab
