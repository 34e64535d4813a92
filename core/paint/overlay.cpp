// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/overlay.h"

#include "paint/axis.h"
#include "paint/color_map.h"
#include "paint/face_overlay_p.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr double kFullConfidence = 0.6; ///< from here on colours are themselves
constexpr double kNoConfidence = 0.2;   ///< from here down they are grey

const QColor kPastMotion(0xff, 0xd5, 0x4a), kFutureMotion(0x4a, 0xd5, 0xff);

/// Where a pixel of the coded picture lies in the upright one.
QTransform uprightFromCoded(int rotationDegrees, const cv::Size &upright)
{
    switch (rotationDegrees) {
    case 90: return QTransform(0, 1, -1, 0, upright.width, 0);
    case 180: return QTransform(-1, 0, 0, -1, upright.width, upright.height);
    case 270: return QTransform(0, -1, 1, 0, 0, upright.height);
    default: return {};
    }
}

/// From where each block was taken to where it is; blocks that stayed are points no one needs.
void paintMotion(QPainter &painter, const std::vector<MotionVector> &vectors, const QTransform &toDevice,
                 const QColor &color)
{
    QList<QLineF> past, future, ends;
    for (const MotionVector &v : vectors) {
        if (v.dstX == v.srcX && v.dstY == v.srcY)
            continue;
        const QPointF to = toDevice.map(QPointF(v.dstX, v.dstY));
        (v.source < 0 ? past : future).append({toDevice.map(QPointF(v.srcX, v.srcY)), to});
        ends.append({to - QPointF(0.5, 0.0), to + QPointF(0.5, 0.0)});
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false); // thousands of lines, many times a second
    painter.setPen(QPen(color.isValid() ? color : kPastMotion, 1.0));
    painter.drawLines(past);
    painter.setPen(QPen(kFutureMotion, 1.0));
    painter.drawLines(future);
    painter.setPen(QPen(Qt::white, 2.0));
    painter.drawLines(ends);
    painter.restore();
}

void paintHeat(const OverlayPen &pen, const HeatMap &map)
{
    const QImage image = colorize(map.values, map.low, map.high, map.colorMap);
    if (image.isNull())
        return;
    QPainter &painter = pen.painter();
    painter.save();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(pen.map(map.region), image, QRectF(image.rect()));
    painter.restore();
}

void paintVector(const OverlayPen &pen, const VectorSeries::Item &item, const QColor &color)
{
    pen.arrow(pen.map(item.from), pen.map(item.to), color, pen.line() * 1.6);
    if (!item.label.isEmpty())
        pen.label(pen.map(item.to) + QPointF(pen.line() * 3, 0), item.label, color);
}

} // namespace

QColor fadedColor(const QColor &color, double confidence)
{
    const double share =
        std::clamp((confidence - kNoConfidence) / (kFullConfidence - kNoConfidence), 0.0, 1.0);
    const double grey = 0x9a;
    const auto mix = [&](int c) { return int(std::lround(share * c + (1.0 - share) * grey)); };
    return QColor(mix(color.red()), mix(color.green()), mix(color.blue()), color.alpha());
}

QColor layerColor(const QString &layer)
{
    if (layer == u"faces.gaze"_s)
        return QColor(0x5a, 0xe0, 0x4a);
    if (layer == u"faces.eyes"_s)
        return QColor(0x7a, 0xe6, 0xf0);
    if (layer == u"faces.head-box"_s)
        return QColor(0x3d, 0x7d, 0xff);
    if (layer == u"faces.mesh"_s)
        return QColor(0xf2, 0xf2, 0xf2);
    return {};
}

LayerStyle styleOf(const std::map<QString, LayerStyle> &styles, const QString &layer)
{
    const auto found = styles.find(layer);
    if (found != styles.end())
        return found->second;
    LayerStyle style;
    if (layer.startsWith(u"heat/"_s))
        style.opacity = 0.6;
    if (layer == u"faces.mesh"_s) { // hides what lies beneath
        style.visible = false;
        style.opacity = 0.7;
    }
    if (layer == u"coding.motion"_s)
        style.visible = false;
    return style;
}

