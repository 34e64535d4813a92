// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin_bench.h"
#include "textures.h"
#include "thumbnail_detector.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

const cv::Size kSize(960, 640);

/// A scene with objects, which thumbnails can be compared by.
cv::Mat scene(int seed)
{
    cv::Mat picture = texturedPicture(kSize, seed);
    cv::RNG random{std::uint64_t(seed) + 7};
    for (int i = 0; i < 40; ++i) {
        const cv::Point at(random.uniform(0, kSize.width), random.uniform(0, kSize.height));
        const cv::Scalar colour(random.uniform(0, 255), random.uniform(0, 255), random.uniform(0, 255));
        cv::circle(picture, at, random.uniform(20, 90), colour, cv::FILLED, cv::LINE_AA);
    }
    return picture;
}

QByteArray jpegOf(const cv::Mat &picture, int quality)
{
    std::vector<uchar> bytes;
    cv::imencode(".jpg", picture, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
    return {reinterpret_cast<const char *>(bytes.data()), qsizetype(bytes.size())};
}

QByteArray thumbnailOf(const cv::Mat &picture, bool withBars = false)
{
    cv::Mat small;
    cv::resize(picture, small, {160, 160 * picture.rows / picture.cols}, 0, 0, cv::INTER_AREA);
    if (withBars && small.rows < 120)
        cv::copyMakeBorder(small, small, (120 - small.rows) / 2, (121 - small.rows) / 2, 0, 0, cv::BORDER_CONSTANT);
    return jpegOf(small, 80);
}

Result<AnalysisResult> examine(const cv::Mat &upright, const QByteArray &thumbnail, int rotation = 0, cv::Size declared = {})
{
    BenchClip clip = stillOf(upright, rotation);
    Metadata metadata;
    metadata.thumbnail = thumbnail;
    if (!declared.empty()) {
        metadata.entries = {{u"Exif.Photo.PixelXDimension"_s, QString::number(declared.width)},
                            {u"Exif.Photo.PixelYDimension"_s, QString::number(declared.height)}};
    }
    clip.facts.metadata = std::make_shared<const Metadata>(metadata);
    ThumbnailDetector detector;
    return runDetector(detector, clip);
}

} // namespace

class TestThumbnail : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void anOwnThumbnailAgrees_data();
    void anOwnThumbnailAgrees();
    void aChangedPlaceIsFound();
    void aCropIsFound();
    void anotherPicturesThumbnailDoesNotFit_data();
    void anotherPicturesThumbnailDoesNotFit();
    void aTurnedPictureIsCompared_data();
    void aTurnedPictureIsCompared();
    void brokenAndMissingThumbnailsAreNotApplicable();
    void stopsWhenAsked();
    void theManifestIsValid();
};

void TestThumbnail::anOwnThumbnailAgrees_data()
{
    QTest::addColumn<bool>("bars");
    QTest::newRow("plain") << false;
    QTest::newRow("black bars") << true;
}

void TestThumbnail::anOwnThumbnailAgrees()
{
    QFETCH(bool, bars);
    for (int seed = 1; seed < 4; ++seed) {
        const cv::Mat picture = scene(seed);
        const auto result = examine(picture, thumbnailOf(picture, bars));
        QVERIFY(result);
        QCOMPARE(result->findings.front().verdict, Verdict::Consistent);
        QVERIFY(result->findings.front().score->value > 0.9);
        const QJsonValue table = valueIn(tableOf(result->measured, u"thumbnail"_s), u"Luma table of the thumbnail"_s);
        QCOMPARE(table.toString(), u"standard quality 80"_s);
    }
}

void TestThumbnail::aChangedPlaceIsFound()
{
    const cv::Mat before = scene(4);
    cv::Mat after = before.clone();
    const cv::Rect place(500, 200, 150, 140);
    after(place).setTo(cv::Scalar(70, 90, 80));
    const auto result = examine(after, thumbnailOf(before));
    QVERIFY(result);
    const Finding &finding = result->findings.front();
    QCOMPARE(finding.verdict, Verdict::Suspicious);
    QVERIFY(finding.region && !finding.supports.isEmpty() && !finding.against.isEmpty());
    const cv::Rect2f truth(place);
    QVERIFY((*finding.region & truth).area() > 0.5F * truth.area());
    QCOMPARE(result->measured.heatMaps.size(), std::size_t(1));
}

