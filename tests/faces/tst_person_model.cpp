// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/box_least_squares_p.h"
#include "faces/head_pose.h"
#include "faces/person_model.h"
#include "test_data.h"

#include <QTest>

#include <Eigen/Cholesky>

#include <cmath>
#include <numbers>
#include <numeric>
#include <random>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

constexpr double kDegree = std::numbers::pi / 180.0;
const Camera kCamera = Camera::assumed(1280, 720);

std::shared_ptr<const FaceShapes> shapes()
{
    static const auto model = [] {
        auto loaded = FaceShapes::load(test::sourceDir() + u"/models/head/ict-head.fwh"_s);
        return loaded ? std::make_shared<const FaceShapes>(std::move(*loaded)) : nullptr;
    }();
    return model;
}

HeadPose poseAt(double pitch, double yaw, double roll, double millimetres = 880)
{
    HeadPose pose;
    pose.rotation = rotationOf({pitch * kDegree, yaw * kDegree, roll * kDegree});
    pose.translation = {10.0, -15.0, millimetres};
    return pose;
}

Landmarks68 seen(const FaceShapes::Points &head, const HeadPose &pose)
{
    Landmarks68 points;
    for (std::size_t i = 0; i < points.size(); ++i)
        points[i] = projected(pose, kCamera, cv::Point3d(double(head[i][0]), double(head[i][1]), double(head[i][2])));
    return points;
}

double correlation(const std::vector<double> &a, const std::vector<double> &b)
{
    double ma = 0, mb = 0, ab = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        ma += a[i] / double(a.size());
        mb += b[i] / double(a.size());
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        ab += (a[i] - ma) * (b[i] - mb);
        aa += (a[i] - ma) * (a[i] - ma);
        bb += (b[i] - mb) * (b[i] - mb);
    }
    return ab / std::sqrt(aa * bb);
}

float at(const PersonFit &fit, const char *name)
{
    return fit.expression[std::size_t(shapes()->expression(name))];
}

std::vector<float> only(std::initializer_list<std::pair<const char *, float>> strengths)
{
    std::vector<float> all(53, 0.0f);
    for (const auto &[name, strength] : strengths)
        all[std::size_t(shapes()->expression(name))] = strength;
    return all;
}

/// Those that landmarks are asked for one by one.
std::vector<int> freeExpressions()
{
    std::vector<int> free;
    for (int i = 0; i < 53; ++i) {
        const std::string &name = shapes()->names[std::size_t(i)];
        if (!name.starts_with("eyeLook") && name != "mouthClose")
            free.push_back(i);
    }
    return free;
}

} // namespace

class TestPersonModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void theFileIsTheModel();
    void brokenFilesAreRefused_data();
    void brokenFilesAreRefused();
    void theBoxIsKept();
    void theSolverBringsSixShapesBack();
    void sixShapesComeBackWithThePose();
    void aFrontalHeadStandsUpright();
    void poseIsFoundWithTheExpression_data();
    void poseIsFoundWithTheExpression();
    void mirroringSwapsTheSides();
    void aPersonIsLearnt();
    void theMouthCannotCloseMoreThanItOpens();
    void unseenPointsAreLeftOut();
    void noiseWidensTheUncertainty();
};

void TestPersonModel::initTestCase()
{
    QVERIFY2(shapes(), "models/head/ict-head.fwh cannot be read");
}

