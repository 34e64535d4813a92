// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/notes/notes_models.h"

#include "paint/color_map.h"
#include "panels/common/text.h"
#include "panels/common/two_line_delegate.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

NotesModel::NotesModel(ClipModel &clip, QObject *parent) : ItemRowsModel(parent), m_clip(clip)
{
    connect(&clip, &ClipModel::notesChanged, this, &NotesModel::rebuild);
    connect(&clip, &ClipModel::clipChanged, this, &NotesModel::rebuild);
    rebuild();
}

void NotesModel::rebuild()
{
    std::vector<Note> rows = m_clip.notes();
    std::reverse(rows.begin(), rows.end());
    setRows(std::move(rows));
}

QVariant NotesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Note &note = *rowAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return note.text;
    case TwoLineDelegate::StruckRole:
        return note.removed;
    case TwoLineDelegate::SecondLineRole: {
        QStringList parts;
        if (note.removed)
            parts << tr("struck");
        if (note.frame && note.evidence == m_clip.evidence())
            parts << placeText(*note.frame, m_clip.clock());
        else if (note.frame)
            parts << tr("frame %1 of another file").arg(*note.frame);
        if (note.findingId)
            parts << tr("on a finding");
        parts << note.written.toUTC().toString(u"yyyy-MM-dd HH:mm 'UTC'"_s);
        if (!note.author.isEmpty())
            parts << note.author;
        if (!note.earlier.empty())
            parts << tr("version %1").arg(note.earlier.size() + 1);
        return parts.join(u" · "_s);
    }
    case Qt::AccessibleTextRole:
        return note.text + u". "_s + data(index, TwoLineDelegate::SecondLineRole).toString();
    default:
        return {};
    }
}

MarksModel::MarksModel(ClipModel &clip, QObject *parent) : ItemRowsModel(parent), m_clip(clip)
{
    for (const auto signal : {&ClipModel::marksChanged, &ClipModel::clipChanged, &ClipModel::clockChanged})
        connect(&clip, signal, this, &MarksModel::rebuild);
    rebuild();
}

void MarksModel::rebuild()
{
    std::vector<Mark> rows;
    std::copy_if(m_clip.marks().begin(), m_clip.marks().end(), std::back_inserter(rows),
                 [](const Mark &mark) { return !mark.removed; });
    std::stable_sort(rows.begin(), rows.end(), [](const Mark &a, const Mark &b) {
        return a.range.begin < b.range.begin;
    });
    setRows(std::move(rows));
}

QVariant MarksModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Mark &mark = *rowAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return mark.label.isEmpty() ? tr("(no label)") : mark.label;
    case Qt::EditRole:
        return mark.label;
    case Qt::ToolTipRole:
        return tr("Enter goes there, F2 changes the label");
    case TwoLineDelegate::SecondLineRole:
        return rangeText(mark.range, m_clip.clock());
    case TwoLineDelegate::SwatchRole:
        return QColor::isValidColor(mark.color) ? QColor(mark.color) : seriesColor(1);
    case Qt::AccessibleTextRole:
        return mark.label + u". "_s + rangeText(mark.range, m_clip.clock());
    default:
        return {};
    }
}

bool MarksModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    const Mark *mark = index.isValid() ? rowAt(index.row()) : nullptr;
    if (role != Qt::EditRole || !mark || mark->label == value.toString())
        return false;
    Mark changed = *mark;
    changed.label = value.toString();
    m_clip.changeMark(changed); // comes back as marksChanged
    return true;
}

Qt::ItemFlags MarksModel::flags(const QModelIndex &index) const
{
    return QAbstractListModel::flags(index) | (index.isValid() ? Qt::ItemIsEditable : Qt::NoItemFlags);
}

} // namespace fw
