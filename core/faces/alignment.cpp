// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/alignment.h"

#include <cmath>
#include <complex>

namespace fw {

namespace {

double distance(const cv::Point2f &a, const cv::Point2f &b)
{
    return std::hypot(double(a.x) - b.x, double(a.y) - b.y);
}

std::size_t firstPoint(Eye eye)
{
    return eye == Eye::ImageLeft ? 36 : 42;
}

} // namespace

double eyeWidth(const Landmarks68 &points, Eye eye)
{
    const std::size_t first = firstPoint(eye);
    return distance(points[first], points[first + 3]);
}

double eyeCornerDistance(const Landmarks68 &points)
{
    return distance(points[36], points[45]);
}

std::optional<double> eyeAspectRatio(const Landmarks68 &points, Eye eye)
{
    const cv::Point2f *p = points.data() + firstPoint(eye);
    const double width = eyeWidth(points, eye);
    const double ratio = (distance(p[1], p[5]) + distance(p[2], p[4])) / (2.0 * width);
    if (!std::isfinite(ratio) || width < 1e-6)
        return std::nullopt;
    return ratio;
}

double Similarity::scale() const
{
    return std::hypot(real, imaginary);
}

double Similarity::rotationRadians() const
{
    return std::atan2(imaginary, real);
}

cv::Point2d Similarity::map(const cv::Point2d &p) const
{
    return {real * p.x - imaginary * p.y + shift.x, imaginary * p.x + real * p.y + shift.y};
}

cv::Matx23d Similarity::matrix() const
{
    return {real, -imaginary, shift.x, imaginary, real, shift.y};
}

Similarity Similarity::inverse() const
{
    const double squared = real * real + imaginary * imaginary;
    Similarity back;
    back.real = real / squared;
    back.imaginary = -imaginary / squared;
    back.shift = {-(back.real * shift.x - back.imaginary * shift.y),
                  -(back.imaginary * shift.x + back.real * shift.y)};
    back.rms = rms / std::sqrt(squared);
    return back;
}

std::optional<Similarity> fitSimilarity(std::span<const cv::Point2d> from,
                                        std::span<const cv::Point2d> to)
{
    using Complex = std::complex<double>;
    if (from.size() != to.size() || from.size() < 2)
        return std::nullopt;
    const double n = double(from.size());
    Complex meanFrom = 0, meanTo = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
        meanFrom += Complex(from[i].x, from[i].y) / n;
        meanTo += Complex(to[i].x, to[i].y) / n;
    }
    Complex cross = 0;
    double spread = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
        const Complex a = Complex(from[i].x, from[i].y) - meanFrom;
        cross += std::conj(a) * (Complex(to[i].x, to[i].y) - meanTo);
        spread += std::norm(a);
    }
    const Complex factor = cross / spread;
    if (spread <= 0.0 || !std::isfinite(factor.real()) || !std::isfinite(factor.imag()))
        return std::nullopt;
    const Complex shift = meanTo - factor * meanFrom;
    Similarity fit{factor.real(), factor.imag(), {shift.real(), shift.imag()}, 0.0};
    double squares = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
        const cv::Point2d d = fit.map(from[i]) - to[i];
        squares += d.dot(d);
    }
    fit.rms = std::sqrt(squares / n);
    return fit;
}

} // namespace fw
