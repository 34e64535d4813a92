// SPDX-License-Identifier: GPL-3.0-or-later
#include "double_jpeg_detector.h"
#include "forge/jpeg_coder.h"
#include "photo/regions.h"
#include "plugin_bench.h"
#include "stored_luma.h"
#include "textures.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

const cv::Size kSize(512, 400);
const cv::Rect kPlace(160, 96, 192, 160);

/// What the detector says of a file that stores this picture at `quality`.
class Saved
{
public:
    Saved(const cv::Mat &picture, int quality)
    {
        QByteArray bytes;
        savedAs(picture, {quality}, &bytes);
        m_path = m_folder.filePath(u"picture.jpg"_s);
        QFile file(m_path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            m_path.clear();
    }
    BenchClip clip() const
    {
        auto clip = readBenchClip(m_path);
        auto jpeg = readJpeg(m_path, true);
        if (!clip || !jpeg)
            return {};
        clip->facts.jpeg = std::make_shared<const JpegFile>(std::move(jpeg).value());
        return std::move(clip).value();
    }
    Result<AnalysisResult> examine() const
    {
        DoubleJpegDetector detector;
        return runDetector(detector, clip());
    }

private:
    QTemporaryDir m_folder;
    QString m_path;
};

const Finding &findingOf(const AnalysisResult &result, const QString &end)
{
    return result.findings[result.findings.front().id.endsWith(end) ? 0 : 1];
}

const HeatMap *mapOf(const AnalysisResult &result, const QString &start)
{
    for (const HeatMap &map : result.measured.heatMaps) {
        if (map.id.startsWith(start))
            return &map;
    }
    return nullptr;
}

/// How the cells above one half agree with a rectangle of the picture.
double agreement(const HeatMap &map, const cv::Rect2f &place)
{
    cv::Mat truth(map.values.size(), CV_8UC1, cv::Scalar(0));
    for (int y = 0; y < truth.rows; ++y) {
        for (int x = 0; x < truth.cols; ++x) {
            const cv::Point2f at(map.region.x + (float(x) + 0.5F) * map.region.width / float(truth.cols),
                                 map.region.y + (float(y) + 0.5F) * map.region.height / float(truth.rows));
            truth.at<uchar>(y, x) = place.contains(at) ? 255 : 0;
        }
    }
    return maskAgreement(map.values > 0.5F, truth).f1();
}

} // namespace

class TestDoubleJpeg : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void theZigzagVisitsEveryPlaceOnce();
    void storedLumaIsWhatDecodersShow();
    void onePlainSaveShowsNoHistory_data();
    void onePlainSaveShowsNoHistory();
    void equalQualitiesShowNoHistory();
    void theFirstSaveIsEstimated_data();
    void theFirstSaveIsEstimated();
    void aPlaceThatWasSavedOnceIsFound();
    void thePlaceIsFoundInATurnedPicture();
    void theEarlierGridIsFound_data();
    void theEarlierGridIsFound();
    void aPlaceFromAnotherGridIsFound();
    void otherFilesAreNotApplicable();
    void aFlatPictureSaysNothing();
    void stopsWhenAsked();
    void theManifestIsValid();
};

void TestDoubleJpeg::theZigzagVisitsEveryPlaceOnce()
{
    std::array<int, 64> visits{};
    for (int k = 0; k < 64; ++k)
        ++visits[std::size_t(zigzagPlace(k))];
    QVERIFY(std::all_of(visits.begin(), visits.end(), [](int n) { return n == 1; }));
    const std::array<int, 10> start{0, 1, 8, 16, 9, 2, 3, 10, 17, 24}; // ITU-T T.81, figure A.6
    for (int k = 0; k < 10; ++k)
        QCOMPARE(zigzagPlace(k), start[std::size_t(k)]);
    QCOMPARE(zigzagPlace(62), 62);
    QCOMPARE(zigzagPlace(63), 63);
}

void TestDoubleJpeg::storedLumaIsWhatDecodersShow()
{
    cv::Mat grey, colour;
    cv::cvtColor(texturedPicture(kSize, 1), grey, cv::COLOR_BGR2GRAY); // without colour, luma is the picture
    cv::cvtColor(grey, colour, cv::COLOR_GRAY2BGR);
    const BenchClip clip = Saved(colour, 80).clip();
    const auto luma = storedLuma(*clip.facts.jpeg);
    QVERIFY(luma);
    QCOMPARE(luma->size(), kSize);
    cv::Mat shown, wide;
    cv::extractChannel(clip.bundles.front().frame->bgr, shown, 1);
    shown.convertTo(wide, CV_32F);
    double worst = 0.0;
    cv::minMaxLoc(cv::abs(wide - cv::max(cv::min(*luma, 255.0), 0.0)), nullptr, &worst);
    QVERIFY2(worst <= 1.0, qPrintable(QString::number(worst)));
}

