// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/block_transform.h"

#include <algorithm>
#include <cmath>

namespace fw {
namespace {

constexpr int kSide = 8;

Block makeBasis()
{
    Block basis{};
    for (int k = 0; k < kSide; ++k) {
        const double scale = k == 0 ? std::sqrt(1.0 / kSide) : std::sqrt(2.0 / kSide);
        for (int x = 0; x < kSide; ++x)
            basis[std::size_t(k * kSide + x)] = float(scale * std::cos((2 * x + 1) * k * CV_PI / (2 * kSide)));
    }
    return basis;
}

Block transposed(const Block &block)
{
    Block result;
    for (std::size_t y = 0; y < kSide; ++y) {
        for (std::size_t x = 0; x < kSide; ++x)
            result[x * kSide + y] = block[y * kSide + x];
    }
    return result;
}

Block product(const Block &left, const Block &right)
{
    Block result{};
    for (std::size_t y = 0; y < kSide; ++y) {
        for (std::size_t k = 0; k < kSide; ++k) {
            const float weight = left[y * kSide + k];
            for (std::size_t x = 0; x < kSide; ++x)
                result[y * kSide + x] += weight * right[k * kSide + x];
        }
    }
    return result;
}

} // namespace

const Block &transformBasis()
{
    static const Block basis = makeBasis();
    return basis;
}

Block forwardTransform(const Block &samples)
{
    static const Block turned = transposed(transformBasis());
    return product(product(transformBasis(), samples), turned);
}

Block inverseTransform(const Block &coefficients)
{
    static const Block turned = transposed(transformBasis());
    return product(product(turned, coefficients), transformBasis());
}

Block blockAt(const cv::Mat &plane, cv::Point at)
{
    Block block;
    for (int y = 0; y < kSide; ++y)
        std::copy_n(plane.ptr<float>(at.y + y) + at.x, kSide, block.begin() + y * kSide);
    return block;
}

} // namespace fw
