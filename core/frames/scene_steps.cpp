// SPDX-License-Identifier: GPL-3.0-or-later
#include "frames/scene_steps.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace fw {
namespace {

const cv::Size kSmall(32, 18);
const cv::Size kSampled(128, 72); ///< few samples of a large frame first: averaging them all is slow
constexpr FrameIndex kAround = 10; ///< neighbours on each side
constexpr double kCutLevels = 10.0;
constexpr double kCutFactor = 4.0;

} // namespace

void SceneSteps::add(FrameIndex index, const cv::Mat &picture)
{
    cv::Mat small, grey;
    cv::resize(picture, small, kSampled, 0, 0, cv::INTER_LINEAR);
    if (small.channels() == 3)
        cv::cvtColor(small, small, cv::COLOR_BGR2GRAY);
    cv::resize(small, grey, kSmall, 0, 0, cv::INTER_AREA);
    m_steps.resize(std::size_t(index) + 1, std::numeric_limits<double>::quiet_NaN());
    if (!m_last.empty() && m_lastIndex == index - 1)
        m_steps.back() = cv::norm(grey, m_last, cv::NORM_L1) / double(grey.total());
    m_last = grey;
    m_lastIndex = index;
}

std::optional<double> SceneSteps::stepTo(FrameIndex index) const
{
    if (index < 0 || index >= FrameIndex(m_steps.size()) || std::isnan(m_steps[std::size_t(index)]))
        return std::nullopt;
    return m_steps[std::size_t(index)];
}

std::optional<double> SceneSteps::jumpAt(FrameIndex index) const
{
    const auto here = stepTo(index);
    if (!here)
        return std::nullopt;
    std::vector<double> around;
    for (FrameIndex i = index - kAround; i <= index + kAround; ++i) {
        const auto step = i == index ? std::nullopt : stepTo(i);
        if (step)
            around.push_back(*step);
    }
    if (around.empty())
        return std::nullopt;
    const auto middle = around.begin() + std::ptrdiff_t(around.size() / 2);
    std::nth_element(around.begin(), middle, around.end());
    if (*middle <= 0.0)
        return std::nullopt;
    return *here / *middle;
}

bool SceneSteps::isCut(FrameIndex index) const
{
    const auto step = stepTo(index);
    if (!step || *step < kCutLevels)
        return false;
    const auto jump = jumpAt(index);
    return !jump || *jump >= kCutFactor; // out of a still scene any large step is a cut
}

} // namespace fw
