// SPDX-License-Identifier: GPL-3.0-or-later
#include "container_checks.h"
#include "plugin_bench.h"
#include "structure_detector.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

/// Frames with these presentation times, all different pictures; every 10th is a key frame.
Ledger ledgerOf(const std::vector<std::int64_t> &times, Rational timeBase)
{
    Ledger ledger;
    ledger.timeBase = timeBase;
    ledger.complete = true;
    for (std::size_t i = 0; i < times.size(); ++i) {
        LedgerEntry entry;
        entry.pts = times[i];
        entry.keyFrame = i % 10 == 0;
        entry.pictureType = entry.keyFrame ? 'I' : 'P';
        entry.planes[0] = static_cast<unsigned char>(i % 251 + 1);
        entry.planes[1] = static_cast<unsigned char>(i / 251);
        ledger.entries.push_back(entry);
    }
    return ledger;
}

/// Names of pictures, one letter a frame.
Ledger ledgerOfPictures(const char *names)
{
    Ledger ledger;
    for (std::int64_t i = 0; names[i] != '\0'; ++i) {
        LedgerEntry entry;
        entry.pts = i;
        entry.planes[0] = static_cast<unsigned char>(names[i]);
        ledger.entries.push_back(entry);
    }
    return ledger;
}

std::vector<Event> eventsOf(const AnalysisResult &result, const QString &kind)
{
    std::vector<Event> found;
    for (const Event &event : result.measured.events) {
        if (event.kind == kind)
            found.push_back(event);
    }
    return found;
}

const QString kNoisy = u"testsrc2=size=160x128:rate=25:duration=4,noise=alls=6:allf=t"_s;

QStringList x264(const QStringList &more = {})
{
    return QStringList{u"-c:v"_s, u"libx264"_s, u"-preset"_s, u"veryfast"_s, u"-pix_fmt"_s,
                       u"yuv420p"_s, u"-g"_s, u"10"_s, u"-keyint_min"_s, u"10"_s,
                       u"-sc_threshold"_s, u"0"_s}
        + more;
}

} // namespace

class TestCodecStructure : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void gapsAreCountedInFrames();
    void roundedClocksAreConstant_data();
    void roundedClocksAreConstant();
    void faultsOfTheClockAreNamed();
    void aLossyClipIsNotStrong();
    void repeatedStretchesAreFound_data();
    void repeatedStretchesAreFound();
    void stillScenesAreNoDuplicates();
    void aBrokenRhythmCountsOnlyWithoutASceneCut();
    void editListsAreJudgedByWhatTheyHide();
    void programsAndDatesAreNotes();

    void untouchedClipsAreConsistent_data();
    void untouchedClipsAreConsistent();
    void droppedFramesLeaveAGap_data();
    void droppedFramesLeaveAGap();
    void aRepeatedStretchOfAClipIsFound();
    void variableRateIsANote();
    void aTrimWithoutCodingIsInconclusive();
    void aForcedKeyFrameBreaksTheRhythm();
    void aStillIsNotApplicable();
    void stopsWhenAsked();
    void theManifestIsValid();

private:
    Result<AnalysisResult> analyse(const QStringList &arguments, const QString &name);
    QTemporaryDir m_folder;
};

void TestCodecStructure::gapsAreCountedInFrames()
{
    std::vector<std::int64_t> times;
    for (int i = 0; i < 100; ++i)
        times.push_back((i + (i >= 40 ? 3 : 0)) * 512);
    const Timing timing = measureTiming(ledgerOf(times, {1, 12800}));
    QVERIFY(timing.constantRate);
    QCOMPARE(timing.typicalSeconds, 0.04);
    QCOMPARE(timing.gaps.size(), 1u);
    QCOMPARE(timing.gaps.front().after, 40);
    QCOMPARE(timing.gaps.front().missing, 3);
    QVERIFY(measureTiming(ledgerOf({5}, {1, 25})).stepSeconds.empty());
}

void TestCodecStructure::roundedClocksAreConstant_data()
{
    QTest::addColumn<double>("rate");
    QTest::addColumn<int>("ticks");
    QTest::newRow("29.97 in milliseconds") << 30000.0 / 1001.0 << 1000;
    QTest::newRow("23.976 in milliseconds") << 24000.0 / 1001.0 << 1000;
    QTest::newRow("60 in milliseconds") << 60.0 << 1000;
    QTest::newRow("one tick a frame") << 25.0 << 25;
    QTest::newRow("29.97 in 90 kHz") << 30000.0 / 1001.0 << 90000;
}

