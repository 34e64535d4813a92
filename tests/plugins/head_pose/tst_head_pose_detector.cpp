// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "detect/manifest.h"
#include "faces/alignment.h"
#include "head_pose_detector.h"
#include "pose_difference.h"
#include "test_data.h"

#include <QJsonDocument>
#include <QTemporaryDir>
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

JobContext genericJob()
{
    JobContext job;
    job.options = {{u"alarmDegrees"_s, 9.0}, {u"focalFactor"_s, 1.0}, {u"head"_s, u"generic"_s}, {u"enrolment"_s, QString()}};
    return job;
}

/// What the defaults of the manifest give.
JobContext defaultJob()
{
    JobContext job = genericJob();
    job.options.insert(u"alarmDegrees"_s, 0.0);
    job.options.insert(u"head"_s, u"track"_s);
    job.modelPaths[u"ict-head"_s] = test::sourceDir() + u"/models/head/ict-head.fwh"_s;
    return job;
}

const FaceShapes &shapes()
{
    static const FaceShapes model = *FaceShapes::load(test::sourceDir() + u"/models/head/ict-head.fwh"_s);
    return model;
}

/// Somebody who is not the mean of people.
HeadModel somebody()
{
    std::mt19937 random(8);
    std::normal_distribution<float> normal(0.0f, 1.0f);
    std::vector<float> identity(FaceShapes::kIdentities);
    for (float &s : identity)
        s = normal(random);
    const FaceShapes::Points points = shapes().shape(identity, {});
    HeadModel head;
    for (std::size_t i = 0; i < head.size(); ++i)
        head[i] = cv::Vec3d(points[i]);
    return head;
}

Landmarks68 seenOf(const HeadModel &head, int frame)
{
    const HeadPose pose = poseAt(5 * std::cos(frame / 7.0), 20 * std::sin(frame / 9.0), 3, 130);
    Landmarks68 points;
    for (std::size_t i = 0; i < points.size(); ++i)
        points[i] = projected(pose, kCamera, head[i]);
    return points;
}

AnalysisResult analysed(int frames, const std::function<Landmarks68(int)> &points, double sigma = 0.5,
                        const JobContext &job = genericJob())
{
    std::mt19937 random(2);
    std::normal_distribution<float> normal(0.0f, float(sigma));
    HeadPoseDetector detector;
    ClipFacts clip;
    clip.width = 1280;
    clip.height = 720;
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
    void anOwnHeadExplainsAPerson();
    void anEnrolledHeadGoesFirst();
    void aDamagedEnrolmentIsAnError();
    void theTurnFollowsThePoseOrNot();
    void aClassifierSurvivesItsFile();
    void theOuterFaceIsNotSeen();
    void aStopEndsIt();
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
    QCOMPARE(result.measured.traces.size(), std::size_t(4));
    QCOMPARE(result.measured.vectors.size(), std::size_t(4));
    // On the frame that a reader is led to, all 38 landmarks are marked.
    const FrameIndex key = *result.findings.front().keyFrame;
    const auto marks = [&](std::size_t series) {
        const auto &items = result.measured.vectors[series].items;
        return std::count_if(items.begin(), items.end(), [&](const VectorSeries::Item &i) { return i.frame == key; });
    };
    QCOMPARE(marks(2), 17);
    QCOMPARE(marks(3), 21);
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
    QVERIFY(detector.begin({}, genericJob()));
    QCOMPARE(detector.finish({}).error().code, Errc::NotApplicable);
}

void TestHeadPose::anOwnHeadExplainsAPerson()
{
    const HeadModel person = somebody();
    const auto points = [&](int i) { return seenOf(person, i); };
    const double generic = analysed(60, points).findings.front().score->value;
    const AnalysisResult own = analysed(60, points, 0.5, defaultJob());
    QVERIFY2(generic > 1.5, qPrintable(QString::number(generic)));
    QVERIFY2(own.findings.front().score->value < 0.5 * generic, qPrintable(own.findings.front().summary));
    QCOMPARE(own.findings.front().verdict, Verdict::Consistent);
    QVERIFY(own.findings.front().summary.contains(u"fitted to this face"_s));
}

