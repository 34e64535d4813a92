// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/face_kit.h"

#include <opencv2/core.hpp>

#include <array>
#include <cstdint>
#include <span>

namespace fw::render {

/// Lines that muscles pull into the skin, as slopes that are added to its normal: across the
/// forehead when the brows rise, between them when they are lowered, at the root of the nose, beside
/// the eyes and from the nose to the corners of the mouth when the cheeks rise, on the chin when it is
/// pushed up. Places after the action units of Ekman and Friesen; shapes and depths are our own.
class Wrinkles
{
public:
    /// @param depth  0 smooth to 1 an old face; part of it shows at rest.
    Wrinkles(const FaceKit &kit, float depth, std::uint32_t seed);

    /// How strongly each field acts. @param expression  one strength for each of the model's.
    struct Acting
    {
        std::array<float, 11> field{};
        bool any = false;
    };
    Acting acting(std::span<const float> expression) const;

    /// @param rest  a place on the neutral head, head axes, mm. @return head axes.
    cv::Vec3f slope(const cv::Vec3f &rest, const Acting &now) const;

private:
    /// Lines across an axis inside a soft ellipsoid.
    struct Field
    {
        cv::Vec3f centre, radius; ///< mm
        cv::Vec3f across;         ///< unit; the lines run at a right angle to it
        float spacing = 6;        ///< mm between lines
        float wave = 0.3f;        ///< of the spacing
    };
    std::array<Field, 11> m_fields;
    std::array<std::array<int, 2>, 11> m_shapes{}; ///< expressions that act, -1: none
    float m_depth = 0.5f;
    std::uint32_t m_seed = 0;
};

} // namespace fw::render
