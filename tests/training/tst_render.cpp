// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/camera.h"
#include "render/face_kit.h"
#include "render/light.h"
#include "render/noise.h"
#include "render/npy.h"
#include "render/rasteriser.h"
#include "render/renderer.h"

#include "test_data.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::render;

namespace {

constexpr double kDegree = CV_PI / 180;

/// A .npy file of format version 1 with this header text and data.
QByteArray npyBytes(const QByteArray &header, const QByteArray &data)
{
    QByteArray bytes("\x93NUMPY\x01\x00", 8);
    bytes.append(static_cast<char>(header.size() & 255));
    bytes.append(static_cast<char>(header.size() >> 8));
    return bytes + header + data;
}

int covered(const SampleBuffer &buffer, int id)
{
    return static_cast<int>(std::count(buffer.triangle.begin(), buffer.triangle.end(), id));
}

} // namespace

class TestRender : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void halfFloatsAreExact_data();
    void halfFloatsAreExact();
    void arraysAreRead();
    void brokenArraysAreRefused_data();
    void brokenArraysAreRefused();
    void aMissingKitNamesItsFile();
    void aTriangleCoversItsSamples();
    void neighboursShareAnEdgeWithoutGapOrOverlap();
    void theNearerTriangleIsSeenInAnyOrder();
    void facingAwayIsLeftOut();
    void offScreenCornersAreHarmless();
    void projectionFollowsTheClosedForm();
    void anglesRoundTrip();
    void evenLightIsTheSameFromAllSides();
    void noiseDependsOnTheSeedAlone();
    void landmarksOfTheHeadProjectAsComputed();
    void closedEyesCloseAndLightsFallOnTheFace();

private:
    static std::shared_ptr<const FaceKit> kit();
};

void TestRender::halfFloatsAreExact_data()
{
    QTest::addColumn<int>("bits");
    QTest::addColumn<float>("value");
    QTest::newRow("zero") << 0x0000 << 0.0f;
    QTest::newRow("one") << 0x3c00 << 1.0f;
    QTest::newRow("minus two") << 0xc000 << -2.0f;
    QTest::newRow("a third") << 0x3555 << 0.333251953125f;
    QTest::newRow("largest") << 0x7bff << 65504.0f;
    QTest::newRow("smallest") << 0x0001 << std::ldexp(1.0f, -24);
}

void TestRender::halfFloatsAreExact()
{
    QFETCH(int, bits);
    QFETCH(float, value);
    QVERIFY(floatFromHalf(static_cast<std::uint16_t>(bits)) == value);
}

void TestRender::arraysAreRead()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(u"a.npy"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const float values[] = {1.5f, -2, 0, 4, 5, 6};
    file.write(npyBytes("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n",
                        QByteArray(reinterpret_cast<const char *>(values), sizeof values)));
    file.close();
    const auto array = readNpy(file.fileName().toStdString());
    QVERIFY2(array, array ? "" : qPrintable(array.error().text()));
    QCOMPARE(array->shape, (std::vector<std::size_t>{2, 3}));
    QCOMPARE(array->floats().value(), std::vector<float>(std::begin(values), std::end(values)));
    QVERIFY(!array->integers());
}

void TestRender::brokenArraysAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("reason");
    const QByteArray good = "{'descr': '|u1', 'fortran_order': False, 'shape': (4,), }\n";
    QTest::newRow("empty file") << QByteArray() << u"not a NumPy array"_s;
    QTest::newRow("text") << QByteArray("hello, this is text") << u"not a NumPy array"_s;
    QTest::newRow("version 9") << QByteArray("\x93NUMPY\x09\x00\x10\x00", 10) << u"version"_s;
    QTest::newRow("header cut") << npyBytes(good, "").first(20) << u"cut short"_s;
    QTest::newRow("data cut") << npyBytes(good, "abc") << u"cut short"_s;
    QTest::newRow("data too long") << npyBytes(good, "abcde") << u"after its end"_s;
    QTest::newRow("no type") << npyBytes("{'fortran_order': False, 'shape': (4,), }", "abcd")
                             << u"element type"_s;
    QTest::newRow("pickled") << npyBytes("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
                                         "abcd")
                             << u"element type"_s;
    QTest::newRow("big-endian") << npyBytes(
                                       "{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }",
                                       "abcd")
                                << u"element type"_s;
    QTest::newRow("columns first")
        << npyBytes("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2), }", "abcd")
        << u"C order"_s;
    QTest::newRow("negative extent")
        << npyBytes("{'descr': '|u1', 'fortran_order': False, 'shape': (-4,), }", "abcd")
        << u"shape"_s;
    QTest::newRow("endless shape")
        << npyBytes("{'descr': '|u1', 'fortran_order': False, 'shape': (2, ", "abcd") << u"shape"_s;
    QTest::newRow("overflowing shape")
        << npyBytes("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2000000000), }",
                    "abcd")
        << u"larger than"_s;
}

