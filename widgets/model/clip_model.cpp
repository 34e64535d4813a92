// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/clip_model.h"

#include <QUndoCommand>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

/// One step of an item from one state to another. The item itself knows whether it is struck out,
/// so adding, changing and removing are the same step.
class MarkStep final : public QUndoCommand
{
public:
    MarkStep(ClipModel &model, Mark before, Mark after, const QString &text)
        : QUndoCommand(text), m_model(model), m_before(std::move(before)), m_after(std::move(after))
    {
    }
    void undo() override { m_model.applyMark(m_before); }
    void redo() override { m_model.applyMark(m_after); }

private:
    ClipModel &m_model;
    Mark m_before, m_after;
};

class NoteStep final : public QUndoCommand
{
public:
    NoteStep(ClipModel &model, Note before, Note after, const QString &text)
        : QUndoCommand(text), m_model(model), m_before(std::move(before)), m_after(std::move(after))
    {
    }
    void undo() override { m_model.applyNote(m_before); }
    void redo() override { m_model.applyNote(m_after); }

private:
    ClipModel &m_model;
    Note m_before, m_after;
};

// Steps that change nothing would make Undo look broken.
bool isSame(const Mark &a, const Mark &b)
{
    return a.range == b.range && a.label == b.label && a.color == b.color && a.removed == b.removed;
}

bool isSame(const Note &a, const Note &b)
{
    return a.text == b.text && a.author == b.author && a.frame == b.frame && a.findingId == b.findingId
        && a.evidence == b.evidence && a.removed == b.removed;
}

template <class Item> Item *findById(std::vector<Item> &items, decltype(Item::id) id)
{
    const auto it = std::find_if(items.begin(), items.end(), [id](const Item &i) { return i.id == id; });
    return it == items.end() ? nullptr : &*it;
}

/// Ids name items of the whole case, of which only this clip's are here: the clock keeps them apart.
template <class Item> decltype(Item::id) nextId(const std::vector<Item> &items)
{
    qint64 highest = QDateTime::currentMSecsSinceEpoch();
    for (const Item &item : items)
        highest = std::max(highest, static_cast<qint64>(item.id) + 1);
    return static_cast<decltype(Item::id)>(highest);
}

} // namespace

ClipModel::ClipModel(QObject *parent) : QObject(parent) {}
ClipModel::~ClipModel() = default;

void ClipModel::setProvider(std::shared_ptr<FrameProvider> provider, std::optional<EvidenceId> evidence)
{
    if (m_provider)
        m_provider->disconnect(this);
    m_provider = std::move(provider);
    m_evidence = evidence;
    m_playhead = 0;
    m_in.reset();
    m_out.reset();
    m_observations = {};
    m_results.clear();
    m_ledger = {};
    m_progress = {};
    m_running = false;
    m_runProblem.clear();
    m_selected = {};
    m_marks.clear();
    m_undo.clear();
    if (m_provider)
        connect(m_provider.get(), &FrameProvider::clockChanged, this, &ClipModel::clockChanged);
    Q_EMIT clipChanged();
    Q_EMIT playheadChanged(m_playhead);
}

const ClipClock &ClipModel::clock() const
{
    static const ClipClock none;
    return m_provider ? m_provider->clock() : none;
}

void ClipModel::setPlayhead(FrameIndex index)
{
    const FrameIndex last = std::max<FrameIndex>(clock().frameCount - 1, 0);
    index = std::clamp<FrameIndex>(index, 0, last);
    if (index == m_playhead)
        return;
    m_playhead = index;
    Q_EMIT playheadChanged(index);
}

void ClipModel::setInOut(std::optional<FrameIndex> in, std::optional<FrameIndex> out)
{
    if (in && out && *in > *out)
        std::swap(in, out);
    m_in = in;
    m_out = out;
    Q_EMIT inOutChanged();
}

void ClipModel::setObservations(ObservationLog log)
{
    m_observations = std::move(log);
    Q_EMIT observationsChanged();
}

void ClipModel::addFaces(FrameIndex first, const std::vector<FaceObservations> &faces)
{
    for (std::size_t i = 0; i < faces.size(); ++i)
        m_observations.setFaces(first + FrameIndex(i), faces[i]);
    Q_EMIT observationsChanged();
}

const MethodResult *ClipModel::result(const QString &pluginId) const
{
    const auto it = std::find_if(m_results.begin(), m_results.end(), [&](const MethodResult &r) {
        return r.record.pluginId == pluginId;
    });
    return it == m_results.end() ? nullptr : &*it;
}

