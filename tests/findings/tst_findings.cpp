// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "findings/observation_log.h"
#include "base/packed.h"
#include "findings/serialize.h"

#include <QCborMap>
#include <QCborValue>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();

Trace someTrace()
{
    Trace t;
    t.id = u"ear.left"_s;
    t.title = u"Eye aspect ratio, left"_s;
    t.unit = u"1"_s;
    t.about = u"How far the lids are apart."_s;
    t.track = TrackId(2);
    t.frames = {0, 1, 2, 5, 1000000000000};
    t.values = {0.25, kNan, -0.0, 1e-300, 3.5};
    t.lower = {0.2, kNan, 0.1, 0.1, 0.1};
    t.upper = {0.3, kNan, 0.3, 0.3, 0.3};
    t.thresholds = {{0.2, u"closed below this, \u03c3 = 0.01"_s}};
    t.group = u"eyes"_s;
    return t;
}

HeatMap someHeatMap()
{
    HeatMap h;
    h.id = u"ghost"_s;
    h.title = u"Ghost"_s;
    h.unit = u"grey levels"_s;
    h.about = u"Difference after saving again."_s;
    h.frame = 7;
    h.values = cv::Mat(3, 4, CV_32FC1);
    for (int i = 0; i < 12; ++i)
        h.values.at<float>(i / 4, i % 4) = float(i) / 3.0f;
    h.values.at<float>(1, 1) = std::numeric_limits<float>::quiet_NaN();
    h.region = {0, 8, 640, 352};
    h.low = -1;
    h.high = 4;
    h.colorMap = u"magma"_s;
    return h;
}

AnalysisResult someResult()
{
    Finding f;
    f.id = u"blink.face-0"_s;
    f.verdict = Verdict::Suspicious;
    f.title = u"Blink rate, face 1"_s;
    f.summary = u"1 blink in 60 s."_s;
    f.strength = 0.75;
    f.score = Score{
        -0.5,        ScoreScale::Log10LikelihoodRatio, u"ratio"_s, u"1"_s, u"reference"_s, -1.0,
        std::nullopt};
    f.supports = {u"few blinks"_s, u""_s};
    f.against = {u"reading"_s};
    f.limits = {u"needs eyes"_s};
    f.range = FrameRange{0, 300};
    f.track = TrackId(0);
    f.region = cv::Rect2f(1.5f, 2.25f, 100, 50);
    f.keyFrame = 0;

    AnalysisResult r;
    r.findings = {f, Finding{}};
    r.measured.traces = {someTrace(), Trace{}};
    r.measured.events = {
        {u"e1"_s, u"blink"_s, u"Blink"_s, {10, 14}, 12, TrackId(0), cv::Rect2f(0, 0, 5, 5), 0.5},
        Event{}};
    r.measured.heatMaps = {someHeatMap(), HeatMap{}};
    r.measured.vectors = {
        {u"axes"_s,
         u"Axes"_s,
         u"where the nose points"_s,
         u"#ff0000"_s,
         {{3, TrackId(1), {1, 2}, {3, 4}, u"nose"_s}, {4, {}, {5, 6}, {7, 8}, {}}}}};
    r.measured.tables = {
        {u"t"_s,
         u"Tags"_s,
         u"As stored"_s,
         {{u"Frame"_s, u""_s, true}, {u"Value"_s, u"ms"_s, false}},
         {QJsonArray{1, u"x"_s}, QJsonArray{2.5, QJsonValue::Null}, QJsonArray{true, u"<b>"_s}}}};
    r.measured.embeddings = {{u"v"_s, u"Vector"_s, {}, {0, 9}, {1.0f, -2.5f}}};
    return r;
}

ObservationLog someLog()
{
    FaceObservation bare;
    bare.track = TrackId(3);
    bare.box = {1, 2, 3, 4};
    bare.confidence = 0.1;
    FaceObservation full = bare;
    full.track = TrackId(0);
    full.detected = true;
    full.landmarks.emplace();
    for (int i = 0; i < 68; ++i)
        (*full.landmarks)[std::size_t(i)] = {float(i) * 0.1f, -float(i)};
    full.landmarkSigmas.emplace().fill(0.7f);
    full.pose = HeadPose{rotationOf({0.1, -0.2, 0.3}), {1, 2, 300}, 0.9};
    full.earImageLeft = 0.31;
    EyeObservation eye;
    eye.iris = {5, 6};
    eye.irisRadius = 4;
    eye.lids[11] = {7, 8};
    eye.openness = 0.5f;
    full.eyeImageRight = eye; // no gaze
    eye.gaze = Gaze{{30, -40, 600}, {0.1f, 0.2f, -0.97f}};
    full.eyeImageLeft = eye;
    full.expression.emplace().expression[52] = 0.25f;
    full.expression->points3d[67] = {1, 2, 3};
    full.actionUnits.emplace().raw[16] = 4.5f;
    full.actionUnits->present[17] = true;
    full.appearance.emplace().mark[63] = 0.25f;
    full.appearance->seamAround = 0.01f;
    full.appearance->cheekChange = 0.75f;

    ObservationLog log;
    log.setFaces(4, {full, bare});
    log.setFaces(1, {});
    log.setFaces(2, {bare});
    return log;
}

