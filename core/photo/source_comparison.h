// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "photo/fingerprint_file.h"

#include <optional>
#include <vector>

namespace fw {

/// How one picture compares with one enrolled source.
struct SourceComparison
{
    enum class State {
        NotComparable, ///< another size, or the fingerprint is too weak to be used; see `reason`
        No,            ///< not distinguishable from pictures of other origin
        Near,          ///< more than usual, less than needed
        Match,
    };
    QString name;
    SourceKind kind = SourceKind::Camera;
    State state = State::NotComparable;
    QString reason;
    double score = 0.0;       ///< cameras: PCE at zero shift; generators: deviations above other pictures
    double needed = 0.0;      ///< score from which it counts
    double correlation = 0.0;
    double surplus() const { return needed > 0.0 ? score / needed : 0.0; }
};

/// Compares one picture with many sources and makes its noise and its residual once, when first needed.
class SourceComparer
{
public:
    /// @param bgr  CV_8UC3 as coded; shared, not copied.
    explicit SourceComparer(cv::Mat bgr) : m_bgr(std::move(bgr)) {}
    SourceComparison compare(const FingerprintFile &source);
    const cv::Mat &noise(); ///< see pictureNoise

private:
    void compareCamera(const FingerprintFile &source, SourceComparison *result);
    void compareGenerator(const FingerprintFile &source, SourceComparison *result);
    cv::Mat m_bgr, m_noise, m_residual;
};

/// Why a fingerprint is too weak to answer; empty when it is not. The same rule at enrolment and after it.
QString weaknessOf(const FingerprintFile &source);

/// The clearest match; nullopt when it is none of these. Cameras and generators are compared by how far
/// they are above what is needed.
std::optional<std::size_t> bestMatch(const std::vector<SourceComparison> &all);

} // namespace fw
