// SPDX-License-Identifier: GPL-3.0-or-later
// The statistics, one by one.
#include "coherence_tables.h"
#include "faces/head_model.h"
#include "faces/head_pose.h"
#include "made_face.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

class TestCoherence : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anOrdinaryFaceContradictsNothing();
    void aLateLidIsTimed_data();
    void aLateLidIsTimed();
    void eyesThatPartAreMeasured();
    void tremblingInsideIsMeasured();
    void aStillJawIsMeasured();
    void aShapeThatDriftsIsMeasured();
    void slowNoiseIsNoDrift();
    void looksThatDriftAreMeasured();
    void aSeamThatStaysBehindIsMeasured();
    void eyesThatLeadAreTimed_data();
    void eyesThatLeadAreTimed();
    void shutLipsAreCounted();
    void aShapeThatFollowsTheSmileIsMeasured();
    void highlightsOfBothEyesAreCompared();
    void anInsideOfTheMouthThatFlickersIsMeasured();
    void headMotionLeavesPointsOnTheHead();
};

void TestCoherence::anOrdinaryFaceContradictsNothing()
{
    const CoherenceResult r = measureCoherence(face({}), {});
    QVERIFY(std::abs(*of(r, CoherenceId::E1).value) < 5.0);
    QVERIFY(*of(r, CoherenceId::E1).pValue > 0.5);
    QVERIFY(*of(r, CoherenceId::E1r).value > 0.9);
    QVERIFY(*of(r, CoherenceId::E2).value < 1.5 && *of(r, CoherenceId::E2).pValue > 0.5);
    QVERIFY(*of(r, CoherenceId::E3).pValue > 0.5);
    QVERIFY(*of(r, CoherenceId::E4).value < -0.7); // the eyes were made to turn against the head
    QVERIFY(*of(r, CoherenceId::M1).value > 0.9);
    QVERIFY(std::abs(*of(r, CoherenceId::S1).value - 1.0) < 0.1);
    QVERIFY(verdictOf(face({}), madeReference(200)).surviving.empty());
}

void TestCoherence::aLateLidIsTimed_data()
{
    QTest::addColumn<double>("rate");
    QTest::addColumn<int>("frames");
    QTest::newRow("3 of 30") << 30.0 << 3;
    QTest::newRow("2 of 25") << 25.0 << 2;
    QTest::newRow("4 of 60") << 60.0 << 4;
}

void TestCoherence::aLateLidIsTimed()
{
    QFETCH(double, rate);
    QFETCH(int, frames);
    const CoherenceResult r = measureCoherence(face({.rate = rate, .lagFrames = frames}), {});
    const CoherenceValue &v = of(r, CoherenceId::E1);
    QVERIFY2(std::abs(*v.value - 1000.0 * frames / rate) < 8.0, qPrintable(QString::number(*v.value)));
    QVERIFY(*v.pValue < 0.001);
    const CoherenceVerdict verdict = verdictOf(face({.rate = rate, .lagFrames = frames}), {});
    QCOMPARE(verdict.word, CoherenceWord::Contradiction);
    QVERIFY(coherenceSentence(v).contains(u"right"_s));
}

void TestCoherence::eyesThatPartAreMeasured()
{
    const CoherenceResult r = measureCoherence(face({.seconds = 40, .apart = 12.0}), {});
    const double apart = *of(r, CoherenceId::E2).value; // 6 about the mean of the two places, 8.5 about one of them
    QVERIFY2(apart > 5.8 && apart < 8.7, qPrintable(QString::number(apart)));
    QVERIFY(*of(r, CoherenceId::E2).pValue < 0.01);
    QVERIFY(*of(r, CoherenceId::E3).pValue > 0.5);
}

void TestCoherence::tremblingInsideIsMeasured()
{
    const CoherenceResult r = measureCoherence(face({.innerPx = 1.5}), {});
    QVERIFY(*of(r, CoherenceId::S1).value > 5.0);
    QCOMPARE(verdictOf(face({.innerPx = 1.5}), madeReference(5000)).word, CoherenceWord::Unusual);
}

void TestCoherence::aStillJawIsMeasured()
{
    const CoherenceResult r = measureCoherence(face({.jawFollows = false}), {});
    QVERIFY(std::abs(*of(r, CoherenceId::M1).value) < 0.4);
}

