// SPDX-License-Identifier: GPL-3.0-or-later
#include "landmark_network.h"

#include "faces/face_crop.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace fw {

namespace {

// What the network gives: see LandmarkTask in models/training/lab.
constexpr std::size_t kOutputs = 142, kSigmas = 136, kFace = 141;
constexpr std::array<std::size_t, 6> kGroupStarts{0, 17, 27, 36, 48, 68};
constexpr double kLeastScore = -3.0;
constexpr int kMostPasses = 6;
constexpr double kSettled = 0.25; ///< px of the square
const cv::Size kSquare(kFaceCropSide, kFaceCropSide);

/// The log odds of a face on the scale of the HOG detector, whose threshold is 0 and whose clear
/// faces score 1 to 2.
double scoreOf(double logOdds)
{
    return std::clamp(0.4 * logOdds, kLeastScore, 2.5);
}

} // namespace

LandmarkNetwork::LandmarkNetwork(std::unique_ptr<Network> network)
    : m_network(std::move(network))
{
}

Result<std::unique_ptr<LandmarkNetwork>> LandmarkNetwork::load(const QString &path,
                                                               const QString &sha256)
{
    auto network = Network::load(path, sha256);
    if (!network)
        return Failure{network.error()};
    return std::unique_ptr<LandmarkNetwork>(new LandmarkNetwork(std::move(*network)));
}

PlacedFace LandmarkNetwork::place(const cv::Mat &grey, const cv::Rect2f &box)
{
    // Each pass starts from the points of the one before, until they bring their own square about: where
    // following the face would lead in the next frames.
    PlacedFace face = in(grey, faceCropOf(box));
    for (int pass = 1; pass < kMostPasses; ++pass) {
        const auto wanted = faceCropOf(face.points);
        if (!wanted || (pass > 1 && squareMotion(*face.square, *wanted) < kSettled))
            break;
        face = in(grey, *wanted);
    }
    return face;
}

PlacedFace LandmarkNetwork::follow(const cv::Mat &grey, const PlacedFace &last, const cv::Point2f &step)
{
    Landmarks68 expected = last.points;
    for (cv::Point2f &p : expected)
        p += step;
    const auto wanted = faceCropOf(expected);
    if (!wanted)
        return {expected, {}, {}, kLeastScore, {}};
    if (!last.square)
        return in(grey, *wanted);
    Similarity before = *last.square;
    before.shift = before.shift + before.map({0, 0}) - before.map(step); // it moved along
    return in(grey, steadied(*wanted, before));
}

PlacedFace LandmarkNetwork::in(const cv::Mat &grey, const Similarity &toCrop)
{
    const cv::Mat input = standardisedCrop(grey, toCrop, kSquare);
    const auto output = m_network->forward(std::span(&input, 1));
    if (!output)
        throw std::runtime_error(output.error().text().toStdString());
    const std::vector<float> &v = output->front().values;
    if (v.size() != kOutputs)
        throw std::runtime_error("the landmark network gives other numbers than it should");
    PlacedFace face;
    const Similarity back = toCrop.inverse();
    constexpr double half = 0.5 * kFaceCropSide;
    for (std::size_t i = 0; i < 68; ++i) {
        face.points[i] = cv::Point2f(
            back.map({half * (1 + double(v[2 * i])), half * (1 + double(v[2 * i + 1]))}));
    }
    for (std::size_t g = 0; g + 1 < kGroupStarts.size(); ++g) {
        const double sigma = std::exp(std::clamp(double(v[kSigmas + g]), -4.0, 4.0));
        for (std::size_t i = kGroupStarts[g]; i < kGroupStarts[g + 1]; ++i)
            face.sigmas[i] = float(sigma / toCrop.scale());
    }
    const auto own = faceCropOf(face.points);
    face.box = faceSquareOf(own.value_or(toCrop));
    face.score = scoreOf(double(v[kFace]));
    face.square = toCrop;
    return face;
}

} // namespace fw
