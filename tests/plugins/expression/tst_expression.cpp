// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "detect/manifest.h"
#include "expression_observer.h"
#include "faces/head_pose.h"
#include "test_data.h"

#include <QCryptographicHash>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <functional>
#include <numbers>
#include <random>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

constexpr double kDegree = std::numbers::pi / 180.0;
const Camera kCamera = Camera::assumed(1280, 720);
const QString kModelFile = u"/models/head/ict-head.fwh"_s;

const FaceShapes &shapes()
{
    static const FaceShapes model = FaceShapes::load(test::sourceDir() + kModelFile).value_or({});
    return model;
}

std::size_t unitAt(int unit)
{
    return std::size_t(std::find(kIntensityUnits.begin(), kIntensityUnits.end(), unit) - kIntensityUnits.begin());
}

struct Scene
{
    std::vector<std::pair<const char *, float>> expression;
    double yaw = 0.0;
    double eyeCorners = 130.0; ///< px
    double noise = 0.5;        ///< px
    int missing = 0;           ///< 1: no face in this frame
};

std::vector<float> strengths(const Scene &scene)
{
    std::vector<float> all(53, 0.0f);
    for (const auto &[name, strength] : scene.expression)
        all[std::size_t(shapes().expression(name))] = strength;
    return all;
}

FaceObservation faceOf(const Scene &scene, std::mt19937 &random)
{
    HeadPose pose;
    pose.rotation = rotationOf({2 * kDegree, scene.yaw * kDegree, 0});
    pose.translation = {5.0, 3.0, 89.2 * kCamera.focal / scene.eyeCorners};
    // Not the mean head: a person.
    const std::vector<float> who{0.7f, -0.8f, 0.5f, 0.9f, -0.6f, 0.4f};
    const auto head = shapes().shape(who, strengths(scene));
    std::normal_distribution<float> normal(0.0f, float(scene.noise));
    FaceObservation face;
    face.track = TrackId{3};
    face.landmarks.emplace();
    for (std::size_t i = 0; i < 68; ++i) {
        const cv::Vec3f p = head[i];
        (*face.landmarks)[i] = projected(pose, kCamera, cv::Point3d(double(p[0]), double(p[1]), double(p[2])));
        (*face.landmarks)[i] += scene.noise > 0 ? cv::Point2f(normal(random), normal(random)) : cv::Point2f();
    }
    if (const auto fitted = fitHeadPose(*face.landmarks, kCamera))
        face.pose = *fitted;
    return face;
}

struct Run
{
    std::vector<std::optional<FaceObservation>> faces; ///< as added, per frame
    Measurements measured;
};

Run observe(int frames, const std::function<Scene(int)> &scene)
{
    Run run;
    std::mt19937 random(7);
    ExpressionObserver observer;
    ClipFacts clip;
    clip.width = 1280;
    clip.height = 720;
    clip.nominalRate = 25.0;
    JobContext job;
    job.modelPaths[u"ict-head"_s] = test::sourceDir() + kModelFile;
    if (!observer.begin(clip, job))
        return run;
    for (int i = 0; i < frames; ++i) {
        const Scene s = scene(i);
        FrameBundle bundle;
        bundle.index = i;
        bundle.seconds = i / 25.0;
        bundle.observed.faces.emplace();
        if (!s.missing)
            bundle.observed.faces->push_back(faceOf(s, random));
        Observations add;
        if (!observer.frame(bundle, add))
            return run;
        run.faces.push_back(add.faces && !add.faces->empty() ? std::optional(add.faces->front()) : std::nullopt);
    }
    run.measured = observer.finish({}).value_or({});
    return run;
}

const Trace *traceOf(const Measurements &m, const QString &id)
{
    for (const Trace &t : m.traces) {
        if (t.id == id)
            return &t;
    }
    return nullptr;
}

