// SPDX-License-Identifier: GPL-3.0-or-later
#include "ghost_detector.h"
#include "plugin_bench.h"
#include "textures.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

const cv::Size kSize(512, 384);
const cv::Rect kPlace(192, 128, 160, 128);

JobContext ownGrid()
{
    JobContext job;
    job.options = QJsonObject{{u"grids"_s, u"own"_s}};
    return job;
}

/// A picture whose region `place` was saved at `hidden` before all of it was saved at `last`.
/// @param phase  how far the region's block grid is shifted against the picture's.
cv::Mat spliced(int seed, int hidden, int last, cv::Rect place, cv::Point phase = {0, 0})
{
    cv::Mat picture = texturedPicture(kSize, seed);
    const cv::Mat donor = savedAt(texturedPicture(kSize, seed + 1000), hidden);
    donor(place - phase).copyTo(picture(place));
    return savedAt(picture, last);
}

double overlap(const cv::Mat &mask, const cv::Rect &truth)
{
    double both = 0.0, either = 0.0;
    for (int y = 0; y < mask.rows; ++y) {
        for (int x = 0; x < mask.cols; ++x) {
            const bool inside = truth.contains(cv::Point(8 * x + 8, 8 * y + 8)); // centre of the cell
            const bool found = mask.at<uchar>(y, x) != 0;
            both += inside && found;
            either += inside || found;
        }
    }
    return either > 0.0 ? both / either : 0.0;
}

} // namespace

class TestJpegGhost : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void theCurveEqualsARealSave_data();
    void theCurveEqualsARealSave();
    void distanceBetweenSamplesIsKnown();
    void aRegionOfOtherQualityIsFound_data();
    void aRegionOfOtherQualityIsFound();
    void anUntouchedPictureHasNoGhost_data();
    void anUntouchedPictureHasNoGhost();
    void aPictureSavedTwiceAsAWholeHasNoGhost();
    void aFileOfLowQualityIsInconclusive();
    void aFlatPictureIsInconclusive();
    void aShiftedGridIsFoundWhenAllAreTried();
    void aTurnedPictureIsJudgedAsItWasCoded_data();
    void aTurnedPictureIsJudgedAsItWasCoded();
    void videoFramesAreShownAndNotJudged();
    void aTinyPictureIsNotApplicable();
    void stopsWhenAsked();
    void theManifestIsValid();
};

void TestJpegGhost::theCurveEqualsARealSave_data()
{
    QTest::addColumn<int>("quality");
    for (const int quality : {51, 60, 75, 90, 97})
        QTest::addRow("quality %d", quality) << quality;
}

