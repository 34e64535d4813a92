// SPDX-License-Identifier: GPL-3.0-or-later
#include "coding_observer.h"
#include "plugin_bench.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

class TestCoding : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void vectorsGiveLengthAndIntraShare();
    void whatACodecDoesNotGiveStaysMissing();
    void typesAndGroupsAreCounted();
    void anH264ClipHasAllTraces();
    void aCutRaisesTheIntraShare();
    void anIntraOnlyClipHasSizesOnly();
    void aStreamWithoutVideoIsNotApplicable();
    void stopsWhenAsked();
    void theManifestIsValid();

private:
    QTemporaryDir m_folder;
};

void TestCoding::vectorsGiveLengthAndIntraShare()
{
    CodingFrame frame;
    frame.pictureType = 'P';
    frame.packetBytes = 1200;
    MotionVector still; // 16 x 16, no motion
    still.width = still.height = 16;
    still.source = -1;
    MotionVector moving = still;
    moving.srcX = 3;
    moving.srcY = 4;
    frame.motion = {still, moving, moving};
    const CodingNumbers numbers = codingNumbers(frame, {32, 30}, {true, true}); // 30 lines: 2 macroblocks
    QCOMPARE(*numbers.motionPixels, 10.0 / 3.0);
    QCOMPARE(*numbers.intraShare, 0.25);
    QCOMPARE(*numbers.packetBytes, 1200.0);
    frame.pictureType = 'B';
    QVERIFY(!codingNumbers(frame, {32, 30}, {true, true}).intraShare);
}

void TestCoding::whatACodecDoesNotGiveStaysMissing()
{
    CodingFrame frame;
    frame.pictureType = 'P';
    const CodingNumbers numbers = codingNumbers(frame, {32, 32}, {false, false});
    QVERIFY(!numbers.packetBytes && !numbers.qpMean && !numbers.motionPixels && !numbers.intraShare);
}

void TestCoding::typesAndGroupsAreCounted()
{
    Ledger ledger;
    for (const char type : {'I', 'B', 'B', 'P', 'I', 'P', 'P', 'P', 'I', '?'}) {
        LedgerEntry entry;
        entry.pictureType = type;
        entry.keyFrame = type == 'I';
        ledger.entries.push_back(entry);
    }
    const PictureTypes types = pictureTypes(ledger);
    QCOMPARE(types.intra, 3);
    QCOMPARE(types.predicted, 4);
    QCOMPARE(types.bidirectional, 2);
    QCOMPARE(types.other, 1);
    QCOMPARE(types.longestRunOfB, 2);
    QCOMPARE(types.groupLengths, (std::vector<std::int64_t>{4, 4}));
    QCOMPARE(modeOf(types.groupLengths)->count, 2);
    QVERIFY(!modeOf({}));
}

void TestCoding::anH264ClipHasAllTraces()
{
    const QString path = m_folder.filePath(u"b.mp4"_s);
    const QString fault = ffmpeg(
        {u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=160x128:rate=25:duration=2"_s, u"-c:v"_s,
         u"libx264"_s, u"-pix_fmt"_s, u"yuv420p"_s, u"-g"_s, u"12"_s, u"-keyint_min"_s, u"12"_s,
         u"-sc_threshold"_s, u"0"_s, u"-bf"_s, u"2"_s, path});
    QVERIFY2(fault.isEmpty(), qPrintable(fault));
    const auto clip = readBenchClip(path);
    QVERIFY(clip);
    CodingObserver observer;
    const auto measured = runObserver(observer, clip.value());
    QVERIFY(measured);
    for (const QString &id : {u"coding.bytes"_s, u"coding.qp"_s, u"coding.motion"_s, u"coding.intra"_s}) {
        const Trace *trace = traceOf(measured.value(), id);
        QVERIFY2(trace, qPrintable(id));
        QCOMPARE(trace->frames.size(), 50u);
        QCOMPARE(trace->values.size(), 50u);
    }
    const Trace *qp = traceOf(measured.value(), u"coding.qp"_s);
    QCOMPARE(qp->lower.size(), 50u);
    QVERIFY(qp->lower[5] <= qp->values[5] && qp->values[5] <= qp->upper[5]);
    // The first frame is intra: it has a size and a quantiser, and no motion.
    QVERIFY(std::isnan(traceOf(measured.value(), u"coding.motion"_s)->values[0]));
    const Table *types = tableOf(measured.value(), u"coding.types"_s);
    QCOMPARE(valueIn(types, u"Frames"_s).toInt(), 50);
    QCOMPARE(valueIn(types, u"Key frames"_s).toInt(), 5);
    QCOMPARE(valueIn(types, u"Most frequent group length (frames)"_s).toInt(), 12);
    QVERIFY(valueIn(types, u"B pictures"_s).toInt() > 10);
    QVERIFY(valueIn(types, u"Longest run of B pictures"_s).toInt() <= 2);
    QVERIFY(!types->about.contains(u"does not give"_s));
}

