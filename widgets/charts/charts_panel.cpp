// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/charts_panel.h"

#include "charts/chart_card.h"
#include "charts/trace_chart.h"
#include "charts/trace_chooser.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

namespace {
constexpr double kButtonZoomStep = 1.5;
constexpr double kLeastSeconds = 0.02; // about one frame
} // namespace

ChartsPanel::ChartsPanel(ClipModel &model, QWidget *parent) : QWidget(parent), m_model(model)
{
    setAccessibleName(tr("Charts"));
    const auto button = [this](const QString &text, const QString &name, const QString &tip) {
        auto *b = new QToolButton;
        b->setText(text);
        b->setAccessibleName(name);
        b->setToolTip(tip);
        b->setAutoRaise(true);
        return b;
    };
    m_choose = button(tr("Curves…"), tr("Choose curves"), tr("Choose which curves are shown"));
    m_choose->setCheckable(true);
    m_out = button(u"−"_s, tr("Zoom out in time"), tr("Show more time (− in a chart, Shift+wheel)"));
    m_in = button(u"+"_s, tr("Zoom in in time"), tr("Show less time, about the playhead (+ in a chart, Shift+wheel)"));
    m_reset = button(tr("Whole clip"), tr("Show the whole clip"), tr("Show the whole clip (0 in a chart)"));
    m_rangeText = new QLabel;
    m_rangeText->setToolTip(tr("Time that the charts show, from the first frame"));
    m_rangeText->setAccessibleName(tr("Time shown"));
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(8, 2, 8, 2);
    bar->setSpacing(4);
    bar->addWidget(m_choose);
    bar->addStretch(1);
    bar->addWidget(m_rangeText);
    bar->addWidget(m_out);
    bar->addWidget(m_in);
    bar->addWidget(m_reset);

    m_chooser = new TraceChooser;
    m_chooser->hide();
    m_stack = new QWidget;
    m_stack->setBackgroundRole(QPalette::Base);
    m_stack->setAutoFillBackground(true);
    m_stackLayout = new QVBoxLayout(m_stack);
    m_stackLayout->setContentsMargins(0, 0, 0, 0);
    m_stackLayout->setSpacing(4);
    m_scroll = new QScrollArea;
    m_scroll->setWidget(m_stack);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_message = new QLabel;
    m_message->setWordWrap(true);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setMargin(24);
    auto *right = new QWidget;
    auto *rightLayout = new QVBoxLayout(right);
    rightLayout->setContentsMargins(0, 0, 0, 0);
    rightLayout->addWidget(m_message, 1);
    rightLayout->addWidget(m_scroll, 1);
    auto *splitter = new QSplitter;
    splitter->addWidget(m_chooser);
    splitter->addWidget(right);
    splitter->setStretchFactor(1, 1);
    splitter->setChildrenCollapsible(false);
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addLayout(bar);
    rows->addWidget(splitter, 1);

    connect(m_choose, &QToolButton::toggled, this, [this](bool on) {
        if (on)
            m_chooser->setGroups(m_groups, shownKeys());
        m_chooser->setVisible(on);
    });
    connect(m_in, &QToolButton::clicked, this, &ChartsPanel::zoomIn);
    connect(m_out, &QToolButton::clicked, this, &ChartsPanel::zoomOut);
    connect(m_reset, &QToolButton::clicked, this, &ChartsPanel::resetTime);
    connect(m_chooser, &TraceChooser::chartToggled, this, &ChartsPanel::showChart);
    connect(&model, &ClipModel::clipChanged, this, [this] {
        m_wholeClip = true;
        m_default.clear();
        rebuild();
        followClock();
    });
    connect(&model, &ClipModel::resultsChanged, this, &ChartsPanel::rebuild);
    connect(&model, &ClipModel::manifestsChanged, this, &ChartsPanel::rebuild);
    connect(&model, &ClipModel::clockChanged, this, &ChartsPanel::followClock);
    connect(&model, &ClipModel::playheadChanged, this, &ChartsPanel::followPlayhead);
    connect(&model, &ClipModel::runningChanged, this, &ChartsPanel::refreshState);
    rebuild();
    followClock();
}

AxisRange ChartsPanel::wholeClip() const
{
    const ClipClock &clock = m_model.clock();
    return {0.0, clock.duration() > 0.0 ? clock.duration() : 1.0};
}

QSet<QString> ChartsPanel::shownKeys() const
{
    QSet<QString> shown;
    for (const ChartGroup &group : m_groups) {
        const auto said = m_chosen.find(group.key);
        if (said != m_chosen.end() ? said->second : m_default.contains(group.key))
            shown.insert(group.key);
    }
    return shown;
}

void ChartsPanel::rebuild()
{
    m_groups = chartGroups(m_model);
    m_default = defaultCharts(m_groups);
    refreshChoice();
}

void ChartsPanel::placeCards()
{
    const QSet<QString> shown = shownKeys();
    std::vector<ChartCard *> before = std::exchange(m_cards, {});
    std::vector<std::pair<ChartCard *, const ChartGroup *>> changed;
    for (const ChartGroup &group : m_groups) {
        if (!shown.contains(group.key))
            continue;
        const auto known = std::ranges::find_if(before, [&](ChartCard *c) { return c->key() == group.key; });
        ChartCard *card = known != before.end() ? *known : newCard();
        if (known != before.end())
            before.erase(known);
        if (!card->follow(group))
            changed.emplace_back(card, &group);
        m_cards.push_back(card);
    }
    // A card that gets its new traces lays out its neighbours, whose old ones are gone already.
    for (const auto &[card, group] : changed)
        card->chart()->forget();
    for (ChartCard *card : before) {
        m_stackLayout->removeWidget(card);
        card->hide();
        // It borrows traces that are gone: it must not be painted again.
        delete card;
    }
    for (const auto &[card, group] : changed) {
        card->setGroup(*group);
        card->chart()->setTimeRange(m_range);
    }
    for (int i = 0; i < int(m_cards.size()); ++i) {
        const QLayoutItem *there = m_stackLayout->itemAt(i);
        if (there && there->widget() == m_cards[std::size_t(i)])
            continue;
        m_stackLayout->removeWidget(m_cards[std::size_t(i)]);
        m_stackLayout->insertWidget(i, m_cards[std::size_t(i)], 1);
    }
    refreshState();
}

