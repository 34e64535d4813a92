// SPDX-License-Identifier: GPL-3.0-or-later
#include "metadata_observer.h"
#include "metadata_tables.h"
#include "plugin_bench.h"
#include "textures.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

class TestMetadata : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void aJpegShowsItsStructure();
    void bytesBehindTheEndAreCounted();
    void qualityIsExactOrNearest();
    void subsamplingHasItsUsualName();
    void containerTagsAreListedAsStored();
    void statementsAreCompared_data();
    void statementsAreCompared();
    void longValuesAreShortenedAndSaySo();
    void aBareFileGivesNoEmptyTables();
    void stopsWhenAsked();
    void aCameraPictureShowsItsTags();
    void theManifestIsValid();

private:
    QTemporaryDir m_folder;
};

void TestMetadata::aJpegShowsItsStructure()
{
    const QString path = m_folder.filePath(u"plain.jpg"_s);
    QVERIFY(cv::imwrite(path.toStdString(), texturedPicture({160, 120}, 1), {cv::IMWRITE_JPEG_QUALITY, 83}));
    const auto clip = readBenchClip(path);
    QVERIFY(clip);
    MetadataObserver observer;
    QVERIFY(observer.begin(clip->facts, {}));
    const auto measured = observer.finish(clip->ledger);
    QVERIFY(measured);
    const Table *facts = tableOf(measured.value(), u"jpeg.facts"_s);
    QVERIFY(facts);
    QCOMPARE(valueIn(facts, u"Luma table"_s).toString(), u"IJG quality 83"_s);
    QCOMPARE(valueIn(facts, u"Chroma table"_s).toString(), u"IJG quality 83"_s);
    QCOMPARE(valueIn(facts, u"Chroma subsampling"_s).toString(), u"4:2:0"_s);
    QCOMPARE(valueIn(facts, u"Size as coded"_s).toString(), u"160 x 120 px"_s);
    QCOMPARE(valueIn(facts, u"Bytes after the end marker"_s).toInt(), 0);
    QCOMPARE(valueIn(facts, u"Embedded thumbnail"_s).toString(), u"none"_s);
    const Table *markers = tableOf(measured.value(), u"jpeg.markers"_s);
    QVERIFY(markers);
    QCOMPARE(markers->rows.front().first().toString(), u"SOI"_s);
    QCOMPARE(markers->rows.back().first().toString(), u"EOI"_s);
    QCOMPARE(valueIn(markers, u"APP0"_s).toString(), u"JFIF"_s);
    const Table *tables = tableOf(measured.value(), u"jpeg.tables"_s);
    QVERIFY(tables);
    QCOMPARE(tables->rows.size(), 16u);
    QCOMPARE(tables->rows.front().at(2).toInt(), int(ijgTable(83, false)[0]));
}

void TestMetadata::bytesBehindTheEndAreCounted()
{
    const QString path = m_folder.filePath(u"longer.jpg"_s);
    QVERIFY(cv::imwrite(path.toStdString(), texturedPicture({64, 64}, 1)));
    QFile file(path);
    QVERIFY(file.open(QIODevice::Append));
    file.write("hidden");
    file.close();
    const auto jpeg = readJpeg(path, false);
    QVERIFY(jpeg);
    const Table facts = jpegFactTable(jpeg.value(), {});
    QCOMPARE(valueIn(&facts, u"Bytes after the end marker"_s).toInt(), 6);
}

void TestMetadata::qualityIsExactOrNearest()
{
    QCOMPARE(qualityText({92, 0.0}), u"IJG quality 92"_s);
    QCOMPARE(qualityText({95, 73.0}), u"custom table, nearest to IJG quality 95 (distance 73)"_s);
}

void TestMetadata::subsamplingHasItsUsualName()
{
    const auto name = [](int h, int v) {
        std::vector<JpegComponent> components(3);
        components[0].horizontalSampling = h;
        components[0].verticalSampling = v;
        return subsamplingName(components);
    };
    QCOMPARE(name(1, 1), u"4:4:4"_s);
    QCOMPARE(name(2, 1), u"4:2:2"_s);
    QCOMPARE(name(2, 2), u"4:2:0"_s);
    QCOMPARE(name(3, 1), u"3x1, 1x1, 1x1"_s);
    QVERIFY(subsamplingName(std::vector<JpegComponent>(1)).startsWith(u"none"_s));
    QCOMPARE(markerName(0xC2), u"SOF2"_s);
    QCOMPARE(markerName(0xEB), u"APP11"_s);
}

