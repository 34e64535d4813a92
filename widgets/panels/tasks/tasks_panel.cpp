// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/tasks/tasks_panel.h"

#include "panels/common/state_stack.h"
#include "panels/common/text.h"

#include <QApplication>
#include <QBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTableView>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

/// Draws a progress bar of the style in use; nothing where there is nothing to count.
class BarDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
        QStyleOptionViewItem ground = option;
        initStyleOption(&ground, index);
        ground.text.clear();
        style->drawControl(QStyle::CE_ItemViewItem, &ground, painter, option.widget);
        const QVariant percent = index.data(TasksModel::PercentRole);
        if (!percent.isValid())
            return;
        QStyleOptionProgressBar bar;
        bar.rect = option.rect.adjusted(4, 4, -4, -4);
        bar.palette = option.palette;
        bar.state = QStyle::State_Enabled | QStyle::State_Horizontal;
        bar.fontMetrics = option.fontMetrics;
        bar.maximum = 100;
        bar.progress = percent.toInt();
        bar.text = index.data().toString();
        bar.textVisible = true;
        bar.textAlignment = Qt::AlignCenter;
        style->drawControl(QStyle::CE_ProgressBar, &bar, painter, option.widget);
    }
};

bool hasEnded(const MethodProgress &progress)
{
    return progress.state != MethodProgress::State::Waiting
        && progress.state != MethodProgress::State::Running;
}

} // namespace

QString durationText(double seconds)
{
    const qint64 whole = std::llround(std::max(0.0, seconds));
    if (whole < 60)
        return TasksPanel::tr("%1 s").arg(whole);
    if (whole < 3600)
        return TasksPanel::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
    return TasksPanel::tr("%1 h %2 min").arg(whole / 3600).arg(whole / 60 % 60);
}

TasksModel::TasksModel(ClipModel &clip, QObject *parent) : QAbstractTableModel(parent), m_clip(clip)
{
    for (const auto signal : {&ClipModel::progressChanged, &ClipModel::clipChanged,
                              &ClipModel::resultsChanged, &ClipModel::manifestsChanged})
        connect(&clip, signal, this, &TasksModel::refresh);
    refresh();
}

void TasksModel::refresh()
{
    const auto &now = m_clip.progress().methods;
    const bool same = std::equal(now.begin(), now.end(), m_rows.begin(), m_rows.end(),
                                 [](const auto &a, const auto &b) { return a.pluginId == b.pluginId; });
    if (!same)
        beginResetModel();
    m_rows = now;
    if (!same)
        endResetModel();
    else if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(int(m_rows.size()) - 1, ColumnCount - 1));
}

int TasksModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int TasksModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString TasksModel::stateText(const MethodProgress &progress) const
{
    const MethodResult *result = m_clip.result(progress.pluginId);
    const QString reason = result && !result->reason.isEmpty() ? u": "_s + result->reason : QString();
    switch (progress.state) {
    case MethodProgress::State::Waiting:
        return tr("waiting");
    case MethodProgress::State::Running:
        return m_clip.isPaused() ? tr("paused") : tr("running");
    case MethodProgress::State::Done:
        return tr("done");
    case MethodProgress::State::NotApplicable:
        return tr("not applicable") + reason;
    case MethodProgress::State::Failed:
        return tr("failed") + reason;
    case MethodProgress::State::Cancelled:
        return tr("cancelled");
    case MethodProgress::State::Cached:
        break;
    }
    return tr("known from before");
}

QVariant TasksModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const MethodProgress &row = m_rows[std::size_t(index.row())];
    const bool counts = row.framesTotal > 0 && row.state == MethodProgress::State::Running;
    switch (index.column()) {
    case MethodColumn:
        if (role == Qt::DisplayRole || role == Qt::ToolTipRole) {
            const Manifest *manifest = m_clip.manifest(row.pluginId);
            return manifest && !manifest->name.isEmpty() ? manifest->name : row.pluginId;
        }
        break;
    case ProgressColumn:
        if (role == PercentRole)
            return counts ? QVariant(int(row.framesDone * 100 / row.framesTotal)) : QVariant();
        if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)
            return counts ? tr("%1 of %2 frames").arg(row.framesDone).arg(row.framesTotal) : QString();
        break;
    case StateColumn:
        if (role == Qt::DisplayRole || role == Qt::ToolTipRole)
            return stateText(row);
        break;
    default:
        break;
    }
    return {};
}