/// Bytes that carry a right seal around a body that was changed: only the inner checks can help.
QByteArray resealed(const char (&magic)[5], QByteArray body, QRandomGenerator *random)
{
    const int changes = random->bounded(1, 4);
    for (int i = 0; i < changes; ++i)
        body[qsizetype(random->bounded(int(body.size())))] = char(random->bounded(256));
    if (random->bounded(3) == 0)
        body.truncate(random->bounded(int(body.size())));
    return sealed(magic, body);
}

} // namespace

class TestFindings : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }

    void wordsAndTheirInversesAgree();
    void noVerdictTextClaimsTruthOrFraud();
    void aResultComesBackWhole();
    void anEmptyResultComesBackEmpty();
    void equalResultsGiveEqualBytes();
    void damagedResultsAreRefused();
    void forgedResultsNeverCrash();
    void aZipBombIsRefused();
    void contradictingLengthsAreRefused();
    void observationsComeBackWhole();
    void observationsOfOlderProgramsAreRead();
    void damagedObservationsAreRefused();
    void forgedObservationsNeverCrash();
    void missingNumbersBecomeNullInJson();
    void heatMapsInJsonAreNamedByTheirHash();
    void aRunRecordComesBackFromJson();
    void jsonHoldsNoTimesUnlessAsked();
    void theCacheKeyFollowsWhatDecidesTheResult();
};

void TestFindings::wordsAndTheirInversesAgree()
{
    QString letters;
    for (const Verdict v : {Verdict::Suspicious, Verdict::Consistent, Verdict::Inconclusive,
                            Verdict::NotApplicable}) {
        QCOMPARE(verdictFromName(verdictName(v)), std::optional(v));
        QVERIFY(!verdictMeaning(v).isEmpty());
        letters += verdictLetter(v);
    }
    QCOMPARE(letters, u"SCIN"_s);
    for (const ScoreScale s : {ScoreScale::LikelihoodRatio, ScoreScale::Log10LikelihoodRatio,
                               ScoreScale::Probability, ScoreScale::PValue, ScoreScale::Raw})
        QCOMPARE(scaleFromName(scaleName(s)), std::optional(s));
    for (const RunState s :
         {RunState::Done, RunState::NotApplicable, RunState::Failed, RunState::Cancelled})
        QCOMPARE(runStateFromName(runStateName(s)), std::optional(s));
    QVERIFY(!verdictFromName(u"fake"_s));
    QVERIFY(!scaleFromName(u""_s));
    QVERIFY(!runStateFromName(u"DONE"_s));
}

void TestFindings::noVerdictTextClaimsTruthOrFraud()
{
    static const QRegularExpression forbidden(u"\\b(fake|authentic|genuine)\\b"_s,
                                              QRegularExpression::CaseInsensitiveOption);
    for (const Verdict v :
         {Verdict::Suspicious, Verdict::Consistent, Verdict::Inconclusive, Verdict::NotApplicable})
        QVERIFY(!forbidden.match(verdictTitle(v) + u' ' + verdictMeaning(v)).hasMatch());
}

