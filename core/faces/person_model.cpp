// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/person_model.h"

#include "faces/alignment.h"
#include "faces/box_least_squares_p.h"
#include "faces/head_pose.h"
#include "faces/person_key_frames_p.h"

#include <Eigen/Cholesky>

#include <cmath>

namespace fw {

using namespace person;

namespace {

constexpr double kWorstRms = 0.06; ///< of the eye distance: beyond, nothing is learnt
// Both chosen on simulated people with landmark noise of 0.5 and 1 % of the eye distance: a face does
// little at a time (an exponential prior, beside the normal one of the basis), and takes some frames.
constexpr double kSparsity = 4.0;
constexpr double kChangePrecision = 30.0; ///< of the step between frames, at 30 frames a second
constexpr int kMostRounds = 10;
constexpr double kStill = 5e-3;           ///< largest step of a strength that ends the rounds
constexpr int kLearningRounds = 5;
constexpr double kSamePerson = 0.05;      ///< step of the identity that ends the learning

} // namespace

struct PersonModel::Impl
{
    Impl(std::shared_ptr<const FaceShapes> s, const Camera &c, const PersonOptions &o)
        : shapes(std::move(s))
        , camera(c)
        , options(o)
        , basis(basisOf(*shapes))
        , fitter(basis, camera)
        , mouth(basis)
        , identity(VectorXd::Zero(kIdentities))
        , identityPrecision(MatrixXd::Identity(kIdentities, kIdentities))
        , rest(basis.neutral)
    {
    }
    Impl(const Impl &) = delete;

    std::optional<State> start(const Landmarks68 &points) const;
    bool refine(const Seen &seen, State *state, const VectorXd *before, double change,
                double sparsity = kSparsity) const;
    std::optional<State> fitted(const Landmarks68 &points, const Seen &seen, const State *before,
                                double change) const;
    PersonFit resultOf(const Seen &seen, const State &state, const MatrixXd *ofIdentity) const;
    MatrixXd ownCovariance(const Linear &l) const;
    MatrixXd identityCovariance(const Linear &l) const;
    std::vector<float> covarianceOf(const Linear &l, const MatrixXd &ofIdentity) const;
    void learn();
    void setIdentity(const VectorXd &value);

