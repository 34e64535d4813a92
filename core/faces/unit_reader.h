// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "faces/face.h"
#include "faces/gradient_cells.h"

#include <QByteArray>

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace fw {

/// What action units are read from: the directions of gradients over the upright face (12 x 12 cells),
/// the strengths of the fitted expressions, the 68 points in the upright face, pitch and yaw (rad) and
/// the openness of both eyes.
constexpr int kUnitCells = 12;
constexpr std::size_t kUnitGradients = std::size_t(kUnitCells) * kUnitCells * kGradientDirections;
constexpr std::size_t kUnitEvidence = kUnitGradients + 53 + 136 + 4;

/// @param grey  CV_8UC1, the whole frame. @param face  with landmarks and expression.
/// @param pose  of the fit. @return kUnitEvidence numbers; empty when the points are no shape.
std::vector<float> unitEvidence(const cv::Mat &grey, const FaceObservation &face, const HeadPose &pose);

/// The evidence of a person's usual face: a running mean in which no frame moves a number far, so that
/// what a face seldom does leaves it alone. Begins as the mean of many people, which some frames replace.
class UsualFace
{
public:
    explicit UsualFace(std::span<const float> people) : m_mean(people.begin(), people.end()) {}
    void add(std::span<const float> evidence);
    const std::vector<float> &mean() const { return m_mean; }
    int frames() const { return m_frames; }

private:
    std::vector<float> m_mean;
    int m_frames = 0;
};

/// Reads action units as a linear function of how a face differs from the same person's usual face
/// (ridge regression; person-specific normalisation after Baltrusaitis, Mahmoud, Robinson, FG workshops
/// 2015).
class UnitReader
{
public:
    /// @param people    kUnitEvidence numbers: the usual face of many people.
    /// @param weights   17 rows of kUnitEvidence. @param bias  17.
    /// @param sigma     17: one standard deviation of the reading; 0 for a unit that is not read.
    UnitReader(std::vector<float> people, std::vector<float> weights, std::vector<float> bias, std::vector<float> sigma);
    /// Reads a file of bytes(). Errc::BadData when it is damaged or not that of `sha256`.
    static Result<UnitReader> load(const QString &path, const QString &sha256);
    QByteArray bytes() const;

    std::span<const float> people() const { return m_people; }
    bool reads(std::size_t unit) const { return m_sigma[unit] > 0.0f; }
    float sigma(std::size_t unit) const { return m_sigma[unit]; }
    /// Its part of every unit: a reading is part(evidence) - part(usual face) + bias, not yet within 0..5.
    std::array<float, 17> part(std::span<const float> evidence) const;
    float bias(std::size_t unit) const { return m_bias[unit]; }

private:
    std::vector<float> m_people, m_weights, m_bias, m_sigma;
};

} // namespace fw
