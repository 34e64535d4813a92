// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/spectrum.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kNullPlaces = 1500;
constexpr double kMostSaturated = 0.05, kLeastSigma = 0.4;

const cv::Mat &hannWindow()
{
    static const cv::Mat window = [] {
        cv::Mat w(kSpectrumSide, kSpectrumSide, CV_32FC1);
        const auto at = [](int i) { return 0.5 - 0.5 * std::cos(2.0 * CV_PI * (i + 0.5) / kSpectrumSide); };
        for (int y = 0; y < kSpectrumSide; ++y) {
            for (int x = 0; x < kSpectrumSide; ++x)
                w.at<float>(y, x) = float(at(x) * at(y));
        }
        return w;
    }();
    return window;
}

/// Over the median of 13 x 13 values without the 3 x 3 in the middle; the spectrum is periodic.
double excessAt(const cv::Mat &logPower, int x, int y)
{
    const int n = logPower.cols;
    std::array<float, 13 * 13 - 9> around;
    std::size_t count = 0;
    for (int j = -6; j <= 6; ++j) {
        const float *row = logPower.ptr<float>((y + j + n) % n);
        for (int i = -6; i <= 6; ++i) {
            if (std::abs(i) > 1 || std::abs(j) > 1)
                around[count++] = row[(x + i + n) % n];
        }
    }
    std::nth_element(around.begin(), around.begin() + count / 2, around.end());
    return double(logPower.at<float>(y, x)) - double(around[count / 2]);
}

double upperMedian(std::vector<double> values)
{
    std::nth_element(values.begin(), values.begin() + std::ptrdiff_t(values.size() / 2), values.end());
    return values[values.size() / 2];
}

} // namespace

cv::Mat medianResidual(const cv::Mat &plane)
{
    cv::Mat median;
    cv::medianBlur(plane, median, 3);
    return plane - median;
}

cv::Mat laplacianResidual(const cv::Mat &plane)
{
    cv::Mat result;
    cv::Laplacian(plane, result, CV_32F, 1, 1.0, 0.0, cv::BORDER_REFLECT_101);
    return result;
}

std::vector<cv::Point> tileCorners(cv::Size picture, int most)
{
    std::vector<cv::Point> all, some;
    const int step = kSpectrumSide / 2;
    for (int y = 0; y + kSpectrumSide <= picture.height; y += step) {
        for (int x = 0; x + kSpectrumSide <= picture.width; x += step)
            all.emplace_back(x, y);
    }
    if (int(all.size()) <= most)
        return all;
    for (int i = 0; i < most; ++i)
        some.push_back(all[all.size() * std::size_t(i) / std::size_t(most)]);
    return some;
}

cv::Mat tileLogPower(const cv::Mat &residual, cv::Point corner)
{
    cv::Mat tile = residual(cv::Rect(corner, cv::Size(kSpectrumSide, kSpectrumSide))).clone();
    tile -= cv::mean(tile)[0];
    tile = tile.mul(hannWindow());
    cv::Mat transform;
    cv::dft(tile, transform, cv::DFT_COMPLEX_OUTPUT);
    cv::Mat parts[2], power;
    cv::split(transform, parts);
    power = parts[0].mul(parts[0]) + parts[1].mul(parts[1]) + 1e-9;
    cv::log(power, power);
    return power;
}

bool tileIsUsable(const cv::Mat &luma, const cv::Mat &residual, cv::Point corner)
{
    const cv::Rect place(corner, cv::Size(kSpectrumSide, kSpectrumSide));
    cv::Mat clipped = (luma(place) <= 0.5) | (luma(place) >= 254.5);
    if (cv::countNonZero(clipped) > kMostSaturated * place.area())
        return false;
    cv::Scalar mean, deviation;
    cv::meanStdDev(residual(place), mean, deviation);
    return deviation[0] >= kLeastSigma;
}