void TestHeadPose::anEnrolledHeadGoesFirst()
{
    // Footage of the person as they are; the questioned clip shows another inner face on their head.
    const HeadModel person = somebody();
    std::vector<Landmarks68> views;
    for (int i = 0; i < 60; i += 2)
        views.push_back(seenOf(person, i));
    HeadFile file;
    file.name = u"Somebody"_s;
    file.sources = {u"a.mp4: 00"_s};
    file.head = *fitOwnHead(shapes(), kCamera, views, wholeFacePoints());
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"somebody.fwhead"_s);
    QFile written(path);
    QVERIFY(written.open(QIODevice::WriteOnly) && written.write(QJsonDocument(toJson(file)).toJson()) > 0);
    written.close();
    JobContext job = defaultJob();
    job.modelPaths[u"enrolment"_s] = path;

    const auto genuine = analysed(60, [&](int i) { return seenOf(person, i); }, 0.5, job).findings.front();
    QVERIFY2(genuine.score->value < 1.5, qPrintable(genuine.summary));
    QVERIFY(genuine.summary.contains(u"enrolled"_s));
    const auto swapped = analysed(60, [&](int i) {
        Landmarks68 points = seenOf(person, i);
        const Landmarks68 other = seenOf(neutralHead(), i);
        std::vector<cv::Point2d> from, to;
        for (std::size_t k = 17; k < 68; ++k) {
            from.emplace_back(other[k]);
            to.emplace_back(points[k]);
        }
        const auto over = fitSimilarity(from, to);
        for (std::size_t k = 17; k < 68; ++k)
            points[k] = over->map(other[k]);
        return points;
    }, 0.5, job).findings.front();
    QVERIFY2(swapped.score->value > 2.0 * genuine.score->value, qPrintable(swapped.summary));
}

void TestHeadPose::aDamagedEnrolmentIsAnError()
{
    const QTemporaryDir folder;
    JobContext job = defaultJob();
    for (const QByteArray &bytes : {QByteArray("nothing"), QByteArray("{}"), QByteArray(R"({"kind":"framewitness head","version":1})"),
                                    QByteArray(R"({"kind":"framewitness head","version":9})")}) {
        job.modelPaths[u"enrolment"_s] = folder.filePath(u"bad.fwhead"_s);
        QFile file(job.modelPaths[u"enrolment"_s]);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
        file.close();
        HeadPoseDetector detector;
        QCOMPARE(detector.begin({}, job).error().code, Errc::BadData);
    }
}

void TestHeadPose::theTurnFollowsThePoseOrNot()
{
    std::mt19937 random(5);
    std::normal_distribution<double> normal(0.0, 1.0 * kDegree);
    std::vector<EulerAngles> poses;
    std::vector<cv::Vec3d> smooth, rough;
    for (int i = 0; i < 200; ++i) {
        poses.push_back({0.2 * std::sin(i / 9.0), 0.4 * std::cos(i / 13.0), 0.05 * std::sin(i / 5.0)});
        const EulerAngles &p = poses.back();
        smooth.emplace_back(0.02 + 0.1 * p.yawRadians, -0.2 * p.pitchRadians, 0.3 * p.rollRadians);
        rough.push_back(smooth.back() + cv::Vec3d(normal(random), normal(random), normal(random)));
    }
    const auto explained = regressTurns(smooth, poses), left = regressTurns(rough, poses);
    QVERIFY(explained && left);
    QVERIFY(explained->rmsRadians < 0.05 * kDegree && explained->explained > 0.99);
    QVERIFY(std::abs(left->rmsRadians - std::sqrt(3.0) * kDegree) < 0.15 * kDegree);
    QCOMPARE(left->residuals.size(), poses.size());
    poses.resize(5);
    QVERIFY(!regressTurns(smooth, poses));
}

