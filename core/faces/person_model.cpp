// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/person_model.h"

#include "faces/alignment.h"
#include "faces/box_least_squares_p.h"
#include "faces/head_pose.h"

#include <Eigen/Cholesky>
#include <Eigen/Geometry>
#include <Eigen/LU>

#include <cmath>
#include <limits>

namespace fw {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using Points = Eigen::Matrix<double, 3, Eigen::Dynamic>;

constexpr int kLandmarks = 68, kJaw = 17, kFitPoints = kLandmarks + kJaw;
constexpr int kIdentities = int(FaceShapes::kIdentities);
constexpr int kExpressions = int(FaceShapes::kExpressions);
constexpr int kPose = 6;
constexpr double kLeastSigma = 0.5;      ///< px
constexpr double kJawWeight = 0.3;
constexpr double kHuberPixels = 2.0;
// The priors, chosen on simulated people with landmark noise of 0.5 and 1 % of the eye distance: a
// face does little at a time (an exponential prior, a normal one for what is left), both sides mostly
// act together, and it takes some frames to do it.
constexpr double kSpread = 0.5;
constexpr double kSparsity = 4.0;
constexpr double kSides = 0.8;           ///< correlation of left and right
constexpr double kChangePrecision = 30.0; ///< of the step between frames, at 30 frames a second
constexpr double kBlinkSteadiness = 0.03; ///< share of it for lids, the fastest of a face
constexpr int kMostRounds = 10;
constexpr double kStill = 5e-3;          ///< largest step of a strength that ends the rounds
constexpr double kWorstRms = 0.06;      ///< of the eye distance: beyond, nothing is learnt
constexpr int kMostKeyFrames = 30;
constexpr int kLearningRounds = 5;
constexpr double kSamePerson = 0.05;     ///< step of the identity that ends the learning
constexpr double kBinRadians = 0.12;     ///< of yaw and pitch: key frames share it unwillingly

/// The model as matrices. Rows are x, y, z of the 85 points that are fitted.
struct Basis
{
    Points neutral;
    MatrixXd identities;  ///< 255 x 40
    MatrixXd expressions; ///< 255 x 45: those that landmarks can tell, see `free`
    std::vector<int> free; ///< which of the 53 they are
    int jawOpen = -1, mouthClose = -1; ///< positions in `free`
    MatrixXd prior; ///< 45 x 45, precision of the strengths
    VectorXd steadiness; ///< 45, precision of the step between frames, of 1 on average
};

MatrixXd column(const FaceShapes::Points &points)
{
    MatrixXd out(3 * kFitPoints, 1);
    for (int i = 0; i < kFitPoints; ++i) {
        for (int c = 0; c < 3; ++c)
            out(3 * i + c, 0) = double(points[std::size_t(i)][c]);
    }
    return out;
}

/// Strengths are small, and both sides of a face mostly act together.
MatrixXd priorOf(const FaceShapes &shapes, const std::vector<int> &free)
{
    const Eigen::Index count = Eigen::Index(free.size());
    MatrixXd spread = MatrixXd::Identity(count, count);
    const auto name = [&](Eigen::Index k) -> const std::string & {
        return shapes.names[std::size_t(free[std::size_t(k)])];
    };
    for (Eigen::Index a = 0; a + 1 < count; ++a) {
        const std::string &left = name(a), &right = name(a + 1);
        if (left.ends_with("_L") && right.ends_with("_R") &&
            left.substr(0, left.size() - 2) == right.substr(0, right.size() - 2))
            spread(a, a + 1) = spread(a + 1, a) = kSides;
    }
    return (kSpread * kSpread * spread).inverse();
}

Basis basisOf(const FaceShapes &shapes)
{
    Basis basis;
    basis.neutral = Eigen::Map<const Points>(column(shapes.neutral).data(), 3, kFitPoints);
    for (int i = 0; i < kExpressions; ++i) {
        // Where a person looks is measured on the iris; from the lids alone it would be a guess.
        if (!shapes.names[std::size_t(i)].starts_with("eyeLook"))
            basis.free.push_back(i);
    }
    basis.expressions.resize(3 * kFitPoints, Eigen::Index(basis.free.size()));
    for (std::size_t k = 0; k < basis.free.size(); ++k) {
        const std::size_t i = std::size_t(basis.free[k]);
        basis.expressions.col(Eigen::Index(k)) = column(shapes.expressions[i]);
        if (shapes.names[i] == "jawOpen")
            basis.jawOpen = int(k);
        if (shapes.names[i] == "mouthClose")
            basis.mouthClose = int(k);
    }
    basis.identities.resize(3 * kFitPoints, kIdentities);
    for (int i = 0; i < kIdentities; ++i)
        basis.identities.col(i) = column(shapes.identities[std::size_t(i)]);
    basis.prior = priorOf(shapes, basis.free);
    basis.steadiness.setOnes(Eigen::Index(basis.free.size()));
    for (std::size_t k = 0; k < basis.free.size(); ++k) {
        if (shapes.names[std::size_t(basis.free[k])].starts_with("eyeBlink"))
            basis.steadiness[Eigen::Index(k)] = kBlinkSteadiness; // the fastest that a face does
    }
    return basis;
}

struct Pose
{
    Eigen::Matrix3d rotation = Eigen::Matrix3d::Identity();
    Eigen::Vector3d translation = Eigen::Vector3d::Zero();
};

Pose poseOf(const HeadPose &pose)
{
    Pose out;
    for (int r = 0; r < 3; ++r) {
        for (int c = 0; c < 3; ++c)
            out.rotation(r, c) = pose.rotation(r, c);
        out.translation[r] = pose.translation[r];
    }
    return out;
}

HeadPose headPoseOf(const Pose &pose)
{
    HeadPose out;
    for (int r = 0; r < 3; ++r) {
        for (int c = 0; c < 3; ++c)
            out.rotation(r, c) = pose.rotation(r, c);
        out.translation[r] = pose.translation[r];
    }
    out.rotation = rotationOf(eulerAngles(out.rotation)); // mends the last digits of orthogonality
    return out;
}

Eigen::Matrix3d rotationAbout(const Eigen::Vector3d &turn)
{
    const double angle = turn.norm();
    if (angle < 1e-12)
        return Eigen::Matrix3d::Identity();
    return Eigen::AngleAxisd(angle, turn / angle).toRotationMatrix();
}

/// What was seen: pixels and one over their standard deviation, 0 for an unseen point.
struct Seen
{
    Eigen::Matrix<double, 2, kLandmarks> points;
    std::array<double, kLandmarks> weight{};
    double huber = kHuberPixels; ///< px
};

Seen seenOf(const Landmarks68 &points, const LandmarkSigmas *sigmas, double share)
{
    Seen seen;
    const double assumed = std::max(kLeastSigma, share * eyeCornerDistance(points));
    double sum = 0.0;
    for (int i = 0; i < kLandmarks; ++i) {
        const cv::Point2f &p = points[std::size_t(i)];
        const bool finite = std::isfinite(p.x) && std::isfinite(p.y);
        const double given = sigmas ? double((*sigmas)[std::size_t(i)]) : assumed;
        const double sigma = std::isfinite(given) ? std::max(kLeastSigma, given) : assumed;
        seen.points.col(i) << (finite ? double(p.x) : 0.0), (finite ? double(p.y) : 0.0);
        seen.weight[std::size_t(i)] = finite ? (i < kJaw ? kJawWeight : 1.0) / sigma : 0.0;
        sum += sigma;
    }
    seen.huber = std::max(kHuberPixels, 2.0 * sum / kLandmarks);
    return seen;
}

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

class Fitter
{
public:
    Fitter(const Basis &basis, const Camera &camera)
        : m_basis(basis)
        , m_camera(camera)
    {
    }

