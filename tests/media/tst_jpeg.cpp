// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/jpeg.h"
#include "media/metadata.h"

#include "test_data.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

/// A smooth gradient with detail on top: every band of the transform is in use.
cv::Mat testPicture(int width, int height, int type)
{
    cv::Mat picture(height, width, type);
    cv::RNG random(42);
    random.fill(picture, cv::RNG::UNIFORM, 40, 210);
    cv::GaussianBlur(picture, picture, {}, 1.1);
    return picture;
}

/// Textbook inverse transform of one dequantised block, in doubles.
void inverseDct(const double in[64], double out[64])
{
    for (int y = 0; y < 8; ++y) {
        for (int x = 0; x < 8; ++x) {
            double sum = 0.0;
            for (int v = 0; v < 8; ++v) {
                for (int u = 0; u < 8; ++u) {
                    const double cu = u == 0 ? std::sqrt(0.125) : 0.5;
                    const double cv = v == 0 ? std::sqrt(0.125) : 0.5;
                    sum += cu * cv * in[v * 8 + u] * std::cos((2 * x + 1) * u * M_PI / 16)
                           * std::cos((2 * y + 1) * v * M_PI / 16);
                }
            }
            out[y * 8 + x] = sum + 128.0;
        }
    }
}

/// A TIFF block with one orientation tag, as the payload of an APP1 segment.
QByteArray exifSegment(int orientation)
{
    QByteArray tiff("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", 18);
    tiff += char(orientation);
    tiff += QByteArray("\0\0\0\0\0\0\0", 7);
    const QByteArray payload = QByteArray("Exif\0\0", 6) + tiff;
    const int length = int(payload.size()) + 2;
    return QByteArray("\xFF\xE1") + char(length >> 8) + char(length & 0xFF) + payload;
}

} // namespace

class TestJpeg : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void everyIjgQualityIsRecovered();
    void aForeignTableHasADistance();
    void coefficientsRebuildThePicture();
    void markersAndTrailingBytesAreListed();
    void progressiveAndOptimisedFilesAreRecognised();
    void exifIsRead();
    void aFileWithoutMetadataGivesNone();
    void truncatedFilesNeverCrash();
    void flippedBytesNeverCrash();
    void aFileThatIsNoJpegSaysSo();

private:
    QString write(const QString &name, const QByteArray &bytes)
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write the test file");
        return file.fileName();
    }
    QByteArray encode(const cv::Mat &picture, std::vector<int> options)
    {
        std::vector<uchar> bytes;
        cv::imencode(".jpg", picture, bytes, options);
        return {reinterpret_cast<const char *>(bytes.data()), qsizetype(bytes.size())};
    }
    QTemporaryDir m_folder;
};

void TestJpeg::everyIjgQualityIsRecovered()
{
    const cv::Mat picture = testPicture(32, 32, CV_8UC3);
    for (int quality = 1; quality <= 100; ++quality) {
        const auto file = readJpeg(
            write(u"q.jpg"_s, encode(picture, {cv::IMWRITE_JPEG_QUALITY, quality})), false);
        QVERIFY2(file, file ? "" : qPrintable(file.error().text()));
        QVERIFY(file->lumaQuality());
        QCOMPARE(file->lumaQuality()->quality, quality);
        QCOMPARE(file->lumaQuality()->distance, 0.0);
        QVERIFY(file->chromaQuality());
        QCOMPARE(file->chromaQuality()->distance, 0.0);
        if (quality > 3) // below, coarse chroma tables are all one and the same
            QCOMPARE(file->chromaQuality()->quality, quality);
        QCOMPARE(*file->tables[0], ijgTable(quality, false));
    }
}

void TestJpeg::aForeignTableHasADistance()
{
    auto table = ijgTable(80, false);
    table[10] += 3;
    const QualityEstimate estimate = estimateQuality(table, false);
    QCOMPARE(estimate.quality, 80);
    QCOMPARE(estimate.distance, 3.0);
}

void TestJpeg::coefficientsRebuildThePicture()
{
    const QString path = write(u"grey.jpg"_s, encode(testPicture(101, 77, CV_8UC1),
                                                     {cv::IMWRITE_JPEG_QUALITY, 85}));
    const cv::Mat decoded = cv::imread(path.toStdString(), cv::IMREAD_GRAYSCALE);
    const auto file = readJpeg(path, true);
    QVERIFY(file);
    QCOMPARE(file->width, 101);
    QCOMPARE(file->height, 77);
    QCOMPARE(int(file->components.size()), 1);
    const cv::Mat &coefficients = file->components[0].coefficients;
    QCOMPARE(coefficients.cols, 104);
    QCOMPARE(coefficients.rows, 80);
    double worst = 0.0;
    for (int by = 0; by < 10; ++by) {
        for (int bx = 0; bx < 13; ++bx) {
            double in[64], out[64];
            for (int i = 0; i < 64; ++i)
                in[i] = double(coefficients.at<short>(by * 8 + i / 8, bx * 8 + i % 8))
                        * (*file->tables[0])[std::size_t(i)];
            inverseDct(in, out);
            for (int i = 0; i < 64; ++i) {
                const int x = bx * 8 + i % 8, y = by * 8 + i / 8;
                if (x < 101 && y < 77)
                    worst = std::max(worst, std::abs(std::clamp(out[i], 0.0, 255.0)
                                                     - decoded.at<uchar>(y, x)));
            }
        }
    }
    QVERIFY2(worst <= 1.0, qPrintable(QString::number(worst)));
}

