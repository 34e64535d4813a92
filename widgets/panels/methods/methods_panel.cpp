// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/methods/methods_panel.h"

#include "panels/common/html.h"
#include "panels/common/state_stack.h"
#include "panels/common/text.h"
#include "panels/methods/method_card.h"
#include "panels/methods/option_form.h"

#include <QBoxLayout>
#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QTabWidget>
#include <QTextBrowser>
#include <QTreeWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr int kEntryRole = Qt::UserRole;
enum Column { NameColumn, StateColumn, VersionColumn };

QString stateText(const MethodProgress &progress)
{
    switch (progress.state) {
    case MethodProgress::State::Waiting:
        return MethodsPanel::tr("waiting");
    case MethodProgress::State::Running:
        return progress.framesTotal > 0
            ? MethodsPanel::tr("%1 %").arg(progress.framesDone * 100 / progress.framesTotal)
            : MethodsPanel::tr("running");
    case MethodProgress::State::Done:
        return MethodsPanel::tr("done");
    case MethodProgress::State::NotApplicable:
        return MethodsPanel::tr("not applicable");
    case MethodProgress::State::Failed:
        return MethodsPanel::tr("failed");
    case MethodProgress::State::Cancelled:
        return MethodsPanel::tr("cancelled");
    case MethodProgress::State::Cached:
        break;
    }
    return MethodsPanel::tr("known already");
}

QString stateText(RunState state)
{
    switch (state) {
    case RunState::Done:
        return MethodsPanel::tr("done");
    case RunState::NotApplicable:
        return MethodsPanel::tr("not applicable");
    case RunState::Failed:
        return MethodsPanel::tr("failed");
    case RunState::Cancelled:
        break;
    }
    return MethodsPanel::tr("cancelled");
}

QString familyTitle(const Manifest &manifest)
{
    QString title = manifest.family;
    if (title.isEmpty())
        title = manifest.kind == PluginKind::Observer ? u"observers"_s : u"other methods"_s;
    title[0] = title[0].toUpper();
    return title;
}

} // namespace

MethodsPanel::MethodsPanel(ClipModel &clip, QWidget *parent) : QWidget(parent), m_clip(clip)
{
    setAccessibleName(tr("Methods"));
    m_analyse = new QPushButton(tr("Analyse"));
    m_cancel = new QPushButton(tr("Cancel"));
    m_count = new QLabel;
    m_count->setWordWrap(true);
    connect(m_analyse, &QPushButton::clicked, this, &MethodsPanel::analyseRequested);
    connect(m_cancel, &QPushButton::clicked, this, &MethodsPanel::cancelRequested);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(8, 8, 8, 0);
    bar->addWidget(m_analyse);
    bar->addWidget(m_cancel);
    bar->addWidget(m_count, 1);

    m_search = new QLineEdit;
    m_search->setPlaceholderText(tr("Filter methods"));
    m_search->setAccessibleName(tr("Filter methods by text"));
    m_search->setClearButtonEnabled(true);
    connect(m_search, &QLineEdit::textChanged, this, &MethodsPanel::filter);
    auto *searchBar = new QHBoxLayout;
    searchBar->setContentsMargins(8, 8, 8, 8);
    searchBar->addWidget(m_search);

    m_tree = new QTreeWidget;
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setAccessibleName(tr("Methods by family"));
    m_tree->setHeaderLabels({tr("Method"), tr("State"), tr("Version")});
    m_tree->setUniformRowHeights(true);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(NameColumn, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(StateColumn, QHeaderView::ResizeToContents);
    m_tree->setColumnHidden(VersionColumn, true); // the card says it; names need the room
    connect(m_tree, &QTreeWidget::currentItemChanged, this, &MethodsPanel::showCard);
    connect(m_tree, &QTreeWidget::itemChanged, this, [this](QTreeWidgetItem *item, int column) {
        const PluginEntry *entry = entryOf(item);
        if (column != NameColumn || !entry || entry->refusal)
            return;
        m_chosen[entry->manifest.id] = item->checkState(NameColumn) == Qt::Checked;
        updateButtons();
        Q_EMIT choicesChanged();
    });

    m_card = new QTextBrowser;
    m_card->setOpenExternalLinks(true);
    m_card->setFrameShape(QFrame::NoFrame);
    m_card->setAccessibleName(tr("Card of the selected method"));
    m_card->document()->setDocumentMargin(8);
    m_card->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere); // hashes are long words
    m_optionArea = new QScrollArea;
    m_optionArea->setWidgetResizable(true);
    m_optionArea->setFrameShape(QFrame::NoFrame);
    m_tabs = new QTabWidget;
    m_tabs->setAccessibleName(tr("The selected method"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_card, tr("Card"));
    m_tabs->addTab(m_optionArea, tr("Options"));

    auto *top = new QWidget;
    auto *column = new QVBoxLayout(top);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addLayout(searchBar);
    column->addWidget(m_tree, 1);
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(top);
    splitter->addWidget(m_tabs);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    m_state = new StateStack(splitter);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_state);

    for (const auto signal : {&ClipModel::clipChanged, &ClipModel::resultsChanged,
                              &ClipModel::runningChanged, &ClipModel::progressChanged})
        connect(&clip, signal, this, &MethodsPanel::updateStates);
    setEntries({});
}