void TestCodecStructure::roundedClocksAreConstant()
{
    QFETCH(double, rate);
    QFETCH(int, ticks);
    std::vector<std::int64_t> times;
    for (int i = 0; i < 300; ++i)
        times.push_back(std::llround((i + (i >= 77 ? 2 : 0)) / rate * ticks));
    const Timing timing = measureTiming(ledgerOf(times, {1, ticks}));
    QVERIFY(timing.constantRate);
    QCOMPARE(timing.gaps.size(), 1u);
    QCOMPARE(timing.gaps.front().after, 77);
    QCOMPARE(timing.gaps.front().missing, 2);
}

void TestCodecStructure::faultsOfTheClockAreNamed()
{
    std::vector<std::int64_t> times;
    for (int i = 0; i < 60; ++i)
        times.push_back(i * 40);
    times[20] = times[19];
    times[41] = times[40] - 10;
    Ledger ledger = ledgerOf(times, {1, 1000});
    ledger.entries[5].duration = 80;
    const Timing timing = measureTiming(ledger);
    QCOMPARE(timing.repeated, std::vector<FrameIndex>{20});
    QCOMPARE(timing.backward, std::vector<FrameIndex>{41});
    QCOMPARE(timing.overlaps, std::vector<FrameIndex>{5});
}

void TestCodecStructure::aLossyClipIsNotStrong()
{
    std::vector<std::int64_t> times;
    std::int64_t now = 0;
    for (int i = 0; i < 200; ++i) {
        times.push_back(now);
        now += i % 25 == 24 ? 4 : 1; // three frames lost every second: a recorder under load
    }
    const Structure s = measureStructure({}, {}, ledgerOf(times, {1, 25}), {});
    QVERIFY(s.timing.gaps.size() > 5);
    QVERIFY(std::none_of(s.oddities.begin(), s.oddities.end(),
                         [](const Oddity &o) { return o.weight == Weight::Strong; }));
}

void TestCodecStructure::repeatedStretchesAreFound_data()
{
    QTest::addColumn<QByteArray>("pictures");
    QTest::addColumn<int>("runs");
    QTest::addColumn<int>("copyBegin");
    QTest::addColumn<int>("copyEnd");
    QTest::addColumn<bool>("loop");
    QTest::newRow("nothing repeats") << QByteArray("abcdefghij") << 0 << 0 << 0 << false;
    QTest::newRow("copied later") << QByteArray("abcdefcdegh") << 1 << 6 << 9 << false;
    QTest::newRow("copied at once") << QByteArray("abcdabcdxyz") << 1 << 4 << 8 << false;
    QTest::newRow("two frames are too few") << QByteArray("abcdefcdgh") << 0 << 0 << 0 << false;
    QTest::newRow("slow content") << QByteArray("aabbccddxxaabbccyy") << 1 << 10 << 16 << false;
    QTest::newRow("blinking cursor") << QByteArray("aaabbbaaabbbaaabbb") << 0 << 0 << 0 << false;
    QTest::newRow("animation") << QByteArray("abcdabcdabcdabcd") << 1 << 4 << 16 << true;
}

void TestCodecStructure::repeatedStretchesAreFound()
{
    QFETCH(QByteArray, pictures);
    QFETCH(int, runs);
    QFETCH(int, copyBegin);
    QFETCH(int, copyEnd);
    QFETCH(bool, loop);
    const Duplicates found = findDuplicates(ledgerOfPictures(pictures.constData()));
    QVERIFY(found.measured);
    QCOMPARE(int(found.runs.size()), runs);
    if (runs > 0) {
        QCOMPARE(found.runs.front().copy, (FrameRange{copyBegin, copyEnd}));
        QCOMPARE(found.runs.front().loop, loop);
    }
}

