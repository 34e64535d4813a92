// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/timeline/thumbnail_strip.h"

#include "paint/color_map.h"

#include <algorithm>
#include <cmath>

namespace fw {

namespace {

constexpr int kRestMs = 120; ///< while the wheel turns, nothing is asked for

} // namespace

ThumbnailStrip::ThumbnailStrip(ClipModel &clip, QObject *parent) : QObject(parent), m_clip(clip)
{
    m_rest.setSingleShot(true);
    m_rest.setInterval(kRestMs);
    connect(&m_rest, &QTimer::timeout, this, &ThumbnailStrip::ask);
    connect(&clip, &ClipModel::clipChanged, this, &ThumbnailStrip::listen);
    listen();
}

void ThumbnailStrip::listen()
{
    if (m_provider)
        m_provider->disconnect(this);
    m_pictures.clear();
    m_asked.clear();
    m_provider = m_clip.provider();
    if (m_provider)
        connect(m_provider, &FrameProvider::thumbnailReady, this, &ThumbnailStrip::receive);
}

int ThumbnailStrip::widthFor(int height) const
{
    const StreamFacts *video = m_provider ? m_provider->facts().video() : nullptr;
    if (!video || video->height <= 0 || video->width <= 0)
        return height * 16 / 9;
    return std::clamp(height * video->width / video->height, height / 3, height * 3);
}

std::vector<ThumbnailStrip::Slot> ThumbnailStrip::slotsFor(const TimeAxis &axis, const QSize &size)
{
    std::vector<Slot> slots;
    const ClipClock &clock = m_clip.clock();
    if (!m_provider || clock.seconds.empty() || size.width() <= 0)
        return slots;
    // Steps are powers of two of a second, so that zooming keeps every second picture.
    const double wanted = (size.width() + 2) / axis.pixelsPerSecond();
    const double step = std::exp2(std::ceil(std::log2(wanted)));
    m_width = size.width();
    m_wanted.clear();
    for (double at = std::floor(axis.start() / step) * step; at < std::min(axis.end(), axis.span()); at += step) {
        const FrameIndex frame = frameAt(clock, at);
        if (!slots.empty() && slots.back().frame == frame)
            continue; // less than a frame apart: zoomed in as far as it goes
        slots.push_back({frame, axis.xOf(frameStart(clock, frame)), m_pictures.object(frame)});
        if (!slots.back().picture)
            m_wanted.push_back(frame);
    }
    if (!m_wanted.empty())
        m_rest.start();
    return slots;
}

void ThumbnailStrip::ask()
{
    if (!m_provider)
        return;
    const auto known = [this](FrameIndex frame) { return m_asked.contains(frame); };
    if (std::all_of(m_wanted.begin(), m_wanted.end(), known))
        return;
    // What scrolled out of view before it was answered is not worth decoding any more.
    m_provider->cancelThumbnails();
    m_asked.clear();
    for (const FrameIndex frame : m_wanted) {
        m_asked.insert(frame);
        m_provider->requestThumbnail(frame, m_width);
    }
}

void ThumbnailStrip::receive(FrameIndex index, const FramePtr &small)
{
    if (!small)
        return;
    m_asked.remove(index);
    m_pictures.insert(index, new QPixmap(QPixmap::fromImage(toQImage(small->bgr))));
    Q_EMIT changed();
}

} // namespace fw