void TestPersonModel::theFileIsTheModel()
{
    const FaceShapes &m = *shapes();
    QVERIFY(m.toBytes().size() < 1500000);
    QCOMPARE(m.triangles.size() / 100, std::size_t(5));
    QCOMPARE(m.names.front(), std::string("browDown_L"));
    QCOMPARE(m.names.back(), std::string("noseSneer_R"));
    for (std::size_t i = 0; i < 68; ++i) {
        const cv::Point3d &p = neutralHead()[i];
        QVERIFY(cv::norm(cv::Vec3d(m.neutral[i]) - cv::Vec3d(p.x, p.y, p.z)) < 0.11);
    }
    // Inner lips of an open jaw are 38.7 mm apart; closing them leaves little.
    const auto gap = [&](const std::vector<float> &e) {
        const auto head = m.shape({}, e);
        return cv::norm(head[66] - head[62]);
    };
    QVERIFY(std::abs(gap(only({{"jawOpen", 1.0f}})) - 38.7) < 0.5);
    QVERIFY(std::abs(gap(only({{"jawOpen", 0.3f}, {"mouthClose", 0.3f}})) - 1.9) < 0.3);
    // The subject's left eye is on the right of the picture.
    const cv::Vec3f left = m.expressions[std::size_t(m.expression("eyeBlink_L"))][43];
    const cv::Vec3f right = m.expressions[std::size_t(m.expression("eyeBlink_L"))][37];
    QVERIFY(left[1] > 3.0f && std::abs(right[1]) < 0.1f);
    const auto again = FaceShapes::fromBytes(m.toBytes());
    QVERIFY(again && again->toBytes() == m.toBytes());
}

void TestPersonModel::brokenFilesAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray good = shapes()->toBytes();
    QByteArray other = good, wild = good, far = good;
    other.replace("\"identities\":40", "\"identities\":41");
    wild.replace(wild.size() - 4, 4, QByteArray("\xff\xff\xff\x7f", 4));
    far.replace(8, 4, QByteArray("\xff\xff\xff\xff", 4));
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("other magic") << QByteArray("FWHEAD2\n") + good.mid(8);
    QTest::newRow("cut") << good.left(good.size() - 7);
    QTest::newRow("longer") << good + "x";
    QTest::newRow("other counts") << other;
    QTest::newRow("triangle out of range") << wild;
    QTest::newRow("header longer than the file") << far;
}

void TestPersonModel::brokenFilesAreRefused()
{
    QFETCH(QByteArray, bytes);
    const auto model = FaceShapes::fromBytes(bytes, u"here"_s);
    QVERIFY(!model);
    QCOMPARE(model.error().code, Errc::BadData);
    QCOMPARE(model.error().where, u"here"_s);
}

void TestPersonModel::theBoxIsKept()
{
    std::mt19937 random(5);
    std::normal_distribution<double> normal;
    Eigen::MatrixXd a(30, 8);
    Eigen::VectorXd b(30);
    for (Eigen::Index i = 0; i < a.rows(); ++i) {
        b[i] = 3.0 * normal(random);
        for (Eigen::Index k = 0; k < a.cols(); ++k)
            a(i, k) = normal(random);
    }
    const Eigen::MatrixXd h = a.transpose() * a;
    const Eigen::VectorXd g = a.transpose() * b;
    Eigen::VectorXd x = Eigen::VectorXd::Zero(8);
    solveBox(h, g, x);
    const Eigen::VectorXd slope = h * x - g;
    for (Eigen::Index i = 0; i < 8; ++i) { // Karush, Kuhn, Tucker
        QVERIFY(x[i] >= 0.0 && x[i] <= 1.0);
        if (x[i] == 0.0)
            QVERIFY(slope[i] >= -1e-3);
        else if (x[i] == 1.0)
            QVERIFY(slope[i] <= 1e-3);
        else
            QVERIFY(std::abs(slope[i]) < 1e-3);
    }
}

