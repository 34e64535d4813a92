// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <vector>

namespace fw {

constexpr int kResamplingPatch = 64;                  ///< px
constexpr int kRadonAngles = 18, kRadonBins = 91, kRadonFrequencies = 46;
constexpr int kResamplingFeatures = (kRadonAngles + 1) * kRadonFrequencies; ///< 874

/// Square root of the size of the 4-neighbour Laplacian, mean over the channels of a CV_8UC3 picture
/// (mirrored border). CV_32FC1.
cv::Mat rootLaplacian(const cv::Mat &bgr);

/// Turns patches into the 874 values of Bunk et al. (CVPR workshops 2017): sums along lines at 18 angles
/// (10 degrees apart, bilinear, padded to the diagonal), size of their spectra, each divided by the mean
/// over the angles, and those means. The sums are one sparse product, made once per object.
/// Deterministic; one object may be used by several threads.
class RadonFeatures
{
public:
    RadonFeatures();

    /// @param root  rootLaplacian of a picture. @param corners  upper left corners of patches inside.
    /// @return one row of 874 values per corner, CV_32FC1: first angle by angle, then the means.
    cv::Mat of(const cv::Mat &root, const std::vector<cv::Point> &corners) const;

    /// What networks are fed: the quotients about 0 and the logarithm of the means.
    static void standardise(cv::Mat *features);

private:
    struct Entry
    {
        int pixel = 0;
        float weight = 0.0f;
    };
    std::vector<int> m_rows;      ///< where each line's entries start
    std::vector<Entry> m_entries;
    cv::Mat m_cosine, m_sine;     ///< 46 x 91
};

/// Luma without its slow part, in units of 10 grey levels: what the patch network is fed. CV_32FC1.
cv::Mat resamplingResidual(const cv::Mat &bgr);

} // namespace fw
