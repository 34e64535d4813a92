// SPDX-License-Identifier: GPL-3.0-or-later
#include "imported_observer.h"

#include "faces/alignment.h"
#include "faces/head_pose.h"
#include "findings/imported_traces.h"

#include <QFile>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

const QString kOption = u"table"_s;
constexpr qint64 kMostBytes = qint64(1) << 30;
/// Frames that a table may list beyond the clip: containers and decoders differ by a frame or two.
constexpr std::int64_t kMostBeyond = 3;

} // namespace

Result<void> ImportedObserver::begin(const ClipFacts &clip, const JobContext &job)
{
    const auto path = job.modelPaths.find(kOption), hash = job.modelHashes.find(kOption);
    if (path == job.modelPaths.end() || hash == job.modelHashes.end())
        return fail(Errc::NotApplicable, u"no table was chosen"_s);
    m_file = job.choice(kOption);
    QFile csv(path->second);
    if (!csv.open(QIODevice::ReadOnly))
        return fail(Errc::Unreadable, csv.errorString(), m_file);
    if (csv.size() > kMostBytes)
        return fail(Errc::Unsupported, u"the table is larger than 1 GiB"_s, m_file);
    const auto imported = readBehaviourCsv(csv.readAll(), m_file);
    if (!imported)
        return Failure{imported.error()};
    if (imported->sha256 != hash->second)
        return fail(Errc::Mismatch, u"the table changed while it was read"_s, m_file);
    m_sha256 = imported->sha256;
    m_format = imported->format;
    m_log = observationsOf(*imported);
    const std::int64_t listed = std::int64_t(m_log.faces.size());
    if (listed == 0)
        return fail(Errc::BadData, u"the table holds no frame"_s, m_file);
    if (clip.frameCount > 0 && listed > clip.frameCount + kMostBeyond) {
        return fail(Errc::Mismatch, u"the table lists %1 frames and the clip has %2: it belongs to another clip"_s
                                        .arg(listed).arg(clip.frameCount), m_file);
    }
    m_camera = Camera::assumed(clip.width, clip.height);
    m_counts = {};
    return {};
}

/// What can be told from the landmarks of the table and is not in it.
void ImportedObserver::complete(FaceObservation &face)
{
    if (!face.landmarks)
        return;
    face.earImageLeft = eyeAspectRatio(*face.landmarks, Eye::ImageLeft);
    face.earImageRight = eyeAspectRatio(*face.landmarks, Eye::ImageRight);
    const auto fit = fitHeadPose(*face.landmarks, m_camera);
    if (!face.pose && fit) {
        face.pose = *fit;
        ++m_counts.ownPose;
    } else if (face.pose && fit) {
        face.pose->rmsPixels = fit->rmsPixels; // the table does not tell how well its head fits
    } else {
        face.pose.reset();
    }
}

Result<void> ImportedObserver::frame(const FrameBundle &bundle, Observations &add)
{
    ++m_counts.frames;
    const FaceObservations *known = m_log.facesAt(bundle.index);
    if (!known)
        return {}; // the table has no row: nobody looked
    ++m_counts.looked;
    FaceObservations faces = *known;
    for (FaceObservation &face : faces) {
        complete(face);
        face.detected = true;
        ++m_counts.faces;
        m_counts.eyes += face.eyeImageLeft || face.eyeImageRight;
        m_counts.gazes += (face.eyeImageLeft && face.eyeImageLeft->gaze) || (face.eyeImageRight && face.eyeImageRight->gaze);
        m_counts.units += face.actionUnits.has_value();
    }
    add.faces = std::move(faces);
    return {};
}

Result<Measurements> ImportedObserver::finish(const Ledger &)
{
    const QString program = m_format == BehaviourFormat::OpenFace ? u"OpenFace"_s : u"py-feat"_s;
    Table table;
    table.id = u"imported.source"_s;
    table.title = u"Faces from %1's table %2"_s.arg(program, m_file);
    table.about = u"Measured by another program and taken over unchecked: landmarks, pose, gaze and action units of "
                  "this analysis are the table's, not ours. SHA-256 of the table: %1."_s.arg(m_sha256);
    table.columns = {{u"What"_s, {}, false}, {u"Value"_s, {}, false}};
    const auto row = [&](const QString &what, const QJsonValue &value) { table.rows.push_back({what, value}); };
    row(u"File"_s, m_file);
    row(u"SHA-256"_s, m_sha256);
    row(u"Format"_s, program);
    row(u"Frames of the clip"_s, qint64(m_counts.frames));
    row(u"Frames that the table tells of"_s, qint64(m_counts.looked));
    row(u"Faces"_s, qint64(m_counts.faces));
    row(u"Faces with eyes"_s, qint64(m_counts.eyes));
    row(u"Faces with gaze"_s, qint64(m_counts.gazes));
    row(u"Faces with action units"_s, qint64(m_counts.units));
    row(u"Poses fitted here, because the table tells none"_s, qint64(m_counts.ownPose));
    Measurements out;
    out.traces = tracesOfImport(m_log, m_format, m_counts.frames);
    out.tables.push_back(std::move(table));
    return out;
}

} // namespace fw
