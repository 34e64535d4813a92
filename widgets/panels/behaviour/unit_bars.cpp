// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/behaviour/unit_bars.h"

#include "paint/color_map.h"
#include "paint/overlay.h"
#include "panels/common/text.h"
#include "panels/common/theme.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kGap = 6.0;

} // namespace

UnitBars::UnitBars(FaceChoice &choice, QWidget *parent) : QWidget(parent), m_choice(choice)
{
    setAccessibleName(tr("Action units in this frame"));
    setFocusPolicy(Qt::StrongFocus);
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    auto *copyAction = new QAction(tr("Copy values"), this);
    copyAction->setShortcut(QKeySequence::Copy);
    copyAction->setShortcutContext(Qt::WidgetShortcut);
    connect(copyAction, &QAction::triggered, this, &UnitBars::copy);
    addAction(copyAction);
    setContextMenuPolicy(Qt::ActionsContextMenu);
    refresh();
}

void UnitBars::refresh()
{
    setAccessibleDescription(valuesText());
    update();
}

const ActionUnits *UnitBars::units() const
{
    const FaceObservation *face = m_choice.faceAt(m_choice.clip().playhead());
    return face && face->actionUnits ? &*face->actionUnits : nullptr;
}

QString UnitBars::valuesText() const
{
    const ClipModel &clip = m_choice.clip();
    const auto track = m_choice.shown();
    if (!track)
        return {};
    const QString place = faceText(*track) + u", "_s + placeText(clip.playhead(), clip.clock());
    const ActionUnits *now = units();
    if (!now)
        return place + u": "_s + tr("not measured in this frame");
    QStringList lines{place + u", "_s + scaleText(m_choice.scale())};
    for (int row = 0; row < kUnitRows; ++row)
        lines << unitTitle(row) + u'\t' + unitValueText(*now, row, m_choice.scale());
    return lines.join(u'\n');
}

void UnitBars::copy() const
{
    QGuiApplication::clipboard()->setText(valuesText());
}

double UnitBars::lineHeight() const
{
    return QFontMetricsF(textFont(font(), TextSize::Small)).height();
}

double UnitBars::headHeight() const
{
    return lineHeight() * 2 + 6;
}

double UnitBars::labelWidth() const
{
    const QFontMetricsF metrics(textFont(font(), TextSize::Small));
    double wanted = 0.0;
    for (int row = 0; row < kUnitRows; ++row)
        wanted = std::max(wanted, metrics.horizontalAdvance(unitTitle(row)));
    return std::min(wanted, std::max(metrics.horizontalAdvance(u"AU00 "_s), width() * 0.42));
}

double UnitBars::valueWidth() const
{
    return QFontMetricsF(textFont(font(), TextSize::Small)).horizontalAdvance(u"0.0 ± 0.0"_s);
}

QSize UnitBars::minimumSizeHint() const
{
    return {180, int(std::ceil(headHeight() + kUnitRows * (lineHeight() + 1))) + 4};
}

QSize UnitBars::sizeHint() const
{
    return {340, int(std::ceil(headHeight() + kUnitRows * (lineHeight() + 5))) + 4};
}

QRectF UnitBars::rowRect(int row) const
{
    const double height = std::min((this->height() - headHeight() - 4) / kUnitRows, lineHeight() * 1.8);
    return {0.0, headHeight() + row * height, double(width()), height};
}

QRectF UnitBars::presenceRect(int row) const
{
    const QRectF whole = rowRect(row);
    const double side = std::min(lineHeight() * 0.6, whole.height() - 3);
    return {kGap + labelWidth() + kGap, whole.center().y() - side / 2, side, side};
}

QRectF UnitBars::trackRect(int row) const
{
    const QRectF whole = rowRect(row);
    const double left = presenceRect(row).right() + kGap, right = width() - kGap * 2 - valueWidth();
    const double height = std::max(4.0, whole.height() * 0.55);
    return {left, whole.center().y() - height / 2, std::max(10.0, right - left), height};
}

int UnitBars::rowAt(double y) const
{
    for (int row = 0; row < kUnitRows; ++row) {
        const QRectF rect = rowRect(row);
        if (y >= rect.top() && y < rect.bottom())
            return row;
    }
    return -1;
}

