// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/behaviour_import.h"

#include "base/numbers.h"
#include "base/version.h"

#include <QFile>
#include <QFileInfo>

#include <map>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr qint64 kMostBytes = qint64(1) << 30;

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

Result<MethodResult> resultOfImport(const ImportedBehaviour &imported, const QString &fileName,
                                    const QString &mediaSha256, std::int64_t frames)
{
    const bool openFace = imported.format == BehaviourFormat::OpenFace;
    const ObservationLog log = observationsOf(imported);
    Traces traces;
    for (FrameIndex frame = 0; frame < std::min(frames, FrameIndex(log.faces.size())); ++frame) {
        const FaceObservations *faces = log.facesAt(frame);
        for (const FaceObservation &face : faces ? *faces : FaceObservations{})
            addFace(face, frame, openFace, &traces);
    }
    MethodResult result;
    result.record.pluginId = u"org.framewitness.imported_behaviour"_s;
    result.record.pluginVersion = u"1.0.0"_s;
    result.record.options = {{u"file"_s, fileName},
                             {u"sha256"_s, imported.sha256},
                             {u"format"_s, openFace ? u"OpenFace"_s : u"py-feat"_s}};
    result.record.mediaSha256 = mediaSha256;
    result.record.programVersion = QStringLiteral(FW_VERSION);
    result.record.started = QDateTime::currentDateTimeUtc();
    result.record.frames = {0, frames};
    result.result.measured.traces = traces.take();
    if (result.result.measured.traces.empty())
        return fail(Errc::Mismatch, u"holds no face within the %1 frames of the clip"_s.arg(frames), fileName);
    return result;
}

Result<void> importBehaviour(CaseFile &file, EvidenceId evidence, const RunOutcome &outcome,
                             const QString &path)
{
    QFile csv(path);
    if (!csv.open(QIODevice::ReadOnly))
        return fail(csv.exists() ? Errc::Unreadable : Errc::NotFound, csv.errorString(), path);
    if (csv.size() > kMostBytes)
        return fail(Errc::Unsupported, u"is larger than 1 GiB"_s, path);
    const auto imported = readBehaviourCsv(csv.readAll(), path);
    if (!imported)
        return Failure{imported.error()};
    const auto result = resultOfImport(*imported, QFileInfo(path).fileName(),
                                       outcome.media.sha256Text(), outcome.ledger.count());
    if (!result)
        return Failure{result.error()};
    return file.saveResult(evidence, *result);
}

} // namespace fw
