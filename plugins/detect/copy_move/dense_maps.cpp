// SPDX-License-Identifier: GPL-3.0-or-later
#include "dense_maps.h"

#include "keypoint_maps.h"
#include "photo/regions.h"

#include <opencv2/imgproc.hpp>

#include <array>
#include <cmath>
#include <numbers>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kRadius = 8;            ///< of the disc, px
constexpr int kFeatures = 12;
constexpr int kRounds = 6;
constexpr int kFitRadius = 6;         ///< px of the window of the linear fit
constexpr double kFitError = 1.2;     ///< px, root of the mean square
constexpr int kLeastSeeds = 250;      ///< px of a connected place
constexpr std::size_t kMostMaps = 8;

using Feature = cv::Vec<float, kFeatures>;

/// Radial order and turns of each moment.
constexpr std::array<std::pair<int, int>, kFeatures> kOrders{
    {{0, 0}, {1, 0}, {2, 0}, {3, 0}, {0, 1}, {1, 1}, {2, 1}, {0, 2}, {1, 2}, {2, 2}, {0, 3}, {1, 3}}};

cv::Mat kernel(int order, int turns, bool imaginary)
{
    cv::Mat values(2 * kRadius + 1, 2 * kRadius + 1, CV_32FC1, cv::Scalar(0));
    double power = 0.0;
    for (int y = -kRadius; y <= kRadius; ++y) {
        for (int x = -kRadius; x <= kRadius; ++x) {
            const double r2 = double(x * x + y * y) / ((kRadius + 0.5) * (kRadius + 0.5));
            if (r2 > 1.0 || (turns > 0 && x == 0 && y == 0)) // the centre has no direction
                continue;
            const double angle = turns * std::atan2(double(y), double(x));
            const double value = std::cos(std::numbers::pi * order * r2) * (imaginary ? std::sin(angle) : std::cos(angle));
            values.at<float>(y + kRadius, x + kRadius) = float(value);
            power += std::cos(std::numbers::pi * order * r2) * std::cos(std::numbers::pi * order * r2);
        }
    }
    return values / std::sqrt(power);
}

class Matcher
{
public:
    Matcher(const cv::Mat &features, double leastDistance, std::uint64_t seed, std::stop_token stop)
        : m_features(features)
        , m_random(seed * 2654435761ULL + 977ULL)
        , m_stop(std::move(stop))
        , m_least2(int(leastDistance * leastDistance))
        , m_offsets(features.size(), CV_32SC2)
        , m_distance(features.size(), CV_32FC1)
    {
        for (int y = 0; y < features.rows && !m_stop.stop_requested(); ++y) {
            for (int x = 0; x < features.cols; ++x) {
                m_distance.at<float>(y, x) = 1e30F;
                m_offsets.at<cv::Vec2i>(y, x) = {0, 0};
                for (int i = 0; i < 4; ++i)
                    consider(x, y, {m_random.uniform(0, features.cols) - x, m_random.uniform(0, features.rows) - y});
            }
        }
    }

    void round(bool forward)
    {
        const int step = forward ? 1 : -1;
        const cv::Size size = m_features.size();
        for (int j = 0; j < size.height && !m_stop.stop_requested(); ++j) {
            const int y = forward ? j : size.height - 1 - j;
            for (int i = 0; i < size.width; ++i) {
                const int x = forward ? i : size.width - 1 - i;
                propose(x, y, x - step, y, step, 0);
                propose(x, y, x, y - step, 0, step);
                for (int reach = std::max(size.width, size.height) / 2; reach >= 1; reach /= 3) {
                    const cv::Vec2i best = m_offsets.at<cv::Vec2i>(y, x);
                    consider(x, y, {best[0] + m_random.uniform(-reach, reach + 1), best[1] + m_random.uniform(-reach, reach + 1)});
                }
            }
        }
    }

    OffsetField field() const
    {
        OffsetField field;
        m_offsets.convertTo(field.offsets, CV_32FC2);
        field.distance = m_distance;
        return field;
    }

private:
    /// A neighbour's offset, and what two neighbours in a row extrapolate to: offsets of a turned or
    /// scaled copy change from sample to sample.
    void propose(int x, int y, int nx, int ny, int dx, int dy)
    {
        const cv::Rect all({0, 0}, m_features.size());
        if (!all.contains({nx, ny}))
            return;
        const cv::Vec2i near = m_offsets.at<cv::Vec2i>(ny, nx);
        consider(x, y, near);
        if (const cv::Point far(nx - dx, ny - dy); all.contains(far))
            consider(x, y, 2 * near - m_offsets.at<cv::Vec2i>(far));
    }

