// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"

#include <QPointer>
#include <QWidget>

#include <vector>

class QPushButton;
class QTextBrowser;
class QTreeWidget;
class QTreeWidgetItem;
class QUrl;

namespace fw {

class StateStack;

/// The case and its files on top, the facts of the selected file below.
class EvidencePanel : public QWidget
{
    Q_OBJECT
public:
    /// @param clip  outlives the panel.
    explicit EvidencePanel(ClipModel &clip, QWidget *parent = nullptr);

    /// @param path  of the case file; empty while the case has not been saved.
    void setCase(const CaseInfo &info, const QString &path);
    void setEvidence(std::vector<Evidence> evidence);

Q_SIGNALS:
    void openRequested();                               ///< the reader wants to add a file
    void caseInfoRequested();                           ///< edit the case's title and so on
    void evidenceActivated(fw::EvidenceId evidence);    ///< show this file

protected:
    void changeEvent(QEvent *event) override;

private:
    struct Item
    {
        std::optional<EvidenceId> id;
        MediaFacts facts;
        bool open = false;
    };
    void rebuild();
    void listenToClip();
    void showFacts();
    void follow(const QUrl &link);
    const Item *current() const;

    ClipModel &m_clip;
    QPointer<FrameProvider> m_listened; ///< whose facts are being waited for
    CaseInfo m_info;
    QString m_path;
    std::vector<Evidence> m_evidence;
    std::vector<Item> m_items;
    StateStack *m_state = nullptr;
    QTreeWidget *m_tree;
    QTextBrowser *m_facts;
};

} // namespace fw
