// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/people/enrol_page.h"

#include "behaviour/person_profile.h"
#include "panels/common/theme.h"

#include <QCheckBox>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

using State = EnrolledClip::State;

QString stateText(const EnrolledClip &clip)
{
    switch (clip.state) {
    case State::Waiting: return EnrolPage::tr("waiting");
    case State::Measuring: return EnrolPage::tr("measuring, %1 %").arg(100.0 * clip.share, 0, 'f', 0);
    case State::Measured: return clip.usableSeconds > 0.0 ? EnrolPage::tr("measured") : EnrolPage::tr("nothing usable: ten seconds of one face alone are needed");
    case State::Refused: return clip.reason;
    }
    return {};
}

} // namespace

EnrolPage::EnrolPage(QWidget *parent)
    : QWidget(parent), m_table(new QTableWidget(0, 3)), m_name(new QLineEdit), m_provenance(new QLineEdit), m_enough(new QLabel),
      m_result(new QLabel), m_anyway(new QCheckBox(tr("Enrol all the same: comparisons stay without a verdict"))), m_progress(new QProgressBar), m_add(new QPushButton(tr("Add clips…"))),
      m_remove(new QPushButton(tr("Remove"))), m_enrol(new QPushButton(tr("Train and save…"))), m_cancel(new QPushButton(tr("Cancel")))
{
    setAcceptDrops(true);
    auto *hint = new QLabel(tr("Drop authentic clips of one person who is alone in the picture. The more different days and situations, the better."));
    hint->setWordWrap(true);
    m_table->setHorizontalHeaderLabels({tr("Clip"), tr("Usable"), tr("State")});
    m_table->setAccessibleName(tr("Clips to enrol"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->verticalHeader()->hide();
    m_table->setTextElideMode(Qt::ElideMiddle);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
    m_name->setPlaceholderText(tr("the person, as reports shall call them"));
    m_provenance->setPlaceholderText(tr("why these clips are held to be authentic; printed in reports"));
    m_name->setAccessibleName(tr("Name of the person"));
    m_provenance->setAccessibleName(tr("Why the clips are held to be authentic"));
    for (QLabel *label : {m_enough, m_result}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_progress->setRange(0, 100);
    auto *form = new QFormLayout;
    form->addRow(tr("Name"), m_name);
    form->addRow(tr("Provenance"), m_provenance);
    auto *buttons = new QHBoxLayout;
    for (QPushButton *b : {m_add, m_remove})
        buttons->addWidget(b);
    buttons->addStretch(1);
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_enrol);
    auto *column = new QVBoxLayout(this);
    column->addWidget(hint);
    column->addWidget(m_table, 1);
    column->addWidget(m_enough);
    column->addWidget(m_anyway);
    column->addLayout(form);
    column->addLayout(buttons);
    column->addWidget(m_progress);
    column->addWidget(m_result);
    connect(m_add, &QPushButton::clicked, this, &EnrolPage::chooseFiles);
    connect(m_remove, &QPushButton::clicked, this, &EnrolPage::removeChosen);
    connect(m_cancel, &QPushButton::clicked, this, &EnrolPage::cancelRequested);
    connect(m_table, &QTableWidget::itemSelectionChanged, this, &EnrolPage::refresh);
    connect(m_enrol, &QPushButton::clicked, this, [this] {
        QStringList paths;
        for (const EnrolledClip &clip : m_clips) {
            if (clip.state == State::Measured && clip.usableSeconds > 0.0)
                paths << clip.path;
        }
        Q_EMIT enrolRequested(m_name->text().trimmed(), m_provenance->text().trimmed(), paths);
    });
    connect(m_name, &QLineEdit::textChanged, this, &EnrolPage::refresh);
    connect(m_anyway, &QCheckBox::toggled, this, &EnrolPage::refresh);
    refresh();
}

void EnrolPage::chooseFiles()
{
    addClips(QFileDialog::getOpenFileNames(this, tr("Authentic clips of one person"), {},
                                           tr("Clips (*.mp4 *.mov *.mkv *.webm *.avi *.m4v);;All files (*)")));
}

void EnrolPage::addClips(const QStringList &paths)
{
    for (const QString &path : paths) {
        if (std::ranges::find(m_clips, path, &EnrolledClip::path) != m_clips.end())
            continue;
        m_clips.push_back({path, State::Waiting, 0.0, 0.0, {}});
        Q_EMIT measureRequested(path);
    }
    refresh();
}

void EnrolPage::removeChosen()
{
    std::vector<int> rows;
    for (const QModelIndex &index : m_table->selectionModel()->selectedRows())
        rows.push_back(index.row());
    std::ranges::sort(rows, std::greater{});
    for (const int row : rows) {
        Q_EMIT removed(m_clips[std::size_t(row)].path);
        m_clips.erase(m_clips.begin() + row);
    }
    m_table->clearSelection();
    refresh();
}

void EnrolPage::setClip(const EnrolledClip &clip)
{
    const auto it = std::ranges::find(m_clips, clip.path, &EnrolledClip::path);
    if (it == m_clips.end())
        return; // removed meanwhile
    *it = clip;
    refresh();
}

void EnrolPage::setTraining(double share)
{
    m_training = share >= 0.0;
    m_progress->setValue(int(100.0 * share));
    if (m_training)
        m_result->setText(tr("Training, and judging each clip by a model without it…"));
    refresh();
}

void EnrolPage::showEnrolled(const PersonProfile &profile, const QStringList &advice, const QString &path)
{
    setTraining(-1.0);
    QString text = tr("Saved %1: %2 minutes in %3 recordings.").arg(QFileInfo(path).fileName()).arg(profile.usableSeconds() / 60.0, 0, 'f', 1).arg(profile.recordings.size());
    if (profile.selfTest.clips > 1)
        text += u' ' + tr("Self-test: told from %1 other people with an AUC of %2 on clips of 30 s.").arg(profile.cohort.members.size()).arg(profile.selfTest.ratioArea, 0, 'f', 2);
    if (!advice.isEmpty())
        text += u'\n' + tr("With this enrolment comparisons stay without a verdict, or are weak: %1.").arg(advice.join(u"; "_s));
    m_result->setText(text);
}

void EnrolPage::showProblem(const QString &text)
{
    setTraining(-1.0);
    m_result->setText(text);
}

void EnrolPage::refresh()
{
    m_table->setRowCount(int(m_clips.size()));
    double usable = 0.0;
    std::size_t recordings = 0;
    bool busy = false;
    for (std::size_t i = 0; i < m_clips.size(); ++i) {
        const EnrolledClip &clip = m_clips[i];
        const QStringList cells{QFileInfo(clip.path).fileName(),
                                clip.state == State::Measured ? tr("%1 s").arg(clip.usableSeconds, 0, 'f', 0) : QString(), stateText(clip)};
        for (int c = 0; c < cells.size(); ++c) {
            QTableWidgetItem *item = m_table->item(int(i), c);
            if (!item)
                m_table->setItem(int(i), c, item = new QTableWidgetItem);
            if (item->text() != cells[c])
                item->setText(cells[c]);
            item->setToolTip(c == 0 ? clip.path : cells[c]);
        }
        usable += clip.usableSeconds;
        recordings += clip.usableSeconds > 0.0 ? 1 : 0;
        busy = busy || clip.state == State::Waiting || clip.state == State::Measuring;
    }
    const bool named = !m_name->text().trimmed().isEmpty();
    const QStringList missing = materialShortcomings(usable, recordings, named ? m_name->text().trimmed() : tr("this person"));
    const bool weak = usable > 0.0 && !busy && !missing.isEmpty();
    QString enough = tr("%1 of %2 minutes usable (%3 are the least); recordings: %4 (%5 are the least)")
                         .arg(usable / 60.0, 0, 'f', 1).arg(kAdvisedEnrolledSeconds / 60.0, 0, 'f', 0)
                         .arg(kLeastEnrolledSeconds / 60.0, 0, 'f', 0).arg(recordings).arg(kLeastRecordings);
    if (weak)
        enough += u'\n' + tr("Not enough to enrol: %1.").arg(missing.join(u"; "_s));
    m_enough->setText(enough);
    m_anyway->setVisible(weak);
    const bool refused = weak && !m_anyway->isChecked();
    m_enrol->setEnabled(!busy && !m_training && usable > 0.0 && named && !refused);
    m_enrol->setToolTip(busy            ? tr("Clips are still being measured")
                        : usable <= 0.0 ? tr("Add clips first")
                        : !named        ? tr("Name the person first")
                        : refused       ? tr("Not enough to enrol: %1").arg(missing.join(u"; "_s))
                                        : QString());
    m_cancel->setEnabled(busy || m_training);
    m_remove->setEnabled(!m_table->selectionModel()->selectedRows().isEmpty() && !m_training);
    m_progress->setVisible(m_training);
}

void EnrolPage::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void EnrolPage::dropEvent(QDropEvent *event)
{
    QStringList paths;
    for (const QUrl &url : event->mimeData()->urls()) {
        if (url.isLocalFile())
            paths << url.toLocalFile();
    }
    addClips(paths);
    event->acceptProposedAction();
}

} // namespace fw