void TestRender::brokenArraysAreRefused()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, reason);
    QTemporaryDir folder;
    QFile file(folder.filePath(u"broken.npy"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
    file.close();
    const auto array = readNpy(file.fileName().toStdString());
    QVERIFY(!array);
    QVERIFY2(array.error().what.contains(reason), qPrintable(array.error().text()));
    QCOMPARE(array.error().where, file.fileName());
}

void TestRender::aMissingKitNamesItsFile()
{
    QTemporaryDir folder;
    const auto loaded = FaceKit::load(folder.path().toStdString());
    QVERIFY(!loaded);
    QVERIFY2(loaded.error().text().contains(u"facekit.json"_s), qPrintable(loaded.error().text()));
}

void TestRender::aTriangleCoversItsSamples()
{
    // Corners half-way between samples: 4 + 3 + 2 + 1 sample centres lie strictly inside.
    SampleBuffer buffer(8, 8);
    const std::vector<ScreenPoint> points{{-0.5f, -0.5f, 1}, {4.25f, -0.5f, 1}, {-0.5f, 4.25f, 1}};
    drawTriangles(points, std::vector<cv::Vec3i>{{0, 1, 2}}, 7, Facing::Both, buffer);
    QCOMPARE(covered(buffer, 7), 10);
    QCOMPARE(buffer.triangle[buffer.at(3, 0)], 7);
    QCOMPARE(buffer.triangle[buffer.at(3, 1)], -1);
    cv::Vec3f weights;
    coverTriangle(points[0], points[1], points[2], 8, 8, Facing::Both,
                  [&](int x, int y, const cv::Vec3f &w) {
                      if (x == 2 && y == 1)
                          weights = w;
                  });
    const cv::Vec3f expected = screenWeights(points[0], points[1], points[2], 2, 1);
    QVERIFY(cv::norm(weights - expected) < 1e-3);
}

void TestRender::neighboursShareAnEdgeWithoutGapOrOverlap()
{
    // A fan round a sample centre: every sample of the square belongs to exactly one triangle.
    std::vector<ScreenPoint> points{{8, 8, 1}};
    std::vector<cv::Vec3i> fan;
    const float rim[][2] = {{0, 0}, {5, 0}, {16, 0}, {16, 7}, {16, 16}, {9, 16}, {0, 16}, {0, 3}};
    for (const auto &p : rim)
        points.push_back({p[0], p[1], 1});
    for (int i = 0; i < 8; ++i)
        fan.push_back({0, 1 + i, 1 + (i + 1) % 8});
    std::vector<int> hits(17 * 17, 0);
    for (const cv::Vec3i &t : fan) {
        coverTriangle(points[t[0]], points[t[1]], points[t[2]], 17, 17, Facing::Both,
                      [&](int x, int y, const cv::Vec3f &) { ++hits[y * 17 + x]; });
    }
    QCOMPARE(*std::max_element(hits.begin(), hits.end()), 1);
    // The top-left rule keeps the top and left rim and drops the bottom and right one.
    QCOMPARE(std::count(hits.begin(), hits.end(), 1), 16 * 16);
}

void TestRender::theNearerTriangleIsSeenInAnyOrder()
{
    const std::vector<ScreenPoint> points{{-1, -1, 0.5f}, {20, -1, 0.5f},  {-1, 20, 0.5f},
                                          {-1, -1, 0.2f}, {20, -1, 0.92f}, {-1, 20, 0.2f}};
    const std::vector<cv::Vec3i> level{{0, 1, 2}}, sloped{{3, 4, 5}};
    SampleBuffer first(10, 10), second(10, 10);
    drawTriangles(points, level, 0, Facing::Both, first);
    drawTriangles(points, sloped, 1, Facing::Both, first);
    drawTriangles(points, sloped, 1, Facing::Both, second);
    drawTriangles(points, level, 0, Facing::Both, second);
    QCOMPARE(first.triangle, second.triangle);
    // They meet where 0.2 + 0.72 (x + 1) / 21 = 0.5, at 7.75.
    QCOMPARE(first.triangle[first.at(7, 0)], 0);
    QCOMPARE(first.triangle[first.at(8, 0)], 1);
    QVERIFY(std::abs(first.nearness[first.at(9, 0)] - (0.2f + 0.72f * 10 / 21)) < 1e-3f);
}

void TestRender::facingAwayIsLeftOut()
{
    const std::vector<ScreenPoint> points{{0, 0, 1}, {9, 0, 1}, {0, 9, 1}};
    SampleBuffer buffer(10, 10);
    drawTriangles(points, std::vector<cv::Vec3i>{{0, 1, 2}}, 0, Facing::Front, buffer);
    QCOMPARE(covered(buffer, 0), 0);
    drawTriangles(points, std::vector<cv::Vec3i>{{0, 2, 1}}, 0, Facing::Front, buffer);
    QVERIFY(covered(buffer, 0) > 30);
}

void TestRender::offScreenCornersAreHarmless()
{
    SampleBuffer buffer(10, 10);
    const std::vector<ScreenPoint> points{{1e9f, 0, 1}, {9, 0, 1},    {0, 9, 1},  {-4e5f, -3e5f, 1},
                                          {5e5f, 0, 1}, {0, 6e5f, 1}, {NAN, 0, 1}};
    drawTriangles(points, std::vector<cv::Vec3i>{{0, 1, 2}, {6, 1, 2}, {1, 1, 2}}, 0, Facing::Both,
                  buffer);
    QCOMPARE(covered(buffer, -1), 100);
    drawTriangles(points, std::vector<cv::Vec3i>{{3, 4, 5}}, 5, Facing::Both, buffer);
    QCOMPARE(covered(buffer, 5), 100);
}

void TestRender::projectionFollowsTheClosedForm()
{
    const Camera camera = Camera::ofSize({960, 540});
    const cv::Point2d middle = camera.project({0, 0, 700});
    QCOMPARE(middle.x, 479.5);
    QCOMPARE(middle.y, 269.5);
    // A head turned by 30 degrees towards image left: the nose moves left.
    const HeadPose pose =
        poseAbout(rotationFromEuler(0, 30 * kDegree, 0), {0, 0, 0}, {10, -20, 700});
    const cv::Point2d nose = camera.project(pose.map({0, 0, -100}));
    const double x = 10 - 100 * std::sin(30 * kDegree), z = 700 - 100 * std::cos(30 * kDegree);
    QVERIFY(std::abs(nose.x - (960 * x / z + 479.5)) < 1e-9);
    QVERIFY(std::abs(nose.y - (960 * -20 / z + 269.5)) < 1e-9);
    QVERIFY(nose.x < 479.5);
    const cv::Vec3d kept =
        poseAbout(rotationFromEuler(0.3, -0.2, 0.1), {5, 70, 80}, {1, 2, 3}).map({5, 70, 80});
    QVERIFY(cv::norm(kept - cv::Vec3d(1, 2, 3)) < 1e-9);
}

void TestRender::anglesRoundTrip()
{
    const cv::Vec3d angles = eulerFromRotation(rotationFromEuler(0.21, -0.43, 0.08));
    QVERIFY(cv::norm(angles - cv::Vec3d(0.21, -0.43, 0.08)) < 1e-12);
    // Positive pitch turns the face down: its outward direction gains y.
    QVERIFY((rotationFromEuler(0.2, 0, 0) * cv::Vec3d(0, 0, -1))[1] > 0);
}

void TestRender::evenLightIsTheSameFromAllSides()
{
    Lighting light;
    light.addEven({0.5f, 0.25f, 1});
    for (const cv::Vec3f &n : {cv::Vec3f(1, 0, 0), cv::Vec3f(0, -1, 0), cv::Vec3f(0.6f, 0, -0.8f)})
        QVERIFY(cv::norm(light.ambientAt(n) - cv::Vec3f(0.5f, 0.25f, 1)) < 1e-4);
    light.addLobe({0, -2, 0}, {1, 1, 1});
    QVERIFY(light.ambientAt({0, -1, 0})[0] > light.ambientAt({0, 1, 0})[0]);
}

void TestRender::noiseDependsOnTheSeedAlone()
{
    Random a(5), b(5), c(6);
    const double first = a.normal();
    QCOMPARE(first, b.normal());
    QVERIFY(first != c.normal());
    double sum = 0, squares = 0;
    for (int i = 0; i < 20000; ++i) {
        const double v = a.normal();
        sum += v;
        squares += v * v;
    }
    QVERIFY(std::abs(sum / 20000) < 0.03);
    QVERIFY(std::abs(squares / 20000 - 1) < 0.05);
    cv::Mat once(20, 20, CV_8UC3, cv::Scalar(128, 128, 128)), again = once.clone();
    addSensorNoise(once, 2, 9);
    addSensorNoise(again, 2, 9);
    QCOMPARE(cv::norm(once, again, cv::NORM_INF), 0.0);
}

std::shared_ptr<const FaceKit> TestRender::kit()
{
    static const std::shared_ptr<const FaceKit> loaded = [] {
        auto result = FaceKit::load(test::shared(u"ict-facekit"_s).toStdString());
        return result ? std::make_shared<const FaceKit>(std::move(result).value()) : nullptr;
    }();
    return loaded;
}

void TestRender::landmarksOfTheHeadProjectAsComputed()
{
    if (!QFile::exists(test::shared(u"ict-facekit/facekit.json"_s)))
        QSKIP("the face kit is not beside the checkout");
    QVERIFY(kit());
    // Known place of the nose tip and the centre of all points: see the pose model of the project.
    QVERIFY(cv::norm(kit()->neutral[kit()->landmarks[30]] - cv::Vec3f(0, -6.7f, -36.3f)) < 0.1);
    cv::Vec3f mean;
    for (const int v : kit()->landmarks)
        mean += kit()->neutral[v] * (1 / 68.0f);
    QVERIFY(cv::norm(mean) < 0.1);

    const HeadGeometry head(kit(), {});
    std::vector<float> jaw(kit()->expressions.size(), 0.0f);
    jaw[kit()->expression("jawOpen")] = 0.3f;
    const FaceKit::Shape open = head.shape(jaw);
    const double gap = cv::norm(open[kit()->landmarks[66]] - open[kit()->landmarks[62]]);
    QVERIFY2(std::abs(gap - 12.2) < 0.3, qPrintable(QString::number(gap)));
}

void TestRender::closedEyesCloseAndLightsFallOnTheFace()
{
    if (!QFile::exists(test::shared(u"ict-facekit/facekit.json"_s)))
        QSKIP("the face kit is not beside the checkout");
    Person person;
    person.looks.hairLength = 5;
    const Renderer renderer(kit(), person, 128);
    Shot shot;
    shot.camera = Camera::ofSize({160, 120});
    shot.head.translation = shot.body.translation = {0, 0, 700};
    shot.expression.assign(kit()->expressions.size(), 0.0f);
    const Picture open = renderer.render(shot);
    // EAR of the open neutral eye and of the shut one, from the mesh.
    QVERIFY(std::abs(open.truth.eyeAspectRatio[0] - 0.316) < 0.02);
    shot.expression[kit()->expression("eyeBlink_L")] = 1;
    QVERIFY(std::abs(renderer.measure(shot).eyeAspectRatio[1] - 0.041) < 0.02);
    QVERIFY(renderer.measure(shot).eyeAspectRatio[0] > 0.28);
    // Points lie where the closed form puts them, and skin is drawn there.
    const cv::Vec3d nose = kit()->neutral[kit()->landmarks[30]] + cv::Vec3f(0, 0, 700);
    QVERIFY(cv::norm(open.truth.points[30] - shot.camera.project(nose)) < 1e-4);
    const cv::Vec3b skin = open.image.at<cv::Vec3b>(cv::Point(open.truth.points[30]));
    QVERIFY(skin[2] > skin[1] && skin[1] > skin[0] && skin[2] > 90);
    QCOMPARE(open.image.at<cv::Vec3b>(0, 0), cv::Vec3b(110, 110, 110));
    shot.expression[kit()->expression("eyeBlink_L")] = 0;
    QCOMPARE(cv::norm(renderer.render(shot).image, open.image, cv::NORM_INF), 0.0);
}

QTEST_GUILESS_MAIN(TestRender)
#include "tst_render.moc"
