// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <optional>
#include <vector>

namespace fw {

/// One block in one frame: how far it moved between the two fields of the frame, and from the second
/// field to the first of the next frame. Equal for what a camera recorded in fields.
struct FieldMotion
{
    cv::Point2f within, across; ///< px of the frame
    /// |within - across| / (|within| + |across| + 0.5): 0 for equal motion, near 1 where a picture
    /// was moved frame by frame.
    double difference() const;
};

/// One field stretched to the height of the frame by cubic interpolation, its lines staying as they
/// are at their places. @param parity  0: even lines.
cv::Mat fieldPicture(const cv::Mat &luma, int parity);

/// Collects motion per block of 32 px over consecutive frames of interlaced video.
class FieldMotionGrid
{
public:
    static constexpr int kBlock = 32;

    explicit FieldMotionGrid(bool topFirst) : m_first(topFirst ? 0 : 1) {}

    /// The next frame; the first one of each run of frames only begins it.
    void add(const cv::Mat &luma, bool follows);

    /// One block of the grid, over all frames where it moved and could be measured.
    struct Block
    {
        cv::Point place; ///< column and row
        double difference = 0.0; ///< median
        int frames = 0;
    };
    std::vector<Block> blocks(int leastFrames) const;
    cv::Size grid() const { return m_grid; }
    const std::vector<FieldMotion> &motions() const { return m_all; }

private:
    std::vector<cv::Mat> pyramidOf(const cv::Mat &luma, int parity) const;

    int m_first = 0;
    cv::Size m_grid;
    int m_narrowing = 1; ///< pictures are made narrower by this
    std::vector<cv::Mat> m_firstField, m_secondField; ///< pyramids with gradients
    std::vector<std::vector<float>> m_differences; ///< per block
    std::vector<FieldMotion> m_all;
};

/// Blocks that stand out: difference above 0.5 and above the other blocks by four robust deviations.
struct FieldVerdict
{
    double typical = 0.0; ///< median over the blocks
    std::size_t measured = 0;
    std::vector<FieldMotionGrid::Block> odd; ///< in groups of three and more
};
FieldVerdict judgeField(const std::vector<FieldMotionGrid::Block> &blocks);

} // namespace fw
