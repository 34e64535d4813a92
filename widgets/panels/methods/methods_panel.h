// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"
#include "run/plugin_registry.h"

#include <QWidget>

#include <map>
#include <vector>

class QLabel;
class QLineEdit;
class QPushButton;
class QScrollArea;
class QTabWidget;
class QTextBrowser;
class QTreeWidget;
class QTreeWidgetItem;

namespace fw {

class OptionForm;
class StateStack;

/// The methods by family: which of them the next analysis runs, with which options, and the card of
/// the selected one. Plugins that were refused stand in a group of their own with the reason.
class MethodsPanel : public QWidget
{
    Q_OBJECT
public:
    /// @param clip  outlives the panel.
    explicit MethodsPanel(ClipModel &clip, QWidget *parent = nullptr);

    /// Every usable detector is chosen at first; a choice made before survives a new scan.
    void setEntries(std::vector<PluginEntry> entries);
    std::vector<MethodChoice> choices() const;
    /// Checks exactly these methods and takes over their options; unknown ids are ignored.
    void setChoices(const std::vector<MethodChoice> &choices);
    /// Selects a method and shows its card. False when there is no such plugin.
    bool showMethod(const QString &pluginId);

Q_SIGNALS:
    void analyseRequested();
    void cancelRequested();
    void choicesChanged();

protected:
    void changeEvent(QEvent *event) override;

private:
    QTreeWidgetItem *familyItem(const QString &title);
    void addEntry(std::size_t number);
    const PluginEntry *entryOf(const QTreeWidgetItem *item) const;
    std::vector<QTreeWidgetItem *> methodItems() const;
    void updateStates();
    void updateButtons();
    void filter(const QString &text);
    void showCard();

    ClipModel &m_clip;
    std::vector<PluginEntry> m_entries;
    std::map<QString, bool> m_chosen;
    std::map<QString, QJsonObject> m_options;
    StateStack *m_state = nullptr;
    QLineEdit *m_search;
    QTreeWidget *m_tree;
    QPushButton *m_analyse, *m_cancel;
    QLabel *m_count;
    QTabWidget *m_tabs;
    QTextBrowser *m_card;
    QScrollArea *m_optionArea;
};

} // namespace fw
