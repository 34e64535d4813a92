// SPDX-License-Identifier: GPL-3.0-or-later
#include "noise_detector.h"
#include "noise_map.h"
#include "plugin_bench.h"
#include "stats/quantile.h"
#include "textures.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

/// A soft scene with noise of 2 grey levels on the left and of 6 on the right.
cv::Mat halves()
{
    cv::Mat wide(cv::Size(512, 384), CV_32FC3);
    for (int y = 0; y < wide.rows; ++y) {
        for (int x = 0; x < wide.cols; ++x)
            wide.at<cv::Vec3f>(y, x) = cv::Vec3f::all(110.0F + 40.0F * std::sin(float(x) / 60.0F) + 20.0F * std::cos(float(y) / 45.0F));
    }
    cv::RNG random(5);
    for (int y = 0; y < wide.rows; ++y) {
        for (int x = 0; x < wide.cols; ++x)
            wide.at<cv::Vec3f>(y, x) += cv::Vec3f::all(float(random.gaussian(x < 256 ? 2.0 : 6.0)));
    }
    cv::Mat picture;
    wide.convertTo(picture, CV_8UC3);
    return picture;
}

double medianOf(const cv::Mat &cells)
{
    std::vector<double> values;
    for (int y = 0; y < cells.rows; ++y) {
        for (int x = 0; x < cells.cols; ++x)
            values.push_back(cells.at<float>(y, x));
    }
    return *median(values);
}

} // namespace

class TestNoiseLevel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }

    void plantedNoiseIsMeasured()
    {
        const auto noise = noiseMap(halves());
        QVERIFY(noise);
        const double left = medianOf(noise->sigma.colRange(0, 15)), right = medianOf(noise->sigma.colRange(17, 32));
        QVERIFY2(std::abs(left - 2.0) < 0.3 && std::abs(right - 6.0) < 0.9, qPrintable(u"%1 %2"_s.arg(left).arg(right)));
        QVERIFY2(std::abs(right / left / 3.0 - 1.0) < 0.15, qPrintable(QString::number(right / left)));
        QVERIFY(medianOf(noise->relative.colRange(17, 32)) > medianOf(noise->relative.colRange(0, 15)) + 0.8);
    }

    void itShowsAndNeverClaims()
    {
        NoiseDetector detector;
        const auto result = runDetector(detector, stillOf(halves()));
        QVERIFY(result);
        QVERIFY(result->findings.empty());
        QCOMPARE(int(result->measured.heatMaps.size()), 2);
        QCOMPARE(int(result->measured.tables.size()), 1);
        QCOMPARE(result->measured.heatMaps.front().values.size(), cv::Size(32, 24));
    }

    void aFlatPictureIsFinite()
    {
        const auto noise = noiseMap(cv::Mat(200, 300, CV_8UC3, cv::Scalar(90, 90, 90)));
        QVERIFY(noise);
        QVERIFY(cv::checkRange(noise->relative));
    }

    void smallPicturesAreNotApplicable()
    {
        QCOMPARE(noiseMap(texturedPicture({100, 300}, 1)).error().code, Errc::NotApplicable);
    }

    void stopsWhenAsked()
    {
        NoiseDetector detector;
        const auto result = runDetector(detector, stillOf(halves()), stoppedJob());
        QVERIFY(!result);
        QCOMPARE(result.error().code, Errc::Cancelled);
    }

    void theManifestIsValid()
    {
        const auto manifest = manifestOf(u"detect/noise_level"_s);
        QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().text()));
        QVERIFY(manifest->viewerOnly);
    }
};

QTEST_GUILESS_MAIN(TestNoiseLevel)
#include "tst_noise_level.moc"
