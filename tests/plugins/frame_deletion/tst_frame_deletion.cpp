// SPDX-License-Identifier: GPL-3.0-or-later
#include "deletion_detector.h"
#include "outline.h"
#include "plugin_bench.h"

#include <QTemporaryDir>
#include <QTest>

#include <opencv2/imgproc.hpp>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

constexpr int kFrames = 300;

/// P pictures whose intra count jumps and whose skip count falls at the frames that `peak` names.
std::vector<CodedPicture> picturesWithPeaks(const std::function<bool(int)> &peak)
{
    std::vector<CodedPicture> pictures;
    std::uint32_t random = 7;
    for (int n = 0; n < kFrames; ++n) {
        random = random * 1664525 + 1013904223;
        MacroblockCounts counts{.total = 396, .intra = int(random >> 24) % 4, .skipped = 200 + int(random >> 20) % 7};
        if (peak(n)) {
            counts.intra += 60;
            counts.skipped -= 120;
        }
        pictures.push_back({n % 250 == 0 ? 'I' : 'P', counts});
    }
    return pictures;
}

LatticeSearch searchOf(const std::function<bool(int)> &peak)
{
    return searchLattice(predictionFootprint(picturesWithPeaks(peak)));
}

/// Exact -log10 P[Bin(n, p) >= h].
double exactRarity(int n, int h, double p)
{
    double sum = 0.0;
    for (int k = h; k <= n; ++k)
        sum += std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0) + k * std::log(p)
                        + (n - k) * std::log1p(-p));
    return -std::log10(sum);
}

const Finding *findingOf(const AnalysisResult &result, const QString &startsWith)
{
    for (const Finding &finding : result.findings) {
        if (finding.id.startsWith(startsWith))
            return &finding;
    }
    return nullptr;
}

} // namespace

