// SPDX-License-Identifier: GPL-3.0-or-later
#include "eye_network.h"

#include "faces/eye_crop.h"
#include "faces/face_crop.h"
#include "faces/head_pose.h"

#include <opencv2/core.hpp>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

// What the network gives: see EyeTask in models/training/lab.
constexpr std::size_t kOutputs = 31, kRadius = 2, kLids = 3, kOpenness = 27, kGaze = 28;
const cv::Size kPart(kEyeCropWidth, kEyeCropHeight);
constexpr double kHalf = 0.5 * kEyeCropWidth;

// When a gaze is told (methods: face behaviour, limits).
constexpr double kOpenEnough = 0.30;
constexpr double kLeastIrisRadius = 3.0;           ///< px of the frame
constexpr double kMostAway = 35.0 * CV_PI / 180.0; ///< yaw that hides this eye

/// Positive yaw turns the face towards the left edge, which hides the eye there.
bool turnedAway(const HeadPose &pose, Eye eye)
{
    const double yaw = eulerAngles(pose.rotation).yawRadians;
    return (eye == Eye::ImageLeft ? yaw : -yaw) > kMostAway;
}

cv::Vec3f gazeOf(double x, double y, const Similarity &toPart, const cv::Point2d &iris,
                 const Camera &camera)
{
    const double length = std::hypot(x, y);
    if (length > 0.95) {
        x *= 0.95 / length;
        y *= 0.95 / length;
    }
    const double a = -toPart.rotationRadians();
    const cv::Vec3d told(std::cos(a) * x - std::sin(a) * y, std::sin(a) * x + std::cos(a) * y,
                         -std::sqrt(1 - x * x - y * y));
    return cv::Vec3f(straightAhead(iris, camera).t() * told);
}

EyeObservation observationOf(std::span<const float> v, const Similarity &toPart, bool mirrored,
                             const EyeRequest &request, const Camera &camera)
{
    const Similarity back = toPart.inverse();
    const auto place = [&](std::size_t i) {
        const double x = 0.5 * kEyeCropWidth + kHalf * double(v[i]);
        const double y = 0.5 * kEyeCropHeight + kHalf * double(v[i + 1]);
        return back.map({mirrored ? kEyeCropWidth - 1 - x : x, y});
    };
    EyeObservation eye;
    const cv::Point2d iris = place(0);
    eye.iris = cv::Point2f(iris);
    eye.irisRadius = float(std::max(0.0, kHalf * double(v[kRadius]) / toPart.scale()));
    for (std::size_t i = 0; i < eye.lids.size(); ++i) {
        const std::size_t from = mirrored ? std::size_t(mirroredLids()[i]) : i;
        eye.lids[i] = cv::Point2f(place(kLids + 2 * from));
    }
    eye.openness = std::clamp(v[kOpenness], 0.0f, 1.5f);
    const auto &pose = request.face->pose;
    if (pose && !turnedAway(*pose, request.eye) && double(eye.openness) >= kOpenEnough &&
        double(eye.irisRadius) >= kLeastIrisRadius) {
        const double x = mirrored ? -double(v[kGaze]) : double(v[kGaze]);
        eye.gaze = Gaze{cv::Vec3f(eyeballCentre(*pose, request.eye)),
                        gazeOf(x, double(v[kGaze + 1]), toPart, iris, camera)};
    }
    return eye;
}

/// Numbers of an eye as those of its partner that looks the same way.
std::vector<float> mirroredGaze(std::span<const float> v, bool mirror)
{
    std::vector<float> out(v.begin(), v.end());
    if (mirror) {
        out[kGaze] = -out[kGaze];
        out[0] = -out[0];
    }
    return out;
}

} // namespace

cv::Vec3d eyeballCentre(const HeadPose &pose, Eye eye)
{
    // Between the corners of the eye, then 3.5 mm up and 7 mm in (OpenFace 2.0).
    return toCamera(pose, {eye == Eye::ImageLeft ? -31.5 : 31.5, -39.5, 12.4});
}

EyeNetwork::EyeNetwork(std::unique_ptr<Network> network)
    : m_network(std::move(network))
{
}

Result<std::unique_ptr<EyeNetwork>> EyeNetwork::load(const QString &path, const QString &sha256)
{
    auto network = Network::load(path, sha256);
    if (!network)
        return Failure{network.error()};
    return std::unique_ptr<EyeNetwork>(new EyeNetwork(std::move(*network)));
}

Result<std::vector<std::optional<EyeObservation>>>
EyeNetwork::read(const cv::Mat &grey, const Camera &camera,
                 const std::vector<EyeRequest> &requests, std::vector<std::optional<GazeEvidence>> *evidence)
{
    if (evidence)
        evidence->assign(requests.size(), std::nullopt);
    std::vector<std::optional<EyeObservation>> eyes(requests.size());
    std::vector<cv::Mat> parts;
    std::vector<Similarity> toParts;
    std::vector<std::size_t> askedBy;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const auto toPart = eyeCropOf(*requests[i].face->landmarks, requests[i].eye);
        if (!toPart)
            continue;
        cv::Mat part = standardisedCrop(grey, *toPart, kPart);
        if (requests[i].eye == Eye::ImageRight)
            cv::flip(part, part, 1);
        parts.push_back(part);
        toParts.push_back(*toPart);
        askedBy.push_back(i);
    }
    if (parts.empty())
        return eyes;
    const auto output = m_network->forward(parts);
    if (!output)
        return Failure{output.error()};
    for (std::size_t k = 0; k < parts.size(); ++k) {
        const std::span<const float> v = output->front().of(k);
        if (v.size() != kOutputs)
            return fail(Errc::BadData, u"the eye network gives other numbers than it should"_s);
        const EyeRequest &request = requests[askedBy[k]];
        auto &eye = eyes[askedBy[k]];
        eye = observationOf(v, toParts[k], request.eye == Eye::ImageRight, request, camera);
        if (!eye->gaze || (!m_reader && !evidence))
            continue;
        // The other eye of the same face, else this one stands for it.
        std::size_t partner = k;
        for (std::size_t other = 0; other < parts.size(); ++other) {
            const EyeRequest &asked = requests[askedBy[other]];
            if (asked.face == request.face && asked.eye != request.eye)
                partner = other;
        }
        const bool right = request.eye == Eye::ImageRight;
        const double a = toParts[k].rotationRadians();
        const cv::Matx33d upright(std::cos(a), -std::sin(a), 0, std::sin(a), std::cos(a), 0, 0, 0, 1);
        const cv::Matx33d toUpright =
            cv::Matx33d::diag({right ? -1.0 : 1.0, 1.0, 1.0}) * upright * straightAhead(eye->iris, camera);
        const GazeEvidence seen =
            gazeEvidence(v, mirroredGaze(output->front().of(partner), partner == k), toUpright * request.face->pose->facing(), toUpright);
        if (m_reader)
            eye->gaze->direction = cv::Vec3f(m_reader->direction(seen));
        if (evidence)
            (*evidence)[askedBy[k]] = seen;
    }
    return eyes;
}

} // namespace fw
