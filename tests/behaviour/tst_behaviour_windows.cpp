// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/behaviour_windows.h"
#include "behaviour/face_distances.h"
#include "faces/head_model.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace fw;
using namespace Qt::StringLiterals;

namespace {

std::vector<BehaviourSample> noise(double seconds, double rate, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    std::vector<BehaviourSample> samples;
    for (int i = 0; i < int(seconds * rate); ++i) {
        BehaviourSample s{i, i / rate, BehaviourFeatures{}, 5.0, 100.0};
        for (double &v : *s.values)
            v = normal(random);
        samples.push_back(s);
    }
    return samples;
}

FacePoints3d headPoints(double wide, double open)
{
    FacePoints3d face;
    for (std::size_t i = 0; i < 68; ++i) {
        const cv::Point3d p = neutralHead()[i];
        face[i] = {float(p.x), float(p.y), float(p.z)};
    }
    face[48].x -= float(wide);
    face[54].x += float(wide);
    face[57].y += float(open);
    return face;
}

} // namespace

class TestBehaviourWindows : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void pairsStandInThePublishedOrder();
    void correlationsEqualTheDirectFormula();
    void lipsDoNotDependOnTheHead_data();
    void lipsDoNotDependOnTheHead();
    void lipsFollowTheMouth();
    void distancesDoNotDependOnTheHead();
    void distancesFollowTheirMovement_data();
    void distancesFollowTheirMovement();
    void unrelatedSignalsSpreadAsPublished();
    void constantFeaturesAreFlagged();
    void manyConstantFeaturesSpoilAWindow();
    void gapsSpoilWindows();
    void oddRatesAreResampled();
    void conditionsAreMeasured();
    void nothingGivesNothing();
};

void TestBehaviourWindows::pairsStandInThePublishedOrder()
{
    const QStringList names{u"AU01"_s, u"AU02"_s, u"AU04"_s, u"AU05"_s, u"AU06"_s, u"AU07"_s, u"AU09"_s,
                            u"AU10"_s, u"AU12"_s, u"AU14"_s, u"AU15"_s, u"AU17"_s, u"AU20"_s, u"AU23"_s,
                            u"AU25"_s, u"AU26"_s, u"pose_Rx"_s, u"pose_Rz"_s, u"lip_ver"_s, u"lip_hor"_s};
    std::size_t at = 0;
    for (std::size_t a = 0; a < kBehaviourFeatures; ++a) {
        QCOMPARE(behaviourFeatureName(a), names[qsizetype(a)]);
        for (std::size_t b = a + 1; b < kBehaviourFeatures; ++b, ++at) {
            QCOMPARE(behaviourPairName(at), names[qsizetype(a)] + u'-' + names[qsizetype(b)]);
            QCOMPARE(behaviourPairOf(b, a), at);
            QVERIFY(behaviourPairWords(at).contains(u" with "_s));
        }
    }
    QCOMPARE(at, std::size_t(190));
}

void TestBehaviourWindows::correlationsEqualTheDirectFormula()
{
    std::mt19937 random(1);
    std::normal_distribution<double> normal;
    std::vector<BehaviourFeatures> rows(kBehaviourWindow);
    for (auto &row : rows) {
        const double shared = normal(random);
        for (std::size_t f = 0; f < kBehaviourFeatures; ++f)
            row[f] = 2.0 + 0.1 * double(f) * shared + normal(random);
    }
    const BehaviourWindow window = correlate(rows);
    QVERIFY(window.flagged.none());
    for (std::size_t p = 0; p < kBehaviourPairs; ++p) {
        const auto [a, b] = behaviourPairs()[p];
        long double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
        for (const auto &row : rows) {
            const long double x = row[a], y = row[b];
            sa += x, sb += y, saa += x * x, sbb += y * y, sab += x * y;
        }
        const long double n = kBehaviourWindow;
        const long double r = (n * sab - sa * sb) / std::sqrt((n * saa - sa * sa) * (n * sbb - sb * sb));
        QVERIFY(std::abs(window.r[p] - double(r)) < 1e-12);
    }
}

void TestBehaviourWindows::lipsDoNotDependOnTheHead_data()
{
    QTest::addColumn<double>("pitch");
    QTest::addColumn<double>("yaw");
    QTest::addColumn<double>("roll");
    QTest::addColumn<double>("scale");
    QTest::newRow("nod") << 30.0 << 0.0 << 0.0 << 1.0;
    QTest::newRow("turn") << 0.0 << -30.0 << 0.0 << 1.0;
    QTest::newRow("tilt") << 0.0 << 0.0 << 30.0 << 1.0;
    QTest::newRow("all") << -30.0 << 30.0 << -30.0 << 1.0;
    QTest::newRow("larger") << 20.0 << 10.0 << 5.0 << 1.6;
}

