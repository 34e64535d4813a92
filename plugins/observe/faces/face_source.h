// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/alignment.h"
#include "faces/face.h"
#include "faces/face_likeness.h"

#include <optional>
#include <vector>

namespace fw {

/// One answer of a face detector.
struct FaceHit
{
    cv::Rect2f box;     ///< full-frame pixels
    double score = 0.0; ///< the detector's own scale; 0 is its usual threshold
};

/// 68 points and how far they may be off.
struct PlacedFace
{
    Landmarks68 points;
    LandmarkSigmas sigmas{}; ///< px
    cv::Rect2f box;          ///< upright, as the detector would draw it
    /// How sure it is that this is a face, on the detector's scale; nullopt when the points were
    /// placed by something that cannot tell.
    std::optional<double> score;
    /// Where a network looked, frame to its square; nullopt when the points come from elsewhere.
    std::optional<Similarity> square;
};

/// What the tracker asks of the pixels. The finder answers from a detector and the landmark network; tests
/// answer from a script.
class FaceSource
{
public:
    virtual ~FaceSource() = default;

    /// All faces of the picture above the detector's usual threshold, best first.
    /// @param fine  take the time to find smaller ones, too.
    virtual std::vector<FaceHit> search(const cv::Mat &grey, bool fine) = 0;

    /// The face at about this place and of about this size; nullopt when none there scores at least
    /// `leastScore`. @param reach  how far its centre may have moved, in widths of the box.
    virtual std::optional<FaceHit> confirm(const cv::Mat &grey, const cv::Rect2f &near,
                                           double leastScore, double reach) = 0;

    /// The face at `box` in the mirrored picture, as a second look that needs no second frame; nullopt when the
    /// detector's usual threshold is not reached there. The hit's box is the mirrored picture's.
    virtual std::optional<FaceHit> confirmMirrored(const cv::Mat &grey, const cv::Rect2f &box) = 0;

    /// Landmarks of a face that was just found, and of one that was here a moment ago.
    /// @param step  how far it is expected to have moved since, px.
    virtual PlacedFace place(const cv::Mat &grey, const cv::Rect2f &box) = 0;
    virtual PlacedFace follow(const cv::Mat &grey, const PlacedFace &last, const cv::Point2f &step) = 0;

    /// How this face looks; nullopt when that cannot be told.
    virtual std::optional<FaceMark> mark(const cv::Mat &grey, const Landmarks68 &points) = 0;
};

} // namespace fw
