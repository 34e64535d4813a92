// SPDX-License-Identifier: GPL-3.0-or-later
// What is left out, how statistics are weighed together, and what the detector says.
#include "base/json.h"
#include "coherence_detector.h"
#include "detect/manifest.h"
#include "faces/head_model.h"
#include "faces/head_pose.h"
#include "findings/finding.h"
#include "made_face.h"
#include "test_data.h"

#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

class TestCoherenceVerdict : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void exploratoryOnesAreAskedForAndNeverWeighed();
    void ourOwnFailuresWithdraw();
    void shortStretchesAreLeftOut();
    void toldConditionsAreLeftOut();
    void twoRegularitiesOfDifferentFamiliesContradict();
    void fewGenuineClipsGiveNoChance();
    void shortOrConvertedFootageIsInconclusive();
    void referenceSurvivesTheFileAndRefusesDamage();
    void detectorSpeaksStopsAndRepeats();
    void manifestIsValid();
};

void TestCoherenceVerdict::exploratoryOnesAreAskedForAndNeverWeighed()
{
    const CoherenceTrack track = turningFace(-0.150);
    const CoherenceResult silent = measureCoherence(track, {}), all = measureCoherence(track, everything());
    for (const CoherenceId id : {CoherenceId::E5, CoherenceId::E6, CoherenceId::M2, CoherenceId::M4, CoherenceId::I2}) {
        QVERIFY(!of(silent, id).value && of(silent, id).reason.contains(u"option"_s));
        QCOMPARE(gradeLetter(specOf(id).grade), u"C"_s);
    }
    const CoherenceStratum stratum = CoherenceStratum::of(120, 30, 0);
    const CoherenceVerdict a = weighCoherence(silent, madeReference(5000), {40.0, 0.0, stratum});
    const CoherenceVerdict b = weighCoherence(all, madeReference(5000), {40.0, 0.0, stratum});
    const WeighedStatistic &lead = b.weighed[std::size_t(CoherenceId::E5)];
    QVERIFY(lead.pValue && *lead.pValue < 0.01 && *lead.adjusted >= *lead.pValue);
    QCOMPARE(b.word, a.word);
    QCOMPARE(b.surviving, a.surviving);
    for (const CoherenceId id : {CoherenceId::E1, CoherenceId::M1, CoherenceId::S1})
        QCOMPARE(b.weighed[std::size_t(id)].adjusted, a.weighed[std::size_t(id)].adjusted);
}

void TestCoherenceVerdict::ourOwnFailuresWithdraw()
{
    const CoherenceResult lids = measureCoherence(face({.lagFrames = 3, .measuresAgree = false}), {});
    QVERIFY(*of(lids, CoherenceId::A1).value < 0.2);
    for (const CoherenceId id : {CoherenceId::E1, CoherenceId::E1r, CoherenceId::E2, CoherenceId::E3, CoherenceId::E4})
        QVERIFY(!of(lids, id).value && !of(lids, id).reason.isEmpty());
    QVERIFY(of(lids, CoherenceId::M1).value && of(lids, CoherenceId::S1).value);
    const CoherenceResult lips = measureCoherence(face({.lipsAgree = false}), {});
    QVERIFY(!of(lips, CoherenceId::M1).value && !of(lips, CoherenceId::M3).value);
    QVERIFY(of(lips, CoherenceId::E1).value);
    const CoherenceResult fit = measureCoherence(face({.rms = 0.06}), {});
    QVERIFY(!of(fit, CoherenceId::E1).value && !of(fit, CoherenceId::M1).value);
    QCOMPARE(verdictOf(face({.lagFrames = 3, .measuresAgree = false}), madeReference(200)).surviving.size(), std::size_t(0));
}

