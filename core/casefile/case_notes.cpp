// SPDX-License-Identifier: GPL-3.0-or-later
#include "casefile/case_file.h"
#include "casefile/case_impl.h"

#include <map>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

// QString() would be stored as NULL; an empty text is a text.
QString text(const QString &s)
{
    return s.isNull() ? u""_s : s;
}

QVariantMap columnsOf(const Mark &mark)
{
    return {{u"mark"_s, qint64(mark.id)},           {u"evidence"_s, qint64(mark.evidence)},
            {u"first"_s, qint64(mark.range.begin)}, {u"stop"_s, qint64(mark.range.end)},
            {u"label"_s, text(mark.label)},         {u"color"_s, text(mark.color)},
            {u"removed"_s, int(mark.removed)}};
}

QJsonObject about(const Mark &mark)
{
    return {{u"mark"_s, qint64(mark.id)},
            {u"evidence"_s, qint64(mark.evidence)},
            {u"frames"_s, QJsonArray{qint64(mark.range.begin), qint64(mark.range.end)}},
            {u"label"_s, mark.label},
            {u"removed"_s, mark.removed}};
}

bool sameMark(const Mark &a, const Mark &b)
{
    return a.range == b.range && a.label == b.label && a.color == b.color && a.removed == b.removed;
}

QVariantMap columnsOf(const Note &note)
{
    const QDateTime written =
        note.written.isValid() ? note.written : QDateTime::currentDateTimeUtc();
    return {{u"note"_s, qint64(note.id)},
            {u"evidence"_s, note.evidence ? QVariant(qint64(*note.evidence)) : QVariant()},
            {u"frame"_s, note.frame ? QVariant(qint64(*note.frame)) : QVariant()},
            {u"finding"_s, note.findingId ? QVariant(text(*note.findingId)) : QVariant()},
            {u"text"_s, text(note.text)},
            {u"author"_s, text(note.author)},
            {u"written"_s, written.toUTC().toString(Qt::ISODateWithMs)},
            {u"removed"_s, int(note.removed)}};
}

QJsonObject about(const Note &note)
{
    return {{u"note"_s, qint64(note.id)}, {u"text"_s, note.text}, {u"removed"_s, note.removed}};
}

bool sameNote(const Note &a, const Note &b)
{
    return a.evidence == b.evidence && a.frame == b.frame && a.findingId == b.findingId &&
           a.text == b.text && a.removed == b.removed;
}

} // namespace

Result<MarkId> CaseFile::addMark(const Mark &given)
{
    Mark mark = given;
    Change change(*m_impl);
    if (mark.id == MarkId{}) {
        mark.id =
            MarkId(change.single(u"SELECT COALESCE(MAX(mark), 0) + 1 FROM mark"_s).toLongLong());
    } else if (change
                   .single(u"SELECT COUNT(*) FROM mark WHERE mark = ? AND evidence = ?"_s,
                           {qint64(mark.id), qint64(mark.evidence)})
                   .toInt() > 0) {
        change.refuse(fail(Errc::Mismatch,
                           u"there is a mark with the number %1 already"_s.arg(qint64(mark.id)),
                           path()));
    }
    change.add(u"mark"_s, columnsOf(mark));
    const auto done = change.commit(u"mark-added"_s, about(mark));
    if (!done)
        return Failure{done.error()};
    return mark.id;
}

Result<void> CaseFile::changeMark(const Mark &mark)
{
    for (const Mark &old : marks(mark.evidence)) {
        if (old.id != mark.id)
            continue;
        if (sameMark(old, mark))
            return {};
        Change change(*m_impl);
        change.add(u"mark"_s, columnsOf(mark));
        const QString action = mark.removed == old.removed ? u"mark-changed"_s
                               : mark.removed              ? u"mark-removed"_s
                                                           : u"mark-restored"_s;
        return change.commit(action, about(mark));
    }
    return fail(Errc::NotFound, u"there is no mark with the number %1"_s.arg(qint64(mark.id)),
                path());
}

std::vector<Mark> CaseFile::marks(EvidenceId evidence) const
{
    std::vector<Mark> marks;
    auto query =
        m_impl->rows(u"SELECT mark, first, stop, label, color, removed FROM mark WHERE id IN "
                     "(SELECT MAX(id) FROM mark WHERE evidence = ? GROUP BY mark) "
                     "ORDER BY mark"_s,
                     {qint64(evidence)});
    while (query && query->next()) {
        marks.push_back({MarkId(query->value(0).toLongLong()),
                         evidence,
                         {query->value(1).toLongLong(), query->value(2).toLongLong()},
                         query->value(3).toString(),
                         query->value(4).toString(),
                         query->value(5).toBool()});
    }
    return marks;
}

Result<NoteId> CaseFile::addNote(const Note &given)
{
    Note note = given;
    Change change(*m_impl);
    if (note.id == NoteId{}) {
        note.id =
            NoteId(change.single(u"SELECT COALESCE(MAX(note), 0) + 1 FROM note"_s).toLongLong());
    } else if (change.single(u"SELECT COUNT(*) FROM note WHERE note = ?"_s, {qint64(note.id)})
                   .toInt() > 0) {
        change.refuse(fail(Errc::Mismatch,
                           u"there is a note with the number %1 already"_s.arg(qint64(note.id)),
                           path()));
    }
    change.add(u"note"_s, columnsOf(note));
    const auto done = change.commit(u"note-added"_s, about(note));
    if (!done)
        return Failure{done.error()};
    return note.id;
}

Result<void> CaseFile::changeNote(const Note &given)
{
    for (const Note &old : notes()) {
        if (old.id != given.id)
            continue;
        if (sameNote(old, given))
            return {};
        Note note = given;
        if (note.written == old.written)
            note.written = {}; // the time of the version it replaces: this one is written now
        Change change(*m_impl);
        change.add(u"note"_s, columnsOf(note));
        const QString action = note.removed == old.removed ? u"note-changed"_s
                               : note.removed              ? u"note-removed"_s
                                                           : u"note-restored"_s;
        return change.commit(action, about(note));
    }
    return fail(Errc::NotFound, u"there is no note with the number %1"_s.arg(qint64(given.id)),
                path());
}

std::vector<Note> CaseFile::notes() const
{
    std::map<NoteId, Note> newest;
    auto query =
        m_impl->rows(u"SELECT note, evidence, frame, finding, text, author, written, removed "
                     "FROM note ORDER BY id"_s);
    while (query && query->next()) {
        Note note;
        note.id = NoteId(query->value(0).toLongLong());
        if (!query->isNull(1))
            note.evidence = EvidenceId(query->value(1).toLongLong());
        if (!query->isNull(2))
            note.frame = query->value(2).toLongLong();
        if (!query->isNull(3))
            note.findingId = query->value(3).toString();
        note.text = query->value(4).toString();
        note.author = query->value(5).toString();
        note.written = QDateTime::fromString(query->value(6).toString(), Qt::ISODateWithMs);
        note.removed = query->value(7).toBool();
        if (const auto before = newest.find(note.id); before != newest.end()) {
            note.earlier = before->second.earlier;
            if (before->second.text != note.text)
                note.earlier.push_back(before->second.text);
        }
        newest[note.id] = std::move(note);
    }
    std::vector<Note> notes;
    for (auto &[id, note] : newest)
        notes.push_back(std::move(note));
    return notes;
}

} // namespace fw
