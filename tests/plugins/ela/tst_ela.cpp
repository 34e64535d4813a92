// SPDX-License-Identifier: GPL-3.0-or-later
#include "ela.h"
#include "ela_detector.h"
#include "plugin_bench.h"
#include "textures.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

const cv::Size kSize(400, 300);

JobContext jobAt(int quality)
{
    JobContext job;
    job.options = QJsonObject{{u"quality"_s, quality}, {u"gain"_s, 20.0}};
    return job;
}

double meanInside(const HeatMap &map, const cv::Rect &pixels)
{
    const double scale = double(map.values.cols) / double(map.region.width);
    const cv::Rect cells(int(pixels.x * scale), int(pixels.y * scale), int(pixels.width * scale),
                         int(pixels.height * scale));
    return cv::mean(map.values(cells))[0];
}

} // namespace

class TestEla : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void anUneditedFileIsNearZeroAtItsOwnQuality();
    void aFreshPasteIsBrighterThanTheRest();
    void largePicturesGetLargerCells();
    void itShowsAndNeverClaims();
    void aTurnedPictureIsSavedAsItWasCoded();
    void anEmptyPictureIsAnError();
    void stopsWhenAsked();
    void theManifestIsValid();
};

void TestEla::anUneditedFileIsNearZeroAtItsOwnQuality()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"plain.jpg"_s);
    QVERIFY(cv::imwrite(path.toStdString(), texturedPicture(kSize, 1), {cv::IMWRITE_JPEG_QUALITY, 90}));
    const auto clip = readBenchClip(path);
    QVERIFY(clip);
    const auto own = errorLevels(clip->bundles.front().frame->bgr, 90);
    QVERIFY(own);
    QVERIFY2(own->mean < 1.0, qPrintable(QString::number(own->mean)));
    const auto other = errorLevels(clip->bundles.front().frame->bgr, 70);
    QVERIFY(other);
    QVERIFY2(other->mean > 2.0 * own->mean, qPrintable(QString::number(other->mean)));
}

void TestEla::aFreshPasteIsBrighterThanTheRest()
{
    const cv::Rect place(96, 64, 96, 96);
    cv::Mat picture = savedAt(texturedPicture(kSize, 2), 90);
    texturedPicture(kSize, 3)(place).copyTo(picture(place)); // was never saved
    ElaDetector detector;
    const auto result = runDetector(detector, stillOf(picture), jobAt(90));
    QVERIFY(result);
    const HeatMap &map = result->measured.heatMaps.front();
    QCOMPARE(map.unit, u"grey levels"_s);
    QCOMPARE(map.high, 255.0 / 20.0);
    QVERIFY(meanInside(map, place) > 3.0 * meanInside(map, {240, 64, 96, 96}));
}

void TestEla::largePicturesGetLargerCells()
{
    const auto levels = errorLevels(texturedPicture({5001, 64}, 4), 90);
    QVERIFY(levels);
    QVERIFY(levels->means.cols <= 1200);
    QCOMPARE(levels->covered.width, float(levels->means.cols * levels->cell));
    QVERIFY(levels->covered.width <= 5001.0f);
}

void TestEla::itShowsAndNeverClaims()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"clip.mp4"_s);
    const QString fault = ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=160x120:rate=25:duration=0.16"_s,
                                  u"-c:v"_s, u"libx264"_s, u"-pix_fmt"_s, u"yuv420p"_s, path});
    QVERIFY2(fault.isEmpty(), qPrintable(fault));
    const auto clip = readBenchClip(path);
    QVERIFY(clip);
    ElaDetector detector;
    const auto result = runDetector(detector, clip.value(), jobAt(90));
    QVERIFY(result);
    QVERIFY(result->findings.empty());
    QCOMPARE(result->measured.heatMaps.size(), clip->bundles.size());
    QCOMPARE(tableOf(result->measured, u"levels"_s)->rows.size(), clip->bundles.size());
}

void TestEla::aTurnedPictureIsSavedAsItWasCoded()
{
    const cv::Mat coded = savedAt(texturedPicture({404, 300}, 5), 90); // 4 px beyond whole blocks
    cv::Mat upright;
    cv::rotate(coded, upright, cv::ROTATE_90_CLOCKWISE);
    ElaDetector detector;
    const auto result = runDetector(detector, stillOf(upright, 90), jobAt(90));
    QVERIFY(result);
    const HeatMap &map = result->measured.heatMaps.front();
    QCOMPARE(map.values.cols, 75);
    QCOMPARE(map.values.rows, 101);
    QVERIFY(cv::mean(map.values)[0] < 1.0);
}

void TestEla::anEmptyPictureIsAnError()
{
    const auto levels = errorLevels({}, 90);
    QVERIFY(!levels);
    QCOMPARE(levels.error().code, Errc::BadData);
}

void TestEla::stopsWhenAsked()
{
    JobContext job = stoppedJob();
    job.options = jobAt(90).options;
    ElaDetector detector;
    const auto result = runDetector(detector, stillOf(texturedPicture(kSize, 1)), job);
    QVERIFY(!result);
    QCOMPARE(result.error().code, Errc::Cancelled);
}

void TestEla::theManifestIsValid()
{
    const auto manifest = manifestOf(u"detect/ela"_s);
    QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().text()));
    QVERIFY(manifest->viewerOnly);
    QCOMPARE(manifest->defaultOptions().value(u"quality"_s).toInt(), 90);
}

QTEST_GUILESS_MAIN(TestEla)
#include "tst_ela.moc"