void TestCoherence::aShapeThatDriftsIsMeasured()
{
    const CoherenceValue still = of(measureCoherence(face({.seconds = 30}), {}), CoherenceId::S3);
    QVERIFY2(*still.value > 0.6 && *still.value < 1.4, qPrintable(QString::number(*still.value)));
    QVERIFY2(*still.nullChance > 0.05, qPrintable(QString::number(*still.nullChance)));
    CoherenceTrack track = face({.seconds = 30});
    for (BehaviourRow &r : track.rows)
        widen(r, 0.01 * std::clamp((r.seconds - 10.0) / 10.0, 0.0, 1.0)); // 1.2 px, with 0.2 px of noise a frame
    const CoherenceValue drift = of(measureCoherence(track, {}), CoherenceId::S3);
    QVERIFY2(*drift.value > 3.0 * *still.value, qPrintable(QString::number(*drift.value)));
    QVERIFY(*drift.nullChance < 0.01);
    QVERIFY(drift.perSecond[2] > 2.0 * drift.perSecond[14] && drift.perSecond[28] > 2.0 * drift.perSecond[14]);
    QVERIFY(!of(measureCoherence(face({.seconds = 8}), {}), CoherenceId::S3).value);
}

void TestCoherence::slowNoiseIsNoDrift()
{
    // Noise that holds on for 0.3 s: twelve faces, whose chances must not pile up at the low end.
    int low = 0;
    for (unsigned seed = 1; seed <= 12; ++seed) {
        CoherenceTrack track = face({.seconds = 30}, seed);
        std::mt19937 random(seed);
        std::normal_distribution<double> normal;
        const double keep = std::exp(-1.0 / (0.3 * track.rate));
        std::array<cv::Point2d, 68> slow{};
        for (BehaviourRow &r : track.rows) {
            for (std::size_t p = 0; p < 68; ++p) {
                slow[p] = slow[p] * keep + cv::Point2d(normal(random), normal(random)) * (0.003 * std::sqrt(1.0 - keep * keep));
                r.onHead[p] += slow[p];
            }
        }
        low += *of(measureCoherence(track, {}), CoherenceId::S3).nullChance < 0.05 ? 1 : 0;
    }
    QVERIFY2(low <= 3, qPrintable(QString::number(low))); // 0.6 are expected; four and more at a chance of 0.2 %
}

void TestCoherence::looksThatDriftAreMeasured()
{
    // A look every fifth frame: noise around one person, or a way from one to another.
    const auto looks = [](double way) {
        CoherenceTrack track = face({});
        std::mt19937 random(4);
        std::normal_distribution<float> normal(0.0f, 0.05f);
        for (std::size_t i = 0; i < track.rows.size(); i += 5) {
            const double angle = way * double(i) / double(track.rows.size());
            auto &mark = track.rows[i].mark.emplace();
            for (float &v : mark)
                v = normal(random);
            mark[0] += float(std::cos(angle));
            mark[1] += float(std::sin(angle));
            float square = 0;
            for (const float v : mark)
                square += v * v;
            for (float &v : mark)
                v /= std::sqrt(square);
        }
        return track;
    };
    const CoherenceValue same = coherence::identityDrift(looks(0.0), 1), drifts = coherence::identityDrift(looks(1.5), 1);
    QVERIFY(same.value && drifts.value);
    QVERIFY2(*same.value < 0.35 && *drifts.value > *same.value + 0.1, qPrintable(u"%1 %2"_s.arg(*same.value).arg(*drifts.value)));
    QVERIFY(*same.nullChance > 0.01);
    QVERIFY(*drifts.nullChance < 0.01);
    QVERIFY(!coherence::identityDrift(face({}), 1).value);
    QVERIFY(!coherence::identityDrift(face({}), 1).reason.isEmpty());
}

void TestCoherence::aSeamThatStaysBehindIsMeasured()
{
    CoherenceTrack track = face({});
    QVERIFY(!coherence::seamOfFace(track).value);
    for (std::size_t i = 0; i < track.rows.size(); i += 5)
        track.rows[i].seam = 0.5 + 0.1 * double(i % 2);
    const CoherenceValue usual = coherence::seamOfFace(track);
    QVERIFY(usual.value);
    for (std::size_t i = 0; i < track.rows.size(); i += 5)
        track.rows[i].seam += i > track.rows.size() / 2 ? 1.0 : 0.0;
    const CoherenceValue behind = coherence::seamOfFace(track);
    QVERIFY(*behind.value > *usual.value + 0.9);
    QCOMPARE(behind.perSecond.size(), coherence::wholeSeconds(track));
}

