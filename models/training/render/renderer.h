// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/camera.h"
#include "render/head_geometry.h"
#include "render/light.h"
#include "render/skin_texture.h"

#include <opencv2/core.hpp>

#include <array>
#include <memory>
#include <span>
#include <vector>

namespace fw::render {

/// Who is in the picture.
struct Person
{
    std::vector<float> identity; ///< standard deviations of the model's modes
    Looks looks;
    float eyeRadius = 13.4f; ///< millimetres
};

/// Where one eye looks, radians from straight ahead in head axes.
struct Gaze
{
    float right = 0; ///< towards image right of a frontal head
    float down = 0;
};

/// One moment in front of the camera.
struct Shot
{
    Camera camera;
    HeadPose head;
    HeadPose body;
    std::vector<float> expression; ///< one strength for each of the model's expressions
    std::array<Gaze, 2> gaze;      ///< subject's left and right eye
    Lighting light = Lighting::room();
    cv::Mat background; ///< 8-bit BGR of the camera's size; grey when empty
    int samples = 2;    ///< along each side of a pixel
};

/// One eye as it was drawn; camera axes, millimetres.
struct EyeTruth
{
    cv::Vec3d centre;    ///< of the eyeball
    cv::Vec3d direction; ///< unit vector of gaze
    cv::Vec3d iris;      ///< centre of the iris
    double irisRadius = 0;
    double lidGap = 0; ///< between the lids, mean of two places
};

/// What is known about a picture because it was made: 68 points in iBUG order.
struct Truth
{
    std::array<cv::Point2d, 68> points; ///< pixels
    std::array<cv::Vec3d, 68> points3d; ///< millimetres, camera axes
    HeadPose head;
    std::array<double, 2> eyeAspectRatio; ///< in the picture; image left (36-41), image right
    std::array<EyeTruth, 2> eyes;         ///< image left, image right (of a frontal head)
};

struct Picture
{
    cv::Mat image; ///< 8-bit BGR, without sensor noise
    Truth truth;
};

/// Draws one person. Building it costs seconds (skin, skylight), a picture then a fraction of one.
/// The same input gives the same picture, with any number of threads.
class Renderer
{
public:
    Renderer(std::shared_ptr<const FaceKit> kit, const Person &person, int textureSide = 1024);
    ~Renderer();
    Renderer(const Renderer &) = delete;
    Renderer &operator=(const Renderer &) = delete;

    Picture render(const Shot &shot) const;
    /// The truth alone; costs next to nothing.
    Truth measure(const Shot &shot) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Eye aspect ratio of the six points that start at `first` (36 or 42).
double eyeAspectRatio(const std::array<cv::Point2d, 68> &points, int first);

/// Adds what a camera's sensor adds: noise that grows with brightness. Depends on the seed alone.
/// @param deviation  grey levels in mid tones
void addSensorNoise(cv::Mat &image, double deviation, std::uint64_t seed);

} // namespace fw::render
