// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/light.h"
#include "render/mesh.h"
#include "render/skin_texture.h"

#include <opencv2/core.hpp>

namespace fw::render {

constexpr float kIrisRadius = 5.9f; ///< millimetres

/// A visible point of the scene, camera axes.
struct SurfacePoint
{
    cv::Vec3f position;
    cv::Vec3f normal;
    cv::Vec3f rest;   ///< see Mesh::rest
    cv::Vec2f uv;     ///< skin only
    cv::Vec3f crease; ///< skin only: slope of wrinkles, head axes
    float open = 1;   ///< share of the sky
    float height = 0; ///< hair: 0 at the scalp, 1 at the tips; skin: how thick hair grows on it
    Material material = Material::Skin;
};

/// What a picture's shading reads; borrowed for one picture.
struct ShadingContext
{
    const Lighting *light = nullptr;
    const ShadowMap *shadow = nullptr;
    const SkinTexture *skin = nullptr;
    const Looks *looks = nullptr;
    cv::Matx33f headRotation = cv::Matx33f::eye();
    cv::Vec3f gaze[2];       ///< left and right eye, head axes, unit
    float eyeRadius = 13.4f; ///< millimetres
    float mouthOpen = 0;     ///< 0 to 1, lets light into the mouth
};

/// Linear colour (red first) that the point sends to the camera at the origin.
cv::Vec3f shade(const SurfacePoint &point, const ShadingContext &context);

/// Linear light to an 8-bit colour value, with a soft shoulder instead of hard clipping.
float displayValue(float linear);

} // namespace fw::render
