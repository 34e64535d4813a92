// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_card.h"

#include "charts/chart_export.h"
#include "charts/flow_layout.h"
#include "charts/trace_chart.h"
#include "paint/chart_layout.h"

#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

QIcon lineIcon(const QPen &pen, bool on, const QColor &off)
{
    QPixmap pixmap(48, 24);
    pixmap.setDevicePixelRatio(2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(on ? pen.color() : off, on ? 2.5 : 1.0, pen.style(), Qt::FlatCap));
    painter.drawLine(QPointF(1, 6), QPointF(23, 6));
    return QIcon(pixmap);
}

} // namespace

ChartCard::ChartCard(ClipModel &model, QWidget *parent)
    : QWidget(parent), m_model(model), m_chart(new TraceChart)
{
    m_title = new QLabel;
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_menu = new QToolButton;
    m_menu->setText(u"⋮"_s);
    m_menu->setAutoRaise(true);
    m_menu->setPopupMode(QToolButton::InstantPopup);
    m_menu->setStyleSheet(u"QToolButton::menu-indicator { image: none; }"_s);
    auto *menu = new QMenu(m_menu);
    menu->addAction(tr("Reset zoom"), this, [this] {
        m_chart->resetValueRange();
        Q_EMIT m_chart->timeResetRequested();
    });
    menu->addSeparator();
    menu->addAction(tr("Save picture (PNG)…"), this, [this] { askWhereToSave(u".png"_s, tr("Picture (*.png)")); });
    menu->addAction(tr("Save drawing (SVG)…"), this, [this] { askWhereToSave(u".svg"_s, tr("Drawing (*.svg)")); });
    menu->addAction(tr("Save values (CSV)…"), this, [this] { askWhereToSave(u".csv"_s, tr("Values (*.csv)")); });
    menu->addSeparator();
    menu->addAction(tr("Hide this chart"), this, [this] { Q_EMIT hideRequested(m_group.key); });
    m_menu->setMenu(menu);
    m_problem = new QLabel;
    m_problem->setWordWrap(true);
    m_problem->hide();

    m_header = new FlowLayout;
    m_header->setContentsMargins(0, 0, 0, 0);
    m_header->setSpacing(8);
    m_header->addWidget(m_title);
    auto *top = new QHBoxLayout;
    top->setContentsMargins(8, 4, 4, 0);
    top->addLayout(m_header, 1);
    top->addWidget(m_menu, 0, Qt::AlignTop);
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addLayout(top);
    rows->addWidget(m_problem);
    rows->addWidget(m_chart, 1);
}

void ChartCard::setGroup(const ChartGroup &group)
{
    // Curves that were switched off stay off when the same method gives new results.
    QSet<QString> off;
    for (std::size_t i = 0; i < m_legend.size(); ++i) {
        if (!m_legend[i]->isChecked())
            off.insert(m_legend[i]->property("trace").toString());
    }
    m_group = group;
    m_title->setText(group.title);
    m_title->setToolTip(tr("%1, measured by %2").arg(group.title, group.method));
    m_menu->setAccessibleName(tr("Menu of %1").arg(group.title));
    m_menu->setToolTip(tr("Reset, save or hide this chart"));
    m_chart->setGroup(group, m_model.clock());
    m_chart->setPlayhead(m_model.playhead());
    buildLegend();
    for (QToolButton *button : m_legend) {
        if (off.contains(button->property("trace").toString()))
            button->setChecked(false);
    }
}

bool ChartCard::follow(const ChartGroup &group)
{
    const bool same = group.made.isValid() && group.made == m_group.made && group.key == m_group.key
        && group.method == m_group.method && group.traces.size() == m_group.traces.size()
        && group.events.size() == m_group.events.size();
    if (same) {
        m_group = group;
        m_chart->follow(group);
    }
    return same;
}

void ChartCard::buildLegend()
{
    for (QToolButton *button : m_legend) {
        m_header->removeWidget(button);
        button->hide();
        button->deleteLater();
    }
    m_legend.clear();
    for (std::size_t i = 0; i < m_group.traces.size(); ++i) {
        const Trace &trace = *m_group.traces[i];
        auto *button = new QToolButton;
        button->setCheckable(true);
        button->setChecked(true);
        button->setAutoRaise(true);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setIconSize({24, 12});
        button->setText(QString(trace.title).replace(u'&', u"&&"_s));
        button->setProperty("trace", trace.id);
        button->setAccessibleName(tr("Show curve %1").arg(trace.title));
        QStringList about{trace.about.isEmpty() ? trace.title : trace.about};
        const QString unit = chartUnits({&trace});
        if (!unit.isEmpty())
            about << tr("Unit: %1").arg(unit);
        about << traceSummary(trace);
        button->setToolTip(about.join(u'\n'));
        connect(button, &QToolButton::toggled, this, [this, i](bool on) {
            m_chart->setTraceVisible(i, on);
            refreshLegendIcons();
        });
        // One curve that bears the chart's name needs no legend; its explanation moves to the title.
        const bool plain = m_group.traces.size() == 1 && trace.title == m_group.title;
        if (plain)
            m_title->setToolTip(button->toolTip() + u'\n' + tr("Measured by %1").arg(m_group.method));
        m_header->addWidget(button);
        button->setVisible(!plain);
        m_legend.push_back(button);
    }
    refreshLegendIcons();
}

void ChartCard::refreshLegendIcons()
{
    for (std::size_t i = 0; i < m_legend.size(); ++i) {
        m_legend[i]->setIcon(lineIcon(m_chart->tracePen(i), m_legend[i]->isChecked(),
                                      palette().color(QPalette::Disabled, QPalette::Text)));
    }
}

Result<void> ChartCard::saveTo(const QString &path) const
{
    ChartExport chart{m_group, m_model.clock().seconds, &m_model.ledger(), m_model.playhead()};
    chart.group.traces.clear();
    for (std::size_t i = 0; i < m_group.traces.size(); ++i) {
        if (m_chart->isTraceVisible(i))
            chart.group.traces.push_back(m_group.traces[i]);
    }
    return exportChart(chart, path);
}

void ChartCard::askWhereToSave(const QString &ending, const QString &filter)
{
    auto *dialog = new QFileDialog(this, tr("Save chart"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(filter);
    dialog->setDefaultSuffix(ending.mid(1));
    QString name = m_group.title;
    static const QString kForbidden = u"/\\:*?\"<>|"_s;
    for (QChar &c : name)
        c = kForbidden.contains(c) ? u'-' : c;
    dialog->selectFile(name + ending);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        const Result<void> saved = saveTo(path);
        m_problem->setVisible(!saved);
        if (!saved)
            m_problem->setText(tr("The chart was not saved. %1").arg(saved.error().text()));
    });
    dialog->open(); // returns at once
}

void ChartCard::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        refreshLegendIcons();
    QWidget::changeEvent(event);
}

} // namespace fw
