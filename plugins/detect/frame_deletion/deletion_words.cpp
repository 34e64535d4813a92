// SPDX-License-Identifier: GPL-3.0-or-later
#include "deletion_detector.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

/// Share of frames with jumps from which on they are the clip's habit.
constexpr double kUneven = 0.02;

/// One line on what a codec lets this method see through FFmpeg.
struct CodecSight
{
    QString codecs, footprint, error;
};

const std::vector<CodecSight> &codecSights()
{
    static const std::vector<CodecSight> all{
        {u"H.264, MPEG-1, MPEG-2, MPEG-4 part 2, H.263, FLV1, WMV1, WMV2, MS-MPEG-4"_s,
         u"yes: macroblock types"_s, u"yes: motion vectors"_s},
        {u"VP9"_s, u"no: quantisers only"_s, u"no"_s},
        {u"HEVC, VP8, AV1"_s, u"no: picture types and sizes only"_s, u"no"_s},
        {u"ProRes, Motion JPEG, DV"_s, u"no: every picture is coded by itself"_s, u"no"_s}};
    return all;
}

bool isSceneCut(const DeletionEvidence &e, FrameRange where)
{
    return std::any_of(e.discontinuities.begin(), e.discontinuities.end(), [&](const Discontinuity &d) {
        return d.explained.contains(u"scene"_s) && d.frame >= where.begin && d.frame < where.end;
    });
}

/// In how many clips chance alone reaches a rarity of so many powers of ten, in words.
QString howOften(double powersOfTen)
{
    const double share = 100.0 * std::pow(10.0, -std::max(0.0, powersOfTen));
    return share >= 99.5 ? u"in every clip"_s : u"in %1 of 100 clips"_s.arg(share, 0, 'f', share >= 9.95 ? 0 : 1);
}

QString lastLimit(int length)
{
    return u"Frames taken out in multiples of %1 keep the rhythm and cannot be seen."_s.arg(length);
}

Finding breakFinding(const DeletionEvidence &e, const PhaseBreak &one, std::size_t number)
{
    const int length = one.before.length;
    const bool sceneCut = isSceneCut(e, one.where);
    Finding f;
    f.id = u"frame_deletion.break-%1"_s.arg(number);
    f.title = u"Break in the rhythm of an earlier encoding"_s;
    f.range = one.where;
    f.keyFrame = one.where.begin + 1;
    f.verdict = sceneCut ? Verdict::Inconclusive : Verdict::Suspicious;
    f.strength = std::min(1.0, one.gain / 15.0);
    f.score = Score{one.gain, ScoreScale::Raw, u"gain of two beats over one"_s, u"powers of ten"_s,
                    u"4 is needed; clips without a cut stay below it"_s, {}, {}};
    f.summary = u"An earlier encoding had a key frame every %1 frames. This rhythm shifts between frame %2 "
                "and frame %3: about %4 frames were taken out, or %5 put in, or %1 more or fewer of either."_s
                    .arg(length).arg(one.where.begin).arg(one.where.end - 1).arg(one.removedModulo)
                    .arg(length - one.removedModulo);
    f.supports = {u"%1 of %2 places before and %3 of %4 after fit a beat of %5; a single beat for both is "
                  "10^%6 times less likely by chance."_s
                      .arg(one.before.hits).arg(one.before.points).arg(one.after.hits)
                      .arg(one.after.points).arg(length).arg(one.gain, 0, 'f', 1)};
    for (const Discontinuity &d : e.discontinuities) {
        if (d.explained.isEmpty() && d.frame >= one.where.begin && d.frame < one.where.end) {
            f.supports.append(u"Motion or brightness jumps at frame %1, inside this stretch."_s.arg(d.frame));
            f.keyFrame = d.frame;
        }
    }
    f.against = {u"Any edit does this: trimming the middle, joining two takes, a player or platform that "
                 "dropped frames while it converted the clip."_s};
    if (e.bySizes)
        f.against.append(u"The rhythm was read from the sizes of pictures. A coder's own cadence or a change of the frame "
                         "rate make rhythms of sizes as well."_s);
    if (sceneCut)
        f.against.prepend(u"The scene visibly changes there: the clip is openly put together from parts."_s);
    f.limits = {lastLimit(length), u"Whether frames were taken out or put in cannot be told from one break."_s};
    return f;
}