class TestFrameDeletion : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    QString at(const QString &name) const { return m_folder.filePath(name); }
    const QString m_source = u"mandelbrot=s=176x144:r=25:end_scale=0.01,noise=alls=6:allf=t:all_seed=1"_s;

    QString first(const QString &to) const
    {
        return ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, m_source, u"-frames:v"_s, u"220"_s, u"-c:v"_s, u"mpeg4"_s,
                       u"-bf"_s, u"0"_s, u"-g"_s, u"12"_s, u"-q:v"_s, u"4"_s, u"-sc_threshold"_s, u"1000000000"_s, to});
    }
    QString again(const QString &from, const QStringList &filter, const QString &to) const
    {
        return ffmpeg(QStringList{u"-i"_s, from} + filter
                      + QStringList{u"-c:v"_s, u"libx264"_s, u"-profile:v"_s, u"baseline"_s, u"-qp"_s, u"20"_s,
                                    u"-g"_s, u"250"_s, u"-sc_threshold"_s, u"0"_s, to});
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }

    void rarityIsTheBinomialTail_data()
    {
        QTest::addColumn<int>("points");
        QTest::addColumn<int>("hits");
        QTest::addColumn<double>("chance");
        QTest::newRow("all") << 7 << 7 << 0.05;
        QTest::newRow("most") << 20 << 17 << 0.07;
        QTest::newRow("half") << 40 << 20 << 0.1;
        QTest::newRow("few") << 100 << 20 << 0.08;
    }
    void rarityIsTheBinomialTail()
    {
        QFETCH(int, points);
        QFETCH(int, hits);
        QFETCH(double, chance);
        const double exact = exactRarity(points, hits, chance);
        QVERIFY2(std::abs(hitRarity(points, hits, chance) - exact) < 0.15, qPrintable(QString::number(exact)));
    }
    void fewerHitsThanExpectedAreNotRare() { QCOMPARE(hitRarity(100, 7, 0.08), 0.0); }

    void findsTheFirstGroupLength()
    {
        const auto pictures = picturesWithPeaks([](int n) { return n % 14 == 0; });
        const Footprint print = predictionFootprint(pictures);
        const auto group = firstGroupLength(print.values);
        QVERIFY(group);
        QCOMPARE(group->length, 14);
        QVERIFY(group->score >= 1.5);
        const LatticeSearch search = searchLattice(print);
        QVERIFY(search.lattice);
        QCOMPARE(search.lattice->length, 14);
        QCOMPARE(search.lattice->phase, 0);
        QVERIFY(search.breaks.empty());
    }
    void findsTheBreakAndItsResidue()
    {
        // Five frames taken out at 150: what was at 154 is at 149, and so on.
        const LatticeSearch search = searchOf([](int n) { return (n < 150 ? n : n + 5) % 14 == 0; });
        QCOMPARE(search.breaks.size(), std::size_t(1));
        const PhaseBreak &one = search.breaks.front();
        QCOMPARE(one.before.length, 14);
        QCOMPARE(one.removedModulo, 5);
        QVERIFY(one.where.begin < 150 && 150 < one.where.end);
        QVERIFY(one.where.length() <= 2 * 14);
    }
    void findsTwoBreaks()
    {
        const LatticeSearch search = searchOf([](int n) { return (n < 100 ? n : n < 200 ? n + 4 : n + 9) % 12 == 0; });
        QCOMPARE(search.breaks.size(), std::size_t(2));
        QCOMPARE(search.breaks[0].removedModulo, 4);
        QCOMPARE(search.breaks[1].removedModulo, 5);
    }
    void aBeatThatDriftsIsNoCut()
    {
        DeletionEvidence e;
        e.macroblocks = true;
        e.frames = 600;
        const Lattice beat{.length = 20, .phase = 0, .points = 10, .hits = 9};
        e.search.lattice = beat;
        e.search.breaks = {{{190, 211}, beat, beat, 1, 8.0}, {{390, 411}, beat, beat, 1, 8.0}};
        QCOMPARE(deletionFindings(e).front().verdict, Verdict::Inconclusive);
        QCOMPARE(deletionFindings(e).size(), std::size_t(2));
        e.search.breaks.back().removedModulo = 7;
        QCOMPARE(deletionFindings(e).front().verdict, Verdict::Suspicious);
    }
    void whatKeepsTheRhythmIsNotSeen()
    {
        QVERIFY(searchOf([](int n) { return (n < 150 ? n : n + 28) % 14 == 0; }).breaks.empty());
    }
    void randomPeaksHaveNoRhythm()
    {
        const LatticeSearch search = searchOf([](int n) { return (n * 2654435761U >> 16) % 17 == 0; });
        QVERIFY(!search.lattice);
        QVERIFY(search.breaks.empty());
    }
    void theClipsOwnGroupsMakeNoRhythm()
    {
        auto pictures = picturesWithPeaks([](int n) { return n % 30 == 1; });
        for (int n = 0; n < kFrames; n += 30)
            pictures[std::size_t(n)].type = 'I';
        QVERIFY(!searchLattice(predictionFootprint(pictures)).lattice);
    }
    void pictureTypesAloneMakeNoRhythm()
    {
        // Every fourth picture is a P picture, and most of these peak: no earlier encoding.
        auto pictures = picturesWithPeaks([](int n) { return (n * 2654435761U >> 16) % 3 == 0; });
        for (int n = 0; n < kFrames; ++n) {
            if (n % 4 != 0)
                pictures[std::size_t(n)].type = 'B';
        }
        QVERIFY(searchLattice(predictionFootprint(pictures)).breaks.empty());
        QVERIFY(!searchLattice(predictionFootprint(pictures)).lattice);
    }
    void thePeakBehindBPicturesMovesToTheOneThatLooksForward()
    {
        std::vector<CodedPicture> pictures;
        for (const char type : {'P', 'B', 'B', 'P', 'B', 'B', 'P'})
            pictures.push_back({type, MacroblockCounts{.total = 100, .intra = 1, .skipped = 50, .forward = 30}});
        pictures[3].macroblocks->intra = 40;
        pictures[3].macroblocks->skipped = 5;
        QVERIFY(predictionFootprint(pictures).values[3] > 0.0);
        pictures[2].macroblocks->forward = 2;
        pictures[2].macroblocks->backward = 60;
        const Footprint print = predictionFootprint(pictures);
        QCOMPARE(print.values[3], 0.0);
        QVERIFY(print.values[2] > 0.0);
    }

    void sizesShowARhythmWhereBlocksDoNot()
    {
        std::vector<CodedPicture> pictures;
        std::uint32_t random = 7;
        for (int n = 0; n < kFrames; ++n) {
            random = random * 1664525 + 1013904223;
            const int bytes = 3000 + int(random >> 24) * 2 + ((n < 150 ? n : n + 5) % 14 == 0 ? 900 : 0);
            pictures.push_back({n % 250 == 0 ? 'I' : 'P', MacroblockCounts{.total = 396}, bytes});
        }
        LatticeSearch blocks = searchLattice(predictionFootprint(pictures));
        LatticeSearch sizes = searchLattice(sizeFootprint(pictures));
        QVERIFY(!blocks.lattice);
        QCOMPARE(sizes.breaks.size(), std::size_t(1));
        QCOMPARE(sizes.breaks.front().before.length, 14);
        QCOMPARE(sizes.breaks.front().removedModulo, 5);
        QCOMPARE(clearerSearch(&blocks, &sizes), 1);
        QCOMPARE(sizes.breaks.size(), std::size_t(1));
    }
    void aClearRhythmContradictsAWeakBreak()
    {
        LatticeSearch whole, broken;
        whole.lattice = Lattice{.length = 12, .rarity = 12.0};
        whole.correctedOne = 8.0;
        broken.breaks.push_back({});
        broken.correctedTwo = 2.5;
        QCOMPARE(clearerSearch(&whole, &broken), 0);
        QVERIFY(broken.breaks.empty());
        broken.breaks.push_back({});
        broken.correctedTwo = 9.0;
        QCOMPARE(clearerSearch(&whole, &broken), 1);
        QCOMPARE(broken.breaks.size(), std::size_t(1));
    }

    void saysNothingOfASingleEncoding()
    {
        QCOMPARE(first(at(u"one.mkv"_s)), QString());
        DeletionDetector detector;
        const auto clip = readBenchClip(at(u"one.mkv"_s));
        QVERIFY(clip);
        const auto result = runDetector(detector, *clip);
        QVERIFY(result);
        QVERIFY(!findingOf(*result, u"frame_deletion.break"_s));
        QVERIFY(!findingOf(*result, u"frame_deletion.copy"_s));
        for (const Finding &finding : result->findings)
            QVERIFY2(finding.verdict != Verdict::Suspicious, qPrintable(finding.summary));
    }
    void findsRemovedFramesInARealClip()
    {
        QCOMPARE(first(at(u"one.mkv"_s)), QString());
        QCOMPARE(again(at(u"one.mkv"_s), {u"-vf"_s, u"select='not(between(n,110,114))',setpts=N/FRAME_RATE/TB"_s},
                       at(u"two.mkv"_s)), QString());
        DeletionDetector detector;
        const auto result = runDetector(detector, *readBenchClip(at(u"two.mkv"_s)));
        QVERIFY(result);
        const Finding *found = findingOf(*result, u"frame_deletion.break"_s);
        QVERIFY(found);
        QCOMPARE(found->verdict, Verdict::Suspicious);
        QVERIFY(found->range->begin < 110 && 110 < found->range->end);
        QVERIFY2(found->summary.contains(u"every 12 frames"_s), qPrintable(found->summary));
        QVERIFY2(found->summary.contains(u"about 5 frames were taken out"_s), qPrintable(found->summary));
    }
    void findsACopiedStretchThatWasEncodedAnew()
    {
        QCOMPARE(first(at(u"one.mkv"_s)), QString());
        const QString copy = u"split=3[a][b][c];[a]trim=end_frame=120,setpts=PTS-STARTPTS[x];"
                             "[b]trim=start_frame=40:end_frame=70,setpts=PTS-STARTPTS[y];"
                             "[c]trim=start_frame=120,setpts=PTS-STARTPTS[z];"
                             "[x][y][z]concat=n=3,setpts=N/FRAME_RATE/TB"_s;
        QCOMPARE(again(at(u"one.mkv"_s), {u"-filter_complex"_s, copy}, at(u"copied.mkv"_s)), QString());
        DeletionDetector detector;
        const auto result = runDetector(detector, *readBenchClip(at(u"copied.mkv"_s)));
        QVERIFY(result);
        const Finding *found = findingOf(*result, u"frame_deletion.copy"_s);
        QVERIFY(found);
        QVERIFY2(std::abs(found->range->begin - 120) <= 2 && std::abs(found->range->end - 150) <= 2,
                 qPrintable(found->summary));
    }
    void bitExactCopiesAreLeftToTheStreamStructure()
    {
        FrameSketches sketches;
        Ledger ledger;
        std::vector<cv::Mat> pictures;
        cv::RNG random(3);
        for (int n = 0; n < 100; ++n) {
            cv::Mat picture(90, 160, CV_8UC1);
            random.fill(picture, cv::RNG::UNIFORM, 0, 255);
            if (n >= 60 && n < 90)
                picture = pictures[std::size_t(n) - 40];
            pictures.push_back(picture);
            LedgerEntry entry;
            entry.planes[0] = std::uint8_t(n >= 60 && n < 90 ? n - 40 : n);
            entry.planes[1] = 1;
            ledger.entries.push_back(entry);
            sketches.add(picture);
        }
        QVERIFY(sketches.copies(ledger, 25, {}).empty());
        for (LedgerEntry &entry : ledger.entries)
            entry.planes = {};
        QCOMPARE(sketches.copies(ledger, 25, {}).size(), std::size_t(1));
    }
    void aCopyWithoutItsNoiseIsFoundByItsOutline()
    {
        // A texture that slides slowly, seen through coarse coding: what is left of the noise is a quarter.
        cv::RNG random(5);
        cv::Mat wide(91, 600, CV_8UC1);
        random.fill(wide, cv::RNG::UNIFORM, 0, 255);
        cv::GaussianBlur(wide, wide, {0, 0}, 4.0);
        cv::normalize(wide, wide, 40, 220, cv::NORM_MINMAX);
        const auto picture = [&](int place) {
            cv::Mat noise(90, 160, CV_32F), sum;
            random.fill(noise, cv::RNG::NORMAL, 0.0, 0.8);
            const double x = 60.0 + 60.0 * std::sin(place / 25.0);
            cv::Mat window;
            cv::warpAffine(wide, window, cv::Matx23d(1, 0, x, 0, 1, 0), {160, 90}, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP);
            cv::add(window, noise, sum, {}, CV_8U);
            return sum;
        };
        const auto clip = [&](bool copied) {
            std::vector<cv::Mat> frames;
            for (int n = 0; n < 200; ++n)
                frames.push_back(picture(copied && n >= 130 ? (n < 160 ? n - 80 : n - 30) : n));
            std::vector<double> steps{0.0};
            for (std::size_t n = 1; n < frames.size(); ++n)
                steps.push_back(cv::norm(frames[n - 1], frames[n], cv::NORM_L1) / double(frames[n].total()));
            return outlinedCopies(frames, steps, 25, {});
        };
        const auto copies = clip(true);
        QCOMPARE(copies.size(), std::size_t(1));
        QVERIFY(copies.front().outline >= 3.0);
        QCOMPARE(copies.front().copy.begin, 130);
        QCOMPARE(copies.front().copy.end, 160);
        QCOMPARE(copies.front().original.begin, 50);
        QVERIFY(clip(false).empty());
    }
    void aSceneThatComesBackIsNoCopy()
    {
        // Two still pictures in turn, with fresh noise: the outline of a copy, but nothing goes together.
        cv::RNG random(6);
        std::vector<cv::Mat> frames;
        std::vector<double> steps{0.0};
        for (int n = 0; n < 120; ++n) {
            cv::Mat noise(90, 160, CV_8UC1);
            random.fill(noise, cv::RNG::NORMAL, n / 40 == 1 ? 60.0 : 150.0, 3.0);
            frames.push_back(noise);
            if (n > 0)
                steps.push_back(cv::norm(frames[std::size_t(n) - 1], noise, cv::NORM_L1) / double(noise.total()));
        }
        QVERIFY(outlinedCopies(frames, steps, 25, {}).empty());
    }
    void saysWhyACodecTellsNothing()
    {
        QCOMPARE(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, m_source, u"-frames:v"_s, u"30"_s, u"-c:v"_s, u"libvpx"_s,
                         u"-cpu-used"_s, u"8"_s, u"-deadline"_s, u"realtime"_s, at(u"vp8.webm"_s)}), QString());
        DeletionDetector detector;
        const auto result = runDetector(detector, *readBenchClip(at(u"vp8.webm"_s)));
        QVERIFY(result);
        const Finding *found = findingOf(*result, u"frame_deletion.history"_s);
        QVERIFY(found);
        QCOMPARE(found->verdict, Verdict::NotApplicable);
        QVERIFY(found->summary.contains(u"vp8"_s));
    }

    void stopsWhenTold()
    {
        DeletionDetector detector;
        BenchClip clip;
        clip.facts.media.streams.push_back({});
        clip.facts.media.streams.back().kind = StreamKind::Video;
        clip.bundles.resize(1);
        const auto result = runDetector(detector, clip, stoppedJob());
        QVERIFY(!result);
        QCOMPARE(result.error().code, Errc::Cancelled);
    }
    void stillsAreNotApplicable()
    {
        DeletionDetector detector;
        const auto result = runDetector(detector, stillOf(cv::Mat(32, 32, CV_8UC3)));
        QVERIFY(!result);
        QCOMPARE(result.error().code, Errc::NotApplicable);
    }
    void manifestIsValid()
    {
        const auto manifest = manifestOf(u"detect/frame_deletion"_s);
        QVERIFY2(manifest, manifest ? "" : qPrintable(manifest.error().text()));
        QCOMPARE(manifest->planes, Planes::Luma);
        QVERIFY(manifest->needs.contains(u"coding.macroblocks"_s));
    }
};

QTEST_GUILESS_MAIN(TestFrameDeletion)
#include "tst_frame_deletion.moc"
