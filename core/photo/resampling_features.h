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

/// Turns patches into the values of Bunk et al. (CVPR workshops 2017): sums along lines at some angles (spread over
/// half a turn, bilinear, padded to the diagonal), size of their spectra, each divided by the mean over the
/// angles, and those means: 874 of 64 px and 18 angles. The sums are one sparse product, made once per object.
/// Deterministic; one object may be used by several threads.
class RadonFeatures
{
public:
    /// @param side  of a patch, px.
    explicit RadonFeatures(int side = kResamplingPatch, int angles = kRadonAngles);

    /// Of one patch: (angles + 1) x frequencies.
    int values() const { return (m_angles + 1) * m_frequencies; }

    /// @param root  rootLaplacian of a picture. @param corners  upper left corners of patches inside.
    /// @return one row of values per corner, CV_32FC1: first angle by angle, then the means.
    cv::Mat of(const cv::Mat &root, const std::vector<cv::Point> &corners) const;

    /// What networks are fed: the quotients about 0 and the logarithm of the means.
    void standardise(cv::Mat *features) const;

private:
    int m_side, m_angles, m_bins, m_frequencies;
    struct Entry
    {
        int pixel = 0;
        float weight = 0.0f;
    };
    std::vector<int> m_rows;      ///< where each line's entries start
    std::vector<Entry> m_entries;
    cv::Mat m_cosine, m_sine;     ///< frequencies x bins, turned
};

/// Luma without its slow part, in units of 10 grey levels: what the patch network is fed. CV_32FC1.
cv::Mat resamplingResidual(const cv::Mat &bgr);

} // namespace fw