void TestMetadata::containerTagsAreListedAsStored()
{
    const QString path = m_folder.filePath(u"clip.mp4"_s);
    const QString fault = ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=64x64:rate=25:duration=0.2"_s,
                                  u"-c:v"_s, u"mpeg4"_s, u"-metadata"_s, u"title=A known title"_s, path});
    QVERIFY2(fault.isEmpty(), qPrintable(fault));
    const auto clip = readBenchClip(path);
    QVERIFY(clip);
    const Table tags = tagTable(clip->facts.media, *clip->facts.metadata);
    QCOMPARE(valueIn(&tags, u"title"_s, 1).toString(), u"A known title"_s);
    const Table streams = streamTable(clip->facts.media);
    QCOMPARE(valueIn(&streams, u"Declared frames"_s, 1).toInt(), 5);
    QVERIFY(valueIn(&streams, u"Pixel format"_s, 1).toString().startsWith(u"yuv420p"_s));
}

void TestMetadata::statementsAreCompared_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("about");
    QTest::addColumn<bool>("agree");
    const QString size = u"Picture size: EXIF, file"_s;
    const QString time = u"Time: taken, last changed"_s;
    QTest::newRow("same width") << u"Exif.Photo.PixelXDimension"_s << u"640"_s << size << true;
    QTest::newRow("cropped") << u"Exif.Photo.PixelXDimension"_s << u"4000"_s << size << false;
    QTest::newRow("same time") << u"Exif.Image.DateTime"_s << u"2020:05:01 12:00:00"_s << time << true;
    QTest::newRow("changed later") << u"Exif.Image.DateTime"_s << u"2021:05:01 12:00:00"_s << time << false;
}

void TestMetadata::statementsAreCompared()
{
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(QString, about);
    QFETCH(bool, agree);
    MediaFacts media;
    StreamFacts picture;
    picture.kind = StreamKind::Video;
    picture.codedWidth = 640;
    picture.codedHeight = 480;
    media.streams.push_back(picture);
    Metadata metadata;
    metadata.entries = {{key, value},
                        {u"Exif.Photo.PixelYDimension"_s, u"480"_s},
                        {u"Exif.Photo.DateTimeOriginal"_s, u"2020:05:01 12:00:00"_s}};
    const Table table = comparisonTable(media, metadata);
    QCOMPARE(valueIn(&table, about), QJsonValue(agree));
}

void TestMetadata::longValuesAreShortenedAndSaySo()
{
    Metadata metadata;
    metadata.entries = {{u"Exif.Photo.MakerNote"_s, QString(5000, u'7')}};
    const Table table = tagTable({}, metadata);
    const QString shown = table.rows.front().at(2).toString();
    QVERIFY(shown.size() < 400);
    QVERIFY(shown.endsWith(u"(5000 characters)"_s));
}

void TestMetadata::aBareFileGivesNoEmptyTables()
{
    MetadataObserver observer;
    QVERIFY(observer.begin({}, {}));
    const auto measured = observer.finish({});
    QVERIFY(measured);
    QVERIFY(measured->tables.empty());
}

void TestMetadata::stopsWhenAsked()
{
    MetadataObserver observer;
    const auto begun = observer.begin({}, stoppedJob());
    QVERIFY(!begun);
    QCOMPARE(begun.error().code, Errc::Cancelled);
}

void TestMetadata::aCameraPictureShowsItsTags()
{
    const QString path = shared(u"camera-photos/Nikon__D90__DSC_0010.jpg"_s);
    if (!QFileInfo::exists(path))
        QSKIP("the real material is not on this machine");
    const auto clip = readBenchClip(path);
    QVERIFY(clip);
    const Table tags = tagTable(clip->facts.media, *clip->facts.metadata);
    QVERIFY(valueIn(&tags, u"Exif.Image.Model"_s, 1).toString().contains(u"D90"_s));
}

void TestMetadata::theManifestIsValid()
{
    const auto manifest = manifestOf(u"observe/metadata"_s);
    QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().text()));
    QCOMPARE(manifest->kind, PluginKind::Observer);
    QCOMPARE(manifest->sampling.mode, Sampling::Mode::None);
}

QTEST_GUILESS_MAIN(TestMetadata)
#include "tst_metadata.moc"