void TestCodecStructure::stillScenesAreNoDuplicates()
{
    const Duplicates found = findDuplicates(ledgerOfPictures("abbbbcdaaaae"));
    QVERIFY(found.runs.empty());
    QCOMPARE(found.frozen.size(), 2u);
    QCOMPARE(found.frozen.front().range, (FrameRange{1, 5}));
    QCOMPARE(found.equalToPrevious, 6);

    Ledger unhashed = ledgerOfPictures("abc");
    for (LedgerEntry &entry : unhashed.entries)
        entry.planes = {};
    QVERIFY(!findDuplicates(unhashed).measured);
}

void TestCodecStructure::aBrokenRhythmCountsOnlyWithoutASceneCut()
{
    Ledger ledger = ledgerOf(std::vector<std::int64_t>(100), {1, 25});
    for (std::size_t i = 0; i < ledger.entries.size(); ++i) // key frames 0, 10, ..., 50, 56, 66, ...
        ledger.entries[i].keyFrame = i <= 50 ? i % 10 == 0 : i % 10 == 6;
    const auto never = [](FrameIndex) { return false; };
    const Groups broken = findGroups(ledger, never);
    QVERIFY(broken.evenSpacing);
    QCOMPARE(broken.breaks.size(), 1u);
    QCOMPARE(broken.breaks.front().keyFrame, 56);
    QCOMPARE(broken.breaks.front().spacing, 6);
    QVERIFY(findGroups(ledger, [](FrameIndex i) { return i == 56; }).breaks.empty());
    ledger.entries.front().keyFrame = false;
    QVERIFY(!findGroups(ledger, never).startsWithKey);
}

void TestCodecStructure::editListsAreJudgedByWhatTheyHide()
{
    MediaFacts media;
    StreamFacts video;
    video.kind = StreamKind::Video;
    video.timeBase = {1, 1000};
    media.streams.push_back(video);
    media.editList = {{0, 0.1, -1, 1.0}, {0, 5.0, 80, 1.0}}; // a delay, then reordering lead
    QVERIFY(editListOddities(media).empty());
    media.editList = {{0, 5.0, 2400, 1.0}};
    QCOMPARE(editListOddities(media).size(), 1u);
    QCOMPARE(editListOddities(media).front().weight, Weight::Weak);
    media.editList = {{0, 2.0, 0, 1.0}, {0, 2.0, 4000, 0.5}};
    QCOMPARE(editListOddities(media).size(), 2u);
}

void TestCodecStructure::programsAndDatesAreNotes()
{
    MediaFacts media;
    media.tags = {{u"encoder"_s, u"Lavf59.27.100"_s},
                  {u"creation_time"_s, u"2021-03-04T10:00:00.000000Z"_s}};
    StreamFacts video;
    video.tags = {{u"creation_time"_s, u"2021-03-05T10:00:00.000000Z"_s}};
    media.streams.push_back(video);
    const auto oddities = tagOddities(media, {});
    QCOMPARE(oddities.size(), 2u);
    for (const Oddity &oddity : oddities)
        QCOMPARE(oddity.weight, Weight::Note);
    QVERIFY(oddities.front().what.contains(u"Lavf59"_s));
}

Result<AnalysisResult> TestCodecStructure::analyse(const QStringList &arguments, const QString &name)
{
    const QString path = m_folder.filePath(name);
    const QString fault = ffmpeg(arguments + QStringList{path});
    if (!fault.isEmpty())
        return fail(Errc::Internal, fault);
    const auto clip = readBenchClip(path);
    if (!clip)
        return Failure{clip.error()};
    StructureDetector detector;
    return runDetector(detector, clip.value());
}

void TestCodecStructure::untouchedClipsAreConsistent_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QStringList>("coding");
    QTest::newRow("mp4 with B frames") << u"b.mp4"_s << x264({u"-bf"_s, u"2"_s});
    QTest::newRow("open groups") << u"open.mp4"_s << x264({u"-bf"_s, u"2"_s, u"-x264-params"_s, u"open-gop=1"_s});
    QTest::newRow("transport stream") << u"b.ts"_s << x264();
    QTest::newRow("matroska") << u"b.mkv"_s << x264();
    QTest::newRow("avi") << u"b.avi"_s << QStringList{u"-c:v"_s, u"mpeg4"_s, u"-g"_s, u"12"_s};
    QTest::newRow("intra only") << u"mjpeg.mov"_s << QStringList{u"-c:v"_s, u"mjpeg"_s};
    QTest::newRow("29.97") << u"ntsc.mp4"_s << x264({u"-r"_s, u"30000/1001"_s});
    QTest::newRow("raised rate") << u"fast.mp4"_s << x264({u"-r"_s, u"75"_s});
}

