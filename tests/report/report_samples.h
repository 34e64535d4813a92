// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/report.h"

#include <QRandomGenerator>

#include <cmath>

/// A made-up but realistic case for the tests of reports: one clip, several methods, all verdicts.
namespace fw::test {

constexpr int kFrames = 375; // 15 s at 25 frames/s

inline Ledger reportLedger()
{
    Ledger ledger;
    ledger.timeBase = {1, 12800};
    ledger.complete = true;
    for (int i = 0; i < kFrames; ++i) {
        ledger.entries.push_back({i * 512, 512, 9000 + i, i % 25 == 0 ? 'I' : 'P', i % 25 == 0,
                                  sha256(QByteArray::number(i))});
    }
    return ledger;
}

inline MediaFacts reportFacts()
{
    MediaFacts f;
    f.fileName =
        QStringLiteral("Interview_Mayor_2026-02-14_final_FINAL (copy 3) received-by-messenger.mp4");
    f.path = QStringLiteral("/evidence/2026/0217/incoming/") + f.fileName;
    f.hashes = {18734221, sha256("clip"), "900150983cd24fb0d6963f7d28e17f72"};
    f.hashed = true;
    f.container = QStringLiteral("mov,mp4,m4a,3gp,3g2,mj2");
    f.containerLongName = QStringLiteral("QuickTime / MOV");
    f.durationSeconds = 15.0;
    f.startSeconds = 0.0;
    f.tags = {{QStringLiteral("encoder"), QStringLiteral("Lavf58.76.100")},
              {QStringLiteral("creation_time"), QStringLiteral("2026-02-14T09:31:05.000000Z")}};
    f.warnings = {QStringLiteral("the declared duration is 0.04 s longer than the last frame")};
    StreamFacts v;
    v.kind = StreamKind::Video;
    v.codec = QStringLiteral("h264");
    v.codecLongName = QStringLiteral("H.264 / AVC / MPEG-4 AVC / MPEG-4 part 10");
    v.profile = QStringLiteral("High");
    v.codecTag = QStringLiteral("avc1");
    v.timeBase = {1, 12800};
    v.width = v.codedWidth = 1280;
    v.height = v.codedHeight = 720;
    v.averageRate = {25, 1};
    v.pixelFormat = QStringLiteral("yuv420p");
    v.declaredFrames = kFrames;
    v.bitRate = 4812000;
    StreamFacts a;
    a.index = 1;
    a.kind = StreamKind::Audio;
    a.codec = QStringLiteral("aac");
    a.codecLongName = QStringLiteral("AAC (Advanced Audio Coding)");
    a.codecTag = QStringLiteral("mp4a");
    a.timeBase = {1, 48000};
    a.sampleRate = 48000;
    a.channels = 2;
    f.streams = {v, a};
    return f;
}

/// A smooth scene with a face-like oval, so that figures look like figures.
inline cv::Mat reportPicture(FrameIndex frame)
{
    cv::Mat bgr(720, 1280, CV_8UC3);
    for (int y = 0; y < bgr.rows; ++y) {
        for (int x = 0; x < bgr.cols; ++x) {
            const double dx = (x - 640.0 - double(frame % 40)) / 130.0, dy = (y - 340.0) / 175.0;
            const bool head = dx * dx + dy * dy < 1.0;
            const bool eye = std::hypot(std::abs(dx) - 0.38, dy + 0.15) < 0.1;
            const bool coat = !head && std::abs(x - 640) < (y - 440) * 0.9 && y > 500;
            cv::Vec3b c(uchar(150 + x / 16), uchar(140 + y / 12), uchar(120 + y / 9));
            if (head)
                c = {150, 175, uchar(215 - int(20 * dx))};
            if (eye)
                c = {50, 40, 35};
            if (coat)
                c = {95, 60, 50};
            bgr.at<cv::Vec3b>(y, x) = c;
        }
    }
    return bgr;
}

inline ObservationLog reportObservations()
{
    ObservationLog log;
    for (int i = 0; i < kFrames; ++i) {
        FaceObservation face;
        face.box = {float(510 + i % 40), 165, 260, 350};
        face.confidence = 0.98;
        face.detected = true;
        face.landmarks.emplace();
        for (int k = 0; k < 68; ++k) {
            const double t = k / 68.0 * 2 * 3.14159265;
            (*face.landmarks)[std::size_t(k)] = {float(640 + i % 40 + 115 * std::cos(t)),
                                                 float(340 + 150 * std::sin(t))};
        }
        face.pose = HeadPose{rotationOf({0.05, 0.2, 0.01}), {0, 0, 900}, 1.1};
        face.earImageLeft = 0.3;
        log.setFaces(i, {face});
    }
    return log;
}

inline RunRecord reportRecord(const QString &id, const QString &version)
{
    RunRecord r;
    r.pluginId = id;
    r.pluginVersion = version;
    r.mediaSha256 = reportFacts().sha256Text();
    r.frames = {0, kFrames};
    r.programVersion = QStringLiteral("0.1.0");
    r.libraries = {{QStringLiteral("FFmpeg"), QStringLiteral("5.1.8")}};
    r.seed = 12345;
    r.started = QDateTime(QDate(2026, 3, 1), QTime(13, 58, 2), Qt::UTC);
    r.wallSeconds = 4.25;
    return r;
}

inline Trace reportTrace(const QString &id, const QString &title, double level, double swing,
                         quint32 seed)
{
    Trace t;
    t.id = id;
    t.title = title;
    t.unit = QStringLiteral("1");
    t.track = TrackId(0);
    QRandomGenerator random(seed);
    for (int i = 0; i < kFrames; ++i) {
        t.frames.push_back(i);
        const double v = level + swing * std::sin(i * 0.06) + 0.02 * random.generateDouble();
        t.values.push_back(i > 200 && i < 215 ? std::nan("") : v);
    }
    return t;
}

inline MethodResult blinkResult()
{
    MethodResult r{reportRecord(QStringLiteral("org.framewitness.blink"), QStringLiteral("1.2.0"))};
    r.record.options = {{QStringLiteral("minSeconds"), 10}, {QStringLiteral("closedBelow"), 0.21}};
    r.record.inputs = {{QStringLiteral("org.framewitness.faces"), QStringLiteral("1.0.0")}};
    r.record.modelHashes = {{QStringLiteral("eye-state"), hexText(sha256("model"))}};
    Finding f;
    f.id = QStringLiteral("blink.face-0");
    f.verdict = Verdict::Suspicious;
    f.title = QStringLiteral("Blink rate, face 1");
    f.summary =
        QStringLiteral("Face 1 was seen for 14.4 s and blinked once. Of comparable stretches of "
                       "untouched recordings, 2.1 % hold one blink or none.");
    f.strength = 0.71;
    f.score = Score{
        1.68,
        ScoreScale::Log10LikelihoodRatio,
        QStringLiteral("log likelihood ratio"),
        QStringLiteral("1"),
        QStringLiteral("1 204 stretches of 15 s from 86 people in untouched interviews: median "
                       "5 blinks, 95 % between 1 and 11"),
        0.9,
        2.3};
    f.supports = {QStringLiteral("One blink in 14.4 s; the median of the reference is five."),
                  QStringLiteral("The one blink lasts 40 ms, shorter than 99 % of the reference.")};
    f.against = {
        QStringLiteral("People who read from a screen or concentrate blink less."),
        QStringLiteral("A stretch of 15 frames could not be measured; a blink may lie in it.")};
    f.limits = {QStringLiteral("Clips below 30 s give weak statements on blink rates.")};
    f.range = FrameRange{0, kFrames};
    f.track = TrackId(0);
    f.keyFrame = 132;
    r.result.findings = {f};
    Trace left = reportTrace(QStringLiteral("ear.left"), QStringLiteral("Eye aspect ratio, left"),
                             0.31, 0.02, 1);
    Trace right = reportTrace(QStringLiteral("ear.right"),
                              QStringLiteral("Eye aspect ratio, right"), 0.3, 0.02, 2);
    for (Trace *t : {&left, &right}) {
        t->group = QStringLiteral("ear");
        t->about = QStringLiteral("Height of the lid opening over its width.");
        t->values[132] = 0.12;
    }
    left.thresholds = {{0.21, QStringLiteral("closed below")}};
    r.result.measured.traces = {left, right};
    r.result.measured.events = {{QStringLiteral("b1"),
                                 QStringLiteral("blink"),
                                 QStringLiteral("Blink"),
                                 {131, 134},
                                 132,
                                 TrackId(0),
                                 {},
                                 0.9}};
    return r;
}

inline MethodResult ghostResult()
{
    MethodResult r{reportRecord(QStringLiteral("org.framewitness.warp"), QStringLiteral("0.4.1"))};
    Finding f;
    f.id = QStringLiteral("warp.face-0");
    f.verdict = Verdict::Inconclusive;
    f.title = QStringLiteral("Resolution of the face against its surroundings");
    f.summary =
        QStringLiteral("The face is 8 % less sharp than the hair beside it; both explanations are "
                       "usual at this bit rate.");
    f.strength = 0.3;
    f.score = Score{0.92,
                    ScoreScale::Raw,
                    QStringLiteral("sharpness ratio"),
                    QStringLiteral("1"),
                    QStringLiteral("untouched clips of this bit rate: 0.85 to 1.1"),
                    {},
                    {}};
    f.supports = {QStringLiteral("The border of the face is smoother than its inside.")};
    f.against = {QStringLiteral("Shallow focus and make-up do the same.")};
    f.limits = {QStringLiteral("Strong compression removes what the method looks for.")};
    f.keyFrame = 300;
    f.track = TrackId(0);
    f.region = cv::Rect2f(500, 150, 300, 380);
    r.result.findings = {f};
    HeatMap h;
    h.id = QStringLiteral("blur");
    h.title = QStringLiteral("Local blur");
    h.unit = QStringLiteral("px");
    h.about = QStringLiteral("Width of the local point spread.");
    h.frame = 300;
    h.values = cv::Mat(18, 24, CV_32FC1);
    for (int y = 0; y < 18; ++y) {
        for (int x = 0; x < 24; ++x)
            h.values.at<float>(y, x) =
                0.6f + 2.0f * float(std::exp(-0.02 * ((x - 12) * (x - 12) + (y - 9) * (y - 9))));
    }
    h.region = {480, 130, 340, 420};
    h.low = 0.5;
    h.high = 3.0;
    r.result.measured.heatMaps = {h};
    return r;
}

inline MethodResult poseResult()
{
    MethodResult r{
        reportRecord(QStringLiteral("org.framewitness.head_pose"), QStringLiteral("2.0.0"))};
    Finding f;
    f.id = QStringLiteral("pose.face-0");
    f.verdict = Verdict::Consistent;
    f.title = QStringLiteral("Pose of the inner face against the outer face, face 1");
    f.summary =
        QStringLiteral("The two poses differ by 2.1 degrees (median); 95 % of untouched clips of "
                       "this face size are below 7.3 degrees.");
    f.strength = 0.6;
    f.score = Score{2.1,
                    ScoreScale::Raw,
                    QStringLiteral("median angle"),
                    QStringLiteral("\u00b0"),
                    QStringLiteral("95 % of untouched clips of this face size are below 7.3\u00b0"),
                    1.8,
                    2.5};
    f.against = {QStringLiteral("Both poses agree in all 360 measured frames.")};
    f.range = FrameRange{0, kFrames};
    f.track = TrackId(0);
    f.keyFrame = 40;
    r.result.findings = {f};
    Trace t = reportTrace(QStringLiteral("angle"), QStringLiteral("Angle between the two poses"),
                          2.0, 0.6, 3);
    t.unit = QStringLiteral("\u00b0");
    t.thresholds = {{7.3, QStringLiteral("95 % of untouched clips lie below")}};
    for (double v : t.values) {
        t.lower.push_back(v - 0.4);
        t.upper.push_back(v + 0.4);
    }
    r.result.measured.traces = {t};
    return r;
}

inline Manifest reportManifest(const QString &id, const QString &name, const QString &title)
{
    Manifest m;
    m.id = id;
    m.name = name;
    m.version = QStringLiteral("1.2.0");
    m.looksFor =
        QStringLiteral("Recordings of people hold traits that generators long did not copy. The "
                       "method measures one of them and compares it with untouched recordings.");
    m.limits = QStringLiteral("Needs eyes at least 20 px wide and 15 frames a second.");
    m.method = {title, QStringLiteral("Li, Chang, Lyu"), QStringLiteral("WIFS"),
                QStringLiteral("https://arxiv.org/abs/1806.02877"), 2018};
    m.needs = {QStringLiteral("face.landmarks68")};
    OptionSpec o;
    o.name = QStringLiteral("minSeconds");
    o.title = QStringLiteral("Least length");
    o.about = QStringLiteral("Shorter stretches are not judged.");
    o.unit = QStringLiteral("s");
    o.fallback = 10;
    m.options = {o};
    return m;
}

inline ReportData sampleReport()
{
    ReportData data;
    data.info = {
        QStringLiteral("Interview with the mayor"),
        QStringLiteral("2026/0217"),
        QStringLiteral("A-3"),
        QStringLiteral("Newsroom desk"),
        QStringLiteral("Does the clip show the interview as it was recorded on 14 February 2026?"),
        QStringLiteral("The clip is the unaltered recording of the interview."),
        QString(),
        QStringLiteral("J. Doe"),
        QStringLiteral("Forensic examiner"),
        QStringLiteral("Media laboratory")};
    data.casePath = QStringLiteral("/cases/2026-0217.fwcase");
    data.made = QDateTime(QDate(2026, 3, 1), QTime(14, 15, 30), Qt::UTC);
    data.programVersion = QStringLiteral("0.1.0");
    data.libraries = {{QStringLiteral("FFmpeg"), QStringLiteral("5.1.8")},
                      {QStringLiteral("OpenCV"), QStringLiteral("4.6.0")},
                      {QStringLiteral("Qt"), QStringLiteral("6.4.2")}};
    for (const auto &[id, name] : {std::pair("org.framewitness.blink", "Blink rate"),
                                   std::pair("org.framewitness.warp", "Face sharpness"),
                                   std::pair("org.framewitness.head_pose", "Head pose"),
                                   std::pair("org.framewitness.faces", "Faces")}) {
        data.methods[QString::fromLatin1(id)] = reportManifest(
            QString::fromLatin1(id), QString::fromLatin1(name),
            QStringLiteral(
                "In Ictu Oculi: Exposing AI Created Fake Videos by Detecting Eye Blinking"));
    }
    ReportEvidence e;
    e.evidence = {
        EvidenceId(1), reportFacts(), QDateTime(QDate(2026, 3, 1), QTime(13, 57, 0), Qt::UTC), {}};
    e.hashesNow = e.evidence.facts.hashes;
    e.ledger = reportLedger();
    e.observations = reportObservations();
    e.frameAt = [](FrameIndex index) -> Result<FramePtr> {
        auto frame = std::make_shared<Frame>();
        frame->index = index;
        frame->bgr = reportPicture(index);
        frame->planes = sha256(QByteArray::number(qint64(index)));
        return FramePtr(frame);
    };
    MethodResult faces{
        reportRecord(QStringLiteral("org.framewitness.faces"), QStringLiteral("1.0.0"))};
    MethodResult jpeg{
        reportRecord(QStringLiteral("org.framewitness.jpeg_ghost"), QStringLiteral("1.0.0")),
        RunState::NotApplicable,
        QStringLiteral("the file is no JPEG picture"),
        {}};
    MethodResult broken{
        reportRecord(QStringLiteral("org.framewitness.gan_fingerprint"), QStringLiteral("0.9.0")),
        RunState::Failed,
        QStringLiteral("the model file is missing"),
        {}};
    e.results = {blinkResult(), faces, broken, poseResult(), jpeg, ghostResult()};
    e.marks = {
        {MarkId(1),
         EvidenceId(1),
         {132, 133},
         QStringLiteral("the only blink"),
         QStringLiteral("#ff8800"),
         false},
        {MarkId(2), EvidenceId(1), {200, 215}, QStringLiteral("hand before the face?"), {}, true}};
    data.evidence.push_back(std::move(e));
    Note n;
    n.id = NoteId(1);
    n.evidence = EvidenceId(1);
    n.frame = 132;
    n.findingId = QStringLiteral("org.framewitness.blink/blink.face-0");
    n.text = QStringLiteral(
        "The mayor reads from a screen beside the camera; the low rate may come from that.");
    n.author = QStringLiteral("J. Doe");
    n.written = QDateTime(QDate(2026, 3, 1), QTime(14, 5, 0), Qt::UTC);
    n.earlier = {QStringLiteral("The mayor reads from paper.")};
    Note withdrawn = n;
    withdrawn.id = NoteId(2);
    withdrawn.findingId.reset();
    withdrawn.text = QStringLiteral("The shadow on the wall moves against the light.");
    withdrawn.removed = true;
    withdrawn.earlier.clear();
    data.notes = {n, withdrawn};
    data.audit = {true, 12, hexText(sha256("head")), {}};
    data.auditLog = {{1,
                      data.made,
                      QStringLiteral("jdoe"),
                      QStringLiteral("case-created"),
                      {},
                      hexText(sha256("1"))},
                     {2,
                      data.made,
                      QStringLiteral("jdoe"),
                      QStringLiteral("evidence-added"),
                      {{QStringLiteral("path"), data.evidence[0].evidence.facts.path},
                       {QStringLiteral("sha256"), data.evidence[0].evidence.facts.sha256Text()}},
                      hexText(sha256("2"))}};
    return data;
}

} // namespace fw::test