ChartCard *ChartsPanel::newCard()
{
    auto *card = new ChartCard(m_model);
    TraceChart *chart = card->chart();
    chart->installEventFilter(this);
    connect(chart, &TraceChart::seekRequested, this, &ChartsPanel::seek);
    connect(chart, &TraceChart::timeRangeRequested, this, &ChartsPanel::setTimeRange);
    connect(chart, &TraceChart::timeResetRequested, this, &ChartsPanel::resetTime);
    connect(card, &ChartCard::hideRequested, this, [this](const QString &key) { showChart(key, false); });
    return card;
}

void ChartsPanel::showChart(const QString &key, bool shown)
{
    m_chosen[key] = shown;
    // Later: the list's item and the card's menu that ask for this are still in use.
    QMetaObject::invokeMethod(this, &ChartsPanel::refreshChoice, Qt::QueuedConnection);
}

void ChartsPanel::refreshChoice()
{
    if (m_choose->isChecked())
        m_chooser->setGroups(m_groups, shownKeys());
    placeCards();
}

void ChartsPanel::setChooserVisible(bool visible)
{
    m_choose->setChecked(visible);
}

QString ChartsPanel::message() const
{
    if (!m_cards.empty())
        return {};
    if (!m_model.provider() && m_groups.empty())
        return tr("Curves of an open clip appear here: whatever a method measures over time.");
    if (!m_groups.empty())
        return tr("No chart is chosen. “Curves…” lists the %1 that can be shown.").arg(m_groups.size());
    if (m_model.isRunning())
        return tr("Curves appear as soon as the first method has finished.");
    if (!m_model.results().empty())
        return tr("The methods that ran measured nothing over time.");
    return tr("Nothing has been measured yet. Start an analysis; its curves appear here.");
}

void ChartsPanel::refreshState()
{
    const QString said = message();
    m_message->setText(said);
    m_message->setVisible(!said.isEmpty());
    m_scroll->setVisible(said.isEmpty());
    m_choose->setEnabled(!m_groups.empty());
    for (QToolButton *b : {m_in, m_out, m_reset})
        b->setEnabled(!m_cards.empty());
    m_rangeText->setVisible(!m_cards.empty());
    m_rangeText->setText(tr("%1 – %2").arg(clockText(m_range.low), clockText(m_range.high)));
}

void ChartsPanel::followClock()
{
    for (ChartCard *card : m_cards)
        card->chart()->setClock(m_model.clock());
    if (m_wholeClip)
        setTimeRange(wholeClip());
}

void ChartsPanel::followPlayhead(FrameIndex frame)
{
    for (ChartCard *card : m_cards)
        card->chart()->setPlayhead(frame);
    const double seconds = m_model.clock().secondsOf(frame);
    if (m_wholeClip || (seconds >= m_range.low && seconds <= m_range.high))
        return;
    // Turn the page instead of creeping along: what is read should stand still.
    const double length = m_range.length();
    const double low = seconds > m_range.high ? seconds - 0.1 * length : seconds - 0.9 * length;
    setTimeRange({low, low + length});
}

void ChartsPanel::setTimeRange(const AxisRange &wanted)
{
    const AxisRange whole = wholeClip();
    const double length = std::clamp(wanted.length(), std::min(kLeastSeconds, whole.length()), whole.length());
    const double centre = (wanted.low + wanted.high) / 2;
    double low = wanted.length() == length ? wanted.low : centre - length / 2;
    low = std::clamp(low, whole.low, whole.high - length);
    m_range = {low, low + length};
    m_wholeClip = length >= whole.length() * (1 - 1e-9);
    for (ChartCard *card : m_cards)
        card->chart()->setTimeRange(m_range);
    refreshState();
}

void ChartsPanel::zoomBy(double factor)
{
    const double here = m_model.clock().secondsOf(m_model.playhead());
    const bool inside = here >= m_range.low && here <= m_range.high;
    const double fixed = inside ? here : (m_range.low + m_range.high) / 2;
    setTimeRange({fixed - (fixed - m_range.low) / factor, fixed + (m_range.high - fixed) / factor});
}

void ChartsPanel::zoomIn()
{
    zoomBy(kButtonZoomStep);
}

void ChartsPanel::zoomOut()
{
    zoomBy(1.0 / kButtonZoomStep);
}

void ChartsPanel::resetTime()
{
    setTimeRange(wholeClip());
}

void ChartsPanel::seek(double seconds)
{
    // The nearest frame, not the one before: it is the one that the tool tip named.
    const std::vector<double> &clock = m_model.clock().seconds;
    if (clock.empty())
        return;
    auto near = std::ranges::lower_bound(clock, seconds);
    if (near == clock.end() || (near != clock.begin() && seconds - *(near - 1) < *near - seconds))
        --near;
    m_model.setPlayhead(FrameIndex(near - clock.begin()));
}

bool ChartsPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusIn) {
        if (auto *widget = qobject_cast<QWidget *>(watched))
            m_scroll->ensureWidgetVisible(widget, 0, 8);
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace fw
