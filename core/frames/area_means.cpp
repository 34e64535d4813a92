// SPDX-License-Identifier: GPL-3.0-or-later
#include "frames/area_means.h"

#include <algorithm>
#include <vector>

namespace fw {

namespace {

/// Cell i covers [from, to) of a side that was divided into `cells`.
struct Span
{
    double from, to;
    Span(int i, int cells, int side)
        : from(double(i) * side / cells)
        , to(double(i + 1) * side / cells)
    {
    }
    int first() const { return int(from); }
    int last(int side) const { return std::min(int(to), side - 1); }
    float share(int at) const
    {
        return float(std::max(0.0, std::min(to, at + 1.0) - std::max(from, double(at))));
    }
};

void addRow(const uchar *row, float share, float *sums, int count)
{
    for (int x = 0; x < count; ++x)
        sums[x] += share * float(row[x]);
}

} // namespace

cv::Mat areaMeans(const cv::Mat &grey, cv::Size cells)
{
    CV_Assert(grey.type() == CV_8UC1);
    if (cells.width < 1 || cells.height < 1 || grey.cols < cells.width || grey.rows < cells.height)
        return {};
    cv::Mat means(cells, CV_32FC1);
    std::vector<float> sums(std::size_t(grey.cols));
    for (int r = 0; r < cells.height; ++r) {
        const Span down(r, cells.height, grey.rows);
        std::fill(sums.begin(), sums.end(), 0.0f);
        for (int y = down.first(); y <= down.last(grey.rows); ++y) {
            if (const float share = down.share(y); share > 0.0f)
                addRow(grey.ptr(y), share, sums.data(), grey.cols);
        }
        for (int c = 0; c < cells.width; ++c) {
            const Span across(c, cells.width, grey.cols);
            float sum = 0.0f;
            for (int x = across.first(); x <= across.last(grey.cols); ++x)
                sum += across.share(x) * sums[std::size_t(x)];
            means.at<float>(r, c) = sum / float((down.to - down.from) * (across.to - across.from));
        }
    }
    return means;
}

} // namespace fw
