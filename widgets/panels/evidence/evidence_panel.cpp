// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/evidence/evidence_panel.h"

#include "panels/common/html.h"
#include "panels/common/state_stack.h"
#include "panels/evidence/facts_text.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPushButton>
#include <QSplitter>
#include <QTextBrowser>
#include <QToolTip>
#include <QTreeWidget>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr int kItemRole = Qt::UserRole;

} // namespace

EvidencePanel::EvidencePanel(ClipModel &clip, QWidget *parent) : QWidget(parent), m_clip(clip)
{
    setAccessibleName(tr("Evidence"));
    auto *open = new QPushButton(tr("Add file …"));
    auto *info = new QPushButton(tr("Case data …"));
    connect(open, &QPushButton::clicked, this, &EvidencePanel::openRequested);
    connect(info, &QPushButton::clicked, this, &EvidencePanel::caseInfoRequested);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(8, 8, 8, 8);
    bar->addWidget(open);
    bar->addWidget(info);
    bar->addStretch();

    m_tree = new QTreeWidget;
    m_tree->setHeaderHidden(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setAccessibleName(tr("Files of the case"));
    connect(m_tree, &QTreeWidget::currentItemChanged, this, &EvidencePanel::showFacts);
    connect(m_tree, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem *item) {
        if (!item->data(0, kItemRole).isValid())
            return Q_EMIT caseInfoRequested();
        const Item *chosen = current();
        if (chosen && chosen->id && !chosen->open)
            Q_EMIT evidenceActivated(*chosen->id);
    });

    m_facts = new QTextBrowser;
    m_facts->setOpenLinks(false);
    m_facts->setFrameShape(QFrame::NoFrame);
    m_facts->setAccessibleName(tr("Facts of the selected file"));
    m_facts->document()->setDocumentMargin(8);
    m_facts->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere); // hashes are long words
    connect(m_facts, &QTextBrowser::anchorClicked, this, &EvidencePanel::follow);
    m_state = new StateStack(m_facts);

    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_tree);
    splitter->addWidget(m_state);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 3);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(splitter, 1);

    connect(&clip, &ClipModel::clipChanged, this, &EvidencePanel::listenToClip);
    connect(&clip, &ClipModel::ledgerChanged, this, &EvidencePanel::showFacts);
    listenToClip();
}

void EvidencePanel::setCase(const CaseInfo &info, const QString &path)
{
    m_info = info;
    m_path = path;
    rebuild();
}

void EvidencePanel::setEvidence(std::vector<Evidence> evidence)
{
    m_evidence = std::move(evidence);
    rebuild();
}

void EvidencePanel::listenToClip()
{
    if (m_listened)
        m_listened->disconnect(this);
    m_listened = m_clip.provider();
    if (m_listened)
        connect(m_listened, &FrameProvider::factsChanged, this, &EvidencePanel::rebuild);
    m_tree->clear(); // the new file is selected, not the one before
    rebuild();
}

void EvidencePanel::rebuild()
{
    const Item *before = current();
    const QString path = before ? before->facts.path : QString();
    // The open file is listed at once; it joins the case when its hashes are known.
    const MediaFacts *open = m_clip.provider() ? &m_clip.provider()->facts() : nullptr;
    m_items.clear();
    bool openIsListed = false;
    for (const Evidence &evidence : m_evidence) {
        const bool same = open
            && (m_clip.evidence() == evidence.id
                || (open->hashed && evidence.facts.hashes.sha256 == open->hashes.sha256));
        openIsListed = openIsListed || same;
        m_items.push_back({evidence.id, same ? *open : evidence.facts, same});
    }
    if (open && !openIsListed)
        m_items.push_back({std::nullopt, *open, true});

    {
        const QSignalBlocker quiet(m_tree);
        m_tree->clear();
        QString title = m_info.title.isEmpty() ? tr("Untitled case") : m_info.title;
        if (!m_info.number.isEmpty())
            title += u" · "_s + m_info.number;
        auto *top = new QTreeWidgetItem(m_tree, {title});
        top->setToolTip(0, m_path.isEmpty() ? tr("This case has not been saved yet") : m_path);
        QTreeWidgetItem *chosen = nullptr;
        for (std::size_t i = 0; i < m_items.size(); ++i) {
            const Item &item = m_items[i];
            QString name = item.facts.fileName;
            if (!item.facts.hashed)
                name += tr(" (hashing …)");
            auto *file = new QTreeWidgetItem(top, {name});
            file->setData(0, kItemRole, QVariant::fromValue(qulonglong(i)));
            file->setToolTip(0, item.facts.path + u'\n' + factsLine(item.facts));
            QFont font = m_tree->font();
            font.setBold(item.open);
            file->setFont(0, font);
            if (path.isEmpty() ? item.open : item.facts.path == path)
                chosen = file;
        }
        m_tree->expandAll();
        m_tree->setCurrentItem(chosen ? chosen : top);
    }
    showFacts();
}

const EvidencePanel::Item *EvidencePanel::current() const
{
    const QTreeWidgetItem *item = m_tree->currentItem();
    const QVariant number = item ? item->data(0, kItemRole) : QVariant();
    return number.isValid() && number.toULongLong() < m_items.size() ? &m_items[number.toULongLong()]
                                                                     : nullptr;
}

void EvidencePanel::showFacts()
{
    const Item *item = current();
    if (!item && m_items.empty())
        return m_state->showMessage(tr("No files yet"),
                                    tr("Drop a video or a picture here, or press Add file. Files are "
                                       "only read, never changed."));
    m_state->showContent();
    QString text;
    if (item) {
        text = factsHtml(item->facts, item->open ? m_clip.ledger() : Ledger{}, palette());
        if (!item->open)
            text += html::quiet(tr("Double click the file to show it."));
    } else {
        text = html::style(palette()) + u"<h3>"_s
            + html::escaped(m_info.title.isEmpty() ? tr("Untitled case") : m_info.title) + u"</h3>"_s
            + html::rowsBegin() + html::row(tr("Number"), m_info.number)
            + html::row(tr("Exhibit"), m_info.exhibit) + html::row(tr("Requested by"), m_info.requester)
            + html::row(tr("Question"), m_info.question)
            + html::row(tr("Examiner"), m_info.examiner) + html::row(tr("Role"), m_info.role)
            + html::row(tr("Organisation"), m_info.organisation)
            + html::row(tr("Case file"), m_path.isEmpty() ? tr("not saved yet") : m_path)
            + html::row(tr("Files"), QString::number(m_items.size())) + html::rowsEnd();
    }
    showHtml(m_facts, text);
}

void EvidencePanel::follow(const QUrl &link)
{
    const QString text = link.toString();
    if (!text.startsWith(u"copy:"))
        return;
    QGuiApplication::clipboard()->setText(text.mid(5));
    QToolTip::showText(QCursor::pos(), tr("Copied"), m_facts);
}

void EvidencePanel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (m_state && event->type() == QEvent::PaletteChange)
        showFacts();
}

} // namespace fw
