// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ghost_stack.h"

#include <optional>

namespace fw {

/// A connected place that behaves as if it had been saved once at `quality`, unlike the rest.
struct GhostRegion
{
    int quality = 0;
    cv::Point shift;            ///< block grid, px
    double separation = 0.0;    ///< Kolmogorov-Smirnov distance of the depths inside and outside, 0..1
    double depthInside = 0.0;   ///< median depth, 0..1
    double depthOutside = 0.0;
    double areaShare = 0.0;     ///< of the picture, 0..1
    bool wholePicture = false;  ///< the curve of the whole picture dips here as well
    cv::Mat mask;               ///< CV_8UC1 over the cells, 255 inside

    double contrast() const { return depthInside - depthOutside; }
    /// For ordering candidates.
    double weight() const { return separation * contrast(); }
};

/// The limits of the automatic score, calibrated on unedited camera pictures.
struct GhostLimits
{
    double separation = 0.93;
    double contrast = 0.15;
    double leastArea = 0.01, greatestArea = 0.40; ///< share of the picture
    int leastCells = 24; ///< fewer separate by chance, however large their share of a small picture
    int qualityMargin = 5; ///< nearer than this to the file's own quality nothing can be told apart
};

/// How deep the difference dips at qualities[k] compared with its highest value over the next
/// qualities, 0 (no dip: as in a place saved once) to 1 (falls to nothing). CV_32FC1 over the cells,
/// NaN where there is no texture: there, rounding alone makes dips.
cv::Mat ghostDepth(const GhostStack &stack, int k);

/// Farid's picture of a ghost: every cell's difference scaled to 0..1 over all qualities, so that
/// content drops out; a ghost is dark. NaN where a cell holds no texture.
cv::Mat ghostPicture(const GhostStack &stack, int k);

/// Share of the cells that hold texture which a save could change, 0..1.
double textureShare(const GhostStack &stack);

/// Indices of the local minima of a curve, without its two ends.
std::vector<int> localMinima(const std::vector<double> &curve);

/// Largest distance between the distribution functions of two samples; 0 when one is empty.
double kolmogorovSmirnov(std::vector<float> a, std::vector<float> b);

/// The best-separated region at each quality up to `highest`, where there is one of allowed size.
/// Ordered by weight, strongest first. Errc::Cancelled when asked to stop.
Result<std::vector<GhostRegion>> ghostRegions(const GhostStack &stack, cv::Point shift, int highest,
                                              const GhostLimits &limits, std::stop_token stop);

/// Whether a region passes the limits as evidence.
bool isClear(const GhostRegion &region, const GhostLimits &limits);

} // namespace fw