Result<TileSpectrum> tileSpectrum(const cv::Mat &luma, const cv::Mat &residual, std::stop_token stop)
{
    TileSpectrum result;
    for (const cv::Point corner : tileCorners(luma.size())) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        if (!tileIsUsable(luma, residual, corner))
            continue;
        const cv::Mat power = tileLogPower(residual, corner);
        if (result.tiles++ == 0)
            result.logPower = power;
        else
            result.logPower += power;
    }
    if (result.tiles > 0)
        result.logPower = result.logPower / double(result.tiles);
    return result;
}

std::array<LatticeLevel, 4> latticeLevels(const cv::Mat &logPower, std::uint64_t seed)
{
    const int n = logPower.cols;
    cv::RNG random(seed * 2654435761u + 99u);
    std::vector<double> null;
    while (int(null.size()) < kNullPlaces) {
        const int x = random.uniform(0, n), y = random.uniform(0, n);
        if (x % (n / 16) == 0 && y % (n / 16) == 0)
            continue;
        null.push_back(excessAt(logPower, x, y));
    }
    // A log power lies below its mean more often than above, so the null has a mean of its own.
    const double middle = upperMedian(null);
    for (double &value : null)
        value = std::abs(value - middle);
    const double scatter = std::max(1e-6, 1.4826 * upperMedian(null));
    std::array<LatticeLevel, 4> levels;
    for (int level = 1; level <= 4; ++level) {
        const int step = n >> level;
        double sum[2] = {0.0, 0.0};
        int count[2] = {0, 0};
        for (int y = 0; y < n; y += step) {
            for (int x = 0; x < n; x += step) {
                const bool older = level > 1 && x % (2 * step) == 0 && y % (2 * step) == 0;
                if (older || (x == 0 && y == 0))
                    continue;
                const int axis = x == 0 || y == 0 ? 1 : 0;
                sum[axis] += excessAt(logPower, x, y) - middle;
                ++count[axis];
            }
        }
        LatticeLevel &one = levels[std::size_t(level - 1)];
        one.offAxis = sum[0] / count[0];
        one.onAxis = sum[1] / count[1];
        one.offAxisZ = one.offAxis / scatter * std::sqrt(double(count[0]));
        one.onAxisZ = one.onAxis / scatter * std::sqrt(double(count[1]));
    }
    return levels;
}

std::vector<double> radialProfile(const cv::Mat &logPower)
{
    const int n = logPower.cols;
    const int bins = int(std::floor(n / std::sqrt(2.0))) + 1;
    std::vector<double> sum(std::size_t(bins), 0.0);
    std::vector<int> count(std::size_t(bins), 0);
    for (int y = 0; y < n; ++y) {
        const int v = std::min(y, n - y);
        for (int x = 0; x < n; ++x) {
            const int u = std::min(x, n - x);
            const std::size_t bin = std::size_t(std::lround(std::hypot(double(u), double(v))));
            if (bin >= sum.size())
                continue;
            sum[bin] += double(logPower.at<float>(y, x));
            ++count[bin];
        }
    }
    for (std::size_t i = 0; i < sum.size(); ++i)
        sum[i] /= std::max(1, count[i]);
    return sum;
}

double PowerLaw::at(double f) const
{
    return a + b * std::log(f);
}

PowerLaw fitPowerLaw(const std::vector<double> &profile, int size, double from, double to)
{
    double n = 0.0, sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0;
    for (std::size_t i = 1; i < profile.size(); ++i) {
        const double f = double(i) / size;
        if (f < from || f > to)
            continue;
        const double x = std::log(f), y = profile[i];
        n += 1.0;
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
    }
    PowerLaw law;
    const double spread = n * sxx - sx * sx;
    law.b = spread > 0.0 ? (n * sxy - sx * sy) / spread : 0.0;
    law.a = n > 0.0 ? (sy - law.b * sx) / n : 0.0;
    return law;
}

cv::Mat centred(const cv::Mat &spectrum)
{
    const int w = spectrum.cols, h = spectrum.rows;
    cv::Mat result(spectrum.size(), spectrum.type());
    for (int y = 0; y < h; ++y) {
        for (int x = 0; x < w; ++x)
            result.at<float>((y + h / 2) % h, (x + w / 2) % w) = spectrum.at<float>(y, x);
    }
    return result;
}

} // namespace fw
