// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/findings/findings_panel.h"

#include "panels/common/html.h"
#include "panels/common/state_stack.h"
#include "panels/common/text.h"
#include "panels/common/theme.h"
#include "panels/findings/finding_delegate.h"
#include "panels/findings/finding_text.h"
#include "panels/findings/findings_model.h"
#include "panels/findings/result_table_model.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QComboBox>
#include <QEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QTabWidget>
#include <QTextBrowser>
#include <QToolButton>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr Verdict kVerdicts[] = {Verdict::Suspicious, Verdict::Inconclusive, Verdict::Consistent,
                                 Verdict::NotApplicable};

QTextBrowser *makeBrowser(const QString &name)
{
    auto *browser = new QTextBrowser;
    browser->setOpenLinks(false);
    browser->setFrameShape(QFrame::NoFrame);
    browser->setAccessibleName(name);
    browser->document()->setDocumentMargin(8);
    return browser;
}

} // namespace

FindingsPanel::FindingsPanel(ClipModel &clip, QWidget *parent)
    : QWidget(parent), m_clip(clip), m_model(new FindingsModel(clip, this)),
      m_filter(new FindingsFilter(this)), m_tableModel(new ResultTableModel(this))
{
    setAccessibleName(tr("Findings"));
    m_filter->setSourceModel(m_model);

    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(makeList());
    splitter->addWidget(makeDetails());
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    m_state = new StateStack(splitter);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_state);

    for (const auto signal : {&ClipModel::clipChanged, &ClipModel::resultsChanged,
                              &ClipModel::runningChanged, &ClipModel::progressChanged})
        connect(&clip, signal, this, &FindingsPanel::updateState);
    connect(&clip, &ClipModel::selectedFindingChanged, this, &FindingsPanel::selectFromClip);
    connect(&clip, &ClipModel::marksChanged, this, &FindingsPanel::showDetails); // corrections are marks
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] {
        updateCounts();
        selectFromClip();
    });
    connect(m_model, &QAbstractItemModel::dataChanged, this, &FindingsPanel::showDetails);
    updateCounts();
    updateState();
    selectFromClip();
}

QWidget *FindingsPanel::makeList()
{
    m_search = new QLineEdit;
    m_search->setPlaceholderText(tr("Filter findings"));
    m_search->setAccessibleName(tr("Filter findings by text"));
    m_search->setClearButtonEnabled(true);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter->setText(text);
        updateCounts();
    });

    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(8, 8, 8, 4);
    bar->setSpacing(4);
    bar->addWidget(m_search, 1);
    for (int i = 0; i < 4; ++i) {
        auto *button = m_verdictButtons[i] = new QToolButton;
        button->setCheckable(true);
        button->setChecked(true);
        button->setAutoRaise(true);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setFocusPolicy(Qt::StrongFocus);
        connect(button, &QToolButton::toggled, this, [this, i](bool on) {
            m_filter->setVerdictShown(kVerdicts[i], on);
            updateCounts();
        });
        bar->addWidget(button);
    }

    m_list = new QListView;
    m_list->setObjectName(u"findings.list"_s);
    m_list->setModel(m_filter);
    m_list->setItemDelegate(new FindingDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAccessibleName(tr("Findings, worst first"));
    connect(m_list, &QListView::activated, this, &FindingsPanel::goToSelected);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, [this] {
        const FindingRef ref = m_model->refAt(currentRow());
        if (!ref.isNull())
            m_clip.selectFinding(ref);
        showDetails();
    });
    m_nothing = new QLabel(tr("No finding passes the filter."));
    m_nothing->setAlignment(Qt::AlignCenter);
    m_nothing->setWordWrap(true);

    auto *top = new QWidget;
    auto *column = new QVBoxLayout(top);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(m_list, 1);
    column->addWidget(m_nothing, 1);
    return top;
}

