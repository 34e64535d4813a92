// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/shading.h"

#include "render/noise.h"

#include <cmath>

namespace fw::render {
namespace {

cv::Vec3f unit(const cv::Vec3f &v)
{
    return v * (1.0f / std::max(1e-9f, std::sqrt(v.dot(v))));
}

/// Blinn-Phong highlight, normalised so that a sharper one is brighter.
float highlight(const cv::Vec3f &normal, const cv::Vec3f &toLamp, const cv::Vec3f &toEye,
                float sharpness)
{
    const cv::Vec3f half = unit(toLamp + toEye);
    const float cosine = std::max(0.0f, normal.dot(half));
    const float fresnel = 0.03f + 0.97f * std::pow(1 - std::max(0.0f, toEye.dot(half)), 5.0f);
    return fresnel * (sharpness + 8) / 25.0f * std::pow(cosine, sharpness);
}

cv::Vec3f shadeSkin(const SurfacePoint &p, const ShadingContext &c, const cv::Vec3f &toEye,
                    float lit)
{
    SkinTexel skin = c.skin->at(p.uv);
    // Skin under hair is dark, and the hairline fades instead of ending.
    const float grown = 0.9f * smoothStep(0.0f, 0.5f, p.height);
    skin.albedo = skin.albedo * (1 - grown) + c.looks->hair * (0.9f * grown);
    skin.gloss *= 1 - grown;
    const cv::Vec3f normal = unit(p.normal + c.headRotation * (skin.bump + p.crease));
    const cv::Vec3f &lamp = c.light->keyDirection;
    // Light wanders under the skin, red furthest: it reaches round the edge of the shadow.
    constexpr float kWrap[3] = {0.30f, 0.14f, 0.09f};
    constexpr float kShadowPower[3] = {0.75f, 1.0f, 1.1f};
    const float facing = normal.dot(lamp), softFacing = p.normal.dot(lamp);
    const cv::Vec3f sky = c.light->ambientAt(normal);
    const float open = p.open;
    cv::Vec3f colour;
    for (int i = 0; i < 3; ++i) {
        const float mixed =
            i == 0 ? 0.4f * facing + 0.6f * softFacing : 0.8f * facing + 0.2f * softFacing;
        const float diffuse = std::max(0.0f, (mixed + kWrap[i]) / (1 + kWrap[i]));
        // Creases of skin fill with light that has passed through it.
        const float creased = open / (open + (1 - open) * (1 - 0.45f * (i == 0)));
        colour[i] = skin.albedo[i] * (sky[i] * creased + c.light->keyColour[i] * diffuse *
                                                             std::pow(lit, kShadowPower[i]) *
                                                             (0.35f + 0.65f * open));
    }
    const float shine =
        lit * std::max(0.0f, facing) * open * skin.gloss *
        (0.9f * highlight(normal, lamp, toEye, 12) + 0.6f * highlight(normal, lamp, toEye, 48));
    const float rim = std::pow(1 - std::max(0.0f, normal.dot(toEye)), 4.0f);
    return colour + c.light->keyColour * shine + sky * (open * skin.gloss * (0.012f + 0.10f * rim));
}

cv::Vec3f shadeEye(const SurfacePoint &p, const ShadingContext &c, const cv::Vec3f &toEye,
                   float lit)
{
    constexpr float kIris = kIrisRadius, kPupil = 2.1f, kBulgeCentre = 5.4f; // millimetres
    const bool left = p.material == Material::LeftEye;
    const cv::Vec3f gaze = c.gaze[left ? 0 : 1];
    const float along = std::clamp(p.rest.dot(gaze), -1.0f, 1.0f);
    const float from = c.eyeRadius * std::sqrt(1 - along * along); // distance from the gaze axis
    const bool front = along > 0;
    const cv::Vec3f side = unit(gaze.cross(cv::Vec3f(0, 1, 0)));
    const cv::Vec3f up = side.cross(gaze);
    const float angle = std::atan2(p.rest.dot(up), p.rest.dot(side));

    cv::Vec3f white(0.70f, 0.66f, 0.62f);
    const float vein = layeredNoise(p.rest * 9.0f, 3, c.looks->seed + 71);
    const float corner = smoothStep(7, 13, from);
    white = white.mul(cv::Vec3f(1, 1 - 0.22f * corner - 0.05f * std::max(0.0f, vein),
                                1 - 0.24f * corner - 0.05f * std::max(0.0f, vein)));
    cv::Vec3f albedo = white;
    if (front) {
        const float fibre =
            0.75f +
            0.35f * valueNoise({angle * 9.5f, from * 0.55f, left ? 3.f : 0.f}, c.looks->seed + 73);
        const float ring = 1.25f - 0.35f * smoothStep(kPupil, kIris * 0.62f, from) -
                           0.62f * smoothStep(kIris * 0.72f, kIris, from);
        const cv::Vec3f iris = c.looks->iris * (fibre * ring);
        albedo = iris + (white - iris) * smoothStep(kIris - 0.45f, kIris + 0.55f, from);
        albedo *= smoothStep(kPupil - 0.3f, kPupil + 0.3f, from) * 0.97f + 0.03f;
    }
    // The upper lid and its lashes shade the eye from above.
    const float shaded = 1 - 0.45f * smoothStep(-0.10f, -0.45f, p.rest[1]);
    const float facing = std::max(0.0f, 0.75f * p.normal.dot(c.light->keyDirection) + 0.25f);
    cv::Vec3f colour = albedo.mul(c.light->ambientAt(p.normal) * 0.80f +
                                  c.light->keyColour * (facing * lit * 0.85f)) *
                       shaded;
    // The cornea is a smaller sphere in front: its highlight stands still while the eye turns.
    const cv::Vec3f bulge = unit(p.rest * c.eyeRadius - gaze * kBulgeCentre);
    const bool cornea = front && from < kIris + 0.8f;
    const cv::Vec3f wet = cornea ? cv::Vec3f(c.headRotation * bulge) : p.normal;
    const float glint =
        std::pow(std::max(0.0f, wet.dot(unit(c.light->keyDirection + toEye))), 340.f);
    colour += c.light->keyColour * (glint * (cornea ? 1.6f : 0.35f) * std::max(0.3f, lit));
    const cv::Vec3f mirrored = 2 * wet.dot(toEye) * wet - toEye;
    colour += c.light->ambientAt(mirrored) * (0.035f * shaded);
    return colour;
}

cv::Vec3f shadeHair(const SurfacePoint &p, const ShadingContext &c, const cv::Vec3f &toEye,
                    float lit)
{
    const float strand = valueNoise(p.rest * 0.9f, c.looks->seed + 9);
    const float fine = valueNoise(cv::Vec3f(p.rest[0] * 1.7f, p.rest[1] * 0.5f, p.rest[2] * 0.5f),
                                  c.looks->seed + 12);
    const cv::Vec3f base = c.looks->hair * (1 + 0.45f * strand + 0.35f * fine);
    const float deep = 0.5f + 0.5f * p.height;
    const float facing = std::max(0.0f, 0.7f * p.normal.dot(c.light->keyDirection) + 0.3f);
    cv::Vec3f colour = base.mul(c.light->ambientAt(p.normal) + c.light->keyColour * (facing * lit));
    // Strands run back over the head; light glances off across them.
    const cv::Vec3f along =
        unit(c.headRotation * cv::Vec3f(0.25f * (p.rest[0] > 0 ? 1 : -1), 0.15f, 1));
    const cv::Vec3f tangent =
        unit(along - p.normal * along.dot(p.normal) + 0.25f * strand * p.normal);
    const cv::Vec3f half = unit(c.light->keyDirection + toEye);
    const float across = std::sqrt(std::max(0.0f, 1 - std::pow(tangent.dot(half), 2.0f)));
    colour += (c.looks->hair + cv::Vec3f::all(0.02f)) *
              (0.9f * std::pow(across, 22.0f) * lit * facing * (0.6f + 0.4f * fine));
    return colour * (deep * p.open);
}

cv::Vec3f shadeCloth(const SurfacePoint &p, const ShadingContext &c, const cv::Vec3f &toEye,
                     float lit)
{
    // Soft folds that hang from the shoulders, and the weave.
    const auto fold = [&](const cv::Vec3f &q) {
        return valueNoise({q[0] * 0.026f + 0.014f * q[1], q[1] * 0.013f, q[2] * 0.02f},
                          c.looks->seed + 81);
    };
    const float h = fold(p.rest), step = 2.0f;
    const cv::Vec3f slope(fold(p.rest + cv::Vec3f(step, 0, 0)) - h,
                          fold(p.rest + cv::Vec3f(0, step, 0)) - h, 0);
    const cv::Vec3f normal = unit(p.normal - slope * (9.0f / step));
    const float weave = 1 + 0.10f * valueNoise(p.rest * 0.9f, c.looks->seed + 83) +
                        0.06f * valueNoise(p.rest * 0.06f, c.looks->seed + 85);
    const float facing = std::max(0.0f, (normal.dot(c.light->keyDirection) + 0.1f) / 1.1f);
    cv::Vec3f colour = (c.looks->cloth * weave)
                           .mul(c.light->ambientAt(normal) * p.open +
                                c.light->keyColour * (facing * lit * (0.3f + 0.7f * p.open)));
    const float fuzz = std::pow(1 - std::max(0.0f, normal.dot(toEye)), 3.0f);
    return colour + c.looks->cloth.mul(c.light->ambientAt(normal)) * (0.6f * fuzz * p.open);
}

cv::Vec3f shadeMatt(const SurfacePoint &p, const ShadingContext &c, const cv::Vec3f &toEye,
                    float lit)
{
    cv::Vec3f albedo;
    float light = 1, gloss = 0;
    // How far behind the lips: the mouth darkens with depth.
    const float depth = smoothStep(22, -12, p.rest[2]);
    switch (p.material) {
    case Material::Teeth:
        albedo = {0.78f, 0.67f, 0.51f};
        light = depth * (0.30f + 0.50f * c.mouthOpen);
        gloss = 0.25f;
        break;
    case Material::Gums:
        albedo = {0.36f, 0.11f, 0.10f};
        light = depth * (0.12f + 0.40f * c.mouthOpen);
        gloss = 0.25f;
        break;
    case Material::MouthSocket:
        albedo = {0.26f, 0.07f, 0.06f};
        light = depth * (0.08f + 0.30f * c.mouthOpen);
        break;
    default: // the eye's corner and the rim behind the lids
        albedo = {0.50f, 0.24f, 0.21f};
        light = 0.55f;
        gloss = 0.3f;
        break;
    }
    const float facing = std::max(0.0f, 0.6f * p.normal.dot(c.light->keyDirection) + 0.4f);
    const cv::Vec3f colour =
        albedo.mul(c.light->ambientAt(p.normal) + c.light->keyColour * (facing * lit));
    const float shine = highlight(p.normal, c.light->keyDirection, toEye, 60) * gloss * lit;
    return (colour + c.light->keyColour * shine) * light;
}

} // namespace

cv::Vec3f shade(const SurfacePoint &point, const ShadingContext &context)
{
    const cv::Vec3f toEye = unit(-point.position);
    const float lit = context.shadow ? context.shadow->lit(point.position, point.normal) : 1.0f;
    switch (point.material) {
    case Material::Skin:
        return shadeSkin(point, context, toEye, lit);
    case Material::LeftEye:
    case Material::RightEye:
        return shadeEye(point, context, toEye, lit);
    case Material::Hair:
        return shadeHair(point, context, toEye, lit);
    case Material::Cloth:
        return shadeCloth(point, context, toEye, lit);
    default:
        return shadeMatt(point, context, toEye, lit);
    }
}

float displayValue(float linear)
{
    const float x = 1 - std::exp(-1.35f * std::max(0.0f, linear));
    const float y = x <= 0.0031308f ? 12.92f * x : 1.055f * std::pow(x, 1 / 2.4f) - 0.055f;
    return 255 * y;
}

} // namespace fw::render
