// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid_detector.h"
#include "plugin_bench.h"
#include "textures.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

const cv::Size kSize(384, 320);

Result<AnalysisResult> examine(const cv::Mat &picture, int rotation = 0)
{
    GridDetector detector;
    return runDetector(detector, stillOf(picture, rotation));
}

} // namespace

class TestJpegGrid : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void countsEqualThePlainDefinition();
    void theOriginOfACropIsFound_data();
    void theOriginOfACropIsFound();
    void nothingIsFoundInAPictureNeverSaved();
    void aForeignGridIsFound();
    void aTurnedPictureIsJudgedAsItWasCoded();
    void smallPicturesAndVideoAreNotApplicable();
    void stopsWhenAsked();
    void theManifestIsValid();
};

/// Votes recomputed the slow way, straight from the definition.
void TestJpegGrid::countsEqualThePlainDefinition()
{
    cv::Mat luma;
    cv::cvtColor(savedAt(texturedPicture({72, 66}, 1), 60), luma, cv::COLOR_BGR2GRAY);
    luma(cv::Rect(20, 20, 24, 24)).setTo(77); // windows that must not vote
    const auto votes = gridVotes(luma, {});
    QVERIFY(votes);
    cv::Mat best(luma.size(), CV_32SC1, cv::Scalar(-1)), expected(luma.size(), CV_8UC1, cv::Scalar(kNoVote));
    best.setTo(0);
    for (int y = 0; y + 8 <= luma.rows; ++y) {
        for (int x = 0; x + 8 <= luma.cols; ++x) {
            const cv::Mat window = luma(cv::Rect(x, y, 8, 8));
            cv::Mat wide, coefficients;
            window.convertTo(wide, CV_32F);
            cv::dct(wide, coefficients);
            int zeros = 0;
            for (int i = 1; i < 64; ++i)
                zeros += std::abs(coefficients.at<float>(i / 8, i % 8)) < 0.5f;
            bool alongX = true, alongY = true;
            for (int i = 0; i < 8; ++i) {
                for (int j = 1; j < 8; ++j) {
                    alongX = alongX && window.at<uchar>(i, j) == window.at<uchar>(i, 0);
                    alongY = alongY && window.at<uchar>(j, i) == window.at<uchar>(0, i);
                }
            }
            for (int yy = y; yy < y + 8; ++yy) {
                for (int xx = x; xx < x + 8; ++xx) {
                    if (zeros == best.at<int>(yy, xx))
                        expected.at<uchar>(yy, xx) = kNoVote;
                    if (zeros > best.at<int>(yy, xx)) {
                        best.at<int>(yy, xx) = zeros;
                        expected.at<uchar>(yy, xx) = alongX || alongY ? kNoVote : uchar(x % 8 + 8 * (y % 8));
                    }
                }
            }
        }
    }
    const cv::Rect inside(7, 7, luma.cols - 14, luma.rows - 14);
    int different = 0;
    for (int y = inside.y; y < inside.br().y; ++y) {
        for (int x = inside.x; x < inside.br().x; ++x)
            different += votes->at<uchar>(y, x) != expected.at<uchar>(y, x);
    }
    QVERIFY2(different <= inside.area() / 200, qPrintable(QString::number(different))); // rounding near 0.5
}

void TestJpegGrid::theOriginOfACropIsFound_data()
{
    QTest::addColumn<int>("quality");
    QTest::addColumn<QPoint>("crop");
    for (const int quality : {60, 80, 90}) {
        for (const QPoint crop : {QPoint(0, 0), QPoint(3, 5), QPoint(7, 1)})
            QTest::addRow("quality %d, %d, %d", quality, crop.x(), crop.y()) << quality << crop;
    }
}

void TestJpegGrid::theOriginOfACropIsFound()
{
    QFETCH(int, quality);
    QFETCH(QPoint, crop);
    const cv::Mat picture = savedAt(texturedPicture(kSize, 2), quality)(cv::Rect(crop.x(), crop.y(), 320, 280)).clone();
    const auto reading = readGrid(picture, {});
    QVERIFY(reading);
    QVERIFY(reading->main.origin);
    QCOMPARE(*reading->main.origin, (8 - crop.x()) % 8 + 8 * ((8 - crop.y()) % 8));
    QVERIFY(reading->foreign.empty());
    const auto result = examine(picture);
    QVERIFY(result);
    const Finding &finding = result->findings.front();
    QCOMPARE(finding.verdict, crop.isNull() ? Verdict::Consistent : Verdict::Inconclusive);
    QCOMPARE(finding.summary.contains(u"cropped"_s), !crop.isNull());
}

void TestJpegGrid::nothingIsFoundInAPictureNeverSaved()
{
    for (int seed = 3; seed < 6; ++seed) {
        const auto reading = readGrid(texturedPicture(kSize, seed), {});
        QVERIFY(reading);
        QVERIFY(!reading->main.origin);
        QVERIFY(reading->foreign.empty());
    }
}

void TestJpegGrid::aForeignGridIsFound()
{
    cv::Mat picture = savedAt(texturedPicture(kSize, 10), 80);
    const cv::Rect place(101, 83, 130, 120);
    savedAt(texturedPicture(kSize, 11), 75)(place - cv::Point(2, 5)).copyTo(picture(place));
    const auto result = examine(picture);
    QVERIFY(result);
    const Finding &finding = result->findings.front();
    QCOMPARE(finding.verdict, Verdict::Suspicious);
    QVERIFY(!finding.supports.isEmpty() && !finding.against.isEmpty() && finding.score->value < 0.0);
    const cv::Rect2f truth(place);
    QVERIFY((*finding.region & truth).area() > 0.7f * truth.area());
    QVERIFY((*finding.region & truth).area() > 0.7f * finding.region->area());
    const auto reading = readGrid(picture, {});
    QCOMPARE(reading->foreign.front().origin, (2) + 8 * (5)); // the donor's grid, moved by the paste
}

void TestJpegGrid::aTurnedPictureIsJudgedAsItWasCoded()
{
    cv::Mat upright;
    cv::rotate(savedAt(texturedPicture({kSize.width + 4, kSize.height + 4}, 14), 80), upright, cv::ROTATE_90_CLOCKWISE);
    const auto result = examine(upright, 90);
    QVERIFY(result);
    QCOMPARE(result->findings.front().verdict, Verdict::Consistent);
}

void TestJpegGrid::smallPicturesAndVideoAreNotApplicable()
{
    QCOMPARE(examine(texturedPicture({60, 100}, 1)).error().code, Errc::NotApplicable);
    BenchClip clip = stillOf(texturedPicture(kSize, 1));
    clip.facts.media.still = false;
    GridDetector detector;
    QCOMPARE(runDetector(detector, clip).error().code, Errc::NotApplicable);
}

void TestJpegGrid::stopsWhenAsked()
{
    GridDetector detector;
    const auto result = runDetector(detector, stillOf(texturedPicture(kSize, 1)), stoppedJob());
    QVERIFY(!result);
    QCOMPARE(result.error().code, Errc::Cancelled);
}

void TestJpegGrid::theManifestIsValid()
{
    const auto manifest = manifestOf(u"detect/jpeg_grid"_s);
    QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().text()));
    QCOMPARE(manifest->id, u"org.framewitness.jpeg_grid"_s);
    QVERIFY(!manifest->limits.contains(u"TODO"_s));
}

QTEST_GUILESS_MAIN(TestJpegGrid)
#include "tst_jpeg_grid.moc"
