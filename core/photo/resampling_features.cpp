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

constexpr int kPatch = kResamplingPatch;
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

RadonFeatures::RadonFeatures()
{
    // The turned and padded patch is never made: every sample of it is a sum of four pixels, and a line is
    // a sum of samples.
    const double middle = 0.5 * (kPatch - 1), wide = 0.5 * (kRadonBins - 1);
    for (int angle = 0; angle < kRadonAngles; ++angle) {
        const double a = angle * CV_PI / kRadonAngles, c = std::cos(a), s = std::sin(a);
        for (int line = 0; line < kRadonBins; ++line) {
            m_rows.push_back(int(m_entries.size()));
            std::map<int, double> weights;
            for (int step = 0; step < kRadonBins; ++step) {
                const double u = line - wide, v = step - wide;
                const double x = middle + c * u - s * v, y = middle + s * u + c * v;
                const int left = int(std::floor(x)), top = int(std::floor(y));
                for (int j = 0; j < 2; ++j) {
                    for (int i = 0; i < 2; ++i) {
                        const int px = left + i, py = top + j;
                        if (px < 0 || py < 0 || px >= kPatch || py >= kPatch)
                            continue;
                        weights[py * kPatch + px] += (1.0 - std::abs(x - px)) * (1.0 - std::abs(y - py));
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
    m_cosine.create(kRadonBins, kRadonFrequencies, CV_32FC1);
    m_sine.create(kRadonBins, kRadonFrequencies, CV_32FC1);
    for (int n = 0; n < kRadonBins; ++n) {
        for (int f = 0; f < kRadonFrequencies; ++f) {
            m_cosine.at<float>(n, f) = float(std::cos(2.0 * CV_PI * f * n / kRadonBins));
            m_sine.at<float>(n, f) = float(std::sin(2.0 * CV_PI * f * n / kRadonBins));
        }
    }
}

cv::Mat RadonFeatures::of(const cv::Mat &root, const std::vector<cv::Point> &corners) const
{
    cv::Mat features(int(corners.size()), kResamplingFeatures, CV_32FC1);
    std::vector<float> pixels(std::size_t(kPatch * kPatch * kBatch));
    cv::Mat lines(kBatch * kRadonAngles, kRadonBins, CV_32FC1), real, imaginary, size;
    for (std::size_t first = 0; first < corners.size(); first += kBatch) {
        const int count = int(std::min<std::size_t>(kBatch, corners.size() - first));
        for (int p = 0; p < kBatch; ++p) { // the last batch repeats its last patch
            const cv::Point corner = corners[first + std::size_t(std::min(p, count - 1))];
            for (int y = 0; y < kPatch; ++y) {
                const float *row = root.ptr<float>(corner.y + y) + corner.x;
                for (int x = 0; x < kPatch; ++x)
                    pixels[std::size_t((y * kPatch + x) * kBatch + p)] = row[x];
            }
        }
        for (int row = 0; row < kRadonAngles * kRadonBins; ++row) {
            std::array<float, kBatch> sum{};
            for (int e = m_rows[std::size_t(row)]; e < m_rows[std::size_t(row) + 1]; ++e) {
                const Entry &entry = m_entries[std::size_t(e)];
                const float *from = pixels.data() + entry.pixel * kBatch;
                for (int p = 0; p < kBatch; ++p)
                    sum[std::size_t(p)] += entry.weight * from[p];
            }
            for (int p = 0; p < kBatch; ++p)
                lines.at<float>(p * kRadonAngles + row / kRadonBins, row % kRadonBins) = sum[std::size_t(p)];
        }
        cv::gemm(lines, m_cosine, 1.0, {}, 0.0, real);
        cv::gemm(lines, m_sine, 1.0, {}, 0.0, imaginary);
        cv::magnitude(real, imaginary, size);
        for (int p = 0; p < count; ++p) {
            float *to = features.ptr<float>(int(first) + p);
            float *means = to + kRadonAngles * kRadonFrequencies;
            std::fill(means, means + kRadonFrequencies, 0.0f);
            for (int angle = 0; angle < kRadonAngles; ++angle) {
                const float *from = size.ptr<float>(p * kRadonAngles + angle);
                for (int f = 0; f < kRadonFrequencies; ++f)
                    means[f] += from[f] / float(kRadonAngles);
            }
            for (int angle = 0; angle < kRadonAngles; ++angle) {
                const float *from = size.ptr<float>(p * kRadonAngles + angle);
                for (int f = 0; f < kRadonFrequencies; ++f)
                    to[angle * kRadonFrequencies + f] = from[f] / (means[f] + 1e-16f);
            }
        }
    }
    return features;
}

void RadonFeatures::standardise(cv::Mat *features)
{
    for (int i = 0; i < features->rows; ++i) {
        float *row = features->ptr<float>(i);
        for (int k = 0; k < kRadonAngles * kRadonFrequencies; ++k)
            row[k] = std::min(row[k], 6.0f) - 1.0f;
        for (int k = kRadonAngles * kRadonFrequencies; k < kResamplingFeatures; ++k)
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
