// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/block_transform.h"
#include "photo/fingerprint.h"
#include "photo/regions.h"
#include "photo/residual.h"
#include "photo/sensor_noise.h"
#include "textures.h"

#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

const cv::Size kSize(320, 288);

cv::Mat normal(cv::Size size, std::uint64_t seed, double sigma)
{
    cv::RNG random{seed};
    cv::Mat values(size, CV_32FC1);
    random.fill(values, cv::RNG::NORMAL, 0.0, sigma);
    return values;
}

/// A smooth scene as a sensor with this fixed pattern sees it.
cv::Mat seenBy(const cv::Mat &pattern, int seed)
{
    cv::Mat scene = normal(pattern.size(), std::uint64_t(seed) + 900, 1.0);
    cv::GaussianBlur(scene, scene, {}, 20.0);
    scene = 140.0 + scene * 700.0;
    scene = scene.mul(1.0 + pattern) + normal(pattern.size(), std::uint64_t(seed) + 500, 2.0);
    cv::Mat grey, bgr;
    scene.convertTo(grey, CV_8U);
    cv::cvtColor(grey, bgr, cv::COLOR_GRAY2BGR);
    return bgr;
}

cv::Mat enrolled(const cv::Mat &pattern, int first, int count)
{
    FingerprintMaker maker;
    for (int i = 0; i < count; ++i) {
        if (!maker.add(seenBy(pattern, first + i)))
            return {};
    }
    const auto result = maker.fingerprint();
    return result ? *result : cv::Mat();
}

double pceOf(const cv::Mat &fingerprint, const cv::Mat &bgr)
{
    const auto match = matchFingerprint(fingerprint, bgr, pictureNoise(bgr));
    return match ? match->pce : -1e9;
}

} // namespace

class TestPhoto : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void theBlockTransformIsThatOfOpenCv();
    void flatAndClippedBlocksAreNotUsable();
    void smallRegionsAreDropped();
    void theWaveletReconstructs();
    void aKnownSensorIsRecognised();
    void scalingAFingerprintChangesNothing();
    void picturesThatCannotBeUsedAreRefused();
};

void TestPhoto::theBlockTransformIsThatOfOpenCv()
{
    const cv::Mat samples = normal({8, 8}, 3, 40.0);
    cv::Mat expected;
    cv::dct(samples, expected);
    const Block block = blockAt(samples, {0, 0}), coefficients = forwardTransform(block), back = inverseTransform(coefficients);
    for (int i = 0; i < 64; ++i) {
        QVERIFY(std::abs(coefficients[std::size_t(i)] - expected.at<float>(i / 8, i % 8)) < 1e-3f);
        QVERIFY(std::abs(back[std::size_t(i)] - block[std::size_t(i)]) < 1e-3f);
    }
}

void TestPhoto::flatAndClippedBlocksAreNotUsable()
{
    cv::Mat luma = 128.0 + normal({32, 16}, 4, 10.0);
    luma(cv::Rect(0, 0, 8, 8)).setTo(77);
    luma(cv::Rect(8, 8, 8, 8)).setTo(255);
    const cv::Mat usable = usableBlocks(luma, {0, 0}, 1.0, 0.02);
    QCOMPARE(usable.size(), cv::Size(4, 2));
    QCOMPARE(cv::countNonZero(usable), 6);
    QVERIFY(!usable.at<uchar>(0, 0) && !usable.at<uchar>(1, 1));
    QCOMPARE(usableBlocks(luma, {3, 3}, 1.0, 0.02).size(), cv::Size(3, 1));
}

void TestPhoto::smallRegionsAreDropped()
{
    cv::Mat mask(20, 20, CV_8UC1, cv::Scalar(0));
    mask(cv::Rect(2, 2, 6, 5)).setTo(255);
    mask(cv::Rect(14, 14, 2, 2)).setTo(255);
    QCOMPARE(connectedRegions(mask, 1).size(), 2u);
    QCOMPARE(connectedRegions(mask, 1).front().cells, cv::Rect(2, 2, 6, 5));
    QCOMPARE(cv::countNonZero(withoutSmallRegions(mask, 10)), 30);
    QCOMPARE(maskAgreement(mask, withoutSmallRegions(mask, 10)).recall, 1.0);
}

void TestPhoto::theWaveletReconstructs()
{
    const cv::Mat plane = 128.0 + normal({96, 64}, 5, 40.0);
    QVERIFY(cv::norm(waveletInverse(waveletForward(plane)), plane, cv::NORM_INF) <= 1e-3);
    // An orthonormal transform keeps the energy.
    QVERIFY(std::abs(cv::norm(waveletForward(plane)) / cv::norm(plane) - 1.0) < 1e-5);
    QCOMPARE(waveletResidual(normal({101, 77}, 6, 5.0)).size(), cv::Size(101, 77));
}

void TestPhoto::aKnownSensorIsRecognised()
{
    const cv::Mat sensor = normal(kSize, 11, 0.01), other = normal(kSize, 12, 0.01);
    const cv::Mat fingerprint = enrolled(sensor, 0, 8);
    const double truth = fingerprint.dot(sensor) / (cv::norm(fingerprint) * cv::norm(sensor));
    QVERIFY2(truth >= 0.5, qPrintable(QString::number(truth)));
    for (int i = 0; i < 4; ++i) {
        const double same = pceOf(fingerprint, seenBy(sensor, 100 + i)), foreign = pceOf(fingerprint, seenBy(other, 200 + i));
        QVERIFY2(same >= 200.0, qPrintable(QString::number(same)));
        QVERIFY2(foreign < 30.0, qPrintable(QString::number(foreign)));
    }
}

void TestPhoto::scalingAFingerprintChangesNothing()
{
    const cv::Mat sensor = normal(kSize, 13, 0.01), fingerprint = enrolled(sensor, 0, 3), picture = seenBy(sensor, 50);
    const double once = pceOf(fingerprint, picture), scaled = pceOf(fingerprint * 7.5, picture);
    QVERIFY(std::abs(once - scaled) < 1e-3 * once);
}

void TestPhoto::picturesThatCannotBeUsedAreRefused()
{
    FingerprintMaker maker;
    QCOMPARE(maker.fingerprint().error().code, Errc::NotApplicable);
    QCOMPARE(maker.add(texturedPicture({200, 300}, 1)).error().code, Errc::NotApplicable);
    QCOMPARE(maker.add(cv::Mat(kSize, CV_8UC3, cv::Scalar::all(255))).error().code, Errc::NotApplicable);
    QVERIFY(maker.add(texturedPicture(kSize, 1)));
    QCOMPARE(maker.add(texturedPicture({400, 300}, 1)).error().code, Errc::Mismatch);
    const cv::Mat picture = texturedPicture({400, 300}, 1);
    QCOMPARE(matchFingerprint(*maker.fingerprint(), picture, pictureNoise(picture)).error().code, Errc::Mismatch);
}

QTEST_GUILESS_MAIN(TestPhoto)
#include "tst_photo.moc"