/// Six random shapes, frontal and of known pose, landmark noise of 0.05 cm, ridge of 0.15 cm.
void TestPersonModel::theSolverBringsSixShapesBack()
{
    const FaceShapes &m = *shapes();
    const std::vector<int> free = freeExpressions();
    std::mt19937 random(12);
    std::uniform_real_distribution<double> uniform(0.0, 1.0);
    std::normal_distribution<double> noise(0.0, 0.05);
    Eigen::MatrixXd shift(136, 44);
    for (Eigen::Index k = 0; k < 44; ++k) {
        for (Eigen::Index i = 0; i < 68; ++i) {
            const cv::Vec3f d = m.expressions[std::size_t(free[std::size_t(k)])][std::size_t(i)];
            shift(2 * i, k) = 0.1 * double(d[0]);
            shift(2 * i + 1, k) = 0.1 * double(d[1]);
        }
    }
    Eigen::MatrixXd h = shift.transpose() * shift;
    h.diagonal().array() += 0.15 * 0.15;
    double sum = 0;
    std::vector<double> found[44], truth[44];
    constexpr int kFaces = 400;
    for (int n = 0; n < kFaces; ++n) {
        Eigen::VectorXd wanted = Eigen::VectorXd::Zero(44), got = Eigen::VectorXd::Zero(44);
        std::vector<int> order(44);
        std::iota(order.begin(), order.end(), 0);
        std::shuffle(order.begin(), order.end(), random);
        for (std::size_t k = 0; k < 6; ++k)
            wanted[order[k]] = uniform(random);
        Eigen::VectorXd observed = shift * wanted;
        for (double &v : observed)
            v += noise(random);
        solveBox(h, shift.transpose() * observed, got);
        sum += (got - wanted).cwiseAbs().sum();
        for (Eigen::Index k = 0; k < 44; ++k) {
            found[k].push_back(got[k]);
            truth[k].push_back(wanted[k]);
        }
    }
    const auto r = [&](const char *name) {
        const auto k = std::find(free.begin(), free.end(), m.expression(name)) - free.begin();
        return correlation(found[k], truth[k]);
    };
    qInfo("mean absolute error %.4f, jawOpen r %.4f, mouthSmile r %.4f", sum / (44.0 * kFaces),
          r("jawOpen"), r("mouthSmile_L"));
    QVERIFY(sum / (44.0 * kFaces) <= 0.06);
    QVERIFY(r("jawOpen") >= 0.99);
    QVERIFY(r("mouthSmile_L") >= 0.97);
}

/// The same through a camera whose pose is unknown, with the jaw's lower weight.
void TestPersonModel::sixShapesComeBackWithThePose()
{
    const FaceShapes &m = *shapes();
    std::mt19937 random(11);
    std::uniform_real_distribution<float> uniform(0.0f, 1.0f);
    const HeadPose pose = poseAt(0, 0, 0);
    const double pixelsPerMm = kCamera.focal / pose.translation[2];
    std::normal_distribution<float> noise(0.0f, float(0.5 * pixelsPerMm));
    LandmarkSigmas sigmas;
    sigmas.fill(float(0.5 * pixelsPerMm));
    std::vector<int> free = freeExpressions();
    QCOMPARE(free.size(), std::size_t(44));
    const PersonModel model(shapes(), kCamera);
    double sum = 0;
    std::vector<double> jaw[2], smile[2];
    constexpr int kFaces = 300;
    for (int n = 0; n < kFaces; ++n) {
        std::vector<float> truth(53, 0.0f);
        std::shuffle(free.begin(), free.end(), random);
        for (int k = 0; k < 6; ++k)
            truth[std::size_t(free[std::size_t(k)])] = uniform(random);
        Landmarks68 points = seen(m.shape({}, truth), pose);
        for (cv::Point2f &p : points)
            p += cv::Point2f(noise(random), noise(random));
        const auto fit = model.fit(points, &sigmas);
        QVERIFY(fit);
        for (const int i : free)
            sum += std::abs(double(fit->expression[std::size_t(i)]) - double(truth[std::size_t(i)]));
        jaw[0].push_back(double(truth[std::size_t(m.expression("jawOpen"))]));
        jaw[1].push_back(double(at(*fit, "jawOpen")));
        smile[0].push_back(double(truth[std::size_t(m.expression("mouthSmile_L"))]));
        smile[1].push_back(double(at(*fit, "mouthSmile_L")));
    }
    const double mae = sum / (44.0 * kFaces);
    qInfo("mean absolute error %.4f, jawOpen r %.4f, mouthSmile r %.4f", mae,
          correlation(jaw[0], jaw[1]), correlation(smile[0], smile[1]));
    QVERIFY(mae <= 0.06);
    QVERIFY(correlation(jaw[0], jaw[1]) >= 0.95);
    QVERIFY(correlation(smile[0], smile[1]) >= 0.93);
}

void TestPersonModel::aFrontalHeadStandsUpright()
{
    const auto fit = PersonModel(shapes(), kCamera).fit(seen(shapes()->neutral, poseAt(0, 0, 0)));
    QVERIFY(fit);
    QVERIFY(fit->points[30].z < fit->points[0].z); // the nose is nearer than the ears
    QVERIFY(fit->points[8].y > fit->points[19].y); // the chin is below the brows
    QVERIFY(fit->points[36].x < fit->points[45].x);
    QVERIFY(std::abs(fit->pose.translation[2] - 880) < 10);
}

