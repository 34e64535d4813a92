// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/alignment.h"
#include "faces/head_pose.h"

#include <opencv2/calib3d.hpp>

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

constexpr double kDegrees = CV_PI / 180.0;
const Camera kCamera = Camera::assumed(1280, 720);

const std::vector<int> &wholeFace()
{
    static const std::vector<int> points = [] {
        std::vector<int> p;
        for (int i = 0; i <= 35; ++i)
            p.push_back(i);
        p.insert(p.end(), {48, 54});
        return p;
    }();
    return points;
}

std::span<const int> centralFace()
{
    return std::span(wholeFace()).subspan(17);
}

HeadPose poseOf(double pitch, double yaw, double roll, cv::Vec3d at = {20, -15, 900})
{
    HeadPose pose;
    pose.rotation = rotationOf({pitch * kDegrees, yaw * kDegrees, roll * kDegrees});
    pose.translation = at;
    return pose;
}

Landmarks68 landmarksOf(const HeadPose &pose, const HeadModel &model = neutralHead())
{
    Landmarks68 points;
    for (std::size_t i = 0; i < 68; ++i)
        points[i] = projected(pose, kCamera, model[i]);
    return points;
}

void addNoise(Landmarks68 &points, double sigma, std::mt19937_64 &random)
{
    std::normal_distribution<double> normal(0.0, sigma);
    for (cv::Point2f &p : points)
        p += cv::Point2f(float(normal(random)), float(normal(random)));
}

double turnDegrees(const cv::Matx33d &a, const cv::Matx33d &b)
{
    return 2.0 * std::asin(std::min(1.0, cv::norm(a - b) / std::sqrt(8.0))) / kDegrees;
}

double share(std::vector<double> values, double part)
{
    std::sort(values.begin(), values.end());
    return values[std::size_t(part * double(values.size() - 1))];
}

} // namespace

