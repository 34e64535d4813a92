// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/face_sample.h"

#include <QString>

namespace fw::lab {

struct RenderOrder
{
    std::filesystem::path faceKit;     ///< folder of the head model
    std::filesystem::path backgrounds; ///< folder of pictures; may be empty
    int firstPerson = 0;               ///< people are numbered; a number is always the same person
    int people = 100;
    int shots = 40; ///< pictures of each
    /// Eight pictures in one light each, the first at rest, the others turned as far as a profile; else each
    /// by itself.
    bool scenes = false;
    std::uint64_t seed = 1;
};

/// Draws people by chance and appends them to a pack.
Result<void> renderSamples(const RenderOrder &order, const std::filesystem::path &out);

/// Reads annotated photographs: a CSV with file, person, split and 68 points.
/// @param split  "train" or "test"; people never occur in both.
Result<void> photoSamples(const std::filesystem::path &csv, const std::string &split,
                          const std::filesystem::path &out);

/// One photograph with points in its own pixels, brought to the size of a sample.
FaceSample sampleOfPhoto(const cv::Mat &grey, const std::array<cv::Point2f, 68> &points);

} // namespace fw::lab