void TestCoherenceVerdict::shortStretchesAreLeftOut()
{
    CoherenceTrack track = face({.seconds = 12});
    for (std::size_t i = 0; i < track.rows.size(); ++i) {
        if (i % 50 < 12)
            track.rows[i] = missingBehaviourRow(track.rows[i].frame, track.rows[i].seconds);
    }
    keepUsableStretches(track);
    QVERIFY(std::none_of(track.rows.begin(), track.rows.end(), [](const BehaviourRow &r) { return r.usable; }));
    CoherenceTrack whole = face({.seconds = 12});
    whole.rows[100] = missingBehaviourRow(100, whole.rows[100].seconds);
    keepUsableStretches(whole);
    QCOMPARE(std::count_if(whole.rows.begin(), whole.rows.end(), [](const BehaviourRow &r) { return r.usable; }), std::ptrdiff_t(359));
}

void TestCoherenceVerdict::toldConditionsAreLeftOut()
{
    const CoherenceResult r = measureCoherence(face({.lagFrames = 3}), {.eyesTold = true, .mouthTold = true});
    for (const CoherenceId id : {CoherenceId::E1, CoherenceId::E2, CoherenceId::E3, CoherenceId::M1})
        QVERIFY(!of(r, id).value && of(r, id).reason.contains(u"examiner"_s));
    QVERIFY(of(r, CoherenceId::S1).value);
}

void TestCoherenceVerdict::twoRegularitiesOfDifferentFamiliesContradict()
{
    const CoherenceTrack track = face({.innerPx = 1.5, .jawFollows = false});
    const CoherenceVerdict verdict = verdictOf(track, madeReference(5000));
    QCOMPARE(verdict.familiesTested, 3);
    QCOMPARE(verdict.word, CoherenceWord::Contradiction);
    QCOMPARE(verdict.surviving, (std::vector{CoherenceId::M1, CoherenceId::S1}));
    QCOMPARE(verdictOf(face({}), madeReference(5000)).word, CoherenceWord::None);
}

void TestCoherenceVerdict::fewGenuineClipsGiveNoChance()
{
    const CoherenceVerdict verdict = verdictOf(face({.innerPx = 1.5}), madeReference(99));
    const WeighedStatistic &s1 = verdict.weighed[std::size_t(CoherenceId::S1)];
    QVERIFY(!s1.pValue && s1.reference && s1.z && *s1.z > 3.0);
    QVERIFY(verdict.surviving.empty());
    QCOMPARE(verdict.word, CoherenceWord::Inconclusive);
}

void TestCoherenceVerdict::shortOrConvertedFootageIsInconclusive()
{
    const CoherenceResult result = measureCoherence(face({.lagFrames = 3}), {});
    const CoherenceStratum stratum = CoherenceStratum::of(120, 30, 0);
    QCOMPARE(weighCoherence(result, {}, {9.0, 0.0, stratum}).word, CoherenceWord::Inconclusive);
    const CoherenceVerdict converted = weighCoherence(result, {}, {24.0, 0.2, stratum});
    QCOMPARE(converted.word, CoherenceWord::Inconclusive);
    QVERIFY(converted.reasons.first().contains(u"20 %"_s));
}

void TestCoherenceVerdict::referenceSurvivesTheFileAndRefusesDamage()
{
    const CoherenceReference reference = madeReference(120);
    const QJsonObject json = reference.toJson();
    const auto read = CoherenceReference::fromJson(json, u"made"_s);
    QVERIFY(read);
    QCOMPARE(QJsonDocument(read->toJson()).toJson(), QJsonDocument(json).toJson());
    QCOMPARE(read->inStratum(CoherenceId::S1, CoherenceStratum::of(100, 25, 0.5))->clips, 120);
    QVERIFY(!read->inStratum(CoherenceId::S1, CoherenceStratum::of(100, 60, 0.5)));
    const ReferenceValues &v = *read->ofAllClips(CoherenceId::S1);
    QVERIFY(v.chance(v.median()) > 0.95 && v.chance(5.0) < 0.02 && v.chance(-5.0) < 0.02 && v.chance(5.0) >= 2.0 / 121.0);
    QJsonObject damaged = json, statistics = json.value(u"statistics"_s).toObject();
    statistics.insert(u"S1"_s, QJsonObject{{u"all"_s, QJsonObject{{u"count"_s, 3}, {u"quantiles"_s, QJsonArray{3, 2, 1, 0, 0, 0, 0}}}}});
    damaged.insert(u"statistics"_s, statistics);
    QCOMPARE(CoherenceReference::fromJson(damaged, u"made"_s).error().code, Errc::BadData);
    QCOMPARE(CoherenceReference::fromJson({}, u"made"_s).error().code, Errc::BadData);
}

