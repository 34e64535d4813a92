// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "face_detector.h"
#include "landmark_network.h"

#include <memory>

namespace fw {

/// Faces from a detector, points from the landmark network. One thread at a time.
class FaceFinder : public FaceSource
{
public:
    /// @param searchSide  px of the picture's long side when it is searched with dlib's detector; our own takes
    ///        a fixed share of it (FaceDetector::searchScale). Fine searches take half as much again.
    FaceFinder(std::unique_ptr<FaceDetector> detector, std::unique_ptr<LandmarkNetwork> landmarks,
               FaceLikeness likeness, int searchSide = 640);

    std::vector<FaceHit> search(const cv::Mat &grey, bool fine) override;
    std::optional<FaceHit> confirm(const cv::Mat &grey, const cv::Rect2f &near, double leastScore,
                                   double reach) override;
    std::optional<FaceHit> confirmMirrored(const cv::Mat &grey, const cv::Rect2f &box) override;
    PlacedFace place(const cv::Mat &grey, const cv::Rect2f &box) override;
    PlacedFace follow(const cv::Mat &grey, const PlacedFace &last, const cv::Point2f &step) override;
    std::optional<FaceMark> mark(const cv::Mat &grey, const Landmarks68 &points) override;

    /// For single pictures: also look at up to twice the usual size, and keep only faces that are
    /// found again in the mirrored picture (there is no second frame to confirm them).
    std::vector<FaceHit> searchStill(const cv::Mat &grey);

private:
    /// Hits of a detector that is not sure, with the landmark network's opinion as their score.
    std::vector<FaceHit> agreed(const cv::Mat &grey, std::vector<FaceHit> hits);


    std::unique_ptr<FaceDetector> m_detector;
    std::unique_ptr<LandmarkNetwork> m_landmarks;
    FaceLikeness m_likeness;
    double m_searchSide;
};

/// A search of a whole picture. @param searchSide  as above. @param factor  finer than usual, as above.
std::vector<FaceHit> searchWhole(FaceDetector &detector, const cv::Mat &grey, double searchSide, double factor);

/// Intersection over union of two boxes, 0..1.
double overlap(const cv::Rect2f &a, const cv::Rect2f &b);

} // namespace fw