Scene smiling(int i)
{
    Scene scene;
    scene.yaw = 12.0 * std::sin(i / 20.0);
    if (i >= 120 && i < 160)
        scene.expression = {{"mouthSmile_L", 0.6f}, {"mouthSmile_R", 0.6f}};
    return scene;
}

} // namespace

class TestExpression : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void lettersLieWhereTheTableSays_data();
    void lettersLieWhereTheTableSays();
    void restIsTheLowTenth();
    void eachExpressionRaisesItsUnit_data();
    void eachExpressionRaisesItsUnit();
    void aSmileIsAnEvent();
    void aRestingFaceHasNoEvents();
    void aWinkStaysOnItsSide();
    void limitsGiveNothing_data();
    void limitsGiveNothing();
    void gapsStayGaps();
    void eyesOnPixelsReplaceTheFittedLids();
    void noFaceIsNothing();
    void aMissingModelIsSaid();
    void theReaderIsUsedWhenItIsAskedFor();
    void unitsOfAnotherObserverStay();
    void manifestIsValid();
};

void TestExpression::lettersLieWhereTheTableSays_data()
{
    QTest::addColumn<double>("strength");
    QTest::addColumn<double>("intensity");
    QTest::newRow("nothing") << 0.0 << 0.0;
    QTest::newRow("below the first") << 0.02 << 0.0;
    QTest::newRow("A") << 0.05 << 1.0;
    QTest::newRow("B") << 0.15 << 2.0;
    QTest::newRow("between B and C") << 0.25 << 2.5;
    QTest::newRow("C") << 0.35 << 3.0;
    QTest::newRow("D") << 0.65 << 4.0;
    QTest::newRow("E") << 0.90 << 5.0;
    QTest::newRow("full") << 1.0 << 5.0;
    QTest::newRow("not a number") << std::nan("") << 0.0;
}

void TestExpression::lettersLieWhereTheTableSays()
{
    QFETCH(double, strength);
    QFETCH(double, intensity);
    QVERIFY(std::abs(intensityOf(strength) - intensity) < 1e-12);
}

void TestExpression::restIsTheLowTenth()
{
    RestLevel rest;
    std::array<float, 17> raw{};
    for (int i = 0; i < 99; ++i) {
        raw.fill(float(i % 10) * 0.5f + 0.01f);
        rest.add(raw);
    }
    QVERIFY(!rest.known());
    QCOMPARE(rest.level()[4], 0.0f);
    raw.fill(4.5f);
    rest.add(raw);
    QVERIFY(rest.known());
    QVERIFY(rest.level()[4] <= 0.5f);
    const std::array<float, 17> nothing{};
    std::array<float, 17> high, odd;
    high.fill(1.5f);
    odd.fill(std::nanf(""));
    QCOMPARE(RestLevel::above(nothing, high)[0], 0.0f);
    QVERIFY(std::isnan(RestLevel::above(odd, high)[0]));
}

void TestExpression::eachExpressionRaisesItsUnit_data()
{
    QTest::addColumn<QByteArrayList>("shapes");
    QTest::addColumn<int>("unit");
    QTest::newRow("inner brows") << QByteArrayList{"browInnerUp_L", "browInnerUp_R"} << 1;
    QTest::newRow("outer brows") << QByteArrayList{"browOuterUp_L", "browOuterUp_R"} << 2;
    QTest::newRow("frown") << QByteArrayList{"browDown_L", "browDown_R"} << 4;
    QTest::newRow("nose") << QByteArrayList{"noseSneer_L", "noseSneer_R"} << 9;
    QTest::newRow("smile") << QByteArrayList{"mouthSmile_L", "mouthSmile_R"} << 12;
    QTest::newRow("stretch") << QByteArrayList{"mouthStretch_L", "mouthStretch_R"} << 20;
    QTest::newRow("lips") << QByteArrayList{"jawOpen"} << 25;
    QTest::newRow("jaw") << QByteArrayList{"jawOpen"} << 26;
    QTest::newRow("lids") << QByteArrayList{"eyeBlink_L", "eyeBlink_R"} << 45;
}

