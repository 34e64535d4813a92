// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/block_sequence.h"

#include "photo/residual.h"

namespace fw {

std::vector<int> hilbertOrder(int order)
{
    const int side = 1 << order;
    std::vector<int> places;
    for (int k = 0; k < side * side; ++k) {
        // Two bits of k choose a quarter, from the smallest square to the largest; the first and the last quarter of a
        // square are its curve turned over.
        int x = 0, y = 0;
        for (int s = 1, rest = k; s < side; s *= 2, rest /= 4) {
            const int right = (rest / 2) & 1, down = (rest ^ right) & 1;
            if (down == 0) {
                if (right == 1) {
                    x = s - 1 - x;
                    y = s - 1 - y;
                }
                std::swap(x, y);
            }
            x += s * right;
            y += s * down;
        }
        places.push_back(y * side + x);
    }
    return places;
}

std::vector<int> inverseOrder(const std::vector<int> &order)
{
    std::vector<int> inverse(order.size());
    for (std::size_t k = 0; k < order.size(); ++k)
        inverse[std::size_t(order[k])] = int(k);
    return inverse;
}

SequenceInput::SequenceInput()
{
    for (int y = 0; y < kSequenceSide; y += kSequenceBlock) {
        for (int x = 0; x < kSequenceSide; x += kSequenceBlock)
            m_corners.emplace_back(x, y);
    }
}

cv::Mat SequenceInput::of(const cv::Mat &tile) const
{
    CV_Assert(tile.size() == cv::Size(kSequenceSide, kSequenceSide) && m_radon.values() == kSequenceValues);
    cv::Mat input(kSequenceRows, kSequenceSide, CV_32FC1);
    resamplingResidual(tile).copyTo(input.rowRange(0, kSequenceSide));
    lumaOf(tile).convertTo(input.rowRange(kSequenceSide, 2 * kSequenceSide), CV_32F, 1.0 / 128.0, -1.0);
    cv::Mat values = m_radon.of(rootLaplacian(tile), m_corners);
    m_radon.standardise(&values);
    values.reshape(1, kSequenceValueRows).copyTo(input.rowRange(kSequencePlanes * kSequenceSide, kSequenceRows));
    return input;
}

} // namespace fw
