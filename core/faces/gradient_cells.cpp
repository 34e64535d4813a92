// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/gradient_cells.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

namespace fw {

namespace {

constexpr float kMostOfAll = 0.2f; // no direction may outweigh the others

void normalise(std::span<float> block)
{
    const auto scale = [&] {
        float sum = 1e-6f;
        for (const float v : block)
            sum += v * v;
        const float factor = 1.0f / std::sqrt(sum);
        for (float &v : block)
            v *= factor;
    };
    scale();
    for (float &v : block)
        v = std::min(v, kMostOfAll);
    scale();
}

} // namespace

std::vector<float> gradientCells(const cv::Mat &part, int cellsAcross)
{
    cv::Mat dx, dy;
    cv::Sobel(part, dx, CV_32F, 1, 0, 1, 0.5);
    cv::Sobel(part, dy, CV_32F, 0, 1, 1, 0.5);
    const int side = part.cols;
    const float cell = float(side / cellsAcross);
    std::vector<float> cells(std::size_t(cellsAcross) * std::size_t(cellsAcross) * kGradientDirections, 0.0f);
    const auto add = [&](int cx, int cy, int direction, float weight) {
        if (cx < 0 || cy < 0 || cx >= cellsAcross || cy >= cellsAcross)
            return;
        const int d = (direction + kGradientDirections) % kGradientDirections;
        cells[std::size_t((cy * cellsAcross + cx) * kGradientDirections + d)] += weight;
    };
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
            const float gx = dx.at<float>(y, x), gy = dy.at<float>(y, x);
            const float length = std::hypot(gx, gy);
            float turn = std::atan2(gy, gx) / std::numbers::pi_v<float>; // half turns
            turn = (turn < 0 ? turn + 1 : turn) * kGradientDirections - 0.5f;
            const float u = (float(x) + 0.5f) / cell - 0.5f, v = (float(y) + 0.5f) / cell - 0.5f;
            const int d0 = int(std::floor(turn)), x0 = int(std::floor(u)), y0 = int(std::floor(v));
            const float dd = turn - float(d0), du = u - float(x0), dv = v - float(y0);
            for (int i = 0; i < 8; ++i) {
                const float weight = (i & 1 ? dd : 1 - dd) * (i & 2 ? du : 1 - du) * (i & 4 ? dv : 1 - dv);
                add(x0 + (i >> 1 & 1), y0 + (i >> 2), d0 + (i & 1), weight * length);
            }
        }
    for (std::size_t i = 0; i < cells.size(); i += kGradientDirections)
        normalise(std::span(cells).subspan(i, kGradientDirections));
    return cells;
}

} // namespace fw