void paintOverlay(QPainter &painter, const QTransform &toDevice, const cv::Size &frameSize,
                  const OverlayContent &content, const std::map<QString, LayerStyle> &styles)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const OverlayPen pen(painter, toDevice, frameSize);
    const auto layer = [&](const QString &name, const auto &draw) {
        const LayerStyle style = styleOf(styles, name);
        if (!style.visible || style.opacity <= 0.0)
            return;
        painter.setOpacity(std::min(1.0, style.opacity));
        draw(style);
    };
    // Of faces: the reader's colour, else the layer's, else one per face; grey when it is unsure.
    const auto faceLayer = [&](const QString &name, const auto &draw) {
        if (!content.faces)
            return;
        layer(name, [&](const LayerStyle &style) {
            const QColor own = style.color.isValid() ? style.color : layerColor(name);
            for (const FaceObservation &face : *content.faces) {
                const QColor color =
                    own.isValid() ? own : seriesColor(number(face.track)).lighter(130);
                draw(pen, face, fadedColor(color, face.confidence));
            }
        });
    };

    for (const OverlayContent::Heat &heat : content.heat) {
        if (heat.map)
            layer(heat.layer, [&](const LayerStyle &) { paintHeat(pen, *heat.map); });
    }
    faceLayer(u"faces.mesh"_s, paintFaceMesh);
    faceLayer(u"faces.landmarks"_s, paintLandmarks);
    faceLayer(u"faces.head-box"_s, paintHeadBox);
    if (content.faces) {
        layer(u"faces.pose"_s, [&](const LayerStyle &style) {
            for (const FaceObservation &face : *content.faces)
                paintHeadAxes(pen, face, style.color);
        });
    }
    faceLayer(u"faces.eyes"_s, paintEyes);
    faceLayer(u"faces.gaze"_s, paintGaze);
    if (content.motion) {
        layer(u"coding.motion"_s, [&](const LayerStyle &style) {
            const QTransform upright = uprightFromCoded(content.rotationDegrees, frameSize);
            paintMotion(painter, *content.motion, upright * toDevice, style.color);
        });
    }
    for (const OverlayContent::Vectors &vectors : content.vectors) {
        layer(vectors.layer, [&](const LayerStyle &style) {
            const QColor own = vectors.color.isValid() ? vectors.color : QColor(0xff, 0xd5, 0x4a);
            for (const VectorSeries::Item &item : vectors.items)
                paintVector(pen, item, style.color.isValid() ? style.color : own);
        });
    }
    faceLayer(u"faces.box"_s, paintFaceBox); // last: its labels must stay readable
    painter.restore();
}

double colorBarWidth(const QFontMetricsF &metrics, const HeatMap &map)
{
    const double step = (map.high - map.low) / 2;
    double text = metrics.horizontalAdvance(map.unit);
    for (int i = 0; i < 3; ++i)
        text = std::max(text, metrics.horizontalAdvance(numberText(map.low + i * step)));
    return metrics.height() * 2.0 + text;
}

void paintColorBar(QPainter &painter, const QRectF &rect, const HeatMap &map, const QColor &text)
{
    painter.save();
    const QFontMetricsF metrics(painter.font());
    const double line = metrics.height();
    QRectF bar(rect.left(), rect.top() + line * 0.6, line, rect.height() - line * 1.2);
    const bool unit = !map.unit.isEmpty() && map.unit != u"1"_s;
    painter.setPen(text);
    if (unit) {
        painter.drawText(QRectF(rect.left(), rect.top(), rect.width(), line),
                         Qt::AlignLeft | Qt::AlignVCenter, map.unit);
        bar.setTop(bar.top() + line * 1.1);
    }
    if (bar.height() > 4) {
        QImage ramp(1, 256, QImage::Format_RGB32);
        for (int i = 0; i < 256; ++i)
            ramp.setPixelColor(0, i, colorAt(map.colorMap, (255 - i) / 255.0));
        painter.drawImage(bar, ramp);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(text, std::max(1.0, line / 14)));
        painter.drawRect(bar);
        for (int i = 0; i < 3; ++i) {
            const double y = bar.bottom() - bar.height() * i / 2.0;
            painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + line * 0.3, y));
            painter.drawText(QRectF(bar.right() + line * 0.45, y - line / 2,
                                    std::max(0.0, rect.right() - bar.right() - line * 0.45), line),
                             Qt::AlignLeft | Qt::AlignVCenter,
                             numberText(map.low + (map.high - map.low) * i / 2.0));
        }
    }
    painter.restore();
}

} // namespace fw
