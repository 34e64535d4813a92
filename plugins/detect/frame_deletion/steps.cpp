// SPDX-License-Identifier: GPL-3.0-or-later
#include "steps.h"

#include "base/numbers.h"
#include "stats/quantile.h"

#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr double kStill = 0.05;   ///< px of the small copy: less is no motion
constexpr double kRare = 6.0;     ///< robust standard deviations
constexpr double kLeastRatio = 2.0;  ///< motion must at least double
constexpr double kLeastLevels = 2.0; ///< grey levels of a brightness step
constexpr std::size_t kLeastFrames = 20;

double meanFlow(const cv::Mat &before, const cv::Mat &after)
{
    cv::Mat flow, parts[2], length;
    cv::calcOpticalFlowFarneback(before, after, flow, 0.5, 2, 9, 1, 5, 1.1, 0);
    cv::split(flow, parts);
    cv::magnitude(parts[0], parts[1], length);
    return cv::mean(length)[0];
}

std::vector<double> zScores(const std::vector<double> &values)
{
    const auto centre = median(values);
    const auto spread = robustSigma(values);
    std::vector<double> z(values.size(), 0.0);
    if (!centre || !spread || *spread <= 0.0)
        return z;
    for (std::size_t i = 0; i < values.size(); ++i)
        z[i] = std::isnan(values[i]) ? 0.0 : (values[i] - *centre) / *spread;
    return z;
}

bool clockGapAt(const Ledger &ledger, FrameIndex n)
{
    if (n < 2 || n + 1 >= ledger.count())
        return false;
    const double step = ledger.seconds(n) - ledger.seconds(n - 1);
    const double usual = std::min(ledger.seconds(n - 1) - ledger.seconds(n - 2),
                                  ledger.seconds(n + 1) - ledger.seconds(n));
    return usual > 0.0 && step > 1.5 * usual;
}

} // namespace

void FrameSteps::add(FrameIndex index, const cv::Mat &small)
{
    m_scene.add(index, small);
    const bool joins = !m_last.empty() && m_last.size() == small.size();
    m_motion.push_back(joins ? meanFlow(m_last, small) : kMissing);
    m_brightness.push_back(cv::mean(small)[0]);
    m_last = small;
}

std::vector<Discontinuity> FrameSteps::discontinuities(const Ledger &ledger, std::size_t most) const
{
    const std::size_t count = m_motion.size();
    if (count < kLeastFrames)
        return {};
    std::vector<double> ratio(count, kMissing), light(count, kMissing);
    for (std::size_t n = 2; n + 1 < count; ++n) {
        const double around = m_motion[n - 1] + m_motion[n + 1];
        ratio[n] = std::log((2.0 * m_motion[n] + 2.0 * kStill) / (around + 2.0 * kStill));
        const double step = m_brightness[n] - m_brightness[n - 1];
        const double usual = 0.5 * (m_brightness[n - 1] - m_brightness[n - 2] + m_brightness[n + 1]
                                    - m_brightness[n]);
        light[n] = step - usual;
    }
    const std::vector<double> motionZ = zScores(ratio), lightZ = zScores(light);
    std::vector<Discontinuity> found;
    for (std::size_t n = 2; n + 1 < count; ++n) {
        const bool jump = motionZ[n] > kRare && ratio[n] > std::log(kLeastRatio);
        const bool flash = std::abs(lightZ[n]) > kRare && std::abs(light[n]) > kLeastLevels;
        if (!jump && !flash)
            continue;
        Discontinuity one{FrameIndex(n), std::exp(ratio[n]), motionZ[n], lightZ[n], {}};
        if (m_scene.isCut(one.frame) || m_scene.isCut(one.frame - 1) || m_scene.isCut(one.frame + 1))
            one.explained = u"the scene changes"_s;
        else if (clockGapAt(ledger, one.frame))
            one.explained = u"the clock has a gap there"_s;
        found.push_back(std::move(one));
    }
    const auto strength = [](const Discontinuity &d) { return std::max(d.motionZ, std::abs(d.brightnessZ)); };
    std::stable_sort(found.begin(), found.end(), [&](const Discontinuity &a, const Discontinuity &b) {
        return strength(a) > strength(b);
    });
    found.resize(std::min(found.size(), most));
    std::sort(found.begin(), found.end(),
              [](const Discontinuity &a, const Discontinuity &b) { return a.frame < b.frame; });
    return found;
}

} // namespace fw