    Points shape(const Points &rest, const VectorXd &strength) const
    {
        Points out = rest;
        Eigen::Map<VectorXd>(out.data(), out.size()) += m_basis.expressions * strength;
        return out;
    }

    Linear linear(const Seen &seen, const Points &rest, const State &state, bool withIdentity) const
    {
        const Points head = shape(rest, state.strength);
        const Points turned = state.pose.rotation * head;
        const Eigen::Index count = m_basis.expressions.cols();
        Linear out;
        out.pose.setZero(2 * kLandmarks, kPose);
        out.expression.setZero(2 * kLandmarks, count);
        out.residual.setZero(2 * kLandmarks);
        if (withIdentity)
            out.identity.setZero(2 * kLandmarks, kIdentities);
        for (int i = 0; i < kLandmarks; ++i) {
            if (seen.weight[std::size_t(i)] <= 0.0)
                continue;
            const int at = placeOf(i, seen, turned, state.pose);
            const Eigen::Vector3d c = turned.col(at) + state.pose.translation;
            if (!(c[2] > 1e-6)) {
                out.cost = std::numeric_limits<double>::infinity();
                return out;
            }
            const Eigen::Vector2d r = seen.points.col(i) - project(c);
            const double far = r.norm();
            const double pull = far <= seen.huber ? 1.0 : std::sqrt(seen.huber / far);
            const double w = seen.weight[std::size_t(i)] * pull;
            const double scaled = seen.weight[std::size_t(i)];
            out.cost += scaled * scaled *
                        (far <= seen.huber ? far * far : seen.huber * (2.0 * far - seen.huber));
            const double share = i < kJaw ? kJawWeight * kJawWeight : 1.0;
            out.squares += share * far * far;
            out.weights += share;
            ++out.points;
            const double f = m_camera.focal / c[2];
            Eigen::Matrix<double, 2, 3> slope;
            slope << f, 0, -f * c[0] / c[2], 0, f, -f * c[1] / c[2];
            slope *= w;
            Eigen::Matrix3d cross;
            const Eigen::Vector3d t = turned.col(at);
            cross << 0, -t[2], t[1], t[2], 0, -t[0], -t[1], t[0], 0;
            out.pose.block<2, 3>(2 * i, 0) = -slope * cross;
            out.pose.block<2, 3>(2 * i, 3) = slope;
            const Eigen::Matrix<double, 2, 3> onHead = slope * state.pose.rotation;
            out.expression.middleRows<2>(2 * i) = onHead * m_basis.expressions.middleRows<3>(3 * at);
            if (withIdentity)
                out.identity.middleRows<2>(2 * i) =
                    onHead * m_basis.identities.middleRows<3>(3 * at);
            out.residual.segment<2>(2 * i) = w * r;
        }
        return out;
    }

