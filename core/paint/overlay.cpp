// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/overlay.h"

#include "paint/axis.h"
#include "paint/color_map.h"

#include <QPainterPath>

#include <array>
#include <cmath>
#include <span>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

const QColor kHalo(0, 0, 0, 170); // keeps lines visible on bright and on dark pictures

/// The lines that people expect between the 68 points: jaw, brows, nose, eyes, mouth.
struct Stroke
{
    int first, last;
    bool closed;
};
constexpr std::array<Stroke, 9> kStrokes{{{0, 16, false},
                                          {17, 21, false},
                                          {22, 26, false},
                                          {27, 30, false},
                                          {30, 35, true},
                                          {36, 41, true},
                                          {42, 47, true},
                                          {48, 59, true},
                                          {60, 67, true}}};

class OverlayPainter
{
public:
    OverlayPainter(QPainter &painter, const QTransform &toDevice, const cv::Size &frame)
        : m_painter(painter), m_toDevice(toDevice), m_frame(frame),
          m_line(std::max(1.0, QFontMetricsF(painter.font()).height() / 11.0))
    {
    }

    void heat(const HeatMap &map)
    {
        const QImage image = colorize(map.values, map.low, map.high, map.colorMap);
        if (image.isNull())
            return;
        const QRectF region(map.region.x, map.region.y, map.region.width, map.region.height);
        m_painter.save();
        m_painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
        m_painter.drawImage(m_toDevice.mapRect(region), image, QRectF(image.rect()));
        m_painter.restore();
    }

    void box(const FaceObservation &face, const QColor &color)
    {
        const QRectF rect = m_toDevice.mapRect(
            QRectF(face.box.x, face.box.y, face.box.width, face.box.height));
        QPainterPath path;
        path.addRect(rect);
        stroke(path, color, m_line * 1.4, face.detected ? Qt::SolidLine : Qt::DashLine);
        label(rect.topLeft(), u"face %1"_s.arg(number(face.track) + 1), color);
    }

    void landmarks(const FaceObservation &face, const QColor &color)
    {
        const Landmarks68 &points = *face.landmarks;
        QPainterPath lines;
        for (const Stroke &s : kStrokes) {
            bool pen = false;
            for (int i = s.first; i <= s.last + (s.closed ? 1 : 0); ++i) {
                const cv::Point2f p = points[std::size_t(i > s.last ? s.first : i)];
                if (!std::isfinite(p.x) || !std::isfinite(p.y)) {
                    pen = false; // an unseen point leaves a gap instead of a wrong line
                    continue;
                }
                pen ? lines.lineTo(map(p)) : lines.moveTo(map(p));
                pen = true;
            }
        }
        QColor thin = color;
        thin.setAlphaF(0.7f);
        stroke(lines, thin, m_line * 0.7, Qt::SolidLine);

        for (std::size_t i = 0; i < points.size(); ++i) {
            const cv::Point2f &p = points[i];
            const double sigma =
                face.landmarkSigmas ? double((*face.landmarkSigmas)[i]) * scale() : 0.0;
            if (!std::isfinite(p.x) || !std::isfinite(p.y))
                continue;
            m_painter.setPen(Qt::NoPen);
            m_painter.setBrush(kHalo);
            m_painter.drawEllipse(map(p), m_line * 1.9, m_line * 1.9);
            m_painter.setBrush(color);
            m_painter.drawEllipse(map(p), m_line * 1.2, m_line * 1.2);
            if (sigma > m_line * 2.5) { // one standard deviation, once it is larger than the dot
                m_painter.setBrush(Qt::NoBrush);
                m_painter.setPen(QPen(thin, m_line * 0.5));
                m_painter.drawEllipse(map(p), sigma, sigma);
            }
        }
    }

    void pose(const FaceObservation &face, const QColor &given)
    {
        const HeadPose &pose = *face.pose;
        cv::Point2f nose(face.box.x + face.box.width / 2, face.box.y + face.box.height / 2);
        if (face.landmarks && std::isfinite((*face.landmarks)[30].x))
            nose = (*face.landmarks)[30];
        const double length = 0.6 * double(face.box.width);
        const struct
        {
            cv::Vec3d axis;
            QColor color;
            QString name;
            double width;
        } axes[] = {{{1, 0, 0}, QColor(0xff, 0xb0, 0x3b), u"x"_s, 1.2},
                    {{0, 1, 0}, QColor(0x4f, 0xd8, 0xb8), u"y"_s, 1.2},
                    {{0, 0, -1}, QColor(0x6f, 0xb5, 0xff), u"facing"_s, 2.0}};
        for (const auto &a : axes) {
            const cv::Point2f tip = nose + project(pose, a.axis, nose, length);
            const QColor color = given.isValid() ? given : a.color;
            arrow(map(nose), map(tip), color, m_line * a.width);
            if (std::hypot(map(tip).x() - map(nose).x(), map(tip).y() - map(nose).y()) > m_line * 12)
                label(map(tip) + QPointF(m_line * 3, 0), a.name, color);
        }
    }

    void vector(const VectorSeries::Item &item, const QColor &color)
    {
        arrow(map(item.from), map(item.to), color, m_line * 1.6);
        if (!item.label.isEmpty())
            label(map(item.to) + QPointF(m_line * 3, 0), item.label, color);
    }

private:
    QPointF map(const cv::Point2f &p) const { return m_toDevice.map(QPointF(p.x, p.y)); }
    double scale() const { return std::sqrt(std::abs(m_toDevice.determinant())); }

