// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "blinks/blink_count.h"
#include "model/clip_model.h"

#include <optional>

class QKeyEvent;
class QMenu;

namespace fw {

/// Corrections that an examiner makes to counted blinks. They are marks of the case with labels of a
/// fixed form (see BlinkCorrection), so each is one step of the undo stack, stored and audited.

/// Whether results of this method hold blinks that can be corrected.
bool holdsBlinks(const QString &pluginId);

/// The examiner's marks of a clip that were not removed.
std::vector<ExaminerMark> examinerMarks(const ClipModel &clip);

/// The blinks of a face as they stand: found by the method, without rejected ones, with added ones.
CorrectedBlinks blinksNow(const ClipModel &clip, TrackId track);

/// The blink that covers a frame; nullopt when there is none.
std::optional<Event> blinkAt(const ClipModel &clip, TrackId track, FrameIndex frame);

/// The face whose blinks are meant where nothing else tells: the first with a count.
std::optional<TrackId> blinkTrack(const ClipModel &clip);

void addBlink(ClipModel &clip, TrackId track, FrameIndex apex);
/// Rejects a blink of the method, or takes back one that was added.
void removeBlink(ClipModel &clip, const Event &blink);
/// Moves a blink so that its apex lies on `apex`; one step to undo.
void moveBlink(ClipModel &clip, const Event &blink, FrameIndex apex);
/// Takes back the rejection of the blinks under a frame; false when none was rejected there.
bool restoreBlink(ClipModel &clip, TrackId track, FrameIndex frame);

/// Adds what an examiner can do with the blink under a frame to a menu.
void addBlinkActions(QMenu *menu, ClipModel &clip, TrackId track, FrameIndex frame);
/// Insert, Delete, Alt+Left and Alt+Right at the playhead. @return whether the key meant that.
bool editBlinkByKey(ClipModel &clip, TrackId track, const QKeyEvent &key);

} // namespace fw
