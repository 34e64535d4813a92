// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/people/correlation_matrix.h"

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

constexpr double kMostZ = 3.0; ///< ends of the colour scale

QString shortName(std::size_t feature)
{
    switch (feature) {
    case 16: return CorrelationMatrix::tr("nod");
    case 17: return CorrelationMatrix::tr("tilt");
    case 18: return CorrelationMatrix::tr("lips v");
    case 19: return CorrelationMatrix::tr("lips h");
    default: return behaviourFeatureName(feature);
    }
}

} // namespace

QColor divergingColor(double value, bool dark)
{
    const QColor low(60, 140, 230), high(240, 140, 30), ground = dark ? QColor(43, 45, 48) : QColor(245, 245, 245);
    const double t = std::clamp(std::abs(value), 0.0, 1.0);
    const QColor end = value < 0.0 ? low : high;
    const auto mix = [t](int a, int b) { return int(std::lround(a + t * (b - a))); };
    return {mix(ground.red(), end.red()), mix(ground.green(), end.green()), mix(ground.blue(), end.blue())};
}

CorrelationMatrix::CorrelationMatrix(QWidget *parent) : QWidget(parent)
{
    setMinimumSize(220, 220);
    setMouseTracking(true);
    setAccessibleName(tr("Correlations of movements"));
    setAccessibleDescription(tr("Above the diagonal the enrolled person, below it the clip. The table of pairs holds the same numbers."));
}

void CorrelationMatrix::show(std::shared_ptr<const PersonComparison> comparison)
{
    m_comparison = std::move(comparison);
    m_pairs.fill(std::nullopt);
    m_chosen.reset();
    if (m_comparison) {
        for (const PairDeviation &d : m_comparison->test.pairs)
            m_pairs[d.pair] = d;
    }
    update();
}

void CorrelationMatrix::setShowsZ(bool z)
{
    m_z = z;
    update();
}

void CorrelationMatrix::choose(std::optional<std::size_t> pair)
{
    m_chosen = pair;
    update();
}

void CorrelationMatrix::layoutCells()
{
    const QFontMetrics metrics(textFont(font(), TextSize::Small));
    const int label = metrics.horizontalAdvance(u"lips h"_s) + 8, scale = metrics.height() + 26;
    const int room = std::min(width() - label - 4, height() - label - scale);
    m_side = std::max(6, room / int(kBehaviourFeatures));
    m_origin = {label, label};
}

QRect CorrelationMatrix::cellRect(std::size_t row, std::size_t column) const
{
    return {m_origin.x() + int(column) * m_side, m_origin.y() + int(row) * m_side, m_side, m_side};
}

std::optional<CorrelationMatrix::Cell> CorrelationMatrix::cellAt(const QPoint &at) const
{
    const QPoint in = at - m_origin;
    if (in.x() < 0 || in.y() < 0 || m_side <= 0)
        return std::nullopt;
    const Cell cell{std::size_t(in.y() / m_side), std::size_t(in.x() / m_side)};
    if (cell.row >= kBehaviourFeatures || cell.column >= kBehaviourFeatures || cell.row == cell.column)
        return std::nullopt;
    return cell;
}

std::optional<double> CorrelationMatrix::valueOf(std::size_t row, std::size_t column) const
{
    const auto &pair = m_pairs[behaviourPairOf(row, column)];
    if (!pair)
        return std::nullopt;
    if (m_z)
        return pair->z / kMostZ;
    return column > row ? pair->reference : pair->clip;
}

