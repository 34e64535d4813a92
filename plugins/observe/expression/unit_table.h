// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face_shapes.h"
#include "faces/person_model.h"

#include <array>
#include <vector>

namespace fw {

/// What is known of one face before a person's own rest is taken off.
struct UnitEstimate
{
    std::array<float, 17> raw{};   ///< 0..5, order of kIntensityUnits; NaN: cannot be measured
    std::array<float, 17> sigma{}; ///< NaN where raw is
    float lipSuck = 0.0f;          ///< AU28, 0..5; it has a presence only
};

/// Action units from the strengths of the head model: the shapes that realise each unit, left and
/// right averaged (Ekman and Friesen; ICT-FaceKit's own table for most). AU25 is the opening of the
/// inner lips, AU26 the drop of the jaw, AU45 the closing of the lids. AU23 narrows the red of the
/// lips, which no landmark shows: it is not measured.
class UnitTable
{
public:
    explicit UnitTable(const FaceShapes &shapes);

    /// @param fit  with its covariance.
    /// @param face  its landmarks give the opening of the lips; eyes that were measured on pixels
    ///              replace the fitted lids.
    /// @param camera  of the fit.
    UnitEstimate estimate(const PersonFit &fit, const FaceObservation &face,
                          const Camera &camera) const;

private:
    struct Part
    {
        std::size_t shape;
        double weight;
    };
    using Mix = std::vector<Part>;
    struct Strength
    {
        double value = 0.0, sigma = 0.0;
    };
    static Strength strengthOf(const Mix &mix, const PersonFit &fit);

    std::array<Mix, 17> m_mixes;
    Mix m_lipSuck, m_lids, m_jaw;
};

} // namespace fw