QVariant TasksModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::DisplayRole) {
        const QString titles[] = {tr("Method"), tr("Progress"), tr("State")};
        return section >= 0 && section < ColumnCount ? titles[section] : QString();
    }
    return QAbstractTableModel::headerData(section, orientation, role);
}

TasksPanel::TasksPanel(ClipModel &clip, QWidget *parent)
    : QWidget(parent), m_clip(clip), m_model(new TasksModel(clip, this)), m_total(new QProgressBar),
      m_summary(new QLabel), m_pause(new QPushButton(tr("Pause"))), m_cancel(new QPushButton(tr("Cancel"))), m_table(new QTableView)
{
    setAccessibleName(tr("Tasks"));
    m_total->setAccessibleName(tr("Progress of the analysis"));
    m_total->setMinimumWidth(120);
    m_cancel->setToolTip(tr("Stop the analysis; what has finished is kept"));
    connect(m_cancel, &QPushButton::clicked, this, &TasksPanel::cancelRequested);
    connect(m_pause, &QPushButton::clicked, this, [this] { Q_EMIT pauseRequested(!m_clip.isPaused()); });

    m_table->setModel(m_model);
    m_table->setItemDelegateForColumn(TasksModel::ProgressColumn, new BarDelegate(m_table));
    m_table->setAccessibleName(tr("Progress of each method"));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setSectionResizeMode(TasksModel::MethodColumn, QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(TasksModel::ProgressColumn, QHeaderView::Interactive);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->setColumnWidth(TasksModel::ProgressColumn, fontMetrics().averageCharWidth() * 30);

    auto *content = new QWidget;
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(8, 8, 8, 4);
    bar->addWidget(m_total);
    bar->addWidget(m_summary, 1);
    bar->addWidget(m_pause);
    bar->addWidget(m_cancel);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(m_table, 1);
    m_state = new StateStack(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_state);

    for (const auto signal : {&ClipModel::progressChanged, &ClipModel::clipChanged,
                              &ClipModel::runningChanged, &ClipModel::resultsChanged})
        connect(&clip, signal, this, &TasksPanel::refresh);
    refresh();
}

void TasksPanel::refresh()
{
    const RunProgress &p = m_clip.progress();
    if (p.methods.empty() && !m_clip.isRunning()) {
        if (m_clip.runProblem().isEmpty())
            return m_state->showMessage(tr("Nothing is running"),
                                        tr("Each method of an analysis shows its progress here."));
        return m_state->showMessage(tr("The analysis ended early"), m_clip.runProblem());
    }
    m_state->showContent(m_clip.isRunning() || m_clip.runProblem().isEmpty()
                             ? QString()
                             : tr("Ended early: %1").arg(m_clip.runProblem()));
    m_cancel->setVisible(m_clip.isRunning());
    m_pause->setVisible(m_clip.isRunning());
    m_pause->setText(m_clip.isPaused() ? tr("Resume") : tr("Pause"));
    m_pause->setToolTip(m_clip.isPaused() ? tr("Let the analysis go on")
                                          : tr("Hold the analysis; it goes on where it stopped"));
    const auto ended = std::count_if(p.methods.begin(), p.methods.end(), hasEnded);
    QStringList parts;
    if (!m_clip.isRunning()) {
        m_total->hide();
        parts << tr("%1 of %2 methods ended").arg(ended).arg(p.methods.size());
    } else {
        m_total->show();
        m_total->setRange(0, p.framesTotal > 0 ? 1000 : 0);
        if (p.framesTotal > 0)
            m_total->setValue(int(p.framesDecoded * 1000 / p.framesTotal));
        parts << (p.framesTotal > 0 ? tr("%1 of %2 frames").arg(p.framesDecoded).arg(p.framesTotal)
                                    : tr("starting"));
        if (m_clip.isPaused())
            parts.prepend(tr("paused"));
        if (p.framesPerSecond > 0)
            parts << tr("%1 frames/s").arg(numberText(std::round(p.framesPerSecond * 10) / 10));
        if (p.secondsLeft && !m_clip.isPaused())
            parts << tr("about %1 left").arg(durationText(*p.secondsLeft));
        parts << tr("%1 of %2 methods ended").arg(ended).arg(p.methods.size());
    }
    m_summary->setText(parts.join(u" · "_s));
    m_summary->setWordWrap(true);
}

} // namespace fw