    std::shared_ptr<const FaceShapes> shapes;
    Camera camera;
    PersonOptions options;
    Basis basis;
    Fitter fitter;
    MouthMap mouth;
    VectorXd identity;
    MatrixXd identityPrecision;
    MatrixXd ofIdentity; ///< 45 x 45, its part of the covariance since the last lesson
    Points rest;
    KeyFrames keys;
    std::optional<State> last;
    FrameIndex lastFrame = 0;
    int frames = 0;
    int nextLesson = 1;
    std::vector<FrameIndex> lessons;
};

std::optional<State> PersonModel::Impl::start(const Landmarks68 &points) const
{
    HeadModel head;
    for (int i = 0; i < kLandmarks; ++i)
        head[std::size_t(i)] = {rest(0, i), rest(1, i), rest(2, i)};
    const auto pose = fitHeadPose(points, camera, head);
    if (!pose)
        return std::nullopt;
    return State{poseOf(*pose), VectorXd::Zero(Eigen::Index(basis.free.size()))};
}

/// @param before  strengths of the frame before, or null; @param change  precision of the step.
/// @param sparsity  0 while the identity is learnt: a prior that pulls all frames to rest would make
/// the rest of the person out of what its expressions lack.
bool PersonModel::Impl::refine(const Seen &seen, State *state, const VectorXd *before,
                               double change, double sparsity) const
{
    const Eigen::Index count = state->strength.size();
    double damping = 1.0;
    const auto penalty = [&](const VectorXd &s) {
        return s.dot(basis.prior * s) + 2.0 * sparsity * s.sum() + (before ? change * basis.steadiness.dot((s - *before).cwiseAbs2()) : 0.0);
    };
    Linear l = fitter.linear(seen, rest, *state, false);
    for (int round = 0; round < kMostRounds; ++round) {
        if (!std::isfinite(l.cost))
            return false;
        Reduced r = reduced(l, state->strength);
        r.hessian += basis.prior;
        r.gradient.array() -= sparsity;
        if (before) {
            r.hessian.diagonal() += change * basis.steadiness;
            r.gradient += change * basis.steadiness.cwiseProduct(*before);
        }
        mouth.apply(r.hessian, r.gradient);
        VectorXd bounded = mouth.toBounded(state->strength);
        solveBox(r.hessian, r.gradient, bounded);
        const VectorXd wanted = mouth.fromBounded(std::move(bounded));

        bool better = false;
        double moved = 0.0;
        for (int attempt = 0; attempt < 4 && !better; ++attempt, damping *= 0.5) {
            State next = *state;
            next.strength += damping * (wanted - state->strength);
            const VectorXd left = l.residual - l.expression * (next.strength - state->strength);
            const VectorXd step = damping * r.poseSystem.ldlt().solve(l.pose.transpose() * left);
            next.pose.rotation = rotationAbout(step.head<3>()) * state->pose.rotation;
            next.pose.translation += step.tail<3>();
            Linear at = fitter.linear(seen, rest, next, false);
            better = at.cost + penalty(next.strength) <=
                     (l.cost + penalty(state->strength)) * (1.0 + 1e-9);
            if (better) {
                moved = count > 0 ? (next.strength - state->strength).cwiseAbs().maxCoeff() : 0.0;
                moved = std::max(moved, step.head<3>().norm());
                *state = std::move(next);
                l = std::move(at);
            }
        }
        damping = std::min(1.0, damping * 4.0);
        if (!better || moved < kStill)
            break;
    }
    return std::isfinite(l.cost) && state->pose.translation[2] > 0;
}

std::optional<State> PersonModel::Impl::fitted(const Landmarks68 &points, const Seen &seen,
                                               const State *before, double change) const
{
    std::optional<State> state = before ? std::optional(*before) : start(points);
    if (!state || !refine(seen, &*state, before ? &before->strength : nullptr, change))
        return std::nullopt;
    return state;
}

/// Of the free strengths, with the pose eliminated; for a known identity.
MatrixXd PersonModel::Impl::ownCovariance(const Linear &l) const
{
    const MatrixXd cross = l.pose.transpose() * l.expression;
    const MatrixXd system =
        gram(l.expression) - cross.transpose() * gram(l.pose).ldlt().solve(cross) + basis.prior;
    return system.llt().solve(MatrixXd::Identity(system.rows(), system.cols()));
}

/// What is added because the identity is not known better.
MatrixXd PersonModel::Impl::identityCovariance(const Linear &l) const
{
    const MatrixXd cross = l.pose.transpose() * l.expression;
    const MatrixXd solved = gram(l.pose).ldlt().solve(cross);
    const MatrixXd mixed =
        l.expression.transpose() * l.identity - solved.transpose() * (l.pose.transpose() * l.identity);
    const MatrixXd reach = ownCovariance(l) * mixed; // strengths per unit of identity
    return reach * identityPrecision.llt().solve(reach.transpose());
}

/// 53 x 53, all parts together.
std::vector<float> PersonModel::Impl::covarianceOf(const Linear &l, const MatrixXd &ofIdentity) const
{
    const MatrixXd own = ownCovariance(l);
    // When the model fits worse than the noise that was assumed, all is less certain.
    const double freedom = std::max(1.0, 2.0 * l.points - kPose - 0.5 * double(own.rows()));
    const double excess = std::max(1.0, l.residual.squaredNorm() / freedom);
    std::vector<float> out(53 * 53, 0.0f);
    for (Eigen::Index a = 0; a < own.rows(); ++a) {
        for (Eigen::Index b = 0; b < own.cols(); ++b) {
            const std::size_t row = std::size_t(basis.free[std::size_t(a)]);
            const std::size_t col = std::size_t(basis.free[std::size_t(b)]);
            out[row * 53 + col] = float(excess * own(a, b) + ofIdentity(a, b));
        }
    }
    return out;
}

/// @param ofIdentity  its part of the covariance when that is known; null: found here.
PersonFit PersonModel::Impl::resultOf(const Seen &seen, const State &state,
                                      const MatrixXd *ofIdentity) const
{
    const Linear l = fitter.linear(seen, rest, state, ofIdentity == nullptr);
    PersonFit fit;
    fit.pose = headPoseOf(state.pose);
    fit.pose.rmsPixels = std::sqrt(l.squares / std::max(1.0, l.weights));
    const Points head = fitter.shape(rest, state.strength);
    for (int i = 0; i < kLandmarks; ++i) {
        const Eigen::Vector3d c = state.pose.rotation * head.col(i) + state.pose.translation;
        fit.points[std::size_t(i)] = {float(c[0]), float(c[1]), float(c[2])};
    }
    for (std::size_t k = 0; k < basis.free.size(); ++k)
        fit.expression[std::size_t(basis.free[k])] = float(state.strength[Eigen::Index(k)]);
    fit.covariance = covarianceOf(l, ofIdentity ? *ofIdentity : identityCovariance(l));
    const auto gap = [&](int upper, int lower) { return (rest.col(upper) - rest.col(lower)).norm(); };
    fit.restingLipGap = (gap(61, 67) + gap(62, 66) + gap(63, 65)) / 3.0;
    fit.eyeCorners = gap(36, 45);
    return fit;
}

void PersonModel::Impl::setIdentity(const VectorXd &value)
{
    identity = value;
    rest = basis.neutral;
    Eigen::Map<VectorXd>(rest.data(), rest.size()) += basis.identities * identity;
}

void PersonModel::Impl::learn()
{
    for (int round = 0; round < kLearningRounds; ++round) {
        MatrixXd system = MatrixXd::Identity(kIdentities, kIdentities);
        VectorXd right = VectorXd::Zero(kIdentities);
        for (KeyFrame &key : keys.all()) {
            refine(key.seen, &key.state, nullptr, 0.0, 0.0);
            const Linear l = fitter.linear(key.seen, rest, key.state, true);
            if (!std::isfinite(l.cost))
                continue;
            // Expressions at a bound stay there; the others and the pose give way.
            std::vector<Eigen::Index> active;
            for (Eigen::Index k = 0; k < key.state.strength.size(); ++k) {
                if (key.state.strength[k] > 0.0 && key.state.strength[k] < 1.0)
                    active.push_back(k);
            }
            const Eigen::Index count = Eigen::Index(active.size());
            MatrixXd nuisance(l.pose.rows(), kPose + count);
            nuisance.leftCols(kPose) = l.pose;
            VectorXd pull = VectorXd::Zero(kPose + count);
            for (Eigen::Index k = 0; k < count; ++k) {
                const Eigen::Index which = active[std::size_t(k)];
                nuisance.col(kPose + k) = l.expression.col(which);
                pull[kPose + k] = -basis.prior.row(which).dot(key.state.strength);
            }
            MatrixXd inner = gram(nuisance);
            inner.diagonal().head(kPose).array() *= 1.0 + 1e-6;
            for (Eigen::Index a = 0; a < count; ++a) {
                for (Eigen::Index b = 0; b < count; ++b)
                    inner(kPose + a, kPose + b) +=
                        basis.prior(active[std::size_t(a)], active[std::size_t(b)]);
            }
            const MatrixXd cross = nuisance.transpose() * l.identity;
            const auto solver = inner.ldlt();
            const VectorXd target = l.residual + l.identity * identity;
            system += gram(l.identity) - cross.transpose() * solver.solve(cross);
            right += l.identity.transpose() * target -
                     cross.transpose() * solver.solve(nuisance.transpose() * target + pull);
        }
        const VectorXd found = system.ldlt().solve(right);
        const double moved = (found - identity).norm();
        identityPrecision = system;
        setIdentity(found);
        if (moved < kSamePerson)
            break;
    }
}

PersonModel::PersonModel(std::shared_ptr<const FaceShapes> shapes, const Camera &camera,
                         const PersonOptions &options)
    : m_impl(std::make_unique<Impl>(std::move(shapes), camera, options))
{
}
PersonModel::~PersonModel() = default;
PersonModel::PersonModel(PersonModel &&) noexcept = default;

std::optional<PersonFit> PersonModel::fit(const Landmarks68 &points,
                                          const LandmarkSigmas *sigmas) const
{
    const Seen seen = seenOf(points, sigmas, m_impl->options.landmarkShare);
    const auto state = m_impl->fitted(points, seen, nullptr, 0.0);
    if (!state)
        return std::nullopt;
    return m_impl->resultOf(seen, *state, nullptr);
}

std::optional<PersonFit> PersonModel::next(FrameIndex frame, const Landmarks68 &points,
                                           const LandmarkSigmas *sigmas)
{
    Impl &m = *m_impl;
    const Seen seen = seenOf(points, sigmas, m.options.landmarkShare);
    const bool follows = m.last && frame == m.lastFrame + 1;
    const double change = kChangePrecision * std::max(1.0, m.options.framesPerSecond) / 30.0;
    std::optional<State> state =
        m.fitted(points, seen, follows ? &*m.last : nullptr, follows ? change : 0.0);
    if (!state && follows)
        state = m.fitted(points, seen, nullptr, 0.0);
    m.last = state;
    m.lastFrame = frame;
    if (!state)
        return std::nullopt;
    PersonFit found = m.resultOf(seen, *state, m.ofIdentity.size() > 0 ? &m.ofIdentity : nullptr);
    if (found.pose.rmsPixels > kWorstRms * eyeCornerDistance(points))
        return found;
    ++m.frames;
    m.keys.offer(seen, *state, m.frames);
    if (m.frames >= m.nextLesson && m.keys.takeChanged()) {
        m.learn();
        m.lessons.push_back(frame);
        m.nextLesson = 2 * m.frames;
        if (m.refine(seen, &*state, nullptr, 0.0)) {
            m.last = state;
            m.ofIdentity = m.identityCovariance(m.fitter.linear(seen, m.rest, *state, true));
            found = m.resultOf(seen, *state, &m.ofIdentity);
        }
    }
    return found;
}

std::vector<float> PersonModel::identity() const
{
    const VectorXd &v = m_impl->identity;
    return {v.data(), v.data() + v.size()};
}

int PersonModel::keyFrames() const
{
    return int(m_impl->keys.size());
}

const std::vector<FrameIndex> &PersonModel::refinedAt() const
{
    return m_impl->lessons;
}

} // namespace fw
