// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <array>
#include <filesystem>
#include <vector>

namespace fw::lab {

/// Where a sample's truth comes from.
enum class Source : std::int32_t { Photo = 0, Render = 1 };

/// What is known about one eye; pixels of the sample's picture.
struct EyeLabel
{
    float iris[2] = {};
    float irisRadius = 0;
    float lids[24] = {}; ///< seven along the upper lid from the left corner, five back below
    float gaze[3] = {};  ///< unit vector, camera axes
    float openness = 0;  ///< gap between the lids over that of the same eye at rest
    float ball[3] = {};  ///< centre of the eyeball, mm, camera axes
};

/// A face and what is known about it. Photographs know their points only.
struct FaceLabel
{
    Source source = Source::Photo;
    std::int32_t person = 0; ///< photographs and renders count apart
    std::int32_t scene = 0;  ///< renders: pictures of one person in one light count the same
    float points[136] = {};  ///< x and y in iBUG order, px of the picture
    float pitch = 0, yaw = 0, roll = 0; ///< rad
    float focal = 0;                    ///< px
    float centre[2] = {};               ///< principal point, px
    float expression[64] = {};          ///< in the order of the head model's names
    EyeLabel eyes[2];                   ///< image left, image right
};

struct FaceSample
{
    FaceLabel label;
    cv::Mat grey; ///< CV_8UC1, kSampleSide square
};

constexpr int kSampleSide = 256;

/// A file of samples, all of one size: label and pixels one after the other.
class SamplePack
{
public:
    static Result<SamplePack> read(const std::filesystem::path &file);
    /// Appends; an interrupted write leaves whole samples before it.
    static Result<void> append(const std::filesystem::path &file,
                               const std::vector<FaceSample> &samples);

    std::size_t size() const { return m_labels.size(); }
    const FaceLabel &label(std::size_t i) const { return m_labels[i]; }
    /// Shares the pack's memory.
    cv::Mat grey(std::size_t i) const;

private:
    std::vector<FaceLabel> m_labels;
    std::vector<std::uint8_t> m_pixels;
};

} // namespace fw::lab
