// SPDX-License-Identifier: GPL-3.0-or-later
#include "blink_detector.h"
#include "blinks/blink_count.h"
#include "blinks/lid_events.h"
#include "detect/manifest.h"
#include "base/json.h"
#include "base/paths.h"
#include "faces/face_crop.h"
#include "test_data.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

struct MadeBlink
{
    double apex = 0.0;
    double depth = 1.0;    ///< of the closure
    double seconds = 0.15; ///< at half depth
};

/// Eyes that open to `open` and close as told; noise is the landmarks'.
std::vector<EyeSample> eyes(double seconds, double rate, const std::vector<MadeBlink> &blinks, double open = 0.3, double noise = 0.006)
{
    std::mt19937 random(11);
    std::normal_distribution<double> normal(0.0, noise);
    std::vector<EyeSample> samples;
    for (int i = 0; i < int(seconds * rate); ++i) {
        const double t = i / rate;
        double closure = 0.0;
        for (const MadeBlink &b : blinks) {
            const double x = std::abs(t - b.apex) / b.seconds;
            closure = std::max(closure, x < 1.0 ? b.depth * 0.5 * (1.0 + std::cos(M_PI * x)) : 0.0);
        }
        const double ear = open * (1.0 - 0.9 * closure);
        samples.push_back({i, t, ear + normal(random), ear * 1.05 + normal(random)});
    }
    return samples;
}

int blinksIn(const std::vector<EyeSample> &samples)
{
    const auto events = findLidEvents(samples, closureOf(samples));
    return int(std::count_if(events.begin(), events.end(), [](const LidEvent &e) {
        return e.kind == LidEventKind::Blink || e.kind == LidEventKind::Prolonged;
    }));
}

BlinkFootage goodFootage(double seconds)
{
    return {seconds, 1.0, seconds, 25.0, 0.0, 40.0, 0.0};
}

BlinkBasis basis(double seconds, const QString &context, CounterQuality counter = {0.9, 0.0})
{
    return {goodFootage(seconds), {{0.0, seconds}}, blinkContext(context), counter, {}, 1};
}

} // namespace

class TestBlink : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void blinksAreFoundAtTheirApex_data();
    void blinksAreFoundAtTheirApex();
    void partialBlinksCountAsPartial();
    void looksDownAreNoBlinks();
    void oneEyeAloneIsNoBlink();
    void driftDoesNotStretchABlink();
    void noiseGivesNoBlinks();
    void gapsSplitTheTrace();
    void shutEyesAreNotUsableTime();
    void shortFootageIsInconclusive();
    void aLongStareIsLowAndANormalRateIsNot();
    void poorFootageSaysWhy();
    void chanceIsUniformForGenuinePeople();
    void ownReferenceDecides();
    void oddMovementsAreDescribed();
    void smallRestIsNeverLow();
    void detectorSpeaksOfItsFaceAndStopsWhenAsked();
    void networkRemembersEachEyeAndForgetsAfterAGap();
    void networkNeedsItsWeightsAndPixels();
    void manifestIsValid();

private:
    /// The networks that ship.
    static JobContext withModels()
    {
        JobContext job;
        const auto manifest = readManifest(test::sourceDir() + u"/plugins/detect/blink/manifest.json"_s);
        for (const ModelSpec &model : manifest->models) {
            job.modelPaths[model.id] = InstallPaths::ofProgram().models() + u'/' + model.file;
            job.modelHashes[model.id] = model.sha256;
        }
        return job;
    }
};

void TestBlink::blinksAreFoundAtTheirApex_data()
{
    QTest::addColumn<double>("rate");
    for (const double rate : {15.0, 24.0, 25.0, 29.97, 50.0, 60.0})
        QTest::addRow("%.2f frames/s", rate) << rate;
}

void TestBlink::blinksAreFoundAtTheirApex()
{
    QFETCH(double, rate);
    const std::vector<MadeBlink> made{{1.5, 1.0, 0.14}, {4.03, 0.9, 0.2}, {4.9, 1.0, 0.12}, {9.2, 0.8, 0.3}};
    const auto samples = eyes(12, rate, made);
    const auto events = findLidEvents(samples, closureOf(samples));
    QCOMPARE(events.size(), made.size());
    for (std::size_t i = 0; i < made.size(); ++i) {
        QVERIFY(std::abs(events[i].apexSeconds - made[i].apex) <= 1.01 / rate);
        QVERIFY(events[i].beginSeconds < events[i].apexSeconds && events[i].apexSeconds < events[i].endSeconds);
        QCOMPARE(events[i].kind, LidEventKind::Blink);
        QVERIFY(events[i].bothEyes);
        QVERIFY(std::abs(events[i].halfDepthSeconds - made[i].seconds) < 0.03 + 1.0 / rate);
    }
}