class TestHeadPose : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }

    void anglesSurviveTheRoundTrip()
    {
        for (double pitch : {-80.0, -20.0, 0.0, 35.0})
            for (double yaw : {-89.0, -30.0, 0.0, 45.0, 89.0})
                for (double roll : {-170.0, -10.0, 0.0, 60.0}) {
                    const EulerAngles in{pitch * kDegrees, yaw * kDegrees, roll * kDegrees};
                    const EulerAngles out = eulerAngles(rotationOf(in));
                    QVERIFY(std::abs(out.pitchRadians - in.pitchRadians) < 1e-6);
                    QVERIFY(std::abs(out.yawRadians - in.yawRadians) < 1e-6);
                    QVERIFY(std::abs(out.rollRadians - in.rollRadians) < 1e-6);
                }
        const cv::Matx33d profile = rotationOf({0.3, CV_PI / 2, 0.2});
        QVERIFY(cv::norm(rotationOf(eulerAngles(profile)) - profile) < 1e-6);
    }

    void signsAreThoseOfTheDocumentation()
    {
        QVERIFY(poseOf(20, 0, 0).facing()[1] > 0.1);  // down
        QVERIFY(poseOf(0, 20, 0).facing()[0] < -0.1); // towards image left
        const Landmarks68 rolled = landmarksOf(poseOf(0, 0, 20));
        QVERIFY(rolled[45].y > rolled[36].y); // clockwise: the image-right eye is lower
        const HeadModel &head = neutralHead();
        QVERIFY(head[30].z < head[0].z);
        QVERIFY(head[8].y > head[21].y);
    }

    void anExactProjectionIsRecoveredExactly_data()
    {
        QTest::addColumn<double>("yaw");
        for (double yaw : {-30.0, -20.0, 0.0, 20.0, 30.0})
            QTest::addRow("yaw %g", yaw) << yaw;
    }
    void anExactProjectionIsRecoveredExactly()
    {
        QFETCH(double, yaw);
        const HeadPose truth = poseOf(6, yaw, -4);
        const Landmarks68 points = landmarksOf(truth);
        const auto whole = fitHeadPose(points, kCamera, neutralHead(), wholeFace());
        QVERIFY(whole);
        QVERIFY(turnDegrees(whole->rotation, truth.rotation) < 0.01);
        QVERIFY(cv::norm(whole->translation - truth.translation) < 0.1);
        QVERIFY(whole->rmsPixels < 1e-3);
        const auto central = refineHeadPose(*whole, points, kCamera, neutralHead(), centralFace());
        QVERIFY(central);
        QVERIFY(facingAngle(*whole, *central) / kDegrees < 0.01);
        const auto rigid = fitHeadPose(points, kCamera);
        QVERIFY(rigid);
        QVERIFY(turnDegrees(rigid->rotation, truth.rotation) < 0.01);
    }

    /// A face cut out of a telephoto picture: with the lens that the cut picture suggests it would be
    /// 20 cm away and bent.
    void aLongLensIsNotTakenForANearFace()
    {
        const Camera tele{3000, {150, 150}}, assumed = Camera::assumed(300, 300);
        HeadPose truth = poseOf(8, 40, -5);
        truth.translation = {0, 0, 2400};
        Landmarks68 points;
        for (std::size_t i = 0; i < 68; ++i)
            points[i] = cv::Point2f(projected(truth, tele, neutralHead()[i]));
        const auto near = fitHeadPose(points, assumed), far = fitHeadPoseOfUnknownLens(points, assumed);
        QVERIFY(near && far);
        QVERIFY(near->translation[2] < 300);
        QVERIFY(turnDegrees(far->rotation, truth.rotation) < 0.5 * turnDegrees(near->rotation, truth.rotation));
        // The place is told for the assumed lens, so that what is drawn lies on the face.
        const cv::Point2d nose = projected(*far, assumed, neutralHead()[30]);
        QVERIFY(cv::norm(nose - cv::Point2d(points[30])) < 0.05 * cv::norm(points[45] - points[36]));
        // A face that is far enough away is fitted as it is.
        truth.translation[2] = 900;
        const Landmarks68 usual = landmarksOf(truth);
        QVERIFY(fitHeadPoseOfUnknownLens(usual, kCamera)->rotation == fitHeadPose(usual, kCamera)->rotation);
    }

    void theSolutionIsThatOfOpenCv()
    {
        std::mt19937_64 random(7);
        std::uniform_real_distribution<double> angle(-25, 25);
        for (int round = 0; round < 50; ++round) {
            Landmarks68 points = landmarksOf(poseOf(angle(random), angle(random), angle(random)));
            addNoise(points, 1.5, random);
            const auto ours = fitHeadPose(points, kCamera, neutralHead(), wholeFace());
            QVERIFY(ours);
            std::vector<cv::Point3d> head;
            std::vector<cv::Point2d> image;
            for (int i : wholeFace()) {
                head.push_back(neutralHead()[std::size_t(i)]);
                image.push_back(points[std::size_t(i)]);
            }
            cv::Mat turn, shift(ours->translation);
            cv::Rodrigues(ours->rotation, turn);
            const cv::Matx33d k(kCamera.focal, 0, kCamera.centre.x, 0, kCamera.focal,
                                kCamera.centre.y, 0, 0, 1);
            QVERIFY(cv::solvePnP(head, image, k, cv::noArray(), turn, shift, true,
                                 cv::SOLVEPNP_ITERATIVE));
            cv::Mat theirs;
            cv::Rodrigues(turn, theirs);
            QVERIFY(turnDegrees(ours->rotation, cv::Matx33d(theirs)) < 1e-3);
            QVERIFY(cv::norm(ours->translation - cv::Vec3d(shift)) < 1e-2);
        }
    }

    void aModelWithItsDepthNegatedTrapsAFreeSolverAndNotOurs()
    {
        // The identity behind the trap: the mirrored head behind the camera gives the same picture.
        const HeadPose truth = poseOf(5, 15, 3);
        const Landmarks68 points = landmarksOf(truth);
        HeadModel mirrored = neutralHead();
        for (cv::Point3d &p : mirrored)
            p.z = -p.z;
        const cv::Matx33d behindR = truth.rotation * cv::Matx33d(-1, 0, 0, 0, -1, 0, 0, 0, 1);
        for (std::size_t i = 0; i < 68; ++i) {
            const cv::Vec3d c = behindR * cv::Vec3d(mirrored[i].x, mirrored[i].y, mirrored[i].z) -
                                truth.translation;
            const cv::Point2d p = kCamera.project(c);
            QVERIFY(std::hypot(p.x - points[i].x, p.y - points[i].y) < 1e-3);
        }
        const auto ours = fitHeadPose(points, kCamera, mirrored, wholeFace());
        QVERIFY(!ours || ours->translation[2] > 0);
        QVERIFY(!ours || ours->rmsPixels > 1.0);
    }

    void noNoiseMakesTheHeadAppearBehindTheCamera()
    {
        std::mt19937_64 random(11);
        std::uniform_real_distribution<double> yaw(-60, 60), pitch(-30, 30), roll(-40, 40),
            sigma(0, 2), depth(500, 1900), side(-0.3, 0.3);
        int refused = 0;
        for (int round = 0; round < 10000; ++round) {
            const double z = depth(random);
            Landmarks68 points = landmarksOf(poseOf(pitch(random), yaw(random), roll(random),
                                                    {side(random) * z, 0.5 * side(random) * z, z}));
            addNoise(points, sigma(random), random);
            const auto pose = fitHeadPose(points, kCamera, neutralHead(), wholeFace());
            refused += !pose;
            QVERIFY(!pose || pose->translation[2] > 0);
        }
        QVERIFY2(refused <= 5, qPrintable(QString::number(refused)));
    }

    void landmarkNoiseGivesTheTabledAngles_data()
    {
        QTest::addColumn<double>("cornerDistance");
        QTest::addColumn<double>("sigma");
        QTest::addColumn<double>("p95");
        QTest::addColumn<double>("p95Tolerance");
        QTest::addColumn<double>("median");
        QTest::newRow("129 px, 1 px") << 129.0 << 1.0 << 1.25 << 0.2 << 0.57;
        QTest::newRow("129 px, 2 px") << 129.0 << 2.0 << 2.7 << 0.4 << 0.0;
        QTest::newRow("232 px, 1 px") << 232.0 << 1.0 << 0.69 << 0.15 << 0.0;
    }
    void landmarkNoiseGivesTheTabledAngles()
    {
        QFETCH(double, cornerDistance);
        QFETCH(double, sigma);
        QFETCH(double, p95);
        QFETCH(double, p95Tolerance);
        QFETCH(double, median);
        std::mt19937_64 random(3);
        std::uniform_real_distribution<double> yaw(-30, 30), pitch(-15, 15), roll(-8, 8);
        std::vector<double> angles;
        for (int round = 0; round < 3000; ++round) {
            const double z = kCamera.focal * 89.2 / cornerDistance;
            Landmarks68 points =
                landmarksOf(poseOf(pitch(random), yaw(random), roll(random), {0, 0, z}));
            addNoise(points, sigma, random);
            const auto whole = fitHeadPose(points, kCamera, neutralHead(), wholeFace());
            QVERIFY(whole);
            const auto central =
                refineHeadPose(*whole, points, kCamera, neutralHead(), centralFace());
            if (central)
                angles.push_back(facingAngle(*whole, *central) / kDegrees);
        }
        QVERIFY(angles.size() > 2950);
        const double found95 = share(angles, 0.95), foundMedian = share(angles, 0.5);
        qInfo("median %.3f, 95 %% %.3f degrees", foundMedian, found95);
        QVERIFY(std::abs(found95 - p95) <= p95Tolerance);
        if (median > 0)
            QVERIFY(std::abs(foundMedian - median) <= 0.1);
    }

    void unseenPointsAreLeftOut()
    {
        const HeadPose truth = poseOf(0, 10, 0);
        Landmarks68 points = landmarksOf(truth);
        const float nan = std::numeric_limits<float>::quiet_NaN();
        for (std::size_t i : {0u, 1u, 2u, 3u, 36u})
            points[i] = {nan, nan};
        const auto pose = fitHeadPose(points, kCamera);
        QVERIFY(pose);
        QVERIFY(turnDegrees(pose->rotation, truth.rotation) < 0.01);
        points.fill({nan, nan});
        const auto none = fitHeadPose(points, kCamera);
        QVERIFY(!none);
        QCOMPARE(none.error().code, Errc::BadData);
    }

    void degeneratePointsGiveAnErrorAndNoPose()
    {
        Landmarks68 points;
        points.fill({100, 100});
        QVERIFY(!fitHeadPose(points, kCamera));
        HeadModel flat = neutralHead();
        for (cv::Point3d &p : flat)
            p.z = 0;
        QVERIFY(!fitHeadPose(landmarksOf(poseOf(0, 0, 0)), kCamera, flat));
    }
};

QTEST_APPLESS_MAIN(TestHeadPose)
#include "tst_head_pose.moc"