void TestPersonModel::poseIsFoundWithTheExpression_data()
{
    QTest::addColumn<double>("pitch");
    QTest::addColumn<double>("yaw");
    QTest::addColumn<double>("roll");
    QTest::newRow("frontal") << 0.0 << 0.0 << 0.0;
    QTest::newRow("down") << 15.0 << 0.0 << 0.0;
    QTest::newRow("image left") << 0.0 << 30.0 << 0.0;
    QTest::newRow("image right, tilted") << -8.0 << -35.0 << 12.0;
}

void TestPersonModel::poseIsFoundWithTheExpression()
{
    QFETCH(double, pitch);
    QFETCH(double, yaw);
    QFETCH(double, roll);
    const HeadPose truth = poseAt(pitch, yaw, roll);
    const auto smile = only({{"mouthSmile_L", 0.6f}, {"mouthSmile_R", 0.6f}, {"jawOpen", 0.2f}});
    const auto fit = PersonModel(shapes(), kCamera).fit(seen(shapes()->shape({}, smile), truth));
    QVERIFY(fit);
    const EulerAngles angles = eulerAngles(fit->pose.rotation);
    QVERIFY(std::abs(angles.pitchRadians - pitch * kDegree) < 1.5 * kDegree);
    QVERIFY(std::abs(angles.yawRadians - yaw * kDegree) < 1.5 * kDegree);
    QVERIFY(std::abs(angles.rollRadians - roll * kDegree) < 1.5 * kDegree);
    // The far half of a turned mouth is short in the picture: the near corner is the surer one.
    const bool leftIsNear = yaw > 0;
    const float near = at(*fit, leftIsNear ? "mouthSmile_L" : "mouthSmile_R");
    QVERIFY(std::abs(near - 0.6f) < 0.2f);
    QVERIFY(std::abs(at(*fit, "jawOpen") - 0.2f) < 0.05f);
    const cv::Matx33d turn = rotationOf(eulerAngles(fit->pose.rotation));
    QVERIFY(cv::norm(turn - fit->pose.rotation) < 1e-6);
}

void TestPersonModel::mirroringSwapsTheSides()
{
    const auto wink = only({{"eyeBlink_L", 0.9f}, {"mouthSmile_R", 0.5f}});
    const Landmarks68 points = seen(shapes()->shape({}, wink), poseAt(5, 12, 0));
    static constexpr std::array kPairs{
        16, 15, 14, 13, 12, 11, 10, 9,  8,  7,  6,  5,  4,  3,  2,  1,  0,  26, 25, 24, 23, 22, 21,
        20, 19, 18, 17, 27, 28, 29, 30, 35, 34, 33, 32, 31, 45, 44, 43, 42, 47, 46, 39, 38, 37, 36,
        41, 40, 54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65};
    Landmarks68 mirrored;
    for (std::size_t i = 0; i < 68; ++i) {
        const cv::Point2f p = points[std::size_t(kPairs[i])];
        mirrored[i] = {float(2.0 * kCamera.centre.x) - p.x, p.y};
    }
    const PersonModel model(shapes(), kCamera);
    const auto one = model.fit(points), other = model.fit(mirrored);
    QVERIFY(one && other);
    QVERIFY(at(*one, "eyeBlink_L") > 0.6f && at(*one, "eyeBlink_R") < 0.1f);
    QVERIFY(std::abs(at(*one, "eyeBlink_L") - at(*other, "eyeBlink_R")) < 0.03f);
    QVERIFY(std::abs(at(*one, "mouthSmile_R") - at(*other, "mouthSmile_L")) < 0.03f);
    QVERIFY(std::abs(eulerAngles(one->pose.rotation).yawRadians + eulerAngles(other->pose.rotation).yawRadians) < 0.2 * kDegree);
}