void UnitBars::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QFont small = textFont(font(), TextSize::Small);
    painter.setFont(small);
    const QFontMetricsF metrics(small);
    const ActionUnits *now = units();
    const ClipModel &clip = m_choice.clip();

    painter.setPen(quietText(palette()));
    const QRectF head(kGap, 3, width() - 2 * kGap, lineHeight());
    const QString place = now ? placeText(clip.playhead(), clip.clock())
                              : tr("Not measured in this frame: the face is away, turned or too small");
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(place, Qt::ElideRight, head.width()));
    const QRectF track = trackRect(0), last = trackRect(kUnitRows - 1);
    QColor grid = palette().color(QPalette::Mid);
    grid.setAlphaF(0.6f);
    for (int i = 0; i <= int(kMostIntensity); ++i) {
        const double x = track.left() + track.width() * i / kMostIntensity;
        painter.setPen(grid);
        painter.drawLine(QPointF(x, headHeight() - 2), QPointF(x, last.bottom() + 2));
        painter.setPen(quietText(palette()));
        painter.drawText(QRectF(x - 20, head.bottom(), 40, lineHeight()), Qt::AlignCenter, QString::number(i));
    }
    for (int row = 0; row < kUnitRows; ++row)
        paintRow(painter, row, now);
}

void UnitBars::paintRow(QPainter &painter, int row, const ActionUnits *units) const
{
    const QRectF whole = rowRect(row);
    const bool current = row == m_current && hasFocus();
    if (current)
        painter.fillRect(QRectF(0, whole.top(), kGap * 2 + labelWidth() - kGap / 2, whole.height()),
                         palette().color(QPalette::Highlight));
    const QFontMetricsF metrics(painter.font());
    painter.setPen(palette().color(current ? QPalette::HighlightedText : QPalette::Text));
    const QRectF label(kGap, whole.top(), labelWidth(), whole.height());
    painter.drawText(label, Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(unitTitle(row), Qt::ElideRight, label.width() + 1));
    painter.setPen(palette().color(QPalette::Text));
    const QRectF value(width() - kGap - valueWidth(), whole.top(), valueWidth(), whole.height());
    const auto index = intensityIndex(row);
    if (!units || !index)
        painter.drawText(value, Qt::AlignRight | Qt::AlignVCenter, units ? tr("yes or no") : u"–"_s);
    if (!units)
        return;
    paintPresence(painter, presenceRect(row), units->present[std::size_t(row)]);
    if (!index)
        return;
    const double strength = double(intensities(*units, m_choice.scale())[*index]);
    const double sigma = double(units->sigma[*index]);
    paintBar(painter, trackRect(row), strength, sigma);
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(value, Qt::AlignRight | Qt::AlignVCenter,
                     std::isfinite(strength) ? u"%1 ± %2"_s.arg(strength, 0, 'f', 1).arg(sigma, 0, 'f', 1) : u"–"_s);
}

void UnitBars::paintPresence(QPainter &painter, const QRectF &rect, bool present) const
{
    painter.setPen(QPen(palette().color(present ? QPalette::Text : QPalette::Mid), 1));
    painter.setBrush(present ? QBrush(palette().color(QPalette::Text)) : QBrush(Qt::NoBrush));
    painter.drawEllipse(rect.adjusted(0.5, 0.5, -0.5, -0.5));
}

void UnitBars::paintBar(QPainter &painter, const QRectF &track, double value, double sigma) const
{
    const auto x = [&](double v) {
        return track.left() + track.width() * std::clamp(v, 0.0, kMostIntensity) / kMostIntensity;
    };
    if (!std::isfinite(value))
        return;
    const FaceObservation *face = m_choice.faceAt(m_choice.clip().playhead());
    const QColor color = seriesColor(number(face->track));
    painter.fillRect(QRectF(track.left(), track.top(), std::max(1.0, x(value) - track.left()), track.height()),
                     fadedColor(color, face->confidence));
    if (!(sigma > 0.0))
        return;
    const double middle = track.center().y(), cap = track.height() * 0.35;
    painter.setPen(QPen(palette().color(QPalette::Text), 1.2));
    painter.drawLine(QPointF(x(value - sigma), middle), QPointF(x(value + sigma), middle));
    for (const double end : {x(value - sigma), x(value + sigma)})
        painter.drawLine(QPointF(end, middle - cap), QPointF(end, middle + cap));
}

void UnitBars::keyPressEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Up && event->key() != Qt::Key_Down)
        return QWidget::keyPressEvent(event); // the rest belongs to the window
    m_current = std::clamp(m_current + (event->key() == Qt::Key_Up ? -1 : 1), 0, kUnitRows - 1);
    update();
}

void UnitBars::mousePressEvent(QMouseEvent *event)
{
    if (const int row = rowAt(event->position().y()); row >= 0)
        m_current = row;
    update();
}

void UnitBars::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    update();
}

void UnitBars::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    update();
}

bool UnitBars::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int row = rowAt(help->pos().y());
    const ActionUnits *now = units();
    QString text = row < 0 ? QString() : unitTitle(row);
    if (row >= 0 && now)
        text += u'\n' + unitValueText(*now, row, m_choice.scale()) + u"\n"_s + scaleText(m_choice.scale())
            + tr("; 0 is absent, 5 the strongest a face can do; the whisker is one standard deviation");
    QToolTip::showText(help->globalPos(), text, this);
    return true;
}

} // namespace fw
