// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "work/untitled_cases.h"

#include <QDialog>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace fw {

/// Lists cases without a name: open one, discard some, or leave them for later. Discarding asks once.
class UntitledDialog : public QDialog
{
    Q_OBJECT
public:
    /// @param afterCrash  says why the list appears by itself.
    UntitledDialog(const std::vector<UntitledCase> &cases, bool afterCrash, QWidget *parent = nullptr);

Q_SIGNALS:
    void openRequested(const QString &path);
    void failed(const fw::Error &error);

private:
    void add(const UntitledCase &one);
    void openSelected();
    void askToDiscard();
    void discardSelected();
    void updateButtons();

    QTreeWidget *m_list;
    QLabel *m_question;
    QPushButton *m_open, *m_later, *m_discard;
    bool m_asked = false; ///< the question is on screen: the next press discards
};

} // namespace fw