void TestDoubleJpeg::onePlainSaveShowsNoHistory_data()
{
    QTest::addColumn<int>("quality");
    for (const int quality : {60, 75, 90, 98})
        QTest::addRow("%d", quality) << quality;
}

void TestDoubleJpeg::onePlainSaveShowsNoHistory()
{
    QFETCH(int, quality);
    const auto result = Saved(texturedPicture(kSize, 2), quality).examine();
    QVERIFY(result);
    QCOMPARE(result->findings.size(), std::size_t(2));
    for (const Finding &finding : result->findings)
        QCOMPARE(finding.verdict, Verdict::Inconclusive);
    QVERIFY(result->measured.heatMaps.empty());
}

void TestDoubleJpeg::equalQualitiesShowNoHistory()
{
    const auto result = Saved(savedAs(texturedPicture(kSize, 3), {85}), 85).examine();
    QVERIFY(result);
    QCOMPARE(findingOf(*result, u"same-grid"_s).verdict, Verdict::Inconclusive);
    QVERIFY(!mapOf(*result, u"same-grid"_s));
}

void TestDoubleJpeg::theFirstSaveIsEstimated_data()
{
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("second");
    QTest::newRow("70, 90") << 70 << 90;
    QTest::newRow("60, 85") << 60 << 85;
    QTest::newRow("80, 95") << 80 << 95;
    QTest::newRow("50, 75") << 50 << 75;
}

void TestDoubleJpeg::theFirstSaveIsEstimated()
{
    QFETCH(int, first);
    QFETCH(int, second);
    const BenchClip clip = Saved(savedAs(texturedPicture(kSize, 4), {first}), second).clip();
    const auto reading = readDoubleJpeg(*clip.facts.jpeg, {}, {});
    QVERIFY(reading);
    QVERIFY(reading->same.seen && reading->same.map.mostSayYes);
    QVERIFY(reading->same.map.places.empty());
    QVERIFY(reading->same.quality);
    QVERIFY2(std::abs(*reading->same.quality - first) <= 1, qPrintable(QString::number(*reading->same.quality)));
    const auto table = ijgTable(first, false);
    int right = 0, heard = 0;
    for (const FirstSaveBand &band : reading->same.bands) {
        heard += band.gain > 0.05;
        right += band.gain > 0.05 && band.firstStep == table[std::size_t(band.place)];
    }
    // Where one step is a whole multiple of the other, several first steps explain what is left.
    QVERIFY2(heard >= 8 && 4 * right >= 3 * heard, qPrintable(u"%1 of %2"_s.arg(right).arg(heard)));
    DoubleJpegDetector detector;
    const auto result = runDetector(detector, clip);
    QCOMPARE(findingOf(*result, u"same-grid"_s).verdict, Verdict::Consistent);
}

void TestDoubleJpeg::aPlaceThatWasSavedOnceIsFound()
{
    cv::Mat picture = savedAs(texturedPicture(kSize, 5), {70});
    texturedPicture(kSize, 6)(kPlace).copyTo(picture(kPlace));
    const auto result = Saved(picture, 90).examine();
    QVERIFY(result);
    const Finding &finding = findingOf(*result, u"same-grid"_s);
    QCOMPARE(finding.verdict, Verdict::Suspicious);
    QVERIFY(finding.region && !finding.supports.isEmpty() && !finding.against.isEmpty());
    const cv::Rect2f truth(kPlace);
    QVERIFY((*finding.region & truth).area() > 0.85F * std::max(truth.area(), finding.region->area()));
    const HeatMap *map = mapOf(*result, u"same-grid"_s);
    QVERIFY(map);
    QVERIFY(agreement(*map, truth) > 0.9);
    QCOMPARE(findingOf(*result, u"other-grid"_s).verdict, Verdict::Inconclusive);
}

