// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/people/compare_page.h"

#include "findings/finding.h"
#include "paint/color_map.h"
#include "panels/common/state_stack.h"
#include "panels/common/theme.h"
#include "panels/people/correlation_matrix.h"
#include "panels/people/person_map.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr int kRows = 25;

QString number(double value, int digits = 2)
{
    return QString::number(value, 'f', digits);
}

} // namespace

ComparePage::ComparePage(QWidget *parent)
    : QWidget(parent), m_people(new QComboBox), m_card(new QLabel), m_z(new QCheckBox(tr("Show differences (z)"))),
      m_matrix(new CorrelationMatrix), m_pairs(new QTableWidget(0, 4)), m_map(new PersonMap)
{
    m_people->setAccessibleName(tr("Enrolled person"));
    m_people->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_people->setMinimumContentsLength(20);
    auto *other = new QToolButton;
    other->setText(tr("Other file…"));
    other->setToolTip(tr("Choose an enrolment that lies elsewhere"));
    m_card->setWordWrap(true);
    m_card->setTextFormat(Qt::RichText);
    m_card->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_z->setToolTip(tr("Off: above the diagonal the person, below it this clip.\nOn: how far the clip is from the person, in standard deviations of the person's windows."));
    m_pairs->setHorizontalHeaderLabels({tr("Movements"), tr("Person"), tr("Clip"), tr("z")});
    m_pairs->setAccessibleName(tr("Pairs that differ most"));
    m_pairs->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_pairs->setSelectionMode(QAbstractItemView::SingleSelection);
    m_pairs->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_pairs->verticalHeader()->hide();
    m_pairs->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_pairs->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_pairs->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    auto *top = new QHBoxLayout;
    top->addWidget(new QLabel(tr("Compare with")));
    top->addWidget(m_people);
    top->addWidget(other);
    top->addStretch(1);
    top->addWidget(m_z);
    auto *right = new QSplitter(Qt::Vertical);
    right->addWidget(m_pairs);
    right->addWidget(m_map);
    right->setSizes({260, 300});
    right->setChildrenCollapsible(false);
    auto *split = new QSplitter(Qt::Horizontal);
    split->addWidget(m_matrix);
    split->addWidget(right);
    split->setSizes({360, 520});
    split->setStretchFactor(1, 1); // the matrix is square: what is left over goes to the words
    split->setChildrenCollapsible(false);
    auto *content = new QWidget;
    auto *inner = new QVBoxLayout(content);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->addWidget(m_card);
    inner->addWidget(split, 1);
    m_state = new StateStack(content);
    auto *column = new QVBoxLayout(this);
    column->addLayout(top);
    column->addWidget(m_state, 1);

    connect(other, &QToolButton::clicked, this, &ComparePage::otherFileRequested);
    connect(m_people, &QComboBox::activated, this, [this] { Q_EMIT personChosen(person()); });
    connect(m_z, &QCheckBox::toggled, m_matrix, &CorrelationMatrix::setShowsZ);
    connect(m_matrix, &CorrelationMatrix::pairClicked, this, &ComparePage::choosePair);
    connect(m_map, &PersonMap::momentClicked, this, &ComparePage::momentRequested);
    connect(m_pairs, &QTableWidget::itemSelectionChanged, this, [this] {
        const int row = m_pairs->currentRow();
        if (m_comparison && row >= 0 && row < int(m_comparison->test.pairs.size()))
            m_matrix->choose(m_comparison->test.pairs[std::size_t(row)].pair);
    });
    connect(m_pairs, &QTableWidget::cellClicked, this, [this](int row) {
        if (!m_comparison || row >= int(m_comparison->test.pairs.size()))
            return;
        const std::size_t window = m_comparison->test.pairs[std::size_t(row)].window;
        Q_EMIT momentRequested(m_comparison->clip.windows[window].beginSeconds);
    });
}

