// SPDX-License-Identifier: GPL-3.0-or-later
#include "stored_luma.h"

#include "photo/block_transform.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

/// What a component's coefficients say, 0 for the middle. CV_32FC1; what was not come to when stopped is anything.
cv::Mat storedPlane(const JpegComponent &component, const std::array<std::uint16_t, 64> &table, const std::stop_token &stop)
{
    cv::Mat plane(component.coefficients.size(), CV_32FC1);
    for (int y = 0; y < plane.rows && !stop.stop_requested(); y += 8) {
        for (int x = 0; x < plane.cols; x += 8) {
            Block block;
            for (std::size_t i = 0; i < 64; ++i)
                block[i] = float(component.coefficients.at<short>(y + int(i / 8), x + int(i % 8))) * float(table[i]);
            const Block samples = inverseTransform(block);
            for (int row = 0; row < 8; ++row)
                std::copy_n(samples.begin() + row * 8, 8, plane.ptr<float>(y + row) + x);
        }
    }
    return plane;
}

} // namespace

Result<cv::Mat> storedLuma(const JpegFile &jpeg, std::stop_token stop)
{
    if (jpeg.components.empty() || jpeg.components.front().coefficients.empty())
        return fail(Errc::NotApplicable, u"the file holds no coefficients that can be read"_s);
    const JpegComponent &luma = jpeg.components.front();
    if (luma.tableIndex < 0 || luma.tableIndex > 3 || !jpeg.tables[std::size_t(luma.tableIndex)])
        return fail(Errc::NotApplicable, u"the file's luma has no quantisation table"_s);
    for (const JpegComponent &other : jpeg.components) {
        if (other.horizontalSampling > luma.horizontalSampling || other.verticalSampling > luma.verticalSampling)
            return fail(Errc::NotApplicable, u"the first component of the file is not its finest, so it is no usual luma"_s);
    }
    cv::Mat plane = storedPlane(luma, lumaTable(jpeg), stop);
    if (stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    plane += 128.0F;
    return plane;
}

Result<cv::Mat> unclippedBlocks(const JpegFile &jpeg, const cv::Mat &luma, std::stop_token stop)
{
    constexpr double kDark = 2.0, kBright = 253.0; // the last save blurs the ends a little
    cv::Mat ends = (luma < kDark) | (luma > kBright), share;
    const auto hasTable = [&](const JpegComponent &c) {
        return !c.coefficients.empty() && c.tableIndex >= 0 && c.tableIndex < 4 && jpeg.tables[std::size_t(c.tableIndex)];
    };
    if (jpeg.components.size() == 3 && hasTable(jpeg.components[1]) && hasTable(jpeg.components[2])) {
        std::array<cv::Mat, 2> chroma;
        for (std::size_t i = 0; i < 2; ++i) {
            const JpegComponent &c = jpeg.components[i + 1];
            const cv::Mat plane = storedPlane(c, *jpeg.tables[std::size_t(c.tableIndex)], stop);
            if (stop.stop_requested())
                return fail(Errc::Cancelled, u"stopped"_s);
            const JpegComponent &fine = jpeg.components.front();
            cv::resize(plane, chroma[i], {plane.cols * fine.horizontalSampling / c.horizontalSampling, plane.rows * fine.verticalSampling / c.verticalSampling},
                       0, 0, cv::INTER_NEAREST);
        }
        const cv::Rect common(0, 0, std::min({luma.cols, chroma[0].cols, chroma[1].cols}), std::min({luma.rows, chroma[0].rows, chroma[1].rows}));
        const cv::Mat y = luma(common), cb = chroma[0](common), cr = chroma[1](common);
        cv::Mat channel;
        for (const auto &[blue, red] : {std::pair(0.0, 1.402), std::pair(-0.344, -0.714), std::pair(1.772, 0.0)}) {
            channel = y + cb * blue + cr * red;
            ends(common) |= (channel < kDark) | (channel > kBright);
        }
    }
    cv::resize(ends, share, luma.size() / 8, 0, 0, cv::INTER_AREA);
    return cv::Mat(share <= 0.05 * 255.0);
}

const std::array<std::uint16_t, 64> &lumaTable(const JpegFile &jpeg)
{
    return *jpeg.tables[std::size_t(jpeg.components.front().tableIndex)];
}

int zigzagPlace(int k)
{
    // Along the anti-diagonals, up on the even ones and down on the odd ones.
    int sum = 0, before = 0;
    const auto length = [](int diagonal) { return diagonal < 8 ? diagonal + 1 : 15 - diagonal; };
    while (k >= before + length(sum))
        before += length(sum++);
    const int low = std::max(0, sum - 7), along = low + (k - before);
    const int row = sum % 2 == 0 ? sum - along : along;
    return row * 8 + (sum - row);
}

} // namespace fw