void MethodsPanel::setEntries(std::vector<PluginEntry> entries)
{
    const PluginEntry *before = entryOf(m_tree->currentItem());
    const QString current = before ? before->manifest.id : QString();
    m_entries = std::move(entries);
    {
        const QSignalBlocker quiet(m_tree);
        m_tree->clear();
        for (const bool refused : {false, true}) { // the group of the refused stands last
            for (std::size_t i = 0; i < m_entries.size(); ++i)
                if (m_entries[i].refusal.has_value() == refused)
                    addEntry(i);
        }
        m_tree->expandAll();
    }
    if (m_entries.empty())
        m_state->showMessage(tr("No methods were found"),
                             tr("Methods are plugins. They are looked for beside the program and in the "
                                "folders of FW_PLUGIN_PATH."));
    else
        m_state->showContent();
    updateStates();
    if (!showMethod(current) && m_tree->topLevelItemCount() > 0)
        m_tree->setCurrentItem(m_tree->topLevelItem(0)->child(0));
    showCard();
}

QTreeWidgetItem *MethodsPanel::familyItem(const QString &title)
{
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        if (m_tree->topLevelItem(i)->text(NameColumn) == title)
            return m_tree->topLevelItem(i);
    }
    auto *item = new QTreeWidgetItem(m_tree, {title});
    QFont bold = m_tree->font();
    bold.setWeight(QFont::DemiBold);
    item->setFont(NameColumn, bold);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    return item;
}

void MethodsPanel::addEntry(std::size_t number)
{
    const PluginEntry &entry = m_entries[number];
    const Manifest &manifest = entry.manifest;
    QTreeWidgetItem *family = familyItem(entry.refusal ? tr("Cannot be used") : familyTitle(manifest));
    const QString name = manifest.name.isEmpty() ? entry.folder.section(u'/', -1) : manifest.name;
    auto *item = new QTreeWidgetItem(family, {name, QString(), manifest.version});
    item->setData(NameColumn, kEntryRole, QVariant::fromValue(qulonglong(number)));
    item->setToolTip(NameColumn, entry.refusal ? entry.refusal->text() : manifest.summary);
    if (entry.refusal) {
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        item->setText(StateColumn, tr("refused"));
        item->setToolTip(StateColumn, entry.refusal->text());
        return;
    }
    family->setFlags(family->flags() | Qt::ItemIsUserCheckable | Qt::ItemIsAutoTristate);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    const bool chosen = m_chosen.try_emplace(manifest.id, manifest.kind == PluginKind::Detector)
                            .first->second;
    item->setCheckState(NameColumn, chosen ? Qt::Checked : Qt::Unchecked);
}

const PluginEntry *MethodsPanel::entryOf(const QTreeWidgetItem *item) const
{
    const QVariant number = item ? item->data(NameColumn, kEntryRole) : QVariant();
    return number.isValid() ? &m_entries[number.toULongLong()] : nullptr;
}

std::vector<QTreeWidgetItem *> MethodsPanel::methodItems() const
{
    std::vector<QTreeWidgetItem *> items;
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        for (int k = 0; k < m_tree->topLevelItem(i)->childCount(); ++k)
            items.push_back(m_tree->topLevelItem(i)->child(k));
    }
    return items;
}

std::vector<MethodChoice> MethodsPanel::choices() const
{
    std::vector<MethodChoice> choices;
    for (const QTreeWidgetItem *item : methodItems()) {
        const PluginEntry *entry = entryOf(item);
        if (!entry || entry->refusal || item->checkState(NameColumn) != Qt::Checked)
            continue;
        const auto options = m_options.find(entry->manifest.id);
        choices.push_back({entry->manifest.id,
                           options == m_options.end() ? QJsonObject() : options->second});
    }
    return choices;
}