void TestExpression::eachExpressionRaisesItsUnit()
{
    QFETCH(QByteArrayList, shapes);
    QFETCH(int, unit);
    const Run run = observe(60, [&](int i) {
        Scene scene;
        scene.yaw = 10.0 * std::sin(i / 10.0);
        for (const QByteArray &name : shapes) {
            if (i >= 45)
                scene.expression.emplace_back(name.constData(), 0.6f);
        }
        return scene;
    });
    double rest = 0, raised = 0;
    for (int i = 25; i < 60; ++i) {
        QVERIFY(run.faces[std::size_t(i)] && run.faces[std::size_t(i)]->actionUnits);
        const double raw = double(run.faces[std::size_t(i)]->actionUnits->raw[unitAt(unit)]);
        (i < 45 ? rest : raised) += raw / (i < 45 ? 20.0 : 15.0);
    }
    QVERIFY2(raised > 2.0 && raised > rest + 1.5, qPrintable(u"%1 at rest, %2 raised"_s.arg(rest).arg(raised)));
}

void TestExpression::aSmileIsAnEvent()
{
    const Run run = observe(240, smiling);
    const Trace *smile = traceOf(run.measured, u"au12.3"_s);
    QVERIFY(smile);
    QCOMPARE(smile->frames.size(), std::size_t(240));
    QCOMPARE(smile->upper.size(), smile->values.size());
    QVERIFY(smile->values[140] > 3.0);
    QVERIFY(smile->values[60] < 1.0);
    int events = 0;
    for (const Event &e : run.measured.events) {
        if (!e.id.startsWith(u"expression.au12"_s))
            continue;
        ++events;
        QVERIFY(std::abs(double(e.range.begin) - 120) <= 2 && std::abs(double(e.range.end) - 160) <= 2);
        QVERIFY(e.apex && *e.apex >= 120 && *e.apex < 160);
        QCOMPARE(e.kind, u"expression"_s);
    }
    QCOMPARE(events, 1);
    QVERIFY(run.faces[140]->actionUnits->present[8]); // AU12
    QVERIFY(!run.faces[110]->actionUnits->present[8]);
    QVERIFY(!traceOf(run.measured, u"au23.3"_s)); // cannot be measured, so there is no line
    QVERIFY(std::isnan(run.faces[140]->actionUnits->raw[unitAt(23)]));
    QCOMPARE(run.measured.embeddings.size(), std::size_t(1));
    QCOMPARE(run.measured.embeddings.front().values.size(), std::size_t(40));
}

void TestExpression::aRestingFaceHasNoEvents()
{
    const Run run = observe(160, [](int i) {
        Scene scene;
        scene.yaw = 15.0 * std::sin(i / 15.0);
        scene.noise = 0.3;
        return scene;
    });
    for (const Event &e : run.measured.events)
        qInfo("%s at %lld", qPrintable(e.label), static_cast<long long>(e.range.begin));
    QVERIFY(run.measured.events.size() <= 2);
}

void TestExpression::aWinkStaysOnItsSide()
{
    const Run run = observe(40, [](int i) {
        Scene scene;
        if (i >= 30)
            scene.expression = {{"eyeBlink_L", 0.9f}};
        return scene;
    });
    QVERIFY(run.faces[35] && run.faces[35]->expression);
    const auto &e = run.faces[35]->expression->expression;
    QVERIFY(e[std::size_t(shapes().expression("eyeBlink_L"))] > 0.6f);
    QVERIFY(e[std::size_t(shapes().expression("eyeBlink_R"))] < 0.2f);
}

