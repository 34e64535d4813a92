// SPDX-License-Identifier: GPL-3.0-or-later
#include "landmark_cascade.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace fw {

namespace {

std::array<cv::Point2d, 68> pointsOf(std::span<const float> shape)
{
    std::array<cv::Point2d, 68> points;
    for (std::size_t i = 0; i < 68; ++i)
        points[i] = {shape[2 * i], shape[2 * i + 1]};
    return points;
}

} // namespace

Landmarks68 LandmarkCascade::place(const cv::Mat &grey, const Similarity &frame) const
{
    constexpr int kAhead = 6; // trees whose leaves are under way while one is added
    constexpr int kLine = 16; // floats of one cache line
    const auto mean = pointsOf(m_mean);
    std::array<float, kNumbers> shape;
    std::copy(m_mean.begin(), m_mean.end(), shape.begin());
    std::vector<float> probes;
    std::vector<const float *> leaves(std::size_t(m_treesPerStage) + kAhead, nullptr);

    for (const Stage &stage : m_stages) {
        // Probe pixels move with their anchor and turn and grow with the whole shape.
        const auto turn = fitSimilarity(mean, pointsOf(shape)).value_or(Similarity{});
        probes.resize(stage.anchors.size());
        for (std::size_t i = 0; i < probes.size(); ++i) {
            const cv::Point2f &d = stage.offsets[i];
            const std::size_t a = 2 * std::size_t(stage.anchors[i]);
            const cv::Point2d unit(turn.real * d.x - turn.imaginary * d.y + shape[a],
                                   turn.imaginary * d.x + turn.real * d.y + shape[a + 1]);
            const cv::Point2d p = frame.map(unit);
            const int x = cvFloor(p.x + 0.5), y = cvFloor(p.y + 0.5);
            const bool inside = x >= 0 && y >= 0 && x < grey.cols && y < grey.rows;
            probes[i] = inside ? float(grey.ptr<uchar>(y)[x]) : 0.0f;
        }
        const int leavesPerTree = m_splitsPerTree + 1;
        for (int tree = 0; tree < m_treesPerStage; ++tree) {
            const Split *splits = stage.splits.data() + std::size_t(tree) * m_splitsPerTree;
            int node = 0;
            while (node < m_splitsPerTree) {
                const Split &s = splits[node];
                node = 2 * node + (probes[s.first] - probes[s.second] > s.threshold ? 1 : 2);
            }
            const std::size_t leaf = std::size_t(tree) * leavesPerTree + (node - m_splitsPerTree);
            leaves[std::size_t(tree)] = stage.leaves.data() + leaf * kNumbers;
        }
        std::fill(leaves.begin() + m_treesPerStage, leaves.end(), stage.leaves.data());
        for (int tree = 0; tree < m_treesPerStage; ++tree) {
            const float *next = leaves[std::size_t(tree) + kAhead];
            for (int k = 0; k < kNumbers; k += kLine)
                __builtin_prefetch(next + k);
            const float *leaf = leaves[std::size_t(tree)];
            for (int k = 0; k < kNumbers; ++k)
                shape[std::size_t(k)] += leaf[k];
        }
    }

    Landmarks68 points;
    const auto unit = pointsOf(shape);
    for (std::size_t i = 0; i < 68; ++i)
        points[i] = frame.map(unit[i]);
    return points;
}

std::optional<Similarity> LandmarkCascade::frameOf(const Landmarks68 &points) const
{
    std::array<cv::Point2d, 68> seen;
    std::copy(points.begin(), points.end(), seen.begin());
    return fitSimilarity(pointsOf(m_mean), seen);
}

Similarity LandmarkCascade::frameOf(const cv::Rect2f &box)
{
    // One factor for both axes: detector boxes are square but for rounding and clipping.
    const double side = 0.5 * (double(box.width) + box.height);
    const double x = box.x + 0.5 * box.width, y = box.y + 0.5 * box.height;
    return {side, 0.0, {x - 0.5 * side, y - 0.5 * side}, 0.0};
}

cv::Rect2f LandmarkCascade::boxOf(const Similarity &frame)
{
    const cv::Point2d centre = frame.map({0.5, 0.5});
    const double side = frame.scale();
    return {float(centre.x - 0.5 * side), float(centre.y - 0.5 * side), float(side), float(side)};
}

} // namespace fw
