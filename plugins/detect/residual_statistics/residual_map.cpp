// SPDX-License-Identifier: GPL-3.0-or-later
#include "residual_map.h"

#include "photo/residual_windows.h"
#include "stats/outlier_mixture.h"
#include "stats/principal_axes.h"
#include "stats/quantile.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

std::vector<double> valuesOf(const ResidualWindows &windows, std::size_t window)
{
    const float *row = windows.values.ptr<float>(int(window));
    return {row, row + kWindowValues};
}

/// Coordinates along the axes in units of the spread along each.
std::vector<double> whitened(const PrincipalAxes &axes, const std::vector<double> &values)
{
    std::vector<double> point = axes.project(values);
    for (std::size_t a = 0; a < point.size(); ++a)
        point[a] /= std::sqrt(axes.variances[a]);
    return point;
}

} // namespace

Result<ResidualMap> residualMap(const cv::Mat &luma, std::stop_token stop, const ResidualMapSettings &settings)
{
    const ResidualWindows windows = residualWindows(luma, settings.window, settings.mostCells, stop);
    if (stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (windows.values.empty())
        return fail(Errc::NotApplicable, u"the picture is smaller than %1 x %1 px"_s.arg(settings.window));
    ResidualMap map{windows.cell, windows.window, cv::Mat(windows.grid, CV_32FC1, cv::Scalar(std::numeric_limits<float>::quiet_NaN()))};
    std::vector<std::size_t> usable;
    for (int y = 0; y < windows.grid.height; ++y) {
        for (int x = 0; x < windows.grid.width; ++x) {
            if (windows.usable.at<float>(y, x) >= settings.leastUsable && windows.flat.at<float>(y, x) <= settings.mostFlat)
                usable.push_back(std::size_t(y) * std::size_t(windows.grid.width) + std::size_t(x));
        }
    }
    map.valid = double(usable.size()) / double(windows.grid.area());
    SampleMatrix samples;
    const std::size_t every = usable.size() / std::size_t(settings.mostFitted) + 1;
    for (std::size_t i = 0; i < usable.size(); i += every)
        samples.add(valuesOf(windows, usable[i]));
    map.relative = map.distance.clone();
    const double sideBySide = map.valid * double(luma.total()) / (double(settings.window) * settings.window);
    const int wanted = std::clamp(int(sideBySide / settings.windowsPerAxis), settings.leastAxes, settings.mostAxes);
    const auto axes = principalAxes(samples, std::size_t(wanted));
    if (!axes)
        return map;
    map.axes = int(axes->variances.size());
    SampleMatrix points;
    for (std::size_t i = 0; i < samples.rows(); ++i)
        points.add(whitened(*axes, {samples.row(i).begin(), samples.row(i).end()}));
    if (stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    const auto mixture = OutlierMixture::fit(points, {settings.outlierDensity * map.axes});
    if (!mixture)
        return map;
    map.outliers = mixture->outliers();
    std::vector<double> distances;
    for (std::size_t i = 0; i < usable.size(); ++i) {
        if (i % 4096 == 0 && stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        distances.push_back(std::sqrt(mixture->squaredDistance(whitened(*axes, valuesOf(windows, usable[i])))));
        map.distance.at<float>(int(usable[i]) / windows.grid.width, int(usable[i]) % windows.grid.width) = float(distances.back());
    }
    map.relative = map.distance / std::max(*median(std::move(distances)), 1e-9);
    return map;
}

} // namespace fw
