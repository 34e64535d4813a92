// SPDX-License-Identifier: GPL-3.0-or-later
#include "clips.h"

#include <QDirIterator>
#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>

#include <sys/resource.h>

using namespace fw;
using namespace fw::test;

namespace {

constexpr qint64 kMaxMs = 10000; // for one small file, on a machine that does much else

/// Bytes in memory that become unreadable, or simply end, at a given place.
class FaultySource final : public ByteSource
{
public:
    FaultySource(const QByteArray &bytes, qint64 good, bool endsQuietly)
        : m_bytes(bytes), m_good(good), m_endsQuietly(endsQuietly)
    {
    }
    Result<qint64> read(char *to, qint64 atMost) override
    {
        if (m_at >= m_good && m_at < m_bytes.size() && !m_endsQuietly)
            return fail(Errc::Unreadable, u"the medium gives no byte %1"_s.arg(m_at), u"clip"_s);
        const qint64 count = std::clamp<qint64>(m_good - m_at, 0, atMost);
        memcpy(to, m_bytes.constData() + std::min(m_at, m_good), std::size_t(count));
        m_at += count;
        return count;
    }
    Result<void> seek(qint64 position) override
    {
        m_at = position;
        return {};
    }
    qint64 size() const override { return m_endsQuietly ? m_good : m_bytes.size(); }

private:
    const QByteArray &m_bytes;
    qint64 m_good, m_at = 0;
    bool m_endsQuietly;
};

ByteSourceFactory faulty(const QByteArray &bytes, qint64 good, bool endsQuietly)
{
    return [&bytes, good, endsQuietly](const QString &) -> Result<std::unique_ptr<ByteSource>> {
        return std::unique_ptr<ByteSource>(new FaultySource(bytes, good, endsQuietly));
    };
}

} // namespace

class TestBrokenFiles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void aSourceThatFailsAtAnyByteIsReported_data() { containers(); }
    void aSourceThatFailsAtAnyByteIsReported();
    void aFileCutAnywhereGivesItsBeginning_data() { containers(); }
    void aFileCutAnywhereGivesItsBeginning();
    void flippedBytesNeverCrash_data() { containers(); }
    void flippedBytesNeverCrash();
    void absurdSizesAreRefused_data();
    void absurdSizesAreRefused();
    void listsOfOtherFilesAreRefused_data();
    void listsOfOtherFilesAreRefused();
    void aChangeOfSizeIsNoted();
    void everyMalformedFileEndsInWords();