void TestBlink::partialBlinksCountAsPartial()
{
    const auto samples = eyes(10, 30, {{2, 1.0, 0.15}, {6, 0.6, 0.15}});
    const auto events = findLidEvents(samples, closureOf(samples));
    QCOMPARE(events.size(), std::size_t(2));
    QVERIFY(events[0].complete);
    QVERIFY(!events[1].complete);
}

void TestBlink::looksDownAreNoBlinks()
{
    const auto samples = eyes(12, 30, {{3, 0.6, 1.2}, {8, 0.55, 0.9}});
    QCOMPARE(blinksIn(samples), 0);
    const auto events = findLidEvents(samples, closureOf(samples));
    QVERIFY(!events.empty() && events.front().kind == LidEventKind::Glance);
}

void TestBlink::oneEyeAloneIsNoBlink()
{
    auto samples = eyes(10, 30, {{3, 1.0, 0.15}});
    for (EyeSample &s : samples)
        s.right = 0.31;
    QCOMPARE(blinksIn(samples), 0);
    for (EyeSample &s : samples)
        s.right.reset(); // not measured is another matter
    QCOMPARE(blinksIn(samples), 1);
}

void TestBlink::driftDoesNotStretchABlink()
{
    auto samples = eyes(12, 30, {{6, 1.0, 0.15}});
    for (EyeSample &s : samples) { // the head tips slowly, and the measure follows
        s.left = *s.left - 0.006 * std::abs(s.seconds - 6.0);
        s.right = *s.right - 0.006 * std::abs(s.seconds - 6.0);
    }
    const auto events = findLidEvents(samples, closureOf(samples));
    QCOMPARE(events.size(), std::size_t(1));
    QVERIFY(events.front().endSeconds - events.front().beginSeconds < 0.7);
}

void TestBlink::noiseGivesNoBlinks()
{
    QCOMPARE(blinksIn(eyes(60, 30, {}, 0.3, 0.015)), 0);
}

void TestBlink::gapsSplitTheTrace()
{
    auto samples = eyes(10, 25, {{3, 1.0, 0.15}});
    std::erase_if(samples, [](const EyeSample &s) { return s.seconds > 2.9 && s.seconds < 3.4; });
    QCOMPARE(continuousStretches(samples).size(), std::size_t(2));
    QCOMPARE(blinksIn(samples), 0);
}

void TestBlink::shutEyesAreNotUsableTime()
{
    std::vector<EyeSample> samples = eyes(20, 25, {});
    for (EyeSample &s : samples) {
        if (s.seconds > 5 && s.seconds < 9)
            s.left = s.right = 0.03;
    }
    const auto events = findLidEvents(samples, closureOf(samples));
    QCOMPARE(events.size(), std::size_t(1));
    QCOMPARE(events.front().kind, LidEventKind::Shut);
}

void TestBlink::shortFootageIsInconclusive()
{
    const BlinkEvidence e = weighBlinks({}, basis(12, u"unknown"_s, {1.0, 0.0}));
    QCOMPARE(e.verdict, BlinkRateVerdict::Inconclusive);
    QVERIFY(e.reasons.first().contains(u"12.0 s"_s));
    QVERIFY(std::abs(e.neededSeconds - 31.2) < 0.1);
    QVERIFY(std::abs(secondsUntil(0.01, {20, 0.55}, {}) - 30.0) < 0.1);
    QVERIFY(std::abs(secondsUntil(0.05, {6, 0.70}, {}) - 68.2) < 0.1);
}

void TestBlink::aLongStareIsLowAndANormalRateIsNot()
{
    const BlinkBasis minute = basis(60, u"conversation"_s);
    const BlinkEvidence none = weighBlinks({}, minute);
    QCOMPARE(none.verdict, BlinkRateVerdict::Low);
    QVERIFY(none.log10Ratio > 1.0);
    QVERIFY(*none.longestGapSeconds == 60.0);
    std::vector<LidEvent> events(18);
    for (int i = 0; i < 18; ++i)
        events[std::size_t(i)].apexSeconds = 1.6 + 3.3 * i;
    const BlinkEvidence normal = weighBlinks(events, minute);
    QCOMPARE(normal.verdict, BlinkRateVerdict::Unremarkable);
    QCOMPARE(normal.log10Ratio, 0.0);
    QVERIFY(*normal.pGap > 0.5);
    QCOMPARE(normal.pGap, weighBlinks(events, minute).pGap);
    std::vector<LidEvent> clustered = events;
    for (LidEvent &e : clustered)
        e.apexSeconds = e.apexSeconds / 60.0 * 20.0;
    QVERIFY(*weighBlinks(clustered, minute).pGap < 0.01);
}

