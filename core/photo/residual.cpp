// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/residual.h"

#include <opencv2/imgproc.hpp>

#include <cmath>

namespace fw {

cv::Mat lumaOf(const cv::Mat &bgr)
{
    // Band by band: three channels as float of a large picture would take longer to get than to fill.
    constexpr int kBand = 32;
    cv::Mat wide, luma(bgr.size(), CV_32FC1);
    for (int y = 0; y < bgr.rows; y += kBand) {
        const cv::Range rows(y, std::min(y + kBand, bgr.rows));
        bgr.rowRange(rows).convertTo(wide, CV_32F);
        cv::cvtColor(wide, luma.rowRange(rows), cv::COLOR_BGR2GRAY);
    }
    return luma;
}

namespace {

int mirrored(int at, int count)
{
    return count == 1 ? 0 : at < 0 ? -at : at >= count ? 2 * count - 2 - at : at;
}

/// Means and variances of 3 x 3 samples along one row after the other, with no more than some rows in memory.
template <class Sample>
class LocalMoments
{
public:
    explicit LocalMoments(const cv::Mat &plane)
        : mean(std::size_t(plane.cols))
        , variance(mean)
        , m_plane(plane)
        , m_sums(mean.size() + 2)
        , m_squares(mean.size() + 2)
    {
    }

    void at(int y)
    {
        const int cols = m_plane.cols;
        const Sample *rows[] = {m_plane.ptr<Sample>(mirrored(y - 1, m_plane.rows)), m_plane.ptr<Sample>(y), m_plane.ptr<Sample>(mirrored(y + 1, m_plane.rows))};
        for (int x = 0; x < cols; ++x) {
            const float a = float(rows[0][x]), b = float(rows[1][x]), c = float(rows[2][x]);
            m_sums[std::size_t(x) + 1] = a + b + c;
            m_squares[std::size_t(x) + 1] = a * a + b * b + c * c;
        }
        for (std::vector<float> *sums : {&m_sums, &m_squares}) {
            sums->front() = (*sums)[std::size_t(mirrored(-1, cols)) + 1];
            sums->back() = (*sums)[std::size_t(mirrored(cols, cols)) + 1];
        }
        for (std::size_t x = 0; x < mean.size(); ++x) {
            mean[x] = (m_sums[x] + m_sums[x + 1] + m_sums[x + 2]) * (1.0f / 9.0f);
            const float square = (m_squares[x] + m_squares[x + 1] + m_squares[x + 2]) * (1.0f / 9.0f);
            variance[x] = std::max(square - mean[x] * mean[x], 0.0f);
        }
    }

    std::vector<float> mean, variance;

private:
    const cv::Mat &m_plane;
    std::vector<float> m_sums, m_squares;
};

/// Adds `share` of a plane's residual to `to`. @return false when stopped.
template <class Sample>
bool addWienerResidual(const cv::Mat &plane, float share, const std::stop_token &stop, cv::Mat *to)
{
    LocalMoments<Sample> local(plane);
    double sum = 0.0;
    for (int y = 0; y < plane.rows; ++y) {
        if (stop.stop_requested())
            return false;
        local.at(y);
        float row = 0.0f;
        for (const float variance : local.variance)
            row += variance;
        sum += double(row);
    }
    const float noise = float(std::max(sum / double(plane.total()), 1e-9));
    for (int y = 0; y < plane.rows; ++y) {
        if (stop.stop_requested())
            return false;
        local.at(y);
        const Sample *from = plane.ptr<Sample>(y);
        float *out = to->ptr<float>(y);
        for (std::size_t x = 0; x < local.mean.size(); ++x) {
            const float kept = std::max(local.variance[x] - noise, 0.0f) / std::max(local.variance[x], noise);
            out[x] += share * (1.0f - kept) * (float(from[x]) - local.mean[x]);
        }
    }
    return true;
}

} // namespace

cv::Mat wienerResidual(const cv::Mat &plane)
{
    cv::Mat residual(plane.size(), CV_32FC1, cv::Scalar(0));
    addWienerResidual<float>(plane, 1.0f, {}, &residual);
    return residual;
}

cv::Mat meanWienerResidual(const cv::Mat &bgr, std::stop_token stop)
{
    cv::Mat channels[3], mean(bgr.size(), CV_32FC1, cv::Scalar(0));
    cv::split(bgr, channels);
    for (const cv::Mat &channel : channels) {
        if (!addWienerResidual<uchar>(channel, 1.0f / 3.0f, stop, &mean))
            return {};
    }
    return mean;
}

cv::Mat usableBlocks(const cv::Mat &luma, cv::Point origin, double leastSigma, double mostClipped)
{
    constexpr int kSide = 8;
    const int wide = std::max((luma.cols - origin.x) / kSide, 0);
    const int high = std::max((luma.rows - origin.y) / kSide, 0);
    cv::Mat usable(high, wide, CV_8UC1);
    for (int by = 0; by < high; ++by) {
        for (int bx = 0; bx < wide; ++bx) {
            double sum = 0.0, squares = 0.0;
            int clipped = 0;
            for (int y = 0; y < kSide; ++y) {
                const float *row = luma.ptr<float>(origin.y + by * kSide + y) + origin.x + bx * kSide;
                for (int x = 0; x < kSide; ++x) {
                    sum += row[x];
                    squares += double(row[x]) * row[x];
                    clipped += row[x] < 0.5f || row[x] > 254.5f;
                }
            }
            const double mean = sum / 64.0, variance = std::max(squares / 64.0 - mean * mean, 0.0);
            usable.at<uchar>(by, bx) = std::sqrt(variance) >= leastSigma && clipped <= 64.0 * mostClipped ? 255 : 0;
        }
    }
    return usable;
}

} // namespace fw
