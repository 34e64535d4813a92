// SPDX-License-Identifier: GPL-3.0-or-later
#include "field_motion.h"

#include "stats/quantile.h"

#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include <algorithm>
#include <cmath>

namespace fw {
namespace {

constexpr float kLeastMotion = 1.0F;    ///< px; noise alone moves blocks by a third of it
constexpr double kLeastCorner = 1.5e-3; ///< smallest eigenvalue as OpenCV scales it
constexpr double kOdd = 0.5, kOddDeviations = 4.0;
constexpr std::size_t kLeastBlocks = 6;
constexpr std::ptrdiff_t kLeastNeighbours = 2; ///< odd blocks beside an odd block

float length(cv::Point2f v)
{
    return std::hypot(v.x, v.y);
}

/// Where each point of `from` lies in `to`; status 0 where there is too little structure.
std::vector<cv::Point2f> follow(const cv::Mat &from, const cv::Mat &to, const std::vector<cv::Point2f> &points,
                                std::vector<uchar> *found)
{
    std::vector<cv::Point2f> moved;
    std::vector<float> error;
    const cv::Size window(FieldMotionGrid::kBlock - 1, FieldMotionGrid::kBlock - 1);
    const cv::TermCriteria end(cv::TermCriteria::COUNT | cv::TermCriteria::EPS, 20, 0.01);
    cv::calcOpticalFlowPyrLK(from, to, points, moved, *found, error, window, 2, end, 0, kLeastCorner);
    return moved;
}

} // namespace

double FieldMotion::difference() const
{
    return length(within - across) / (length(within) + length(across) + 0.5F);
}

cv::Mat fieldPicture(const cv::Mat &luma, int parity)
{
    cv::Mat field(luma.rows / 2, luma.cols, CV_8UC1);
    for (int y = 0; y < field.rows; ++y)
        luma.row(2 * y + parity).copyTo(field.row(y));
    const cv::Matx23d down(1, 0, 0, 0, 0.5, -0.5 * parity);
    cv::Mat picture;
    cv::warpAffine(field, picture, down, luma.size(), cv::INTER_CUBIC | cv::WARP_INVERSE_MAP,
                   cv::BORDER_REPLICATE);
    return picture;
}

void FieldMotionGrid::add(const cv::Mat &luma, bool follows)
{
    const cv::Mat first = fieldPicture(luma, m_first);
    const cv::Mat second = fieldPicture(luma, 1 - m_first);
    if (m_grid.empty()) {
        m_grid = {luma.cols / kBlock, luma.rows / kBlock};
        m_differences.resize(std::size_t(m_grid.area()));
    }
    if (follows && m_firstField.size() == first.size()) {
        std::vector<cv::Point2f> points;
        for (int i = 0; i < m_grid.area(); ++i)
            points.emplace_back((float(i % m_grid.width) + 0.5F) * kBlock, (float(i / m_grid.width) + 0.5F) * kBlock);
        std::vector<uchar> foundWithin, foundAcross;
        const auto within = follow(m_firstField, m_secondField, points, &foundWithin);
        const auto across = follow(m_secondField, first, points, &foundAcross);
        for (std::size_t i = 0; i < points.size(); ++i) {
            if (!foundWithin[i] || !foundAcross[i])
                continue;
            const FieldMotion motion{within[i] - points[i], across[i] - points[i]};
            if (std::max(length(motion.within), length(motion.across)) < kLeastMotion)
                continue;
            m_differences[i].push_back(float(motion.difference()));
            m_all.push_back(motion);
        }
    }
    m_firstField = first;
    m_secondField = second;
}

std::vector<FieldMotionGrid::Block> FieldMotionGrid::blocks(int leastFrames) const
{
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < m_differences.size(); ++i) {
        if (int(m_differences[i].size()) < leastFrames)
            continue;
        std::vector<double> values(m_differences[i].begin(), m_differences[i].end());
        blocks.push_back({{int(i) % m_grid.width, int(i) / m_grid.width}, *median(values), int(values.size())});
    }
    return blocks;
}

FieldVerdict judgeField(const std::vector<FieldMotionGrid::Block> &blocks)
{
    FieldVerdict verdict;
    verdict.measured = blocks.size();
    if (blocks.size() < kLeastBlocks)
        return verdict;
    std::vector<double> values;
    for (const auto &block : blocks)
        values.push_back(block.difference);
    verdict.typical = *median(values);
    const double spread = robustSigma(values).value_or(0.0);
    const double limit = std::max(kOdd, verdict.typical + kOddDeviations * spread);
    const auto isOdd = [&](const FieldMotionGrid::Block &block) { return block.difference > limit; };
    for (const auto &block : blocks) {
        const auto neighbours = std::count_if(blocks.begin(), blocks.end(), [&](const auto &other) {
            const cv::Point away = other.place - block.place;
            return isOdd(other) && std::abs(away.x) <= 1 && std::abs(away.y) <= 1 && away != cv::Point();
        });
        if (isOdd(block) && neighbours >= kLeastNeighbours)
            verdict.odd.push_back(block);
    }
    return verdict;
}

} // namespace fw
