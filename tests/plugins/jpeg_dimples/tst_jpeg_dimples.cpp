// SPDX-License-Identifier: GPL-3.0-or-later
#include "dimple_detector.h"
#include "forge/jpeg_coder.h"
#include "photo/regions.h"
#include "photo/residual.h"
#include "plugin_bench.h"
#include "textures.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

const cv::Size kSize(512, 384);
const cv::Rect kPlace(160, 96, 192, 176);

Fold foldOf(const cv::Mat &picture)
{
    return weightedFold(blockStack(lumaOf(picture), {0, 0}));
}

/// A file on disk as a camera with this rounding would have written it.
QString cameraFile(const QTemporaryDir &folder, const cv::Mat &picture, const CoderSettings &settings)
{
    QByteArray bytes;
    savedAs(picture, settings, &bytes);
    const QString path = folder.filePath(u"camera.jpg"_s);
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() ? path : QString();
}

Result<AnalysisResult> examine(const BenchClip &clip)
{
    DimpleDetector detector;
    return runDetector(detector, clip);
}

} // namespace

class TestJpegDimples : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void aDimpleIsTheSpikeOfAFlatTable();
    void noiseSeldomExceedsThePublishedThreshold();
    void roundingIsTold_data();
    void roundingIsTold();
    void thePhaseOfACropIsFound_data();
    void thePhaseOfACropIsFound();
    void aTurnedPictureIsJudgedAsItWasCoded();
    void aPasteHasLostItsDimples_data();
    void aPasteHasLostItsDimples();
    void anUntouchedCameraFileIsConsistent();
    void aPictureWithoutDimplesIsNotApplicable();
    void aFlatPictureIsInconclusive();
    void tinyPicturesAndVideoAreNotApplicable();
    void stopsWhenAsked();
    void theManifestIsValid();

private:
    QTemporaryDir m_folder;
};

void TestJpegDimples::aDimpleIsTheSpikeOfAFlatTable()
{
    std::array<std::uint16_t, 64> flat;
    flat.fill(2); // half a step is 1 in every coefficient: nearly a spike at the corner
    const Block expected = expectedDimple(flat);
    for (std::size_t i = 1; i < expected.size(); ++i)
        QVERIFY(expected[0] > 2.0f * std::abs(expected[i]));
    double sum = 0.0;
    for (const float value : expected)
        sum += value;
    QVERIFY(std::abs(sum) < 1e-4);
    const Block moved = shifted(expected, {3, 5});
    QCOMPARE(moved[5 * 8 + 3], expected[0]);
    QCOMPARE(turned(turned(expected, 1), 3), expected);
}

void TestJpegDimples::noiseSeldomExceedsThePublishedThreshold()
{
    cv::RNG random(7);
    int above = 0;
    constexpr int kDraws = 20000;
    for (int i = 0; i < kDraws; ++i) {
        Fold fold;
        float mean = 0.0f;
        for (float &value : fold.values)
            mean += value = float(random.gaussian(1.0));
        for (float &value : fold.values)
            value -= mean / 64.0f;
        above += impulseEnergy(fold).pce > 13.0;
    }
    const double share = double(above) / kDraws;
    QVERIFY2(std::abs(share - 0.039) < 0.005, qPrintable(QString::number(share)));
}

void TestJpegDimples::roundingIsTold_data()
{
    QTest::addColumn<int>("rounding");
    QTest::addColumn<int>("quality");
    for (const int quality : {95, 85, 75}) {
        QTest::addRow("nearest %d", quality) << int(Rounding::Nearest) << quality;
        QTest::addRow("floor %d", quality) << int(Rounding::Floor) << quality;
        QTest::addRow("ceil %d", quality) << int(Rounding::Ceil) << quality;
        QTest::addRow("truncate %d", quality) << int(Rounding::Truncate) << quality;
    }
}

void TestJpegDimples::roundingIsTold()
{
    QFETCH(int, rounding);
    QFETCH(int, quality);
    for (int seed = 1; seed <= 4; ++seed) {
        const Fold fold = foldOf(savedAs(texturedPicture(kSize, seed), {quality, Rounding(rounding)}));
        const DimpleMatch match = matchAtOrigin(fold, ijgTable(quality, false));
        const bool directed = rounding == int(Rounding::Floor) || rounding == int(Rounding::Ceil);
        QCOMPARE(presenceOf(match, false, {}) == DimplePresence::Present, directed);
        if (directed)
            QCOMPARE(match.correlation > 0.0, rounding == int(Rounding::Ceil));
    }
}

void TestJpegDimples::thePhaseOfACropIsFound_data()
{
    QTest::addColumn<QPoint>("crop");
    for (const QPoint crop : {QPoint(1, 0), QPoint(3, 6), QPoint(7, 7), QPoint(0, 4)})
        QTest::addRow("%d, %d", crop.x(), crop.y()) << crop;
}

void TestJpegDimples::thePhaseOfACropIsFound()
{
    QFETCH(QPoint, crop);
    const cv::Mat whole = savedAs(texturedPicture(kSize, 5), {88, Rounding::Ceil});
    const cv::Mat part = whole(cv::Rect(crop.x(), crop.y(), 440, 320)).clone();
    const auto result = examine(stillOf(part));
    QVERIFY(result);
    const Table *table = tableOf(result->measured, u"dimples"_s);
    QCOMPARE(valueIn(table, u"Phase x (px)"_s).toInt(), (8 - crop.x()) % 8);
    QCOMPARE(valueIn(table, u"Phase y (px)"_s).toInt(), (8 - crop.y()) % 8);
    QCOMPARE(result->findings.front().verdict, Verdict::Consistent);
    QVERIFY(!result->findings.front().against.isEmpty()); // says that the grid does not start at the corner
}