void TestFindings::aResultComesBackWhole()
{
    const AnalysisResult before = someResult();
    const auto after = resultFromBytes(toBytes(before));
    QVERIFY2(after, after ? "" : qPrintable(after.error().text()));

    const Finding &f = after->findings.at(0);
    QCOMPARE(toJson(f), toJson(before.findings.at(0)));
    QCOMPARE(f.supports, before.findings.at(0).supports);
    QCOMPARE(f.keyFrame, std::optional<FrameIndex>(0)); // frame 0 is not "none"
    QVERIFY(!f.score->high);
    QVERIFY(!after->findings.at(1).strength);
    QVERIFY(!after->findings.at(1).keyFrame);

    const Trace &t = after->measured.traces.at(0), &u = before.measured.traces.at(0);
    QCOMPARE(t.frames, u.frames);
    QVERIFY(std::isnan(t.values.at(1)));
    QVERIFY(std::signbit(t.values.at(2)));
    QCOMPARE(t.values.at(3), 1e-300);
    QVERIFY(t.thresholds == u.thresholds);
    QCOMPARE(t.group, u.group);
    QCOMPARE(t.upper.size(), u.upper.size());

    const HeatMap &h = after->measured.heatMaps.at(0), &g = before.measured.heatMaps.at(0);
    QCOMPARE(h.values.type(), CV_32FC1);
    QCOMPARE(h.values.size(), g.values.size());
    QVERIFY(std::memcmp(h.values.data, g.values.data, 12 * sizeof(float)) == 0);
    QCOMPARE(h.colorMap, u"magma"_s);
    QVERIFY(after->measured.heatMaps.at(1).values.empty());

    QCOMPARE(after->measured.vectors.at(0).color, u"#ff0000"_s);
    QCOMPARE(toJson(after->measured), toJson(before.measured));
    QCOMPARE(toBytes(*after), toBytes(before));
}

void TestFindings::anEmptyResultComesBackEmpty()
{
    const auto after = resultFromBytes(toBytes(AnalysisResult{}));
    QVERIFY(after);
    QVERIFY(after->findings.empty());
    QVERIFY(after->measured.empty());
}

void TestFindings::equalResultsGiveEqualBytes()
{
    QCOMPARE(toBytes(someResult()), toBytes(someResult()));
    AnalysisResult other = someResult();
    other.measured.traces[0].values[0] += 1e-15;
    QVERIFY(toBytes(other) != toBytes(someResult()));

    // A picture cut out of a larger one holds the same values in another memory layout.
    AnalysisResult cut = someResult();
    cv::Mat large(5, 9, CV_32FC1, cv::Scalar(0));
    cut.measured.heatMaps[0].values.copyTo(large(cv::Rect(2, 1, 4, 3)));
    cut.measured.heatMaps[0].values = large(cv::Rect(2, 1, 4, 3));
    QCOMPARE(toBytes(cut), toBytes(someResult()));
}

void TestFindings::damagedResultsAreRefused()
{
    const QByteArray good = toBytes(someResult());
    for (qsizetype size = 0; size < good.size(); ++size) {
        const auto r = resultFromBytes(good.left(size));
        QVERIFY(!r);
        QCOMPARE(r.error().code, Errc::BadData);
    }
    for (qsizetype i = 0; i < good.size(); ++i) {
        QByteArray bad = good;
        bad[i] = char(bad[i] ^ (1 << (i % 8)));
        QVERIFY2(!resultFromBytes(bad), qPrintable(QString::number(i)));
    }
    QVERIFY(!resultFromBytes(good + 'x'));
    QVERIFY(!resultFromBytes(toBytes(someLog())));
}

void TestFindings::forgedResultsNeverCrash()
{
    const auto body = unsealed("FWR1", toBytes(someResult()));
    QVERIFY(body);
    QRandomGenerator random(1);
    int refused = 0;
    for (int i = 0; i < 3000; ++i) {
        const auto r = resultFromBytes(resealed("FWR1", *body, &random));
        if (!r) {
            ++refused;
            continue;
        }
        for (const Trace &t : r->measured.traces)
            QCOMPARE(t.values.size(), t.frames.size());
        QVERIFY(!toJson(r->measured).isEmpty());
    }
    QVERIFY(refused > 500);
}

void TestFindings::aZipBombIsRefused()
{
    QByteArray small = sealed("FWR1", QByteArray(1 << 20, '\0'));
    QVERIFY(unsealed("FWR1", small));
    // The size field lies behind the seal: a forger sets it and seals again.
    for (const quint64 claim : {quint64(16), quint64(1) << 62, ~quint64(0)}) {
        QByteArray body = small.mid(36);
        std::memcpy(body.data(), &claim, sizeof(claim));
        const Sha256 hash = sha256(body);
        const QByteArray forged =
            QByteArray("FWR1") + QByteArray(reinterpret_cast<const char *>(hash.data()), 32) + body;
        const auto r = unsealed("FWR1", forged);
        QVERIFY(!r);
        QCOMPARE(r.error().code, Errc::BadData);
    }
}

