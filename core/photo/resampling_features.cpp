// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/resampling_features.h"

#include "photo/residual.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace fw {
namespace {

constexpr int kBatch = 16; ///< patches that share one pass over the sparse product

} // namespace

cv::Mat rootLaplacian(const cv::Mat &bgr)
{
    std::array<cv::Mat, 3> channels;
    cv::split(bgr, channels.data());
    cv::Mat sum(bgr.size(), CV_32FC1, cv::Scalar(0));
    for (const cv::Mat &channel : channels) {
        cv::Mat edges, root;
        cv::Laplacian(channel, edges, CV_32F, 1, 1.0, 0.0, cv::BORDER_REFLECT_101);
        cv::sqrt(cv::abs(edges), root);
        sum += root;
    }
    return sum / 3.0;
}

RadonFeatures::RadonFeatures(int side, int angles)
    : m_side(side)
    , m_angles(angles)
    , m_bins(int(std::ceil(side * std::sqrt(2.0))))
    , m_frequencies(m_bins / 2 + 1)
{
    // The turned and padded patch is never made: every sample of it is a sum of four pixels, and a line is
    // a sum of samples.
    const double middle = 0.5 * (m_side - 1), wide = 0.5 * (m_bins - 1);
    for (int angle = 0; angle < m_angles; ++angle) {
        const double a = angle * CV_PI / m_angles, c = std::cos(a), s = std::sin(a);
        for (int line = 0; line < m_bins; ++line) {
            m_rows.push_back(int(m_entries.size()));
            std::map<int, double> weights;
            for (int step = 0; step < m_bins; ++step) {
                const double u = line - wide, v = step - wide;
                const double x = middle + c * u - s * v, y = middle + s * u + c * v;
                const int left = int(std::floor(x)), top = int(std::floor(y));
                for (int j = 0; j < 2; ++j) {
                    for (int i = 0; i < 2; ++i) {
                        const int px = left + i, py = top + j;
                        if (px < 0 || py < 0 || px >= m_side || py >= m_side)
                            continue;
                        weights[py * m_side + px] += (1.0 - std::abs(x - px)) * (1.0 - std::abs(y - py));
                    }
                }
            }
            for (const auto &[pixel, weight] : weights) {
                if (weight > 1e-6)
                    m_entries.push_back({pixel, float(weight)});
            }
        }
    }
    m_rows.push_back(int(m_entries.size()));
    m_cosine.create(m_bins, m_frequencies, CV_32FC1);
    m_sine.create(m_bins, m_frequencies, CV_32FC1);
    for (int n = 0; n < m_bins; ++n) {
        for (int f = 0; f < m_frequencies; ++f) {
            m_cosine.at<float>(n, f) = float(std::cos(2.0 * CV_PI * f * n / m_bins));
            m_sine.at<float>(n, f) = float(std::sin(2.0 * CV_PI * f * n / m_bins));
        }
    }
}

cv::Mat RadonFeatures::of(const cv::Mat &root, const std::vector<cv::Point> &corners) const
{
    cv::Mat features(int(corners.size()), values(), CV_32FC1);
    std::vector<float> pixels(std::size_t(m_side * m_side * kBatch));
    cv::Mat lines(kBatch * m_angles, m_bins, CV_32FC1), real, imaginary, size;
    for (std::size_t first = 0; first < corners.size(); first += kBatch) {
        const int count = int(std::min<std::size_t>(kBatch, corners.size() - first));
        for (int p = 0; p < kBatch; ++p) { // the last batch repeats its last patch
            const cv::Point corner = corners[first + std::size_t(std::min(p, count - 1))];
            for (int y = 0; y < m_side; ++y) {
                const float *row = root.ptr<float>(corner.y + y) + corner.x;
                for (int x = 0; x < m_side; ++x)
                    pixels[std::size_t((y * m_side + x) * kBatch + p)] = row[x];
            }
        }
        for (int row = 0; row < m_angles * m_bins; ++row) {
            std::array<float, kBatch> sum{};
            for (int e = m_rows[std::size_t(row)]; e < m_rows[std::size_t(row) + 1]; ++e) {
                const Entry &entry = m_entries[std::size_t(e)];
                const float *from = pixels.data() + entry.pixel * kBatch;
                for (int p = 0; p < kBatch; ++p)
                    sum[std::size_t(p)] += entry.weight * from[p];
            }
            for (int p = 0; p < kBatch; ++p)
                lines.at<float>(p * m_angles + row / m_bins, row % m_bins) = sum[std::size_t(p)];
        }
        cv::gemm(lines, m_cosine, 1.0, {}, 0.0, real);
        cv::gemm(lines, m_sine, 1.0, {}, 0.0, imaginary);
        cv::magnitude(real, imaginary, size);
        for (int p = 0; p < count; ++p) {
            float *to = features.ptr<float>(int(first) + p);
            float *means = to + m_angles * m_frequencies;
            std::fill(means, means + m_frequencies, 0.0f);
            for (int angle = 0; angle < m_angles; ++angle) {
                const float *from = size.ptr<float>(p * m_angles + angle);
                for (int f = 0; f < m_frequencies; ++f)
                    means[f] += from[f] / float(m_angles);
            }
            for (int angle = 0; angle < m_angles; ++angle) {
                const float *from = size.ptr<float>(p * m_angles + angle);
                for (int f = 0; f < m_frequencies; ++f)
                    to[angle * m_frequencies + f] = from[f] / (means[f] + 1e-16f);
            }
        }
    }
    return features;
}

void RadonFeatures::standardise(cv::Mat *features) const
{
    for (int i = 0; i < features->rows; ++i) {
        float *row = features->ptr<float>(i);
        for (int k = 0; k < m_angles * m_frequencies; ++k)
            row[k] = std::min(row[k], 6.0f) - 1.0f;
        for (int k = m_angles * m_frequencies; k < values(); ++k)
            row[k] = 0.5f * (std::log(row[k] + 1.0f) - 3.0f);
    }
}

cv::Mat resamplingResidual(const cv::Mat &bgr)
{
    const cv::Mat luma = lumaOf(bgr);
    cv::Mat slow;
    cv::GaussianBlur(luma, slow, cv::Size(7, 7), 1.5, 1.5, cv::BORDER_REFLECT_101);
    return (luma - slow) * 0.1;
}

} // namespace fw