void TestPersonModel::aPersonIsLearnt()
{
    const FaceShapes &m = *shapes();
    std::mt19937 random(3);
    std::normal_distribution<float> normal;
    std::vector<float> who(40);
    for (float &a : who)
        a = std::clamp(normal(random), -2.0f, 2.0f);
    PersonModel model(shapes(), kCamera);
    const PersonModel stranger(shapes(), kCamera);
    double before = 0, after = 0;
    int count = 0;
    for (int frame = 0; frame < 150; ++frame) {
        const float smile = frame % 50 > 35 ? 0.7f : 0.0f;
        const auto face = only({{"mouthSmile_L", smile}, {"mouthSmile_R", smile}});
        Landmarks68 points = seen(m.shape(who, face), poseAt(6 * std::sin(frame / 11.0), 25 * std::sin(frame / 17.0), 2));
        for (cv::Point2f &p : points)
            p += 0.6f * cv::Point2f(normal(random), normal(random));
        const auto fit = model.next(frame, points);
        QVERIFY(fit);
        if (frame < 100)
            continue;
        const auto unlearnt = stranger.fit(points);
        QVERIFY(unlearnt);
        ++count;
        for (std::size_t i = 0; i < 53; ++i) {
            before += std::abs(unlearnt->expression[i] - face[i]);
            after += std::abs(fit->expression[i] - face[i]);
        }
    }
    qInfo("mean absolute error of a strength: %.3f with the mean head, %.3f with the learnt one", before / (53.0 * count), after / (53.0 * count));
    QVERIFY(after < 0.5 * before);
    QVERIFY(model.keyFrames() >= 10 && model.keyFrames() <= 30);
    QVERIFY(!model.refinedAt().empty());
}

void TestPersonModel::theMouthCannotCloseMoreThanItOpens()
{
    const FaceShapes &m = *shapes();
    const PersonModel model(shapes(), kCamera);
    for (const auto &face : {only({{"mouthClose", 0.5f}}), only({{"jawOpen", 0.4f}, {"mouthClose", 0.4f}}), only({{"mouthPucker", 0.8f}})}) {
        const auto fit = model.fit(seen(m.shape({}, face), poseAt(0, 5, 0)));
        QVERIFY(fit);
        QVERIFY(at(*fit, "mouthClose") <= at(*fit, "jawOpen") + 1e-4f);
        for (const float e : fit->expression)
            QVERIFY(e >= 0.0f && e <= 1.0f);
    }
}

void TestPersonModel::unseenPointsAreLeftOut()
{
    Landmarks68 points = seen(shapes()->neutral, poseAt(0, 10, 0));
    for (std::size_t i = 0; i < 8; ++i)
        points[i] = {std::nanf(""), 0};
    const auto fit = PersonModel(shapes(), kCamera).fit(points);
    QVERIFY(fit);
    QVERIFY(fit->pose.rmsPixels < 0.5);
    points.fill({std::nanf(""), std::nanf("")});
    QVERIFY(!PersonModel(shapes(), kCamera).fit(points));
}

void TestPersonModel::noiseWidensTheUncertainty()
{
    const Landmarks68 points = seen(shapes()->neutral, poseAt(0, 0, 0));
    LandmarkSigmas fine, coarse;
    fine.fill(0.6f);
    coarse.fill(3.0f);
    const PersonModel model(shapes(), kCamera);
    const auto sharp = model.fit(points, &fine), dull = model.fit(points, &coarse);
    QVERIFY(sharp && dull);
    // Not the brows: there, what is unknown of the person weighs more than the noise, and the surer
    // the points are taken to be, the more of it goes into the strengths.
    for (const char *name : {"jawOpen", "mouthSmile_R", "mouthPucker"}) {
        const std::size_t i = std::size_t(shapes()->expression(name));
        QVERIFY(sharp->covarianceOf(i, i) > 0);
        QVERIFY2(dull->covarianceOf(i, i) > sharp->covarianceOf(i, i),
                 qPrintable(QString::fromLatin1("%1: %2 and %3")
                                .arg(QLatin1String(name))
                                .arg(double(dull->covarianceOf(i, i)))
                                .arg(double(sharp->covarianceOf(i, i)))));
    }
}

QTEST_GUILESS_MAIN(TestPersonModel)
#include "tst_person_model.moc"