void TestFindings::contradictingLengthsAreRefused()
{
    AnalysisResult shortValues = someResult();
    shortValues.measured.traces[0].values.pop_back();
    QVERIFY(!resultFromBytes(toBytes(shortValues)));
    AnalysisResult halfBand = someResult();
    halfBand.measured.traces[0].lower.clear();
    QVERIFY(!resultFromBytes(toBytes(halfBand)));
}

void TestFindings::observationsComeBackWhole()
{
    const ObservationLog before = someLog();
    const auto after = observationLogFromBytes(toBytes(before));
    QVERIFY(after);
    QCOMPARE(after->faces.size(), std::size_t(5));
    QVERIFY(!after->facesAt(0));                              // nobody looked
    QVERIFY(after->facesAt(1) && after->facesAt(1)->empty()); // looked, nobody there
    QVERIFY(!after->facesAt(3));
    QVERIFY(!after->facesAt(-1));
    QVERIFY(!after->facesAt(99));

    const FaceObservation &f = after->facesAt(4)->at(0), &g = before.facesAt(4)->at(0);
    QVERIFY(f.landmarks == g.landmarks);
    QVERIFY(f.pose->rotation == g.pose->rotation);
    QCOMPARE(f.pose->rmsPixels, g.pose->rmsPixels);
    QCOMPARE(f.earImageLeft, g.earImageLeft);
    QVERIFY(!f.earImageRight);
    QCOMPARE(f.landmarkSigmas->at(67), 0.7f);
    QCOMPARE(f.eyeImageLeft->lids[11], cv::Point2f(7, 8));
    QCOMPARE(f.eyeImageLeft->gaze->direction, g.eyeImageLeft->gaze->direction);
    QVERIFY(f.eyeImageRight && !f.eyeImageRight->gaze);
    QCOMPARE(f.expression->points3d[67], cv::Point3f(1, 2, 3));
    QCOMPARE(f.actionUnits->raw[16], 4.5f);
    QVERIFY(f.actionUnits->present[17] && !f.actionUnits->present[16]);
    QVERIFY(f.appearance);
    QCOMPARE(f.appearance->mark[63], 0.25f);
    QCOMPARE(f.appearance->seamAround, 0.01f);
    QCOMPARE(f.appearance->cheekChange, 0.75f);
    QVERIFY(std::isnan(f.appearance->highlights) && std::isnan(f.appearance->mouthChange));
    QVERIFY(f.detected);
    const FaceObservation &bare = after->facesAt(4)->at(1);
    QVERIFY(!bare.detected && !bare.landmarks && !bare.pose && !bare.landmarkSigmas);
    QVERIFY((after->tracks() == std::vector{TrackId(0), TrackId(3)}));
    QCOMPARE(toBytes(*after), toBytes(before));
    QVERIFY(observationLogFromBytes(toBytes(ObservationLog{}))->faces.empty());
}

void TestFindings::observationsOfOlderProgramsAreRead()
{
    const auto body = unsealed("FWO2", toBytes(someLog()));
    QCborMap map = QCborValue::fromCbor(*body).toMap();
    map.remove(u"details"_s);
    const auto log = observationLogFromBytes(sealed("FWO2", QCborValue(map).toCbor()));
    QVERIFY(log);
    const auto &appearance = log->facesAt(4)->at(0).appearance;
    QVERIFY(appearance && std::isnan(appearance->cheekChange) && std::isnan(appearance->highlights));
    QCOMPARE(appearance->mark[63], 0.25f);
    map.insert(u"details"_s, QByteArray(toBytes(ObservationLog{}).left(4)));
    QVERIFY(!observationLogFromBytes(sealed("FWO2", QCborValue(map).toCbor())));
}

void TestFindings::damagedObservationsAreRefused()
{
    const QByteArray good = toBytes(someLog());
    for (qsizetype i = 0; i < good.size(); ++i) {
        QByteArray bad = good;
        bad[i] = char(~bad[i]);
        QVERIFY(!observationLogFromBytes(bad));
        QVERIFY(!observationLogFromBytes(good.left(i)));
    }
}

void TestFindings::forgedObservationsNeverCrash()
{
    const auto body = unsealed("FWO2", toBytes(someLog()));
    QRandomGenerator random(2);
    int refused = 0;
    for (int i = 0; i < 3000; ++i)
        refused += observationLogFromBytes(resealed("FWO2", *body, &random)) ? 0 : 1;
    QVERIFY(refused > 500);
}

