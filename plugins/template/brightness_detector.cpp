// SPDX-License-Identifier: GPL-3.0-or-later
#include "brightness_detector.h"

#include "brightness.h"

using namespace Qt::StringLiterals;

fw::Result<void> BrightnessDetector::begin(const fw::ClipFacts &clip, const fw::JobContext &job)
{
    m_least = job.number(u"jump"_s); // complete and in range: the host has checked it
    m_trace.id = u"luma"_s;
    m_trace.title = u"Mean brightness"_s;
    m_trace.unit = u"levels of 255"_s;
    m_trace.about = u"Mean luma (BT.601) of all pixels of the frame."_s;
    m_trace.frames.reserve(std::size_t(clip.frameCount));
    m_trace.values.reserve(std::size_t(clip.frameCount));
    return {};
}

fw::Result<void> BrightnessDetector::frame(const fw::FrameBundle &bundle)
{
    m_trace.frames.push_back(bundle.index);
    m_trace.values.push_back(brightness::meanLuma(bundle.frame->bgr));
    return {};
}

fw::Result<fw::AnalysisResult> BrightnessDetector::finish(const fw::Ledger &)
{
    if (m_trace.values.size() < 2)
        return fw::fail(fw::Errc::NotApplicable, u"a jump needs two frames"_s);
    const auto jumps = brightness::findJumps(m_trace.values, m_least);
    fw::AnalysisResult result;
    result.findings.push_back(brightness::conclude(m_trace, jumps, m_least));
    for (const brightness::Jump &jump : jumps) {
        const fw::FrameIndex frame = m_trace.frames[jump.at];
        fw::Event event;
        event.id = u"jump-%1"_s.arg(frame);
        event.kind = u"brightness-jump"_s;
        event.label = u"Brightness jumps by %1"_s.arg(jump.size, 0, 'f', 0);
        event.range = {frame, frame + 1};
        event.strength = std::min(1.0, jump.size / 255.0);
        result.measured.events.push_back(event);
    }
    result.measured.traces.push_back(std::move(m_trace));
    return result;
}
