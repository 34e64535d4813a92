// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <QString>

#include <array>
#include <optional>
#include <vector>

namespace fw {

/// The lines of one parity as a linear mix of the lines three and one above and below.
struct LineModel
{
    std::array<double, 4> weights{}; ///< of lines y-3, y-1, y+1, y+3
    double sigma = 0.0;              ///< grey levels of the residual of pixels that follow it
    /// The same over the lines in the middle of the 8 x 8 blocks of a coder. These lie alike to the
    /// blocks' edges whatever their parity, so that coding makes no contrast between them.
    double centralSigma = 0.0;
    std::array<double, 8> stripSigma{}; ///< of these lines, in eight strips from left to right
    std::array<double, 8> bandSigma{};  ///< of these lines, in eight bands from top to bottom
    double followers = 0.0;          ///< share of pixels that follow it
    int iterations = 0;
};

/// Expectation and maximisation over up to `most` interior pixels of the lines with y % 2 == parity.
/// nullopt for pictures too small or without any texture. Deterministic.
/// Source: Wang and Farid, IEEE TIFS 2(3):438-449, 2007.
std::optional<LineModel> fitLines(const cv::Mat &luma, int parity, int most = 10000);

/// Both parities of one frame.
struct ParityFit
{
    LineModel even, odd;
    /// ln(central sigma odd / central sigma even): above 0 the even lines look interpolated.
    double contrast() const;
    double stripContrast(std::size_t strip) const;
    double bandContrast(std::size_t band) const;
};
std::optional<ParityFit> fitParities(const cv::Mat &luma);

/// What the fits of many frames say together.
struct DeinterlaceTrace
{
    bool usable = false;      ///< the map may be shown
    bool alternating = false; ///< the interpolated parity changes with each frame: field rate output
    int parity = 0;           ///< interpolated in the first frame
    double contrast = 1.0;    ///< rho: sigma of the one parity over that of the other, median
    std::array<double, 4> weights{}; ///< median over the interpolated lines
    QString model;            ///< nearest known filter, empty when none is near
    QString why;              ///< why the trace is not usable; empty when it is
};

/// @param frames  frame numbers of the fits, ascending; neighbours show whether parity alternates.
DeinterlaceTrace judgeFits(const std::vector<int> &frames, const std::vector<ParityFit> &fits);

/// ln of the residual's spread on the recorded lines over that on the interpolated ones, per block:
/// above 0 where lines were interpolated, 0 where a picture was put in afterwards.
/// @param texture  receives the mean vertical step of each block, grey levels; may be null.
cv::Mat contrastMap(const cv::Mat &luma, const ParityFit &fit, int parity, int block, cv::Mat *texture);

/// Probability of each block that its lines of the one parity were interpolated like the rest, 0..1. The
/// residuals of the recorded lines of the same block say how rough its content is: a smooth picture that was
/// put in follows any mix of lines, so the residuals of the interpolated lines alone do not tell it apart.
/// Likelihood ratio of two normal distributions whose spreads differ by `rho`, with neighbouring pixels
/// counted as one in four.
/// @param contrast  of contrastMap; @param rho  contrast of the whole frame, above 1.
/// @return CV_32F, of the same size.
cv::Mat followMap(const cv::Mat &contrast, double rho, int block);

} // namespace fw
