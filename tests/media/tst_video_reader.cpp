// SPDX-License-Identifier: GPL-3.0-or-later
#include "clips.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>

using namespace fw;
using namespace fw::test;

namespace {

/// A HEIC photo, left half red, right half blue. @return an empty string or the reason.
QString makeHeic(const QString &path)
{
    const QString png = path + u".png"_s;
    const QString drawn = ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"color=red:size=90x70,drawbox=x=45:w=45:color=blue:t=fill"_s,
                                  u"-frames:v"_s, u"1"_s, png});
    if (!drawn.isEmpty())
        return drawn;
    QProcess encoder;
    encoder.setProcessChannelMode(QProcess::MergedChannels);
    encoder.start(u"heif-enc"_s, {u"-q"_s, u"95"_s, u"-o"_s, path, png});
    if (!encoder.waitForFinished(60000) || encoder.exitCode() != 0 || !QFile::exists(path))
        return u"no HEIC file: heif-enc (package libheif-examples) is missing or failed"_s;
    return {};
}

} // namespace

class TestVideoReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void framesComeInOrderWithTheirTimes();
    void coloursAreRight_data();
    void coloursAreRight();
    void rotationMakesThePictureUpright();
    void threadsDoNotChangeAnything();
    void pixelsCanBeSwitchedOff();
    void motionAndQuantisersAreExported();
    void aStillIsAClipOfOneFrame_data();
    void aStillIsAClipOfOneFrame();
    void aHeicPhotoIsReadAsItIsShown();
    void aBrokenHeicSaysSo();
    void missingThingsAreNamed();