    Eigen::Vector2d project(const Eigen::Vector3d &c) const
    {
        return {m_camera.centre.x + m_camera.focal * c[0] / c[2],
                m_camera.centre.y + m_camera.focal * c[1] / c[2]};
    }

private:
    /// A jaw landmark lies on the bone (as a three-dimensional model places it) or, where the other
    /// line stands out farther in the picture, on the outline (as people and most data sets do):
    /// the nearer of the two is meant.
    int placeOf(int landmark, const Seen &seen, const Points &turned, const Pose &pose) const
    {
        if (landmark >= kJaw)
            return landmark;
        const int other = kLandmarks + landmark;
        const auto at = [&](int i) { return project(turned.col(i) + pose.translation); };
        const Eigen::Vector2d bone = at(landmark), outline = at(other);
        const Eigen::Vector2d along =
            at(std::min(landmark + 1, kJaw - 1)) - at(std::max(landmark - 1, 0));
        Eigen::Vector2d outwards(along[1], -along[0]);
        if (outwards.dot(bone - at(30)) < 0) // away from the tip of the nose
            outwards = -outwards;
        const Eigen::Vector2d p = seen.points.col(landmark);
        const bool standsOut = outwards.dot(outline - bone) > 0;
        return standsOut && (p - outline).norm() < (p - bone).norm() ? other : landmark;
    }

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

/// a' a at half the price.
MatrixXd gram(const MatrixXd &a)
{
    MatrixXd out = MatrixXd::Zero(a.cols(), a.cols());
    out.selfadjointView<Eigen::Lower>().rankUpdate(a.transpose());
    out.triangularView<Eigen::StrictlyUpper>() = out.transpose();
    return out;
}

Reduced reduced(const Linear &l, const VectorXd &strength)
{
    Reduced out;
    out.poseSystem = gram(l.pose);
    out.poseSystem.diagonal().array() *= 1.0 + 1e-6;
    const VectorXd target = l.residual + l.expression * strength;
    const MatrixXd cross = l.pose.transpose() * l.expression;
    const auto solver = out.poseSystem.ldlt();
    const MatrixXd shared = solver.solve(cross);
    out.hessian = gram(l.expression) - cross.transpose() * shared;
    out.gradient = l.expression.transpose() * target -
                   shared.transpose() * (l.pose.transpose() * target);
    return out;
}

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

struct KeyFrame
{
    Seen seen;
    State state;
    double yaw = 0.0, pitch = 0.0;
    double activity = 0.0; ///< sum of strengths: the less, the more of the identity it shows
};


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
    void offer(const Seen &seen, const State &state);
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
    std::vector<KeyFrame> keys;
    std::optional<State> last;
    FrameIndex lastFrame = 0;
    int frames = 0;
    int nextLesson = 1;
    bool keysChanged = false;
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

/// Keeps up to 30 frames: a new view of the head, or a calmer face from a view that is known.
void PersonModel::Impl::offer(const Seen &seen, const State &state)
{
    const EulerAngles turn = eulerAngles(headPoseOf(state.pose).rotation);
    KeyFrame key{seen, state, turn.yawRadians, turn.pitchRadians, state.strength.sum()};
    const auto apart = [](const KeyFrame &a, const KeyFrame &b) {
        return std::hypot(a.yaw - b.yaw, a.pitch - b.pitch) / kBinRadians;
    };
    if (int(keys.size()) < kMostKeyFrames) {
        // Neighbours in time look alike: one in three is enough until views differ.
        const bool fresh = keys.empty() || frames % 3 == 0 ||
                           std::all_of(keys.begin(), keys.end(),
                                       [&](const KeyFrame &k) { return apart(k, key) > 0.5; });
        if (fresh) {
            keys.push_back(std::move(key));
            keysChanged = true;
        }
        return;
    }
    // Replaces the most active frame among the views that are crowded, if it is calmer or rarer.
    const auto crowd = [&](const KeyFrame &of) {
        double sum = 0.0;
        for (const KeyFrame &k : keys)
            sum += std::exp(-0.5 * apart(k, of) * apart(k, of));
        return sum;
    };
    std::size_t worst = 0;
    double most = -1.0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const double badness = crowd(keys[i]) - 1.0 + keys[i].activity;
        if (badness > most) {
            most = badness;
            worst = i;
        }
    }
    if (crowd(key) + key.activity < most - 0.25) {
        keys[worst] = std::move(key);
        keysChanged = true;
    }
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
        for (KeyFrame &key : keys) {
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
    m.offer(seen, *state);
    if (m.frames >= m.nextLesson && m.keysChanged) {
        m.learn();
        m.lessons.push_back(frame);
        m.keysChanged = false;
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