void TestCodecStructure::untouchedClipsAreConsistent()
{
    QFETCH(QString, name);
    QFETCH(QStringList, coding);
    const auto result = analyse(QStringList{u"-f"_s, u"lavfi"_s, u"-i"_s, kNoisy} + coding, name);
    QVERIFY2(result, qPrintable(result ? QString() : result.error().text()));
    const Finding &finding = result->findings.front();
    QVERIFY2(finding.verdict == Verdict::Consistent, qPrintable(finding.summary));
    QVERIFY(result->measured.events.empty());
    QCOMPARE(valueIn(tableOf(result->measured, u"structure.facts"_s), u"Frame rate"_s).toString(),
             u"constant"_s);
}

void TestCodecStructure::droppedFramesLeaveAGap_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("last");
    QTest::addColumn<Verdict>("verdict");
    QTest::newRow("five frames, mp4") << u"gap.mp4"_s << 43 << 47 << Verdict::Suspicious;
    QTest::newRow("five frames, mkv") << u"gap.mkv"_s << 43 << 47 << Verdict::Suspicious;
    QTest::newRow("one frame") << u"gap1.mp4"_s << 61 << 61 << Verdict::Inconclusive;
    QTest::newRow("transport stream") << u"gap.ts"_s << 43 << 47 << Verdict::Inconclusive;
}

void TestCodecStructure::droppedFramesLeaveAGap()
{
    QFETCH(QString, name);
    QFETCH(int, first);
    QFETCH(int, last);
    QFETCH(Verdict, verdict);
    const auto result = analyse(
        QStringList{u"-f"_s, u"lavfi"_s, u"-i"_s, kNoisy, u"-vf"_s,
                    u"select='not(between(n,%1,%2))'"_s.arg(first).arg(last), u"-fps_mode"_s,
                    u"passthrough"_s}
            + x264({u"-bf"_s, u"2"_s}),
        name);
    QVERIFY2(result, qPrintable(result ? QString() : result.error().text()));
    const auto gaps = eventsOf(result.value(), u"timestamp-gap"_s);
    QCOMPARE(gaps.size(), 1u);
    QCOMPARE(*gaps.front().apex, FrameIndex(first)); // the frame that took the place of the first lost one
    const int missing = last - first + 1;
    QVERIFY2(gaps.front().label.startsWith(QString::number(missing)), qPrintable(gaps.front().label));
    const Finding &finding = result->findings.front();
    QVERIFY2(finding.verdict == verdict, qPrintable(finding.summary));
    QCOMPARE(*finding.keyFrame, FrameIndex(first));
    QVERIFY(!finding.supports.isEmpty() && !finding.against.isEmpty());
    const Trace *duration = traceOf(result->measured, u"structure.duration"_s);
    QVERIFY(std::abs(duration->values[std::size_t(first) - 1] - 40.0 * (missing + 1)) < 1.1);
    QVERIFY(std::isnan(duration->values.back()));
}

void TestCodecStructure::aRepeatedStretchOfAClipIsFound()
{
    // Frames 20 to 29 are shown once more; every frame is coded alone, so copies stay equal.
    const auto result = analyse(
        {u"-f"_s, u"lavfi"_s, u"-i"_s, kNoisy, u"-filter_complex"_s,
         u"split=3[a][b][c];[a]trim=end_frame=30[x];[b]trim=start_frame=20:end_frame=30,"
         "setpts=PTS-STARTPTS[y];[c]trim=start_frame=30,setpts=PTS-STARTPTS[z];[x][y][z]concat=n=3"_s,
         u"-c:v"_s, u"mjpeg"_s, u"-q:v"_s, u"3"_s},
        u"copy.avi"_s);
    QVERIFY2(result, qPrintable(result ? QString() : result.error().text()));
    const auto runs = eventsOf(result.value(), u"duplicate-run"_s);
    QCOMPARE(runs.size(), 1u);
    QCOMPARE(runs.front().range.begin, FrameIndex(30));
    QCOMPARE(runs.front().range.end, FrameIndex(40));
    QVERIFY(runs.front().label.contains(u"20 to 29"_s));
    QCOMPARE(result->findings.front().verdict, Verdict::Suspicious);
}

