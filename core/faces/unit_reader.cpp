// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/unit_reader.h"

#include "base/packed.h"
#include "faces/face_crop.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr char kMagic[5] = "FWUR";
constexpr int kSide = 96;              // px of the part whose gradients are taken,
constexpr double kMillimetres = 150.0; // which shows so much of a mean head
constexpr float kMostStep = 0.15f;     // of a number of the usual face, from one frame
constexpr int kPeopleFrames = 3;       // frames that the mean of many people counts for
constexpr int kMostFrames = 60;        // after which new frames do not count for less
constexpr std::size_t kUnits = 17;

} // namespace

std::vector<float> unitEvidence(const cv::Mat &grey, const FaceObservation &face, const HeadPose &pose)
{
    const auto firm = face.landmarks ? firmFaceCropOf(*face.landmarks) : std::nullopt;
    if (!firm || !face.expression)
        return {};
    const double enlarge = kSide / kMillimetres / kFaceCropPixelsPerMillimetre;
    Similarity toPart = *firm;
    toPart.real *= enlarge;
    toPart.imaginary *= enlarge;
    const cv::Point2d middle(0.5 * kFaceCropSide, 0.5 * kFaceCropSide);
    toPart.shift = cv::Point2d(0.5 * kSide, 0.5 * kSide) + enlarge * (firm->shift - middle);
    std::vector<float> evidence = gradientCells(standardisedCrop(grey, toPart, {kSide, kSide}), kUnitCells);
    evidence.insert(evidence.end(), face.expression->expression.begin(), face.expression->expression.end());
    for (const cv::Point2f &p : *face.landmarks) {
        const cv::Point2d q = (firm->map(p) - middle) * 0.1;
        evidence.push_back(float(q.x));
        evidence.push_back(float(q.y));
    }
    const EulerAngles turn = eulerAngles(pose.rotation);
    evidence.push_back(float(turn.pitchRadians));
    evidence.push_back(float(turn.yawRadians));
    for (const auto *eye : {&face.eyeImageLeft, &face.eyeImageRight})
        evidence.push_back(*eye ? std::clamp((*eye)->openness, 0.0f, 1.5f) : 1.0f);
    return evidence;
}

void UsualFace::add(std::span<const float> evidence)
{
    ++m_frames;
    const float share = 1.0f / float(std::min(m_frames, kMostFrames) + kPeopleFrames);
    for (std::size_t i = 0; i < m_mean.size(); ++i) {
        // The first frames tell who it is and may move it all the way; later ones only a little.
        const float most = m_frames <= 10 ? 10.0f : kMostStep;
        m_mean[i] += share * std::clamp(evidence[i] - m_mean[i], -most, most);
    }
}

UnitReader::UnitReader(std::vector<float> people, std::vector<float> weights, std::vector<float> bias,
                       std::vector<float> sigma)
    : m_people(std::move(people)), m_weights(std::move(weights)), m_bias(std::move(bias)), m_sigma(std::move(sigma))
{
    CV_Assert(m_people.size() == kUnitEvidence && m_weights.size() == kUnits * kUnitEvidence && m_bias.size() == kUnits &&
              m_sigma.size() == kUnits);
}

Result<UnitReader> UnitReader::load(const QString &path, const QString &sha256)
{
    const auto v = readSealedNumbers<float>(kMagic, path, sha256, kUnitEvidence * (kUnits + 1) + 2 * kUnits,
                                            u"holds no reader of action units"_s);
    if (!v)
        return Failure{v.error()};
    auto at = v->begin();
    const auto next = [&at](std::size_t count) {
        const auto from = at;
        at += std::ptrdiff_t(count);
        return std::vector<float>(from, at);
    };
    auto people = next(kUnitEvidence), weights = next(kUnits * kUnitEvidence), bias = next(kUnits), sigma = next(kUnits);
    return UnitReader(std::move(people), std::move(weights), std::move(bias), std::move(sigma));
}

QByteArray UnitReader::bytes() const
{
    return sealed(kMagic, arrayBytes(m_people) + arrayBytes(m_weights) + arrayBytes(m_bias) + arrayBytes(m_sigma));
}

std::array<float, 17> UnitReader::part(std::span<const float> evidence) const
{
    std::array<float, 17> out{};
    for (std::size_t u = 0; u < kUnits; ++u) {
        if (!reads(u))
            continue;
        const float *row = m_weights.data() + u * kUnitEvidence;
        double sum = 0;
        for (std::size_t i = 0; i < kUnitEvidence; ++i)
            sum += double(row[i]) * double(evidence[i]);
        out[u] = float(sum);
    }
    return out;
}

} // namespace fw
