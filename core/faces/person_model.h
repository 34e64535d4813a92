// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/camera.h"
#include "faces/face.h"
#include "faces/face_shapes.h"

#include <memory>
#include <vector>

namespace fw {

/// One face in one frame as the head model explains it.
struct PersonFit
{
    HeadPose pose;                             ///< rmsPixels over all points
    std::array<float, 53> expression{};        ///< 0..1
    std::array<cv::Point3f, 68> points{};      ///< mm, camera axes
    std::vector<float> covariance;             ///< 53 x 53, of expression; empty unless asked for
    double restingLipGap = 0.0;                ///< mm, of this identity without expression
    double eyeCorners = 0.0;                   ///< mm between the outer corners of this identity

    float covarianceOf(std::size_t a, std::size_t b) const { return covariance[a * 53 + b]; }
};

struct PersonOptions
{
    double framesPerSecond = 30.0;
    /// Standard deviation of a landmark when none is measured, as a share of the distance of the
    /// outer eye corners.
    double landmarkShare = 0.01;
};

/// The head of one person, learnt while the clip goes on. A frame is fitted with the identity known
/// so far: pose and expression together, by Gauss-Newton steps with the pose eliminated, the
/// expression bound to 0..1, priors on strength, symmetry and change, and a robust loss. Up to 30 key
/// frames that spread over yaw and pitch teach the identity at growing intervals: for each, pose and
/// the active expressions are eliminated, and a ridge over all of them gives the identity.
/// Points of the jaw weigh less and may lie on either of two lines (bone or outline).
/// Deterministic; one thread at a time. Source: the face-behaviour specification after Baltrusaitis
/// et al. 2018 and Li et al. 2020; elimination instead of alternation is our own.
class PersonModel
{
public:
    PersonModel(std::shared_ptr<const FaceShapes> shapes, const Camera &camera,
                const PersonOptions &options = {});
    ~PersonModel();
    PersonModel(PersonModel &&) noexcept;

    /// Fits one frame and learns from it. Frames in ascending order.
    /// @param points  full-frame pixels; a point that is not finite counts as unseen.
    /// @param sigmas  px; null: a share of the eye distance. Never taken below 0.5 px.
    /// @return nullopt when the points determine no head in front of the camera.
    std::optional<PersonFit> next(FrameIndex frame, const Landmarks68 &points,
                                  const LandmarkSigmas *sigmas = nullptr);

    /// Fits without learning and without regard to the frame before.
    std::optional<PersonFit> fit(const Landmarks68 &points,
                                 const LandmarkSigmas *sigmas = nullptr) const;

    /// 40 strengths, standard deviations among people; all 0 before anything was learnt.
    std::vector<float> identity() const;
    int keyFrames() const;
    /// Where the identity was learnt anew; measurements step there.
    const std::vector<FrameIndex> &refinedAt() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace fw
