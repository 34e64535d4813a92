// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/absence_map.h"

#include "photo/regions.h"
#include "photo/residual.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

/// Sums over every window.
cv::Mat windowSums(const cv::Mat &plane, const AbsenceSettings &s)
{
    cv::Mat table;
    cv::integral(plane, table, CV_64F);
    const int high = (plane.rows - s.window) / s.stride + 1, wide = (plane.cols - s.window) / s.stride + 1;
    cv::Mat sums(high, wide, CV_64FC1);
    for (int y = 0; y < high; ++y) {
        for (int x = 0; x < wide; ++x) {
            const int top = y * s.stride, left = x * s.stride, below = top + s.window, right = left + s.window;
            sums.at<double>(y, x) = table.at<double>(below, right) - table.at<double>(top, right)
                - table.at<double>(below, left) + table.at<double>(top, left);
        }
    }
    return sums;
}

/// What moves to the other side comes back in at this one.
cv::Mat rolled(const cv::Mat &plane, int dx, int dy)
{
    cv::Mat twice = cv::repeat(plane, 2, 2);
    return twice(cv::Rect(dx, dy, plane.cols, plane.rows)).clone();
}

double medianOf(std::vector<double> values)
{
    if (values.empty())
        return 0.0;
    const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// Strength of the noise against the logarithm of the residual's energy: textured places keep less of it.
/// Medians of thirds, so that a foreign place of less than half a third changes nothing.
class Strength
{
public:
    Strength(const cv::Mat &product, const cv::Mat &power, const cv::Mat &energy)
    {
        std::vector<std::pair<double, double>> points;
        for (int y = 0; y < power.rows; ++y) {
            for (int x = 0; x < power.cols; ++x) {
                if (power.at<double>(y, x) > 0.0 && energy.at<double>(y, x) > 0.0)
                    points.emplace_back(std::log(energy.at<double>(y, x)), product.at<double>(y, x) / power.at<double>(y, x));
            }
        }
        std::sort(points.begin(), points.end());
        for (std::size_t third = 0; third < 3; ++third) {
            std::vector<double> at, strengths;
            for (std::size_t i = points.size() * third / 3; i < points.size() * (third + 1) / 3; ++i) {
                at.push_back(points[i].first);
                strengths.push_back(points[i].second);
            }
            m_at[third] = medianOf(at);
            m_strength[third] = std::max(medianOf(strengths), 0.0);
        }
    }
    double of(double energy) const
    {
        const double at = std::log(std::max(energy, 1e-12));
        const std::size_t from = at < m_at[1] ? 0 : 1;
        const double span = m_at[from + 1] - m_at[from];
        const double share = span > 1e-9 ? std::clamp((at - m_at[from]) / span, 0.0, 1.0) : 0.5;
        return m_strength[from] + share * (m_strength[from + 1] - m_strength[from]);
    }

private:
    double m_at[3] = {}, m_strength[3] = {};
};

} // namespace

Result<AbsenceMap> absenceMap(const cv::Mat &fingerprint, const cv::Mat &bgr, const cv::Mat &noise,
                              const AbsenceSettings &settings, std::stop_token stop)
{
    if (fingerprint.size() != bgr.size() || noise.size() != bgr.size())
        return fail(Errc::Mismatch, u"the picture's size differs from that of the enrolled ones"_s);
    if (std::min(bgr.cols, bgr.rows) < 2 * settings.window)
        return fail(Errc::NotApplicable, u"the picture is too small for a map of its noise"_s);
    cv::Mat expected = fingerprint.mul(lumaOf(bgr));
    expected -= cv::mean(expected)[0];
    const cv::Mat energy = windowSums(noise.mul(noise), settings), power = windowSums(expected.mul(expected), settings);
    const cv::Mat product = windowSums(noise.mul(expected), settings);
    // The scatter without any common noise, from places that cannot match.
    std::vector<double> chance;
    for (const auto &[dx, dy] : {std::pair(37, 53), std::pair(bgr.cols / 2 + 11, 29), std::pair(61, bgr.rows / 2 + 7)}) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        const cv::Mat other = rolled(expected, dx, dy);
        const cv::Mat wrong = windowSums(noise.mul(other), settings), strength = windowSums(other.mul(other), settings);
        for (int y = 0; y < wrong.rows; ++y) {
            for (int x = 0; x < wrong.cols; ++x) {
                const double length = std::sqrt(strength.at<double>(y, x) * energy.at<double>(y, x));
                if (length > 0.0)
                    chance.push_back(std::abs(wrong.at<double>(y, x) / length));
            }
        }
    }
    const double sigma = std::max(medianOf(chance) / 0.6745, 1e-6);
    const Strength strength(product, power, energy);

    AbsenceMap map;
    map.settings = settings;
    map.absence = cv::Mat(product.size(), CV_32FC1, cv::Scalar(std::nan("")));
    map.correlation = cv::Mat(product.size(), CV_32FC1, cv::Scalar(0));
    map.expected = cv::Mat(product.size(), CV_32FC1, cv::Scalar(0));
    const int cells = settings.window / settings.stride;
    cv::Mat votes(bgr.rows / settings.stride, bgr.cols / settings.stride, CV_32FC1, cv::Scalar(0));
    int unseen = 0;
    for (int y = 0; y < product.rows; ++y) {
        for (int x = 0; x < product.cols; ++x) {
            const double e = energy.at<double>(y, x), p = power.at<double>(y, x);
            const double rho = e > 0.0 && p > 0.0 ? product.at<double>(y, x) / std::sqrt(e * p) : 0.0;
            const double should = e > 0.0 ? strength.of(e) * std::sqrt(p / e) : 0.0;
            map.correlation.at<float>(y, x) = float(rho);
            map.expected.at<float>(y, x) = float(should);
            if (should < settings.leastDeviations * sigma) {
                ++unseen;
                continue;
            }
            const double wide = std::hypot(sigma, settings.spread * should);
            const double present = std::exp(-0.5 * std::pow((std::min(rho, should) - should) / wide, 2)) / wide;
            const double missing = std::exp(-0.5 * std::pow(std::max(rho, 0.0) / sigma, 2)) / sigma;
            const double odds = settings.prior / (1.0 - settings.prior) * missing / std::max(present, 1e-300);
            const double posterior = odds / (1.0 + odds);
            map.absence.at<float>(y, x) = float(posterior);
            if (posterior >= settings.certain)
                votes(cv::Rect(x, y, cells, cells) & cv::Rect({0, 0}, votes.size())) += 1.0;
        }
    }
    map.unseen = double(unseen) / double(product.total());
    // A window is certain only when nearly all of it is foreign, so what such windows cover is foreign.
    map.mask = votes >= 2.0;
    const int least = (settings.leastSide / settings.stride) * (settings.leastSide / settings.stride);
    map.mask = withoutSmallRegions(map.mask, least);
    return map;
}

} // namespace fw