void TestBlink::poorFootageSaysWhy()
{
    BlinkFootage poor = goodFootage(60);
    poor.framesPerSecond = 10;
    poor.medianEyeWidthPixels = 9;
    poor.repeatedShare = 0.5;
    poor.turnedAwayShare = 0.7;
    poor.usableShare = 0.4;
    const BlinkEvidence e = weighBlinks({}, {poor, {{0, 60}}, blinkContext(u"silent"_s), {}, {}, 1});
    QCOMPARE(e.verdict, BlinkRateVerdict::Inconclusive);
    QCOMPARE(e.reasons.size(), 5);
}

void TestBlink::chanceIsUniformForGenuinePeople()
{
    // Genuine people from the preset: the randomised chance must be uniform, or alarms are miscounted.
    const auto &context = blinkContext(u"conversation"_s);
    std::mt19937_64 random(5);
    std::gamma_distribution<double> rate(1.0 / (0.55 * 0.55), 20.0 * 0.55 * 0.55);
    std::uniform_real_distribution<double> uniform;
    std::vector<double> chances;
    for (int i = 0; i < 400; ++i) {
        const int n = std::poisson_distribution<int>(rate(random) * 0.75)(random);
        std::vector<LidEvent> events(static_cast<std::size_t>(n));
        const MixedCount count(context.population, 0.75);
        chances.push_back(count.cdf(n) - uniform(random) * count.pmf(n));
    }
    QVERIFY(uniformKsPValue(chances) > 0.01);
}

void TestBlink::ownReferenceDecides()
{
    // 3 blinks in 60 s are usual in a population, and rare beside this person's 60 in 120 s.
    std::vector<LidEvent> events(3);
    for (int i = 0; i < 3; ++i)
        events[std::size_t(i)].apexSeconds = 10.0 + 20.0 * i;
    BlinkBasis own = basis(60, u"unknown"_s);
    QCOMPARE(weighBlinks(events, own).verdict, BlinkRateVerdict::Unremarkable);
    own.reference = {60, 120.0};
    const BlinkEvidence e = weighBlinks(events, own);
    QCOMPARE(e.verdict, BlinkRateVerdict::Low);
    double exact = 0.0; // Binomial(63, 1/3), at most 3
    for (int k = 0; k <= 3; ++k)
        exact += std::exp(std::lgamma(64.0) - std::lgamma(k + 1.0) - std::lgamma(64.0 - k)) * std::pow(1.0 / 3, k) * std::pow(2.0 / 3, 63 - k);
    QVERIFY(std::abs(*e.pReference - exact) < 1e-12);
    // No minimum of time: the reference is the person's own. Other shortcomings still count.
    own.footage.usableSeconds = 20;
    QVERIFY(weighBlinks({}, own).verdict == BlinkRateVerdict::Low);
    own.footage.framesPerSecond = 8;
    QCOMPARE(weighBlinks({}, own).verdict, BlinkRateVerdict::Inconclusive);
}

void TestBlink::oddMovementsAreDescribed()
{
    std::vector<LidEvent> events(6);
    for (std::size_t i = 0; i < events.size(); ++i) {
        LidEvent &e = events[i];
        e.apexSeconds = 3.0 * double(i) + 1.0;
        e.beginSeconds = e.apexSeconds - 0.08;
        e.endSeconds = e.apexSeconds + 0.17;
        e.halfDepthSeconds = 0.12 + 0.02 * double(i);
        e.lagSeconds = 0.0;
    }
    QVERIFY(lidOddities(events, 60).isEmpty());
    std::vector<LidEvent> late = events;
    late[2].lagSeconds = 0.12;
    QCOMPARE(lidOddities(late, 60).size(), 1);
    std::vector<LidEvent> backwards = events;
    for (LidEvent &e : backwards) {
        e.beginSeconds = e.apexSeconds - 0.17;
        e.endSeconds = e.apexSeconds + 0.08;
    }
    QCOMPARE(lidOddities(backwards, 60).size(), 1);
    std::vector<LidEvent> alike = events;
    for (LidEvent &e : alike)
        e.halfDepthSeconds = 0.05;
    QCOMPARE(lidOddities(alike, 60).size(), 2); // equally long, and too short
    QVERIFY(lidOddities(alike, 25).isEmpty());  // times that such a camera cannot tell apart
}

