// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"

#include <QAbstractListModel>

#include <algorithm>

namespace fw {

/// A list of items with ids. Rows are reset only when items come or go: a changed item keeps what is
/// selected.
template <class Item> class ItemRowsModel : public QAbstractListModel
{
public:
    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_rows.size()); }
    const Item *rowAt(int row) const ///< nullptr outside
    {
        return row >= 0 && row < int(m_rows.size()) ? &m_rows[std::size_t(row)] : nullptr;
    }
    int rowOf(decltype(Item::id) id) const ///< -1 when there is none
    {
        const auto it = std::ranges::find(m_rows, id, &Item::id);
        return it == m_rows.end() ? -1 : int(it - m_rows.begin());
    }

protected:
    void setRows(std::vector<Item> rows)
    {
        const bool same = std::ranges::equal(rows, m_rows, {}, &Item::id, &Item::id);
        if (!same)
            beginResetModel();
        m_rows = std::move(rows);
        if (!same)
            endResetModel();
        else if (!m_rows.empty())
            Q_EMIT dataChanged(index(0), index(int(m_rows.size()) - 1));
    }

private:
    std::vector<Item> m_rows;
};

/// The notes of the case, newest first, struck ones included. Roles as TwoLineDelegate wants them.
class NotesModel : public ItemRowsModel<Note>
{
    Q_OBJECT
public:
    explicit NotesModel(ClipModel &clip, QObject *parent = nullptr);

    QVariant data(const QModelIndex &index, int role) const override;

private:
    void rebuild();

    ClipModel &m_clip;
};

/// The marks of the clip by place; removed ones are not listed. Labels are edited in place.
class MarksModel : public ItemRowsModel<Mark>
{
    Q_OBJECT
public:
    explicit MarksModel(ClipModel &clip, QObject *parent = nullptr);

    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    void rebuild();

    ClipModel &m_clip;
};

} // namespace fw
