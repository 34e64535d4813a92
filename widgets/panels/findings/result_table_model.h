// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "findings/measurement.h"

#include <QAbstractTableModel>

namespace fw {

/// One table that a method measured. Rows may be shorter than the columns: what is missing is empty.
class ResultTableModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    void setTable(Table table);
    const Table &table() const { return m_table; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// The frame that a row names in its first frame column; nullopt when it names none.
    std::optional<FrameIndex> frameAt(const QModelIndex &index) const;
    /// RFC 4180, all digits kept, columns headed "title [unit]".
    QString toCsv() const;

private:
    Table m_table;
};

} // namespace fw