void TestBehaviourWindows::lipsDoNotDependOnTheHead()
{
    QFETCH(double, pitch);
    QFETCH(double, yaw);
    QFETCH(double, roll);
    QFETCH(double, scale);
    const double radians = CV_PI / 180.0;
    const cv::Matx33d turn = rotationOf({pitch * radians, yaw * radians, roll * radians});
    FacePoints3d face = headPoints(4.0, 12.0);
    const LipMeasures before = *lipMeasures(face);
    for (cv::Point3f &p : face) {
        const cv::Vec3d q = scale * (turn * cv::Vec3d(double(p.x), double(p.y), double(p.z))) + cv::Vec3d(30, -20, 90);
        p = {float(q[0]), float(q[1]), float(q[2])};
    }
    const LipMeasures after = *lipMeasures(face);
    QVERIFY2(std::abs(after.vertical - before.vertical) < 1e-6, qPrintable(QString::number(after.vertical - before.vertical)));
    QVERIFY2(std::abs(after.horizontal - before.horizontal) < 1e-6, qPrintable(QString::number(after.horizontal - before.horizontal)));
}

void TestBehaviourWindows::lipsFollowTheMouth()
{
    const LipMeasures rest = *lipMeasures(headPoints(0, 0)), open = *lipMeasures(headPoints(0, 15)), wide = *lipMeasures(headPoints(6, 0));
    QVERIFY(open.vertical > 1.5 * rest.vertical && open.horizontal == rest.horizontal);
    QVERIFY(wide.horizontal > 1.2 * rest.horizontal && wide.vertical == rest.vertical);
    FacePoints3d broken = headPoints(0, 0);
    broken[40].x = std::nanf("");
    QVERIFY(!lipMeasures(broken));
}

void TestBehaviourWindows::distancesDoNotDependOnTheHead()
{
    const auto seenAt = [](const EulerAngles &angles, double scale, double away, double focal) {
        FacePoints3d face = headPoints(3.0, 8.0);
        Landmarks68 points;
        const cv::Matx33d turn = rotationOf(angles);
        for (std::size_t i = 0; i < 68; ++i) {
            const cv::Vec3d q = scale * (turn * cv::Vec3d(double(face[i].x), double(face[i].y), double(face[i].z))) + cv::Vec3d(40, -25, away);
            face[i] = {float(q[0]), float(q[1]), float(q[2])};
            points[i] = {float(640 + focal * q[0] / q[2]), float(360 + focal * q[1] / q[2])};
        }
        return *faceDistances(points, face);
    };
    const FaceDistances a = seenAt({0, 0, 0}, 1.0, 600, 900);
    for (const FaceDistances &b : {seenAt({0.3, -0.2, 0.4}, 1.0, 600, 900), seenAt({0, 0.4, 0}, 1.2, 900, 1500)}) {
        for (const auto member : {&FaceDistances::lowerLid, &FaceDistances::cornersDown, &FaceDistances::chin})
            QVERIFY2(std::abs(a.*member - b.*member) < 1e-4, qPrintable(QString::number(a.*member - b.*member)));
    }
    Landmarks68 broken{};
    broken[3].x = std::nanf("");
    QVERIFY(!faceDistances(broken, headPoints(0, 0)));
}

void TestBehaviourWindows::distancesFollowTheirMovement_data()
{
    QTest::addColumn<int>("point");
    QTest::addColumn<int>("twin");
    QTest::addColumn<double>("right"); // px of the first point; the twin goes the other way
    QTest::addColumn<double>("up");
    QTest::addColumn<int>("rises"); // which distance
    QTest::newRow("lower lids up") << 41 << 46 << 0.0 << 4.0 << 0;
    QTest::newRow("corners down") << 48 << 54 << 0.0 << -4.0 << 1;
    QTest::newRow("lower lip down") << 57 << 57 << 0.0 << -4.0 << 2;
}

void TestBehaviourWindows::distancesFollowTheirMovement()
{
    QFETCH(int, point);
    QFETCH(int, twin);
    QFETCH(double, right);
    QFETCH(double, up);
    QFETCH(int, rises);
    static constexpr std::array members{&FaceDistances::lowerLid, &FaceDistances::cornersDown, &FaceDistances::chin};
    FacePoints3d face = headPoints(0, 0);
    Landmarks68 points;
    for (std::size_t i = 0; i < 68; ++i) {
        face[i].z += 600.0f;
        points[i] = {640 + 900 * face[i].x / face[i].z, 360 + 900 * face[i].y / face[i].z};
    }
    const FaceDistances before = *faceDistances(points, face);
    points[std::size_t(point)] += cv::Point2f(float(right), float(-up));
    if (twin != point)
        points[std::size_t(twin)] += cv::Point2f(float(-right), float(-up));
    const FaceDistances after = *faceDistances(points, face);
    QVERIFY(after.*members[std::size_t(rises)] - before.*members[std::size_t(rises)] > 0.005);
}