void MethodsPanel::setChoices(const std::vector<MethodChoice> &choices)
{
    for (auto &[id, chosen] : m_chosen)
        chosen = false;
    for (const MethodChoice &choice : choices) {
        m_chosen[choice.pluginId] = true;
        m_options[choice.pluginId] = choice.options;
    }
    {
        const QSignalBlocker quiet(this); // one signal at the end, not one a box
        for (QTreeWidgetItem *item : methodItems()) {
            const PluginEntry *entry = entryOf(item);
            if (!entry || entry->refusal)
                continue;
            const bool chosen = std::any_of(choices.begin(), choices.end(), [&](const MethodChoice &c) {
                return c.pluginId == entry->manifest.id;
            });
            item->setCheckState(NameColumn, chosen ? Qt::Checked : Qt::Unchecked);
        }
    }
    showCard();
    updateButtons();
    Q_EMIT choicesChanged();
}

bool MethodsPanel::showMethod(const QString &pluginId)
{
    for (QTreeWidgetItem *item : methodItems()) {
        const PluginEntry *entry = entryOf(item);
        if (!entry || pluginId.isEmpty() || entry->manifest.id != pluginId)
            continue;
        m_search->clear();
        m_tree->setCurrentItem(item);
        m_tree->scrollToItem(item);
        m_tabs->setCurrentWidget(m_card);
        return true;
    }
    return false;
}

void MethodsPanel::updateStates()
{
    const QSignalBlocker quiet(m_tree);
    const auto &running = m_clip.progress().methods;
    for (QTreeWidgetItem *item : methodItems()) {
        const PluginEntry *entry = entryOf(item);
        if (!entry || entry->refusal)
            continue;
        const QString &id = entry->manifest.id;
        const auto it = std::find_if(running.begin(), running.end(),
                                     [&](const MethodProgress &p) { return p.pluginId == id; });
        const MethodResult *result = m_clip.result(id);
        QString text;
        if (m_clip.isRunning() && it != running.end())
            text = stateText(*it);
        else if (result)
            text = stateText(result->state);
        if (item->text(StateColumn) != text)
            item->setText(StateColumn, text);
        item->setToolTip(StateColumn, result ? result->reason : QString());
    }
    updateButtons();
}

void MethodsPanel::updateButtons()
{
    const std::size_t chosen = choices().size();
    m_analyse->setVisible(!m_clip.isRunning());
    m_cancel->setVisible(m_clip.isRunning());
    m_analyse->setEnabled(m_clip.provider() && chosen > 0);
    m_analyse->setToolTip(!m_clip.provider() ? tr("Open a file first")
                          : chosen == 0      ? tr("Choose at least one method")
                                             : tr("Run the chosen methods on the open file"));
    const auto usable = std::count_if(m_entries.begin(), m_entries.end(),
                                      [](const PluginEntry &e) { return !e.refusal; });
    m_count->setText(tr("%1 of %2 methods").arg(chosen).arg(usable));
    m_count->setToolTip(tr("Observers that a chosen method needs run with it."));
}

void MethodsPanel::filter(const QString &text)
{
    for (QTreeWidgetItem *item : methodItems()) {
        const PluginEntry *entry = entryOf(item);
        const QString all = item->text(NameColumn) + u' ' + item->parent()->text(NameColumn) + u' '
            + entry->manifest.summary + u' ' + citationText(entry->manifest.method);
        item->setHidden(!all.contains(text.trimmed(), Qt::CaseInsensitive));
    }
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        QTreeWidgetItem *family = m_tree->topLevelItem(i);
        bool any = false;
        for (int k = 0; k < family->childCount(); ++k)
            any = any || !family->child(k)->isHidden();
        family->setHidden(!any);
    }
}

void MethodsPanel::showCard()
{
    const PluginEntry *entry = entryOf(m_tree->currentItem());
    if (!entry) {
        showHtml(m_card, html::style(palette())
                             + html::quiet(tr("Select a method to read what it looks for, whom it "
                                              "follows and what it cannot see.")));
        m_optionArea->setWidget(new QWidget);
        m_tabs->setTabEnabled(1, false);
        return;
    }
    showHtml(m_card, methodCardHtml(*entry, palette()));
    const QString id = entry->manifest.id;
    auto *form = new OptionForm(entry->manifest, m_options[id]);
    connect(form, &OptionForm::changed, this, [this, form, id] {
        m_options[id] = form->values();
        Q_EMIT choicesChanged();
    });
    m_optionArea->setWidget(form); // deletes the form before
    m_tabs->setTabEnabled(1, !entry->refusal);
    m_tabs->setTabText(1, entry->manifest.options.empty()
                              ? tr("Options")
                              : tr("Options (%1)").arg(entry->manifest.options.size()));
}

void MethodsPanel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (m_state && (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange))
        showCard();
}

} // namespace fw
