// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

namespace fw {

// Statistics of measurements that follow one another in time, where neighbours resemble each other
// and the textbook formulas for independent values promise too much. Values are evenly spaced;
// not-a-number stands for "not measured".

/// Weights that give the middle of a window as the value of a polynomial fitted by least squares.
/// @param window  odd, > order. Source: Savitzky and Golay, Analytical Chemistry 1964.
std::vector<double> savitzkyGolayWeights(int window, int order);

/// An odd number of frames, at least 7, nearest to 0.37 s.
int noiseWindow(double framesPerSecond);

/// What a cubic Savitzky-Golay filter leaves of each value, divided by what it would leave of
/// independent noise: a sample of the noise. Not-a-number where a window is not complete.
std::vector<double> noiseSamples(const std::vector<double> &values, int window);

/// Standard deviation of the noise: robustSigma of noiseSamples; nullopt when fewer than 8 windows
/// are complete. Motion faster than the window counts as noise.
std::optional<double> noiseSigma(const std::vector<double> &values, int window);

/// Autocorrelation at lags 0..maxLag, of the pairs that were measured; 0 where fewer than 4 are.
std::vector<double> autocorrelation(const std::vector<double> &values, int maxLag);

/// How many independent pairs carry as much about a correlation as these two series:
/// N / sum of rho_x(k) rho_y(k) over lags -maxLag..maxLag, within 2..N.
/// Source: Bartlett, J. R. Stat. Soc. 1935 and 1946.
double effectiveSampleSize(const std::vector<double> &x, const std::vector<double> &y, int maxLag);

/// How many independent values carry as much about the variance of this series: the same with
/// y = x (the square of a correlated series decorrelates twice as fast).
inline double effectiveSampleSize(const std::vector<double> &x, int maxLag)
{
    return effectiveSampleSize(x, x, maxLag);
}

/// Pearson's correlation of the pairs that were measured; nullopt with fewer than 8 or no variance.
std::optional<double> correlation(const std::vector<double> &x, const std::vector<double> &y);

/// Correlation of what a linear regression on `controls` leaves of x and y. Frames where anything is
/// missing are left out; nullopt with fewer than 8 frames more than controls.
std::optional<double> partialCorrelation(const std::vector<double> &x, const std::vector<double> &y,
                                         const std::vector<std::vector<double>> &controls);

/// What a least-squares line on `x` leaves of y; y itself (less its mean) when x has no variance.
std::vector<double> withoutLinear(const std::vector<double> &y, const std::vector<double> &x);

/// Median of the slopes between all pairs (Theil 1950, Sen 1968); of at most 400 evenly chosen
/// points. nullopt with fewer than 3.
std::optional<double> theilSenSlope(const std::vector<double> &x, const std::vector<double> &y);

} // namespace fw