/// A length between whole frames, as a change of frame rate makes it, shifts the beat by one frame again
/// and again, always the same way. Cuts do not.
bool beatDrifts(const std::vector<PhaseBreak> &breaks)
{
    if (breaks.size() < 2)
        return false;
    const auto drift = [](const PhaseBreak &b) {
        return b.removedModulo == 1 ? 1 : b.removedModulo == b.before.length - 1 ? -1 : 0;
    };
    const int first = drift(breaks.front());
    return first != 0
        && std::all_of(breaks.begin(), breaks.end(), [&](const PhaseBreak &b) { return drift(b) == first; });
}

Finding driftFinding(const DeletionEvidence &e)
{
    const int length = e.search.breaks.front().before.length;
    Finding f;
    f.id = u"frame_deletion.history"_s;
    f.title = u"Rhythm of an earlier encoding"_s;
    f.range = FrameRange{0, e.frames};
    f.verdict = Verdict::Inconclusive;
    f.summary = u"The clip was encoded before, with a key frame about every %1 frames. The rhythm drifts by single "
                "frames, %2 times the same way: its length is no whole number of frames, as after a change of the "
                "frame rate."_s.arg(length).arg(e.search.breaks.size());
    f.against = {u"Platforms and editors change the frame rate; that takes frames out or puts them in evenly."_s};
    f.limits = {u"A single cut cannot be told from the drift."_s};
    return f;
}

/// Why the footprint cannot say anything; empty when it can.
QString whyBlind(const DeletionEvidence &e)
{
    if (!e.macroblocks)
        return u"The decoder for %1 does not tell how macroblocks were coded, so an earlier encoding "
               "cannot be looked for."_s.arg(e.codec.isEmpty() ? u"this codec"_s : e.codec);
    if (e.counted < 30)
        return u"There are only %1 predicted pictures; at least 30 are needed to see a rhythm."_s.arg(e.counted);
    return {};
}

Finding historyFinding(const DeletionEvidence &e)
{
    Finding f;
    f.id = u"frame_deletion.history"_s;
    f.title = u"Rhythm of an earlier encoding"_s;
    f.range = FrameRange{0, e.frames};
    if (const QString blind = whyBlind(e); !blind.isEmpty()) {
        f.verdict = e.macroblocks ? Verdict::Inconclusive : Verdict::NotApplicable;
        f.summary = blind;
        return f;
    }
    f.score = Score{e.search.correctedOne, ScoreScale::Raw, u"how rarely chance makes such a rhythm"_s,
                    u"powers of ten"_s, u"2 are needed: by chance in 1 of 100 clips"_s, {}, {}};
    if (!e.search.lattice) {
        f.verdict = Verdict::Inconclusive;
        f.summary = u"No rhythm of an earlier encoding was found (%1; chance makes as regular a rhythm %2, and no more "
                    "than 1 of 100 is accepted). Frames taken out of an earlier version would leave no trace that "
                    "this method can see."_s
                        .arg(e.search.peaks == 1 ? u"1 peak"_s : u"%1 peaks"_s.arg(e.search.peaks),
                             howOften(e.search.correctedOne));
        f.limits = {u"A first recording has no earlier encoding; a strong second compression wipes its "
                    "traces out; very still or variable first encodings leave none."_s};
        return f;
    }
    const Lattice &beat = *e.search.lattice;
    f.verdict = Verdict::Consistent;
    if (e.bySizes) {
        f.summary = u"Every %1 frames a picture costs more than those around it (%2 of %3 places), without a break, as the "
                    "key frames of an earlier encoding do."_s.arg(beat.length).arg(beat.hits).arg(beat.points);
        f.against = {u"A coder's own cadence or a change of the frame rate make rhythms of sizes as well, and being "
                     "encoded twice is ordinary."_s};
        f.limits = {lastLimit(beat.length)};
        return f;
    }
    f.summary = u"The clip was encoded before, with a key frame every %1 frames, and this rhythm runs "
                "through it without a break (%2 of %3 places)."_s
                    .arg(beat.length).arg(beat.hits).arg(beat.points);
    f.against = {u"Being encoded twice is ordinary: platforms, messengers and editors encode anew whatever "
                 "passes through them."_s};
    f.limits = {lastLimit(beat.length), u"A cut near the start or the end, fewer than about four key frames "
                                        "of the earlier encoding away, may go unseen."_s};
    return f;
}

