// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "casefile/case_file.h"
#include "findings/observation_log.h"
#include "findings/run_record.h"
#include "frames/frame_provider.h"
#include "media/ledger.h"
#include "paint/overlay.h"
#include "run/engine.h"

#include <QObject>
#include <QUndoStack>

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace fw {

/// Names one finding of one method.
struct FindingRef
{
    QString pluginId;
    QString findingId;
    bool isNull() const { return pluginId.isEmpty(); }
    QString text() const { return pluginId + u'/' + findingId; }
    friend bool operator==(const FindingRef &, const FindingRef &) = default;
};

/// The state that all views of one clip share: what is shown, where the playhead stands and what
/// is known so far. Views read it and listen to it; they never talk to each other.
/// Lives in the interface thread and never computes: others bring it values.
class ClipModel : public QObject
{
    Q_OBJECT
public:
    explicit ClipModel(QObject *parent = nullptr);
    ~ClipModel() override;

    /// Shows another clip, or none: clears everything that belonged to the one before.
    void setProvider(std::shared_ptr<FrameProvider> provider, std::optional<EvidenceId> evidence);
    FrameProvider *provider() const { return m_provider.get(); } ///< nullptr: no clip
    std::optional<EvidenceId> evidence() const { return m_evidence; }
    void setEvidence(EvidenceId id) { m_evidence = id; }
    const ClipClock &clock() const; ///< an empty clock when there is no clip

    FrameIndex playhead() const { return m_playhead; }
    void setPlayhead(FrameIndex index); ///< clamped to the clip
    std::optional<FrameIndex> inPoint() const { return m_in; }
    std::optional<FrameIndex> outPoint() const { return m_out; } ///< inclusive
    void setInOut(std::optional<FrameIndex> in, std::optional<FrameIndex> out);

    const ObservationLog &observations() const { return m_observations; }
    void setObservations(ObservationLog log);
    void addFaces(FrameIndex first, const std::vector<FaceObservations> &faces);

    const std::vector<MethodResult> &results() const { return m_results; } ///< by plugin id
    const MethodResult *result(const QString &pluginId) const;
    void setResults(std::vector<MethodResult> results);
    void setResult(const MethodResult &result); ///< adds, or replaces that of the same plugin

    const Ledger &ledger() const { return m_ledger; }
    void setLedger(Ledger ledger);

    const RunProgress &progress() const { return m_progress; }
    bool isRunning() const { return m_running; }
    bool isPaused() const { return m_running && m_progress.paused; } ///< running, but held
    const QString &runProblem() const { return m_runProblem; } ///< why the last run ended early
    void setProgress(const RunProgress &progress);
    void setRunning(bool running, const QString &problem = {});

    /// Names, citations and limits of the methods, for cards and tool tips.
    void setManifests(std::map<QString, Manifest> manifests);
    const Manifest *manifest(const QString &pluginId) const;
    const std::map<QString, Manifest> &manifests() const { return m_manifests; } ///< by plugin id

    FindingRef selectedFinding() const { return m_selected; }
    void selectFinding(const FindingRef &finding);

    LayerStyle layerStyle(const QString &layer) const;
    const std::map<QString, LayerStyle> &layerStyles() const { return m_styles; }
    void setLayerStyle(const QString &layer, const LayerStyle &style);

    // Marks and notes: every change goes through the undo stack; the signals ask the owner of the
    // case to store the new state of one item.
    QUndoStack *undoStack() { return &m_undo; }
    const std::vector<Mark> &marks() const { return m_marks; } ///< removed ones included
    const std::vector<Note> &notes() const { return m_notes; } ///< removed ones included
    void setMarks(std::vector<Mark> marks);   ///< from the case; clears the undo stack
    void setNotes(std::vector<Note> notes);
    MarkId addMark(FrameRange range, const QString &label, const QString &color);
    void changeMark(const Mark &mark);        ///< by id; also sets `removed`
    NoteId addNote(Note note);                ///< id is assigned here
    void changeNote(const Note &note);

    /// Puts one item into a state without a new undo step; used by the undo commands.
    void applyMark(const Mark &mark);
    void applyNote(const Note &note);

Q_SIGNALS:
    void clipChanged();
    void clockChanged();
    void playheadChanged(fw::FrameIndex index);
    void inOutChanged();
    void observationsChanged();
    void resultsChanged();
    void ledgerChanged();
    void progressChanged();
    void runningChanged(); ///< isRunning or isPaused
    void manifestsChanged();
    void selectedFindingChanged();
    void layersChanged();
    void marksChanged();
    void notesChanged();
    void markNeedsStoring(const fw::Mark &mark);
    void noteNeedsStoring(const fw::Note &note);

private:
    std::shared_ptr<FrameProvider> m_provider;
    std::optional<EvidenceId> m_evidence;
    FrameIndex m_playhead = 0;
    std::optional<FrameIndex> m_in, m_out;
    ObservationLog m_observations;
    std::vector<MethodResult> m_results;
    Ledger m_ledger;
    RunProgress m_progress;
    bool m_running = false;
    QString m_runProblem;
    std::map<QString, Manifest> m_manifests;
    FindingRef m_selected;
    std::map<QString, LayerStyle> m_styles;
    QUndoStack m_undo;
    std::vector<Mark> m_marks;
    std::vector<Note> m_notes;
};

} // namespace fw