void TestCodecStructure::variableRateIsANote()
{
    const auto result = analyse(QStringList{u"-f"_s, u"lavfi"_s, u"-i"_s, kNoisy, u"-vf"_s,
                                            u"setpts='(N+0.35*sin(N))/25/TB'"_s, u"-fps_mode"_s, u"passthrough"_s,
                                            u"-video_track_timescale"_s, u"90000"_s, u"-enc_time_base"_s,
                                            u"1/90000"_s}
                                    + x264(),
                                u"vfr.mp4"_s);
    QVERIFY2(result, qPrintable(result ? QString() : result.error().text()));
    QVERIFY(eventsOf(result.value(), u"timestamp-gap"_s).empty());
    QCOMPARE(valueIn(tableOf(result->measured, u"structure.facts"_s), u"Frame rate"_s).toString(),
             u"variable"_s);
    QVERIFY(result->findings.front().verdict != Verdict::Suspicious);
    QVERIFY(result->findings.front().limits.join(u' ').contains(u"not constant"_s));
}

void TestCodecStructure::aTrimWithoutCodingIsInconclusive()
{
    const QString source = m_folder.filePath(u"long.mp4"_s);
    const QString fault = ffmpeg(QStringList{u"-f"_s, u"lavfi"_s, u"-i"_s, kNoisy}
                                 + x264({u"-g"_s, u"50"_s, u"-keyint_min"_s, u"50"_s, u"-bf"_s, u"2"_s})
                                 + QStringList{source});
    QVERIFY2(fault.isEmpty(), qPrintable(fault));
    const auto result = analyse({u"-ss"_s, u"1.0"_s, u"-i"_s, source, u"-c"_s, u"copy"_s}, u"trim.mp4"_s);
    QVERIFY2(result, qPrintable(result ? QString() : result.error().text()));
    const Finding &finding = result->findings.front();
    QVERIFY2(finding.verdict == Verdict::Inconclusive, qPrintable(finding.summary));
    QVERIFY2(finding.supports.join(u' ').contains(u"hides the first"_s),
             qPrintable(finding.supports.join(u' ')));
}

void TestCodecStructure::aForcedKeyFrameBreaksTheRhythm()
{
    const auto result = analyse(QStringList{u"-f"_s, u"lavfi"_s, u"-i"_s, kNoisy}
                                    + x264({u"-force_key_frames"_s, u"expr:eq(n,46)"_s}),
                                u"forced.mp4"_s);
    QVERIFY2(result, qPrintable(result ? QString() : result.error().text()));
    const auto breaks = eventsOf(result.value(), u"gop-break"_s);
    QCOMPARE(breaks.size(), 1u);
    QCOMPARE(breaks.front().range.begin, FrameIndex(46));
    QCOMPARE(result->findings.front().verdict, Verdict::Inconclusive);
}

void TestCodecStructure::aStillIsNotApplicable()
{
    StructureDetector detector;
    const auto result = runDetector(detector, stillOf(cv::Mat(32, 32, CV_8UC3, cv::Scalar(0, 0, 0))));
    QVERIFY(!result);
    QCOMPARE(result.error().code, Errc::NotApplicable);
}

void TestCodecStructure::stopsWhenAsked()
{
    BenchClip clip = stillOf(cv::Mat(32, 32, CV_8UC3, cv::Scalar(0, 0, 0)));
    clip.facts.media.still = false;
    StructureDetector detector;
    const auto result = runDetector(detector, clip, stoppedJob());
    QVERIFY(!result);
    QCOMPARE(result.error().code, Errc::Cancelled);
}

void TestCodecStructure::theManifestIsValid()
{
    const auto manifest = manifestOf(u"detect/codec_structure"_s);
    QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().text()));
    QVERIFY(!manifest->onStills);
    QCOMPARE(manifest->sampling.mode, Sampling::Mode::Every);
}

QTEST_GUILESS_MAIN(TestCodecStructure)
#include "tst_codec_structure.moc"