void TestExpression::limitsGiveNothing_data()
{
    QTest::addColumn<double>("yaw");
    QTest::addColumn<double>("eyeCorners");
    QTest::addColumn<double>("noise");
    QTest::addColumn<bool>("expression");
    QTest::addColumn<bool>("units");
    QTest::newRow("good") << 10.0 << 130.0 << 0.5 << true << true;
    QTest::newRow("turned by 50") << 50.0 << 200.0 << 0.5 << true << false;
    QTest::newRow("turned by 70") << 70.0 << 200.0 << 0.5 << false << false;
    QTest::newRow("35 px") << 0.0 << 35.0 << 0.2 << true << false;
    QTest::newRow("20 px") << 0.0 << 20.0 << 0.2 << false << false;
    QTest::newRow("points that are no face") << 0.0 << 130.0 << 25.0 << false << false;
}

void TestExpression::limitsGiveNothing()
{
    QFETCH(double, yaw);
    QFETCH(double, eyeCorners);
    QFETCH(double, noise);
    QFETCH(bool, expression);
    QFETCH(bool, units);
    const Run run = observe(6, [&](int) { return Scene{{}, yaw, eyeCorners, noise, 0}; });
    for (const auto &face : run.faces) {
        QCOMPARE(face && face->expression.has_value(), expression);
        QCOMPARE(face && face->actionUnits.has_value(), units);
    }
    if (!units)
        QVERIFY(run.measured.traces.empty() && run.measured.events.empty());
}

void TestExpression::gapsStayGaps()
{
    const Run run = observe(60, [](int i) {
        Scene scene = smiling(i);
        scene.missing = i >= 20 && i < 30;
        scene.yaw = i >= 40 && i < 45 ? 65 : 5;
        return scene;
    });
    const Trace *jaw = traceOf(run.measured, u"au26.3"_s);
    QVERIFY(jaw);
    QVERIFY(std::is_sorted(jaw->frames.begin(), jaw->frames.end()));
    for (std::size_t i = 0; i < jaw->frames.size(); ++i) {
        const FrameIndex f = jaw->frames[i];
        const bool known = !(f >= 20 && f < 30) && !(f >= 40 && f < 45);
        QCOMPARE(std::isfinite(jaw->values[i]), known);
        QCOMPARE(std::isfinite(jaw->lower[i]), known);
        QCOMPARE(std::isfinite(jaw->upper[i]), known);
    }
}

void TestExpression::eyesOnPixelsReplaceTheFittedLids()
{
    std::mt19937 random(1);
    FaceObservation face = faceOf({}, random);
    PersonModel model(std::make_shared<const FaceShapes>(shapes()), kCamera);
    const auto fit = model.next(0, *face.landmarks);
    QVERIFY(fit);
    const UnitTable table(shapes());
    QVERIFY(table.estimate(*fit, face, kCamera).raw[unitAt(45)] < 1.0f);
    face.eyeImageLeft = EyeObservation{};
    face.eyeImageRight = EyeObservation{};
    face.eyeImageLeft->openness = 0.1f;
    face.eyeImageRight->openness = 0.1f;
    QVERIFY(std::abs(table.estimate(*fit, face, kCamera).raw[unitAt(45)] - 4.5f) < 1e-4f);
}

void TestExpression::noFaceIsNothing()
{
    const Run run = observe(10, [](int) { return Scene{{}, 0, 130, 0.5, 1}; });
    QCOMPARE(run.faces.size(), std::size_t(10));
    QVERIFY(run.measured.empty());
}

void TestExpression::aMissingModelIsSaid()
{
    ExpressionObserver observer;
    QCOMPARE(observer.begin({}, {}).error().code, Errc::NotFound);
    JobContext job;
    job.modelPaths[u"ict-head"_s] = test::sourceDir() + u"/README.md"_s;
    QCOMPARE(observer.begin({}, job).error().code, Errc::BadData);
}