Finding copyFinding(const CopiedRun &run, std::size_t number)
{
    Finding f;
    f.id = u"frame_deletion.copy-%1"_s.arg(number);
    f.title = u"Copied stretch"_s;
    f.verdict = Verdict::Suspicious;
    f.range = run.copy;
    f.keyFrame = run.copy.begin;
    f.strength = std::clamp(run.correlation, 0.0, 1.0);
    const bool byOutline = run.outline > 0.0;
    f.score = Score{run.correlation, ScoreScale::Raw, u"correlation of the steps from frame to frame"_s, u"1"_s,
                    byOutline ? u"0.2 is needed inside a sharp outline; frames that only look alike are near 0"_s
                              : u"0.6 is needed; frames that only look alike are near 0"_s,
                    {}, {}};
    const QString repeats = u"Frames %1 to %2 repeat frames %3 to %4"_s.arg(run.copy.begin).arg(run.copy.end - 1)
                                .arg(run.original.begin).arg(run.original.end - 1);
    f.against = {u"Replays, loops and animations repeat as well; a camera's noise does not."_s};
    if (byOutline) {
        f.summary = repeats + u", as far as their coding lets it be seen."_s;
        f.supports = {u"They jump in, differ from the originals %1 times less than the frames just outside do, and "
                      "their changes go together (correlation %2)."_s
                          .arg(run.outline, 0, 'f', 1).arg(run.correlation, 0, 'f', 2)};
        f.against.append(u"Of the noise of these frames coding has left little, so this rests on their motion more "
                         "than on noise that nobody could repeat."_s);
        return f;
    }
    f.summary = repeats + u", with the same motion and noise."_s;
    f.supports = {u"They differ from the originals by %1 % of the step between neighbouring frames, and "
                  "their changes correlate with %2."_s
                      .arg(100.0 * run.difference, 0, 'f', 0).arg(run.correlation, 0, 'f', 2)};
    return f;
}

Finding stepsFinding(const DeletionEvidence &e)
{
    Finding f;
    f.id = u"frame_deletion.steps"_s;
    f.title = u"Motion and brightness from frame to frame"_s;
    f.range = FrameRange{0, e.frames};
    std::vector<const Discontinuity *> open;
    for (const Discontinuity &d : e.discontinuities) {
        if (d.explained.isEmpty())
            open.push_back(&d);
    }
    const std::size_t explained = e.discontinuities.size() - open.size();
    f.limits = {u"Cuts between alike pictures, in still scenes or in hectic motion make no jump."_s};
    if (open.empty()) {
        f.verdict = Verdict::Consistent;
        f.summary = explained == 0
                        ? u"Motion and brightness go on evenly from frame to frame."_s
                        : u"Motion and brightness jump %1 times, each time where the scene or the clock "
                          "explains it."_s.arg(explained);
        return f;
    }
    f.verdict = Verdict::Inconclusive;
    f.keyFrame = open.front()->frame;
    if (double(open.size()) > std::max(5.0, kUneven * double(e.frames))) {
        f.summary = u"Motion or brightness is uneven all over the clip (%1 jumps in %2 frames), as when a recorder "
                    "drops or repeats frames, so single jumps mean nothing."_s.arg(open.size()).arg(e.frames);
        return f;
    }
    f.strength = std::min(0.5, 0.1 * double(open.size()));
    f.summary = u"Motion or brightness jumps at %1 frames without a scene change, first at frame %2. This "
                "has ordinary causes as well, so nothing is concluded from it alone."_s
                    .arg(open.size()).arg(open.front()->frame);
    f.supports = {u"Frames taken out of the middle of a motion make such jumps."_s};
    f.against = {u"Flashes, knocks against the camera, fast objects, dropped or repeated frames and exposure "
                 "steps do the same."_s};
    return f;
}

} // namespace

std::vector<Finding> deletionFindings(const DeletionEvidence &e)
{
    std::vector<Finding> findings;
    const bool drifts = beatDrifts(e.search.breaks);
    if (drifts)
        findings.push_back(driftFinding(e));
    for (std::size_t i = 0; i < e.search.breaks.size() && !drifts; ++i)
        findings.push_back(breakFinding(e, e.search.breaks[i], i));
    if (findings.empty())
        findings.push_back(historyFinding(e));
    for (std::size_t i = 0; i < std::min<std::size_t>(e.copies.size(), 20); ++i)
        findings.push_back(copyFinding(e.copies[i], i));
    findings.push_back(stepsFinding(e));
    if (std::int64_t(e.compared) < e.frames)
        findings.back().limits.append(
            u"Copied stretches were looked for in the first %1 frames only."_s.arg(e.compared));
    return findings;
}

