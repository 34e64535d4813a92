// SPDX-License-Identifier: GPL-3.0-or-later
#include "sample_clip.h"

#include "faces/head_axes.h"
#include "faces/head_model.h"

#include <QTimer>

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace fw::test {

SampleProvider::SampleProvider(int frames, double rate, bool hashed) : m_rate(rate)
{
    m_facts.fileName = u"interview_original.mp4"_s;
    m_facts.path = u"/evidence/2024-117/interview_original.mp4"_s;
    m_facts.container = u"mov,mp4,m4a,3gp,3g2,mj2"_s;
    m_facts.containerLongName = u"QuickTime / MOV"_s;
    m_facts.durationSeconds = frames / rate;
    m_facts.bitRate = 4'512'000;
    m_facts.tags[u"encoder"_s] = u"Lavf59.27.100"_s;
    m_facts.hashes = {27'118'213, fw::sha256("sample"), "9e107d9d372bb6826bd81d3542a419d6"};
    m_facts.hashed = hashed;
    m_facts.warnings << u"the edit list hides 2 frames at the start"_s;
    StreamFacts video;
    video.kind = StreamKind::Video;
    video.codec = u"h264"_s;
    video.codecLongName = u"H.264 / AVC"_s;
    video.profile = u"High"_s;
    video.width = video.codedWidth = 1280;
    video.height = video.codedHeight = 720;
    video.timeBase = {1, 12800};
    video.averageRate = video.baseRate = {25, 1};
    video.pixelFormat = u"yuv420p"_s;
    video.fieldOrder = u"progressive"_s;
    video.hasBFrames = true;
    m_facts.streams.push_back(video);
    StreamFacts audio;
    audio.index = 1;
    audio.kind = StreamKind::Audio;
    audio.codec = u"aac"_s;
    audio.sampleRate = 48000;
    audio.channels = 2;
    m_facts.streams.push_back(audio);
    grow(frames);
    m_clock.complete = true;
}

void SampleProvider::grow(int frames)
{
    for (int i = int(m_clock.frameCount); i < frames; ++i) {
        m_clock.seconds.push_back(i / m_rate);
        m_clock.keyFrames.push_back(i % 50 == 0);
        m_clock.pictureTypes.push_back(i % 50 == 0 ? 'I' : i % 3 == 0 ? 'P' : 'B');
    }
    m_clock.frameCount = frames;
    Q_EMIT clockChanged();
}

void SampleProvider::finishHashing()
{
    m_facts.hashed = true;
    Q_EMIT factsChanged();
}

FramePtr SampleProvider::draw(FrameIndex index, int width) const
{
    auto frame = std::make_shared<Frame>();
    frame->index = index;
    const int height = width * 9 / 16;
    frame->bgr = cv::Mat(height, width, CV_8UC3, cv::Scalar(96, 84, 60));
    const double share = 0.2 + 0.6 * double(index) / double(std::max<std::int64_t>(1, m_clock.frameCount));
    const cv::Point head(int(width * share), height / 2);
    cv::ellipse(frame->bgr, head, {height / 5, height / 3}, 0, 0, 360, {150, 180, 220}, cv::FILLED);
    cv::ellipse(frame->bgr, {head.x, height + height / 6}, {height / 2, height / 3}, 0, 0, 360,
                {90, 60, 40}, cv::FILLED);
    return frame;
}

quint64 SampleProvider::request(FrameIndex index, bool)
{
    const quint64 ticket = ++m_ticket;
    QTimer::singleShot(0, this, [this, ticket, index] { Q_EMIT frameReady(ticket, draw(index, 320), true); });
    return ticket;
}

void SampleProvider::requestThumbnail(FrameIndex index, int width)
{
    thumbnails.push_back(index);
    QTimer::singleShot(0, this, [this, index, width] { Q_EMIT thumbnailReady(index, draw(index, width)); });
}

void SampleProvider::cancelThumbnails() {}

namespace {

Trace trace(const QString &id, const QString &title, const QString &unit, int frames, int face,
            double middle, double swing, double period)
{
    Trace t;
    t.id = id;
    t.title = title;
    t.unit = unit;
    t.about = title + u", measured on every frame"_s;
    t.track = TrackId(face);
    for (int i = 0; i < frames; ++i) {
        t.frames.push_back(i);
        const bool hidden = i % 400 > 380; // the face is turned away
        const double value = middle + swing * std::sin(i * 2 * 3.14159265 / period)
            + 0.2 * swing * std::sin(i * 1.7);
        t.values.push_back(hidden ? std::numeric_limits<double>::quiet_NaN() : value);
        t.lower.push_back(value - 0.2 * swing);
        t.upper.push_back(value + 0.2 * swing);
    }
    return t;
}

MethodResult resultOf(const QString &id, const QString &version, int frames)
{
    MethodResult result;
    result.record.pluginId = id;
    result.record.pluginVersion = version;
    result.record.mediaSha256 = hexText(fw::sha256("sample"));
    result.record.frames = {0, frames};
    result.record.programVersion = u"0.1.0"_s;
    result.record.libraries[u"FFmpeg"_s] = u"5.1.8"_s;
    result.record.options.insert(u"minSeconds"_s, 10);
    result.record.started = QDateTime(QDate(2024, 5, 17), QTime(9, 30), Qt::UTC);
    result.record.wallSeconds = 4.25;
    return result;
}

MethodResult poseResult(int frames)
{
    MethodResult result = resultOf(kPose, u"1.1.0"_s, frames);
    auto &m = result.result.measured;
    m.traces.push_back(trace(u"angle.0"_s, u"Angle between the two poses, face 1"_s, u"°"_s, frames, 0, 6, 3, 300));
    m.traces.back().thresholds.push_back({7.3, u"95 % of authentic clips"_s});
    m.traces.push_back(trace(u"angle.1"_s, u"Angle between the two poses, face 2"_s, u"°"_s, frames, 1, 3, 1, 220));
    m.events.push_back({u"e1"_s, u"large-angle"_s, u"Poses disagree"_s, {frames * 2 / 5, frames / 2}, {}, TrackId(0), {}, 0.8});
    Table table;
    table.id = u"segments"_s;
    table.title = u"Segments"_s;
    table.about = u"Median angle of each segment."_s;
    table.columns = {{u"First frame"_s, {}, true}, {u"Median angle"_s, u"°"_s, false}, {u"Remark"_s, {}, false}};
    for (int i = 0; i < 12; ++i)
        table.rows.push_back({i * frames / 12, 3.25 + 0.5 * i, i == 5 ? QJsonValue(u"largest, \"by far\""_s) : QJsonValue()});
    m.tables.push_back(table);
    Finding finding;
    finding.id = u"pose.face-0"_s;
    finding.verdict = Verdict::Suspicious;
    finding.title = u"Head pose consistency, face 1"_s;
    finding.summary = u"The pose of the inner face and of the whole head differ by 9.1° in the median."_s;
    finding.strength = 0.8;
    finding.score = Score{9.1, ScoreScale::Raw, u"median angle"_s, u"°"_s,
                          u"95 % of authentic clips of this face size are below 7.3°."_s, 8.2, 10.0};
    finding.supports = {u"The angle lies above the reference in 83 % of the frames."_s,
                        u"The disagreement is steady and follows no head turn."_s};
    finding.against = {u"A strong zoom lens makes the same angle grow."_s};
    finding.limits = {u"Faces that are turned by more than 40° are left out."_s};
    finding.range = FrameRange{frames * 2 / 5, frames / 2};
    finding.track = TrackId(0);
    finding.keyFrame = frames * 9 / 20;
    result.result.findings.push_back(finding);
    finding.id = u"pose.face-1"_s;
    finding.verdict = Verdict::Inconclusive;
    finding.title = u"Head pose consistency, face 2"_s;
    finding.summary = u"Only 41 frames show this face well enough."_s;
    finding.strength = 0.3;
    finding.track = TrackId(1);
    finding.range = FrameRange{frames * 7 / 10, frames * 8 / 10};
    finding.keyFrame.reset();
    result.result.findings.push_back(finding);
    return result;
}

MethodResult blinkResult(int frames)
{
    MethodResult result = resultOf(kBlink, u"1.2.0"_s, frames);
    auto &m = result.result.measured;
    m.traces.push_back(trace(u"ear.0"_s, u"Eye aspect ratio, face 1"_s, u"1"_s, frames, 0, 0.29, 0.02, 90));
    m.traces.back().thresholds.push_back({0.21, u"eye closed"_s});
    for (int i = 40, n = 0; i + 6 < frames; i += 97, ++n) {
        for (int k = 0; k < 6; ++k)
            m.traces.back().values[std::size_t(i + k)] = 0.1 + 0.03 * std::abs(k - 3);
        m.events.push_back({u"blink.%1"_s.arg(n), u"blink"_s, u"Blink, 240 ms"_s, {i, i + 6}, i + 3, TrackId(0), {}, 0.9});
    }
    Finding finding;
    finding.id = u"blink.face-0"_s;
    finding.verdict = Verdict::Consistent;
    finding.title = u"Blink rate, face 1"_s;
    finding.summary = u"15.5 blinks a minute, each between 180 and 260 ms."_s;
    finding.strength = 0.5;
    finding.range = FrameRange{0, frames};
    finding.track = TrackId(0);
    result.result.findings.push_back(finding);
    return result;
}

} // namespace

std::vector<MethodResult> sampleResults(int frames)
{
    std::vector<MethodResult> results{blinkResult(frames), poseResult(frames)};
    MethodResult structure = resultOf(kStructure, u"1.0.3"_s, frames);
    auto &m = structure.result.measured;
    m.traces.push_back(trace(u"qp"_s, u"Mean quantiser"_s, u"1"_s, frames, 0, 27, 4, 150));
    for (int i = 0; i < 4; ++i)
        m.events.push_back({u"gap.%1"_s.arg(i), u"timestamp-gap"_s, u"A gap of 3 frames in the time stamps"_s,
                            {(i + 1) * frames / 5, (i + 1) * frames / 5 + 1}, {}, {}, {}, 0.4});
    Finding finding;
    finding.id = u"structure.rhythm"_s;
    finding.verdict = Verdict::Inconclusive;
    finding.title = u"Group-of-pictures rhythm"_s;
    finding.summary = u"The rhythm breaks four times, which editing and a variable frame rate both explain."_s;
    finding.strength = 0.6;
    structure.result.findings.push_back(finding);
    results.push_back(structure);
    MethodResult faces = resultOf(kFaces, u"2.0.0"_s, frames);
    results.push_back(faces);
    MethodResult ghost = resultOf(kGhost, u"0.9.1"_s, 0);
    ghost.state = RunState::NotApplicable;
    ghost.reason = u"The method reads the coefficients of a JPEG picture, and this file is a video."_s;
    results.push_back(ghost);
    return results;
}

ObservationLog sampleFaces(int frames)
{
    ObservationLog log;
    for (int i = 0; i < frames; ++i) {
        FaceObservations faces;
        FaceObservation face;
        face.box = cv::Rect2f(400.f + 0.1f * float(i), 180.f, 220.f, 260.f);
        face.confidence = 0.97;
        face.detected = i % 5 == 0;
        face.pose = HeadPose{rotationOf({0.05, 0.2, -0.03}), {0, 0, 600}, 1.4};
        face.earImageLeft = 0.29;
        if (i % 400 <= 380)
            faces.push_back(face);
        if (i >= frames * 7 / 10 && i < frames * 8 / 10) {
            face.track = TrackId(1);
            face.pose.reset();
            faces.push_back(face);
        }
        log.setFaces(i, faces);
    }
    return log;
}

namespace {

ActionUnits sampleUnits(int frame, int frames)
{
    ActionUnits units;
    const auto set = [&](int unit, double value, bool present) {
        const auto at = std::find(kIntensityUnits.begin(), kIntensityUnits.end(), unit) - kIntensityUnits.begin();
        const auto row = std::find(kPresenceUnits.begin(), kPresenceUnits.end(), unit) - kPresenceUnits.begin();
        if (at < std::ptrdiff_t(kIntensityUnits.size()))
            units.intensity[std::size_t(at)] = float(std::clamp(value, 0.0, 5.0));
        units.present[std::size_t(row)] = present;
    };
    for (const int unit : kIntensityUnits)
        set(unit, 0.6 + 0.5 * std::sin(frame * 0.01 * unit), false);
    const bool smiling = frame >= frames / 4 && frame < frames / 3;
    set(12, smiling ? 4.0 : 0.0, smiling);
    set(28, 0.0, smiling);
    set(45, frame % 97 == 0 ? 5.0 : 0.0, frame % 97 == 0);
    for (std::size_t i = 0; i < units.raw.size(); ++i)
        units.raw[i] = std::min(5.0f, units.intensity[i] + 0.5f);
    units.sigma.fill(0.3f);
    return units;
}

EyeObservation sampleEye(const cv::Point2f &at, const cv::Vec3f &origin, const cv::Vec3f &direction)
{
    EyeObservation eye;
    eye.iris = at;
    eye.irisRadius = 9;
    for (int i = 0; i < 12; ++i)
        eye.lids[std::size_t(i)] = at + cv::Point2f(-20 * float(std::cos(i * 0.5236)), -9 * float(std::sin(i * 0.5236)));
    eye.openness = 0.8f;
    eye.gaze = Gaze{origin, direction};
    return eye;
}

} // namespace

ObservationLog withBehaviour(ObservationLog log)
{
    const int frames = int(log.faces.size());
    for (int i = 0; i < frames; ++i) {
        if (!log.faces[std::size_t(i)])
            continue;
        for (FaceObservation &face : *log.faces[std::size_t(i)]) {
            face.actionUnits = sampleUnits(i, frames);
            const HeadPose pose = face.pose.value_or(HeadPose{cv::Matx33d::eye(), {0, 0, 600}, 1.0});
            FacePoints3d &points = face.expression.emplace().points3d;
            for (std::size_t k = 0; k < points.size(); ++k) {
                cv::Vec3d p = neutralHead()[k];
                if (i % 75 < 25 && ((k >= 55 && k <= 59) || (k >= 65 && k <= 67) || (k >= 5 && k <= 11)))
                    p[1] += 14; // speaks
                p = pose.rotation * p + pose.translation;
                points[k] = cv::Point3f(float(p[0]), float(p[1]), float(p[2]));
            }
            const auto eye = [&](double side) {
                const cv::Vec3d centre = pose.rotation * cv::Vec3d(31 * side, -38.6, 15.5) + pose.translation;
                const cv::Vec3d ahead = pose.rotation * cv::Vec3d(0, 0, -1);
                return sampleEye({face.box.x + face.box.width * float(0.5 + 0.2 * side), face.box.y + 90}, cv::Vec3f(centre),
                                 cv::Vec3f(ahead));
            };
            face.eyeImageLeft = eye(-1);
            face.eyeImageRight = eye(1);
        }
    }
    return log;
}

Ledger sampleLedger(int frames)
{
    Ledger ledger;
    ledger.timeBase = {1, 12800};
    ledger.complete = true;
    for (int i = 0; i < frames; ++i)
        ledger.entries.push_back({i * 512, 512, 4000, i % 50 == 0 ? 'I' : 'P', i % 50 == 0,
                                  fw::sha256(QByteArray::number(i))});
    return ledger;
}

std::vector<PluginEntry> samplePlugins()
{
    const auto entry = [](const QString &id, const QString &version, const QString &name,
                          const QString &family, const QString &summary) {
        PluginEntry e;
        e.manifest.id = id;
        e.manifest.version = version;
        e.manifest.name = name;
        e.manifest.family = family;
        e.manifest.summary = summary;
        e.manifest.license = u"GPL-3.0-or-later"_s;
        e.folder = u"/usr/lib/framewitness/plugins/"_s + id.section(u'.', -1);
        return e;
    };
    std::vector<PluginEntry> all;
    all.push_back(entry(kBlink, u"1.2.0"_s, u"Blink rate"_s, u"behaviour"_s, u"Compares blinking with what people do."_s));
    Manifest &blink = all.back().manifest;
    blink.method = {u"In Ictu Oculi: Exposing AI Created Fake Videos by Detecting Eye Blinking"_s,
                    u"Li, Chang, Lyu"_s, u"WIFS"_s, u"https://arxiv.org/abs/1806.02877"_s, 2018};
    blink.needs = {u"face.ear"_s};
    blink.minSeconds = 10;
    blink.looksFor = u"People blink every few seconds, and a blink takes 100 to 400 ms. Some methods of "
                     "making faces forget that."_s;
    blink.limits = u"Needs eyes at least 20 px wide and 15 frames a second."_s;
    blink.options = {{u"minSeconds"_s, OptionSpec::Type::Number, u"Least length"_s, u"Shorter clips are not judged."_s,
                      u"s"_s, 10.0, 2.0, 600.0, {}},
                     {u"closedFrames"_s, OptionSpec::Type::Integer, u"Closed for at least"_s, {}, u"frames"_s, 2, 1.0, 10.0, {}},
                     {u"bothEyes"_s, OptionSpec::Type::Boolean, u"Both eyes must close"_s, {}, {}, true, {}, {}, {}},
                     {u"baseline"_s, OptionSpec::Type::Choice, u"Baseline"_s, {}, {}, u"median"_s, {}, {},
                      {u"median"_s, u"mean"_s}}};
    blink.models = {{u"blink-reference"_s, u"blink.fwm"_s, hexText(fw::sha256("m")), {}, u"GPL-3.0-or-later"_s}};
    all.back().modelHashes[u"blink-reference"_s] = hexText(fw::sha256("m"));
    all.push_back(entry(kPose, u"1.1.0"_s, u"Head pose consistency"_s, u"behaviour"_s,
                        u"Compares the pose of the inner face with that of the whole head."_s));
    all.push_back(entry(kFaces, u"2.0.0"_s, u"Faces"_s, u"observers"_s, u"Finds and follows faces."_s));
    all.back().manifest.kind = PluginKind::Observer;
    all.back().manifest.gives = {u"face.track"_s, u"face.landmarks68"_s, u"face.pose"_s};
    all.push_back(entry(kGhost, u"0.9.1"_s, u"JPEG ghosts"_s, u"photo forensics"_s, u"Looks for regions saved at another quality."_s));
    all.back().manifest.onVideo = false;
    all.push_back(entry(kStructure, u"1.0.3"_s, u"Coding structure"_s, u"video forensics"_s,
                        u"Looks for breaks in the rhythm of coded pictures."_s));
    all.push_back(entry(u"org.example.old"_s, u"0.1.0"_s, u"Old method"_s, u"behaviour"_s, {}));
    all.back().refusal = Error{Errc::Mismatch, u"built for plugin interface 0, this program has 1"_s, u"old"_s};
    return all;
}

std::map<QString, Manifest> sampleManifests()
{
    std::map<QString, Manifest> manifests;
    for (const PluginEntry &entry : samplePlugins())
        if (!entry.refusal)
            manifests[entry.manifest.id] = entry.manifest;
    return manifests;
}

void fill(ClipModel &clip, int frames)
{
    clip.setManifests(sampleManifests());
    clip.setProvider(std::make_shared<SampleProvider>(frames), EvidenceId{1});
    clip.setObservations(sampleFaces(frames));
    clip.setLedger(sampleLedger(frames));
    clip.setResults(sampleResults(frames));
    clip.addMark({frames / 4, frames / 4 + 1}, u"Lips out of step"_s, u"#d9700f"_s);
    clip.addMark({frames / 2, frames * 6 / 10}, u"Second speaker"_s, u"#2f86d6"_s);
    Note note;
    note.text = u"The left hand covers the chin; landmarks are unsure here."_s;
    note.author = u"J. Weber"_s;
    note.evidence = EvidenceId{1};
    note.frame = frames / 4;
    clip.addNote(note);
    Note changed = clip.notes().front();
    changed.text = u"The left hand covers the chin and the mouth; landmarks are unsure here."_s;
    clip.changeNote(changed);
}

} // namespace fw::test