void ComparePage::setPeople(const QStringList &people, const QString &chosen)
{
    const QSignalBlocker quiet(m_people);
    m_people->clear();
    for (const QString &path : people)
        m_people->addItem(QFileInfo(path).completeBaseName(), path);
    m_people->setCurrentIndex(m_people->findData(chosen));
    m_people->setEnabled(!people.isEmpty());
    m_people->setPlaceholderText(people.isEmpty() ? tr("nobody is enrolled") : tr("choose a person"));
}

QString ComparePage::person() const
{
    return m_people->currentData().toString();
}

void ComparePage::showMessage(const QString &title, const QString &text)
{
    m_comparison.reset();
    m_z->setEnabled(false);
    m_state->showMessage(title, text);
}

void ComparePage::showComparison(std::shared_ptr<const PersonComparison> comparison)
{
    m_comparison = std::move(comparison);
    m_matrix->show(m_comparison);
    m_map->show(m_comparison);
    m_card->setText(cardText());
    fillTable();
    m_z->setEnabled(true);
    m_state->showContent();
}

QString ComparePage::cardText() const
{
    const PersonTest &test = m_comparison->test;
    const QString name = m_comparison->profile->name.toHtmlEscaped();
    const Verdict verdict = claimOf(test.verdict);
    const QColor color = verdictColor(verdict, isDark(palette()));
    QString text = u"<b style=\"background:%1; color:%2\">&nbsp;%3&nbsp;</b> <b>%4</b> "_s
                       .arg(color.name(), inkOn(color).name(), QString(verdictLetter(verdict)), verdictTitle(verdict));
    if (test.p) {
        const double below = (*test.p * (test.enrolledClips + 1) - 1.0) / std::max(test.enrolledClips, 1);
        text += tr("Of %1's %2 own clips of %3 s, %4 % score no higher (p = %5). ")
                    .arg(name).arg(test.enrolledClips).arg(number(test.clipSeconds, 0), number(100.0 * below, 0), number(*test.p, 3));
    }
    if (test.ratio && test.reasons.isEmpty()) { // too little was enrolled for a ratio to mean anything else
        text += tr("%1 times as likely with %2. ")
                    .arg(number(std::pow(10.0, std::min(std::abs(*test.ratio), 6.0)), 1), *test.ratio >= 0.0 ? name : tr("other people"));
    }
    text += tr("Independent windows: %1.").arg(m_comparison->clip.independent);
    if (test.verdict == PersonVerdict::Outside)
        text += u"<br>"_s + tr("Not decided: %1.").arg(unvalidatedReason().toHtmlEscaped());
    if (!test.reasons.isEmpty())
        text += u"<br>"_s + tr("Not decided: %1.").arg(test.reasons.join(u"; "_s).toHtmlEscaped());
    return text;
}

void ComparePage::fillTable()
{
    const auto &pairs = m_comparison->test.pairs;
    m_pairs->setRowCount(std::min(kRows, int(pairs.size())));
    for (int row = 0; row < m_pairs->rowCount(); ++row) {
        const PairDeviation &d = pairs[std::size_t(row)];
        QString words = behaviourPairWords(d.pair);
        words[0] = words[0].toUpper();
        words += u" (%1)"_s.arg(behaviourPairName(d.pair));
        const QStringList cells{words, tr("%1 ± %2").arg(number(d.reference), number(d.spread)), number(d.clip), number(d.z, 1)};
        for (int c = 0; c < cells.size(); ++c) {
            auto *item = new QTableWidgetItem(cells[c]);
            item->setToolTip(tr("%1\nClick: see the ten seconds in which it differs most").arg(words));
            if (c > 0)
                item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_pairs->setItem(row, c, item);
        }
    }
}

void ComparePage::choosePair(std::size_t pair)
{
    m_matrix->choose(pair);
    for (int row = 0; row < m_pairs->rowCount(); ++row) {
        if (m_comparison->test.pairs[std::size_t(row)].pair == pair) {
            m_pairs->setCurrentCell(row, 0);
            m_pairs->scrollToItem(m_pairs->item(row, 0));
            return;
        }
    }
    m_pairs->clearSelection();
    m_matrix->choose(pair);
}

} // namespace fw
