// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"

#include <QAbstractListModel>

namespace fw {

/// The notes of the case, newest first, struck ones included. Roles as TwoLineDelegate wants them.
class NotesModel : public QAbstractListModel
{
    Q_OBJECT
public:
    explicit NotesModel(ClipModel &clip, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    const Note *noteAt(int row) const; ///< nullptr outside
    int rowOf(NoteId id) const;        ///< -1 when there is none

private:
    void rebuild();

    ClipModel &m_clip;
    std::vector<Note> m_rows;
};

/// The marks of the clip by place; removed ones are not listed. Labels are edited in place.
class MarksModel : public QAbstractListModel
{
    Q_OBJECT
public:
    explicit MarksModel(ClipModel &clip, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

    const Mark *markAt(int row) const;
    int rowOf(MarkId id) const;

private:
    void rebuild();

    ClipModel &m_clip;
    std::vector<Mark> m_rows;
};

} // namespace fw