void TestCoherence::eyesThatLeadAreTimed_data()
{
    QTest::addColumn<double>("lead");
    QTest::addColumn<bool>("usual");
    QTest::newRow("100 ms") << 0.100 << true;
    QTest::newRow("together") << 0.0 << true;
    QTest::newRow("150 ms late") << -0.150 << false;
}

void TestCoherence::eyesThatLeadAreTimed()
{
    QFETCH(double, lead);
    QFETCH(bool, usual);
    const CoherenceValue v = of(measureCoherence(turningFace(lead), everything()), CoherenceId::E5);
    QVERIFY2(v.value, qPrintable(v.reason));
    QVERIFY2(std::abs(*v.value - 1000.0 * lead) < 25.0, qPrintable(QString::number(*v.value)));
    QCOMPARE(*v.nullChance > 0.05, usual);
    QVERIFY(v.effective > 10.0);
    CoherenceTrack few = turningFace(lead);
    few.rows.resize(few.rows.size() / 6); // three turns
    QVERIFY(of(measureCoherence(few, everything()), CoherenceId::E5).reason.contains(u"5 are needed"_s));
}

void TestCoherence::shutLipsAreCounted()
{
    const CoherenceValue v = of(measureCoherence(face({.seconds = 40}), everything()), CoherenceId::M2);
    QVERIFY2(v.value && *v.value > 150.0 && *v.value < 280.0, qPrintable(v.reason + QString::number(v.value.value_or(-1)))); // 186, and some minima double by noise
    QVERIFY(*v.low < *v.value && *v.value < *v.high);
    CoherenceTrack open = face({.seconds = 40});
    for (BehaviourRow &r : open.rows)
        r.lipGap += 0.02;
    QCOMPARE(*of(measureCoherence(open, everything()), CoherenceId::M2).value, 0.0);
    CoherenceTrack small = face({.seconds = 40});
    for (BehaviourRow &r : small.rows)
        r.eyeCorners = 50.0;
    QVERIFY(of(measureCoherence(small, everything()), CoherenceId::M2).reason.contains(u"40 px"_s));
}

void TestCoherence::aShapeThatFollowsTheSmileIsMeasured()
{
    CoherenceTrack track = face({.seconds = 40}, 5);
    for (BehaviourRow &r : track.rows)
        r.units[8] = std::max(0.0, 8.0 * std::sin(0.37 * r.seconds) * std::sin(1.13 * r.seconds) - 3.0); // AU12, now and then
    const CoherenceValue apart = of(measureCoherence(track, everything()), CoherenceId::I2);
    QVERIFY2(apart.value && std::abs(*apart.value) < 0.25 && *apart.nullChance > 0.05, qPrintable(QString::number(*apart.value)));
    for (BehaviourRow &r : track.rows)
        widen(r, 0.006 * r.units[8]);
    const CoherenceValue tied = of(measureCoherence(track, everything()), CoherenceId::I2);
    QVERIFY2(*tied.value > 0.6, qPrintable(QString::number(*tied.value)));
    QVERIFY(*tied.nullChance < 0.02);
    QVERIFY(tied.effective < 0.5 * double(track.rows.size())); // neighbouring frames are not independent
}

