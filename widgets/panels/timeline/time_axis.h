// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "frames/frame_provider.h"

#include <vector>

namespace fw {

/// Seconds that the clip fills: up to the end of its last frame, which no clock states, so the mean
/// length of the others stands in.
double clipSpan(const ClipClock &clock);
/// When frame `index` comes on screen; the clip's end for an index behind the last.
double frameStart(const ClipClock &clock, FrameIndex index);
/// The frame on screen at `seconds`, clamped to the clip; 0 for an empty clock.
FrameIndex frameAt(const ClipClock &clock, double seconds);

/// Which stretch of time is shown, and how large. Pixels count from the left edge of the tracks.
class TimeAxis
{
public:
    void setWidth(int pixels);
    /// @param frames  bounds the zoom: a frame never gets wider than kMostPixelsPerFrame.
    void setSpan(double seconds, std::int64_t frames);

    int width() const { return m_width; }
    double span() const { return m_span; }
    double start() const { return m_start; }
    double pixelsPerSecond() const { return m_scale; }
    double pixelsPerFrame() const;
    bool isFitted() const { return m_fitted; } ///< the whole clip, and stays so while it grows
    double xOf(double seconds) const { return (seconds - m_start) * m_scale; }
    double secondsAt(double x) const { return m_start + x / m_scale; }
    double end() const { return secondsAt(m_width); }

    void fit();
    /// Keeps the moment under `x` where it is.
    void zoom(double factor, double x);
    void scrollTo(double startSeconds);
    /// From `start` to `end`, as far as the bounds allow; the whole clip when they cover it.
    void showRange(double start, double end);

    static constexpr double kMostPixelsPerFrame = 80.0;

private:
    void clamp();

    int m_width = 1;
    double m_span = 0.0;
    std::int64_t m_frames = 0;
    double m_start = 0.0, m_scale = 1.0;
    bool m_fitted = true;
};

/// For each pixel column of the axis the first frame it shows; one entry more than there are
/// columns. Column x shows frames [first[x], max(first[x] + 1, first[x + 1])).
std::vector<FrameIndex> framesOfColumns(const TimeAxis &axis, const ClipClock &clock);

} // namespace fw
