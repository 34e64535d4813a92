// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid_regions.h"

#include "stats/distributions.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kReach = 9; ///< px: votes this near belong together

/// log10 of the number of tests: 64 grids squared, as in the reference, and all boxes of the picture.
double log10Tests(cv::Size size)
{
    return 2.0 * std::log10(64.0) + 2.0 * std::log10(double(size.width)) + 2.0 * std::log10(double(size.height));
}

/// Votes of one window are not independent: 64 samples count as one trial.
double log10FalseAlarms(double samples, double votes, cv::Size size)
{
    return log10Tests(size) + log10BinomialTail(int(samples / 64.0), int(votes / 64.0), 1.0 / 64.0);
}

} // namespace

MainGrid mainGrid(const cv::Mat &votes)
{
    MainGrid grid;
    for (int y = 0; y < votes.rows; ++y) {
        for (int x = 0; x < votes.cols; ++x) {
            if (const uchar vote = votes.at<uchar>(y, x); vote < 64)
                ++grid.votes[vote];
        }
    }
    const auto leader = std::max_element(grid.votes.begin(), grid.votes.end());
    double all = 0.0;
    for (const int count : grid.votes)
        all += count;
    grid.voting = all / double(votes.total());
    grid.leader = int(leader - grid.votes.begin());
    grid.log10FalseAlarms = log10FalseAlarms(double(votes.total()), *leader, votes.size());
    if (grid.log10FalseAlarms < 0.0)
        grid.origin = grid.leader;
    return grid;
}

Result<std::vector<GridRegion>> gridRegions(const cv::Mat &votes, int except, int highest, cv::Mat *mask,
                                            std::stop_token stop)
{
    const int least = int(std::ceil(64.0 * log10Tests(votes.size()) / std::log10(64.0)));
    cv::Mat used(votes.size(), CV_8UC1, cv::Scalar(0)), marked(votes.size(), CV_8UC1, cv::Scalar(0));
    std::vector<GridRegion> regions;
    std::vector<cv::Point> members;
    const cv::Rect all({0, 0}, votes.size());
    for (int y = 0; y < votes.rows; ++y) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        for (int x = 0; x < votes.cols; ++x) {
            const uchar vote = votes.at<uchar>(y, x);
            if (used.at<uchar>(y, x) || vote >= 64 || vote == except || vote > highest)
                continue;
            members.assign(1, {x, y});
            used.at<uchar>(y, x) = 1;
            cv::Rect box(x, y, 1, 1);
            for (std::size_t i = 0; i < members.size(); ++i) {
                const cv::Point at = members[i];
                box |= cv::Rect(at, cv::Size(1, 1));
                const cv::Rect around = cv::Rect(at.x - kReach, at.y - kReach, 2 * kReach + 1, 2 * kReach + 1) & all;
                for (int yy = around.y; yy < around.br().y; ++yy) {
                    const uchar *row = votes.ptr<uchar>(yy);
                    uchar *taken = used.ptr<uchar>(yy);
                    for (int xx = around.x; xx < around.br().x; ++xx) {
                        if (row[xx] == vote && !taken[xx]) {
                            taken[xx] = 1;
                            members.emplace_back(xx, yy);
                        }
                    }
                }
            }
            if (int(members.size()) < least)
                continue;
            const double side = std::max(box.width, box.height);
            const double alarms = log10FalseAlarms(side * side, double(members.size()), votes.size());
            if (alarms >= 0.0)
                continue;
            regions.push_back({vote, box, alarms, int(members.size())});
            for (const cv::Point &member : members)
                marked.at<uchar>(member) = 255;
        }
    }
    cv::morphologyEx(marked, marked, cv::MORPH_CLOSE, cv::Mat::ones(2 * kReach + 1, 2 * kReach + 1, CV_8U));
    if (mask)
        *mask = marked;
    std::stable_sort(regions.begin(), regions.end(),
                     [](const GridRegion &a, const GridRegion &b) { return a.log10FalseAlarms < b.log10FalseAlarms; });
    return regions;
}

} // namespace fw
