// SPDX-License-Identifier: GPL-3.0-or-later
#include "bayer.h"
#include "cfa_detector.h"
#include "photo/regions.h"
#include "plugin_bench.h"
#include "textures.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

const cv::Size kSize(384, 320);
const cv::Rect kPlace(128, 96, 128, 128);

Result<AnalysisResult> examine(const cv::Mat &picture, int rotation = 0)
{
    CfaDetector detector;
    return runDetector(detector, stillOf(picture, rotation));
}

/// A camera's picture with a place that never went through the filter.
cv::Mat withPlace(int seed, int code)
{
    cv::Mat picture = throughBayer(texturedPicture(kSize, seed), code);
    texturedPicture(kSize, seed + 50)(kPlace).copyTo(picture(kPlace));
    return picture;
}

} // namespace

class TestCfa : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void thePatternIsSeenWhereverItLies_data();
    void thePatternIsSeenWhereverItLies();
    void aPictureWithoutThePatternIsNotApplicable();
    void aPlaceWithoutThePatternIsFound_data();
    void aPlaceWithoutThePatternIsFound();
    void thePlaceIsFoundInATurnedPicture();
    void anUntouchedPictureIsConsistent();
    void strongSavesAndVideoAreNotApplicable();
    void flatAndTinyPicturesAreNotApplicable();
    void stopsWhenAsked();
    void theManifestIsValid();
};

void TestCfa::thePatternIsSeenWhereverItLies_data()
{
    QTest::addColumn<bool>("shifted");
    QTest::newRow("even") << false;
    QTest::newRow("odd") << true;
}

void TestCfa::thePatternIsSeenWhereverItLies()
{
    QFETCH(bool, shifted);
    cv::Mat picture = throughBayer(texturedPicture(kSize, 1));
    if (shifted)
        picture = picture(cv::Rect(1, 0, kSize.width - 1, kSize.height)).clone();
    const auto features = cfaFeatures(picture, {});
    QVERIFY(features);
    QVERIFY(features->median > 1.0);
    QCOMPARE(features->evenMeasured, shifted); // our filter has green where x + y is odd
}

void TestCfa::aPictureWithoutThePatternIsNotApplicable()
{
    for (int seed = 2; seed < 6; ++seed) {
        const auto result = examine(texturedPicture(kSize, seed));
        QVERIFY(result);
        QCOMPARE(result->findings.front().verdict, Verdict::NotApplicable);
        QVERIFY(result->measured.heatMaps.empty());
    }
}

void TestCfa::aPlaceWithoutThePatternIsFound_data()
{
    QTest::addColumn<int>("code");
    QTest::newRow("bilinear") << int(cv::COLOR_BayerRG2BGR);
    QTest::newRow("edge aware") << int(cv::COLOR_BayerRG2BGR_EA);
}

void TestCfa::aPlaceWithoutThePatternIsFound()
{
    QFETCH(int, code);
    const auto result = examine(withPlace(6, code));
    QVERIFY(result);
    const Finding &finding = result->findings.front();
    QCOMPARE(finding.verdict, Verdict::Suspicious);
    QVERIFY(finding.region && !finding.supports.isEmpty() && !finding.against.isEmpty());
    const HeatMap &map = result->measured.heatMaps.front();
    cv::Mat truth(map.values.size(), CV_8UC1, cv::Scalar(0));
    truth(cv::Rect(kPlace.tl() / kCfaCell, kPlace.size() / kCfaCell)).setTo(255);
    const double f1 = maskAgreement(map.values > 0.5F, truth).f1();
    QVERIFY2(f1 > 0.85, qPrintable(QString::number(f1)));
}

void TestCfa::thePlaceIsFoundInATurnedPicture()
{
    cv::Mat upright;
    cv::rotate(withPlace(7, cv::COLOR_BayerRG2BGR), upright, cv::ROTATE_90_CLOCKWISE);
    const auto result = examine(upright, 90);
    QVERIFY(result);
    const Finding &finding = result->findings.front();
    QCOMPARE(finding.verdict, Verdict::Suspicious);
    const cv::Rect2f truth(float(kSize.height - kPlace.y - kPlace.height), float(kPlace.x), float(kPlace.height), float(kPlace.width));
    QVERIFY((*finding.region & truth).area() > 0.8F * std::max(truth.area(), finding.region->area()));
}

void TestCfa::anUntouchedPictureIsConsistent()
{
    for (int seed = 8; seed < 12; ++seed) {
        const auto result = examine(throughBayer(texturedPicture(kSize, seed)));
        QVERIFY(result);
        QCOMPARE(result->findings.front().verdict, Verdict::Consistent);
    }
}

void TestCfa::strongSavesAndVideoAreNotApplicable()
{
    BenchClip clip = stillOf(throughBayer(texturedPicture(kSize, 12)));
    JpegFile jpeg;
    jpeg.components.push_back({1, 1, 1, 0, {}});
    jpeg.tables[0] = ijgTable(75, false);
    clip.facts.jpeg = std::make_shared<const JpegFile>(jpeg);
    CfaDetector strong, video;
    QCOMPARE(runDetector(strong, clip).error().code, Errc::NotApplicable);
    clip.facts.jpeg.reset();
    clip.facts.media.still = false;
    QCOMPARE(runDetector(video, clip).error().code, Errc::NotApplicable);
}

void TestCfa::flatAndTinyPicturesAreNotApplicable()
{
    QCOMPARE(examine(cv::Mat(kSize, CV_8UC3, cv::Scalar::all(90))).error().code, Errc::NotApplicable);
    QCOMPARE(examine(texturedPicture({100, 300}, 1)).error().code, Errc::NotApplicable);
}

void TestCfa::stopsWhenAsked()
{
    CfaDetector detector;
    const auto result = runDetector(detector, stillOf(texturedPicture(kSize, 1)), stoppedJob());
    QVERIFY(!result);
    QCOMPARE(result.error().code, Errc::Cancelled);
}

void TestCfa::theManifestIsValid()
{
    const auto manifest = manifestOf(u"detect/cfa"_s);
    QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().text()));
    QCOMPARE(manifest->id, u"org.framewitness.cfa"_s);
    QVERIFY(!manifest->onVideo);
}

QTEST_GUILESS_MAIN(TestCfa)
#include "tst_cfa.moc"
