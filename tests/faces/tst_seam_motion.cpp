// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/face_crop.h"
#include "faces/seam_motion.h"

#include <opencv2/imgproc.hpp>

#include <QTest>

#include <vector>

using namespace fw;

namespace {

cv::Mat texture()
{
    cv::Mat picture(480, 480, CV_8UC1);
    cv::RNG random(3);
    random.fill(picture, cv::RNG::UNIFORM, 0, 255);
    cv::GaussianBlur(picture, picture, {}, 2.5);
    cv::normalize(picture, picture, 30, 220, cv::NORM_MINMAX);
    return picture;
}

Landmarks68 points()
{
    Landmarks68 p;
    for (std::size_t i = 0; i < p.size(); ++i)
        p[i] = 3.0f * faceCropTemplate()[i] + cv::Point2f(70, 70);
    return p;
}

cv::Mat moved(const cv::Mat &picture, double dx, double degrees)
{
    cv::Mat turn = cv::getRotationMatrix2D({240, 240}, degrees, 1.0), out;
    turn.at<double>(0, 2) += dx;
    cv::warpAffine(picture, out, turn, picture.size(), cv::INTER_CUBIC, cv::BORDER_REFLECT);
    return out;
}

std::optional<SeamMotion> seamOf(const cv::Mat &before, const cv::Mat &now)
{
    const auto flow = faceFlow(before, points(), now, points());
    return flow ? seamMotion(*flow, points()) : std::nullopt;
}

} // namespace

class TestSeamMotion : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatMovesAsAWholeHasNoSeam()
    {
        const auto seam = seamOf(texture(), moved(texture(), 2.0, 1.0));
        QVERIFY(seam);
        QVERIFY2(seam->inside < 0.003f && seam->around < 0.004f, qPrintable(QStringLiteral("%1 %2").arg(double(seam->inside)).arg(double(seam->around))));
    }

    void aMaskThatTurnsByItselfHasOne()
    {
        cv::Mat mask(480, 480, CV_8UC1, cv::Scalar(0));
        std::vector<cv::Point> inner, hull;
        const Landmarks68 p = points();
        for (std::size_t i = 17; i < 68; ++i)
            inner.emplace_back(p[i]);
        cv::convexHull(inner, hull);
        cv::fillConvexPoly(mask, hull, cv::Scalar(255));
        cv::Mat now = texture();
        moved(texture(), 3.0, 2.0).copyTo(now, mask);
        const auto seam = seamOf(texture(), now);
        QVERIFY(seam);
        QVERIFY2(seam->around > 0.01f && seam->around > 3.0f * seam->inside,
                 qPrintable(QStringLiteral("%1 %2").arg(double(seam->inside)).arg(double(seam->around))));
    }

    void aFlatPictureTellsNothing()
    {
        const cv::Mat flat(480, 480, CV_8UC1, cv::Scalar(120));
        QVERIFY(!seamOf(flat, flat));
        Landmarks68 none;
        none.fill({0, 0});
        QVERIFY(!faceFlow(texture(), none, texture(), none));
    }
};

QTEST_APPLESS_MAIN(TestSeamMotion)
#include "tst_seam_motion.moc"
