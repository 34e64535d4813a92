// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <array>
#include <stop_token>
#include <vector>

namespace fw {

/// What a 3 x 3 median takes away, and the 4-neighbour Laplacian, which keeps the holes that repeated
/// samples leave in a spectrum. CV_32FC1 in and out.
cv::Mat medianResidual(const cv::Mat &plane);
cv::Mat laplacianResidual(const cv::Mat &plane);

constexpr int kSpectrumSide = 256; ///< px of a tile, and values per side of its spectrum

/// The mean over tiles of the logarithm of the power. CV_32FC1, 256 x 256, frequency 0 at (0, 0),
/// value (x, y) at x / 256 and y / 256 cycles per px.
struct TileSpectrum
{
    cv::Mat logPower;
    int tiles = 0; ///< 0: no tile had texture, logPower is empty
};

/// Where tiles lie: half overlapping, at most `most` of them evenly spread.
std::vector<cv::Point> tileCorners(cv::Size picture, int most = 256);

/// Log power of one tile of a residual, mean removed, Hann window. CV_32FC1, 256 x 256.
cv::Mat tileLogPower(const cv::Mat &residual, cv::Point corner);
/// Whether a tile says something: at most 5 % of samples clipped, deviation of the residual 0.4 grey levels.
bool tileIsUsable(const cv::Mat &luma, const cv::Mat &residual, cv::Point corner);

/// @param luma  CV_32FC1, grey levels. @param residual  of it. Errc::Cancelled.
Result<TileSpectrum> tileSpectrum(const cv::Mat &luma, const cv::Mat &residual, std::stop_token stop = {});

/// Peaks above 0 and holes below at the places that a doubling of the samples leaves: multiples of
/// 1/2, 1/4, 1/8, 1/16 cycles per px, each level without the places of those before it.
struct LatticeLevel
{
    double offAxis = 0.0, onAxis = 0.0;   ///< mean excess over the surroundings, natural logarithm of power
    double offAxisZ = 0.0, onAxisZ = 0.0; ///< over its scatter at places of no meaning in this very spectrum
};
/// The null comes from the picture itself: the same excess at 1,500 random places.
/// Deterministic. Source: the visualisations of Wang et al., CVPR 2020; the test is our own.
std::array<LatticeLevel, 4> latticeLevels(const cv::Mat &logPower, std::uint64_t seed);

/// Mean log power over rings of one 1/size each, from 0 to the corner (0.707 cycles per px).
/// @param logPower  square, frequency 0 at (0, 0). Source: Durall et al., arXiv 1911.00686.
std::vector<double> radialProfile(const cv::Mat &logPower);

/// ln P = a + b ln f by least squares over from..to cycles per px.
struct PowerLaw
{
    double a = 0.0, b = 0.0;
    double at(double f) const;
};
PowerLaw fitPowerLaw(const std::vector<double> &profile, int size, double from = 0.1, double to = 0.4);

/// Frequency 0 in the middle, for people.
cv::Mat centred(const cv::Mat &spectrum);

} // namespace fw
