// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/eye_crop.h"
#include "faces/face_crop.h"

#include <opencv2/imgproc.hpp>

#include <QTest>

#include <cmath>

using namespace fw;

namespace {

/// The mean face, turned, at a place and a size of its own.
Landmarks68 somewhere(double scale, double roll, cv::Point2d at)
{
    Landmarks68 p;
    for (std::size_t i = 0; i < p.size(); ++i) {
        const cv::Point2d q = cv::Point2d(faceCropTemplate()[i]) - cv::Point2d(56, 56);
        p[i] = cv::Point2f(float(at.x + scale * (std::cos(roll) * q.x - std::sin(roll) * q.y)),
                           float(at.y + scale * (std::sin(roll) * q.x + std::cos(roll) * q.y)));
    }
    return p;
}

} // namespace

class TestFaceCrop : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aTurnedFaceStandsUprightInItsSquare()
    {
        const Landmarks68 face = somewhere(2.5, 0.4, {300, 200});
        const auto toCrop = faceCropOf(face);
        QVERIFY(toCrop);
        for (std::size_t i = 0; i < 68; ++i)
            QVERIFY(cv::norm(toCrop->map(face[i]) - cv::Point2d(faceCropTemplate()[i])) < 1e-3);
        QVERIFY(std::abs(toCrop->scale() - 1 / 2.5) < 1e-6);
        QVERIFY(!faceCropOf(Landmarks68{}));
    }

    void aSquareRestsWithItsFaceAndFollowsIt()
    {
        const Similarity still = *faceCropOf(somewhere(2.0, 0.1, {300, 200}));
        const Similarity trembling = *faceCropOf(somewhere(2.0, 0.1, {300.6, 200}));
        const Similarity moved = *faceCropOf(somewhere(2.0, 0.1, {306, 200}));
        QVERIFY(std::abs(squareMotion(still, trembling) - 0.3) < 1e-3);
        QVERIFY(std::abs(squareMotion(still, moved) - 3.0) < 1e-3);
        QVERIFY(squareMotion(still, steadied(trembling, still)) < 0.02);
        QVERIFY(squareMotion(moved, steadied(moved, still)) < 1e-9);
        Similarity square = still; // what goes on trembling about a new place is followed in the end
        for (int i = 0; i < 200; ++i)
            square = steadied(trembling, square);
        QVERIFY(squareMotion(square, trembling) < 0.01);
    }

    void theBoxOfASquareGivesTheSquareBack()
    {
        const cv::Rect2f box(120, 80, 90, 90);
        const cv::Rect2f back = faceSquareOf(faceCropOf(box));
        QVERIFY(std::abs(back.x - box.x) < 0.01f && std::abs(back.y - box.y) < 0.01f);
        QVERIFY(std::abs(back.width - box.width) < 0.01f);
    }

    void mirroringTwiceChangesNothing()
    {
        for (std::size_t i = 0; i < 68; ++i) {
            const std::size_t other = std::size_t(mirroredLandmarks()[i]);
            QCOMPARE(std::size_t(mirroredLandmarks()[other]), i);
            // The mean face is symmetric: a point and its partner lie on both sides of the middle.
            const cv::Point2f a = faceCropTemplate()[i], b = faceCropTemplate()[other];
            QVERIFY(std::abs(a.x + b.x - kFaceCropSide) < 0.01f && std::abs(a.y - b.y) < 0.01f);
        }
        for (std::size_t i = 0; i < 12; ++i)
            QCOMPARE(std::size_t(mirroredLids()[std::size_t(mirroredLids()[i])]), i);
    }

    void aSmallAndALargePictureOfOneFaceLookAlike()
    {
        cv::Mat large(900, 900, CV_8UC1);
        for (int y = 0; y < large.rows; ++y)
            for (int x = 0; x < large.cols; ++x)
                large.at<uchar>(y, x) = uchar(128 + 60 * std::sin(x / 60.0) + 50 * std::cos(y / 45.0));
        const Similarity toCrop = *faceCropOf(somewhere(7.0, 0.2, {450, 450}));
        const cv::Mat averaged = standardisedCrop(large, toCrop, {112, 112});
        cv::Mat direct;
        cv::warpAffine(large, direct, toCrop.matrix(), {112, 112}, cv::INTER_LINEAR,
                       cv::BORDER_REPLICATE);
        QVERIFY(cv::norm(averaged, standardised(direct), cv::NORM_INF) < 0.08);
        QVERIFY(std::abs(cv::mean(averaged)[0]) < 1e-4);
        QCOMPARE(cv::countNonZero(standardised(cv::Mat(8, 8, CV_8UC1, cv::Scalar(90)))), 0);
    }

    void anEyeLiesInTheMiddleOfItsPart()
    {
        const Landmarks68 face = somewhere(3.0, -0.3, {400, 300});
        for (const Eye eye : {Eye::ImageLeft, Eye::ImageRight}) {
            const auto toPart = eyeCropOf(face, eye);
            QVERIFY(toPart);
            const std::size_t first = eye == Eye::ImageLeft ? 36 : 42;
            const cv::Point2d left = toPart->map(face[first]), right = toPart->map(face[first + 3]);
            cv::Point2d middle(0, 0);
            for (std::size_t i = 0; i < 6; ++i)
                middle += toPart->map(face[first + i]) * (1.0 / 6.0);
            QVERIFY(cv::norm(middle - cv::Point2d(0.5 * kEyeCropWidth, 0.5 * kEyeCropHeight)) < 1e-6);
            QVERIFY(std::abs((right.x - left.x) - kEyeCropWidth / 1.5) < 0.5);
            QVERIFY(left.x < right.x);
        }
    }

    /// Lids that close pull their points down; the part must stay, and follow the head all the same.
    void aBlinkDoesNotMoveASteadyPart()
    {
        SteadyEyeCrop crop(Eye::ImageLeft);
        QVERIFY(crop.fresh());
        const cv::Point2d middle(0.5 * kEyeCropWidth, 0.5 * kEyeCropHeight);
        double farthest = 0.0, unsteady = 0.0;
        for (int i = 0; i < 60; ++i) {
            const cv::Point2d place(300 + 5 * i, 300 + 2 * i); // the head moves on
            const Landmarks68 open = somewhere(3.0, 0.1, place);
            Landmarks68 face = open;
            if (i >= 30 && i < 33) {
                for (const std::size_t k : {37u, 38u}) // the upper lid comes down to the lower
                    face[k] = face[k == 37 ? 41 : 40];
            }
            const auto part = crop.next(face, i / 30.0);
            QVERIFY(part);
            QCOMPARE(crop.fresh(), i == 0);
            cv::Point2d seen(0, 0), raw(0, 0);
            const auto loose = eyeCropOf(face, Eye::ImageLeft);
            for (std::size_t k = 36; k < 42; ++k) {
                seen += part->map(open[k]) * (1.0 / 6.0);
                raw += loose->map(open[k]) * (1.0 / 6.0);
            }
            farthest = std::max(farthest, cv::norm(seen - middle));
            unsteady = std::max(unsteady, cv::norm(raw - middle));
            if (i < 30) {
                QVERIFY(cv::norm(seen - middle) < 1e-3);
                QVERIFY(std::abs(part->map(open[39]).x - part->map(open[36]).x - kEyeCropWidth / 1.5) < 0.5);
            }
        }
        QVERIFY(unsteady > 1.0);
        QVERIFY2(farthest < 0.75 * unsteady, qPrintable(QString::number(farthest / unsteady)));
        // After a gap it starts anew, wherever the eye is then.
        const auto later = crop.next(somewhere(2.0, 0.0, {500, 200}), 5.0);
        QVERIFY(later && crop.fresh());
        crop.next(somewhere(2.0, 0.0, {500, 200}), 5.2);
        QVERIFY(!crop.fresh());
        Landmarks68 none;
        none.fill({0, 0});
        QVERIFY(!crop.next(none, 5.25));
    }

    void theLineOfViewIsStraightAhead()
    {
        const Camera camera{800, {320, 240}};
        for (const cv::Point2d pixel : {cv::Point2d(320, 240), {10, 470}, {600, 20}}) {
            cv::Vec3d ray((pixel.x - 320) / 800, (pixel.y - 240) / 800, 1);
            ray *= 1 / cv::norm(ray);
            const cv::Matx33d turn = straightAhead(pixel, camera);
            QVERIFY(cv::norm(turn * ray - cv::Vec3d(0, 0, 1)) < 1e-9);
            QVERIFY(cv::norm(turn * turn.t() - cv::Matx33d::eye()) < 1e-9);
        }
        QVERIFY(cv::norm(straightAhead({320, 240}, camera) - cv::Matx33d::eye()) < 1e-9);
    }
};

QTEST_APPLESS_MAIN(TestFaceCrop)
#include "tst_face_crop.moc"