void TestDoubleJpeg::thePlaceIsFoundInATurnedPicture()
{
    cv::Mat picture = savedAs(texturedPicture(kSize, 7), {70});
    texturedPicture(kSize, 8)(kPlace).copyTo(picture(kPlace));
    BenchClip clip = Saved(picture, 90).clip();
    for (StreamFacts &stream : clip.facts.media.streams)
        stream.rotationDegrees = 90;
    DoubleJpegDetector detector;
    const auto result = runDetector(detector, clip);
    QVERIFY(result);
    const cv::Rect2f truth(float(kSize.height - kPlace.y - kPlace.height), float(kPlace.x), float(kPlace.height), float(kPlace.width));
    QVERIFY(agreement(*mapOf(*result, u"same-grid"_s), truth) > 0.9);
}

void TestDoubleJpeg::theEarlierGridIsFound_data()
{
    QTest::addColumn<QPoint>("crop");
    for (const QPoint crop : {QPoint(3, 5), QPoint(1, 1), QPoint(4, 7), QPoint(6, 0)})
        QTest::addRow("%d, %d", crop.x(), crop.y()) << crop;
}

void TestDoubleJpeg::theEarlierGridIsFound()
{
    QFETCH(QPoint, crop);
    const cv::Mat picture = savedAs(texturedPicture(kSize, 9), {70});
    const auto clip = Saved(picture(cv::Rect(crop.x(), crop.y(), 480, 384)).clone(), 90).clip();
    const auto reading = readDoubleJpeg(*clip.facts.jpeg, {}, {});
    QVERIFY(reading);
    QVERIFY(reading->other.seen && reading->other.map.mostSayYes);
    QCOMPARE(reading->other.saves.front().shift, cv::Point((8 - crop.x()) % 8, (8 - crop.y()) % 8));
    QVERIFY(reading->other.map.places.empty());
    QVERIFY(!reading->same.seen);
}

void TestDoubleJpeg::aPlaceFromAnotherGridIsFound()
{
    cv::Mat picture = texturedPicture(kSize, 10);
    const cv::Rect place = kPlace + cv::Point(3, 6);
    savedAs(texturedPicture(kSize, 11), {70})(kPlace).copyTo(picture(place));
    const auto result = Saved(picture, 92).examine();
    QVERIFY(result);
    const Finding &finding = findingOf(*result, u"other-grid"_s);
    QCOMPARE(finding.verdict, Verdict::Suspicious);
    QVERIFY(finding.summary.contains(u"(3, 6)"_s));
    const HeatMap *map = mapOf(*result, u"other-grid"_s);
    QVERIFY(map);
    const double f1 = agreement(*map, cv::Rect2f(place));
    QVERIFY2(f1 > 0.85, qPrintable(QString::number(f1)));
}

void TestDoubleJpeg::otherFilesAreNotApplicable()
{
    DoubleJpegDetector detector;
    const auto png = runDetector(detector, stillOf(texturedPicture(kSize, 12)));
    QVERIFY(!png);
    QCOMPARE(png.error().code, Errc::NotApplicable);
    BenchClip clip = Saved(texturedPicture(kSize, 12), 90).clip();
    clip.facts.media.still = false;
    const auto video = runDetector(detector, clip);
    QVERIFY(!video);
    QCOMPARE(video.error().code, Errc::NotApplicable);
    const auto tiny = Saved(texturedPicture({120, 120}, 12), 90).examine();
    QVERIFY(!tiny);
    QCOMPARE(tiny.error().code, Errc::NotApplicable);
    JpegFile empty;
    QCOMPARE(readDoubleJpeg(empty, {}, {}).error().code, Errc::NotApplicable);
}

void TestDoubleJpeg::aFlatPictureSaysNothing()
{
    const auto result = Saved(cv::Mat(kSize, CV_8UC3, cv::Scalar(90, 120, 100)), 90).examine();
    QVERIFY(result);
    for (const Finding &finding : result->findings)
        QCOMPARE(finding.verdict, Verdict::Inconclusive);
}

void TestDoubleJpeg::stopsWhenAsked()
{
    DoubleJpegDetector detector;
    const auto result = runDetector(detector, Saved(texturedPicture(kSize, 13), 90).clip(), stoppedJob());
    QVERIFY(!result);
    QCOMPARE(result.error().code, Errc::Cancelled);
}

void TestDoubleJpeg::theManifestIsValid()
{
    const auto manifest = manifestOf(u"detect/double_jpeg"_s);
    QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().text()));
    QCOMPARE(manifest->id, u"org.framewitness.double_jpeg"_s);
    QVERIFY(!manifest->onVideo);
}

QTEST_GUILESS_MAIN(TestDoubleJpeg)
#include "tst_double_jpeg.moc"
