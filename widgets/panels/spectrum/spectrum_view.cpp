// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/spectrum/spectrum_view.h"

#include "paint/color_map.h"
#include "panels/common/theme.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace fw {
namespace {

constexpr double kMargin = 4.0;

QString periodText(double frequency)
{
    const double size = std::abs(frequency);
    return size < 1e-9 ? SpectrumView::tr("none") : SpectrumView::tr("%1 px").arg(1.0 / size, 0, 'f', 2);
}

} // namespace

SpectrumView::SpectrumView(QWidget *parent)
    : QWidget(parent)
{
    setMouseTracking(true);
    setMinimumSize(120, 80);
    setAccessibleName(tr("Spectrum"));
}

void SpectrumView::setMap(const HeatMap &map)
{
    m_map = map;
    m_image = colorize(map.values, map.low, map.high, map.colorMap);
    setAccessibleDescription(map.title);
    update();
}

void SpectrumView::clear()
{
    m_image = {};
    update();
}

void SpectrumView::setMarks(bool shown)
{
    m_marks = shown;
    update();
}

QRectF SpectrumView::pictureRect() const
{
    const double side = std::max(1.0, std::min(width(), height()) - 2.0 * kMargin);
    return {0.5 * (width() - side), 0.5 * (height() - side), side, side};
}

QPointF SpectrumView::frequencyAt(const QPoint &position) const
{
    // The value in the middle of the grid, at size / 2, is that of frequency 0.
    const QRectF rect = pictureRect();
    const double n = std::max(1, m_map.values.cols);
    const auto along = [n](double share) { return (std::floor(share * n) - std::floor(n / 2)) / n; };
    return {along((position.x() + 0.5 - rect.left()) / rect.width()), along((position.y() + 0.5 - rect.top()) / rect.height())};
}

QString SpectrumView::textAt(const QPoint &position) const
{
    if (isEmpty() || !pictureRect().contains(position))
        return {};
    const QPointF f = frequencyAt(position);
    const int n = m_map.values.cols, x = std::clamp(int(std::lround(f.x() * n)) + n / 2, 0, n - 1),
              y = std::clamp(int(std::lround(f.y() * n)) + n / 2, 0, m_map.values.rows - 1);
    const double length = std::hypot(f.x(), f.y());
    return tr("Period %1 (along x %2, along y %3), frequency %4 cycles/px, value %5")
        .arg(periodText(length), periodText(f.x()), periodText(f.y()))
        .arg(length, 0, 'f', 3)
        .arg(double(m_map.values.at<float>(y, x)), 0, 'f', 2);
}

void SpectrumView::paintEvent(QPaintEvent *)
{
    if (isEmpty())
        return;
    QPainter painter(this);
    const QRectF rect = pictureRect();
    painter.drawImage(rect, m_image);
    if (m_marks) { // halves and quarters, off the axes
        painter.setPen(QPen(QColor(255, 255, 255, 170), 1.0));
        const double n = std::max(1, m_map.values.cols);
        const auto at = [&](double f) { return (f + 0.5 + 0.5 / n) * rect.width(); };
        for (const double v : {-0.5, -0.25, 0.25}) {
            for (const double u : {-0.5, -0.25, 0.25}) {
                const QPointF place = rect.topLeft() + QPointF(at(u), at(v));
                painter.drawEllipse(place, 6.0, 6.0);
            }
        }
    }
    if (rect.contains(m_mouse)) {
        painter.setPen(QPen(QColor(255, 255, 255, 220), 1.0));
        painter.drawLine(QPointF(m_mouse.x() + 0.5, rect.top()), QPointF(m_mouse.x() + 0.5, rect.bottom()));
        painter.drawLine(QPointF(rect.left(), m_mouse.y() + 0.5), QPointF(rect.right(), m_mouse.y() + 0.5));
    }
}

void SpectrumView::mouseMoveEvent(QMouseEvent *event)
{
    m_mouse = event->pos();
    const QString text = textAt(m_mouse);
    const QPointF f = frequencyAt(m_mouse);
    Q_EMIT readingChanged(text);
    Q_EMIT frequencyChanged(text.isEmpty() ? -1.0 : std::hypot(f.x(), f.y()));
    update();
}

void SpectrumView::leaveEvent(QEvent *)
{
    m_mouse = {-1, -1};
    Q_EMIT readingChanged({});
    Q_EMIT frequencyChanged(-1.0);
    update();
}

RadialView::RadialView(QWidget *parent)
    : QWidget(parent)
{
    setMinimumSize(140, 80);
    setAccessibleName(tr("Power by frequency"));
}

void RadialView::setTable(const Table *table)
{
    m_frequency.clear();
    m_power.clear();
    m_line.clear();
    for (std::size_t i = 0; table && i < table->rows.size(); ++i) {
        const QJsonArray &row = table->rows[i];
        m_frequency.push_back(row.at(0).toDouble());
        m_power.push_back(row.at(1).toDouble());
        m_line.push_back(row.at(2).toDouble());
    }
    update();
}

void RadialView::setFrequency(double frequency)
{
    m_marked = frequency;
    update();
}

void RadialView::paintEvent(QPaintEvent *)
{
    if (m_frequency.size() < 2)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int text = fontMetrics().height();
    const QRectF rect(text * 2.5, text * 0.7, width() - text * 3.2, height() - text * 2.6);
    // The slow part at the left is of the scene; the scale is that of what is read.
    double low = 1e300, high = -1e300;
    for (std::size_t i = 0; i < m_frequency.size(); ++i) {
        if (m_frequency[i] < 0.04)
            continue;
        low = std::min({low, m_power[i]});
        high = std::max({high, m_power[i]});
    }
    const double pad = std::max(0.5, 0.08 * (high - low));
    low -= pad;
    high += pad;
    const double last = m_frequency.back();
    const auto at = [&](double f, double p) {
        return QPointF(rect.left() + rect.width() * f / last, rect.bottom() - rect.height() * std::clamp((p - low) / (high - low), -0.02, 1.02));
    };
    painter.setPen(quietText(palette()));
    painter.drawRect(rect);
    for (const double f : {0.125, 0.25, 0.375, 0.5, 0.625}) {
        const double x = at(f, low).x();
        painter.drawLine(QPointF(x, rect.bottom()), QPointF(x, rect.bottom() + 3.0));
        painter.drawText(QRectF(x - 40, rect.bottom() + 3, 80, text), Qt::AlignHCenter, locale().toString(f, 'f', 3));
    }
    painter.drawText(QRectF(rect.left(), rect.bottom() + 2 + text * 0.85, rect.width(), text), Qt::AlignRight, tr("cycles per px"));
    for (const double p : {std::ceil(low), std::floor(high)})
        painter.drawText(QRectF(0, at(0.0, p).y() - text / 2.0, rect.left() - 4, text), Qt::AlignRight | Qt::AlignVCenter,
                         locale().toString(p, 'f', 0));
    painter.setClipRect(rect);
    const auto curve = [&](const std::vector<double> &values, const QPen &pen) {
        QPolygonF points;
        for (std::size_t i = 0; i < values.size(); ++i)
            points << at(m_frequency[i], values[i]);
        painter.setPen(pen);
        painter.drawPolyline(points);
    };
    curve(m_line, QPen(quietText(palette()), 1.2, Qt::DashLine));
    curve(m_power, QPen(seriesColor(0), 1.8));
    if (m_marked >= 0.0) {
        painter.setPen(QPen(palette().color(QPalette::Text), 1.0));
        const double x = at(m_marked, low).x();
        painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()));
    }
}

} // namespace fw