void TestJpegGhost::theCurveEqualsARealSave()
{
    QFETCH(int, quality);
    cv::Mat grey;
    cv::cvtColor(texturedPicture(kSize, 3), grey, cv::COLOR_BGR2GRAY);
    std::vector<uchar> bytes;
    cv::imencode(".jpg", grey, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
    const cv::Mat saved = cv::imdecode(bytes, cv::IMREAD_GRAYSCALE);
    const double real = cv::norm(grey, saved, cv::NORM_L2SQR) / double(grey.total());

    cv::Mat bgr;
    cv::cvtColor(grey, bgr, cv::COLOR_GRAY2BGR);
    const auto stack = ghostStack(bgr, {}, {});
    QVERIFY(stack);
    const double ours = stack->curve[std::size_t(stack->indexOf(quality))];
    // A decoder rounds pixels to whole levels, which adds up to a twelfth of a level squared.
    QVERIFY2(std::abs(ours - real) < 0.1 + 0.02 * real, qPrintable(u"%1 %2"_s.arg(ours).arg(real)));
}

void TestJpegGhost::distanceBetweenSamplesIsKnown()
{
    QCOMPARE(kolmogorovSmirnov({1, 2, 3}, {4, 5, 6}), 1.0);
    QCOMPARE(kolmogorovSmirnov({1, 2, 3, 4}, {1, 2, 3, 4}), 0.0);
    QCOMPARE(kolmogorovSmirnov({1, 2, 3, 4}, {3, 4, 5, 6}), 0.5);
    QCOMPARE(kolmogorovSmirnov({}, {1}), 0.0);
    QCOMPARE(localMinima({3, 1, 2, 0, 5}), (std::vector<int>{1, 3}));
}

void TestJpegGhost::aRegionOfOtherQualityIsFound_data()
{
    QTest::addColumn<int>("seed");
    QTest::addColumn<int>("hidden");
    QTest::addColumn<int>("last");
    for (const int seed : {1, 2, 3}) {
        QTest::addRow("65 inside 90, picture %d", seed) << seed << 65 << 90;
        QTest::addRow("75 inside 95, picture %d", seed) << seed << 75 << 95;
        QTest::addRow("55 inside 85, picture %d", seed) << seed << 55 << 85;
    }
}

void TestJpegGhost::aRegionOfOtherQualityIsFound()
{
    QFETCH(int, seed);
    QFETCH(int, hidden);
    QFETCH(int, last);
    const cv::Mat picture = spliced(seed, hidden, last, kPlace);
    const auto stack = ghostStack(picture, {}, {});
    QVERIFY(stack);
    const auto regions = ghostRegions(stack.value(), {0, 0}, last - 5, {}, {});
    QVERIFY(regions);
    QVERIFY(!regions->empty());
    const GhostRegion &best = regions->front();
    QVERIFY2(std::abs(best.quality - hidden) <= 2, qPrintable(QString::number(best.quality)));
    QVERIFY2(overlap(best.mask, kPlace) >= 0.6,
             qPrintable(QString::number(overlap(best.mask, kPlace))));

    GhostDetector detector;
    const auto result = runDetector(detector, stillOf(picture), ownGrid());
    QVERIFY(result);
    QCOMPARE(result->findings.size(), 1u);
    const Finding &finding = result->findings.front();
    QCOMPARE(finding.verdict, Verdict::Suspicious);
    QVERIFY(finding.region);
    const cv::Rect2f truth(kPlace);
    QVERIFY((*finding.region & truth).area() > 0.7f * truth.area());
    QVERIFY(!finding.supports.isEmpty() && !finding.against.isEmpty());
    QVERIFY(result->measured.heatMaps.size() >= 3);
    for (const HeatMap &map : result->measured.heatMaps) {
        QCOMPARE(map.values.type(), CV_32FC1);
        QVERIFY(map.region.br().x <= float(kSize.width) && map.region.br().y <= float(kSize.height));
    }
    QCOMPARE(result->measured.tables.front().rows.size(), 50u);
}

void TestJpegGhost::anUntouchedPictureHasNoGhost_data()
{
    QTest::addColumn<int>("seed");
    QTest::addColumn<int>("quality"); // 0: never saved
    for (const int seed : {4, 5, 6}) {
        for (const int quality : {0, 75, 90, 98})
            QTest::addRow("picture %d at %d", seed, quality) << seed << quality;
    }
}

void TestJpegGhost::anUntouchedPictureHasNoGhost()
{
    QFETCH(int, seed);
    QFETCH(int, quality);
    cv::Mat picture = texturedPicture(kSize, seed);
    if (quality > 0)
        picture = savedAt(picture, quality);
    GhostDetector detector;
    const auto result = runDetector(detector, stillOf(picture), ownGrid());
    QVERIFY(result);
    QCOMPARE(result->findings.front().verdict, Verdict::Consistent);
}

void TestJpegGhost::aPictureSavedTwiceAsAWholeHasNoGhost()
{
    const cv::Mat picture = savedAt(savedAt(texturedPicture(kSize, 7), 65), 90);
    GhostDetector detector;
    const auto result = runDetector(detector, stillOf(picture), ownGrid());
    QVERIFY(result);
    const Finding &finding = result->findings.front();
    QCOMPARE(finding.verdict, Verdict::Consistent);
    QVERIFY2(finding.against.join(u' ').contains(u"65"_s), qPrintable(finding.against.join(u' ')));
}

void TestJpegGhost::aFileOfLowQualityIsInconclusive()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"low.jpg"_s);
    QVERIFY(cv::imwrite(path.toStdString(), texturedPicture(kSize, 8), {cv::IMWRITE_JPEG_QUALITY, 50}));
    const auto clip = readBenchClip(path);
    QVERIFY(clip);
    QVERIFY(clip->facts.jpeg);
    GhostDetector detector;
    const auto result = runDetector(detector, clip.value(), ownGrid());
    QVERIFY(result);
    QCOMPARE(result->findings.front().verdict, Verdict::Inconclusive);
    QVERIFY(result->findings.front().summary.contains(u"quality 50"_s));
}

void TestJpegGhost::aFlatPictureIsInconclusive()
{
    GhostDetector detector;
    const auto result = runDetector(detector, stillOf(cv::Mat(kSize, CV_8UC3, cv::Scalar(90, 90, 90))),
                                    ownGrid());
    QVERIFY(result);
    QCOMPARE(result->findings.front().verdict, Verdict::Inconclusive);
}