void TestCoherenceVerdict::detectorSpeaksStopsAndRepeats()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"reference.json"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QJsonDocument(madeReference(120).toJson()).toJson());
    file.close();
    std::stop_source stop;
    JobContext job;
    job.options = {{u"eyeCondition"_s, false}, {u"mouthCondition"_s, false}, {u"exploratory"_s, false}};
    job.modelPaths = {{u"reference"_s, path}};
    job.stop = stop.get_token();
    ClipFacts clip;
    clip.width = 640;
    clip.height = 480;
    clip.nominalRate = 30;
    const Camera camera = Camera::assumed(640, 480);
    const auto run = [&](CoherenceDetector &detector, int frames) {
        std::mt19937 random(7);
        std::normal_distribution<float> normal;
        QVERIFY(detector.begin(clip, job));
        for (int i = 0; i < frames; ++i) {
            FaceObservation f;
            f.track = TrackId{2};
            f.pose = HeadPose{rotationOf({0.05, 0.1 * std::sin(0.05 * i), 0.0}), {0, 0, 500}, 1.0};
            Landmarks68 points;
            for (std::size_t p = 0; p < 68; ++p) {
                points[p] = cv::Point2f(projected(*f.pose, camera, neutralHead()[p]))
                    + cv::Point2f(0.2f * normal(random), 0.2f * normal(random));
            }
            f.landmarks = points;
            FrameBundle bundle;
            bundle.index = i;
            bundle.seconds = i / 30.0;
            bundle.observed.faces = FaceObservations{f};
            QVERIFY(detector.frame(bundle));
        }
    };
    CoherenceDetector detector;
    run(detector, 400);
    const auto result = detector.finish({});
    QVERIFY(result);
    QCOMPARE(result->findings.size(), std::size_t(1));
    const Finding &finding = result->findings.front();
    QCOMPARE(finding.track, TrackId{2});
    QCOMPARE(finding.verdict, Verdict::Inconclusive); // eyes and mouth were not measured
    QVERIFY(finding.summary.contains(u"not decided"_s));
    QCOMPARE(result->measured.tables.size(), std::size_t(2));
    QCOMPARE(result->measured.tables.front().rows.size(), qsizetype(kCoherenceCount));
    CoherenceDetector again;
    run(again, 400);
    const auto second = again.finish({});
    QCOMPARE(second->measured.tables.back().rows, result->measured.tables.back().rows);
    QCOMPARE(second->findings.front().summary, finding.summary);
    CoherenceDetector stopped;
    run(stopped, 100);
    stop.request_stop();
    QCOMPARE(stopped.finish({}).error().code, Errc::Cancelled);
    job.stop = {};
    CoherenceDetector nobody;
    run(nobody, 0);
    QCOMPARE(nobody.finish({}).error().code, Errc::NotApplicable);
    job.modelPaths.clear();
    CoherenceDetector without;
    QVERIFY(!without.begin(clip, job));
}

void TestCoherenceVerdict::manifestIsValid()
{
    const QString path = test::sourceDir() + u"/plugins/detect/coherence/manifest.json"_s;
    const auto object = readJsonObject(path);
    QVERIFY(object);
    const auto manifest = parseManifest(*object, path);
    QVERIFY2(manifest, manifest ? "" : qPrintable(manifest.error().text()));
    QCOMPARE(manifest->id, u"org.framewitness.coherence"_s);
    QVERIFY(CoherenceReference::fromJson(readJsonObject(test::sourceDir() + u"/models/coherence/reference.json"_s).value(), path));
}

QTEST_GUILESS_MAIN(TestCoherenceVerdict)
#include "tst_coherence_verdict.moc"
