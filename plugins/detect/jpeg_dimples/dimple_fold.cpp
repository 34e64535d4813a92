// SPDX-License-Identifier: GPL-3.0-or-later
#include "dimple_fold.h"

#include "photo/residual.h"

#include <opencv2/imgproc.hpp>

#include <cmath>

namespace fw {
namespace {

constexpr int kSide = 8;
/// A block whose residual varies less than this says no more than one that varies this much: the
/// rounding of samples alone varies by a twelfth.
constexpr double kLeastVariance = 0.25;
/// Less than this standard deviation: a flat block has no coefficients that could be rounded.
constexpr double kLeastSigma = 1.0;
constexpr double kMostClipped = 0.02;

void removeMean(Block *block)
{
    float sum = 0.0f;
    for (const float value : *block)
        sum += value;
    for (float &value : *block)
        value -= sum / 64.0f;
}

/// Mean square away from the block's border, where neither a dimple nor its high-pass echo lies: else
/// blocks with dimples would count less than those without.
double innerVariance(const Block &block)
{
    double sum = 0.0;
    for (int y = 2; y <= 6; ++y) {
        for (int x = 2; x <= 6; ++x)
            sum += double(block[std::size_t(y * kSide + x)]) * block[std::size_t(y * kSide + x)];
    }
    return sum / 25.0;
}

} // namespace

double dot(const Block &a, const Block &b)
{
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += double(a[i]) * b[i];
    return sum;
}

Block shifted(const Block &block, cv::Point to)
{
    Block result;
    for (int y = 0; y < kSide; ++y) {
        for (int x = 0; x < kSide; ++x)
            result[std::size_t((y + to.y) % kSide * kSide + (x + to.x) % kSide)] = block[std::size_t(y * kSide + x)];
    }
    return result;
}

Fold plainFold(const cv::Mat &residual, const cv::Mat &usable)
{
    Fold fold;
    std::array<double, 64> sums{};
    double squares = 0.0;
    for (int by = 0; by < usable.rows; ++by) {
        for (int bx = 0; bx < usable.cols; ++bx) {
            if (!usable.at<uchar>(by, bx))
                continue;
            ++fold.blocks;
            const Block block = blockAt(residual, {bx * kSide, by * kSide});
            for (std::size_t i = 0; i < block.size(); ++i) {
                sums[i] += block[i];
                squares += double(block[i]) * block[i];
            }
        }
    }
    if (fold.blocks == 0)
        return fold;
    for (std::size_t i = 0; i < sums.size(); ++i)
        fold.values[i] = float(sums[i] / fold.blocks);
    removeMean(&fold.values);
    fold.sigma = std::sqrt(squares / 64.0) / fold.blocks;
    return fold;
}

ImpulseEnergy impulseEnergy(const Fold &fold)
{
    ImpulseEnergy energy;
    double total = 0.0, peak = -1.0;
    for (std::size_t i = 0; i < fold.values.size(); ++i) {
        const double square = double(fold.values[i]) * fold.values[i];
        total += square;
        if (square > peak) {
            peak = square;
            energy.phase = {int(i) % kSide, int(i) / kSide};
        }
    }
    const double rest = (total - peak) / 63.0;
    energy.pce = rest > 0.0 ? peak / rest : 0.0;
    return energy;
}

BlockStack blockStack(const cv::Mat &luma, cv::Point origin, std::stop_token stop)
{
    cv::Mat mean;
    cv::boxFilter(luma, mean, CV_32F, {3, 3}, {-1, -1}, true, cv::BORDER_REFLECT_101);
    const cv::Mat high = luma - mean;
    BlockStack stack;
    if (stop.stop_requested())
        return stack;
    const cv::Mat usable = usableBlocks(luma, origin, kLeastSigma, kMostClipped);
    if (stop.stop_requested())
        return stack;
    stack.samples = cv::Mat::zeros(usable.size(), CV_32FC(64));
    stack.weights = cv::Mat(usable.size(), CV_32FC1, cv::Scalar(0));
    stack.counted = cv::Mat(usable.size(), CV_32FC1, cv::Scalar(0));
    for (int by = 0; by < usable.rows && !stop.stop_requested(); ++by) {
        for (int bx = 0; bx < usable.cols; ++bx) {
            if (!usable.at<uchar>(by, bx))
                continue;
            const Block block = blockAt(high, {origin.x + bx * kSide, origin.y + by * kSide});
            const double variance = std::max(innerVariance(block), kLeastVariance);
            const float one = float(1.0 / std::sqrt(variance));
            float *to = stack.samples.ptr<float>(by) + std::size_t(bx) * 64;
            for (std::size_t i = 0; i < block.size(); ++i)
                to[i] = block[i] * one;
            stack.weights.at<float>(by, bx) = one;
            stack.counted.at<float>(by, bx) = 1.0f;
        }
    }
    return stack;
}

Fold weightedFold(const BlockStack &stack, const cv::Mat &without)
{
    Fold fold;
    std::array<double, 64> sums{};
    double weight = 0.0;
    for (int by = 0; by < stack.weights.rows; ++by) {
        for (int bx = 0; bx < stack.weights.cols; ++bx) {
            const float one = stack.weights.at<float>(by, bx);
            if (one <= 0.0f || (!without.empty() && without.at<uchar>(by, bx)))
                continue;
            const float *samples = stack.samples.ptr<float>(by) + std::size_t(bx) * 64;
            for (std::size_t i = 0; i < sums.size(); ++i)
                sums[i] += samples[i];
            weight += one;
            ++fold.blocks;
        }
    }
    if (weight <= 0.0)
        return fold;
    for (std::size_t i = 0; i < sums.size(); ++i)
        fold.values[i] = float(sums[i] / weight);
    removeMean(&fold.values);
    fold.sigma = std::sqrt(double(fold.blocks)) / weight; // every block adds the same scatter
    return fold;
}

Block expectedDimple(const std::array<std::uint16_t, 64> &table, double *length)
{
    Block half;
    for (std::size_t i = 0; i < half.size(); ++i)
        half[i] = 0.5f * float(table[i]);
    const Block spike = inverseTransform(half);
    Block seen;
    for (int y = 0; y < kSide; ++y) {
        for (int x = 0; x < kSide; ++x) {
            float sum = 0.0f;
            for (int dy = -1; dy <= 1; ++dy) {
                for (int dx = -1; dx <= 1; ++dx)
                    sum += spike[std::size_t((y + dy + kSide) % kSide * kSide + (x + dx + kSide) % kSide)];
            }
            seen[std::size_t(y * kSide + x)] = spike[std::size_t(y * kSide + x)] - sum / 9.0f;
        }
    }
    removeMean(&seen);
    const double norm = std::sqrt(dot(seen, seen));
    if (length)
        *length = norm;
    for (float &value : seen)
        value = norm > 0.0 ? float(value / norm) : 0.0f;
    return seen;
}

} // namespace fw
