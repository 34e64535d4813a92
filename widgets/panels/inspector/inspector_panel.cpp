// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/inspector/inspector_panel.h"

#include "panels/common/state_stack.h"
#include "panels/common/update_rate.h"
#include "panels/inspector/inspector_model.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

InspectorPanel::InspectorPanel(ClipModel &clip, QWidget *parent)
    : QWidget(parent), m_clip(clip), m_model(new InspectorModel(clip, this)), m_view(new QTreeView)
{
    setAccessibleName(tr("Inspector"));
    m_view->setModel(m_model);
    m_view->setAccessibleName(tr("Values at the playhead"));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setUniformRowHeights(true);
    m_view->setAlternatingRowColors(true);
    m_view->setTextElideMode(Qt::ElideRight);
    m_view->header()->setStretchLastSection(true);
    connect(m_view, &QTreeView::activated, this, [this](const QModelIndex &index) {
        const QString plugin = index.data(InspectorModel::PluginRole).toString();
        if (!plugin.isEmpty())
            Q_EMIT methodCardRequested(plugin);
    });
    auto *copyAction = new QAction(tr("Copy value"), m_view);
    copyAction->setShortcut(QKeySequence::Copy);
    copyAction->setShortcutContext(Qt::WidgetShortcut);
    connect(copyAction, &QAction::triggered, this, &InspectorPanel::copy);
    m_view->addAction(copyAction);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);

    m_state = new StateStack(m_view);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_state);

    connect(m_model, &QAbstractItemModel::modelReset, this, [this] {
        m_view->expandAll();
        setColumns();
    });
    m_soon.setSingleShot(true);
    m_soon.setInterval(kScreenUpdateMs);
    connect(&m_soon, &QTimer::timeout, this, &InspectorPanel::refresh);
    const auto later = [this] {
        if (!m_soon.isActive())
            m_soon.start();
    };
    connect(&clip, &ClipModel::playheadChanged, this, later);
    for (const auto signal : {&ClipModel::clipChanged, &ClipModel::observationsChanged,
                              &ClipModel::resultsChanged, &ClipModel::ledgerChanged,
                              &ClipModel::clockChanged, &ClipModel::manifestsChanged})
        connect(&clip, signal, this, later);
    refresh();
}

void InspectorPanel::refresh()
{
    if (!isVisible() && m_state->showsContent() && m_clip.provider())
        return; // hidden behind another dock: read when it is shown
    m_model->showFrame(m_clip.playhead());
    if (!m_clip.provider())
        m_state->showMessage(tr("No file is open"),
                             tr("The value of every measurement at the playhead appears here."));
    else
        m_state->showContent(m_clip.results().empty() && m_clip.observations().faces.empty()
                                 ? tr("Nothing has been measured yet: analyse the file.")
                                 : QString());
}

void InspectorPanel::setColumns()
{
    // Long names take what the values leave; the remarks, which the tool tip repeats, take the rest.
    const int width = m_view->viewport()->width(), value = fontMetrics().averageCharWidth() * 15;
    m_view->resizeColumnToContents(InspectorModel::NameColumn);
    const int least = width * 2 / 5, most = std::max(least, width - value);
    m_view->setColumnWidth(InspectorModel::NameColumn, std::clamp(m_view->columnWidth(InspectorModel::NameColumn), least, most));
    m_view->setColumnWidth(InspectorModel::ValueColumn, value);
}

void InspectorPanel::copy()
{
    const QModelIndex index = m_view->currentIndex();
    if (!index.isValid())
        return;
    const QString value = index.siblingAtColumn(InspectorModel::ValueColumn).data().toString();
    QGuiApplication::clipboard()->setText(value.isEmpty() ? index.data().toString() : value);
}

void InspectorPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
    m_view->expandAll();
    setColumns();
}

void InspectorPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    setColumns();
}

} // namespace fw
