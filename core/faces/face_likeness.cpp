// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/face_likeness.h"

#include "base/hash.h"
#include "base/packed.h"
#include "faces/face_crop.h"

#include <QFile>

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr char kLikenessMagic[5] = "FWLK";
constexpr int kSide = 64; // px of the square that the gradients are taken of
constexpr int kCell = kSide / kFaceGradientCells;
constexpr float kMostOfAll = 0.2f; // no direction may outweigh the others (Lowe's clipping)
constexpr std::size_t kMarkSize = std::tuple_size_v<FaceMark>;

/// Length 1, no entry above kMostOfAll before the second scaling.
void normalise(std::span<float> block)
{
    const auto scale = [&] {
        float sum = 1e-6f;
        for (const float v : block)
            sum += v * v;
        const float factor = 1.0f / std::sqrt(sum);
        for (float &v : block)
            v *= factor;
    };
    scale();
    for (float &v : block)
        v = std::min(v, kMostOfAll);
    scale();
}

} // namespace

std::vector<float> faceGradients(const cv::Mat &grey, const Landmarks68 &points)
{
    auto toCrop = faceCropOf(points);
    if (!toCrop)
        return {};
    const double shrink = double(kSide) / kFaceCropSide;
    toCrop->real *= shrink;
    toCrop->imaginary *= shrink;
    toCrop->shift *= shrink;
    const cv::Mat part = standardisedCrop(grey, *toCrop, {kSide, kSide});
    cv::Mat dx, dy;
    cv::Sobel(part, dx, CV_32F, 1, 0, 1, 0.5);
    cv::Sobel(part, dy, CV_32F, 0, 1, 1, 0.5);

    std::vector<float> cells(kFaceGradients, 0.0f);
    const auto add = [&](int cx, int cy, int direction, float weight) {
        if (cx < 0 || cy < 0 || cx >= kFaceGradientCells || cy >= kFaceGradientCells)
            return;
        const int d = (direction + kFaceGradientDirections) % kFaceGradientDirections;
        cells[std::size_t((cy * kFaceGradientCells + cx) * kFaceGradientDirections + d)] += weight;
    };
    for (int y = 0; y < kSide; ++y)
        for (int x = 0; x < kSide; ++x) {
            const float gx = dx.at<float>(y, x), gy = dy.at<float>(y, x);
            const float length = std::hypot(gx, gy);
            float turn = std::atan2(gy, gx) / std::numbers::pi_v<float>; // half turns
            turn = (turn < 0 ? turn + 1 : turn) * kFaceGradientDirections - 0.5f;
            // Each pixel counts for the two nearest directions and the four nearest cells.
            const float u = (float(x) + 0.5f) / kCell - 0.5f, v = (float(y) + 0.5f) / kCell - 0.5f;
            const int d0 = int(std::floor(turn)), x0 = int(std::floor(u)), y0 = int(std::floor(v));
            const float dd = turn - float(d0), du = u - float(x0), dv = v - float(y0);
            for (int i = 0; i < 8; ++i) {
                const float weight = (i & 1 ? dd : 1 - dd) * (i & 2 ? du : 1 - du) * (i & 4 ? dv : 1 - dv);
                add(x0 + (i >> 1 & 1), y0 + (i >> 2), d0 + (i & 1), weight * length);
            }
        }
    for (std::size_t i = 0; i < cells.size(); i += kFaceGradientDirections)
        normalise(std::span(cells).subspan(i, kFaceGradientDirections));
    return cells;
}

double likeness(const FaceMark &a, const FaceMark &b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += double(a[i]) * double(b[i]);
    return sum;
}

FaceLikeness::FaceLikeness(std::vector<float> mean, std::vector<float> projection)
    : m_mean(std::move(mean)), m_projection(std::move(projection))
{
    CV_Assert(m_mean.size() == kFaceGradients && m_projection.size() == kMarkSize * kFaceGradients);
}

Result<FaceLikeness> FaceLikeness::load(const QString &path, const QString &sha256)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(Errc::NotFound, file.errorString(), path);
    const QByteArray bytes = file.readAll();
    if (hexText(fw::sha256(bytes)) != sha256)
        return fail(Errc::BadData, u"is not the file that the method names"_s, path);
    const auto body = unsealed(kLikenessMagic, bytes);
    if (!body)
        return fail(body.error().code, body.error().what, path);
    std::vector<float> values;
    if (!readArray(*body, &values) || values.size() != kFaceGradients * (kMarkSize + 1)
        || !std::ranges::all_of(values, [](float v) { return std::isfinite(v); }))
        return fail(Errc::BadData, u"holds no projection of faces"_s, path);
    const auto split = values.begin() + std::ptrdiff_t(kFaceGradients);
    return FaceLikeness({values.begin(), split}, {split, values.end()});
}

QByteArray FaceLikeness::bytes() const
{
    return sealed(kLikenessMagic, arrayBytes(m_mean) + arrayBytes(m_projection));
}

std::optional<FaceMark> FaceLikeness::of(const cv::Mat &grey, const Landmarks68 &points) const
{
    const std::vector<float> gradients = faceGradients(grey, points);
    if (gradients.empty())
        return std::nullopt;
    return of(gradients);
}

FaceMark FaceLikeness::of(std::span<const float> gradients) const
{
    FaceMark mark{};
    double length = 1e-12;
    for (std::size_t i = 0; i < kMarkSize; ++i) {
        const float *row = m_projection.data() + i * kFaceGradients;
        float sum = 0;
        for (std::size_t j = 0; j < kFaceGradients; ++j)
            sum += row[j] * (gradients[j] - m_mean[j]);
        mark[i] = sum;
        length += double(sum) * double(sum);
    }
    for (float &v : mark)
        v = float(double(v) / std::sqrt(length));
    return mark;
}

} // namespace fw
