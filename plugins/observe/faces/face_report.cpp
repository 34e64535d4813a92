// SPDX-License-Identifier: GPL-3.0-or-later
#include "face_report.h"

#include "base/numbers.h"
#include "faces/alignment.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr std::size_t kLongestGap = 3000; ///< frames: a track that is gone for good stops growing

} // namespace

void FaceReport::Series::add(FrameIndex frame, const FaceObservation *face)
{
    if (!face && frames.size() - lastSeen > kLongestGap)
        return;
    const bool posed = face && face->pose;
    const EulerAngles angles = posed ? eulerAngles(face->pose->rotation) : EulerAngles{};
    frames.push_back(frame);
    earLeft.push_back(face ? face->earImageLeft.value_or(kMissing) : kMissing);
    earRight.push_back(face ? face->earImageRight.value_or(kMissing) : kMissing);
    pitch.push_back(posed ? angles.pitchRadians * kDegrees : kMissing);
    yaw.push_back(posed ? angles.yawRadians * kDegrees : kMissing);
    roll.push_back(posed ? angles.rollRadians * kDegrees : kMissing);
    confidence.push_back(face ? face->confidence : kMissing);
    eyeDistance.push_back(face && face->landmarks ? eyeCornerDistance(*face->landmarks) : kMissing);
    if (!face)
        return;
    lastSeen = frames.size();
    ++seen;
    widthSum += face->box.width;
    confidenceSum += face->confidence;
}

void FaceReport::add(FrameIndex frame, const FaceObservations &faces,
                     const SceneWatch::Change &change)
{
    if (change.cut) {
        Event cut;
        cut.id = u"cut-%1"_s.arg(m_cuts.size());
        cut.kind = u"scene-cut"_s;
        cut.label = u"Scene cut"_s;
        cut.range = {frame, frame + 1};
        cut.apex = frame;
        cut.strength = std::clamp(1.0 - change.correlation, 0.0, 1.0);
        m_cuts.push_back(cut);
    }
    for (const FaceObservation &face : faces)
        m_tracks[face.track];
    for (auto &[id, series] : m_tracks) {
        const TrackId wanted = id;
        const auto found = std::find_if(faces.begin(), faces.end(), [&](const FaceObservation &f) {
            return f.track == wanted;
        });
        series.add(frame, found == faces.end() ? nullptr : &*found);
    }
}

void FaceReport::addTraces(TrackId id, const Series &series, Measurements &to) const
{
    const QString face = u"face %1"_s.arg(number(id) + 1);
    const std::size_t length = series.lastSeen;
    const auto add = [&](const QString &key, const QString &title, const QString &unit,
                         const QString &about, const QString &group,
                         const std::vector<double> &values) {
        Trace trace;
        trace.id = u"%1.%2"_s.arg(key).arg(number(id));
        trace.title = u"%1, %2"_s.arg(title, face);
        trace.unit = unit;
        trace.about = about;
        trace.track = id;
        trace.frames.assign(series.frames.begin(), series.frames.begin() + std::ptrdiff_t(length));
        trace.values.assign(values.begin(), values.begin() + std::ptrdiff_t(length));
        trace.group = group.isEmpty() ? QString() : u"%1, %2"_s.arg(group, face);
        to.traces.push_back(trace);
    };
    const QString eyes = u"Eye aspect ratio"_s, head = u"Head pose"_s;
    const QString earAbout =
        u"Height of the opening between the lids over the width of the eye, from "
        "six landmarks; about 0.2 to 0.4 for an open eye, depending on the person."_s;
    add(u"ear.left"_s, u"Eye aspect ratio, eye on the left of the picture"_s, u"1"_s, earAbout,
        eyes, series.earLeft);
    add(u"ear.right"_s, u"Eye aspect ratio, eye on the right of the picture"_s, u"1"_s, earAbout,
        eyes, series.earRight);
    add(u"pose.pitch"_s, u"Pitch"_s, u"°"_s, u"Head turned down (positive) or up."_s, head,
        series.pitch);
    add(u"pose.yaw"_s, u"Yaw"_s, u"°"_s,
        u"Head turned towards the left of the picture (positive) or the right."_s, head,
        series.yaw);
    add(u"pose.roll"_s, u"Roll"_s, u"°"_s, u"Head tilted clockwise in the picture (positive)."_s,
        head, series.roll);
    add(u"face.confidence"_s, u"Confidence of the face"_s, u"1"_s,
        u"From the detector's score at its last look; falls while the detector does not see the face."_s,
        {}, series.confidence);
    add(u"face.size"_s, u"Distance of the outer eye corners"_s, u"px"_s,
        u"The yardstick for what can be measured on this face."_s, {}, series.eyeDistance);
}

Measurements FaceReport::finish(const std::vector<FaceGallery::Resemblance> &comeBack) const
{
    Measurements out;
    Table table;
    table.id = u"face.tracks"_s;
    table.title = u"Faces"_s;
    table.about = u"One row per face track. A track ends at a scene cut and when the face was not "
                  "seen for half a second; a person who comes back later gets a new number. Looks like: the first face "
                  "before a cut that this one clearly looks like; too weak to say that they are one person."_s;
    table.columns = {{u"Face"_s, {}, false},
                     {u"First frame"_s, {}, true},
                     {u"Last frame"_s, {}, true},
                     {u"Frames with the face"_s, {}, false},
                     {u"Share of its span"_s, u"%"_s, false},
                     {u"Mean width of the face box"_s, u"px"_s, false},
                     {u"Mean confidence"_s, {}, false},
                     {u"Looks like"_s, {}, false}};
    for (const auto &[id, series] : m_tracks) {
        addTraces(id, series, out);
        const double seen = series.seen;
        const auto like = std::ranges::find(comeBack, id, &FaceGallery::Resemblance::id);
        const QString looksLike = like == comeBack.end() ? QString() : u"face %1"_s.arg(number(like->like) + 1);
        table.rows.push_back({number(id) + 1, qint64(series.frames.front()),
                              qint64(series.frames[series.lastSeen - 1]), series.seen,
                              qRound(1000.0 * seen / double(series.lastSeen)) / 10.0,
                              qRound(series.widthSum / seen),
                              qRound(100.0 * series.confidenceSum / seen) / 100.0, looksLike});
    }
    out.tables.push_back(table);
    out.events = m_cuts;
    return out;
}

} // namespace fw
