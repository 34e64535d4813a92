// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/pair_counts.h"

#include <cmath>

namespace fw {

PairCounts neighbourCounts(const cv::Mat &plane)
{
    PairCounts once(256, 256, CV_32SC1, cv::Scalar(0));
    for (int y = 0; y < plane.rows; ++y) {
        const uchar *row = plane.ptr<uchar>(y), *below = y + 1 < plane.rows ? plane.ptr<uchar>(y + 1) : nullptr;
        for (int x = 0; x < plane.cols; ++x) {
            int *line = once.ptr<int>(row[x]);
            if (x + 1 < plane.cols)
                ++line[row[x + 1]];
            if (below)
                ++line[below[x]];
        }
    }
    return once + once.t();
}

PairCounts channelCounts(const cv::Mat &first, const cv::Mat &second)
{
    PairCounts counts(256, 256, CV_32SC1, cv::Scalar(0));
    for (int y = 0; y < first.rows; ++y) {
        const uchar *a = first.ptr<uchar>(y), *b = second.ptr<uchar>(y);
        for (int x = 0; x < first.cols; ++x)
            ++counts.ptr<int>(a[x])[b[x]];
    }
    return counts;
}

std::array<PairCounts, 6> pairCounts(const cv::Mat &bgr)
{
    cv::Mat c[3];
    cv::split(bgr, c);
    return {neighbourCounts(c[2]), neighbourCounts(c[1]), neighbourCounts(c[0]),
            channelCounts(c[2], c[1]), channelCounts(c[2], c[0]), channelCounts(c[1], c[0])};
}

cv::Mat pairShares(const PairCounts &counts)
{
    cv::Mat shares;
    counts.convertTo(shares, CV_64F);
    const double sum = cv::sum(shares)[0];
    return sum > 0.0 ? cv::Mat(shares / sum) : shares;
}

cv::Mat pairPicture(const PairCounts &counts, int side)
{
    const cv::Mat shares = pairShares(counts);
    const int cell = 256 / side;
    cv::Mat picture(side, side, CV_32FC1);
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x)
            picture.at<float>(y, x) = float(std::sqrt(cv::sum(shares(cv::Rect(x * cell, y * cell, cell, cell)))[0]));
    }
    double most = 0.0;
    cv::minMaxLoc(picture, nullptr, &most);
    return most > 0.0 ? cv::Mat(picture / most) : picture;
}

int emptyLevels(const cv::Mat &plane)
{
    std::array<int, 256> counts{};
    for (int y = 0; y < plane.rows; ++y) {
        for (int x = 0; x < plane.cols; ++x)
            ++counts[plane.at<uchar>(y, x)];
    }
    const double total = double(plane.total());
    int below = 0, empty = 0;
    for (const int count : counts) {
        const double share = double(below) / total;
        empty += share > 0.02 && share < 0.98 && count == 0;
        below += count;
    }
    return empty;
}

} // namespace fw
