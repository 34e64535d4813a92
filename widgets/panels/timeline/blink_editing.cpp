// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/timeline/blink_editing.h"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QMenu>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

const QString kBlinkMethod = u"org.framewitness.blink"_s;
const QString kAddedColour = u"#3fae6a"_s, kRejectedColour = u"#d9534f"_s;
constexpr double kHalfBlinkSeconds = 0.1; ///< an added blink lasts so long on each side of its apex

QString sayBlink(const char *text)
{
    return QCoreApplication::translate("fw::BlinkEditing", text);
}

FrameIndex apexOf(const Event &e)
{
    return e.apex.value_or((e.range.begin + e.range.end - 1) / 2);
}

/// The mark behind an event that was added; nullptr for one of the method.
const Mark *markBehind(const ClipModel &clip, const Event &blink)
{
    for (const Mark &mark : clip.marks()) {
        const auto correction = correctionOf({mark.range, mark.label});
        if (!mark.removed && correction && correction->isBlink && correction->track == blink.track && mark.range == blink.range)
            return &mark;
    }
    return nullptr;
}

/// The version of the method whose count is being corrected.
QString countedBy(const ClipModel &clip)
{
    const MethodResult *result = clip.result(kBlinkMethod);
    return result ? result->record.pluginVersion : QString();
}

FrameRange within(const ClipModel &clip, FrameRange range)
{
    const FrameIndex count = std::max<FrameIndex>(1, clip.clock().frameCount);
    const FrameIndex begin = std::clamp<FrameIndex>(range.begin, 0, count - 1);
    return {begin, std::clamp<FrameIndex>(range.end, begin + 1, count)};
}

} // namespace

bool holdsBlinks(const QString &pluginId)
{
    return pluginId == kBlinkMethod;
}

std::vector<ExaminerMark> examinerMarks(const ClipModel &clip)
{
    std::vector<ExaminerMark> marks;
    for (const Mark &mark : clip.marks()) {
        if (!mark.removed)
            marks.push_back({mark.range, mark.label});
    }
    return marks;
}

CorrectedBlinks blinksNow(const ClipModel &clip, TrackId track)
{
    const MethodResult *result = clip.result(kBlinkMethod);
    std::vector<BlinkCorrection> corrections;
    for (const ExaminerMark &mark : examinerMarks(clip)) {
        if (const auto correction = correctionOf(mark))
            corrections.push_back(*correction);
    }
    return correctBlinks(result ? lidEventsOf(result->result.measured, track) : std::vector<Event>{}, corrections, track);
}

std::optional<Event> blinkAt(const ClipModel &clip, TrackId track, FrameIndex frame)
{
    for (const Event &event : blinksNow(clip, track).events) {
        if (event.range.contains(frame) && (event.kind == u"blink"_s || event.kind == u"long-closure"_s))
            return event;
    }
    return std::nullopt;
}

std::optional<TrackId> blinkTrack(const ClipModel &clip)
{
    const MethodResult *result = clip.result(kBlinkMethod);
    if (!result)
        return std::nullopt;
    for (const Finding &finding : result->result.findings) {
        if (finding.track)
            return finding.track;
    }
    return std::nullopt;
}

void addBlink(ClipModel &clip, TrackId track, FrameIndex apex)
{
    const ClipClock &clock = clip.clock();
    const double rate = clock.duration() > 0.0 ? double(clock.frameCount - 1) / clock.duration() : 25.0;
    const auto half = std::max<FrameIndex>(1, FrameIndex(kHalfBlinkSeconds * rate + 0.5));
    clip.addMark(within(clip, {apex - half, apex + half + 1}), correctionLabel(track, true, countedBy(clip)), kAddedColour);
}

void removeBlink(ClipModel &clip, const Event &blink)
{
    if (const Mark *mark = markBehind(clip, blink)) {
        Mark gone = *mark;
        gone.removed = true;
        clip.changeMark(gone);
        return;
    }
    const FrameIndex apex = apexOf(blink);
    clip.addMark({apex, apex + 1}, correctionLabel(blink.track.value_or(TrackId{}), false, countedBy(clip)), kRejectedColour);
}

void moveBlink(ClipModel &clip, const Event &blink, FrameIndex apex)
{
    const FrameIndex by = apex - apexOf(blink);
    // An added blink has its apex in the middle of its range; one of the method keeps its length.
    const FrameIndex half = std::max<FrameIndex>(1, blink.range.length() / 2);
    if (const Mark *mark = markBehind(clip, blink)) {
        Mark moved = *mark;
        moved.range = within(clip, {mark->range.begin + by, mark->range.end + by});
        clip.changeMark(moved);
        return;
    }
    clip.undoStack()->beginMacro(sayBlink("Move blink"));
    removeBlink(clip, blink);
    clip.addMark(within(clip, {apex - half, apex + half + 1}), correctionLabel(blink.track.value_or(TrackId{}), true, countedBy(clip)), kAddedColour);
    clip.undoStack()->endMacro();
}

bool restoreBlink(ClipModel &clip, TrackId track, FrameIndex frame)
{
    for (const Event &event : blinksNow(clip, track).rejected) {
        if (!event.range.contains(frame))
            continue;
        for (const Mark &mark : clip.marks()) {
            const auto correction = correctionOf({mark.range, mark.label});
            if (mark.removed || !correction || correction->isBlink || correction->track != track || !mark.range.contains(apexOf(event)))
                continue;
            Mark gone = mark;
            gone.removed = true;
            clip.changeMark(gone);
            return true;
        }
    }
    return false;
}

void addBlinkActions(QMenu *menu, ClipModel &clip, TrackId track, FrameIndex frame)
{
    const auto blink = blinkAt(clip, track, frame);
    const FrameIndex playhead = clip.playhead();
    if (blink) {
        menu->addAction(sayBlink("This is no blink"), menu, [&clip, blink] { removeBlink(clip, *blink); });
        if (playhead != blink->apex) {
            menu->addAction(sayBlink("Move this blink to the playhead"), menu,
                            [&clip, blink, playhead] { moveBlink(clip, *blink, playhead); });
        }
    } else {
        menu->addAction(sayBlink("Count a blink here"), menu,
                        [&clip, track, frame] { addBlink(clip, track, frame); });
    }
    const auto rejected = blinksNow(clip, track).rejected;
    if (std::ranges::any_of(rejected, [frame](const Event &e) { return e.range.contains(frame); })) {
        menu->addAction(sayBlink("It is a blink after all"), menu,
                        [&clip, track, frame] { restoreBlink(clip, track, frame); });
    }
    menu->addSeparator();
}

bool editBlinkByKey(ClipModel &clip, TrackId track, const QKeyEvent &key)
{
    const FrameIndex at = clip.playhead();
    const auto blink = blinkAt(clip, track, at);
    const bool sideways = key.key() == Qt::Key_Left || key.key() == Qt::Key_Right;
    if (key.key() == Qt::Key_Insert) {
        if (!blink && !restoreBlink(clip, track, at))
            addBlink(clip, track, at);
        return true;
    }
    if (key.key() == Qt::Key_Delete) {
        if (blink)
            removeBlink(clip, *blink);
        return true;
    }
    if (!sideways || !(key.modifiers() & Qt::AltModifier) || !blink)
        return false;
    const FrameIndex to = blink->apex.value_or(at) + (key.key() == Qt::Key_Right ? 1 : -1);
    moveBlink(clip, *blink, to);
    clip.setPlayhead(to);
    return true;
}

} // namespace fw
