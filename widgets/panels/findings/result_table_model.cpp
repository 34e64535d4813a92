// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/findings/result_table_model.h"

#include "panels/common/text.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

QString csvField(const QString &text)
{
    static const QString special = u",\"\r\n"_s;
    const bool quoted = std::any_of(text.begin(), text.end(),
                                    [](QChar c) { return special.contains(c); });
    return quoted ? u'"' + QString(text).replace(u'"', u"\"\""_s) + u'"' : text;
}

QString exactText(const QJsonValue &value)
{
    if (value.isBool())
        return value.toBool() ? u"true"_s : u"false"_s;
    return value.isDouble() ? QString::number(value.toDouble(), 'g', QLocale::FloatingPointShortest)
                            : jsonText(value);
}

QString heading(const TableColumn &column)
{
    return column.unit.isEmpty() || column.unit == u"1" ? column.title
                                                         : column.title + u" ["_s + column.unit + u']';
}

} // namespace

void ResultTableModel::setTable(Table table)
{
    beginResetModel();
    m_table = std::move(table);
    endResetModel();
}

int ResultTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_table.rows.size());
}

int ResultTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_table.columns.size());
}

QVariant ResultTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const QJsonValue value = m_table.rows[std::size_t(index.row())].at(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return jsonText(value);
    case Qt::ToolTipRole:
        return value.isDouble() ? exactText(value) : jsonText(value);
    case Qt::TextAlignmentRole:
        return int(value.isDouble() ? Qt::AlignRight | Qt::AlignVCenter
                                    : Qt::AlignLeft | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant ResultTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return QAbstractTableModel::headerData(section, orientation, role);
    const TableColumn &column = m_table.columns[std::size_t(section)];
    if (role == Qt::DisplayRole)
        return heading(column);
    if (role == Qt::ToolTipRole && column.isFrame)
        return tr("Frame numbers: a double click goes there");
    return {};
}

std::optional<FrameIndex> ResultTableModel::frameAt(const QModelIndex &index) const
{
    if (!index.isValid())
        return std::nullopt;
    const QJsonArray &row = m_table.rows[std::size_t(index.row())];
    const auto frameIn = [&](int column) -> std::optional<FrameIndex> {
        const QJsonValue value = row.at(column);
        if (!m_table.columns[std::size_t(column)].isFrame || !value.isDouble())
            return std::nullopt;
        return FrameIndex(std::llround(value.toDouble()));
    };
    if (const auto frame = frameIn(index.column()))
        return frame; // the column that was meant, where there are several
    for (int column = 0; column < columnCount(); ++column) {
        if (const auto frame = frameIn(column))
            return frame;
    }
    return std::nullopt;
}

QString ResultTableModel::toCsv() const
{
    QStringList lines;
    QStringList fields;
    for (const TableColumn &column : m_table.columns)
        fields << csvField(heading(column));
    lines << fields.join(u',');
    for (const QJsonArray &row : m_table.rows) {
        fields.clear();
        for (int column = 0; column < columnCount(); ++column)
            fields << csvField(exactText(row.at(column)));
        lines << fields.join(u',');
    }
    return lines.join(u"\r\n"_s) + u"\r\n"_s;
}

} // namespace fw
