// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/face_grid.h"

#include <algorithm>
#include <cmath>

namespace fw::lab {

namespace {

constexpr float kSameFace = 0.35f;

float overlapOf(const cv::Rect2f &a, const cv::Rect2f &b)
{
    const float both = (a & b).area();
    return both / std::max(1e-6f, a.area() + b.area() - both);
}

} // namespace

std::vector<GridFace> facesOfGrid(std::span<const float> values, cv::Size input,
                                  float leastLogOdds)
{
    std::vector<GridFace> found;
    std::size_t at = 0;
    for (const FaceGridLevel &level : kFaceGrid) {
        const cv::Size grid = faceGridSize(input, level);
        const std::size_t plane = std::size_t(grid.area());
        if (values.size() < at + 4 * plane)
            return {};
        const float *v = values.data() + at;
        at += 4 * plane;
        for (std::size_t i = 0; i < plane; ++i) {
            if (!(v[i] > leastLogOdds))
                continue;
            const float stride = float(level.stride);
            const float x = (float(int(i) % grid.width) + 0.5f + v[plane + i]) * stride;
            const float y = (float(int(i) / grid.width) + 0.5f + v[2 * plane + i]) * stride;
            const float side = 4 * stride * std::exp(std::clamp(v[3 * plane + i], -3.0f, 3.0f));
            found.push_back({{x - side / 2, y - side / 2, side, side}, v[i]});
        }
    }
    std::sort(found.begin(), found.end(),
              [](const GridFace &a, const GridFace &b) { return a.logOdds > b.logOdds; });
    std::vector<GridFace> kept;
    for (const GridFace &face : found) {
        const bool known = std::any_of(kept.begin(), kept.end(), [&](const GridFace &k) {
            return overlapOf(k.box, face.box) > kSameFace;
        });
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

} // namespace fw::lab