void TestCoding::aCutRaisesTheIntraShare()
{
    const QString path = m_folder.filePath(u"cut.mp4"_s);
    const QString fault = ffmpeg(
        {u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=160x128:rate=25:duration=0.8"_s, u"-f"_s,
         u"lavfi"_s, u"-i"_s, u"mandelbrot=size=160x128:rate=25"_s, u"-filter_complex"_s,
         u"[1]trim=duration=0.8,setpts=PTS-STARTPTS,format=yuv420p[b];[0]format=yuv420p[a];[a][b]concat"_s,
         u"-c:v"_s, u"libx264"_s, u"-g"_s, u"100"_s, u"-sc_threshold"_s, u"0"_s, u"-bf"_s, u"0"_s, path});
    QVERIFY2(fault.isEmpty(), qPrintable(fault));
    const auto clip = readBenchClip(path);
    QVERIFY(clip);
    CodingObserver observer;
    const auto measured = runObserver(observer, clip.value());
    QVERIFY(measured);
    const Trace *intra = traceOf(measured.value(), u"coding.intra"_s);
    QVERIFY(intra);
    const auto highest = std::max_element(intra->values.begin() + 1, intra->values.end());
    QCOMPARE(highest - intra->values.begin(), 20);
    QVERIFY(*highest > 0.5);
    QVERIFY(intra->values[10] < 0.3);
}

void TestCoding::anIntraOnlyClipHasSizesOnly()
{
    const QString path = m_folder.filePath(u"mjpeg.avi"_s);
    const QString fault = ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=160x128:rate=25:duration=0.4"_s,
                                  u"-c:v"_s, u"mjpeg"_s, path});
    QVERIFY2(fault.isEmpty(), qPrintable(fault));
    const auto clip = readBenchClip(path);
    QVERIFY(clip);
    CodingObserver observer;
    const auto measured = runObserver(observer, clip.value());
    QVERIFY(measured);
    QCOMPARE(measured->traces.size(), 1u);
    QCOMPARE(measured->traces.front().id, u"coding.bytes"_s);
    const Table *types = tableOf(measured.value(), u"coding.types"_s);
    QVERIFY(types->about.contains(u"mjpeg does not give"_s));
    QCOMPARE(valueIn(types, u"I pictures"_s).toInt(), 10);
}

void TestCoding::aStreamWithoutVideoIsNotApplicable()
{
    CodingObserver observer;
    const auto begun = observer.begin({}, {});
    QVERIFY(!begun);
    QCOMPARE(begun.error().code, Errc::NotApplicable);
}

void TestCoding::stopsWhenAsked()
{
    BenchClip clip = stillOf(cv::Mat(16, 16, CV_8UC3, cv::Scalar(0, 0, 0)));
    CodingObserver observer;
    const auto measured = runObserver(observer, clip, stoppedJob());
    QVERIFY(!measured);
    QCOMPARE(measured.error().code, Errc::Cancelled);
}

void TestCoding::theManifestIsValid()
{
    const auto manifest = manifestOf(u"observe/coding"_s);
    QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().text()));
    QCOMPARE(manifest->kind, PluginKind::Observer);
    QCOMPARE(manifest->planes, Planes::None);
    QCOMPARE(manifest->needs, QStringList{u"coding.trace"_s});
}

QTEST_GUILESS_MAIN(TestCoding)
#include "tst_coding.moc"
