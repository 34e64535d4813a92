// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/rasteriser.h"

#include <limits>

namespace fw::render {

void SampleBuffer::reset(int w, int h)
{
    width = w;
    height = h;
    const auto samples = static_cast<std::size_t>(w) * static_cast<std::size_t>(h);
    nearness.assign(samples, -std::numeric_limits<float>::infinity());
    triangle.assign(samples, -1);
}

void drawTriangles(std::span<const ScreenPoint> points, std::span<const cv::Vec3i> triangles,
                   int firstId, Facing facing, SampleBuffer &buffer)
{
    drawTriangles(points, triangles, firstId, facing, buffer,
                  [](int, const cv::Vec3f &) { return true; });
}

} // namespace fw::render
