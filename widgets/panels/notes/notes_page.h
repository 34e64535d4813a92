// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"

#include <QWidget>

#include <optional>

class QCheckBox;
class QLabel;
class QListView;
class QPlainTextEdit;
class QPushButton;
class QTextBrowser;

namespace fw {

class NotesModel;
class StateStack;

/// The notes of the case: list, full text with earlier versions, and a composer. A note is never
/// overwritten: a correction becomes a new version and the earlier ones stay readable.
class NotesPage : public QWidget
{
    Q_OBJECT
public:
    explicit NotesPage(ClipModel &clip, QWidget *parent = nullptr);

    void setAuthor(const QString &author) { m_author = author; }
    NotesModel &model() { return *m_notes; }
    void focusComposer();

protected:
    void changeEvent(QEvent *event) override;

private:
    QWidget *makeList();
    QWidget *makeComposer();
    void updateLinks();
    void updateButtons();
    void showNote();
    void save();
    void beginEdit();
    void endEdit();
    void toggleStruck();
    void goToNote();
    const Note *current() const;

    ClipModel &m_clip;
    NotesModel *m_notes;
    QString m_author;
    std::optional<NoteId> m_editing;
    StateStack *m_state = nullptr;
    QListView *m_list;
    QTextBrowser *m_text;
    QPlainTextEdit *m_composer;
    QLabel *m_composerTitle;
    QCheckBox *m_atFrame, *m_onFinding;
    QPushButton *m_save, *m_discard, *m_edit, *m_strike, *m_go;
};

} // namespace fw
