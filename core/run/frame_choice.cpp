// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/frame_choice.h"

#include <algorithm>

namespace fw {

FrameChoice::FrameChoice(const Sampling &sampling, const PacketIndex &index,
                         std::int64_t frameCount)
    : m_sampling(sampling)
    , m_frameCount(frameCount)
{
    switch (sampling.mode) {
    case Sampling::Mode::Every:
        m_expected = frameCount;
        break;
    case Sampling::Mode::EveryNth:
        m_expected = (frameCount + sampling.n - 1) / sampling.n;
        break;
    case Sampling::Mode::Spread: {
        // The middles of n equal parts: never only the first frame, which is often a black one.
        const std::int64_t n = std::min<std::int64_t>(sampling.n, frameCount);
        for (std::int64_t k = 0; k < n; ++k)
            m_listed.push_back((2 * k + 1) * frameCount / (2 * n));
        m_expected = n;
        break;
    }
    case Sampling::Mode::KeyFrames:
        for (FrameIndex i = 0; i < index.frameCount(); ++i) {
            if (index.packets[std::size_t(index.shown[std::size_t(i)])].keyFrame)
                m_listed.push_back(i);
        }
        m_expected = std::int64_t(m_listed.size());
        break;
    case Sampling::Mode::None:
        break;
    }
}

bool FrameChoice::mayTake(FrameIndex frame, bool shifted) const
{
    switch (m_sampling.mode) {
    case Sampling::Mode::Every:
        return true;
    case Sampling::Mode::EveryNth:
        return frame % m_sampling.n == 0;
    case Sampling::Mode::Spread:
        return std::binary_search(m_listed.begin(), m_listed.end(), frame);
    case Sampling::Mode::KeyFrames:
        return shifted || frame >= m_frameCount ||
               std::binary_search(m_listed.begin(), m_listed.end(), frame);
    case Sampling::Mode::None:
        return false;
    }
    return false;
}

bool FrameChoice::takes(const LedgerEntry &entry) const
{
    return m_sampling.mode != Sampling::Mode::KeyFrames || entry.keyFrame;
}

} // namespace fw
