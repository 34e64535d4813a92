// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/face_kit.h"

#include <opencv2/core.hpp>

#include <cstdint>
#include <vector>

namespace fw::render {

/// A short haircut as thin shells over the scalp: each shell keeps the samples where a strand
/// reaches it, so the head gets a soft outline without a model of single hairs.
class Hair
{
public:
    /// @param length  millimetres on the top of the head; 0 leaves the head bald
    Hair(const FaceKit &kit, float length, std::uint32_t seed);

    int shells() const { return m_shells; }
    const std::vector<cv::Vec3i> &triangles() const { return m_triangles; }

    /// Points of one shell, for every vertex of the head (0 is the scalp itself).
    /// @param points, normals  the head as it is drawn, any axes
    void shell(int index, const std::vector<cv::Vec3f> &points,
               const std::vector<cv::Vec3f> &normals, std::vector<cv::Vec3f> &out) const;

    /// 1 where hair grows thick, 0 on bare skin, for every vertex of the head.
    const std::vector<float> &growth() const { return m_growth; }

    /// Whether hair fills a place of a shell.
    /// @param rest  the place on the neutral head  @param growth  there, between the vertices'
    /// values
    bool covers(int index, const cv::Vec3f &rest, float growth) const;

private:
    float growthAt(const cv::Vec3f &rest) const;
    cv::Vec3f combed(int index, const cv::Vec3f &rest) const;

    int m_shells = 0;
    std::uint32_t m_seed = 0;
    std::vector<cv::Vec3i> m_triangles;
    std::vector<float> m_growth;
    std::vector<float> m_length; ///< one for each vertex of the head
};

} // namespace fw::render
