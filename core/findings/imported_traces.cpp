// SPDX-License-Identifier: GPL-3.0-or-later
#include "findings/imported_traces.h"

#include "base/numbers.h"

#include <algorithm>
#include <cmath>
#include <map>

using namespace Qt::StringLiterals;

namespace fw {

namespace {


class Traces
{
public:
    void add(const QString &key, const QString &title, const QString &unit, const QString &group,
             TrackId track, FrameIndex frame, double value)
    {
        Trace &trace = m_traces[{number(track), key}];
        if (trace.id.isEmpty()) {
            const QString face = u"face %1"_s.arg(number(track) + 1);
            trace.id = u"%1.%2"_s.arg(key).arg(number(track));
            trace.title = u"%1, %2 (imported)"_s.arg(title, face);
            trace.unit = unit;
            trace.about = u"Measured by another program and imported; not checked."_s;
            trace.group = u"%1, %2"_s.arg(group, face);
            trace.track = track;
        }
        if (!trace.frames.empty() && frame > trace.frames.back() + 1) { // a gap, not a line across
            trace.frames.push_back(trace.frames.back() + 1);
            trace.values.push_back(kMissing);
        }
        trace.frames.push_back(frame);
        trace.values.push_back(value);
    }
    std::vector<Trace> take()
    {
        std::vector<Trace> list;
        for (auto &[key, trace] : m_traces) {
            const bool any = std::any_of(trace.values.begin(), trace.values.end(),
                                         [](double v) { return std::isfinite(v); });
            if (any)
                list.push_back(std::move(trace));
        }
        return list;
    }

private:
    std::map<std::pair<int, QString>, Trace> m_traces;
};

void addFace(const FaceObservation &face, FrameIndex frame, bool intensities, Traces *to)
{
    if (face.pose) {
        const EulerAngles a = eulerAngles(face.pose->rotation);
        const QString group = u"Head pose, imported"_s;
        to->add(u"imported.pitch"_s, u"Pitch"_s, u"°"_s, group, face.track, frame, a.pitchRadians * kDegrees);
        to->add(u"imported.yaw"_s, u"Yaw"_s, u"°"_s, group, face.track, frame, a.yawRadians * kDegrees);
        to->add(u"imported.roll"_s, u"Roll"_s, u"°"_s, group, face.track, frame, a.rollRadians * kDegrees);
    }
    if (!face.actionUnits)
        return;
    const ActionUnits &units = *face.actionUnits;
    for (std::size_t u = 0; intensities && u < kIntensityUnits.size(); ++u) {
        const QString code = actionUnitCode(kIntensityUnits[u]);
        to->add(u"imported."_s + code.toLower(), code + u' ' + actionUnitName(kIntensityUnits[u]), u"0 to 5"_s,
                u"Action units, imported"_s, face.track, frame, double(units.intensity[u]));
    }
    for (std::size_t u = 0; !intensities && u < kPresenceUnits.size(); ++u) {
        const QString code = actionUnitCode(kPresenceUnits[u]);
        to->add(u"imported."_s + code.toLower(), code + u" present, "_s + actionUnitName(kPresenceUnits[u]), u"1"_s,
                u"Action units, imported"_s, face.track, frame, units.present[u] ? 1.0 : 0.0);
    }
}

} // namespace

std::vector<Trace> tracesOfImport(const ObservationLog &log, BehaviourFormat format, std::int64_t frames)
{
    Traces traces;
    for (FrameIndex frame = 0; frame < std::min(frames, FrameIndex(log.faces.size())); ++frame) {
        const FaceObservations *faces = log.facesAt(frame);
        for (const FaceObservation &face : faces ? *faces : FaceObservations{})
            addFace(face, frame, format == BehaviourFormat::OpenFace, &traces);
    }
    return traces.take();
}

} // namespace fw
