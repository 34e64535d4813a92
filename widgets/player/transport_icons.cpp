// SPDX-License-Identifier: GPL-3.0-or-later
#include "player/transport_icons.h"

#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>

namespace fw {
namespace {

/// A triangle in the 16 x 16 grid whose tip points forwards.
QPainterPath triangle(double left, double width = 8)
{
    QPainterPath path;
    path.moveTo(left, 3);
    path.lineTo(left + width, 8);
    path.lineTo(left, 13);
    path.closeSubpath();
    return path;
}

QPainterPath bar(double left, double width = 2)
{
    QPainterPath path;
    path.addRect(left, 3, width, 10);
    return path;
}

QPainterPath mirrored(const QPainterPath &path)
{
    return QTransform(-1, 0, 0, 1, 16, 0).map(path);
}

QPainterPath bracket()
{
    QPainterPath path;
    path.moveTo(10, 3);
    path.lineTo(5, 3);
    path.lineTo(5, 13);
    path.lineTo(10, 13);
    return path;
}

QPainterPath filled(TransportIcon icon)
{
    switch (icon) {
    case TransportIcon::End:
        return triangle(3) + bar(11);
    case TransportIcon::KeyForward:
        return triangle(2, 5) + triangle(7, 5) + bar(12.5, 1.5);
    case TransportIcon::StepForward:
        return bar(3, 2) + triangle(6, 7);
    case TransportIcon::Play:
        return triangle(4, 9);
    case TransportIcon::Pause:
        return bar(4, 3) + bar(9, 3);
    case TransportIcon::Start:
        return mirrored(filled(TransportIcon::End));
    case TransportIcon::KeyBack:
        return mirrored(filled(TransportIcon::KeyForward));
    case TransportIcon::StepBack:
        return mirrored(filled(TransportIcon::StepForward));
    case TransportIcon::PlayBack:
        return mirrored(filled(TransportIcon::Play));
    default:
        return {};
    }
}

QPainterPath outlined(TransportIcon icon)
{
    QPainterPath path;
    switch (icon) {
    case TransportIcon::MarkIn:
        return bracket();
    case TransportIcon::MarkOut:
        return mirrored(bracket());
    case TransportIcon::ClearMarks:
        path.moveTo(4, 4);
        path.lineTo(12, 12);
        path.moveTo(12, 4);
        path.lineTo(4, 12);
        return path;
    case TransportIcon::Loop:
        path.moveTo(3, 7.5);
        path.arcTo(QRectF(3, 4, 7, 7), 180, -90);
        path.lineTo(12.5, 4);
        path.moveTo(10.5, 2);
        path.lineTo(12.5, 4);
        path.lineTo(10.5, 6);
        path.moveTo(13, 8.5);
        path.arcTo(QRectF(6, 5, 7, 7), 0, -90);
        path.lineTo(3.5, 12);
        path.moveTo(5.5, 10);
        path.lineTo(3.5, 12);
        path.lineTo(5.5, 14);
        return path;
    default:
        return {};
    }
}

class Engine final : public QIconEngine
{
public:
    Engine(TransportIcon icon, const QPalette &palette) : m_icon(icon), m_palette(palette) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const double side = std::min(rect.width(), rect.height());
        painter->translate(rect.center() + QPointF(0.5, 0.5) - QPointF(side, side) / 2);
        painter->scale(side / 16, side / 16);
        const QColor ink = m_palette.color(mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active,
                                           QPalette::ButtonText);
        painter->fillPath(filled(m_icon), ink);
        painter->strokePath(outlined(m_icon), QPen(ink, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->restore();
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }
    QIconEngine *clone() const override { return new Engine(*this); }

private:
    TransportIcon m_icon;
    QPalette m_palette;
};

} // namespace

QIcon transportIcon(TransportIcon icon, const QPalette &palette)
{
    return QIcon(new Engine(icon, palette));
}

} // namespace fw
