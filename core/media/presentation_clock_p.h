// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/av_input_p.h"

#include <algorithm>

namespace fw::av {

/// Presentation times of pictures that come in order. Where the container states none (raw streams,
/// some AVI files) the time is the one before plus one frame of the stream's rate.
class PresentationClock
{
public:
    PresentationClock() = default;
    explicit PresentationClock(const AVStream *stream)
    {
        const AVRational rate = stream->avg_frame_rate.num > 0 && stream->avg_frame_rate.den > 0
                                    ? stream->avg_frame_rate
                                    : AVRational{25, 1};
        m_step = std::max<std::int64_t>(1, av_rescale_q(1, av_inv_q(rate), stream->time_base));
    }

    std::int64_t timeOf(const AVFrame &frame)
    {
        if (frame.best_effort_timestamp != AV_NOPTS_VALUE)
            m_last = frame.best_effort_timestamp;
        else
            m_last = m_started ? m_last + (frame.pkt_duration > 0 ? frame.pkt_duration : m_step) : 0;
        m_started = true;
        return m_last;
    }

private:
    std::int64_t m_step = 1;
    std::int64_t m_last = 0;
    bool m_started = false;
};

} // namespace fw::av