    /// The picture of a head axis of `length` px, in px from the nose, seen by a camera whose focal
    /// length is the picture's width: an axis towards the camera grows, as it does in the picture.
    cv::Point2f project(const HeadPose &pose, const cv::Vec3d &axis, const cv::Point2f &nose,
                        double length) const
    {
        const cv::Vec3d turned = pose.rotation * axis;
        const double focal = std::max(1, m_frame.width);
        const double depth = focal + turned[2] * length; // the nose is `focal` px away
        const double cx = m_frame.width / 2.0, cy = m_frame.height / 2.0;
        if (depth < focal / 4)
            return {float(turned[0] * length), float(turned[1] * length)};
        const double x = ((nose.x - cx) + turned[0] * length) * focal / depth + cx;
        const double y = ((nose.y - cy) + turned[1] * length) * focal / depth + cy;
        return {float(x - nose.x), float(y - nose.y)};
    }

    void stroke(const QPainterPath &path, const QColor &color, double width, Qt::PenStyle style)
    {
        m_painter.setBrush(Qt::NoBrush);
        m_painter.setPen(QPen(kHalo, width + m_line * 1.2));
        m_painter.drawPath(path);
        m_painter.setPen(QPen(color, width, style, Qt::FlatCap, Qt::MiterJoin));
        m_painter.drawPath(path);
    }

    void arrow(const QPointF &from, const QPointF &to, const QColor &color, double width)
    {
        const QPointF along = to - from;
        const double length = std::hypot(along.x(), along.y());
        if (!(length > 0.5)) { // also not-a-number
            m_painter.setPen(QPen(kHalo, m_line));
            m_painter.setBrush(color);
            if (std::isfinite(length))
                m_painter.drawEllipse(from, width * 1.5, width * 1.5);
            return;
        }
        const QPointF unit = along / length, side(-unit.y(), unit.x());
        const double head = std::min(length * 0.4, width * 4.5);
        QPainterPath path;
        path.moveTo(from);
        path.lineTo(to);
        path.moveTo(to - unit * head + side * head * 0.6);
        path.lineTo(to);
        path.lineTo(to - unit * head - side * head * 0.6);
        stroke(path, color, width, Qt::SolidLine);
    }

    /// A small sign whose lower left corner is at `corner`, kept inside the painter's clip.
    void label(const QPointF &corner, const QString &text, const QColor &color)
    {
        const QFontMetricsF metrics(m_painter.font());
        const double pad = m_line * 2;
        QRectF sign(corner.x(), corner.y() - metrics.height() - pad,
                    metrics.horizontalAdvance(text) + 2 * pad, metrics.height() + pad);
        const QRectF visible = m_toDevice.mapRect(QRectF(0, 0, m_frame.width, m_frame.height));
        if (sign.top() < visible.top())
            sign.moveTop(std::max(visible.top(), corner.y()));
        if (sign.right() > visible.right())
            sign.moveRight(visible.right());
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(QColor(16, 16, 16, 200));
        m_painter.drawRect(sign);
        m_painter.fillRect(QRectF(sign.left(), sign.top(), m_line * 1.5, sign.height()), color);
        m_painter.setPen(Qt::white);
        m_painter.drawText(sign.adjusted(pad, 0, 0, 0), Qt::AlignCenter, text);
    }

    QPainter &m_painter;
    const QTransform &m_toDevice;
    cv::Size m_frame;
    double m_line; ///< painter units of a thin line
};

} // namespace

LayerStyle styleOf(const std::map<QString, LayerStyle> &styles, const QString &layer)
{
    const auto found = styles.find(layer);
    if (found != styles.end())
        return found->second;
    LayerStyle style;
    if (layer.startsWith(u"heat/"_s))
        style.opacity = 0.6;
    return style;
}

void paintOverlay(QPainter &painter, const QTransform &toDevice, const cv::Size &frameSize,
                  const OverlayContent &content, const std::map<QString, LayerStyle> &styles)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    OverlayPainter overlay(painter, toDevice, frameSize);
    const auto layer = [&](const QString &name, const auto &draw) {
        const LayerStyle style = styleOf(styles, name);
        if (!style.visible || style.opacity <= 0.0)
            return;
        painter.setOpacity(std::min(1.0, style.opacity));
        draw(style);
    };
    const auto trackColor = [](const LayerStyle &style, const FaceObservation &face) {
        return style.color.isValid() ? style.color : seriesColor(number(face.track)).lighter(130);
    };

    for (const OverlayContent::Heat &heat : content.heat) {
        if (heat.map)
            layer(heat.layer, [&](const LayerStyle &) { overlay.heat(*heat.map); });
    }
    if (content.faces) {
        layer(u"faces.landmarks"_s, [&](const LayerStyle &style) {
            for (const FaceObservation &face : *content.faces) {
                if (face.landmarks)
                    overlay.landmarks(face, trackColor(style, face));
            }
        });
        layer(u"faces.pose"_s, [&](const LayerStyle &style) {
            for (const FaceObservation &face : *content.faces) {
                if (face.pose)
                    overlay.pose(face, style.color);
            }
        });
    }
    for (const OverlayContent::Vectors &vectors : content.vectors) {
        layer(vectors.layer, [&](const LayerStyle &style) {
            const QColor own = vectors.color.isValid() ? vectors.color : QColor(0xff, 0xd5, 0x4a);
            for (const VectorSeries::Item &item : vectors.items)
                overlay.vector(item, style.color.isValid() ? style.color : own);
        });
    }
    if (content.faces) { // boxes last: their labels must stay readable
        layer(u"faces.box"_s, [&](const LayerStyle &style) {
            for (const FaceObservation &face : *content.faces)
                overlay.box(face, trackColor(style, face));
        });
    }
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