QWidget *FindingsPanel::makeDetails()
{
    m_about = makeBrowser(tr("The selected finding"));
    m_about->setObjectName(u"findings.about"_s);
    m_record = makeBrowser(tr("Run record of the selected finding"));
    m_record->setObjectName(u"findings.record"_s);
    for (QTextBrowser *browser : {m_about, m_record})
        connect(browser, &QTextBrowser::anchorClicked, this, &FindingsPanel::openLink);

    m_tableChoice = new QComboBox;
    m_tableChoice->setAccessibleName(tr("Table"));
    m_tableChoice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    connect(m_tableChoice, &QComboBox::currentIndexChanged, this, &FindingsPanel::showTable);
    m_copy = new QPushButton(tr("Copy as CSV"));
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_tableModel->toCsv()); });
    m_tableAbout = new QLabel;
    m_tableAbout->setWordWrap(true);
    m_tableAbout->setTextFormat(Qt::PlainText);
    m_table = new QTableView;
    m_table->setModel(m_tableModel);
    m_table->setAccessibleName(tr("Table that the method measured"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setAlternatingRowColors(true);
    m_table->setTabKeyNavigation(false); // Tab leaves the table, the arrows move in it
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setStretchLastSection(true);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &index) {
        if (const auto frame = m_tableModel->frameAt(index))
            m_clip.setPlayhead(*frame);
    });

    auto *tables = new QWidget;
    auto *column = new QVBoxLayout(tables);
    column->setContentsMargins(8, 8, 8, 8);
    auto *bar = new QHBoxLayout;
    bar->addWidget(m_tableChoice, 1);
    bar->addWidget(m_copy);
    column->addLayout(bar);
    column->addWidget(m_tableAbout);
    column->addWidget(m_table, 1);

    m_tabs = new QTabWidget;
    m_tabs->setAccessibleName(tr("The selected finding, its tables and its run"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_about, tr("Finding"));
    m_tabs->addTab(tables, tr("Tables"));
    m_tabs->addTab(m_record, tr("Run record"));
    return m_tabs;
}

void FindingsPanel::updateState()
{
    if (!m_clip.provider())
        return m_state->showMessage(tr("No file is open"),
                                    tr("Open a video or a picture: what the methods find in it is listed here."));
    const bool any = m_model->rowCount() > 0;
    const auto &methods = m_clip.progress().methods;
    if (m_clip.isRunning()) {
        const auto ended = std::count_if(methods.begin(), methods.end(), [](const MethodProgress &m) {
            return m.state != MethodProgress::State::Waiting && m.state != MethodProgress::State::Running;
        });
        const QString count = methods.empty()
            ? tr("The analysis is starting.")
            : tr("%1 of %2 methods have finished.").arg(ended).arg(methods.size());
        if (any)
            m_state->showContent(count + u' ' + tr("The list will grow."));
        else
            m_state->showMessage(tr("Analysing"),
                                 count + u' ' + tr("Findings appear here as soon as a method ends."));
        return;
    }
    const QString &problem = m_clip.runProblem();
    if (any)
        return m_state->showContent(problem.isEmpty() ? QString()
                                                      : tr("The last analysis ended early: %1").arg(problem));
    if (!problem.isEmpty())
        return m_state->showMessage(tr("The analysis ended early"), problem);
    if (!m_clip.results().empty())
        return m_state->showMessage(tr("Measured, nothing claimed"),
                                    tr("Only observers have run. They measure and make no claim; choose "
                                       "detectors under Methods and analyse again."));
    m_state->showMessage(tr("Not analysed yet"),
                         tr("Choose methods under Methods and press Analyse."));
}

