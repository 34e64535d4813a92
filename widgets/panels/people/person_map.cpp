// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/people/person_map.h"

#include "paint/color_map.h"
#include "panels/common/theme.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kReach = 8.0; ///< px
using Kind = PersonMapPoint::Kind;

} // namespace

PersonMap::PersonMap(QWidget *parent) : QWidget(parent)
{
    setMinimumSize(200, 180);
    setAccessibleName(tr("Map of windows, an illustration"));
}

void PersonMap::show(std::shared_ptr<const PersonComparison> comparison)
{
    m_comparison = std::move(comparison);
    m_lowX = m_lowY = 1e300;
    m_highX = m_highY = -1e300;
    if (m_comparison) {
        for (const PersonMapPoint &p : m_comparison->map) {
            m_lowX = std::min(m_lowX, p.x), m_highX = std::max(m_highX, p.x);
            m_lowY = std::min(m_lowY, p.y), m_highY = std::max(m_highY, p.y);
        }
    }
    update();
}

QRect PersonMap::plot() const
{
    const QFontMetrics small(textFont(font(), TextSize::Small));
    return rect().adjusted(10, small.height() + 12, -10, -2 * small.height() - 10);
}

QPointF PersonMap::placeOf(int point) const
{
    const PersonMapPoint &p = m_comparison->map[std::size_t(point)];
    const QRect area = plot();
    const double x = (p.x - m_lowX) / std::max(m_highX - m_lowX, 1e-9), y = (p.y - m_lowY) / std::max(m_highY - m_lowY, 1e-9);
    return {area.left() + x * area.width(), area.bottom() - y * area.height()};
}

int PersonMap::pointAt(const QPoint &at) const
{
    int best = -1;
    double nearest = kReach;
    for (int i = 0; m_comparison && i < int(m_comparison->map.size()); ++i) {
        const QPointF d = placeOf(i) - at;
        // Points of the clip lie on top.
        const double away = std::hypot(d.x(), d.y()) - (m_comparison->map[std::size_t(i)].kind == Kind::Questioned ? 2.0 : 0.0);
        if (away < nearest) {
            nearest = away;
            best = i;
        }
    }
    return best;
}

QColor PersonMap::colorOf(const PersonMapPoint &point) const
{
    switch (point.kind) {
    case Kind::Cohort: return quietText(palette());
    case Kind::Questioned: return palette().color(QPalette::WindowText);
    case Kind::Person: break;
    }
    return seriesColor(point.clip);
}

void PersonMap::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QFont small = textFont(font(), TextSize::Small);
    painter.setFont(small);
    const QFontMetrics metrics(small);
    const QColor ink = palette().color(QPalette::WindowText), quiet = quietText(palette());
    painter.setPen(QPen(palette().color(QPalette::Mid), 1));
    painter.drawRect(plot().adjusted(-6, -6, 6, 6));
    if (!m_comparison || m_comparison->map.empty()) {
        painter.setPen(quiet);
        painter.drawText(plot(), Qt::AlignCenter | Qt::TextWordWrap, tr("Too few windows for a map"));
        return;
    }
    for (const Kind kind : {Kind::Cohort, Kind::Person, Kind::Questioned}) {
        for (int i = 0; i < int(m_comparison->map.size()); ++i) {
            const PersonMapPoint &p = m_comparison->map[std::size_t(i)];
            if (p.kind != kind)
                continue;
            const QPointF at = placeOf(i);
            QColor color = colorOf(p);
            if (kind == Kind::Questioned) {
                painter.setPen(QPen(color, 1.6));
                painter.drawLine(at + QPointF(-4, -4), at + QPointF(4, 4));
                painter.drawLine(at + QPointF(-4, 4), at + QPointF(4, -4));
                continue;
            }
            color.setAlpha(kind == Kind::Cohort ? 110 : 200);
            painter.setPen(Qt::NoPen);
            painter.setBrush(color);
            const double r = kind == Kind::Cohort ? 2.2 : 3.0;
            kind == Kind::Cohort ? painter.drawRect(QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r)) : painter.drawEllipse(at, r, r);
        }
    }
    painter.setPen(ink);
    painter.drawText(QRect(10, 2, width() - 20, metrics.height()), Qt::AlignLeft | Qt::AlignVCenter,
                     m_comparison->neighbours ? tr("Windows of 10 s (t-SNE)") : tr("Windows of 10 s (two principal axes)"));
    painter.setPen(quiet);
    const int bottom = height() - 2 * metrics.height() - 2;
    painter.drawText(QRect(10, bottom, width() - 20, metrics.height()), Qt::AlignLeft | Qt::AlignVCenter,
                     tr("×  this clip    ▪  other people    ●  %1, a colour a recording").arg(m_comparison->profile->name));
    painter.drawText(QRect(10, bottom + metrics.height(), width() - 20, metrics.height()), Qt::AlignLeft | Qt::AlignVCenter,
                     tr("Illustration only: distances are not evidence."));
}

void PersonMap::mousePressEvent(QMouseEvent *event)
{
    const int point = pointAt(event->pos());
    if (point >= 0 && m_comparison->map[std::size_t(point)].kind == Kind::Questioned)
        Q_EMIT momentClicked(m_comparison->map[std::size_t(point)].beginSeconds);
}

bool PersonMap::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int point = pointAt(help->pos());
    if (point < 0) {
        QToolTip::hideText();
        return true;
    }
    const PersonMapPoint &p = m_comparison->map[std::size_t(point)];
    QToolTip::showText(help->globalPos(), p.kind == Kind::Questioned ? tr("%1\nClick to see it").arg(p.label) : p.label, this);
    return true;
}

} // namespace fw