void TestBlink::smallRestIsNeverLow()
{
    // A minute without blinks was cut out of a clip: what is left is too short for a claim.
    for (const QString &context : {u"unknown"_s, u"conversation"_s, u"silent"_s, u"reading"_s}) {
        for (double seconds = 1; seconds < 15; seconds += 0.5)
            QVERIFY(weighBlinks({}, basis(seconds, context)).verdict != BlinkRateVerdict::Low);
    }
}

void TestBlink::detectorSpeaksOfItsFaceAndStopsWhenAsked()
{
    const auto samples = eyes(50, 25, {});
    std::stop_source stop;
    JobContext job;
    job.options = {{u"context"_s, u"conversation"_s}, {u"recall"_s, 0.9}, {u"falsePerMinute"_s, 0.0}};
    job.stop = stop.get_token();
    const auto run = [&](BlinkDetector &detector, bool pixels = true) {
        QVERIFY(detector.begin({}, job));
        for (const EyeSample &s : samples) {
            FaceObservation face;
            face.track = TrackId{3};
            face.landmarks = Landmarks68{};
            (*face.landmarks)[36] = {0, 0};
            (*face.landmarks)[39] = {30, 0};
            (*face.landmarks)[42] = {60, 0};
            (*face.landmarks)[45] = {90, 0};
            face.pose = HeadPose{};
            face.earImageLeft = s.left;
            face.earImageRight = s.right;
            if (pixels) {
                face.eyeImageLeft = EyeObservation{};
                face.eyeImageLeft->openness = float(*s.left / 0.3);
                face.eyeImageRight = EyeObservation{};
                face.eyeImageRight->openness = float(*s.right / 0.3);
            }
            FrameBundle bundle;
            bundle.index = s.frame;
            bundle.seconds = s.seconds;
            bundle.observed.faces = FaceObservations{face};
            QVERIFY(detector.frame(bundle));
        }
    };
    BlinkDetector detector;
    run(detector);
    const auto result = detector.finish({});
    QVERIFY(result);
    QCOMPARE(result->findings.size(), std::size_t(1));
    QCOMPARE(result->findings.front().verdict, Verdict::Suspicious);
    QCOMPARE(result->findings.front().track, TrackId{3});
    QCOMPARE(result->measured.traces.size(), std::size_t(4)); // both measures of both eyes
    QVERIFY(basisOf(result->measured, TrackId{3}));
    // The aspect ratio alone misses too many blinks for their absence to mean anything.
    BlinkDetector blind;
    run(blind, false);
    const auto without = blind.finish({});
    QVERIFY(without);
    QCOMPARE(without->findings.front().verdict, Verdict::Inconclusive);
    QCOMPARE(without->measured.traces.size(), std::size_t(2));
    BlinkDetector stopped;
    run(stopped);
    stop.request_stop();
    QCOMPARE(stopped.finish({}).error().code, Errc::Cancelled);
    BlinkDetector nobody;
    job.stop = {};
    QVERIFY(nobody.begin({}, job));
    QCOMPARE(nobody.finish({}).error().code, Errc::NotApplicable);
}

namespace {

/// A face of the mean head's points and a picture with texture where its eyes are.
Landmarks68 meanFace(cv::Point2f at, float scale)
{
    Landmarks68 points = faceCropTemplate();
    for (cv::Point2f &p : points)
        p = at + scale * p;
    return points;
}

cv::Mat texture()
{
    cv::Mat picture(480, 640, CV_8UC3);
    for (int y = 0; y < picture.rows; ++y) {
        for (int x = 0; x < picture.cols; ++x)
            picture.at<cv::Vec3b>(y, x) = cv::Vec3b::all(uchar(128 + 60 * std::sin(x / 7.0) + 50 * std::cos(y / 5.0)));
    }
    return picture;
}

} // namespace

