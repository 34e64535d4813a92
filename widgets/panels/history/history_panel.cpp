// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/history/history_panel.h"

#include "panels/common/state_stack.h"
#include "panels/common/update_rate.h"
#include "panels/findings/result_table_model.h"
#include "panels/history/history_view.h"

#include "media/coding.h"
#include "paint/overlay.h"

#include <QCheckBox>
#include <QHeaderView>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace fw {
namespace {

const QString kMotionLayer = QStringLiteral("coding.motion");

} // namespace

HistoryPanel::HistoryPanel(ClipModel &clip, QWidget *parent)
    : QWidget(parent)
    , m_clip(clip)
    , m_view(new HistoryView(clip))
    , m_groups(new ResultTableModel(this))
    , m_claims(new ResultTableModel(this))
    , m_motion(new QCheckBox(tr("Motion vectors in the picture")))
{
    setAccessibleName(tr("Encoding history"));
    m_claimView = tableOf(m_claims, tr("What the traces say"));
    auto *tabs = new QTabWidget;
    tabs->setDocumentMode(true);
    tabs->addTab(m_claimView, tr("What the traces say"));
    tabs->addTab(tableOf(m_groups, tr("Groups of pictures")), tr("Groups of pictures"));
    m_motion->setToolTip(tr("Draws the motion vectors that the file holds over the picture, as the layer Coded motion does"));
    tabs->setCornerWidget(m_motion);
    auto *split = new QSplitter(Qt::Horizontal);
    split->setChildrenCollapsible(false);
    split->addWidget(m_view);
    split->addWidget(tabs);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    split->setSizes({600, 450}); // the claims are sentences
    m_state = new StateStack(split);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_state);

    connect(m_claimView->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &row) {
        if (row.isValid() && std::size_t(row.row()) < m_shown.size())
            m_clip.selectFinding(m_shown[std::size_t(row.row())].finding);
    });
    connect(m_motion, &QCheckBox::clicked, this, [this](bool on) {
        LayerStyle style = styleOf(m_clip.layerStyles(), kMotionLayer);
        style.visible = on;
        m_clip.setLayerStyle(kMotionLayer, style);
    });
    connect(&clip, &ClipModel::layersChanged, this, &HistoryPanel::showMotionState);
    m_soon.setSingleShot(true);
    m_soon.setInterval(kChartUpdateMs);
    connect(&m_soon, &QTimer::timeout, this, &HistoryPanel::refresh);
    const auto later = [this] {
        if (!m_soon.isActive())
            m_soon.start();
    };
    for (const auto signal : {&ClipModel::clipChanged, &ClipModel::resultsChanged, &ClipModel::ledgerChanged,
                              &ClipModel::clockChanged, &ClipModel::manifestsChanged})
        connect(&clip, signal, this, later);
    refresh();
}

QTableView *HistoryPanel::tableOf(ResultTableModel *model, const QString &name)
{
    auto *view = new QTableView;
    view->setModel(model);
    view->setAccessibleName(name);
    view->setFrameShape(QFrame::NoFrame);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setAlternatingRowColors(true);
    view->setTabKeyNavigation(false);
    view->setWordWrap(true);
    view->verticalHeader()->hide();
    view->horizontalHeader()->setHighlightSections(false);
    connect(view, &QTableView::activated, this, [this, model](const QModelIndex &index) {
        if (const auto frame = model->frameAt(index))
            m_clip.setPlayhead(*frame);
    });
    return view;
}

void HistoryPanel::showMotionState()
{
    const StreamFacts *video = m_clip.provider() ? m_clip.provider()->facts().video() : nullptr;
    const bool told = video && codingSupport(video->codec.toLatin1().constData()).motionVectors;
    m_motion->setEnabled(told);
    m_motion->setChecked(told && styleOf(m_clip.layerStyles(), kMotionLayer).visible);
    if (video && !told)
        m_motion->setToolTip(tr("The decoder for %1 does not tell motion vectors").arg(video->codec));
}

void HistoryPanel::refresh()
{
    showMotionState();
    if (!m_clip.provider()) {
        m_state->showMessage(tr("No file is open"), tr("How a clip was coded appears here."));
        return;
    }
    if (m_clip.ledger().entries.empty()) {
        m_state->showMessage(tr("Not yet read"), tr("Analyse the clip: its frames are read once, and then their "
                                                    "types, sizes and times stand here."));
        return;
    }
    if (!isVisible() && m_state->showsContent())
        return; // hidden behind another dock: read when it is shown
    m_shown = historyClaims(m_clip);
    m_claims->setTable(claimTable(m_shown));
    m_groups->setTable(groupTable(pictureGroups(m_clip.ledger(), traceNamed(m_clip, QStringLiteral("coding.qp"))),
                                  m_clip.ledger()));
    const int textColumn = 2, measuredColumn = 3; // these two wrap
    m_claimView->horizontalHeader()->setSectionResizeMode(textColumn, QHeaderView::Stretch);
    for (int column = 0; column < m_claims->columnCount(); ++column) {
        if (column != textColumn && column != measuredColumn)
            m_claimView->resizeColumnToContents(column);
    }
    m_claimView->setColumnWidth(measuredColumn, fontMetrics().horizontalAdvance(QStringLiteral("0.000 powers of ten")));
    m_claimView->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_view->reload();
    m_state->showContent();
}

void HistoryPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
}

} // namespace fw
