// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/face_kit.h"

#include <opencv2/core.hpp>

#include <cstdint>

namespace fw::render {

/// How a person's surface looks; colours are linear, red first.
struct Looks
{
    std::uint32_t seed = 1;
    float melanin = 0.25f; ///< 0 pale to 1 very dark
    float blood = 0.5f;    ///< redness of cheeks, nose, ears and lips
    float stubble = 0.5f;  ///< 0 none to 1 a dark shadow
    float brows = 0.9f;    ///< density of the eyebrows
    float wrinkles = 0.0f; ///< depth of the lines that expressions pull: 0 none to 1 an old face
    float hairLength = 12; ///< millimetres on top of the head; 0 is bald
    cv::Vec3f hair{0.045f, 0.026f, 0.016f};
    cv::Vec3f iris{0.13f, 0.20f, 0.22f};
    cv::Vec3f cloth{0.05f, 0.09f, 0.16f};
};

/// One point of the skin.
struct SkinTexel
{
    cv::Vec3f albedo;
    float gloss = 0;
    cv::Vec3f bump; ///< added to the normal, head axes
};

/// Skin colour, gloss and pores of one person, painted once into the model's two skin pages.
class SkinTexture
{
public:
    /// @param side  texels along one side of the face page; the other page has half of that
    SkinTexture(const FaceKit &kit, const Looks &looks, int side = 1024);

    /// The skin at a texture coordinate of the model: u in [0,1) is the face, [1,2) the rest.
    SkinTexel at(const cv::Vec2f &uv) const;

private:
    std::vector<SkinTexel> m_pages[2];
    int m_side[2] = {0, 0};
};

} // namespace fw::render
