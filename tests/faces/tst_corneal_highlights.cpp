// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/numbers.h"
#include "faces/corneal_highlights.h"

#include <opencv2/imgproc.hpp>

#include <QTest>

#include <cmath>
#include <vector>

using namespace fw;

namespace {

constexpr float kRadius = 30.0f;
const cv::Point2f kLeft(200, 200), kRight(400, 200);

EyeObservation eyeAt(const cv::Point2f &iris, float radius = kRadius)
{
    EyeObservation eye;
    eye.iris = iris;
    eye.irisRadius = radius;
    for (int i = 0; i < 12; ++i) { // corner, upper lid, corner, lower lid
        const double angle = M_PI * (1.0 + i / 6.0);
        eye.lids[std::size_t(i)] = iris + cv::Point2f(float(70.0 * std::cos(angle)), float(35.0 * std::sin(angle)));
    }
    eye.gaze = Gaze{{0, 0, 500}, {0, 0, -1}};
    return eye;
}

FaceObservation faceWith(float radius = kRadius, double yaw = 0.0)
{
    FaceObservation face;
    face.pose = HeadPose{rotationOf({0.0, yaw / kDegrees, 0.0}), {0, 0, 500}, 1.0};
    face.eyeImageLeft = eyeAt(kLeft, radius);
    face.eyeImageRight = eyeAt(kRight, radius);
    return face;
}

/// Two dark irises in pale skin, each with round highlights at these places from its middle.
cv::Mat eyes(const std::vector<cv::Point> &left, const std::vector<cv::Point> &right)
{
    cv::Mat picture(400, 600, CV_8UC1, cv::Scalar(180));
    for (const auto &[iris, lights] : {std::pair(kLeft, left), std::pair(kRight, right)}) {
        cv::circle(picture, cv::Point(iris), int(kRadius), cv::Scalar(60), cv::FILLED);
        for (const cv::Point &light : lights)
            cv::circle(picture, cv::Point(iris) + light, 5, cv::Scalar(240), cv::FILLED);
    }
    return picture;
}

} // namespace

class TestCornealHighlights : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalHighlightsAgree()
    {
        const auto one = highlightAgreement(eyes({{-8, -6}}, {{-8, -6}}), faceWith());
        QVERIFY(one && *one > 0.95f);
        const auto two = highlightAgreement(eyes({{-8, -6}, {9, 4}}, {{-8, -6}, {9, 4}}), faceWith());
        QVERIFY(two && *two > 0.95f);
    }

    void aSmallShiftIsErrorOfTheIris()
    {
        const auto agreement = highlightAgreement(eyes({{-8, -6}}, {{-5, -6}}), faceWith());
        QVERIFY(agreement && *agreement > 0.8f);
    }

    void movedHighlightsAgreeLess()
    {
        const auto moved = highlightAgreement(eyes({{-8, -6}}, {{9, 7}}), faceWith());
        QVERIFY(moved && *moved < 0.05f);
        const auto half = highlightAgreement(eyes({{-10, -6}, {9, 4}}, {{-10, -6}}), faceWith());
        QVERIFY2(half && *half > 0.4f && *half < 0.6f, half ? qPrintable(QString::number(double(*half))) : "none");
        const auto oneEyed = highlightAgreement(eyes({{-8, -6}}, {}), faceWith());
        QVERIFY(oneEyed && *oneEyed < 0.05f);
    }

    void aTiltedHeadIsUpright()
    {
        // The picture turned by 20 degrees about its middle, and the points with it.
        const cv::Mat turn = cv::getRotationMatrix2D({300, 200}, 20.0, 1.0);
        cv::Mat picture;
        cv::warpAffine(eyes({{-8, -6}, {10, 0}}, {{-8, -6}, {10, 0}}), picture, turn, {600, 400}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
        FaceObservation face = faceWith();
        const auto to = [&](cv::Point2f &p) {
            const cv::Mat at = turn * cv::Mat(cv::Vec3d(double(p.x), double(p.y), 1.0));
            p = {float(at.at<double>(0)), float(at.at<double>(1))};
        };
        for (EyeObservation *eye : {&*face.eyeImageLeft, &*face.eyeImageRight}) {
            to(eye->iris);
            for (cv::Point2f &lid : eye->lids)
                to(lid);
        }
        const auto agreement = highlightAgreement(picture, face);
        QVERIFY(agreement && *agreement > 0.85f);
    }

    void withoutHighlightsThereIsNothing()
    {
        QVERIFY(!highlightAgreement(eyes({}, {}), faceWith()));
    }

    void smallTurnedAndShutEyesAreLeftOut()
    {
        const cv::Mat picture = eyes({{-8, -6}}, {{-8, -6}});
        QVERIFY(!highlightAgreement(picture, faceWith(24.0f)));
        QVERIFY(highlightAgreement(picture, faceWith(kRadius, 15.0)));
        QVERIFY(!highlightAgreement(picture, faceWith(kRadius, 25.0)));
        FaceObservation shut = faceWith();
        shut.eyeImageRight->gaze.reset();
        QVERIFY(!highlightAgreement(picture, shut));
        FaceObservation oneEye = faceWith();
        oneEye.eyeImageLeft.reset();
        QVERIFY(!highlightAgreement(picture, oneEye));
        FaceObservation noPose = faceWith();
        noPose.pose.reset();
        QVERIFY(!highlightAgreement(picture, noPose));
        FaceObservation hidden = faceWith();
        for (cv::Point2f &lid : hidden.eyeImageLeft->lids)
            lid.y = kLeft.y + 0.2f * (lid.y - kLeft.y);
        QVERIFY(!highlightAgreement(picture, hidden));
    }

    void pointsOutsideOfThePictureDoNoHarm()
    {
        FaceObservation face = faceWith();
        face.eyeImageRight = eyeAt({5000, -5000});
        (void)highlightAgreement(eyes({{-8, -6}}, {{-8, -6}}), face);
        face.eyeImageRight = eyeAt({std::nanf(""), 0});
        QVERIFY(!highlightAgreement(eyes({{-8, -6}}, {{-8, -6}}), face));
        face.eyeImageRight = eyeAt(kRight, std::nanf(""));
        QVERIFY(!highlightAgreement(eyes({{-8, -6}}, {{-8, -6}}), face));
    }
};

QTEST_APPLESS_MAIN(TestCornealHighlights)
#include "tst_corneal_highlights.moc"
