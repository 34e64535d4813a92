// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "grid_votes.h"

#include <array>
#include <optional>
#include <vector>

namespace fw {

/// The grid of the whole picture, with how many pictures without any grid would show one as clear.
struct MainGrid
{
    std::optional<int> origin;  ///< x + 8 y; none when no grid is meaningful
    int leader = 0;             ///< the most voted one, meaningful or not
    double log10FalseAlarms = 0.0; ///< of the leader; meaningful below 0
    double voting = 0.0;        ///< share of samples that voted
    std::array<int, 64> votes{};
};
MainGrid mainGrid(const cv::Mat &votes);

/// A connected place that votes for one grid.
struct GridRegion
{
    int origin = 0;
    cv::Rect box;               ///< px
    double log10FalseAlarms = 0.0;
    int samples = 0;            ///< that voted for it
};

/// Places whose votes for one grid, other than `except`, cannot come about by chance.
/// @param highest  only grids up to this one are looked for. @param mask  receives the samples of all
/// places, closed over 9 px. Errc::Cancelled when asked to stop.
Result<std::vector<GridRegion>> gridRegions(const cv::Mat &votes, int except, int highest, cv::Mat *mask,
                                            std::stop_token stop);

} // namespace fw
