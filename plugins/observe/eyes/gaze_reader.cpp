// SPDX-License-Identifier: GPL-3.0-or-later
#include "gaze_reader.h"

#include "base/packed.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr char kMagic[5] = "FWGZ";
constexpr std::size_t kOfAnEye = 30, kDirection = 28;
constexpr double kMostAside = 0.95; ///< x and y of a unit vector together

} // namespace

GazeEvidence gazeEvidence(std::span<const float> eye, std::span<const float> partner, const cv::Vec3d &facing,
                          const cv::Matx33d &toUpright)
{
    GazeEvidence evidence;
    evidence.toUpright = toUpright;
    auto *out = evidence.values.data();
    std::array<double, kGazeTold> told;
    for (std::size_t i = 0; i < kOfAnEye; ++i) { // iris, radius, lids, openness, direction
        told[i] = double(eye[i]);
        told[kOfAnEye + i] = double(partner[i]); // seen mirrored: as if it were this eye
    }
    told[2 * kOfAnEye] = facing[0];
    told[2 * kOfAnEye + 1] = facing[1];
    *out++ = 1.0;
    out = std::copy(told.begin(), told.end(), out);
    for (std::size_t a = 0; a < told.size(); ++a)
        for (std::size_t b = a; b < told.size(); ++b)
            *out++ = told[a] * told[b];
    // Of the third order, what a turn in two steps mixes most.
    const double aside = told[kDirection];
    *out++ = aside * facing[0] * facing[0];
    *out++ = aside * aside * aside;
    CV_DbgAssert(out == evidence.values.data() + kGazeEvidence);
    return evidence;
}

GazeReader::GazeReader(std::vector<double> weights)
    : m_weights(std::move(weights))
{
    CV_Assert(m_weights.size() == 2 * kGazeEvidence);
}

Result<GazeReader> GazeReader::load(const QString &path, const QString &sha256)
{
    auto weights = readSealedNumbers<double>(kMagic, path, sha256, 2 * kGazeEvidence, u"holds no reader of gaze"_s);
    if (!weights)
        return Failure{weights.error()};
    return GazeReader(std::move(*weights));
}

QByteArray GazeReader::bytes() const
{
    return sealed(kMagic, arrayBytes(m_weights));
}

cv::Vec3d GazeReader::direction(const GazeEvidence &evidence) const
{
    double x = 0, y = 0;
    for (std::size_t i = 0; i < kGazeEvidence; ++i) {
        x += m_weights[i] * evidence.values[i];
        y += m_weights[kGazeEvidence + i] * evidence.values[i];
    }
    if (const double length = std::hypot(x, y); length > kMostAside) {
        x *= kMostAside / length;
        y *= kMostAside / length;
    }
    return evidence.toUpright.t() * cv::Vec3d(x, y, -std::sqrt(1 - x * x - y * y));
}

} // namespace fw