void TestJpegDimples::aTurnedPictureIsJudgedAsItWasCoded()
{
    const QString path = cameraFile(m_folder, texturedPicture({cv::Size(kSize.width + 4, kSize.height + 4)}, 6), {92, Rounding::Floor});
    QVERIFY(!path.isEmpty());
    auto clip = readBenchClip(path);
    QVERIFY(clip);
    Frame turned = *clip->bundles.front().frame;
    cv::Mat upright;
    cv::rotate(turned.bgr, upright, cv::ROTATE_90_CLOCKWISE);
    turned.bgr = upright;
    clip->bundles.front().frame = std::make_shared<const Frame>(turned);
    for (StreamFacts &stream : clip->facts.media.streams)
        stream.rotationDegrees = 90;
    const auto result = examine(clip.value());
    QVERIFY(result);
    QCOMPARE(result->findings.front().verdict, Verdict::Consistent);
    QVERIFY(result->findings.front().score->value < -0.8);
}

void TestJpegDimples::aPasteHasLostItsDimples_data()
{
    QTest::addColumn<int>("rounding");
    QTest::addColumn<int>("resaved"); // 0: kept without loss
    for (const int resaved : {0, 95, 90}) {
        QTest::addRow("floor, saved again at %d", resaved) << int(Rounding::Floor) << resaved;
        QTest::addRow("ceil, saved again at %d", resaved) << int(Rounding::Ceil) << resaved;
    }
}

void TestJpegDimples::aPasteHasLostItsDimples()
{
    QFETCH(int, rounding);
    QFETCH(int, resaved);
    cv::Mat picture = savedAs(texturedPicture(kSize, 7), {90, Rounding(rounding)});
    savedAs(texturedPicture(kSize, 8), {90, Rounding::Nearest})(kPlace).copyTo(picture(kPlace));
    BenchClip clip = stillOf(picture);
    if (resaved > 0) {
        auto read = readBenchClip(cameraFile(m_folder, picture, {resaved, Rounding::Nearest}));
        QVERIFY(read);
        clip = std::move(read).value();
    }
    const auto result = examine(clip);
    QVERIFY(result);
    const Finding &finding = result->findings.front();
    QCOMPARE(finding.verdict, Verdict::Suspicious);
    QVERIFY(finding.region && !finding.supports.isEmpty() && !finding.against.isEmpty());
    const cv::Rect2f truth(kPlace);
    QVERIFY((*finding.region & truth).area() > 0.8f * truth.area());
    const HeatMap &map = result->measured.heatMaps.front();
    QCOMPARE(map.id, u"missing.frame-0"_s);
    const cv::Mat found = map.values > 0.5;
    cv::Mat real(found.size(), CV_8UC1, cv::Scalar(0));
    real(cv::Rect(kPlace.x / 8, kPlace.y / 8, kPlace.width / 8, kPlace.height / 8)).setTo(255);
    const double f1 = maskAgreement(found, real).f1();
    QVERIFY2(f1 > 0.85, qPrintable(QString::number(f1)));
}

void TestJpegDimples::anUntouchedCameraFileIsConsistent()
{
    for (int seed = 10; seed < 14; ++seed) {
        const auto clip = readBenchClip(cameraFile(m_folder, texturedPicture(kSize, seed), {90, Rounding::Ceil}));
        QVERIFY(clip);
        const auto result = examine(clip.value());
        QVERIFY(result);
        QCOMPARE(result->findings.front().verdict, Verdict::Consistent);
        QVERIFY(result->findings.front().summary.contains(u"bright"_s));
    }
}

void TestJpegDimples::aPictureWithoutDimplesIsNotApplicable()
{
    for (const int quality : {98, 90, 75}) {
        const auto clip = readBenchClip(cameraFile(m_folder, texturedPicture(kSize, 20), {quality, Rounding::Nearest}));
        QVERIFY(clip);
        const auto result = examine(clip.value());
        QVERIFY(result);
        QCOMPARE(result->findings.front().verdict, Verdict::NotApplicable);
    }
    const auto never = examine(stillOf(texturedPicture(kSize, 21)));
    QVERIFY(never);
    QCOMPARE(never->findings.front().verdict, Verdict::NotApplicable);
}

void TestJpegDimples::aFlatPictureIsInconclusive()
{
    const auto result = examine(stillOf(cv::Mat(kSize, CV_8UC3, cv::Scalar::all(90))));
    QVERIFY(result);
    QCOMPARE(result->findings.front().verdict, Verdict::Inconclusive);
}

void TestJpegDimples::tinyPicturesAndVideoAreNotApplicable()
{
    QCOMPARE(examine(stillOf(texturedPicture({200, 300}, 1))).error().code, Errc::NotApplicable);
    BenchClip clip = stillOf(texturedPicture(kSize, 1));
    clip.facts.media.still = false;
    QCOMPARE(examine(clip).error().code, Errc::NotApplicable);
}

void TestJpegDimples::stopsWhenAsked()
{
    DimpleDetector detector;
    const auto result = runDetector(detector, stillOf(texturedPicture(kSize, 1)), stoppedJob());
    QVERIFY(!result);
    QCOMPARE(result.error().code, Errc::Cancelled);
}

void TestJpegDimples::theManifestIsValid()
{
    const auto manifest = manifestOf(u"detect/jpeg_dimples"_s);
    QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().text()));
    QCOMPARE(manifest->id, u"org.framewitness.jpeg_dimples"_s);
    QVERIFY(!manifest->onVideo);
    QVERIFY(!manifest->limits.contains(u"TODO"_s));
}

QTEST_GUILESS_MAIN(TestJpegDimples)
#include "tst_jpeg_dimples.moc"
