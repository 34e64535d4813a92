// SPDX-License-Identifier: GPL-3.0-or-later
#include "ghost_stack.h"

#include "media/jpeg.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kBlock = 8;
using Block = std::array<float, kBlock * kBlock>;

/// Row k: the k-th basis function of the orthonormal transform that JPEG uses.
Block transformBasis()
{
    Block basis{};
    for (int k = 0; k < kBlock; ++k) {
        const double scale = k == 0 ? std::sqrt(1.0 / kBlock) : std::sqrt(2.0 / kBlock);
        for (int x = 0; x < kBlock; ++x)
            basis[k * kBlock + x] = float(scale * std::cos((2 * x + 1) * k * CV_PI / (2 * kBlock)));
    }
    return basis;
}

/// coefficients = basis · pixels · basisᵀ, pixels shifted by 128 as the standard asks.
void forwardTransform(const cv::Mat &luma, cv::Point at, const Block &basis, Block &coefficients)
{
    Block rows{}; // basis · pixels
    for (int y = 0; y < kBlock; ++y) {
        const uchar *pixels = luma.ptr<uchar>(at.y + y) + at.x;
        for (int k = 0; k < kBlock; ++k) {
            const float weight = basis[k * kBlock + y];
            for (int x = 0; x < kBlock; ++x)
                rows[k * kBlock + x] += weight * (float(pixels[x]) - 128.0f);
        }
    }
    Block transposed; // of the basis, so that the inner loop below runs along memory
    for (int k = 0; k < kBlock; ++k) {
        for (int x = 0; x < kBlock; ++x)
            transposed[x * kBlock + k] = basis[k * kBlock + x];
    }
    coefficients.fill(0.0f);
    for (int k = 0; k < kBlock; ++k) {
        for (int x = 0; x < kBlock; ++x) {
            const float value = rows[k * kBlock + x];
            for (int j = 0; j < kBlock; ++j)
                coefficients[k * kBlock + j] += value * transposed[x * kBlock + j];
        }
    }
}

struct Steps
{
    Block size;
    Block inverse;
};

Steps stepsOf(int quality)
{
    const auto table = ijgTable(quality, false);
    Steps steps;
    for (std::size_t i = 0; i < table.size(); ++i) {
        steps.size[i] = float(table[i]);
        steps.inverse[i] = 1.0f / float(table[i]);
    }
    return steps;
}

/// Mean squared error of one block when its coefficients are rounded to multiples of the steps.
float roundingError(const Block &coefficients, const Steps &steps)
{
    // Adding and taking away 1.5·2²³ rounds a float to the nearest whole number, several at a time.
    constexpr float kRound = 12582912.0f;
    std::array<float, kBlock> sums{};
    for (int row = 0; row < kBlock; ++row) {
        for (int column = 0; column < kBlock; ++column) {
            const int i = row * kBlock + column;
            const float levels = coefficients[i] * steps.inverse[i];
            const float error = coefficients[i] - ((levels + kRound) - kRound) * steps.size[i];
            sums[column] += error * error;
        }
    }
    float total = 0.0f;
    for (const float sum : sums)
        total += sum;
    return total / float(kBlock * kBlock);
}

/// Mean square of the pixels about their mean, from the coefficients without the first.
float varianceOf(const Block &coefficients)
{
    float sum = 0.0f;
    for (std::size_t i = 1; i < coefficients.size(); ++i)
        sum += coefficients[i] * coefficients[i];
    return sum / float(kBlock * kBlock);
}

/// Each cell: the mean of the 2 x 2 blocks around one inner corner of the block grid.
cv::Mat windowMeans(const cv::Mat &blocks)
{
    cv::Mat means(blocks.rows - 1, blocks.cols - 1, CV_32FC1);
    for (int y = 0; y < means.rows; ++y) {
        const float *upper = blocks.ptr<float>(y);
        const float *lower = blocks.ptr<float>(y + 1);
        float *to = means.ptr<float>(y);
        for (int x = 0; x < means.cols; ++x)
            to[x] = 0.25f * (upper[x] + upper[x + 1] + lower[x] + lower[x + 1]);
    }
    return means;
}

} // namespace

int GhostStack::indexOf(int quality) const
{
    const auto found = std::find(qualities.begin(), qualities.end(), quality);
    return found == qualities.end() ? -1 : int(found - qualities.begin());
}

std::vector<float> GhostStack::curveAt(cv::Point cell) const
{
    std::vector<float> values;
    values.reserve(differences.size());
    for (const cv::Mat &difference : differences)
        values.push_back(difference.at<float>(cell));
    return values;
}

Result<GhostStack> ghostStack(const cv::Mat &bgr, const GhostRange &range, std::stop_token stop)
{
    const int wide = (bgr.cols - range.shift.x) / kBlock;
    const int high = (bgr.rows - range.shift.y) / kBlock;
    if (wide < 3 || high < 3)
        return fail(Errc::NotApplicable, u"the picture is smaller than 32 x 32 px"_s);

    cv::Mat luma;
    cv::cvtColor(bgr, luma, cv::COLOR_BGR2GRAY);

    GhostStack stack;
    std::vector<Steps> steps;
    std::vector<cv::Mat> blocks;
    for (int quality = range.lowest; quality <= range.highest; quality += range.step) {
        stack.qualities.push_back(quality);
        steps.push_back(stepsOf(quality));
        blocks.emplace_back(high, wide, CV_32FC1);
    }
    cv::Mat variances(high, wide, CV_32FC1);
    const Block basis = transformBasis();
    Block coefficients;
    for (int y = 0; y < high; ++y) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        for (int x = 0; x < wide; ++x) {
            const cv::Point at(range.shift.x + x * kBlock, range.shift.y + y * kBlock);
            forwardTransform(luma, at, basis, coefficients);
            variances.at<float>(y, x) = varianceOf(coefficients);
            for (std::size_t q = 0; q < steps.size(); ++q)
                blocks[q].at<float>(y, x) = roundingError(coefficients, steps[q]);
        }
    }
    for (cv::Mat &perBlock : blocks) {
        stack.curve.push_back(cv::mean(perBlock)[0]);
        stack.differences.push_back(windowMeans(perBlock));
        perBlock.release();
    }
    stack.texture = windowMeans(variances);
    stack.covered = cv::Rect2f(float(range.shift.x + kBlock / 2), float(range.shift.y + kBlock / 2),
                               float((wide - 1) * kBlock), float((high - 1) * kBlock));
    return stack;
}

} // namespace fw
