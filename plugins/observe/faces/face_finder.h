// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "face_source.h"
#include "landmark_cascade.h"

#include <memory>

namespace fw {

/// Faces by dlib's frontal HOG detector, landmarks by the 68-point cascade. One thread at a time.
class FaceFinder : public FaceSource
{
public:
    /// Loading both models takes more than a second, so a process keeps them once it has them.
    /// @param searchSide  px of the picture's long side when it is searched; fine searches take
    ///        half as much again.
    static Result<std::unique_ptr<FaceFinder>> open(const QString &predictorPath,
                                                    int searchSide = 640);
    ~FaceFinder() override;

    std::vector<FaceHit> search(const cv::Mat &grey, bool fine) override;
    std::optional<FaceHit> confirm(const cv::Mat &grey, const cv::Rect2f &near, double leastScore,
                                   double reach) override;
    PlacedFace place(const cv::Mat &grey, const cv::Rect2f &box) override;
    PlacedFace follow(const cv::Mat &grey, const Landmarks68 &expected) override;

    /// For single pictures: also look at up to twice the usual size, and keep only faces that are
    /// found again in the mirrored picture (there is no second frame to confirm them).
    std::vector<FaceHit> searchStill(const cv::Mat &grey);

private:
    struct Impl;
    explicit FaceFinder(std::unique_ptr<Impl> impl);
    PlacedFace average(const cv::Mat &grey, const Similarity &frame) const;
    std::unique_ptr<Impl> m_impl;
};

/// Intersection over union of two boxes, 0..1.
double overlap(const cv::Rect2f &a, const cv::Rect2f &b);

} // namespace fw