void TestJpegGhost::aShiftedGridIsFoundWhenAllAreTried()
{
    const cv::Point phase(3, 5);
    const cv::Mat picture = spliced(9, 60, 96, kPlace, phase);
    JobContext job;
    job.options = QJsonObject{{u"grids"_s, u"all"_s}};
    GhostDetector all;
    const auto result = runDetector(all, stillOf(picture), job);
    QVERIFY(result);
    const Finding &finding = result->findings.front();
    QCOMPARE(finding.verdict, Verdict::Suspicious);
    QVERIFY2(finding.supports.join(u' ').contains(u"3, 5 px"_s),
             qPrintable(finding.supports.join(u' ')));
    QVERIFY((*finding.region & cv::Rect2f(kPlace)).area() > 0.6f * cv::Rect2f(kPlace).area());
}

void TestJpegGhost::aTurnedPictureIsJudgedAsItWasCoded_data()
{
    QTest::addColumn<int>("degrees");
    for (const int degrees : {90, 180, 270})
        QTest::addRow("%d degrees", degrees) << degrees;
}

void TestJpegGhost::aTurnedPictureIsJudgedAsItWasCoded()
{
    QFETCH(int, degrees);
    // 4 px more than whole blocks: turned, the block grid no longer starts at the corner.
    const cv::Size size(kSize.width + 4, kSize.height + 4);
    cv::Mat coded = texturedPicture(size, 10);
    savedAt(texturedPicture(size, 11), 65)(kPlace).copyTo(coded(kPlace));
    coded = savedAt(coded, 92);
    cv::Mat mark(size, CV_8UC1, cv::Scalar(0));
    mark(kPlace).setTo(255);
    const int code = degrees == 90 ? cv::ROTATE_90_CLOCKWISE
        : degrees == 180           ? cv::ROTATE_180
                                   : cv::ROTATE_90_COUNTERCLOCKWISE;
    cv::Mat upright, uprightMark;
    cv::rotate(coded, upright, code);
    cv::rotate(mark, uprightMark, code);
    GhostDetector detector;
    const auto result = runDetector(detector, stillOf(upright, degrees), ownGrid());
    QVERIFY(result);
    const Finding &finding = result->findings.front();
    QCOMPARE(finding.verdict, Verdict::Suspicious);
    const cv::Rect2f truth(cv::boundingRect(uprightMark));
    QVERIFY((*finding.region & truth).area() > 0.7f * truth.area());
    QVERIFY((*finding.region & truth).area() > 0.7f * finding.region->area());
}

void TestJpegGhost::videoFramesAreShownAndNotJudged()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"clip.mp4"_s);
    const QString fault = ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=320x240:rate=25:duration=0.2"_s,
                                  u"-c:v"_s, u"libx264"_s, u"-pix_fmt"_s, u"yuv420p"_s, path});
    QVERIFY2(fault.isEmpty(), qPrintable(fault));
    const auto clip = readBenchClip(path);
    QVERIFY(clip);
    GhostDetector detector;
    const auto result = runDetector(detector, clip.value(), ownGrid());
    QVERIFY(result);
    QCOMPARE(result->findings.size(), 1u);
    QCOMPARE(result->findings.front().verdict, Verdict::Inconclusive);
    QVERIFY(!result->findings.front().score);
    QVERIFY(result->measured.heatMaps.size() >= clip->bundles.size());
}

void TestJpegGhost::aTinyPictureIsNotApplicable()
{
    GhostDetector detector;
    const auto result = runDetector(detector, stillOf(texturedPicture({20, 20}, 1)), ownGrid());
    QVERIFY(!result);
    QCOMPARE(result.error().code, Errc::NotApplicable);
}

void TestJpegGhost::stopsWhenAsked()
{
    GhostDetector detector;
    const auto result = runDetector(detector, stillOf(texturedPicture(kSize, 1)), stoppedJob());
    QVERIFY(!result);
    QCOMPARE(result.error().code, Errc::Cancelled);
}

void TestJpegGhost::theManifestIsValid()
{
    const auto manifest = manifestOf(u"detect/jpeg_ghost"_s);
    QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().text()));
    QCOMPARE(manifest->id, u"org.framewitness.jpeg_ghost"_s);
    QCOMPARE(manifest->sampling.mode, Sampling::Mode::Spread);
    QVERIFY(manifest->defaultOptions().contains(u"grids"_s));
}

QTEST_GUILESS_MAIN(TestJpegGhost)
#include "tst_jpeg_ghost.moc"