void TestFindings::missingNumbersBecomeNullInJson()
{
    const QJsonObject trace =
        toJson(someResult().measured).value(u"traces"_s).toArray().at(0).toObject();
    QVERIFY(trace.value(u"values"_s).toArray().at(1).isNull());
    QVERIFY(trace.value(u"lower"_s).toArray().at(1).isNull());
    const QJsonObject empty = toJson(Finding{});
    for (const QString &key : {u"strength"_s, u"score"_s, u"range"_s, u"track"_s, u"keyFrame"_s}) {
        QVERIFY(empty.contains(key));
        QVERIFY(empty.value(key).isNull());
    }
}

void TestFindings::heatMapsInJsonAreNamedByTheirHash()
{
    Measurements m;
    m.heatMaps = {someHeatMap()};
    const QJsonObject first = toJson(m).value(u"heatMaps"_s).toArray().at(0).toObject();
    QCOMPARE(first.value(u"sha256"_s).toString().size(), 64);
    QCOMPARE(first.value(u"most"_s).toDouble(), double(11.0f / 3.0f));
    QCOMPARE(first.value(u"least"_s).toDouble(), 0.0);
    QVERIFY(!first.contains(u"values"_s));
    m.heatMaps[0].values = m.heatMaps[0].values.clone();
    m.heatMaps[0].values.at<float>(0, 0) = 0.001f;
    const QJsonObject second = toJson(m).value(u"heatMaps"_s).toArray().at(0).toObject();
    QVERIFY(first.value(u"sha256"_s) != second.value(u"sha256"_s));
}

void TestFindings::aRunRecordComesBackFromJson()
{
    RunRecord r;
    r.pluginId = u"org.framewitness.blink"_s;
    r.pluginVersion = u"1.2.0"_s;
    r.options = {{u"minSeconds"_s, 10.5}, {u"mode"_s, u"a"_s}};
    r.modelHashes = {{u"m"_s, u"ab"_s}};
    r.mediaSha256 = u"cd"_s;
    r.streamIndex = 1;
    r.frames = {3, 400};
    r.programVersion = u"0.1.0"_s;
    r.libraries = {{u"FFmpeg"_s, u"5.1.8"_s}};
    r.inputs = {{u"org.framewitness.faces"_s, u"1"_s}};
    r.seed = ~quint64(0);
    r.started = QDateTime::fromMSecsSinceEpoch(1700000000123, Qt::UTC);
    r.wallSeconds = 1.5;

    const auto back = recordFromJson(toJson(r, true));
    QVERIFY(back);
    QCOMPARE(toJson(*back, true), toJson(r, true));
    QCOMPARE(back->seed, r.seed);
    QCOMPARE(back->started, r.started);
    QCOMPARE(back->cacheKey(), r.cacheKey());
    QVERIFY(!recordFromJson({}));
    QVERIFY(!recordFromJson({{u"pluginId"_s, u"a"_s}, {u"pluginVersion"_s, u"1"_s}}));
}

void TestFindings::jsonHoldsNoTimesUnlessAsked()
{
    MethodResult a;
    a.record.pluginId = u"p"_s;
    a.record.started = QDateTime::currentDateTimeUtc();
    a.record.wallSeconds = 3;
    MethodResult b = a;
    b.record.started = a.record.started.addDays(1);
    b.record.wallSeconds = 9;
    QCOMPARE(toJson(a, false), toJson(b, false));
    QVERIFY(toJson(a, true) != toJson(b, true));
}

void TestFindings::theCacheKeyFollowsWhatDecidesTheResult()
{
    RunRecord r;
    r.pluginId = u"p"_s;
    r.mediaSha256 = u"m"_s;
    const QString key = r.cacheKey();
    QCOMPARE(key.size(), 64);
    RunRecord later = r;
    later.started = QDateTime::currentDateTimeUtc();
    later.wallSeconds = 5;
    later.programVersion = u"9"_s;
    QCOMPARE(later.cacheKey(), key);
    const auto changed = [&](auto change) {
        RunRecord other = r;
        change(other);
        return other.cacheKey() != key;
    };
    QVERIFY(changed([](RunRecord &o) { o.options.insert(u"a"_s, 1); }));
    QVERIFY(changed([](RunRecord &o) { o.pluginVersion = u"2"_s; }));
    QVERIFY(changed([](RunRecord &o) { o.modelHashes[u"x"_s] = u"y"_s; }));
    QVERIFY(changed([](RunRecord &o) { o.inputs[u"x"_s] = u"y"_s; }));
    QVERIFY(changed([](RunRecord &o) { o.mediaSha256 = u"n"_s; }));
}

QTEST_GUILESS_MAIN(TestFindings)
#include "tst_findings.moc"
