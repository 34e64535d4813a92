// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/head_pose.h"
#include "faces/own_head.h"
#include "test_data.h"

#include <random>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

constexpr double kDegree = CV_PI / 180.0;
const Camera kCamera = Camera::assumed(1280, 720);

} // namespace

class TestOwnHead : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        auto loaded = FaceShapes::load(test::sourceDir() + u"/models/head/ict-head.fwh"_s);
        QVERIFY(loaded);
        m_shapes = std::move(*loaded);
    }

    void aPersonIsFoundFromViews()
    {
        std::mt19937_64 random(3);
        for (int person = 0; person < 3; ++person) {
            const HeadModel truth = someHead(random);
            const auto found = fitOwnHead(m_shapes, kCamera, viewsOf(truth, 20, 0.5, random), wholeFacePoints());
            QVERIFY(found);
            QCOMPARE(found->views, 20);
            QCOMPARE(found->identity.size(), FaceShapes::kIdentities);
            QVERIFY(found->rmsPixels < 1.2);
            QVERIFY2(meanDistanceMm(found->points, truth) < 0.5 * meanDistanceMm(neutralHead(), truth),
                     qPrintable(u"%1 mm of %2"_s.arg(meanDistanceMm(found->points, truth)).arg(meanDistanceMm(neutralHead(), truth))));
        }
    }

    void aMeanHeadStaysOne()
    {
        std::mt19937_64 random(4);
        const auto found = fitOwnHead(m_shapes, kCamera, viewsOf(neutralHead(), 10, 0.0, random), wholeFacePoints());
        QVERIFY(found);
        QVERIFY(meanDistanceMm(found->points, neutralHead()) < 0.3);
    }

    void withoutViewsThereIsNoHead()
    {
        Landmarks68 nowhere;
        nowhere.fill({100, 100});
        QCOMPARE(fitOwnHead(m_shapes, kCamera, {}, wholeFacePoints()).error().code, Errc::BadData);
        QCOMPARE(fitOwnHead(m_shapes, kCamera, std::vector{nowhere}, wholeFacePoints()).error().code, Errc::BadData);
    }

    void distancesForgetPlaceAndTurn()
    {
        HeadModel moved = neutralHead();
        const cv::Matx33d turn = rotationOf({0.3, -0.5, 0.2});
        for (cv::Point3d &p : moved)
            p = cv::Point3d(turn * cv::Vec3d(p) + cv::Vec3d(10, -20, 300));
        QVERIFY(meanDistanceMm(moved, neutralHead()) < 1e-6);
        moved[30].x += 6.8; // one point of 68
        const double distance = meanDistanceMm(moved, neutralHead()); // its own tenth, and the others' shift
        QVERIFY(distance > 0.1 && distance < 0.3);
    }

    void aFileKeepsAllOfIt()
    {
        std::mt19937_64 random(5);
        HeadFile file;
        file.name = u"Änne"_s;
        file.madeBy = u"test"_s;
        file.sources = {u"a.mp4: 00ff"_s};
        file.halvesDifferMm = 0.7;
        file.head = *fitOwnHead(m_shapes, kCamera, viewsOf(someHead(random), 10, 0.5, random), wholeFacePoints());
        const auto again = headFileFromJson(toJson(file), u"f"_s);
        QVERIFY(again);
        QCOMPARE(again->name, file.name);
        QCOMPARE(again->sources, file.sources);
        QCOMPARE(again->halvesDifferMm, file.halvesDifferMm);
        QCOMPARE(again->head.views, file.head.views);
        for (std::size_t i = 0; i < 68; ++i)
            QVERIFY(cv::norm(again->head.points[i] - file.head.points[i]) < 1e-9);
    }

    void aBrokenFileIsRefused_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QJsonValue>("value");
        QTest::newRow("another kind") << u"kind"_s << QJsonValue(u"head"_s);
        QTest::newRow("newer") << u"version"_s << QJsonValue(2);
        QTest::newRow("no points") << u"pointsMm"_s << QJsonValue();
        QTest::newRow("points of text") << u"pointsMm"_s << QJsonValue(u"x"_s);
        QTest::newRow("few strengths") << u"identity"_s << QJsonValue(QJsonArray{1, 2});
        QTest::newRow("no views") << u"views"_s << QJsonValue(0);
    }
    void aBrokenFileIsRefused()
    {
        QFETCH(QString, key);
        QFETCH(QJsonValue, value);
        HeadFile file;
        file.head.points = neutralHead();
        file.head.identity.assign(FaceShapes::kIdentities, 0.0f);
        file.head.views = 20;
        QJsonObject object = toJson(file);
        QVERIFY(headFileFromJson(object, u"f"_s));
        object.insert(key, value);
        QCOMPARE(headFileFromJson(object, u"f"_s).error().code, Errc::BadData);
    }

    void pointsThatNoHeadHasAreRefused()
    {
        HeadFile file;
        file.head.points = neutralHead();
        file.head.identity.assign(FaceShapes::kIdentities, 0.0f);
        file.head.views = 20;
        file.head.points[7].x = 1e5;
        QCOMPARE(headFileFromJson(toJson(file), u"f"_s).error().code, Errc::BadData);
        file.head.points.fill({0, 0, 0});
        QCOMPARE(headFileFromJson(toJson(file), u"f"_s).error().code, Errc::BadData);
    }

private:
    HeadModel someHead(std::mt19937_64 &random)
    {
        std::normal_distribution<float> normal(0.0f, 1.0f);
        std::vector<float> identity(FaceShapes::kIdentities);
        for (float &s : identity)
            s = normal(random);
        const FaceShapes::Points points = m_shapes.shape(identity, {});
        HeadModel head;
        for (std::size_t i = 0; i < head.size(); ++i)
            head[i] = cv::Vec3d(points[i]);
        return head;
    }

    static std::vector<Landmarks68> viewsOf(const HeadModel &head, int count, double sigma, std::mt19937_64 &random)
    {
        std::uniform_real_distribution<double> yaw(-30, 30), pitch(-15, 15);
        std::normal_distribution<float> normal(0.0f, 1.0f);
        std::vector<Landmarks68> views;
        for (int v = 0; v < count; ++v) {
            HeadPose pose;
            pose.rotation = rotationOf({pitch(random) * kDegree, yaw(random) * kDegree, 0.0});
            pose.translation = {0, 0, 885};
            Landmarks68 points;
            for (std::size_t i = 0; i < points.size(); ++i)
                points[i] = cv::Point2f(projected(pose, kCamera, head[i])) + float(sigma) * cv::Point2f(normal(random), normal(random));
            views.push_back(points);
        }
        return views;
    }

    FaceShapes m_shapes;
};

QTEST_APPLESS_MAIN(TestOwnHead)
#include "tst_own_head.moc"
