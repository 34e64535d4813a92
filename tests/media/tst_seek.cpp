// SPDX-License-Identifier: GPL-3.0-or-later
#include "clips.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace fw;
using namespace fw::test;

namespace {

constexpr int kSeeks = 120;

} // namespace

class TestSeek : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void randomSeeksGiveTheLedgersFrame_data();
    void randomSeeksGiveTheLedgersFrame();
    void steppingForwardDoesNotSeek();
    void framesOnTheWayAreHandedOver();
    void aStopOnTheWayKeepsThePlace();
    void aWrongLedgerIsReported();
    void theScanReportsFinalPlaces();
    void realFootageSeeksExactly_data();
    void realFootageSeeksExactly();

private:
    void checkSeeks(const QString &path, int seeks, int threads);
    QString at(const QString &name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

void TestSeek::checkSeeks(const QString &path, int seeks, int threads)
{
    const FullRead all = readAll(path, {.pixels = false, .threads = threads});
    QVERIFY2(!all.error, all.error ? qPrintable(all.error->text()) : "");
    auto index = scanPackets(path);
    QVERIFY2(index, index ? "" : qPrintable(index.error().text()));
    QVERIFY2(index->complete, qPrintable(index->endReason));
    QCOMPARE(index->frameCount(), std::int64_t(all.pictures.size()));
    for (const DecodedPicture &p : all.pictures)
        QCOMPARE(index->ticks(p.index), p.ledger.pts);
    auto reader = SeekReader::open(path, std::move(*index), {.pixels = false, .threads = threads});
    QVERIFY2(reader, reader ? "" : qPrintable(reader.error().text()));
    QRandomGenerator random(7);
    for (int i = 0; i < seeks; ++i) {
        const FrameIndex wanted = random.bounded(int(all.pictures.size()));
        const auto picture = (*reader)->at(wanted);
        QVERIFY2(picture, picture ? "" : qPrintable(picture.error().text()));
        QCOMPARE(picture->index, wanted);
        const LedgerEntry &truth = all.pictures[std::size_t(wanted)].ledger;
        QVERIFY2(picture->ledger.planes == truth.planes,
                 qPrintable(u"frame %1 of %2"_s.arg(wanted).arg(all.pictures.size())));
        QCOMPARE(picture->ledger.pts, truth.pts);
    }
}

void TestSeek::randomSeeksGiveTheLedgersFrame_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("size");
    QTest::addColumn<QStringList>("encoding");
    const QStringList x264{u"-c:v"_s, u"libx264"_s, u"-preset"_s, u"veryfast"_s, u"-g"_s, u"24"_s,
                           u"-bf"_s, u"3"_s, u"-pix_fmt"_s, u"yuv420p"_s};
    const QString small = u"128x96"_s;
    QTest::newRow("H.264 with B-frames, MP4") << u"b.mp4"_s << small << x264;
    QTest::newRow("H.264 open GOP, Matroska")
        << u"open.mkv"_s << small << x264 + QStringList{u"-x264-params"_s, u"open-gop=1:b-pyramid=normal"_s};
    QTest::newRow("H.264 intra refresh")
        << u"refresh.ts"_s << small << x264 + QStringList{u"-x264-params"_s, u"intra-refresh=1:bframes=0"_s};
    QTest::newRow("H.264, MPEG-TS") << u"b.ts"_s << small << x264;
    QTest::newRow("H.264 open GOP, MPEG-TS")
        << u"open.ts"_s << small << x264 + QStringList{u"-x264-params"_s, u"open-gop=1"_s};
    QTest::newRow("H.264 interlaced, MPEG-TS")
        << u"fields.ts"_s << small << x264 + QStringList{u"-flags"_s, u"+ildct+ilme"_s};
    QTest::newRow("H.264 raw, no times") << u"raw.h264"_s << small << x264;
    QTest::newRow("H.264 in AVI") << u"b.avi"_s << small << x264;
    QTest::newRow("variable frame rate")
        << u"vfr.mkv"_s << small << x264 + QStringList{u"-vf"_s, u"select='not(between(mod(n,11),3,6))'"_s,
                                                       u"-vsync"_s, u"vfr"_s};
    QTest::newRow("ten bits, odd size, H.264")
        << u"ten.mkv"_s << u"102x78"_s
        << QStringList{u"-c:v"_s, u"libx264"_s, u"-g"_s, u"24"_s, u"-vf"_s, u"crop=101:77:exact=1"_s,
                       u"-pix_fmt"_s, u"yuv444p10le"_s};
    QTest::newRow("HEVC, MP4")
        << u"hevc.mp4"_s << small << QStringList{u"-c:v"_s, u"libx265"_s, u"-preset"_s, u"ultrafast"_s,
                                                 u"-x265-params"_s, u"log-level=none:keyint=24:open-gop=1:bframes=3"_s};
    QTest::newRow("MPEG-2, program stream")
        << u"two.mpg"_s << small << QStringList{u"-c:v"_s, u"mpeg2video"_s, u"-g"_s, u"15"_s, u"-bf"_s, u"2"_s};
    QTest::newRow("MPEG-4, AVI")
        << u"four.avi"_s << small << QStringList{u"-c:v"_s, u"mpeg4"_s, u"-g"_s, u"20"_s, u"-bf"_s, u"2"_s};
    QTest::newRow("VP9, WebM")
        << u"nine.webm"_s << small << QStringList{u"-c:v"_s, u"libvpx-vp9"_s, u"-g"_s, u"24"_s, u"-cpu-used"_s,
                                                  u"8"_s, u"-deadline"_s, u"realtime"_s};
    QTest::newRow("VP8 with hidden frames, WebM")
        << u"eight.webm"_s << small << QStringList{u"-c:v"_s, u"libvpx"_s, u"-g"_s, u"24"_s, u"-auto-alt-ref"_s,
                                                   u"1"_s, u"-lag-in-frames"_s, u"16"_s, u"-cpu-used"_s, u"5"_s};
    QTest::newRow("Motion JPEG, MOV") << u"m.mov"_s << small << QStringList{u"-c:v"_s, u"mjpeg"_s};
    QTest::newRow("grey") << u"grey.mkv"_s << small
                          << QStringList{u"-c:v"_s, u"ffv1"_s, u"-pix_fmt"_s, u"gray"_s};
}

