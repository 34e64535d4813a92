// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/face_grid.h"

#include <algorithm>
#include <cmath>

namespace fw {

namespace {

constexpr float kSameFace = 0.35f; ///< intersection over union
constexpr float kInside = 0.6f;    ///< of the smaller square: a face within a face is none
constexpr float kMiddleSide = 3.0f * kFaceGridStride;

bool isSame(const cv::Rect2f &a, const cv::Rect2f &b)
{
    const float both = (a & b).area(), either = a.area() + b.area() - both;
    return both > kSameFace * either || both > kInside * std::min(a.area(), b.area());
}

} // namespace

float faceGridLogSide(float side)
{
    return std::log(side / kMiddleSide);
}

std::vector<GridFace> facesOfGrid(std::span<const float> values, cv::Size input, float leastLogOdds)
{
    const int across = faceGridPlaces(input.width);
    const std::size_t plane = std::size_t(across) * std::size_t(faceGridPlaces(input.height));
    if (values.size() != 4 * plane)
        return {};
    std::vector<GridFace> found;
    const float *v = values.data();
    for (std::size_t i = 0; i < plane; ++i) {
        if (!(v[i] > leastLogOdds))
            continue;
        const float x = (float(int(i) % across) + 0.5f + v[plane + i]) * kFaceGridStride;
        const float y = (float(int(i) / across) + 0.5f + v[2 * plane + i]) * kFaceGridStride;
        const float side = kMiddleSide * std::exp(std::clamp(v[3 * plane + i], -3.0f, 3.0f));
        found.push_back({{x - side / 2, y - side / 2, side, side}, v[i]});
    }
    return found;
}

std::vector<GridFace> surest(std::vector<GridFace> faces)
{
    std::sort(faces.begin(), faces.end(), [](const GridFace &a, const GridFace &b) { return a.logOdds > b.logOdds; });
    std::vector<GridFace> kept;
    for (const GridFace &face : faces) {
        const bool known = std::any_of(kept.begin(), kept.end(), [&](const GridFace &k) { return isSame(k.box, face.box); });
        if (!known)
            kept.push_back(face);
    }
    return kept;
}

cv::Mat faceGridInput(const cv::Mat &grey)
{
    cv::Mat input;
    grey.convertTo(input, CV_32F, 1.0 / 64.0, -2.0);
    return input;
}

} // namespace fw
