// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/timeline/ruler_painter.h"

#include "paint/axis.h"
#include "panels/common/theme.h"

#include <QPainter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kFlag = 7.0;          ///< px, of an in or out point
constexpr double kPixelsForTick = 3.0; ///< a tick a frame from this width on

void paintInOut(QPainter &painter, const QRect &rect, const LaneScene &scene)
{
    const auto in = scene.clip.inPoint(), out = scene.clip.outPoint();
    if (!in && !out)
        return;
    const double left = in ? scene.xOfFrame(*in) : 0.0 - 1e6;
    const double right = out ? scene.xOfFrame(*out + 1) : 1e6;
    const QRectF span = QRectF(rect.left() + left, rect.top(), right - left, rect.height())
                            .intersected(QRectF(rect));
    QColor ground = scene.palette.color(QPalette::Highlight);
    ground.setAlpha(90);
    painter.fillRect(span, ground);
    painter.setPen(QPen(scene.palette.color(QPalette::Highlight), 2));
    painter.setBrush(scene.palette.color(QPalette::Highlight));
    for (const double x : {left, right}) {
        if (x < 0 || x > rect.width())
            continue;
        const QPointF top(rect.left() + x, rect.top()), inwards(x == left ? kFlag : -kFlag, 0);
        painter.drawLine(top, QPointF(top.x(), rect.bottom()));
        painter.drawPolygon(QPolygonF{top, top + inwards, top + QPointF(0, kFlag)}); // to take hold of
    }
    painter.setBrush(Qt::NoBrush);
}

void paintClock(QPainter &painter, const QRect &rect, const LaneScene &scene)
{
    painter.setFont(textFont(scene.font, TextSize::Small));
    const QFontMetrics metrics(painter.font());
    const int most = std::max(2, rect.width() / (metrics.horizontalAdvance(u"0:00:00.000"_s) + 16));
    const double end = std::min(scene.axis.end(), scene.axis.span());
    const AxisTicks ticks = timeTicks(scene.axis.start(), end, most);
    for (const double seconds : ticks.values) {
        const double x = rect.left() + scene.axis.xOf(seconds);
        painter.setPen(scene.palette.color(QPalette::Mid));
        painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()));
        painter.setPen(scene.palette.color(QPalette::WindowText));
        const QRectF place(x + 4, rect.top(), 160, rect.height());
        painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter, timeTickText(seconds, ticks.step));
    }
}

void paintFrameTicks(QPainter &painter, const QRect &rect, const LaneScene &scene)
{
    const ClipClock &clock = scene.clip.clock();
    const QColor key = scene.palette.color(QPalette::WindowText);
    const QColor plain = scene.palette.color(QPalette::Mid);
    const auto isKey = [&](FrameIndex i) {
        return i < FrameIndex(clock.keyFrames.size()) && clock.keyFrames[std::size_t(i)];
    };
    const double perFrame = scene.axis.pixelsPerFrame();
    const double bottom = rect.bottom() + 1;
    if (perFrame < kPixelsForTick) {
        // A column may show many frames: it is strong as soon as one of them is a key frame.
        for (int x = 0; x < rect.width(); ++x) {
            const FrameRange frames = scene.framesOf(x);
            const bool same = x > 0 && scene.framesOf(x - 1).begin == frames.begin;
            bool any = false;
            for (FrameIndex i = frames.begin; i < frames.end && !any && !same; ++i)
                any = isKey(i);
            if (any)
                painter.fillRect(QRectF(rect.left() + x, rect.top(), 1, rect.height()), key);
        }
        return;
    }
    painter.setFont(textFont(scene.font, TextSize::Small));
    const bool letters = perFrame >= painter.fontMetrics().maxWidth() * 0.6
        && perFrame >= painter.fontMetrics().horizontalAdvance(u'B') + 6;
    const FrameIndex last = std::min<FrameIndex>(scene.columns.back(), FrameIndex(clock.seconds.size()) - 1);
    for (FrameIndex i = scene.columns.front(); i <= last; ++i) {
        const double x = rect.left() + scene.xOfFrame(i), next = rect.left() + scene.xOfFrame(i + 1);
        const bool strong = isKey(i);
        const double height = strong ? rect.height() : rect.height() * 0.45;
        painter.fillRect(QRectF(x, bottom - height, strong ? 2 : 1, height), strong ? key : plain);
        const char type = i < FrameIndex(clock.pictureTypes.size()) ? clock.pictureTypes[std::size_t(i)] : '?';
        if (!letters || type == '?')
            continue;
        painter.setPen(strong ? key : quietText(scene.palette));
        painter.drawText(QRectF(x, rect.top(), next - x, rect.height()), Qt::AlignCenter,
                         QString(QLatin1Char(type)));
    }
}

} // namespace

void paintRuler(QPainter &painter, const QRect &rect, const LaneScene &scene)
{
    painter.save();
    painter.setClipRect(rect);
    paintInOut(painter, rect, scene);
    const int upper = rect.height() * 11 / 20;
    paintClock(painter, QRect(rect.left(), rect.top(), rect.width(), upper), scene);
    paintFrameTicks(painter, QRect(rect.left(), rect.top() + upper, rect.width(), rect.height() - upper),
                    scene);
    painter.restore();
}

} // namespace fw