void TestSeek::randomSeeksGiveTheLedgersFrame()
{
    QFETCH(QString, file);
    QFETCH(QString, size);
    QFETCH(QStringList, encoding);
    QCOMPARE(ffmpeg(movingPicture(size, 25, 4.2) + encoding + QStringList{at(file)}), QString());
    checkSeeks(at(file), kSeeks, 1);
    if (QTest::currentTestFailed() || !file.endsWith(u".mp4"_s))
        return;
    // Cut between two key frames without encoding again: the edit list hides the first frames.
    QCOMPARE(ffmpeg({u"-ss"_s, u"1.3"_s, u"-i"_s, at(file), u"-c"_s, u"copy"_s, at(u"cut.mp4"_s)}), QString());
    QVERIFY(!probe(at(u"cut.mp4"_s))->editList.empty());
    checkSeeks(at(u"cut.mp4"_s), kSeeks, 2);
    // Begins in the middle of an open group, or with other leading pictures.
    QCOMPARE(ffmpeg({u"-ss"_s, u"1.3"_s, u"-i"_s, at(file), u"-c"_s, u"copy"_s, at(u"cut.ts"_s)}), QString());
    checkSeeks(at(u"cut.ts"_s), kSeeks, 1);
}

void TestSeek::steppingForwardDoesNotSeek()
{
    QCOMPARE(ffmpeg(movingPicture(u"128x96"_s, 25, 4)
                    + QStringList{u"-c:v"_s, u"libx264"_s, u"-g"_s, u"250"_s, at(u"long.mp4"_s)}), QString());
    auto reader = SeekReader::open(at(u"long.mp4"_s), scanPackets(at(u"long.mp4"_s)).value(), {.pixels = false});
    QVERIFY(reader);
    QVERIFY((*reader)->at(60));
    int passed = 0;
    for (FrameIndex i = 62; i < 90; i += 2) {
        QCOMPARE((*reader)->distanceTo(i), 2);
        QVERIFY((*reader)->at(i, [&](const DecodedPicture &) { return ++passed > 0; }));
    }
    QCOMPARE(passed, 14); // one picture between two steps, none decoded again
}

