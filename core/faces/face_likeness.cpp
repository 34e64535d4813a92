// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/face_likeness.h"

#include "base/packed.h"
#include "faces/face_crop.h"
#include "faces/gradient_cells.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr char kLikenessMagic[5] = "FWLK";
constexpr int kSide = 64; // px of the square that the gradients are taken of
constexpr std::size_t kMarkSize = std::tuple_size_v<FaceMark>;

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
    return gradientCells(part, kFaceGradientCells);
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
    const auto values = readSealedNumbers<float>(kLikenessMagic, path, sha256, kFaceGradients * (kMarkSize + 1),
                                                 u"holds no projection of faces"_s);
    if (!values)
        return Failure{values.error()};
    const auto split = values->begin() + std::ptrdiff_t(kFaceGradients);
    return FaceLikeness({values->begin(), split}, {split, values->end()});
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