std::vector<Event> deletionEvents(const DeletionEvidence &e)
{
    std::vector<Event> events;
    const auto add = [&](const QString &kind, const QString &label, FrameRange range, FrameIndex apex,
                         double strength) {
        Event event;
        event.id = u"%1.%2"_s.arg(kind).arg(range.begin);
        event.kind = kind;
        event.label = label;
        event.range = range;
        event.apex = apex;
        event.strength = std::clamp(strength, 0.0, 1.0);
        events.push_back(std::move(event));
    };
    const bool drifts = beatDrifts(e.search.breaks);
    for (const PhaseBreak &one : e.search.breaks)
        add(u"phase-break"_s, u"rhythm shifts by %1 (mod %2)"_s.arg(one.removedModulo).arg(one.before.length),
            one.where, one.where.begin + 1, drifts ? 0.2 : one.gain / 15.0);
    for (const CopiedRun &run : e.copies)
        add(u"copied-run"_s, u"repeats frames %1 to %2"_s.arg(run.original.begin).arg(run.original.end - 1),
            run.copy, run.copy.begin, run.correlation);
    for (const Discontinuity &d : e.discontinuities) {
        const QString what = d.motionZ > std::abs(d.brightnessZ)
                                 ? u"motion %1 times that around it"_s.arg(d.motion, 0, 'f', 1)
                                 : u"brightness jumps"_s;
        add(u"discontinuity"_s, d.explained.isEmpty() ? what : what + u": "_s + d.explained,
            {d.frame, d.frame + 1}, d.frame, d.explained.isEmpty() ? 0.5 : 0.1);
    }
    std::stable_sort(events.begin(), events.end(),
                     [](const Event &a, const Event &b) { return a.range.begin < b.range.begin; });
    return events;
}

std::vector<Table> deletionTables(const DeletionEvidence &e)
{
    Table facts;
    facts.id = u"frame_deletion.facts"_s;
    facts.title = u"Traces of an earlier encoding"_s;
    facts.about = u"Rarities are powers of ten: 3 means one chance in a thousand. Corrected: less the number "
                  "of rhythms that were tried."_s;
    facts.columns = {{u"Quantity"_s, {}}, {u"Value"_s, {}}};
    const auto row = [&](const QString &name, const QJsonValue &value) {
        facts.rows.push_back(QJsonArray{name, value});
    };
    const QJsonValue none(QJsonValue::Null);
    row(u"Predicted pictures with macroblock types"_s, double(e.counted));
    row(u"Read from"_s, e.bySizes ? u"sizes of P pictures"_s : u"types of macroblocks"_s);
    row(u"Peaks of the footprint"_s, e.search.peaks);
    row(u"First group length by weight of peaks (frames)"_s, e.group ? QJsonValue(e.group->length) : none);
    row(u"Its score phi; 1.5 and more speaks for an earlier encoding"_s,
        e.group ? QJsonValue(e.group->score) : none);
    row(u"First group length by rhythm (frames)"_s,
        e.search.lattice ? QJsonValue(e.search.lattice->length) : none);
    row(u"Rarity of one rhythm"_s, e.search.oneBeat);
    row(u"Rarity of one rhythm, corrected"_s, e.search.correctedOne);
    row(u"Rarity of two rhythms"_s, e.search.twoBeats);
    row(u"Rarity of two rhythms, corrected"_s, e.search.correctedTwo);
    row(u"Breaks"_s, double(e.search.breaks.size()));
    row(u"Prediction error: strongest line over the median (6 and more is a rhythm)"_s,
        e.rhythm ? QJsonValue(e.rhythm->peakOverMedian) : none);
    row(u"Prediction error: its period (frames)"_s, e.rhythm ? QJsonValue(e.rhythm->periodFrames) : none);
    row(u"Copied stretches"_s, double(e.copies.size()));

    Table codecs;
    codecs.id = u"frame_deletion.codecs"_s;
    codecs.title = u"What each codec lets this method see"_s;
    codecs.about = u"This clip: %1. Copies, jumps of motion and of brightness are looked for in every codec."_s
                       .arg(e.codec);
    codecs.columns = {{u"Codec"_s, {}}, {u"Footprint, first groups, breaks"_s, {}},
                      {u"Prediction error"_s, {}}};
    for (const CodecSight &sight : codecSights())
        codecs.rows.push_back(QJsonArray{sight.codecs, sight.footprint, sight.error});
    if (e.copies.empty())
        return {facts, codecs};

    Table copies;
    copies.id = u"frame_deletion.copies"_s;
    copies.title = u"Copied stretches"_s;
    copies.about = u"Which of two equal stretches is the copy cannot be told from them."_s;
    copies.columns = {{u"Original from"_s, {}, true}, {u"Copy from"_s, {}, true}, {u"Frames"_s, {}},
                      {u"Correlation of their steps"_s, {}}};
    for (const CopiedRun &run : e.copies)
        copies.rows.push_back(QJsonArray{double(run.original.begin), double(run.copy.begin), double(run.copy.length()),
                                         run.correlation});
    return {facts, codecs, copies};
}

} // namespace fw