private:
    void containers();
    QByteArray bytesOf(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QString write(const QString &name, const QByteArray &bytes)
    {
        QFile file(at(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write the test file");
        return file.fileName();
    }
    QString at(const QString &name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

void TestBrokenFiles::initTestCase()
{
    // A header may claim any size: an allocation of gigabytes fails here instead of going unseen.
    const rlimit limit{rlim_t(3) << 30, rlim_t(3) << 30};
    setrlimit(RLIMIT_AS, &limit);
    for (const QString &name : {u"a.mp4"_s, u"fast.mp4"_s, u"a.mkv"_s, u"a.ts"_s, u"a.avi"_s, u"a.webm"_s}) {
        QStringList codec{u"-c:v"_s, u"libx264"_s, u"-g"_s, u"10"_s, u"-bf"_s, u"2"_s};
        if (name == u"a.avi"_s)
            codec = QStringList{u"-c:v"_s, u"mpeg4"_s, u"-g"_s, u"10"_s};
        if (name == u"a.webm"_s)
            codec = QStringList{u"-c:v"_s, u"libvpx-vp9"_s, u"-deadline"_s, u"realtime"_s, u"-cpu-used"_s, u"8"_s};
        if (name == u"fast.mp4"_s)
            codec += QStringList{u"-movflags"_s, u"+faststart"_s};
        QCOMPARE(ffmpeg(movingPicture(u"96x64"_s, 25, 1.2) + codec + QStringList{at(name)}), QString());
    }
}

void TestBrokenFiles::containers()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"a.mp4", "fast.mp4", "a.mkv", "a.ts", "a.avi", "a.webm"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TestBrokenFiles::aSourceThatFailsAtAnyByteIsReported()
{
    QFETCH(QString, name);
    const QByteArray bytes = bytesOf(at(name));
    const FullRead whole = readAll(at(name), {.pixels = false});
    QVERIFY(!whole.error);
    for (int i = 0; i < 40; ++i) {
        const qint64 good = bytes.size() * i / 40;
        const auto source = faulty(bytes, good, false);
        const FullRead part = readAll(at(name), {.pixels = false}, source);
        // Whatever was decoded before, the end is told as what it is.
        QVERIFY2(part.error, qPrintable(QString::number(good)));
        QVERIFY(part.error->what.contains(u"the medium gives no byte"_s));
        QCOMPARE(part.error->code, Errc::Unreadable);
        // The last pictures may lack a part of their data; the others are those of the whole file.
        QVERIFY(part.pictures.size() <= whole.pictures.size());
        for (std::size_t k = 0; k + 4 < part.pictures.size(); ++k)
            QCOMPARE(part.pictures[k].ledger.planes, whole.pictures[k].ledger.planes);
        const auto index = scanPackets(at(name), {}, source);
        QVERIFY(!index || (!index->complete && !index->endReason.isEmpty()));
    }
}

void TestBrokenFiles::aFileCutAnywhereGivesItsBeginning()
{
    QFETCH(QString, name);
    const QByteArray bytes = bytesOf(at(name));
    const FullRead whole = readAll(at(name), {.pixels = false});
    std::size_t most = 0;
    for (int i = 0; i < 40; ++i) {
        const auto source = faulty(bytes, bytes.size() * i / 40, true);
        const FullRead part = readAll(at(name), {.pixels = false}, source);
        QVERIFY(part.error || !part.pictures.empty());
        if (part.error)
            QVERIFY(part.error->where.endsWith(name) && !part.error->what.isEmpty());
        QVERIFY(part.pictures.size() <= whole.pictures.size());
        for (std::size_t k = 0; k + 4 < part.pictures.size(); ++k)
            QCOMPARE(part.pictures[k].ledger.planes, whole.pictures[k].ledger.planes);
        most = std::max(most, part.pictures.size());
    }
    if (name != u"a.mp4"_s) // its table of contents comes last: without it nothing can be read
        QVERIFY(most > whole.pictures.size() / 2);
}

void TestBrokenFiles::flippedBytesNeverCrash()
{
    QFETCH(QString, name);
    const QByteArray good = bytesOf(at(name));
    QRandomGenerator random(5);
    for (int i = 0; i < 60; ++i) {
        QByteArray bad = good;
        // Every second round in the header, where a byte does most harm.
        const int span = int(i % 2 ? bad.size() : std::min<qsizetype>(bad.size(), 1200));
        for (int k = 0; k < 1 + i % 7; ++k) {
            const int place = random.bounded(span);
            bad[place] = char(random.bounded(256));
            if (name == u"a.mp4"_s && i % 2 == 0) // its header is at the end
                bad[bad.size() - 1 - place] = char(random.bounded(256));
        }
        QElapsedTimer timer;
        timer.start();
        const FullRead part = readAll(at(name), {.coding = true}, faulty(bad, bad.size(), true));
        if (part.error)
            QVERIFY(!part.error->what.isEmpty());
        else
            QVERIFY(!part.pictures.empty());
        QVERIFY2(timer.elapsed() < kMaxMs, qPrintable(QString::number(i)));
    }
}

void TestBrokenFiles::absurdSizesAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto png = [](quint32 width, quint32 height) {
        QByteArray bytes("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
        bytes += QByteArray(8, '\0') + QByteArray("\x08\x02\0\0\0", 5);
        qToBigEndian(width, bytes.data() + 16);
        qToBigEndian(height, bytes.data() + 20);
        bytes += QByteArray(4, '\0') + QByteArray("\0\0\0\x0aIDATx\x9c\x63\0\0\0\x02\0\x01\0\0\0\0", 22)
                 + QByteArray("\0\0\0\0IEND\xae\x42\x60\x82", 12);
        return bytes;
    };
    const auto bmp = [](qint32 width, qint32 height) {
        QByteArray bytes(54, '\0');
        bytes.replace(0, 2, "BM");
        qToLittleEndian<quint32>(54 + 60000, bytes.data() + 2);
        qToLittleEndian<quint32>(54, bytes.data() + 10);
        qToLittleEndian<quint32>(40, bytes.data() + 14);
        qToLittleEndian(width, bytes.data() + 18);
        qToLittleEndian(height, bytes.data() + 22);
        qToLittleEndian<quint16>(1, bytes.data() + 26);
        qToLittleEndian<quint16>(24, bytes.data() + 28);
        return bytes + QByteArray(60000, 'x');
    };
    QTest::newRow("PNG of 60000 x 60000") << png(60000, 60000);
    QTest::newRow("PNG of two thousand million") << png(0x7FFFFFFF, 0x7FFFFFFF);
    QTest::newRow("PNG of no width") << png(0, 100);
    QTest::newRow("BMP of 65000 x 65000") << bmp(65000, 65000);
    QTest::newRow("BMP of no height") << bmp(100, 0);
    QTest::newRow("raw video of 100000 x 100000")
        << QByteArray("YUV4MPEG2 W100000 H100000 F25:1 Ip A1:1 C420jpeg\nFRAME\n") + QByteArray(5000, 'x');
    QTest::newRow("raw video of an absurd rate")
        << QByteArray("YUV4MPEG2 W0 H0 F2000000000:1 Ip A0:0 C420jpeg\nFRAME\n") + QByteArray(5000, 'x');
}

void TestBrokenFiles::absurdSizesAreRefused()
{
    QFETCH(QByteArray, bytes);
    const QString path = write(u"absurd.bin"_s, bytes);
    QElapsedTimer timer;
    timer.start();
    const FullRead all = readAll(path);
    QVERIFY(all.error);
    QVERIFY(all.pictures.empty());
    QVERIFY2(all.error->text().contains(u"absurd.bin"_s), qPrintable(all.error->text()));
    QVERIFY(timer.elapsed() < kMaxMs);
}

void TestBrokenFiles::listsOfOtherFilesAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("concat") << QByteArray("ffconcat version 1.0\nfile fast.mp4\n");
    QTest::newRow("HLS") << QByteArray("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXTINF:1.2,\n"
                                       "a.ts\n#EXT-X-ENDLIST\n");
    QTest::newRow("SDP") << QByteArray("v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
                                       "m=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n");
}

void TestBrokenFiles::listsOfOtherFilesAreRefused()
{
    QFETCH(QByteArray, bytes);
    const auto facts = probe(write(u"list.txt"_s, bytes));
    QVERIFY(!facts);
    QVERIFY2(facts.error().what.contains(u"list of other files"_s), qPrintable(facts.error().text()));
    QCOMPARE(facts.error().code, Errc::Unsupported);
}

void TestBrokenFiles::aChangeOfSizeIsNoted()
{
    for (const QString &size : {u"96x64"_s, u"128x96"_s})
        QCOMPARE(ffmpeg(movingPicture(size, 25, 0.6) + QStringList{u"-c:v"_s, u"libx264"_s, at(size + u".h264"_s)}),
                 QString());
    const QString path = write(u"both.h264"_s,
                               bytesOf(at(u"96x64.h264"_s)) + bytesOf(at(u"128x96.h264"_s)));
    const FullRead all = readAll(path);
    QVERIFY2(!all.error, all.error ? qPrintable(all.error->text()) : "");
    QCOMPARE(int(all.pictures.size()), 30);
    QCOMPARE(all.pictures.front().bgr.size(), cv::Size(96, 64));
    QCOMPARE(all.pictures.back().bgr.size(), cv::Size(128, 96));
    QVERIFY(all.facts.warnings.join(u'\n').contains(u"96 × 64 to 128 × 96"_s));
}

void TestBrokenFiles::everyMalformedFileEndsInWords()
{
    const QString folder = shared(u"malformed"_s);
    if (!QFile::exists(folder))
        QSKIP("the shared malformed files are not on this machine");
    int files = 0, readable = 0;
    QDirIterator it(folder, QDir::Files);
    while (it.hasNext()) {
        const QString path = it.next();
        QElapsedTimer timer;
        timer.start();
        const FullRead all = readAll(path, {.coding = true});
        ++files;
        readable += !all.pictures.empty();
        if (all.pictures.empty()) {
            QVERIFY2(all.error, qPrintable(path));
            QVERIFY2(!all.error->what.isEmpty() && all.error->where == path, qPrintable(path));
        }
        const auto index = scanPackets(path);
        // Where both succeed they agree on the frames, however broken the file is.
        if (index && index->complete && !all.error)
            QCOMPARE(index->frameCount(), std::int64_t(all.pictures.size()));
        QVERIFY2(timer.elapsed() < kMaxMs, qPrintable(path));
    }
    QVERIFY(files > 0);
    QVERIFY(readable > 0);
}

QTEST_GUILESS_MAIN(TestBrokenFiles)
#include "tst_broken_files.moc"
