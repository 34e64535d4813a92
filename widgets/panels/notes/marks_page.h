// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"

#include <QWidget>

class QListView;
class QPushButton;

namespace fw {

class MarksModel;
class StateStack;

/// The marks of the clip by place. Labels are edited in the list, everything can be undone.
class MarksPage : public QWidget
{
    Q_OBJECT
public:
    explicit MarksPage(ClipModel &clip, QWidget *parent = nullptr);

    MarksModel &model() { return *m_marks; }
    /// Marks the frame at the playhead, or the range from in to out when both are set.
    void addMark();

private:
    void updateButtons();
    void goToMark();
    void changeColor();
    void removeMark();
    const Mark *current() const;

    ClipModel &m_clip;
    MarksModel *m_marks;
    StateStack *m_state;
    QListView *m_list;
    QPushButton *m_add, *m_go, *m_label, *m_color, *m_remove;
};

} // namespace fw
