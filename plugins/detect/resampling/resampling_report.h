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
    double whole = 0.0;     ///< highest peak along an axis that most of the picture shares; 0 below 256 px a side
    cv::Point2d wholeAt;    ///< where that peak is, cycles per px
    cv::Rect region;        ///< of the largest place, px
    std::optional<double> agreement; ///< mean chance inside the mask by the network that reads neighbourhoods
    PeriodSpectrum period;  ///< of the largest place, or of the whole picture when there is none
    cv::Mat periods;        ///< interpolationMap of the picture
};

/// When a picture counts as what. The contrast was set on cameras that were not measured afterwards.
struct ResamplingLimits
{
    double contrast = 3.1;     ///< a place is named from here on: one of 21 pristine pictures of fitting cameras reaches it
    double leastShare = 0.004; ///< of the picture
    double agreement = 0.5;    ///< a place is named when the other network agrees at least so much, where it has a say
    double whole = 4.6;        ///< a period that most of the picture shares counts from here on
    double peak = 4.5;         ///< highest peak that a window of untouched pictures leaves
    int leastQuality = 60;     ///< of the last save
};

/// What most of a picture shares, by the higher axial peak of two interpolation maps: one for pictures that were not saved with
/// loss since, one that sees past the errors of a save. No peaks below 256 px a side or when stopped.
/// @param without  a place whose surroundings alone are looked at, px.
PeriodSpectrum sharedPeriods(const cv::Mat &luma, const cv::Mat &interpolation, cv::Rect without, std::stop_token stop);

/// Incomplete once a stop is requested.
ResamplingSummary summarise(const ResamplingMaps &maps, const cv::Mat &bgr, std::stop_token stop);

/// Maps for people: chances by place, the six traces, the interpolation map and its spectrum.
void addMaps(const ResamplingMaps &maps, const ResamplingSummary &summary, FrameIndex index, Measurements *measured);
/// Peaks with the scales that could have made them.
void addPeaks(const ResamplingSummary &summary, Measurements *measured);

/// Names what was found and is never more than inconclusive: blurred places of untouched pictures stand out as well.
Finding resamplingClaim(const ResamplingSummary &summary, std::optional<int> quality, const ResamplingLimits &limits = {});

} // namespace fw