    void consider(int x, int y, cv::Vec2i offset)
    {
        const int u = x + offset[0], v = y + offset[1];
        if (u < 0 || v < 0 || u >= m_features.cols || v >= m_features.rows
            || offset[0] * offset[0] + offset[1] * offset[1] < m_least2)
            return;
        const float *a = m_features.ptr<float>(y, x), *b = m_features.ptr<float>(v, u);
        float sum = 0.0F;
        for (int k = 0; k < kFeatures; ++k)
            sum += (a[k] - b[k]) * (a[k] - b[k]);
        if (sum < m_distance.at<float>(y, x)) {
            m_distance.at<float>(y, x) = sum;
            m_offsets.at<cv::Vec2i>(y, x) = offset;
        }
    }

    cv::Mat m_features;
    cv::RNG m_random;
    std::stop_token m_stop;
    int m_least2;
    cv::Mat m_offsets, m_distance;
};

/// Mean square of what a linear field leaves of one component of the offsets, per window.
cv::Mat linearResidual(const cv::Mat &values)
{
    const int side = 2 * kFitRadius + 1;
    cv::Mat flat = cv::Mat::ones(1, side, CV_32FC1), ramp(1, side, CV_32FC1);
    double spread = 0.0;
    for (int i = 0; i < side; ++i) {
        ramp.at<float>(i) = float(i - kFitRadius);
        spread += double(i - kFitRadius) * (i - kFitRadius);
    }
    const double count = double(side) * side, power = spread * side;
    cv::Mat sum, squares, alongX, alongY;
    cv::sepFilter2D(values, sum, CV_64F, flat, flat);
    cv::sepFilter2D(values.mul(values), squares, CV_64F, flat, flat);
    cv::sepFilter2D(values, alongX, CV_64F, ramp, flat);
    cv::sepFilter2D(values, alongY, CV_64F, flat, ramp);
    cv::Mat residual = squares - sum.mul(sum) / count - alongX.mul(alongX) / power - alongY.mul(alongY) / power;
    residual /= count;
    return residual;
}

} // namespace

cv::Mat rotationFreeFeatures(const cv::Mat &grey, std::stop_token stop)
{
    std::vector<cv::Mat> planes;
    for (const auto &[order, turns] : kOrders) {
        if (stop.stop_requested())
            return {};
        cv::Mat real, magnitude;
        cv::filter2D(grey, real, CV_32F, kernel(order, turns, false));
        if (turns == 0) {
            magnitude = cv::abs(real);
        } else {
            cv::Mat imaginary;
            cv::filter2D(grey, imaginary, CV_32F, kernel(order, turns, true));
            cv::magnitude(real, imaginary, magnitude);
        }
        planes.push_back(magnitude);
    }
    cv::Mat features;
    cv::merge(planes, features);
    return features;
}

Result<OffsetField> nearestPlaces(const cv::Mat &features, double leastDistance, std::uint64_t seed, std::stop_token stop)
{
    Matcher matcher(features, leastDistance, seed, stop);
    for (int round = 0; round < kRounds; ++round)
        matcher.round(round % 2 == 0);
    if (stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    return matcher.field();
}

std::vector<CopyMap> denseMaps(const OffsetField &field, double leastDistance)
{
    cv::Mat parts[2];
    cv::split(field.offsets, parts);
    for (cv::Mat &part : parts) // single wrong offsets must not spoil the fit of a window
        cv::medianBlur(part, part, 5);
    const cv::Mat residual = linearResidual(parts[0]) + linearResidual(parts[1]);
    cv::Mat length;
    cv::magnitude(parts[0], parts[1], length);
    cv::Mat even = (residual < kFitError * kFitError) & (length > leastDistance);
    const int border = kRadius + kFitRadius;
    cv::Mat inner = cv::Mat::zeros(even.size(), CV_8UC1);
    if (even.cols > 2 * border && even.rows > 2 * border)
        even(cv::Rect(border, border, even.cols - 2 * border, even.rows - 2 * border))
            .copyTo(inner(cv::Rect(border, border, even.cols - 2 * border, even.rows - 2 * border)));
    cv::Mat labels;
    std::vector<CopyMap> maps;
    for (const MaskRegion &region : connectedRegions(inner, kLeastSeeds, &labels)) {
        std::vector<cv::Point2f> from, to;
        for (int y = region.cells.y; y < region.cells.br().y; ++y) {
            for (int x = region.cells.x; x < region.cells.br().x; ++x) {
                if (labels.at<int>(y, x) != region.label)
                    continue;
                from.emplace_back(float(x), float(y));
                to.emplace_back(float(x) + parts[0].at<float>(y, x), float(y) + parts[1].at<float>(y, x));
            }
        }
        if (const auto map = affineBetween(from, to))
            maps.push_back({*map, std::move(from)});
        if (maps.size() == kMostMaps)
            break;
    }
    return maps;
}

} // namespace fw
