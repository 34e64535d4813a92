// SPDX-License-Identifier: GPL-3.0-or-later
#include "noise_map.h"

#include "photo/residual.h"
#include "photo/sensor_noise.h"
#include "stats/quantile.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kLeastSide = 128;
constexpr int kClasses = 16;
constexpr std::size_t kLeastCells = 12; ///< of a class
constexpr double kFloor = 0.1;          ///< grey levels: rounding alone makes more

} // namespace

Result<NoiseMap> noiseMap(const cv::Mat &bgr, std::stop_token stop)
{
    if (std::min(bgr.cols, bgr.rows) < kLeastSide)
        return fail(Errc::NotApplicable, u"the picture is smaller than 128 px"_s);
    const cv::Size cells(bgr.cols / kNoiseCell, bgr.rows / kNoiseCell);
    const cv::Rect tiled(0, 0, cells.width * kNoiseCell, cells.height * kNoiseCell);
    const cv::Mat luma = lumaOf(bgr(tiled));
    if (stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    const cv::Mat quarters = waveletForward(luma);
    const cv::Mat diagonal = quarters(cv::Rect(luma.cols / 2, luma.rows / 2, luma.cols / 2, luma.rows / 2));
    cv::Mat brightness;
    cv::resize(luma, brightness, cells, 0, 0, cv::INTER_AREA);
    NoiseMap map{cv::Mat(cells, CV_32FC1), cv::Mat(cells, CV_32FC1), cv::Rect2f(tiled)};
    std::array<std::vector<double>, kClasses> classes;
    std::vector<double> all;
    const auto classOf = [&](int y, int x) {
        return std::size_t(std::clamp(int(brightness.at<float>(y, x) / 256.0F * kClasses), 0, kClasses - 1));
    };
    std::vector<double> details;
    for (int y = 0; y < cells.height; ++y) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        for (int x = 0; x < cells.width; ++x) {
            const int side = kNoiseCell / 2;
            details.clear();
            for (int v = y * side; v < (y + 1) * side; ++v) {
                for (int u = x * side; u < (x + 1) * side; ++u)
                    details.push_back(std::abs(double(diagonal.at<float>(v, u))));
            }
            const double sigma = std::max(kFloor, *median(details) / 0.6745);
            map.sigma.at<float>(y, x) = float(sigma);
            classes[classOf(y, x)].push_back(sigma);
            all.push_back(sigma);
        }
    }
    std::array<double, kClasses> usual{};
    for (std::size_t k = 0; k < kClasses; ++k)
        usual[k] = *quantile(classes[k].size() >= kLeastCells ? classes[k] : all, 0.25);
    for (int y = 0; y < cells.height; ++y) {
        for (int x = 0; x < cells.width; ++x)
            map.relative.at<float>(y, x) = float(std::log(map.sigma.at<float>(y, x) / usual[classOf(y, x)]));
    }
    return map;
}

} // namespace fw
