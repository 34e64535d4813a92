// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "detect/manifest.h"
#include "head_pose_detector.h"
#include "pose_difference.h"
#include "test_data.h"

#include <QTest>

#include <numbers>
#include <random>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

constexpr double kDegree = std::numbers::pi / 180.0;
const Camera kCamera = Camera::assumed(1280, 720);

/// A head whose outer eye corners are about `eyeCorners` px apart.
HeadPose poseAt(double pitch, double yaw, double roll, double eyeCorners)
{
    HeadPose pose;
    pose.rotation = rotationOf({pitch * kDegree, yaw * kDegree, roll * kDegree});
    pose.translation = {10.0, -15.0, 89.2 * kCamera.focal / eyeCorners};
    return pose;
}

Landmarks68 seen(const HeadPose &pose)
{
    Landmarks68 points;
    for (std::size_t i = 0; i < points.size(); ++i)
        points[i] = projected(pose, kCamera, neutralHead()[i]);
    return points;
}

/// The inner face of a head that is turned by `degrees` more, laid over the inner face of `pose`
/// without turning or scaling: what a two-dimensional paste does.
Landmarks68 pasted(const HeadPose &pose, double degrees)
{
    HeadPose other = pose;
    other.rotation = pose.rotation * rotationOf({0.4 * degrees * kDegree, degrees * kDegree, 0.0});
    Landmarks68 points = seen(pose);
    const Landmarks68 inner = seen(other);
    cv::Point2f shift(0, 0);
    for (std::size_t i = 17; i < 68; ++i)
        shift += (points[i] - inner[i]) * (1.0f / 51.0f);
    for (std::size_t i = 17; i < 68; ++i)
        points[i] = inner[i] + shift;
    return points;
}

AnalysisResult analysed(int frames, const std::function<Landmarks68(int)> &points, double sigma = 0.5)
{
    std::mt19937 random(2);
    std::normal_distribution<float> normal(0.0f, float(sigma));
    HeadPoseDetector detector;
    ClipFacts clip;
    clip.width = 1280;
    clip.height = 720;
    JobContext job;
    job.options = {{u"alarmDegrees"_s, 9.0}, {u"focalFactor"_s, 1.0}};
    if (!detector.begin(clip, job))
        return {};
    for (int i = 0; i < frames; ++i) {
        FaceObservation face;
        face.track = TrackId{1};
        face.landmarks = points(i);
        for (cv::Point2f &p : *face.landmarks)
            p += cv::Point2f(normal(random), normal(random));
        FrameBundle bundle;
        bundle.index = i;
        bundle.seconds = i / 25.0;
        bundle.observed.faces = FaceObservations{face};
        if (!detector.frame(bundle))
            return {};
    }
    return detector.finish({}).value_or(AnalysisResult{});
}

} // namespace

class TestHeadPose : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void oneHeadHasOneDirection_data();
    void oneHeadHasOneDirection();
    void theBandGrowsWithTheNoise();
    void noiseIsMeasuredInMotion();
    void aPasteTurnsTheCentre();
    void aGenuineHeadIsConsistent();
    void aTurnedOrTinyFaceIsInconclusive();
    void arrowsOfAnAgreeingFaceMeet();
    void shortTracksAreNotApplicable();
    void manifestIsValid();
};

void TestHeadPose::oneHeadHasOneDirection_data()
{
    QTest::addColumn<double>("yaw");
    for (const double yaw : {0.0, -20.0, 20.0, -30.0, 30.0})
        QTest::addRow("yaw %.0f", yaw) << yaw;
}

void TestHeadPose::oneHeadHasOneDirection()
{
    QFETCH(double, yaw);
    const HeadPose truth = poseAt(5, yaw, -3, 129);
    const auto pair = comparePoses(seen(truth), kCamera);
    QVERIFY(pair);
    QVERIFY(pair->angleRadians < 0.01 * kDegree);
    QVERIFY(facingAngle(truth, pair->whole) < 0.01 * kDegree);
    QVERIFY(cv::norm(truth.translation - pair->whole.translation) < 0.1);
}

