// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "face_source.h"
#include "infer/network.h"

#include <memory>

namespace fw {

/// Finds faces in a picture of any size. One thread at a time.
class FaceDetector
{
public:
    virtual ~FaceDetector() = default;
    /// All faces that score at least `leastScore`, boxes in pixels of `grey` (CV_8UC1).
    virtual std::vector<FaceHit> detect(const cv::Mat &grey, double leastScore) = 0;

    /// Side of the smallest face that it knows, px.
    virtual double leastSide() const = 0;
    /// Side at which it looks best at a face whose size is known, px.
    virtual double bestSide() const = 0;
    /// Side of the smallest face that a picture is searched for, px of the picture.
    virtual double leastFace() const = 0;
    /// How much a picture may be enlarged for a search.
    virtual double mostGrowth() const = 0;
    /// Its hits are faces; else the landmark network is asked as well.
    virtual bool isSure() const = 0;
    /// What it wants to see around a face, in widths of the face on each side.
    virtual double surroundings() const = 0;
    /// The long side of a picture for a usual search, over the side that the user chose.
    virtual double searchScale() const = 0;
};

/// Our own network: small faces and profiles too. Errors are those of Network::load.
Result<std::unique_ptr<FaceDetector>> gridDetector(const QString &path, const QString &sha256);

/// dlib's frontal detector (histograms of oriented gradients): slow, and blind to profiles.
std::unique_ptr<FaceDetector> hogDetector();

} // namespace fw