void ClipModel::setResults(std::vector<MethodResult> results)
{
    m_results = std::move(results);
    std::sort(m_results.begin(), m_results.end(), [](const MethodResult &a, const MethodResult &b) {
        return a.record.pluginId < b.record.pluginId;
    });
    Q_EMIT resultsChanged();
}

void ClipModel::setResult(const MethodResult &result)
{
    const auto it = std::lower_bound(m_results.begin(), m_results.end(), result,
                                     [](const MethodResult &a, const MethodResult &b) {
                                         return a.record.pluginId < b.record.pluginId;
                                     });
    if (it != m_results.end() && it->record.pluginId == result.record.pluginId)
        *it = result;
    else
        m_results.insert(it, result);
    Q_EMIT resultsChanged();
}

void ClipModel::setLedger(Ledger ledger)
{
    m_ledger = std::move(ledger);
    Q_EMIT ledgerChanged();
}

void ClipModel::setProgress(const RunProgress &progress)
{
    const bool pauseChanges = m_progress.paused != progress.paused;
    m_progress = progress;
    Q_EMIT progressChanged();
    if (pauseChanges)
        Q_EMIT runningChanged();
}

void ClipModel::setRunning(bool running, const QString &problem)
{
    m_running = running;
    m_runProblem = problem;
    Q_EMIT runningChanged();
}

void ClipModel::setManifests(std::map<QString, Manifest> manifests)
{
    m_manifests = std::move(manifests);
    Q_EMIT manifestsChanged();
}

const Manifest *ClipModel::manifest(const QString &pluginId) const
{
    const auto it = m_manifests.find(pluginId);
    return it == m_manifests.end() ? nullptr : &it->second;
}

void ClipModel::selectFinding(const FindingRef &finding)
{
    if (finding == m_selected)
        return;
    m_selected = finding;
    Q_EMIT selectedFindingChanged();
}

LayerStyle ClipModel::layerStyle(const QString &layer) const
{
    return styleOf(m_styles, layer);
}

void ClipModel::setLayerStyle(const QString &layer, const LayerStyle &style)
{
    m_styles[layer] = style;
    Q_EMIT layersChanged();
}

void ClipModel::setMarks(std::vector<Mark> marks)
{
    m_undo.clear();
    m_marks = std::move(marks);
    Q_EMIT marksChanged();
}

void ClipModel::setNotes(std::vector<Note> notes)
{
    m_undo.clear();
    m_notes = std::move(notes);
    Q_EMIT notesChanged();
}

MarkId ClipModel::addMark(FrameRange range, const QString &label, const QString &color)
{
    Mark mark{nextId(m_marks), m_evidence.value_or(EvidenceId{}), range, label, color, false};
    Mark absent = mark;
    absent.removed = true;
    m_undo.push(new MarkStep(*this, absent, mark, tr("Add mark")));
    return mark.id;
}

void ClipModel::changeMark(const Mark &mark)
{
    const Mark *before = findById(m_marks, mark.id);
    if (before && !isSame(*before, mark))
        m_undo.push(new MarkStep(*this, *before, mark, mark.removed ? tr("Remove mark") : tr("Change mark")));
}

NoteId ClipModel::addNote(Note note)
{
    note.id = nextId(m_notes);
    note.written = QDateTime::currentDateTimeUtc();
    Note absent = note;
    absent.removed = true;
    m_undo.push(new NoteStep(*this, absent, note, tr("Add note")));
    return note.id;
}

void ClipModel::changeNote(const Note &note)
{
    const Note *before = findById(m_notes, note.id);
    if (!before || isSame(*before, note))
        return;
    Note after = note;
    after.earlier = before->earlier;
    if (after.text != before->text) {
        after.earlier.push_back(before->text);
        after.written = QDateTime::currentDateTimeUtc();
    }
    m_undo.push(new NoteStep(*this, *before, after, note.removed ? tr("Strike note") : tr("Change note")));
}

void ClipModel::applyMark(const Mark &mark)
{
    if (Mark *present = findById(m_marks, mark.id))
        *present = mark;
    else
        m_marks.push_back(mark);
    Q_EMIT marksChanged();
    Q_EMIT markNeedsStoring(mark);
}

void ClipModel::applyNote(const Note &note)
{
    if (Note *present = findById(m_notes, note.id))
        *present = note;
    else
        m_notes.push_back(note);
    Q_EMIT notesChanged();
    Q_EMIT noteNeedsStoring(note);
}

} // namespace fw