void TestBehaviourWindows::unrelatedSignalsSpreadAsPublished()
{
    // Two signals with an autocorrelation of 0.3 s, ten seconds: standard deviation of r 0.164.
    std::mt19937 random(2);
    std::normal_distribution<double> normal;
    const double keep = std::exp(-1.0 / (0.3 * kBehaviourRate));
    double squares = 0.0;
    constexpr int kWindows = 100;
    for (int w = 0; w < kWindows; ++w) {
        std::vector<BehaviourFeatures> rows(kBehaviourWindow);
        BehaviourFeatures state{};
        for (double &v : state)
            v = normal(random);
        for (auto &row : rows) {
            for (std::size_t f = 0; f < kBehaviourFeatures; ++f)
                row[f] = state[f] = keep * state[f] + std::sqrt(1.0 - keep * keep) * normal(random);
        }
        const BehaviourWindow window = correlate(rows);
        for (const double r : window.r)
            squares += r * r / (kWindows * double(kBehaviourPairs));
    }
    QVERIFY2(std::abs(std::sqrt(squares) - 0.164) < 0.01, qPrintable(QString::number(std::sqrt(squares))));
}

void TestBehaviourWindows::constantFeaturesAreFlagged()
{
    auto samples = noise(12, 30, 3);
    for (auto &s : samples) {
        (*s.values)[13] = std::nan("");                         // never measured
        (*s.values)[16] = 0.1 + 1e-4 * double(s.frame % 2);     // a head that does not nod
    }
    const WindowedBehaviour cut = windowsOf(samples);
    QVERIFY(!cut.windows.empty());
    for (const BehaviourWindow &w : cut.windows) {
        QCOMPARE(w.flagged.count(), std::size_t(37));
        for (std::size_t f = 0; f < kBehaviourFeatures; ++f) {
            if (f == 13 || f == 16)
                continue;
            QVERIFY(w.flagged[behaviourPairOf(13, f)] && w.flagged[behaviourPairOf(16, f)]);
            QCOMPARE(w.r[behaviourPairOf(13, f)], 0.0);
        }
    }
}

void TestBehaviourWindows::manyConstantFeaturesSpoilAWindow()
{
    auto samples = noise(12, 30, 4);
    for (auto &s : samples) {
        for (std::size_t f = 0; f < 4; ++f)
            (*s.values)[f] = 1.0;
    }
    const WindowedBehaviour cut = windowsOf(samples);
    QVERIFY(cut.windows.empty());
    QVERIFY(cut.refused > 0);
    QCOMPARE(cut.usableSeconds, 0.0);
}

void TestBehaviourWindows::gapsSpoilWindows()
{
    const auto with = [](int missing) {
        auto samples = noise(20, 30, 5);
        for (int i = 0; i < missing; ++i)
            samples[std::size_t(300 + i)].values.reset();
        return windowsOf(samples);
    };
    const auto whole = with(0), small = with(3), large = with(4);
    QCOMPARE(whole.windows.size(), std::size_t(21));
    QCOMPARE(small.windows.size(), whole.windows.size());
    QVERIFY(large.windows.size() < 5);
    for (const BehaviourWindow &w : large.windows)
        QVERIFY(w.beginSeconds + kBehaviourWindowSeconds <= 10.0 + 0.05 || w.beginSeconds > 10.0);
    // Single losses, but too many of them: more than 2 % of the samples.
    auto flaky = noise(20, 30, 6);
    for (std::size_t i = 0; i < flaky.size(); i += 20)
        flaky[i].values.reset();
    QVERIFY(windowsOf(flaky).windows.empty());
}

void TestBehaviourWindows::oddRatesAreResampled()
{
    for (const double rate : {25.0, 29.97, 60.0}) {
        std::vector<BehaviourSample> samples;
        for (int i = 0; i < int(12 * rate); ++i) {
            const double t = i / rate;
            BehaviourSample s{i, t, BehaviourFeatures{}, 0.0, 100.0};
            for (std::size_t f = 0; f < kBehaviourFeatures; ++f)
                (*s.values)[f] = std::sin(2.0 * CV_PI * 0.5 * t + 0.3 * double(f));
            samples.push_back(s);
        }
        const WindowedBehaviour cut = windowsOf(samples);
        QVERIFY(cut.windows.size() >= 3);
        for (std::size_t p = 0; p < kBehaviourPairs; ++p) { // of sines: the cosine of the phase between them
            const auto [a, b] = behaviourPairs()[p];
            QVERIFY(std::abs(cut.windows[0].r[p] - std::cos(0.3 * double(b - a))) < 5e-3);
        }
        QVERIFY(std::abs(cut.framesPerSecond - rate) < 0.01);
    }
}

void TestBehaviourWindows::conditionsAreMeasured()
{
    const WindowedBehaviour cut = windowsOf(noise(35, 30, 7));
    QCOMPARE(cut.independent, 3);
    QVERIFY(std::abs(cut.usableSeconds - 34.5) < 0.6);
    QCOMPARE(cut.meanYawDegrees, 5.0);
    QCOMPARE(cut.eyeCornersPixels, 100.0);
}

void TestBehaviourWindows::nothingGivesNothing()
{
    QVERIFY(windowsOf({}).windows.empty());
    QVERIFY(windowsOf(noise(5, 30, 8)).windows.empty());
    QVERIFY(windowsOfClip({}, {}).windows.empty());
    auto unseen = noise(20, 30, 9);
    for (auto &s : unseen)
        s.values.reset();
    QVERIFY(windowsOf(unseen).windows.empty());
}

QTEST_GUILESS_MAIN(TestBehaviourWindows)
#include "tst_behaviour_windows.moc"