void TestThumbnail::aCropIsFound()
{
    const cv::Mat whole = scene(5);
    const cv::Rect crop(240, 120, 480, 360);
    const auto result = examine(whole(crop).clone(), thumbnailOf(whole));
    QVERIFY(result);
    QCOMPARE(result->findings.front().verdict, Verdict::Inconclusive);
    const auto comparison = compareThumbnail(*decodedThumbnail(thumbnailOf(whole)), whole(crop), {});
    QVERIFY(comparison);
    QCOMPARE(comparison->fit, ThumbnailFit::PictureCrop);
    const cv::Rect expected(40, 20, 80, 60);
    QVERIFY(std::abs(comparison->match.x - expected.x) <= 2 && std::abs(comparison->match.y - expected.y) <= 2);
    QVERIFY(std::abs(comparison->match.width - expected.width) <= 3 && std::abs(comparison->match.height - expected.height) <= 3);
}

void TestThumbnail::anotherPicturesThumbnailDoesNotFit_data()
{
    QTest::addColumn<QSize>("declared");
    QTest::addColumn<bool>("square");
    QTest::addColumn<Verdict>("verdict");
    QTest::newRow("size as in EXIF") << QSize(kSize.width, kSize.height) << false << Verdict::Suspicious;
    QTest::newRow("size as in EXIF, turned") << QSize(kSize.height, kSize.width) << false << Verdict::Suspicious;
    QTest::newRow("size as in EXIF, other shape") << QSize(kSize.height, kSize.height) << true << Verdict::Inconclusive;
    QTest::newRow("cropped from a larger one") << QSize(4000, 3000) << false << Verdict::Inconclusive;
    QTest::newRow("no size in EXIF") << QSize() << false << Verdict::Inconclusive;
}

void TestThumbnail::anotherPicturesThumbnailDoesNotFit()
{
    QFETCH(QSize, declared);
    QFETCH(bool, square);
    QFETCH(Verdict, verdict);
    const cv::Size size = declared.isValid() ? cv::Size(declared.width(), declared.height()) : cv::Size();
    const auto result = examine(square ? scene(6)(cv::Rect(0, 0, kSize.height, kSize.height)).clone() : scene(6), thumbnailOf(scene(7)), 0, size);
    QVERIFY(result);
    QCOMPARE(result->findings.front().verdict, verdict);
    QVERIFY(result->measured.heatMaps.empty());
}

void TestThumbnail::aTurnedPictureIsCompared_data()
{
    QTest::addColumn<bool>("uprightThumbnail");
    QTest::newRow("thumbnail as coded") << false;
    QTest::newRow("thumbnail upright") << true;
}

void TestThumbnail::aTurnedPictureIsCompared()
{
    QFETCH(bool, uprightThumbnail);
    cv::Mat coded = scene(8), before = coded.clone(), upright, uprightBefore;
    coded(cv::Rect(100, 400, 160, 150)).setTo(cv::Scalar(200, 60, 40));
    cv::rotate(coded, upright, cv::ROTATE_90_CLOCKWISE);
    cv::rotate(before, uprightBefore, cv::ROTATE_90_CLOCKWISE);
    const auto result = examine(upright, thumbnailOf(uprightThumbnail ? uprightBefore : before), 90);
    QVERIFY(result);
    const Finding &finding = result->findings.front();
    QCOMPARE(finding.verdict, Verdict::Suspicious);
    const cv::Rect2f truth(float(kSize.height - 550), 100, 150, 160);
    QVERIFY((*finding.region & truth).area() > 0.5F * truth.area());
}

void TestThumbnail::brokenAndMissingThumbnailsAreNotApplicable()
{
    const cv::Mat picture = scene(9);
    QCOMPARE(examine(picture, {}).error().code, Errc::NotApplicable);
    QCOMPARE(examine(picture, "no picture"_ba).error().code, Errc::NotApplicable);
    QCOMPARE(examine(picture, thumbnailOf(picture).left(60)).error().code, Errc::NotApplicable);
    QCOMPARE(examine(picture, jpegOf(cv::Mat(20, 30, CV_8UC3, cv::Scalar::all(9)), 80)).error().code, Errc::NotApplicable);
    QVERIFY(!decodedThumbnail(QByteArray(2 << 20, '\xff')));
}

void TestThumbnail::stopsWhenAsked()
{
    const cv::Mat picture = scene(10);
    BenchClip clip = stillOf(picture);
    Metadata metadata;
    metadata.thumbnail = thumbnailOf(picture);
    clip.facts.metadata = std::make_shared<const Metadata>(metadata);
    ThumbnailDetector detector;
    const auto result = runDetector(detector, clip, stoppedJob());
    QVERIFY(!result);
    QCOMPARE(result.error().code, Errc::Cancelled);
}

void TestThumbnail::theManifestIsValid()
{
    const auto manifest = manifestOf(u"detect/thumbnail"_s);
    QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().text()));
    QCOMPARE(manifest->id, u"org.framewitness.thumbnail"_s);
    QVERIFY(!manifest->onVideo);
}

QTEST_GUILESS_MAIN(TestThumbnail)
#include "tst_thumbnail.moc"
