// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid_votes.h"

#include "photo/block_transform.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kSide = 8;
constexpr uchar kDull = 254; ///< marks the offset of a window that may not vote

/// Per window (named by its upper left sample) the number of AC coefficients below one half.
class ZeroCounter
{
public:
    explicit ZeroCounter(const cv::Mat &luma) : m_luma(luma), m_windows(luma.cols - kSide + 1)
    {
        for (auto &row : m_rows8)
            row.resize(std::size_t(kSide) * std::size_t(m_windows));
        for (int y = 0; y < kSide - 1; ++y)
            transformRow(y);
    }

    /// Counts of the windows whose upper row is y; call for y = 0, 1, 2, ...
    void count(int y, uchar *counts)
    {
        transformRow(y + kSide - 1);
        std::fill_n(counts, m_windows, uchar(0));
        const Block &basis = transformBasis();
        m_sum.resize(std::size_t(m_windows));
        for (int k = 0; k < kSide; ++k) {
            for (int u = k == 0 ? 1 : 0; u < kSide; ++u) { // without the mean
                std::fill(m_sum.begin(), m_sum.end(), 0.0f);
                for (int r = 0; r < kSide; ++r) {
                    const float weight = basis[std::size_t(u * kSide + r)];
                    const float *from = m_rows8[std::size_t((y + r) % kSide)].data() + std::size_t(k) * std::size_t(m_windows);
                    for (int x = 0; x < m_windows; ++x)
                        m_sum[std::size_t(x)] += weight * from[x];
                }
                for (int x = 0; x < m_windows; ++x)
                    counts[x] = uchar(counts[x] + (std::abs(m_sum[std::size_t(x)]) < 0.5f));
            }
        }
    }

    int windows() const { return m_windows; }

private:
    /// The 8 horizontal coefficients of the segments of one row, each frequency in a run of its own.
    void transformRow(int y)
    {
        const Block &basis = transformBasis();
        std::vector<float> &to = m_rows8[std::size_t(y % kSide)];
        const uchar *from = m_luma.ptr<uchar>(y);
        std::fill(to.begin(), to.end(), 0.0f);
        for (int k = 0; k < kSide; ++k) {
            float *run = to.data() + std::size_t(k) * std::size_t(m_windows);
            for (int i = 0; i < kSide; ++i) {
                const float weight = basis[std::size_t(k * kSide + i)];
                for (int x = 0; x < m_windows; ++x)
                    run[x] += weight * float(from[x + i]);
            }
        }
    }

    cv::Mat m_luma;
    int m_windows;
    std::array<std::vector<float>, kSide> m_rows8;
    std::vector<float> m_sum;
};

/// 255 where the window that starts here does not change along x, or along y.
cv::Mat dullWindows(const cv::Mat &luma)
{
    cv::Mat alongX(luma.size(), CV_8UC1, cv::Scalar(255)), alongY(luma.size(), CV_8UC1, cv::Scalar(255));
    const cv::Rect left(0, 0, luma.cols - 1, luma.rows), upper(0, 0, luma.cols, luma.rows - 1);
    cv::Mat(luma(left) == luma(left + cv::Point(1, 0))).copyTo(alongX(left));
    cv::Mat(luma(upper) == luma(upper + cv::Point(0, 1))).copyTo(alongY(upper));
    cv::erode(alongX, alongX, cv::Mat::ones(kSide, kSide - 1, CV_8U), {0, 0});
    cv::erode(alongY, alongY, cv::Mat::ones(kSide - 1, kSide, CV_8U), {0, 0});
    return alongX | alongY;
}

} // namespace

Result<cv::Mat> gridVotes(const cv::Mat &luma, std::stop_token stop)
{
    if (luma.cols < 64 || luma.rows < 64)
        return fail(Errc::NotApplicable, u"the picture is smaller than 64 x 64 px"_s);
    ZeroCounter counter(luma);
    const int windows = counter.windows();
    const cv::Mat dull = dullWindows(luma);
    std::array<std::vector<uchar>, kSide> counts; // of the windows that cover the current row
    for (auto &row : counts)
        row.assign(std::size_t(windows), 0);
    cv::Mat votes(luma.size(), CV_8UC1, cv::Scalar(kNoVote));
    std::vector<uchar> best(std::size_t(luma.cols)), vote(std::size_t(luma.cols));
    for (int y = 0; y + kSide <= luma.rows; ++y) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        counter.count(y, counts[std::size_t(y % kSide)].data());
        if (y < kSide - 1)
            continue;
        // Sample row y lies in the windows that start at rows y - 7 .. y.
        std::fill(best.begin(), best.end(), uchar(0));
        std::fill(vote.begin(), vote.end(), kNoVote);
        for (int dy = 0; dy < kSide; ++dy) {
            const uchar *from = counts[std::size_t((y - dy) % kSide)].data();
            const uchar *isDull = dull.ptr<uchar>(y - dy);
            for (int dx = 0; dx < kSide; ++dx) {
                const uchar offset = uchar(dx + kSide * dy);
                for (int x = kSide - 1; x < windows; ++x) {
                    const uchar zeros = from[x - dx];
                    const uchar name = isDull[x - dx] ? kDull : offset;
                    const std::size_t i = std::size_t(x);
                    vote[i] = zeros > best[i] ? name : zeros == best[i] ? kNoVote : vote[i];
                    best[i] = std::max(best[i], zeros);
                }
            }
        }
        uchar *to = votes.ptr<uchar>(y);
        for (int x = kSide - 1; x < windows; ++x) {
            const uchar offset = vote[std::size_t(x)];
            if (offset < 64)
                to[x] = uchar((x - offset % kSide) % kSide + kSide * ((y - offset / kSide) % kSide));
        }
    }
    return votes;
}

} // namespace fw