void TestBlink::networkRemembersEachEyeAndForgetsAfterAGap()
{
    auto network = LidNetwork::load(withModels());
    QVERIFY2(network, network ? "" : qPrintable(network.error().text()));
    const cv::Mat picture = texture();
    const Landmarks68 face = meanFace({150, 100}, 2.0f), other = meanFace({380, 180}, 1.5f);
    const auto read = [&](double seconds, TrackId track, const Landmarks68 &points) {
        const auto readings = (*network)->read(picture, seconds, {{track, Eye::ImageLeft, &points}, {track, Eye::ImageRight, &points}});
        return readings && readings->front() ? readings->front()->closure : -1.0;
    };
    const double first = read(0.0, TrackId{0}, face), second = read(0.04, TrackId{0}, face);
    QVERIFY(first >= 0.0 && first <= 1.0);
    QVERIFY(first != second); // the same picture, but now there is a past
    const double alone = read(0.08, TrackId{1}, other);
    const double third = read(0.12, TrackId{0}, face);
    QVERIFY(third != first);
    QCOMPARE(read(2.0, TrackId{0}, face), first); // a gap: everything is new
    QCOMPARE(read(2.04, TrackId{0}, face), second);
    QCOMPARE(read(2.04 + 0.3, TrackId{1}, other), alone); // each face has a past of its own
    // Nothing there is nothing read, never a number.
    Landmarks68 outside = meanFace({-5000, -5000}, 2.0f), none;
    none.fill({0, 0});
    const auto nothing = (*network)->read(picture, 3.0, {{TrackId{7}, Eye::ImageLeft, &outside}, {TrackId{8}, Eye::ImageLeft, &none}});
    QVERIFY(nothing && !nothing->at(0) && !nothing->at(1));
    QVERIFY((*network)->read(picture, 3.1, {})->empty());
}

void TestBlink::networkNeedsItsWeightsAndPixels()
{
    JobContext job = withModels();
    job.options = {{u"context"_s, u"unknown"_s}, {u"recall"_s, 0.9}, {u"falsePerMinute"_s, 0.6}};
    JobContext half = job;
    half.modelPaths.erase(u"blink-time"_s);
    QCOMPARE(BlinkDetector().begin({}, half).error().code, Errc::NotFound);
    JobContext wrong = job;
    wrong.modelHashes[u"blink-eye"_s] = QString(64, u'0');
    QCOMPARE(BlinkDetector().begin({}, wrong).error().code, Errc::Mismatch);

    BlinkDetector detector;
    QVERIFY(detector.begin({}, job));
    FrameBundle bundle;
    FaceObservation face;
    face.landmarks = meanFace({150, 100}, 2.0f);
    face.pose = HeadPose{};
    bundle.observed.faces = FaceObservations{face};
    QCOMPARE(detector.frame(bundle).error().code, Errc::BadData);
    // With pixels: a trace of what the network says, missing where the face is turned away.
    auto frame = std::make_shared<Frame>();
    frame->bgr = texture();
    for (int i = 0; i < 60; ++i) {
        bundle.frame = frame;
        bundle.index = i;
        bundle.seconds = i / 25.0;
        face.earImageLeft = face.earImageRight = 0.3;
        face.pose->rotation = rotationOf({0.0, i >= 20 && i < 24 ? 1.0 : 0.0, 0.0});
        bundle.observed.faces = FaceObservations{face};
        QVERIFY(detector.frame(bundle));
    }
    const auto result = detector.finish({});
    QVERIFY(result);
    int traces = 0;
    for (const Trace &trace : result->measured.traces) {
        if (!trace.id.startsWith(u"closed."_s))
            continue;
        ++traces;
        QCOMPARE(trace.values.size(), std::size_t(60));
        for (std::size_t i = 0; i < 60; ++i) {
            QCOMPARE(std::isnan(trace.values[i]), i >= 20 && i < 24);
            QVERIFY(std::isnan(trace.values[i]) || (trace.values[i] >= 0.0 && trace.values[i] <= 1.0));
        }
    }
    QCOMPARE(traces, 2);
}

void TestBlink::manifestIsValid()
{
    const QString path = test::sourceDir() + u"/plugins/detect/blink/manifest.json"_s;
    const auto object = readJsonObject(path);
    QVERIFY(object);
    const auto manifest = parseManifest(*object, path);
    QVERIFY2(manifest, manifest ? "" : qPrintable(manifest.error().text()));
    QCOMPARE(manifest->id, u"org.framewitness.blink"_s);
}

QTEST_GUILESS_MAIN(TestBlink)
#include "tst_blink.moc"
