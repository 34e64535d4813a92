// SPDX-License-Identifier: GPL-3.0-or-later
#include "pair_detector.h"
#include "photo/pair_counts.h"
#include "plugin_bench.h"
#include "textures.h"

#include <QRegularExpression>
#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

class TestCooccurrence : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void sharesSumToOneAndAreSymmetric();
    void aConstantPictureHasOnePair();
    void randomValuesGiveAFlatMatrix();
    void partsAddUpToTheWhole();
    void channelsAreComparedInOrder();
    void stretchedContrastIsSeen();
    void theMatricesAreShownAndNotJudged();
    void tinyPicturesAndVideoAreNotApplicable();
    void stopsWhenAsked();
    void theManifestIsValid();
};

void TestCooccurrence::sharesSumToOneAndAreSymmetric()
{
    for (const PairCounts &counts : pairCounts(texturedPicture({300, 200}, 1)))
        QVERIFY(std::abs(cv::sum(pairShares(counts))[0] - 1.0) < 1e-6);
    cv::Mat grey;
    cv::extractChannel(texturedPicture({300, 200}, 1), grey, 0);
    const PairCounts counts = neighbourCounts(grey);
    QCOMPARE(cv::norm(counts, counts.t(), cv::NORM_INF), 0.0);
    QCOMPARE(cv::sum(counts)[0], 2.0 * (299 * 200 + 300 * 199));
}

void TestCooccurrence::aConstantPictureHasOnePair()
{
    const cv::Mat shares = pairShares(neighbourCounts(cv::Mat(40, 50, CV_8UC1, cv::Scalar(77))));
    QCOMPARE(cv::countNonZero(shares), 1);
    QCOMPARE(shares.at<double>(77, 77), 1.0);
    QCOMPARE(cv::countNonZero(pairShares(neighbourCounts(cv::Mat(1, 1, CV_8UC1, cv::Scalar(3))))), 0);
}

void TestCooccurrence::randomValuesGiveAFlatMatrix()
{
    cv::Mat plane(2048, 2048, CV_8UC1);
    cv::RNG random(3);
    random.fill(plane, cv::RNG::UNIFORM, 0, 256);
    const PairCounts counts = neighbourCounts(plane);
    const double expected = cv::sum(counts)[0] / 65536.0;
    double squares = 0.0;
    int used = 0;
    for (int y = 0; y < 256; ++y) { // off the diagonal, where each pair is counted once for each of its two orders
        for (int x = 0; x < y; ++x, ++used)
            squares += std::pow(counts.at<int>(y, x) - expected, 2) / expected;
    }
    QVERIFY2(std::abs(squares / used - 1.0) < 0.05, qPrintable(QString::number(squares / used)));
}

void TestCooccurrence::partsAddUpToTheWhole()
{
    cv::Mat grey;
    cv::extractChannel(texturedPicture({320, 240}, 5), grey, 1);
    // Two parts that share one row: the pairs within that row are counted twice.
    const PairCounts sum = neighbourCounts(grey.rowRange(0, 121)) + neighbourCounts(grey.rowRange(120, 240)) - neighbourCounts(grey.row(120));
    QCOMPARE(cv::norm(sum, neighbourCounts(grey), cv::NORM_INF), 0.0);
}

void TestCooccurrence::channelsAreComparedInOrder()
{
    cv::Mat bgr(20, 20, CV_8UC3, cv::Scalar(10, 20, 30)); // B, G, R
    const auto counts = pairCounts(bgr);
    QCOMPARE(counts[0].at<int>(30, 30), 2 * 2 * 19 * 20);
    QCOMPARE(counts[3].at<int>(30, 20), 400);
    QCOMPARE(counts[4].at<int>(30, 10), 400);
    QCOMPARE(counts[5].at<int>(20, 10), 400);
    const cv::Mat picture = pairPicture(counts[3], 64);
    QCOMPARE(picture.size(), cv::Size(64, 64));
    QCOMPARE(picture.at<float>(30 / 4, 20 / 4), 1.0f);
}

void TestCooccurrence::stretchedContrastIsSeen()
{
    cv::Mat stretched = (texturedPicture({320, 240}, 6) - cv::Scalar::all(60)) * 1.8;
    PairDetector detector;
    const auto result = runDetector(detector, stillOf(stretched));
    QVERIFY(result);
    QCOMPARE(result->findings.front().verdict, Verdict::Inconclusive);
    QVERIFY(result->findings.front().summary.contains(u"empty levels"_s));
}

void TestCooccurrence::theMatricesAreShownAndNotJudged()
{
    PairDetector detector;
    const auto result = runDetector(detector, stillOf(texturedPicture({320, 240}, 7)));
    QVERIFY(result);
    QCOMPARE(result->findings.front().verdict, Verdict::Inconclusive);
    QVERIFY(!result->findings.front().score);
    QCOMPARE(result->measured.heatMaps.size(), std::size_t(6));
    for (const HeatMap &map : result->measured.heatMaps)
        QVERIFY(map.region.x + map.region.width <= 320.0f && map.region.y + map.region.height <= 240.0f);
    QCOMPARE(tableOf(result->measured, u"channels"_s)->rows.size(), std::size_t(6));
}

void TestCooccurrence::tinyPicturesAndVideoAreNotApplicable()
{
    PairDetector first, second;
    QCOMPARE(runDetector(first, stillOf(texturedPicture({100, 120}, 1))).error().code, Errc::NotApplicable);
    BenchClip clip = stillOf(texturedPicture({200, 200}, 1));
    clip.facts.media.still = false;
    QCOMPARE(runDetector(second, clip).error().code, Errc::NotApplicable);
}

void TestCooccurrence::stopsWhenAsked()
{
    PairDetector detector;
    QCOMPARE(runDetector(detector, stillOf(texturedPicture({200, 200}, 1)), stoppedJob()).error().code, Errc::Cancelled);
}

void TestCooccurrence::theManifestIsValid()
{
    const auto manifest = manifestOf(u"detect/cooccurrence"_s);
    QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().text()));
    QVERIFY(!manifest->onVideo);
}

QTEST_GUILESS_MAIN(TestCooccurrence)
#include "tst_cooccurrence.moc"
