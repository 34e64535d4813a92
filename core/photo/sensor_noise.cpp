// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/sensor_noise.h"

#include <opencv2/imgproc.hpp>

#include <array>

namespace fw {
namespace {

constexpr int kLevels = 4;
constexpr double kNoiseVariance = 25.0;
constexpr std::array<float, 8> kLow{0.23037781330885523f, 0.7148465705525415f, 0.6308807679295904f, -0.02798376941698385f,
                                    -0.18703481171888114f, 0.030841381835986965f, 0.032883011666982945f, -0.010597401784997278f};

float high(std::size_t n)
{
    return (n % 2 == 0 ? 1.0f : -1.0f) * kLow[7 - n];
}

/// Rows of the plane, periodic: the left half receives the low band, the right half the high band.
cv::Mat forwardRows(const cv::Mat &plane)
{
    const int half = plane.cols / 2;
    cv::Mat result(plane.size(), CV_32FC1);
    std::vector<float> row(std::size_t(plane.cols) + kLow.size()); // goes on with its beginning
    for (int y = 0; y < plane.rows; ++y) {
        const float *all = plane.ptr<float>(y);
        std::copy_n(all, plane.cols, row.begin());
        for (std::size_t n = 0; n < kLow.size(); ++n)
            row[std::size_t(plane.cols) + n] = all[int(n) % plane.cols];
        float *to = result.ptr<float>(y);
        for (int k = 0; k < half; ++k) {
            const float *from = row.data() + 2 * k;
            float low = 0.0f, fine = 0.0f;
            for (std::size_t n = 0; n < kLow.size(); ++n) {
                const float sample = from[n];
                low += kLow[n] * sample;
                fine += high(n) * sample;
            }
            to[k] = low;
            to[half + k] = fine;
        }
    }
    return result;
}

cv::Mat inverseRows(const cv::Mat &bands)
{
    const int half = bands.cols / 2;
    cv::Mat result(bands.size(), CV_32FC1, cv::Scalar(0));
    for (int y = 0; y < bands.rows; ++y) {
        const float *from = bands.ptr<float>(y);
        float *to = result.ptr<float>(y);
        for (int k = 0; k < half; ++k) {
            for (std::size_t n = 0; n < kLow.size(); ++n)
                to[(2 * k + int(n)) % bands.cols] += kLow[n] * from[k] + high(n) * from[half + k];
        }
    }
    return result;
}

/// The part of each coefficient that is noise: the least local energy of four windows says how much is not.
cv::Mat noisePart(const cv::Mat &band, double variance)
{
    const cv::Mat energy = band.mul(band);
    cv::Mat least;
    for (const int side : {3, 5, 7, 9}) {
        cv::Mat mean;
        cv::boxFilter(energy, mean, CV_32F, {side, side}, {-1, -1}, true, cv::BORDER_CONSTANT);
        mean = cv::max(mean - variance, 0.0);
        least = least.empty() ? mean : cv::Mat(cv::min(least, mean));
    }
    return band.mul(variance / (least + variance));
}

} // namespace

cv::Mat waveletForward(const cv::Mat &plane)
{
    return forwardRows(forwardRows(plane).t()).t();
}

cv::Mat waveletInverse(const cv::Mat &quarters)
{
    return inverseRows(inverseRows(quarters.t()).t());
}

cv::Mat waveletResidual(const cv::Mat &plane)
{
    constexpr int kUnit = 1 << kLevels;
    cv::Mat all;
    cv::copyMakeBorder(plane, all, 0, (kUnit - plane.rows % kUnit) % kUnit, 0, (kUnit - plane.cols % kUnit) % kUnit,
                       cv::BORDER_REFLECT);
    const cv::Size size = all.size();
    for (int level = 0; level < kLevels; ++level) {
        const cv::Rect part(0, 0, size.width >> level, size.height >> level);
        const cv::Mat quarters = waveletForward(all(part).clone());
        quarters.copyTo(all(part));
    }
    for (int level = kLevels - 1; level >= 0; --level) {
        const int wide = size.width >> level, tall = size.height >> level;
        const cv::Rect part(0, 0, wide, tall), corner(0, 0, wide / 2, tall / 2);
        for (const cv::Point at : {cv::Point(wide / 2, 0), cv::Point(0, tall / 2), cv::Point(wide / 2, tall / 2)}) {
            cv::Mat band = all(corner + at);
            noisePart(band.clone(), kNoiseVariance).copyTo(band);
        }
        if (level == kLevels - 1)
            all(corner).setTo(0); // the approximation holds no noise
        const cv::Mat joined = waveletInverse(all(part).clone());
        joined.copyTo(all(part));
    }
    return all(cv::Rect({0, 0}, plane.size())).clone();
}

cv::Mat withoutSharedPatterns(const cv::Mat &pattern)
{
    cv::Mat clean = pattern - cv::mean(pattern)[0];
    for (int py = 0; py < 2; ++py) {
        for (int px = 0; px < 2; ++px) {
            const int high = (clean.rows - py + 1) / 2, wide = (clean.cols - px + 1) / 2;
            cv::Mat part(high, wide, CV_32FC1);
            for (int y = 0; y < high; ++y) {
                for (int x = 0; x < wide; ++x)
                    part.at<float>(y, x) = clean.at<float>(2 * y + py, 2 * x + px);
            }
            cv::Mat rows, columns;
            part -= cv::mean(part)[0];
            cv::reduce(part, columns, 0, cv::REDUCE_AVG);
            part -= cv::repeat(columns, high, 1);
            cv::reduce(part, rows, 1, cv::REDUCE_AVG);
            part -= cv::repeat(rows, 1, wide);
            for (int y = 0; y < high; ++y) {
                for (int x = 0; x < wide; ++x)
                    clean.at<float>(2 * y + py, 2 * x + px) = part.at<float>(y, x);
            }
        }
    }
    cv::Scalar mean, sigma;
    cv::meanStdDev(clean, mean, sigma);
    if (sigma[0] <= 0.0)
        return clean;
    cv::Mat spectrum, parts[2], size;
    cv::dft(clean, spectrum, cv::DFT_COMPLEX_OUTPUT);
    cv::split(spectrum, parts);
    cv::magnitude(parts[0], parts[1], size);
    size /= std::sqrt(double(clean.total()));
    cv::Mat share = noisePart(size, sigma[0] * sigma[0]) / cv::max(size, 1e-12);
    parts[0] = parts[0].mul(share);
    parts[1] = parts[1].mul(share);
    cv::merge(parts, 2, spectrum);
    cv::idft(spectrum, clean, cv::DFT_REAL_OUTPUT | cv::DFT_SCALE);
    return clean;
}

cv::Mat pictureNoise(const cv::Mat &bgr)
{
    cv::Mat channels[3];
    cv::split(bgr, channels);
    constexpr double kWeights[3] = {0.114, 0.587, 0.299};
    cv::Mat sum(bgr.size(), CV_32FC1, cv::Scalar(0));
    for (int i = 0; i < 3; ++i) {
        cv::Mat plane;
        channels[i].convertTo(plane, CV_32F);
        sum += waveletResidual(plane) * kWeights[i];
    }
    return withoutSharedPatterns(sum);
}

} // namespace fw
