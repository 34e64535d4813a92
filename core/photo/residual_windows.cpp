// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/residual_windows.h"

#include "photo/residual_codes.h"

#include <opencv2/imgproc.hpp>

#include <array>
#include <cmath>
#include <vector>

namespace fw {
namespace {

constexpr int kHalfValues = kWindowValues / 2;
constexpr float kUnit = 3.0f; ///< grey levels: that of the residual
constexpr int kTupleReach = 5;     ///< columns that a tuple takes beyond its first sample

/// -1, 0, 1 as 0, 1, 2.
inline int level(float residual)
{
    return residual >= 0.5f * kUnit ? 2 : residual <= -0.5f * kUnit ? 0 : 1;
}

/// Codes and their bins; rows of quantised residuals come one by one.
class TupleCounter
{
public:
    TupleCounter(const cv::Mat &luma, const cv::Mat &mask, int cell)
        : m_luma(luma), m_mask(mask), m_cell(cell), m_fold(foldedBins(1, Folding::Both)),
          m_counts(luma.rows / cell, luma.cols / cell * kWindowValues, CV_32SC1, cv::Scalar(0)),
          m_along(std::size_t(luma.cols), 0), m_down(m_along), m_alongCodes(m_along), m_downCodes(m_along), m_alongRight(m_along),
          m_downRight(m_along)
    {
    }
    /// Tuples whose last row is `y`.
    void row(int y)
    {
        const float *rows[4] = {m_luma.ptr<float>(std::max(y - 1, 0)), m_luma.ptr<float>(y), m_luma.ptr<float>(std::min(y + 1, m_luma.rows - 1)),
                                m_luma.ptr<float>(std::min(y + 2, m_luma.rows - 1))};
        const int wide = m_luma.cols;
        for (int x = 1; x + 2 < wide; ++x) {
            const std::size_t at = std::size_t(x);
            m_along[at] = level(rows[1][x - 1] - 3.0f * rows[1][x] + 3.0f * rows[1][x + 1] - rows[1][x + 2]);
            m_down[at] = level(rows[0][x] - 3.0f * rows[1][x] + 3.0f * rows[2][x] - rows[3][x]);
        }
        // The last four rows of each column as one code.
        for (int x = 0; x < wide; ++x) {
            const std::size_t at = std::size_t(x);
            m_alongCodes[at] = (m_alongCodes[at] * 3 + m_along[at]) % 81;
            m_downCodes[at] = (m_downCodes[at] * 3 + m_down[at]) % 81;
        }
        if (y < 4) // no tuple down ends here
            return;
        const bool columnResidual = y + 2 < m_luma.rows; // it needs two more rows
        for (int x = 0; x < wide - kTupleReach; ++x) {
            const std::size_t at = std::size_t(x);
            m_alongRight[at] = code(m_along, at);
            m_downRight[at] = code(m_down, at);
        }
        count(y - 3, m_alongCodes, kHalfValues);
        if (!columnResidual)
            return;
        count(y - 3, m_downCodes, 0);
        count(y, m_alongRight, 0);
        count(y, m_downRight, kHalfValues);
    }
    const cv::Mat &counts() const { return m_counts; }

private:
    static int code(const std::vector<int> &values, std::size_t at)
    {
        return ((values[at] * 3 + values[at + 1]) * 3 + values[at + 2]) * 3 + values[at + 3];
    }
    /// Adds the tuples that begin in row `y`. @param first  bin of the half that they belong to: along the difference or across.
    void count(int y, const std::vector<int> &codes, int first)
    {
        if (y / m_cell >= m_counts.rows)
            return;
        int *counts = m_counts.ptr<int>(y / m_cell) + first;
        const uchar *mask = m_mask.ptr<uchar>(y);
        const int end = std::min(m_luma.cols / m_cell * m_cell, m_luma.cols - kTupleReach);
        for (int x = 1, next = m_cell; x < end; ++x) {
            if (x == next) {
                next += m_cell;
                counts += kWindowValues;
            }
            if (mask[x])
                ++counts[m_fold[std::size_t(codes[std::size_t(x)])]];
        }
    }
    const cv::Mat &m_luma, &m_mask;
    int m_cell;
    std::vector<int> m_fold;
    cv::Mat m_counts; ///< CV_32SC1, cell after cell
    std::vector<int> m_along, m_down;           ///< quantised residuals of the last row
    std::vector<int> m_alongCodes, m_downCodes; ///< of each column's last four
    std::vector<int> m_alongRight, m_downRight; ///< of four in the last row
};

} // namespace

cv::Mat unsaturated(const cv::Mat &luma)
{
    cv::Mat saturated = (luma < 6.0) | (luma > 252.0);
    const cv::Mat disc = cv::getStructuringElement(cv::MORPH_ELLIPSE, {7, 7});
    cv::morphologyEx(saturated, saturated, cv::MORPH_OPEN, disc);
    cv::dilate(saturated, saturated, cv::Mat::ones(7, 7, CV_8UC1));
    return ~saturated;
}

ResidualWindows residualWindows(const cv::Mat &luma, int window, int mostCells, std::stop_token stop)
{
    ResidualWindows result;
    result.window = window;
    while (result.cell * 2 <= window && double(luma.total()) / (double(result.cell) * result.cell) > mostCells)
        result.cell *= 2;
    const int side = window / result.cell;
    const cv::Size cells(luma.cols / result.cell, luma.rows / result.cell);
    if (cells.width < side || cells.height < side)
        return result;
    const cv::Mat mask = unsaturated(luma);
    TupleCounter counter(luma, mask, result.cell);
    for (int y = 1; y < luma.rows; ++y) {
        if (y % 64 == 0 && stop.stop_requested())
            return {};
        counter.row(y);
    }
    const std::vector<int> fold = foldedBins(1, Folding::Both);
    const int zeros = fold[40]; // the code of four times zero
    result.grid = {cells.width - side + 1, cells.height - side + 1};
    result.values.create(result.grid.area(), kWindowValues, CV_32FC1);
    result.usable.create(result.grid, CV_32FC1);
    result.flat.create(result.grid, CV_32FC1);
    // Columns of cells are kept as sums over the window's rows, and a window moves over them.
    std::vector<int> columns(std::size_t(cells.width * kWindowValues), 0);
    for (int y = 0; y < cells.height; ++y) {
        if (stop.stop_requested())
            return {};
        const int *entering = counter.counts().ptr<int>(y), *leaving = y >= side ? counter.counts().ptr<int>(y - side) : nullptr;
        for (std::size_t i = 0; i < columns.size(); ++i)
            columns[i] += entering[i] - (leaving ? leaving[i] : 0);
        if (y < side - 1)
            continue;
        std::array<int, kWindowValues> sum{};
        for (int x = 0; x < cells.width; ++x) {
            for (std::size_t k = 0; k < kWindowValues; ++k) {
                sum[k] += columns[std::size_t(x) * kWindowValues + k];
                if (x >= side)
                    sum[k] -= columns[std::size_t(x - side) * kWindowValues + k];
            }
            if (x < side - 1)
                continue;
            const cv::Point at(x - side + 1, y - side + 1);
            float *to = result.values.ptr<float>(at.y * result.grid.width + at.x);
            double all = 0.0;
            for (int half = 0; half < 2; ++half) {
                double counted = 0.0;
                for (int k = half * kHalfValues; k < (half + 1) * kHalfValues; ++k)
                    counted += sum[std::size_t(k)];
                for (int k = half * kHalfValues; k < (half + 1) * kHalfValues; ++k)
                    to[k] = float(std::sqrt(sum[std::size_t(k)] / std::max(counted, 1.0)));
                all += counted;
            }
            result.usable.at<float>(at) = float(all / (4.0 * window * window));
            result.flat.at<float>(at) = float((sum[std::size_t(zeros)] + sum[std::size_t(zeros + kHalfValues)]) / std::max(all, 1.0));
        }
    }
    return result;
}

} // namespace fw