void TestCoherence::highlightsOfBothEyesAreCompared()
{
    const auto with = [](double agreement) {
        return withLooks([=](BehaviourRow &r, double noise) { r.highlights = agreement + 0.02 * noise; });
    };
    const CoherenceValue agree = of(measureCoherence(with(0.8), everything()), CoherenceId::E6);
    const CoherenceValue apart = of(measureCoherence(with(0.1), everything()), CoherenceId::E6);
    QVERIFY(agree.value && std::abs(*agree.value - 0.8) < 0.02);
    QVERIFY(apart.value && std::abs(*apart.value - 0.1) < 0.02);
    QVERIFY(*agree.low <= *agree.value && *agree.value <= *agree.high && *agree.high - *agree.low < 0.05);
    QVERIFY(!agree.pValue && !agree.nullChance);
    QCOMPARE(agree.perSecond.size(), coherence::wholeSeconds(face({})));
    QVERIFY(std::abs(agree.perSecond[3] - 0.8) < 0.05);
    // Without: small irises are named, large ones lack looks.
    QVERIFY(of(measureCoherence(face({}), everything()), CoherenceId::E6).reason.contains(u"25 px"_s));
    CoherenceTrack large = face({});
    for (BehaviourRow &r : large.rows)
        r.irisRadius = {30, 30};
    QVERIFY(of(measureCoherence(large, everything()), CoherenceId::E6).reason.contains(u"10 looks"_s));
    CoherenceTrack few = with(0.8);
    for (std::size_t i = 45; i < few.rows.size(); ++i)
        few.rows[i].highlights = std::nan("");
    QVERIFY(!of(measureCoherence(few, everything()), CoherenceId::E6).value);
    // A known condition of the eyes, or lids that we cannot follow, leave it out.
    CoherenceOptions told = everything();
    told.eyesTold = true;
    QVERIFY(of(measureCoherence(with(0.8), told), CoherenceId::E6).reason.contains(u"examiner"_s));
    CoherenceTrack lost = face({.measuresAgree = false});
    for (std::size_t i = 0; i < lost.rows.size(); i += 5)
        lost.rows[i].highlights = 0.8;
    QVERIFY(!of(measureCoherence(lost, everything()), CoherenceId::E6).value);
}

void TestCoherence::anInsideOfTheMouthThatFlickersIsMeasured()
{
    const CoherenceTrack usual = withLooks([](BehaviourRow &r, double noise) { r.mouth = 0.7 + 0.2 * noise; });
    // Fast lips in half of the looks are no flicker: the quiet looks count.
    const CoherenceTrack speaks = withLooks([](BehaviourRow &r, double noise) { r.mouth = 0.7 + 0.2 * noise + (noise > 0.0 ? 1.5 : 0.0); });
    const CoherenceTrack flickers = withLooks([](BehaviourRow &r, double noise) { r.mouth = 2.2 + 0.2 * noise; });
    const double a = *of(measureCoherence(usual, everything()), CoherenceId::M4).value;
    const double b = *of(measureCoherence(speaks, everything()), CoherenceId::M4).value;
    const CoherenceValue c = of(measureCoherence(flickers, everything()), CoherenceId::M4);
    QVERIFY2(a > 0.4 && a < 0.7, qPrintable(QString::number(a)));
    QVERIFY2(std::abs(b - a) < 0.2, qPrintable(QString::number(b)));
    QVERIFY(c.value && std::abs(*c.value - a - 1.5) < 0.05 && *c.low <= *c.value && *c.value <= *c.high && !c.pValue);
    QVERIFY(of(measureCoherence(face({}), everything()), CoherenceId::M4).reason.contains(u"open mouth"_s));
    CoherenceOptions told = everything();
    told.mouthTold = true;
    QVERIFY(of(measureCoherence(usual, told), CoherenceId::M4).reason.contains(u"examiner"_s));
}

void TestCoherence::headMotionLeavesPointsOnTheHead()
{
    const Camera camera = Camera::assumed(640, 480);
    HeadPose pose;
    pose.translation = {30, -20, 600};
    std::array<cv::Point2d, 68> first;
    for (const double yaw : {0.0, 0.3, -0.4}) {
        pose.rotation = rotationOf({0.1, yaw, 0.2 * yaw});
        pose.translation[2] += 80.0;
        Landmarks68 points;
        for (std::size_t i = 0; i < 68; ++i)
            points[i] = cv::Point2f(projected(pose, camera, neutralHead()[i]));
        const auto on = pointsOnHead(points, pose, camera);
        for (std::size_t i = 0; yaw != 0.0 && i < 68; ++i)
            QVERIFY(cv::norm(on[i] - first[i]) < 1e-3);
        if (yaw == 0.0)
            first = on;
        QVERIFY(std::abs(cv::norm(on[36] - on[45]) - 1.0) < 0.01);
    }
}

QTEST_GUILESS_MAIN(TestCoherence)
#include "tst_coherence.moc"