void TestSeek::framesOnTheWayAreHandedOver()
{
    const QString path = at(u"long.mp4"_s);
    const FullRead all = readAll(path, {.pixels = false});
    auto reader = SeekReader::open(path, scanPackets(path).value(), {});
    QVERIFY(reader);
    std::vector<FrameIndex> withPixels;
    bool rightPlanes = true;
    const auto picture = (*reader)->at(
        70,
        [&](const DecodedPicture &p) {
            if (!p.bgr.empty()) {
                withPixels.push_back(p.index);
                rightPlanes = rightPlanes
                              && p.ledger.planes == all.pictures[std::size_t(p.index)].ledger.planes;
            }
            return true;
        },
        [](FrameIndex i) { return i >= 64; });
    QVERIFY(picture);
    QCOMPARE(withPixels, (std::vector<FrameIndex>{64, 65, 66, 67, 68, 69}));
    QVERIFY(rightPlanes);
    QCOMPARE(picture->ledger.planes, all.pictures[70].ledger.planes);
    const auto key = (*reader)->keyFrameBefore(70);
    QVERIFY(key);
    QCOMPARE(key->index, 0);
    QCOMPARE(key->ledger.planes, all.pictures[0].ledger.planes);
    QCOMPARE((*reader)->at(100).error().code, Errc::NotFound);
    QCOMPARE((*reader)->at(-1).error().code, Errc::NotFound);
}

void TestSeek::aStopOnTheWayKeepsThePlace()
{
    const QString path = at(u"long.mp4"_s);
    auto reader = SeekReader::open(path, scanPackets(path).value(), {.pixels = false});
    QVERIFY(reader);
    const auto stopped = (*reader)->at(80, [](const DecodedPicture &p) { return p.index < 40; });
    QCOMPARE(stopped.error().code, Errc::Cancelled);
    QCOMPARE((*reader)->distanceTo(50), 10);
    QCOMPARE((*reader)->at(50)->ledger, readAll(path, {.pixels = false}).pictures[50].ledger);
}

void TestSeek::aWrongLedgerIsReported()
{
    const QString path = at(u"long.mp4"_s);
    auto ledger = std::make_shared<Ledger>();
    for (const DecodedPicture &p : readAll(path, {.pixels = false}).pictures)
        ledger->entries.push_back(p.ledger);
    ledger->entries[33].planes[0] ^= 1;
    auto reader = SeekReader::open(path, scanPackets(path).value(), {.pixels = false});
    QVERIFY(reader);
    (*reader)->expect(ledger);
    QVERIFY((*reader)->at(32));
    QCOMPARE((*reader)->at(33).error().code, Errc::Mismatch);
    QVERIFY((*reader)->at(34));
}

void TestSeek::theScanReportsFinalPlaces()
{
    QCOMPARE(ffmpeg(movingPicture(u"64x48"_s, 50, 20)
                    + QStringList{u"-c:v"_s, u"libx264"_s, u"-preset"_s, u"ultrafast"_s, u"-bf"_s, u"3"_s,
                                  at(u"many.mp4"_s)}), QString());
    std::vector<std::vector<int>> seen;
    const auto index = scanPackets(at(u"many.mp4"_s), {}, openFileSource,
                                   [&](const PacketIndex &partial) { seen.push_back(partial.shown); });
    QVERIFY(index && index->complete);
    QCOMPARE(index->frameCount(), 1000);
    QVERIFY(seen.size() >= 3);
    for (const auto &shown : seen)
        QVERIFY(std::equal(shown.begin(), shown.end(), index->shown.begin()));
    for (FrameIndex i = 0; i < 1000; i += 37)
        QCOMPARE(index->indexAt(index->seconds(i)).value(), i);
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(scanPackets(at(u"many.mp4"_s), stop.get_token()).error().code, Errc::Cancelled);
}

void TestSeek::realFootageSeeksExactly_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"video-real/franck.mp4", "video-real/default.wmv", "video-real/multi_face.avi"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TestSeek::realFootageSeeksExactly()
{
    QFETCH(QString, name);
    const QString path = shared(name);
    if (!QFile::exists(path))
        QSKIP("the shared real footage is not on this machine");
    checkSeeks(path, 10, 2);
}

QTEST_GUILESS_MAIN(TestSeek)
#include "tst_seek.moc"
