// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "findings/finding.h"
#include "photo/interpolation.h"
#include "resampling_map.h"

namespace fw {

/// What the maps of one picture come to.
struct ResamplingSummary
{
    double share = 0.0;     ///< of the cells in the mask
    double contrast = 0.0;  ///< median log-odds inside the mask minus that outside; 0 without a mask
    double whole = 0.0;     ///< share of cells whose chance is above one half
    double peak = 0.0;      ///< highest peak of the interpolation map's spectrum in the middle
    cv::Rect region;        ///< of the largest place, px
    PeriodSpectrum period;  ///< of the largest place, or of the middle when there is none
    cv::Mat periods;        ///< interpolationMap of the picture
};

/// When a picture counts as what. The contrast was set on cameras that were not measured afterwards.
struct ResamplingLimits
{
    double contrast = 1.0;     ///< a place is named from here on: 22 pristine pictures of fitting cameras reach 0.96
    double leastShare = 0.004; ///< of the picture
    double whole = 0.6;        ///< share from which the whole picture was resampled
    double peak = 4.5;         ///< highest peak that untouched pictures leave
    int leastQuality = 60;     ///< of the last save
};

/// Incomplete once a stop is requested.
ResamplingSummary summarise(const ResamplingMaps &maps, const cv::Mat &bgr, std::stop_token stop);

/// Maps for people: chances by place, the six traces, the interpolation map and its spectrum.
void addMaps(const ResamplingMaps &maps, const ResamplingSummary &summary, FrameIndex index, Measurements *measured);
/// Peaks with the scales that could have made them.
void addPeaks(const ResamplingSummary &summary, Measurements *measured);

/// Names what was found and is never more than inconclusive: the networks are too weak for a claim.
Finding resamplingClaim(const ResamplingSummary &summary, std::optional<int> quality, const ResamplingLimits &limits = {});

} // namespace fw