void TestExpression::theReaderIsUsedWhenItIsAskedFor()
{
    // A reader that calls the drop of the jaw AU04: no shape would.
    std::vector<float> weights(17 * kUnitEvidence, 0.0f), zero(17, 0.0f), sigma(17, 0.0f);
    weights[unitAt(4) * kUnitEvidence + kUnitGradients + std::size_t(shapes().expression("jawOpen"))] = 10.0f;
    sigma[unitAt(4)] = 0.5f;
    const QByteArray bytes = UnitReader(std::vector<float>(kUnitEvidence, 0.0f), weights, zero, sigma).bytes();
    const QTemporaryDir folder;
    QFile file(folder.filePath(u"units.fwu"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    file.close();
    JobContext job;
    job.modelPaths[u"ict-head"_s] = test::sourceDir() + kModelFile;
    job.options.insert(u"unitsFrom"_s, u"picture"_s);
    ClipFacts clip;
    clip.width = 1280;
    clip.height = 720;
    clip.nominalRate = 25.0;
    QCOMPARE(ExpressionObserver().begin(clip, job).error().code, Errc::NotFound);
    job.modelPaths[u"units"_s] = file.fileName();
    job.modelHashes[u"units"_s] = QString(64, u'0');
    QCOMPARE(ExpressionObserver().begin(clip, job).error().code, Errc::BadData);
    job.modelHashes[u"units"_s] = QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());

    ExpressionObserver observer;
    QVERIFY(observer.begin(clip, job));
    std::mt19937 random(7);
    auto frame = std::make_shared<Frame>();
    frame->bgr = cv::Mat(720, 1280, CV_8UC3, cv::Scalar(90, 120, 140));
    std::array<float, 2> most{};
    for (int i = 0; i < 120; ++i) {
        const bool open = i >= 80;
        FrameBundle bundle;
        bundle.index = i;
        bundle.frame = frame;
        bundle.observed.faces = FaceObservations{faceOf({{{"jawOpen", open ? 0.3f : 0.0f}}, 0, 130, 0.3, 0}, random)};
        Observations add;
        QVERIFY(observer.frame(bundle, add));
        QVERIFY(add.faces && add.faces->size() == 1 && add.faces->front().actionUnits);
        most[open] = std::max(most[open], add.faces->front().actionUnits->raw[unitAt(4)]);
    }
    QVERIFY2(most[1] > 1.5f && most[0] < 1.0f, qPrintable(u"%1 %2"_s.arg(double(most[0])).arg(double(most[1]))));
    const auto measured = observer.finish({});
    QVERIFY(measured);
    const auto trace = std::ranges::find_if(measured->traces, [](const Trace &t) { return t.id.startsWith(u"au04."_s); });
    QVERIFY(trace != measured->traces.end());
    QVERIFY(trace->values[110] > 1.5 && trace->values[40] < 0.7);
}

void TestExpression::unitsOfAnotherObserverStay()
{
    ExpressionObserver observer;
    ClipFacts clip;
    clip.width = 1280;
    clip.height = 720;
    JobContext job;
    job.modelPaths[u"ict-head"_s] = test::sourceDir() + kModelFile;
    QVERIFY(observer.begin(clip, job));
    std::mt19937 random(7);
    FrameBundle bundle;
    FaceObservation face = faceOf({}, random);
    face.actionUnits.emplace();
    bundle.observed.faces = FaceObservations{face};
    Observations add;
    QVERIFY(observer.frame(bundle, add));
    QVERIFY(add.faces && add.faces->front().expression && !add.faces->front().actionUnits);
    const auto measured = observer.finish({});
    QVERIFY(measured && measured->traces.empty());
}

void TestExpression::manifestIsValid()
{
    const QString path = test::sourceDir() + u"/plugins/observe/expression/manifest.json"_s;
    const auto object = readJsonObject(path);
    QVERIFY(object);
    const auto manifest = parseManifest(*object, path);
    QVERIFY2(manifest, manifest ? "" : qPrintable(manifest.error().text()));
    QFile file(test::sourceDir() + kModelFile);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromLatin1(QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256).toHex()),
             manifest->models.front().sha256);
}

QTEST_GUILESS_MAIN(TestExpression)
#include "tst_expression.moc"
