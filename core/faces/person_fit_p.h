// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// One frame made linear around a state, for the fit in person_model.cpp.
#include "faces/camera.h"
#include "faces/person_basis_p.h"

#include <array>

namespace fw::person {

constexpr int kPose = 6;

/// What was seen: pixels and one over their standard deviation, 0 for an unseen point.
struct Seen
{
    Eigen::Matrix<double, 2, kLandmarks> points;
    std::array<double, kLandmarks> weight{};
    double huber = 0.0; ///< px
};

/// @param share  deviation of a landmark as a share of the eye distance where `sigmas` is null.
Seen seenOf(const Landmarks68 &points, const LandmarkSigmas *sigmas, double share);

/// The state of one fit.
struct State
{
    Pose pose;
    VectorXd strength; ///< of the free expressions
};

/// Everything about one frame, linear around a state and in units of its noise.
struct Linear
{
    MatrixXd pose;       ///< 136 x 6
    MatrixXd expression; ///< 136 x 45
    MatrixXd identity;   ///< 136 x 40, when wanted
    VectorXd residual;   ///< 136, seen minus model
    double cost = 0.0;   ///< robust
    double squares = 0.0; ///< px, the jaw at its weight
    double weights = 0.0;
    int points = 0;
};

/// Both references have to outlive it.
class Fitter
{
public:
    Fitter(const Basis &basis, const Camera &camera)
        : m_basis(basis)
        , m_camera(camera)
    {
    }

    Points shape(const Points &rest, const VectorXd &strength) const;
    /// @param rest  the person without expression.
    Linear linear(const Seen &seen, const Points &rest, const State &state, bool withIdentity) const;

private:
    Eigen::Vector2d project(const Eigen::Vector3d &c) const;
    int placeOf(int landmark, const Seen &seen, const Points &turned, const Pose &pose) const;

    const Basis &m_basis;
    const Camera &m_camera;
};

/// A quadratic in the strengths, with the pose eliminated.
struct Reduced
{
    MatrixXd hessian;
    VectorXd gradient; ///< for the strengths themselves, not for a step
    MatrixXd poseSystem; ///< 6 x 6
};

Reduced reduced(const Linear &l, const VectorXd &strength);

/// a' a at half the price.
MatrixXd gram(const MatrixXd &a);

/// mouthClose undoes jawOpen and must not exceed it. In the strengths "open with lips closed" and
/// "open" of this map both are plain bounds.
class MouthMap
{
public:
    explicit MouthMap(const Basis &basis)
        : m_open(basis.jawOpen)
        , m_close(basis.mouthClose)
    {
    }
    /// Writes a quadratic in the new strengths: closing by x comes with opening by x.
    void apply(MatrixXd &hessian, VectorXd &gradient) const
    {
        if (!known())
            return;
        hessian.col(m_close) += hessian.col(m_open);
        hessian.row(m_close) += hessian.row(m_open);
        gradient[m_close] += gradient[m_open];
    }
    VectorXd toBounded(VectorXd strength) const
    {
        if (known())
            strength[m_open] = std::max(0.0, strength[m_open] - strength[m_close]);
        return strength;
    }
    VectorXd fromBounded(VectorXd bounded) const
    {
        if (known())
            bounded[m_open] = std::min(1.0, bounded[m_open] + bounded[m_close]);
        return bounded;
    }

private:
    bool known() const { return m_open >= 0 && m_close >= 0; }

    int m_open, m_close;
};

} // namespace fw::person
