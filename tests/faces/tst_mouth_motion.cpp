// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/face_crop.h"
#include "faces/mouth_motion.h"

#include <opencv2/imgproc.hpp>

#include <QTest>

#include <cmath>

using namespace fw;

namespace {

/// Detail as of a sharp picture: the finer, the weaker.
cv::Mat texture()
{
    cv::Mat sum(480, 480, CV_32FC1, cv::Scalar(0));
    cv::RNG random(3);
    for (const double size : {1.0, 3.0, 9.0}) {
        cv::Mat layer(sum.size(), CV_32FC1);
        random.fill(layer, cv::RNG::NORMAL, 0.0, 1.0);
        cv::GaussianBlur(layer, layer, {}, size);
        cv::normalize(layer, layer, -std::sqrt(size), std::sqrt(size), cv::NORM_MINMAX);
        sum += layer;
    }
    cv::normalize(sum, sum, 30, 220, cv::NORM_MINMAX, CV_8U);
    return sum;
}

/// @param gap  of the inner lips in distances of the eye corners.
Landmarks68 points(double gap)
{
    Landmarks68 p;
    for (std::size_t i = 0; i < p.size(); ++i)
        p[i] = 3.0f * faceCropTemplate()[i] + cv::Point2f(70, 70);
    const float half = 0.5f * float(gap * eyeCornerDistance(p)), y = 0.5f * (p[62].y + p[66].y);
    for (const std::size_t i : {61u, 62u, 63u})
        p[i].y = y - half;
    for (const std::size_t i : {65u, 66u, 67u})
        p[i].y = y + half;
    return p;
}

cv::Mat moved(const cv::Mat &picture, double dx, double dy)
{
    cv::Mat out;
    cv::warpAffine(picture, out, cv::Matx23d(1, 0, dx, 0, 1, dy), picture.size(), cv::INTER_CUBIC, cv::BORDER_REFLECT);
    return out;
}

cv::Mat noisy(const cv::Mat &picture, double levels, int seed)
{
    cv::Mat noise(picture.size(), CV_16SC1), out;
    cv::RNG random{std::uint64_t(seed)};
    random.fill(noise, cv::RNG::NORMAL, 0.0, levels);
    cv::add(picture, noise, out, cv::noArray(), CV_8U);
    return out;
}

/// The picture with the inside of the mouth of another one.
cv::Mat withMouth(const cv::Mat &picture, const cv::Mat &inside, const Landmarks68 &p)
{
    const std::vector<cv::Point> lips{p[60], p[61], p[62], p[63], p[64], p[65], p[66], p[67]};
    cv::Mat mask(picture.size(), CV_8UC1, cv::Scalar(0)), out = picture.clone();
    cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{lips}, cv::Scalar(255));
    inside.copyTo(out, mask);
    return out;
}

std::optional<MouthMotion> motionOf(const cv::Mat &before, const cv::Mat &now, double gapBefore = 0.2, double gap = 0.2)
{
    const auto flow = faceFlow(before, points(gapBefore), now, points(gap));
    return flow ? mouthMotion(*flow, points(gapBefore), points(gap)) : std::nullopt;
}

double ratio(const MouthMotion &m)
{
    return double(m.mouth) / double(m.cheek);
}

QByteArray text(const std::optional<MouthMotion> &m)
{
    return m ? QByteArray::number(double(m->mouth)) + ' ' + QByteArray::number(double(m->cheek)) : QByteArray("none");
}

} // namespace

class TestMouthMotion : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStillMouthChangesAsTheCheeksDo()
    {
        const auto same = motionOf(texture(), texture());
        QVERIFY2(same && same->mouth < 0.1f && same->cheek < 0.1f, text(same));
        const auto grain = motionOf(noisy(texture(), 3.0, 1), noisy(texture(), 3.0, 2));
        QVERIFY2(grain && ratio(*grain) > 0.7 && ratio(*grain) < 1.4, text(grain));
    }

    void motionOfTheWholeFaceIsTakenOut()
    {
        // The landmarks stay: the flow has to find the motion.
        const auto m = motionOf(noisy(texture(), 3.0, 1), noisy(moved(texture(), 2.5, 1.5), 3.0, 2));
        QVERIFY2(m && ratio(*m) > 0.6 && ratio(*m) < 1.6, text(m));
    }

    void anInsideMadeAnewFlickers()
    {
        const cv::Mat face = texture();
        const auto grain = motionOf(noisy(face, 2.0, 1), noisy(face, 2.0, 2));
        const auto noise = motionOf(noisy(face, 2.0, 1), withMouth(noisy(face, 2.0, 2), noisy(face, 15.0, 4), points(0.2)));
        const auto other = motionOf(noisy(face, 2.0, 1), withMouth(noisy(face, 2.0, 2), moved(face, 60, 0), points(0.2)));
        QVERIFY(grain && noise && other);
        QVERIFY2(ratio(*noise) > 2.0 * ratio(*grain), text(noise));
        QVERIFY2(ratio(*other) > 3.0 * ratio(*grain), text(other));
    }

    void shutBlurredAndFlatFacesAreLeftOut()
    {
        const cv::Mat face = texture();
        QVERIFY(!motionOf(face, face, 0.02, 0.02));
        QVERIFY(!motionOf(face, face, 0.02, 0.2)); // open in one of both is not enough
        QVERIFY(!motionOf(face, face, 0.2, 0.02));
        cv::Mat blurred;
        cv::GaussianBlur(face, blurred, {}, 6.0);
        QVERIFY(!motionOf(blurred, blurred));
        const cv::Mat flat(480, 480, CV_8UC1, cv::Scalar(120));
        QVERIFY(!motionOf(flat, flat));
    }

    void pointsThatAreNoShapeAreRefused()
    {
        Landmarks68 none;
        none.fill({0, 0});
        QVERIFY(!faceFlow(texture(), points(0.2), texture(), none));
        Landmarks68 broken = points(0.2);
        broken[62].y = std::nanf("");
        const auto flow = faceFlow(texture(), points(0.2), texture(), points(0.2));
        QVERIFY(flow && !mouthMotion(*flow, points(0.2), broken));
    }
};

QTEST_APPLESS_MAIN(TestMouthMotion)
#include "tst_mouth_motion.moc"