void TestJpeg::markersAndTrailingBytesAreListed()
{
    QByteArray bytes = encode(testPicture(64, 48, CV_8UC3), {cv::IMWRITE_JPEG_QUALITY, 90,
                                                             cv::IMWRITE_JPEG_RST_INTERVAL, 2});
    const qsizetype clean = bytes.size();
    bytes += "seventeen bytes..";
    const auto file = readJpeg(write(u"m.jpg"_s, bytes), false);
    QVERIFY(file);
    QCOMPARE(file->bytesAfterEnd, 17);
    QCOMPARE(file->restartInterval, 2);
    QCOMPARE(file->markers.front().code, 0xD8);
    QCOMPARE(file->markers.back().code, 0xD9);
    QCOMPARE(file->markers.back().offset, clean - 2);
    QCOMPARE(file->markers[1].identifier, u"JFIF"_s);
    for (const JpegMarker &marker : file->markers) // the walk and the file agree on every place
        QCOMPARE(int(uchar(bytes.at(marker.offset + 1))), marker.code);
    QVERIFY(file->components[0].coefficients.empty());
    QVERIFY(file->warnings.isEmpty());
}

void TestJpeg::progressiveAndOptimisedFilesAreRecognised()
{
    const cv::Mat picture = testPicture(64, 48, CV_8UC3);
    const auto plain = readJpeg(write(u"a.jpg"_s, encode(picture, {})), true);
    QVERIFY(plain);
    QVERIFY(!plain->progressive);
    QVERIFY(!plain->optimizedHuffman);
    QCOMPARE(plain->components[0].horizontalSampling, 2);
    const auto optimised = readJpeg(
        write(u"b.jpg"_s, encode(picture, {cv::IMWRITE_JPEG_OPTIMIZE, 1})), true);
    QVERIFY(optimised);
    QVERIFY(optimised->optimizedHuffman);
    const auto progressive = readJpeg(
        write(u"c.jpg"_s, encode(picture, {cv::IMWRITE_JPEG_PROGRESSIVE, 1})), true);
    QVERIFY(progressive);
    QVERIFY(progressive->progressive);
    // The same picture: however it is written, the coefficients are the same.
    for (std::size_t i = 0; i < 3; ++i) {
        QCOMPARE(cv::norm(plain->components[i].coefficients, progressive->components[i].coefficients,
                          cv::NORM_INF), 0.0);
        QCOMPARE(cv::norm(plain->components[i].coefficients, optimised->components[i].coefficients,
                          cv::NORM_INF), 0.0);
    }
}

void TestJpeg::exifIsRead()
{
    QByteArray bytes = encode(testPicture(64, 48, CV_8UC3), {});
    bytes.insert(2, exifSegment(6));
    const auto metadata = readMetadata(write(u"exif.jpg"_s, bytes));
    QVERIFY(metadata);
    QCOMPARE(metadata->value(u"Exif.Image.Orientation"_s).value_or(QString()), u"6"_s);
    QVERIFY(!metadata->value(u"Exif.Image.Model"_s));
}

void TestJpeg::aFileWithoutMetadataGivesNone()
{
    const auto metadata = readMetadata(write(u"bare.jpg"_s, encode(testPicture(64, 48, CV_8UC3), {})));
    QVERIFY(metadata);
    QVERIFY(metadata->entries.empty());
    QVERIFY(!metadata->thumbnailWidth);
    const auto text = readMetadata(write(u"note.txt"_s, "no picture at all"));
    QVERIFY(text);
    QVERIFY(text->entries.empty());
    QVERIFY(!readMetadata(m_folder.filePath(u"missing.jpg"_s)));
}

void TestJpeg::truncatedFilesNeverCrash()
{
    QByteArray bytes = encode(testPicture(64, 48, CV_8UC3), {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
    bytes.insert(2, exifSegment(6));
    for (qsizetype n = 0; n < bytes.size(); n += 7) {
        const QString path = write(u"cut.jpg"_s, bytes.first(n));
        const auto file = readJpeg(path, true);
        if (file)
            QVERIFY2(!file->warnings.isEmpty(), qPrintable(QString::number(n)));
        else
            QVERIFY(file.error().text().contains(u"cut.jpg"_s));
        QVERIFY(readMetadata(path)); // unreadable blocks are warnings
    }
}

void TestJpeg::flippedBytesNeverCrash()
{
    const QByteArray bytes = encode(testPicture(64, 48, CV_8UC3), {});
    for (qsizetype i = 2; i < std::min<qsizetype>(bytes.size(), 700); ++i) {
        QByteArray bad = bytes;
        bad[i] = char(bad[i] ^ 0xFF);
        const auto file = readJpeg(write(u"flip.jpg"_s, bad), true);
        if (file)
            QVERIFY(file->width > 0 && file->height > 0);
        else
            QVERIFY(!file.error().what.isEmpty());
    }
}

void TestJpeg::aFileThatIsNoJpegSaysSo()
{
    const auto file = readJpeg(write(u"x.jpg"_s, "GIF89a not a JPEG"), true);
    QVERIFY(!file);
    QCOMPARE(file.error().code, Errc::BadData);
    QVERIFY(file.error().text().contains(u"x.jpg"_s));
    QCOMPARE(readJpeg(m_folder.filePath(u"missing"_s), true).error().code, Errc::NotFound);
}

QTEST_GUILESS_MAIN(TestJpeg)
#include "tst_jpeg.moc"