void FindingsPanel::updateCounts()
{
    const bool dark = isDark(palette());
    const int size = fontMetrics().height() + 2;
    for (int i = 0; i < 4; ++i) {
        const int count = m_model->count(kVerdicts[i]);
        const QString title = verdictTitle(kVerdicts[i]);
        QToolButton *button = m_verdictButtons[i];
        button->setText(QString::number(count));
        button->setIconSize({size, size});
        button->setIcon(verdictIcon(kVerdicts[i], dark, size, devicePixelRatioF()));
        button->setToolTip(tr("%1: %2\n%3").arg(title).arg(count).arg(verdictMeaning(kVerdicts[i])));
        button->setAccessibleName(tr("Show findings that are: %1 (%2)").arg(title).arg(count));
    }
    const bool any = m_filter->rowCount() > 0;
    m_list->setVisible(any);
    m_nothing->setVisible(!any);
}

int FindingsPanel::currentRow() const
{
    const QModelIndex index = m_filter->mapToSource(m_list->currentIndex());
    return index.isValid() ? index.row() : -1;
}

void FindingsPanel::selectFromClip()
{
    int row = m_model->rowOf(m_clip.selectedFinding());
    const QModelIndex shown = m_filter->mapFromSource(m_model->index(std::max(row, 0), 0));
    if (row >= 0 && shown.isValid() && m_list->currentIndex() != shown)
        m_list->setCurrentIndex(shown);
    showDetails();
}

void FindingsPanel::showDetails()
{
    const int row = currentRow();
    const MethodResult *result = row < 0 ? nullptr : m_model->resultAt(row);
    if (!result) {
        const QString hint = html::style(palette())
            + html::quiet(tr("Select a finding to read what supports it, what speaks against it and "
                             "what the method cannot see."));
        showHtml(m_about, hint);
        showHtml(m_record, hint);
    } else {
        const Finding *finding = m_model->findingAt(row);
        showHtml(m_about, finding ? findingHtml(m_clip, *result, *finding, palette())
                              : noFindingHtml(m_clip, *result, palette()));
        showHtml(m_record, runRecordHtml(m_clip, *result, palette()));
    }

    const std::vector<Table> none;
    const std::vector<Table> &tables = result ? result->result.measured.tables : none;
    const QString before = m_tableChoice->currentData().toString();
    const QSignalBlocker quiet(m_tableChoice);
    m_tableChoice->clear();
    for (const Table &table : tables)
        m_tableChoice->addItem(table.title.isEmpty() ? table.id : table.title, table.id);
    m_tableChoice->setCurrentIndex(std::max(0, m_tableChoice->findData(before)));
    m_tabs->setTabText(1, tables.empty() ? tr("Tables") : tr("Tables (%1)").arg(tables.size()));
    m_tabs->setTabEnabled(1, !tables.empty());
    showTable(tables.empty() ? -1 : m_tableChoice->currentIndex());
}

void FindingsPanel::showTable(int number)
{
    const int row = currentRow();
    const MethodResult *result = row < 0 ? nullptr : m_model->resultAt(row);
    const bool valid = result && number >= 0 && number < int(result->result.measured.tables.size());
    m_tableModel->setTable(valid ? result->result.measured.tables[std::size_t(number)] : Table{});
    m_tableAbout->setText(m_tableModel->table().about);
    m_tableAbout->setVisible(!m_tableModel->table().about.isEmpty());
    m_copy->setEnabled(valid);
    m_table->resizeColumnsToContents();
}

void FindingsPanel::goToSelected()
{
    const int row = currentRow();
    if (row < 0)
        return;
    m_clip.selectFinding(m_model->refAt(row));
    const Finding *finding = m_model->findingAt(row);
    if (!finding)
        return;
    if (const auto frame = frameOf(*finding))
        m_clip.setPlayhead(*frame);
}

void FindingsPanel::openLink(const QUrl &link)
{
    const QString text = link.toString();
    if (const qint64 frame = frameOfLink(text); frame >= 0)
        m_clip.setPlayhead(frame);
    else if (text.startsWith(u"method:"))
        Q_EMIT methodCardRequested(text.mid(7));
}

void FindingsPanel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    // A reset palette reaches the panel before its children exist.
    if (m_state && (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)) {
        updateCounts();
        showDetails();
    }
}

} // namespace fw
