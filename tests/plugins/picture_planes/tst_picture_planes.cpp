// SPDX-License-Identifier: GPL-3.0-or-later
#include "planes_detector.h"
#include "plugin_bench.h"
#include "textures.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

Result<AnalysisResult> examine(const cv::Mat &picture, const QString &show, int bit = 0)
{
    JobContext job;
    job.options = {{u"show"_s, show}, {u"bit"_s, bit}};
    PlanesDetector detector;
    return runDetector(detector, stillOf(picture), job);
}

} // namespace

class TestPicturePlanes : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void everyChoiceOfTheManifestShowsLayersAndClaimsNothing();
    void channelsAreTheSamples();
    void bitsAreTheBits();
    void theGradientOfARampIsItsSlope();
    void theHistogramCountsEveryPixel();
    void principalColoursOfGreyAreGrey();
    void largePicturesGetLargerCells();
    void wrongOptionsAndNoPictureAreRefused();
    void stopsWhenAsked();
    void theManifestIsValid();
};

void TestPicturePlanes::everyChoiceOfTheManifestShowsLayersAndClaimsNothing()
{
    const auto manifest = manifestOf(u"detect/picture_planes"_s);
    QVERIFY(manifest);
    const OptionSpec &show = manifest->options[manifest->options.front().name == u"show"_s ? 0 : 1];
    QCOMPARE(show.choices.size(), 6);
    for (const QString &choice : show.choices) {
        const auto result = examine(texturedPicture({120, 90}, 1), choice);
        QVERIFY2(result, qPrintable(choice));
        QVERIFY(result->findings.empty());
        QVERIFY(result->measured.heatMaps.size() >= 2);
        for (const HeatMap &map : result->measured.heatMaps) {
            QVERIFY(map.low < map.high);
            QVERIFY(map.about.contains(u"no verdict"_s));
            QCOMPARE(map.values.size(), cv::Size(120, 90));
        }
    }
}

void TestPicturePlanes::channelsAreTheSamples()
{
    const cv::Mat picture(40, 60, CV_8UC3, cv::Scalar(10, 120, 230));
    const auto view = pictureView(picture, PlaneKind::Channels, 0);
    QVERIFY(view);
    QCOMPARE(view->planes[0].id, u"red"_s);
    QCOMPARE(view->planes[0].values.at<float>(5, 5), 230.0F);
    QCOMPARE(view->planes[1].values.at<float>(5, 5), 120.0F);
    QCOMPARE(view->planes[2].values.at<float>(5, 5), 10.0F);
}

void TestPicturePlanes::bitsAreTheBits()
{
    cv::Mat picture(40, 256, CV_8UC3);
    for (int x = 0; x < 256; ++x)
        picture.col(x).setTo(cv::Scalar(x, 255 - x, 170));
    for (const int bit : {0, 3, 7}) {
        const auto view = pictureView(picture, PlaneKind::Bits, bit);
        QVERIFY(view);
        for (int x = 0; x < 256; ++x) {
            QCOMPARE(view->planes[2].values.at<float>(3, x), float((x >> bit) & 1));
            QCOMPARE(view->planes[1].values.at<float>(3, x), float(((255 - x) >> bit) & 1));
            QCOMPARE(view->planes[0].values.at<float>(3, x), float((170 >> bit) & 1));
        }
    }
}

void TestPicturePlanes::theGradientOfARampIsItsSlope()
{
    cv::Mat picture(60, 100, CV_8UC3);
    for (int x = 0; x < 100; ++x)
        picture.col(x).setTo(cv::Scalar::all(2 * x));
    const auto view = pictureView(picture, PlaneKind::Gradient, 0);
    QVERIFY(view);
    QVERIFY(std::abs(view->planes[0].values.at<float>(30, 50) - 2.0F) < 0.01F);
    QVERIFY(std::abs(view->planes[1].values.at<float>(30, 50) - 2.0F) < 0.01F);
    QVERIFY(std::abs(view->planes[2].values.at<float>(30, 50)) < 0.01F);
}

void TestPicturePlanes::theHistogramCountsEveryPixel()
{
    const auto result = examine(texturedPicture({120, 90}, 2), u"levels"_s);
    QVERIFY(result);
    const Table *table = tableOf(result->measured, u"histogram.frame-0"_s);
    QVERIFY(table);
    QCOMPARE(table->rows.size(), std::size_t(256));
    for (int column = 1; column < 5; ++column) {
        double sum = 0.0;
        for (const QJsonArray &row : table->rows)
            sum += row.at(column).toDouble();
        QCOMPARE(sum, 120.0 * 90.0);
    }
}

void TestPicturePlanes::principalColoursOfGreyAreGrey()
{
    cv::Mat grey, picture;
    cv::cvtColor(texturedPicture({120, 90}, 3), grey, cv::COLOR_BGR2GRAY);
    cv::cvtColor(grey, picture, cv::COLOR_GRAY2BGR);
    const auto view = pictureView(picture, PlaneKind::Principal, 0);
    QVERIFY(view);
    cv::Scalar mean, sigma;
    cv::meanStdDev(view->planes[0].values, mean, sigma);
    QVERIFY(std::abs(mean[0]) < 0.1 && sigma[0] > 5.0);
    cv::meanStdDev(view->planes[2].values, mean, sigma);
    QVERIFY(sigma[0] < 0.1);
}

void TestPicturePlanes::largePicturesGetLargerCells()
{
    const auto view = pictureView(cv::Mat(900, 3000, CV_8UC3, cv::Scalar::all(50)), PlaneKind::Channels, 0);
    QVERIFY(view);
    QCOMPARE(view->cell, 4);
    QCOMPARE(view->planes[0].values.size(), cv::Size(750, 225));
    QCOMPARE(view->covered, cv::Rect2f(0, 0, 3000, 900));
}

void TestPicturePlanes::wrongOptionsAndNoPictureAreRefused()
{
    QCOMPARE(examine(texturedPicture({120, 90}, 1), u"magic"_s).error().code, Errc::BadData);
    QCOMPARE(examine(texturedPicture({120, 90}, 1), u"bit planes"_s, 8).error().code, Errc::BadData);
    QCOMPARE(pictureView({}, PlaneKind::Channels, 0).error().code, Errc::BadData);
}

void TestPicturePlanes::stopsWhenAsked()
{
    JobContext job = stoppedJob();
    job.options = {{u"show"_s, u"channels"_s}, {u"bit"_s, 0}};
    PlanesDetector detector;
    const auto result = runDetector(detector, stillOf(texturedPicture({120, 90}, 1)), job);
    QVERIFY(!result);
    QCOMPARE(result.error().code, Errc::Cancelled);
}

void TestPicturePlanes::theManifestIsValid()
{
    const auto manifest = manifestOf(u"detect/picture_planes"_s);
    QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().text()));
    QVERIFY(manifest->viewerOnly && manifest->onVideo);
}

QTEST_GUILESS_MAIN(TestPicturePlanes)
#include "tst_picture_planes.moc"