void TestHeadPose::theBandGrowsWithTheNoise()
{
    const HeadPose pose = poseAt(0, 10, 0, 129);
    const auto quiet = noiseBand(pose, kCamera, 0.5, 400, 1);
    const auto loud = noiseBand(pose, kCamera, 1.0, 400, 1);
    QVERIFY(quiet && loud);
    QVERIFY(quiet->medianRadians < quiet->p95Radians);
    QVERIFY(std::abs(loud->p95Radians / quiet->p95Radians - 2.0) < 0.2);
    const auto near = noiseBand(poseAt(0, 10, 0, 258), kCamera, 1.0, 400, 1);
    QVERIFY(near && near->p95Radians < 0.65 * loud->p95Radians);
}

void TestHeadPose::noiseIsMeasuredInMotion()
{
    std::mt19937 random(4);
    std::normal_distribution<float> normal(0.0f, 0.8f);
    std::vector<Landmarks68> track;
    for (int i = 0; i < 60; ++i) {
        track.push_back(seen(poseAt(0, 15.0 * std::sin(i / 12.0), 0, 130)));
        for (cv::Point2f &p : track.back())
            p += cv::Point2f(normal(random), normal(random));
    }
    QVERIFY(std::abs(*landmarkNoise(track) - 0.8) < 0.08);
}

void TestHeadPose::aPasteTurnsTheCentre()
{
    const AnalysisResult result = analysed(60, [](int i) { return pasted(poseAt(0, 10 * std::sin(i / 9.0), 0, 130), 24); });
    QCOMPARE(result.findings.size(), std::size_t(1));
    QCOMPARE(result.findings.front().verdict, Verdict::Suspicious);
    QVERIFY(result.findings.front().score->value > 9.0);
    QVERIFY(!result.measured.events.empty());
    QCOMPARE(result.measured.traces.size(), std::size_t(3));
    QCOMPARE(result.measured.vectors.size(), std::size_t(2));
}

void TestHeadPose::aGenuineHeadIsConsistent()
{
    const AnalysisResult result = analysed(60, [](int i) { return seen(poseAt(5 * std::cos(i / 7.0), 20 * std::sin(i / 9.0), 3, 130)); }, 1.0);
    QCOMPARE(result.findings.front().verdict, Verdict::Consistent);
    QVERIFY(result.findings.front().score->value < 2.0);
    QVERIFY(result.measured.events.empty());
    const Trace &angle = result.measured.traces.front();
    QVERIFY(angle.upper.size() == angle.values.size());
    QVERIFY(angle.upper.front() > 0.5 && angle.upper.front() < 2.5);
}

void TestHeadPose::aTurnedOrTinyFaceIsInconclusive()
{
    QCOMPARE(analysed(60, [](int) { return seen(poseAt(0, 38, 0, 130)); }).findings.front().verdict, Verdict::Inconclusive);
    QCOMPARE(analysed(60, [](int) { return seen(poseAt(0, 0, 0, 45)); }).findings.front().verdict, Verdict::Inconclusive);
}

void TestHeadPose::arrowsOfAnAgreeingFaceMeet()
{
    const AnalysisResult result = analysed(40, [](int) { return seen(poseAt(0, 0, 0, 130)); }, 0.0);
    const auto &whole = result.measured.vectors[0].items.front();
    const auto &central = result.measured.vectors[1].items.front();
    QVERIFY(cv::norm(whole.to - central.to) < 3.0);
}

void TestHeadPose::shortTracksAreNotApplicable()
{
    HeadPoseDetector detector;
    JobContext job;
    job.options = {{u"alarmDegrees"_s, 9.0}, {u"focalFactor"_s, 1.0}};
    QVERIFY(detector.begin({}, job));
    QCOMPARE(detector.finish({}).error().code, Errc::NotApplicable);
}

void TestHeadPose::manifestIsValid()
{
    const QString path = test::sourceDir() + u"/plugins/detect/head_pose/manifest.json"_s;
    const auto object = readJsonObject(path);
    QVERIFY(object);
    const auto manifest = parseManifest(*object, path);
    QVERIFY2(manifest, manifest ? "" : qPrintable(manifest.error().text()));
}

QTEST_GUILESS_MAIN(TestHeadPose)
#include "tst_head_pose_detector.moc"
