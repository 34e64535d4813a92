// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <optional>
#include <vector>

namespace fw {

struct EvidenceSettings
{
    int window = 3;            ///< cells each way whose evidence is added up; odd
    double mostPerCell = 6.0;  ///< no cell says more than this, natural logarithm
    double trust = 0.5;        ///< of added evidence: neighbours resemble each other
    double least = 2.0;        ///< trusted sum from which a cell belongs to a place
    int leastCells = 24;       ///< of a place
    double leastEvidence = 40.0; ///< sum over a place's own cells
};

/// A connected place whose cells speak against what most of the picture says.
struct EvidencePlace
{
    cv::Rect cells;
    int count = 0;
    double evidence = 0.0; ///< sum of the log ratios of its cells, as seen from its own side
};

/// A yes-or-no question asked of every cell of a picture, and the places that answer unlike the rest.
struct EvidenceMap
{
    cv::Mat unlike;      ///< CV_32FC1: chance that the cell is not like most of the picture; 0.5 = not known
    bool mostSayYes = false;
    double yes = 0.0;    ///< estimated share of yes among cells that say something
    double heard = 0.0;  ///< share of cells that say something
    cv::Mat mask;        ///< CV_8UC1: places
    std::vector<EvidencePlace> places; ///< clearest first
};

/// @param logRatio  ln p(yes) / p(no) of each cell, CV_32FC1; 0 where a cell says nothing.
/// @param yes  share of yes where the caller knows it better than the cells do. Deterministic.
EvidenceMap evidenceMap(const cv::Mat &logRatio, const EvidenceSettings &settings = {}, std::optional<double> yes = {});

} // namespace fw