private:
    QString at(const QString &name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

void TestVideoReader::initTestCase()
{
    QCOMPARE(ffmpeg(movingPicture(u"160x120"_s, 25, 2.0)
                    + QStringList{u"-c:v"_s, u"libx264"_s, u"-bf"_s, u"3"_s, u"-g"_s, u"12"_s,
                                  u"-threads"_s, u"1"_s, at(u"b.mp4"_s)}), QString());
}

void TestVideoReader::framesComeInOrderWithTheirTimes()
{
    const std::int64_t before = VideoReader::picturesDecoded();
    const FullRead all = readAll(at(u"b.mp4"_s));
    QVERIFY2(!all.error, all.error ? qPrintable(all.error->text()) : "");
    QCOMPARE(int(all.pictures.size()), 50);
    QCOMPARE(VideoReader::picturesDecoded() - before, 50);
    QCOMPARE(all.facts.video()->codec, u"h264"_s);
    QVERIFY(all.facts.video()->hasBFrames);
    const double tick = all.facts.video()->timeBase.toDouble();
    bool sawB = false;
    for (std::size_t i = 0; i < all.pictures.size(); ++i) {
        const DecodedPicture &p = all.pictures[i];
        QCOMPARE(p.index, FrameIndex(i));
        QVERIFY(std::abs(double(p.ledger.pts - all.pictures[0].ledger.pts) * tick - double(i) / 25) < 1e-6);
        QVERIFY(p.ledger.packetBytes > 0);
        QVERIFY(i == 0 || p.ledger.planes != all.pictures[i - 1].ledger.planes);
        sawB = sawB || p.ledger.pictureType == 'B';
    }
    QVERIFY(sawB);
    QCOMPARE(all.pictures[0].ledger.pictureType, 'I');
    QVERIFY(all.pictures[0].ledger.keyFrame);
}

void TestVideoReader::coloursAreRight_data()
{
    QTest::addColumn<QStringList>("encoding");
    QTest::addColumn<QString>("size");
    const QStringList x264{u"-c:v"_s, u"libx264"_s, u"-qp"_s, u"4"_s};
    // setparams says what the conversion was made with; the file then declares it.
    const auto matrix = [](const QString &name, const QString &range) {
        return QStringList{u"-vf"_s, u"scale=out_color_matrix=%1:out_range=%2,format=yuv444p"_s.arg(name, range),
                           u"-colorspace"_s, name == u"bt601"_s ? u"smpte170m"_s : name,
                           u"-color_range"_s, range};
    };
    QTest::newRow("bt709 limited") << x264 + matrix(u"bt709"_s, u"tv"_s) << u"96x64"_s;
    QTest::newRow("bt601 limited") << x264 + matrix(u"bt601"_s, u"tv"_s) << u"96x64"_s;
    QTest::newRow("bt709 full") << x264 + matrix(u"bt709"_s, u"pc"_s) << u"96x64"_s;
    QTest::newRow("unspecified, small: 601")
        << x264 + QStringList{u"-vf"_s, u"scale=out_color_matrix=bt601,format=yuv420p"_s} << u"96x64"_s;
    QTest::newRow("unspecified, large: 709")
        << x264 + QStringList{u"-vf"_s, u"scale=out_color_matrix=bt709,format=yuv420p"_s} << u"1280x720"_s;
    QTest::newRow("odd size")
        << QStringList{u"-c:v"_s, u"libx264"_s, u"-qp"_s, u"4"_s, u"-vf"_s,
                       u"scale=101:77:out_color_matrix=bt601,format=yuv444p"_s} << u"101x77"_s;
    QTest::newRow("ten bits")
        << x264 + QStringList{u"-vf"_s, u"scale=out_color_matrix=bt601,format=yuv420p10le"_s} << u"96x64"_s;
    QTest::newRow("palette") << QStringList{u"-c:v"_s, u"png"_s, u"-vf"_s,
                       u"split[a][b];[a]palettegen[p];[b][p]paletteuse"_s} << u"96x64"_s;
    QTest::newRow("alpha") << QStringList{u"-c:v"_s, u"png"_s, u"-pix_fmt"_s, u"rgba"_s} << u"96x64"_s;
}

void TestVideoReader::coloursAreRight()
{
    QFETCH(QStringList, encoding);
    QFETCH(QString, size);
    const QString path = at(u"colour.mkv"_s);
    const QStringList picture{u"-f"_s, u"lavfi"_s, u"-i"_s,
                                       u"color=0xC04820:size=%1:rate=5:duration=0.4"_s.arg(size)};
    QCOMPARE(ffmpeg(picture + encoding + QStringList{path}), QString());
    const FullRead all = readAll(path);
    QVERIFY2(!all.error, all.error ? qPrintable(all.error->text()) : "");
    QCOMPARE(int(all.pictures.size()), 2);
    const cv::Mat &bgr = all.pictures[0].bgr;
    QCOMPARE(u"%1x%2"_s.arg(bgr.cols).arg(bgr.rows), size);
    QVERIFY(bgr.isContinuous());
    for (const cv::Point point : {cv::Point(0, 0), cv::Point(bgr.cols / 2, bgr.rows / 2),
                                  cv::Point(bgr.cols - 1, bgr.rows - 1)}) {
        const cv::Vec3b pixel = bgr.at<cv::Vec3b>(point);
        const QString seen = u"%1 %2 %3"_s.arg(pixel[0]).arg(pixel[1]).arg(pixel[2]);
        QVERIFY2(std::abs(pixel[0] - 0x20) <= 4 && std::abs(pixel[1] - 0x48) <= 4
                     && std::abs(pixel[2] - 0xC0) <= 4, qPrintable(seen));
    }
}

void TestVideoReader::rotationMakesThePictureUpright()
{
    // Red on the left half, as coded; a quarter turn clockwise brings it to the top.
    QCOMPARE(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"color=blue:size=64x32:rate=5:duration=0.4"_s,
                     u"-vf"_s, u"drawbox=0:0:32:32:red:fill"_s, u"-c:v"_s, u"libx264"_s, u"-qp"_s,
                     u"4"_s, u"-pix_fmt"_s, u"yuv420p"_s, at(u"flat.mp4"_s)}), QString());
    QFile file(at(u"flat.mp4"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QByteArray bytes = file.readAll();
    const qsizetype header = bytes.indexOf("tkhd");
    QVERIFY(header > 0);
    const qint32 matrix[5] = {0, 0x10000, 0, -0x10000, 0}; // x' = -y, y' = x: ISO 14496-12, 6.2.2
    for (qsizetype i = 0; i < 5; ++i)
        qToBigEndian(matrix[i], bytes.data() + header + 44 + i * 4);
    QFile copy(at(u"turned.mp4"_s));
    QVERIFY(copy.open(QIODevice::WriteOnly) && copy.write(bytes) == bytes.size());
    copy.close();
    const FullRead flat = readAll(at(u"flat.mp4"_s));
    const FullRead turned = readAll(at(u"turned.mp4"_s));
    QVERIFY(!flat.error && !turned.error);
    QCOMPARE(turned.facts.video()->rotationDegrees, 90);
    QCOMPARE(turned.facts.video()->width, 32);
    QCOMPARE(turned.facts.video()->codedWidth, 64);
    const cv::Mat &bgr = turned.pictures[0].bgr;
    QCOMPARE(bgr.size(), cv::Size(32, 64));
    QVERIFY(bgr.at<cv::Vec3b>(8, 16)[2] > 200); // red above
    QVERIFY(bgr.at<cv::Vec3b>(56, 16)[0] > 200); // blue below
    // The planes are the evidence and stay as coded.
    QCOMPARE(turned.pictures[0].ledger.planes, flat.pictures[0].ledger.planes);
}

void TestVideoReader::threadsDoNotChangeAnything()
{
    const FullRead one = readAll(at(u"b.mp4"_s), {.threads = 1});
    const FullRead four = readAll(at(u"b.mp4"_s), {.threads = 4});
    QVERIFY(!one.error && !four.error);
    QCOMPARE(one.pictures.size(), four.pictures.size());
    for (std::size_t i = 0; i < one.pictures.size(); ++i) {
        QCOMPARE(one.pictures[i].ledger, four.pictures[i].ledger);
        QCOMPARE(cv::norm(one.pictures[i].bgr, four.pictures[i].bgr, cv::NORM_INF), 0.0);
    }
}

void TestVideoReader::pixelsCanBeSwitchedOff()
{
    auto reader = VideoReader::open(at(u"b.mp4"_s), {});
    QVERIFY(reader);
    QVERIFY(!(*reader)->next().value()->bgr.empty());
    (*reader)->wantPixels(false);
    const auto second = (*reader)->next();
    QVERIFY(second.value()->bgr.empty());
    QVERIFY(second.value()->ledger.planes != Sha256{});
    (*reader)->wantPixels(true);
    QVERIFY(!(*reader)->next().value()->bgr.empty());
}

void TestVideoReader::motionAndQuantisersAreExported()
{
    QCOMPARE(ffmpeg(movingPicture(u"160x120"_s, 25, 0.4)
                    + QStringList{u"-c:v"_s, u"libx264"_s, u"-qp"_s, u"26"_s, u"-bf"_s, u"0"_s,
                                  u"-threads"_s, u"1"_s, at(u"qp.mp4"_s)}), QString());
    const FullRead all = readAll(at(u"qp.mp4"_s), {.coding = true});
    QVERIFY(!all.error);
    QVERIFY(all.pictures[0].coding.motion.empty());
    QVERIFY(!all.pictures[3].coding.motion.empty());
    QCOMPARE(all.pictures[3].coding.qpMean.value(), 26.f); // constant quantiser of P pictures
    QCOMPARE(all.pictures[3].coding.qpMin.value(), 26.f);
    QVERIFY(codingSupport("h264").motionVectors);
    const FullRead plain = readAll(at(u"qp.mp4"_s));
    QVERIFY(!plain.pictures[3].coding.qpMean); // not asked for: missing, not zero
}

void TestVideoReader::aStillIsAClipOfOneFrame_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"s.jpg", "s.png", "s.tiff", "s.webp", "s.bmp", "s.gif", "photo7.jpg"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TestVideoReader::aStillIsAClipOfOneFrame()
{
    QFETCH(QString, name);
    QCOMPARE(ffmpeg(movingPicture(u"90x70"_s, 5, 0.2)
                    + QStringList{u"-frames:v"_s, u"1"_s, at(name)}), QString());
    const auto facts = probe(at(name));
    QVERIFY2(facts, facts ? "" : qPrintable(facts.error().text()));
    QVERIFY(facts->still);
    QVERIFY(!facts->durationSeconds);
    const FullRead all = readAll(at(name));
    QVERIFY2(!all.error, all.error ? qPrintable(all.error->text()) : "");
    QCOMPARE(int(all.pictures.size()), 1);
    QCOMPARE(all.pictures[0].bgr.size(), cv::Size(90, 70));
}

void TestVideoReader::aHeicPhotoIsReadAsItIsShown()
{
    const QString problem = makeHeic(at(u"s.heic"_s));
    if (!problem.isEmpty())
        QSKIP(qPrintable(problem));
    const auto facts = probe(at(u"s.heic"_s));
    QVERIFY2(facts, facts ? "" : qPrintable(facts.error().text()));
    QVERIFY(facts->still);
    QVERIFY(!facts->durationSeconds);
    QCOMPARE(facts->container, u"heif"_s);
    QCOMPARE(facts->video()->codec, u"hevc"_s);
    QCOMPARE(facts->video()->rotationDegrees, 0);
    const FullRead all = readAll(at(u"s.heic"_s)), again = readAll(at(u"s.heic"_s));
    QVERIFY2(!all.error, all.error ? qPrintable(all.error->text()) : "");
    QCOMPARE(int(all.pictures.size()), 1);
    QCOMPARE(all.pictures[0].bgr.size(), cv::Size(90, 70));
    QCOMPARE(all.pictures[0].ledger.packetBytes, 0); // not known, so not claimed
    QVERIFY(all.pictures[0].ledger.planes == again.pictures[0].ledger.planes);
    // Left half red, right half blue.
    const cv::Vec3b left = all.pictures[0].bgr.at<cv::Vec3b>(35, 10), right = all.pictures[0].bgr.at<cv::Vec3b>(35, 80);
    QVERIFY2(left[2] > 220 && left[0] < 30, qPrintable(QString::number(left[2])));
    QVERIFY2(right[0] > 220 && right[2] < 30, qPrintable(QString::number(right[0])));
}

void TestVideoReader::aBrokenHeicSaysSo()
{
    if (const QString problem = makeHeic(at(u"whole.heic"_s)); !problem.isEmpty())
        QSKIP(qPrintable(problem));
    QFile whole(at(u"whole.heic"_s)), part(at(u"part.heic"_s));
    QVERIFY(whole.open(QIODevice::ReadOnly) && part.open(QIODevice::WriteOnly));
    const QByteArray bytes = whole.readAll();
    for (const qsizetype size : {qsizetype(40), bytes.size() / 3, bytes.size() - 100}) {
        QVERIFY(part.resize(0) && part.seek(0));
        part.write(bytes.first(size));
        part.flush();
        const auto facts = probe(part.fileName());
        QVERIFY(!facts);
        QVERIFY2(facts.error().text().contains(u"HEIF"_s), qPrintable(facts.error().text()));
        QVERIFY(facts.error().text().contains(u"part.heic"_s));
    }
}

void TestVideoReader::missingThingsAreNamed()
{
    QCOMPARE(probe(at(u"none.mp4"_s)).error().code, Errc::NotFound);
    QCOMPARE(probe(m_folder.path()).error().code, Errc::Unsupported);
    QCOMPARE(probe(u"/dev/zero"_s).error().code, Errc::Unsupported);
    QFile empty(at(u"empty.mp4"_s));
    QVERIFY(empty.open(QIODevice::WriteOnly));
    empty.close();
    QVERIFY(probe(empty.fileName()).error().what.contains(u"empty"_s));
    QCOMPARE(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"sine=duration=0.5"_s, at(u"tone.m4a"_s)}), QString());
    const auto tone = probe(at(u"tone.m4a"_s));
    QVERIFY(!tone);
    QCOMPARE(tone.error().code, Errc::Unsupported);
    QVERIFY(tone.error().text().contains(u"tone.m4a"_s));
    QVERIFY(tone.error().text().contains(u"no video stream"_s));
}

QTEST_GUILESS_MAIN(TestVideoReader)
#include "tst_video_reader.moc"
