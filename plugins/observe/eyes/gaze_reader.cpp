// SPDX-License-Identifier: GPL-3.0-or-later
#include "gaze_reader.h"

#include "base/packed.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr char kMagic[5] = "FWGZ";
constexpr double kMostAside = 0.95; ///< x and y of a unit vector together

} // namespace

GazeEvidence gazeEvidence(std::span<const float> eye, std::span<const float> partner, const cv::Vec3d &facing,
                          const cv::Matx33d &toUpright)
{
    GazeEvidence evidence;
    evidence.toUpright = toUpright;
    auto *out = evidence.values.data();
    // The partner is seen mirrored: as if it were this eye.
    const std::array<double, 8> main{eye[28], eye[29], eye[0], eye[1], facing[0], facing[1],
                                     0.5 * (double(eye[28]) - double(partner[28])), 0.5 * (double(eye[29]) + double(partner[29]))};
    *out++ = 1.0;
    out = std::copy(main.begin(), main.end(), out);
    for (std::size_t i = 2; i < 28; ++i) // radius, lids, openness
        *out++ = double(eye[i]);
    *out++ = -double(partner[0]);
    *out++ = double(partner[1]);
    *out++ = double(partner[27]);
    for (std::size_t a = 0; a < main.size(); ++a)
        for (std::size_t b = a; b < main.size(); ++b)
            *out++ = main[a] * main[b];
    // Of the third order, what a turn in two steps mixes most.
    *out++ = main[0] * main[4] * main[4];
    *out++ = main[0] * main[0] * main[0];
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
