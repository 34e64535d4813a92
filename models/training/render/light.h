// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/rasteriser.h"

#include <opencv2/core.hpp>

#include <array>
#include <span>

namespace fw::render {

/// Light from all around as nine spherical-harmonic coefficients a colour, and one soft lamp.
/// Camera axes, linear colours, red first.
struct Lighting
{
    std::array<cv::Vec3f, 9> ambient{};
    cv::Vec3f keyDirection{-0.45f, -0.55f, -0.70f}; ///< towards the lamp
    cv::Vec3f keyColour{1.0f, 0.95f, 0.88f};

    /// Adds a broad light of the given colour from a direction (need not be a unit vector).
    void addLobe(const cv::Vec3f &towards, const cv::Vec3f &colour);
    void addEven(const cv::Vec3f &colour);
    /// What a white matt surface with this normal sends back of the ambient light.
    cv::Vec3f ambientAt(const cv::Vec3f &normal) const;

    /// A room with a window at the left and warm light from the ceiling.
    static Lighting room();
};

/// Which points the lamp reaches; made anew for each picture.
class ShadowMap
{
public:
    ShadowMap(std::span<const cv::Vec3f> points, std::span<const cv::Vec3i> triangles,
              const cv::Vec3f &towardsLamp, int size = 512);
    /// Share of the lamp that reaches the point, softened over some millimetres.
    float lit(const cv::Vec3f &point, const cv::Vec3f &normal) const;

private:
    ScreenPoint onMap(const cv::Vec3f &point) const;

    cv::Vec3f m_to, m_right, m_down, m_centre;
    float m_scale = 1;
    SampleBuffer m_buffer;
};

} // namespace fw::render