QString CorrelationMatrix::hoverText(const QPoint &at) const
{
    const auto cell = cellAt(at);
    if (!cell || !m_comparison)
        return {};
    const std::size_t pair = behaviourPairOf(cell->row, cell->column);
    QString words = behaviourPairWords(pair);
    words[0] = words[0].toUpper();
    const auto &d = m_pairs[pair];
    if (!d)
        return tr("%1 (%2)\nNot measured, or constant most of the time").arg(words, behaviourPairName(pair));
    const auto number = [](double v) { return QString::number(v, 'f', 2); };
    return tr("%1 (%2)\n%3: r = %4 ± %5\nthis clip: r = %6, z = %7")
        .arg(words, behaviourPairName(pair), m_comparison->profile->name, number(d->reference), number(d->spread), number(d->clip), number(d->z));
}

void CorrelationMatrix::paintScale(QPainter &painter, const QRect &rect) const
{
    const bool dark = isDark(palette());
    for (int x = 0; x < rect.width(); ++x)
        painter.fillRect(rect.left() + x, rect.top(), 1, 8, divergingColor(2.0 * x / rect.width() - 1.0, dark));
    const QRect below = rect.adjusted(0, 10, 0, 0);
    const QString end = m_z ? QString::number(kMostZ, 'f', 0) : u"1"_s;
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(below, Qt::AlignLeft | Qt::AlignTop, u"−"_s + end);
    painter.drawText(below, Qt::AlignHCenter | Qt::AlignTop, m_z ? tr("difference (z)") : tr("correlation r"));
    painter.drawText(below, Qt::AlignRight | Qt::AlignTop, end);
}

void CorrelationMatrix::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const bool dark = isDark(palette());
    painter.setFont(textFont(font(), TextSize::Small));
    const QFontMetrics metrics(painter.font());
    const bool everyLabel = m_side >= metrics.height() - 2;
    painter.setPen(palette().color(QPalette::WindowText));
    for (std::size_t f = 0; f < kBehaviourFeatures; ++f) {
        if (!everyLabel && f % 2 == 1)
            continue;
        const QRect row = cellRect(f, 0);
        painter.drawText(QRect(0, row.top() - 4, m_origin.x() - 4, m_side + 8), Qt::AlignRight | Qt::AlignVCenter, shortName(f));
        painter.save();
        painter.translate(cellRect(0, f).left() + m_side / 2, m_origin.y() - 4);
        painter.rotate(-90);
        painter.drawText(QRect(0, -m_side / 2 - 4, m_origin.y(), m_side + 8), Qt::AlignLeft | Qt::AlignVCenter, shortName(f));
        painter.restore();
    }
    const QColor ground = palette().color(QPalette::Mid);
    for (std::size_t r = 0; r < kBehaviourFeatures; ++r) {
        for (std::size_t c = 0; c < kBehaviourFeatures; ++c) {
            const QRect cell = cellRect(r, c).adjusted(0, 0, -1, -1);
            if (r == c) {
                painter.fillRect(cell, ground);
                continue;
            }
            const auto value = valueOf(r, c);
            if (value)
                painter.fillRect(cell, divergingColor(*value, dark));
            else
                painter.fillRect(cell, QBrush(quietText(palette()), Qt::BDiagPattern));
        }
    }
    if (m_chosen) {
        const auto [a, b] = behaviourPairs()[*m_chosen];
        painter.setPen(QPen(palette().color(QPalette::WindowText), 2));
        for (const QRect &cell : {cellRect(a, b), cellRect(b, a)})
            painter.drawRect(cell.adjusted(0, 0, -1, -1));
    }
    const int side = m_side * int(kBehaviourFeatures);
    paintScale(painter, {m_origin.x(), m_origin.y() + side + 6, side, metrics.height() + 14});
}

void CorrelationMatrix::resizeEvent(QResizeEvent *)
{
    layoutCells();
}

void CorrelationMatrix::mousePressEvent(QMouseEvent *event)
{
    if (const auto cell = cellAt(event->pos()); cell && event->button() == Qt::LeftButton)
        Q_EMIT pairClicked(behaviourPairOf(cell->row, cell->column));
}

bool CorrelationMatrix::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    QToolTip::showText(help->globalPos(), hoverText(help->pos()), this);
    return true;
}

} // namespace fw
