// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"

#include <QWidget>

class QTabWidget;

namespace fw {

class MarksPage;
class NotesPage;

/// Notes of the case and marks of the clip, with undo and redo for both.
class NotesPanel : public QWidget
{
    Q_OBJECT
public:
    /// @param clip  outlives the panel.
    explicit NotesPanel(ClipModel &clip, QWidget *parent = nullptr);

    void setAuthor(const QString &author); ///< written into new notes

public Q_SLOTS:
    void writeNote(); ///< shows the notes and puts the cursor into the composer
    void addMarkAtPlayhead();

private:
    void updateTitles();

    QTabWidget *m_tabs;
    NotesPage *m_notes;
    MarksPage *m_marks;
};

} // namespace fw
