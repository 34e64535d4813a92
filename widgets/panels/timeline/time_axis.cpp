// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/timeline/time_axis.h"

#include <algorithm>
#include <cmath>

namespace fw {

namespace {

constexpr double kStillSeconds = 0.04; ///< a picture has no length: give it that of one frame

} // namespace

double clipSpan(const ClipClock &clock)
{
    const std::size_t count = clock.seconds.size();
    if (count == 0)
        return 0.0;
    if (count == 1)
        return kStillSeconds;
    return clock.seconds.back() + clock.seconds.back() / double(count - 1);
}

double frameStart(const ClipClock &clock, FrameIndex index)
{
    if (index <= 0 || clock.seconds.empty())
        return 0.0;
    return index < FrameIndex(clock.seconds.size()) ? clock.seconds[std::size_t(index)]
                                                     : clipSpan(clock);
}

FrameIndex frameAt(const ClipClock &clock, double seconds)
{
    const auto it = std::upper_bound(clock.seconds.begin(), clock.seconds.end(), seconds);
    return std::max<FrameIndex>(0, FrameIndex(it - clock.seconds.begin()) - 1);
}

void TimeAxis::setWidth(int pixels)
{
    m_width = std::max(1, pixels);
    clamp();
}

void TimeAxis::setSpan(double seconds, std::int64_t frames)
{
    m_span = std::max(0.0, seconds);
    m_frames = frames;
    clamp();
}

double TimeAxis::pixelsPerFrame() const
{
    return m_frames > 0 ? m_span * m_scale / double(m_frames) : 0.0;
}

void TimeAxis::fit()
{
    m_fitted = true;
    clamp();
}

void TimeAxis::zoom(double factor, double x)
{
    const double moment = secondsAt(x);
    m_fitted = false;
    m_scale *= factor;
    clamp(); // the scale first, so that the moment stays under the cursor at either bound
    m_start = moment - x / m_scale;
    clamp();
}

void TimeAxis::scrollTo(double startSeconds)
{
    m_start = startSeconds;
    clamp();
}

void TimeAxis::showRange(double start, double end)
{
    if (!(end > start))
        return;
    m_fitted = false;
    m_scale = m_width / (end - start);
    m_start = start;
    clamp();
}

void TimeAxis::clamp()
{
    if (m_span <= 0.0) {
        m_start = 0.0;
        m_scale = 1.0;
        return;
    }
    const double least = m_width / m_span;
    const double most = std::max(least, kMostPixelsPerFrame * double(std::max<std::int64_t>(m_frames, 1))
                                            / m_span);
    if (m_fitted || m_scale <= least * (1.0 + 1e-9)) // a range that went through division and back
        m_fitted = true;
    m_scale = m_fitted ? least : std::min(m_scale, most);
    m_start = std::clamp(m_start, 0.0, std::max(0.0, m_span - m_width / m_scale));
}

std::vector<FrameIndex> framesOfColumns(const TimeAxis &axis, const ClipClock &clock)
{
    std::vector<FrameIndex> first(std::size_t(axis.width()) + 1);
    for (std::size_t x = 0; x < first.size(); ++x)
        first[x] = frameAt(clock, axis.secondsAt(double(x)));
    return first;
}

} // namespace fw
