// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/camera.h"
#include "faces/face.h"
#include "faces/face_shapes.h"
#include "faces/head_model.h"

#include <random>

namespace fw {

/// Heads, poses and splices as geometry alone: what landmarks of people would be, with the truth.
/// Deterministic for a seed.
class SimulatedHeads
{
public:
    SimulatedHeads(const FaceShapes &shapes, std::uint64_t seed) : m_shapes(shapes), m_random(seed) {}

    static Camera camera() { return Camera::assumed(1280, 720); }

    /// A person: 40 strengths, standard normal.
    std::vector<float> person();
    /// A mild expression: some strengths a little, as faces that speak show them.
    std::vector<float> expression();
    HeadModel head(const std::vector<float> &person, const std::vector<float> &expression = {}) const;
    /// The head with an error of its own at every coordinate, mm: a shape that is known that well.
    HeadModel knownTo(const HeadModel &head, double millimetres);

    /// Yaw within 30 degrees, pitch within 15, roll within 8; eye corners of a mean head so far apart.
    HeadPose pose(double eyeCornersPixels = 129.0);
    /// A turn of so many degrees about a random axis.
    cv::Matx33d turn(double degrees);

    static Landmarks68 seen(const HeadModel &head, const HeadPose &pose);
    /// The inner face (17..67) of `source`, its pose wrong by `error`, laid over that of `target` by a
    /// similarity, as face-swap tools do.
    static Landmarks68 spliced(const HeadModel &target, const HeadModel &source, const HeadPose &pose, const cv::Matx33d &error);

    void addNoise(Landmarks68 &points, double sigmaPixels);
    /// How a landmark network is wrong about one face: the same offset in every frame, neighbours
    /// alike, so many pixels (standard deviation).
    std::array<cv::Point2f, 68> habit(double sigmaPixels);

    double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(m_random); }
    double normal() { return m_normal(m_random); }

private:
    const FaceShapes &m_shapes;
    std::mt19937_64 m_random;
    std::normal_distribution<double> m_normal;
};

} // namespace fw