void TestHeadPose::aClassifierSurvivesItsFile()
{
    // Two kinds apart in the first number.
    SampleMatrix samples;
    std::vector<int> labels;
    std::mt19937 random(6);
    std::normal_distribution<double> normal(0.0, 1.0);
    for (int i = 0; i < 80; ++i) {
        std::array<double, 12> sample{};
        for (double &v : sample)
            v = normal(random);
        labels.push_back(i % 2 ? 1 : -1);
        sample[0] += 3.0 * labels.back();
        samples.add(sample);
    }
    ClassifierOptions options;
    options.gamma = 1.0 / 12;
    options.probability = true;
    PoseClassifier classifier;
    classifier.mean.fill(0.0);
    classifier.deviation.fill(1.0);
    classifier.machine = *KernelSvm::classifier(samples, labels, options);
    classifier.testArea = 0.9;
    const auto again = PoseClassifier::fromBytes(classifier.toBytes());
    QVERIFY(again);
    PosePair pair;
    pair.central.rotation = rotationOf({0.0, 0.4, 0.0});
    QCOMPARE(again->probability(pair), classifier.probability(pair));
    QCOMPARE(again->testArea, 0.9);
    QByteArray broken = classifier.toBytes();
    broken[broken.size() / 2] = char(broken[broken.size() / 2] ^ 1);
    QCOMPARE(PoseClassifier::fromBytes(broken).error().code, Errc::BadData);
    QCOMPARE(PoseClassifier::fromBytes({}).error().code, Errc::BadData);
}

void TestHeadPose::theOuterFaceIsNotSeen()
{
    std::mt19937 random(9);
    std::uniform_real_distribution<float> grey(-1.0f, 1.0f);
    Landmarks68 points = seen(poseAt(0, 0, 0, 52));
    const cv::Point2f nose = points[30];
    for (cv::Point2f &p : points)
        p = cv::Point2f(56, 56) + (p - nose) * 0.9f;
    cv::Mat one(112, 112, CV_32FC1), two;
    for (int i = 0; i < 112 * 112; ++i)
        one.at<float>(i / 112, i % 112) = grey(random);
    two = one.clone();
    for (int y = 0; y < 112; ++y)
        for (int x = 0; x < 112; ++x)
            if (y < 8 || y > 104 || x < 8 || x > 104)
                two.at<float>(y, x) += 3.0f;
    const cv::Mat a = withoutOuterFace(one, points), b = withoutOuterFace(two, points);
    QVERIFY(cv::norm(a, b, cv::NORM_INF) < 1e-5);
    cv::Scalar mean, deviation;
    cv::meanStdDev(a, mean, deviation);
    QVERIFY(std::abs(mean[0]) < 1e-4 && std::abs(deviation[0] - 1.0) < 1e-4);
    QVERIFY(std::abs(a.at<float>(2, 2) - a.at<float>(109, 109)) < 1e-5); // one grey outside
    two = one.clone();
    two.at<float>(56, 56) += 3.0f;
    QVERIFY(cv::norm(a, withoutOuterFace(two, points), cv::NORM_INF) > 0.1);
}

void TestHeadPose::aStopEndsIt()
{
    std::stop_source stop;
    JobContext job = defaultJob();
    job.stop = stop.get_token();
    HeadPoseDetector detector;
    ClipFacts clip;
    clip.width = 1280;
    clip.height = 720;
    QVERIFY(detector.begin(clip, job));
    for (int i = 0; i < 40; ++i) {
        FaceObservation face;
        face.landmarks = seenOf(neutralHead(), i);
        FrameBundle bundle;
        bundle.index = i;
        bundle.observed.faces = FaceObservations{face};
        QVERIFY(detector.frame(bundle));
    }
    stop.request_stop();
    QCOMPARE(detector.finish({}).error().code, Errc::Cancelled);
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
