// SPDX-License-Identifier: GPL-3.0-or-later
#include "field_motion.h"

#include "stats/quantile.h"

#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include <algorithm>
#include <cmath>

namespace fw {
namespace {

constexpr int kLevels = 2;
constexpr double kLineBlur = 1.4;       ///< lines
constexpr int kMostColumns = 960;       ///< wider pictures are halved across: fields keep their lines
constexpr float kLeastMotion = 1.0F;    ///< px; noise alone moves blocks by a third of it
constexpr double kLeastCorner = 1.5e-3; ///< smallest eigenvalue as OpenCV scales it
constexpr double kOdd = 0.5, kOddDeviations = 4.0;
constexpr std::size_t kLeastBlocks = 6;
constexpr std::ptrdiff_t kLeastNeighbours = 2; ///< odd blocks beside an odd block

float length(cv::Point2f v)
{
    return std::hypot(v.x, v.y);
}

cv::Size windowSize(int narrowing)
{
    return {FieldMotionGrid::kBlock / narrowing - 1, FieldMotionGrid::kBlock - 1};
}

/// Where each point of `from` lies in `to`, both pyramids; status 0 where there is too little structure.
std::vector<cv::Point2f> follow(const std::vector<cv::Mat> &from, const std::vector<cv::Mat> &to,
                                const std::vector<cv::Point2f> &points, int narrowing, std::vector<uchar> *found)
{
    std::vector<cv::Point2f> moved;
    const cv::TermCriteria end(cv::TermCriteria::COUNT | cv::TermCriteria::EPS, 8, 0.03);
    cv::calcOpticalFlowPyrLK(from, to, points, moved, *found, cv::noArray(), windowSize(narrowing), kLevels, end, 0,
                             kLeastCorner);
    return moved;
}

} // namespace

double FieldMotion::difference() const
{
    return length(within - across) / (length(within) + length(across) + 0.5F);
}

cv::Mat fieldPicture(const cv::Mat &luma, int parity)
{
    cv::Mat picture(luma.size(), CV_8UC1);
    const int fields = luma.rows / 2;
    const auto line = [&](int field) { return luma.ptr(2 * std::clamp(field, 0, fields - 1) + parity); };
    for (int y = 0; y < luma.rows; ++y) {
        uchar *to = picture.ptr(y);
        if ((y & 1) == parity && y / 2 < fields) {
            std::copy_n(luma.ptr(y), luma.cols, to);
            continue;
        }
        // Half way between two lines of the field: Keys' cubic with a = -3/4.
        const int above = (y - parity + 1) / 2 - 1;
        const uchar *a = line(above - 1), *b = line(above), *c = line(above + 1), *d = line(above + 2);
        for (int x = 0; x < luma.cols; ++x)
            to[x] = cv::saturate_cast<uchar>((19 * (b[x] + c[x]) - 3 * (a[x] + d[x]) + 16) >> 5);
    }
    return picture;
}

std::vector<cv::Mat> FieldMotionGrid::pyramidOf(const cv::Mat &luma, int parity) const
{
    cv::Mat picture = fieldPicture(luma, parity);
    if (m_narrowing > 1)
        cv::resize(picture, picture, {luma.cols / m_narrowing, luma.rows}, 0, 0, cv::INTER_AREA);
    // Fine level detail changes from field to field without any motion.
    cv::GaussianBlur(picture, picture, {1, 7}, kLineBlur, kLineBlur);
    std::vector<cv::Mat> levels;
    cv::buildOpticalFlowPyramid(picture, levels, windowSize(m_narrowing), kLevels);
    return levels;
}

void FieldMotionGrid::add(const cv::Mat &luma, bool follows)
{
    if (m_grid.empty()) {
        m_grid = {luma.cols / kBlock, luma.rows / kBlock};
        m_differences.resize(std::size_t(m_grid.area()));
        m_narrowing = luma.cols > kMostColumns ? 2 : 1;
    }
    const std::vector<cv::Mat> first = pyramidOf(luma, m_first), second = pyramidOf(luma, 1 - m_first);
    if (follows && !m_firstField.empty() && m_firstField.front().size() == first.front().size()) {
        const float wide = float(m_narrowing);
        std::vector<cv::Point2f> points;
        for (int i = 0; i < m_grid.area(); ++i)
            points.emplace_back((float(i % m_grid.width) + 0.5F) * kBlock / wide, (float(i / m_grid.width) + 0.5F) * kBlock);
        std::vector<uchar> foundWithin, foundAcross;
        const auto within = follow(m_firstField, m_secondField, points, m_narrowing, &foundWithin);
        const auto across = follow(m_secondField, first, points, m_narrowing, &foundAcross);
        for (std::size_t i = 0; i < points.size(); ++i) {
            if (!foundWithin[i] || !foundAcross[i])
                continue;
            FieldMotion motion{within[i] - points[i], across[i] - points[i]};
            motion.within.x *= wide;
            motion.across.x *= wide;
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
