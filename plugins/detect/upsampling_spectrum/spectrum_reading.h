// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "photo/spectrum.h"

#include <vector>

namespace fw {

/// What the spectrum of one picture, or of one tile, says.
struct SpectrumReading
{
    TileSpectrum median, laplacian; ///< of the two residuals of luma
    std::array<LatticeLevel, 4> medianLattice, laplacianLattice;
    std::vector<double> profile;    ///< radialProfile of the Laplacian residual's spectrum
    PowerLaw law;
    double decay = 0.0; ///< mean of profile over the power law at 0.375..0.475 cycles per px, ln power
};

/// @param bgr  CV_8UC3, at least 256 px a side. Errc::Cancelled. Errc::NotApplicable when no tile has texture.
Result<SpectrumReading> readSpectrum(const cv::Mat &bgr, std::uint64_t seed, std::stop_token stop = {});
/// The same of a region of 256 x 256 px of residuals that are already there.
Result<SpectrumReading> readTile(const cv::Mat &luma, const cv::Mat &medianPart, const cv::Mat &laplacianPart,
                                 cv::Point corner, std::uint64_t seed);

/// What the classifier is fed: excess at the places of doubled samples, ln power; on and off the axes, four
/// levels, both residuals; peaks and holes apart, because some decoders leave the one and some the other. Values
/// are held within 0..6, so that one bright line does not decide.
std::vector<double> latticeFeatures(const SpectrumReading &reading);
constexpr int kLatticeFeatures = 32;

/// What the lattice says by the fixed rules, before the classifier is asked.
enum class LatticeKind { None, Learned, Repeated, Ordinary };
LatticeKind latticeKind(const SpectrumReading &reading);

} // namespace fw
