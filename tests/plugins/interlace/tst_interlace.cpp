// SPDX-License-Identifier: GPL-3.0-or-later
#include "interlace_detector.h"
#include "plugin_bench.h"
#include "textures.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

const cv::Size kSize(352, 288);

/// Windows of one large textured picture that slides by `step` px, each with noise of its own.
cv::Mat slid(int number, double step, double noise = 2.5)
{
    static const cv::Mat wide = [] {
        cv::Mat grey;
        cv::cvtColor(texturedPicture({900, 288}, 4), grey, cv::COLOR_BGR2GRAY);
        return grey;
    }();
    cv::Mat window, fine(kSize, CV_32F);
    const cv::Matx23d shift(1, 0, number * step, 0, 1, 0);
    cv::warpAffine(wide, window, shift, kSize, cv::INTER_CUBIC | cv::WARP_INVERSE_MAP);
    cv::RNG random{std::uint64_t(number) + 11};
    random.fill(fine, cv::RNG::NORMAL, 0.0, noise);
    cv::add(window, fine, window, {}, CV_8U);
    return window;
}

/// Even lines of one picture, odd lines of another: one interlaced frame, top field first.
cv::Mat woven(const cv::Mat &first, const cv::Mat &second)
{
    cv::Mat frame = first.clone();
    for (int y = 1; y < frame.rows; y += 2)
        second.row(y).copyTo(frame.row(y));
    return frame;
}

/// Odd lines replaced by the mean of their neighbours.
cv::Mat lineAveraged(const cv::Mat &picture)
{
    cv::Mat frame = picture.clone();
    for (int y = 1; y + 1 < frame.rows; y += 2)
        cv::addWeighted(picture.row(y - 1), 0.5, picture.row(y + 1), 0.5, 0.0, frame.row(y));
    return frame;
}

/// A clip of luma planes as a host would hand it over.
BenchClip clipOf(const std::vector<cv::Mat> &planes)
{
    BenchClip clip;
    StreamFacts video;
    video.kind = StreamKind::Video;
    clip.facts.media.streams.push_back(video);
    clip.facts.frameCount = std::int64_t(planes.size());
    for (std::size_t n = 0; n < planes.size(); ++n) {
        FrameBundle bundle;
        bundle.index = FrameIndex(n);
        bundle.luma = planes[n];
        bundle.coding = std::make_shared<const CodingFrame>();
        clip.bundles.push_back(bundle);
        clip.ledger.entries.push_back({});
    }
    return clip;
}

std::vector<cv::Mat> frames(int count, const std::function<cv::Mat(int)> &make)
{
    std::vector<cv::Mat> all;
    for (int n = 0; n < count; ++n)
        all.push_back(make(n));
    return all;
}

Finding onlyFinding(const std::vector<cv::Mat> &planes, InterlaceEvidence *evidence = nullptr)
{
    InterlaceDetector detector;
    const auto result = runDetector(detector, clipOf(planes));
    if (evidence)
        *evidence = detector.evidence();
    return result && result->findings.size() == 1 ? result->findings.front() : Finding{};
}

} // namespace

class TestInterlace : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }

    void findsTheWeightsOfLineAveraging()
    {
        const auto fit = fitParities(lineAveraged(slid(0, 0)));
        QVERIFY(fit);
        const std::array<double, 4> truth{0.0, 0.5, 0.5, 0.0};
        for (std::size_t k = 0; k < 4; ++k)
            QVERIFY2(std::abs(fit->odd.weights[k] - truth[k]) < 0.05, qPrintable(QString::number(fit->odd.weights[k])));
        QVERIFY(fit->contrast() < -std::log(1.5));
    }
    void aSmoothPictureThatWasPutInDoesNotFollow()
    {
        // It follows any mix of lines better than the textured rest, but not better than its own lines do.
        cv::Mat frame = lineAveraged(slid(0, 0));
        cv::Mat patch(128, 128, CV_32F);
        cv::RNG random(8);
        random.fill(patch, cv::RNG::NORMAL, 128.0, 1.5);
        patch.convertTo(frame(cv::Rect(96, 80, 128, 128)), CV_8U);
        const auto fit = fitParities(frame);
        QVERIFY(fit);
        const cv::Mat map = followMap(contrastMap(frame, *fit, 1, kMapBlock, nullptr), std::exp(std::abs(fit->contrast())), kMapBlock);
        QCOMPARE(map.size(), cv::Size(22, 18));
        QVERIFY(cv::mean(map(cv::Rect(7, 6, 6, 6)))[0] < 0.2);
        QVERIFY(cv::mean(map(cv::Rect(15, 2, 6, 14)))[0] > 0.8);
    }
    void progressivePicturesHaveNoContrast()
    {
        const auto fit = fitParities(slid(0, 0));
        QVERIFY(fit);
        QVERIFY2(std::exp(std::abs(fit->contrast())) < 1.03, qPrintable(QString::number(fit->contrast())));
    }
    void levelEdgesAreNoTraceOfDeinterlacing()
    {
        // A still chart: its level edges lie on lines of one parity, in all strips but few bands.
        cv::Mat chart(cv::Size(160, 112), CV_8UC1, cv::Scalar(120));
        for (const int y : {19, 43, 67})
            chart.rowRange(y, y + 1).setTo(210);
        InterlaceEvidence evidence;
        const Finding finding = onlyFinding(frames(30, [&](int n) {
            cv::Mat noisy, fine(chart.size(), CV_32F);
            cv::RNG random{std::uint64_t(n) + 3};
            random.fill(fine, cv::RNG::NORMAL, 0.0, 1.5);
            cv::add(chart, fine, noisy, {}, CV_8U);
            return noisy;
        }), &evidence);
        QVERIFY(evidence.fits.size() >= 20);
        QVERIFY2(!evidence.trace.usable, qPrintable(evidence.trace.model));
        QVERIFY2(finding.id == u"interlace.scan"_s, qPrintable(finding.summary));
    }
    void flatPicturesDoNotBreakTheFit()
    {
        const auto fit = fitParities(cv::Mat(kSize, CV_8UC1, cv::Scalar(80)));
        QVERIFY(!fit || std::isfinite(fit->contrast()));
        QVERIFY(!fitParities(cv::Mat(8, 8, CV_8UC1, cv::Scalar(80))));
    }

    void tellsHowFramesWereScanned()
    {
        const auto woven2 = [](int n) { return woven(slid(2 * n, 2.0), slid(2 * n + 1, 2.0)); };
        QCOMPARE(frameScan(woven2(0), woven2(1), woven2(2)), FrameScan::TopFirst);
        const auto bottom = [](int n) { return woven(slid(2 * n + 1, 2.0), slid(2 * n, 2.0)); };
        QCOMPARE(frameScan(bottom(0), bottom(1), bottom(2)), FrameScan::BottomFirst);
        QCOMPARE(frameScan(slid(0, 4.0), slid(1, 4.0), slid(2, 4.0)), FrameScan::Progressive);
        QCOMPARE(frameScan(slid(0, 0), slid(1, 0), cv::Mat(8, 8, CV_8UC1)), FrameScan::Unknown);
    }
    void tellsMixedContentAndTelecine()
    {
        std::vector<FrameScan> frames(100, FrameScan::Progressive);
        QCOMPARE(scanClass(frames), ScanClass::Progressive);
        std::fill(frames.begin() + 50, frames.end(), FrameScan::TopFirst);
        QCOMPARE(scanClass(frames), ScanClass::Mixed);
        for (std::size_t n = 0; n < frames.size(); ++n)
            frames[n] = n % 5 < 3 ? FrameScan::Progressive : FrameScan::TopFirst;
        QCOMPARE(scanClass(frames), ScanClass::Telecined);
        for (std::size_t n = 0; n < frames.size(); ++n)
            frames[n] = n % 2 ? FrameScan::BottomFirst : FrameScan::TopFirst;
        QCOMPARE(scanClass(frames), ScanClass::Unknown);
        QCOMPARE(scanClass(std::vector<FrameScan>(100, FrameScan::Unknown)), ScanClass::Unknown);
        // Single combed frames in a still clip are chance, not stretches of another kind.
        std::fill(frames.begin(), frames.end(), FrameScan::Progressive);
        for (std::size_t n = 0; n < frames.size(); n += 4)
            frames[n] = FrameScan::TopFirst;
        QCOMPARE(scanClass(frames), ScanClass::Progressive);
    }

    void progressiveClipsGetNoMap()
    {
        InterlaceEvidence evidence;
        const Finding finding = onlyFinding(frames(30, [](int n) { return slid(n, 2.0); }), &evidence);
        QCOMPARE(finding.verdict, Verdict::NotApplicable);
        QVERIFY(!evidence.trace.usable);
        QCOMPARE(evidence.scan, ScanClass::Progressive);
    }
    void authenticFieldsMoveEvenly()
    {
        InterlaceEvidence evidence;
        const Finding finding = onlyFinding(
            frames(20, [](int n) { return woven(slid(2 * n, 2.0), slid(2 * n + 1, 2.0)); }), &evidence);
        QCOMPARE(evidence.scan, ScanClass::TopFirst);
        QVERIFY2(finding.verdict == Verdict::Consistent, qPrintable(finding.summary));
        QVERIFY2(evidence.bursts.front().fields.typical < 0.15, qPrintable(finding.summary));
    }
    void anObjectMovedFrameByFrameStandsOut()
    {
        cv::Mat object;
        cv::cvtColor(texturedPicture({128, 128}, 9), object, cv::COLOR_BGR2GRAY);
        InterlaceEvidence evidence;
        const Finding finding = onlyFinding(frames(20, [&](int n) {
            cv::Mat frame = woven(slid(2 * n, 2.0), slid(2 * n + 1, 2.0));
            object.copyTo(frame(cv::Rect(20 + 4 * n, 80, 128, 128)));
            return frame;
        }), &evidence);
        QVERIFY2(finding.verdict == Verdict::Suspicious, qPrintable(finding.summary));
        QVERIFY(finding.region);
        QVERIFY(cv::Rect2f(20, 80, 224, 128).contains(cv::Point2f(finding.region->x + finding.region->width / 2,
                                                                   finding.region->y + finding.region->height / 2)));
        for (const auto &block : evidence.bursts.front().fields.odd)
            QVERIFY(block.difference > 0.5);
    }
    void aDeinterlacedClipIsTheSameAllOver()
    {
        InterlaceEvidence evidence;
        const Finding finding = onlyFinding(frames(30, [](int n) { return lineAveraged(slid(n, 2.0)); }), &evidence);
        QVERIFY2(evidence.trace.usable, qPrintable(evidence.trace.why));
        QCOMPARE(evidence.trace.parity, 1);
        QVERIFY(!evidence.trace.alternating);
        QVERIFY2(finding.verdict == Verdict::Consistent, qPrintable(finding.summary));
    }
    void aPatchPutInAfterDeinterlacingStandsOut()
    {
        const Finding finding = onlyFinding(frames(30, [](int n) {
            cv::Mat frame = lineAveraged(slid(n, 2.0));
            const cv::Rect place(112, 96, 128, 128);
            slid(n + 60, 2.0)(place).copyTo(frame(place));
            return frame;
        }));
        QVERIFY2(finding.verdict == Verdict::Suspicious, qPrintable(finding.summary));
        QVERIFY(finding.region);
        const cv::Rect2f truth(112, 96, 128, 128);
        QVERIFY((truth & *finding.region).area() > 0.7F * std::max(truth.area(), finding.region->area()));
    }
    void alternatingParityIsFound()
    {
        InterlaceEvidence evidence;
        onlyFinding(frames(30, [](int n) {
            const cv::Mat picture = slid(n, 2.0);
            if (n % 2 == 0)
                return lineAveraged(picture);
            cv::Mat frame = picture.clone();
            for (int y = 2; y + 1 < frame.rows; y += 2)
                cv::addWeighted(picture.row(y - 1), 0.5, picture.row(y + 1), 0.5, 0.0, frame.row(y));
            return frame;
        }), &evidence);
        QVERIFY2(evidence.trace.usable, qPrintable(evidence.trace.why));
        QVERIFY(evidence.trace.alternating);
    }

    void conformanceStreamsAreTold_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<bool>("interlaced");
        QTest::newRow("fields") << u"interlaced_content/HCAFF1_HHI.264"_s << true;
        QTest::newRow("progressive") << u"progressive/FRExt1_Panasonic.avc"_s << false;
        QTest::newRow("coded as fields, shot progressive") << u"interlace_coded_progressive_content/Freh7_B.264"_s << false;
    }
    void conformanceStreamsAreTold()
    {
        QFETCH(QString, file);
        QFETCH(bool, interlaced);
        const QString path = shared(u"video-interlace/"_s + file);
        if (!QFile::exists(path))
            QSKIP("real material is absent; FW_SHARED names its folder");
        InterlaceDetector detector;
        const auto clip = readBenchClip(path);
        QVERIFY(clip);
        const auto result = runDetector(detector, *clip);
        QVERIFY(result);
        QCOMPARE(detector.evidence().interlaced(), interlaced);
        QVERIFY(!detector.evidence().trace.usable || interlaced);
        for (const Finding &finding : result->findings)
            QVERIFY2(finding.verdict != Verdict::Suspicious, qPrintable(finding.summary));
    }

    void stopsWhenTold()
    {
        InterlaceDetector detector;
        const auto result = runDetector(detector, clipOf(frames(3, [](int n) { return slid(n, 1.0); })), stoppedJob());
        QVERIFY(!result);
        QCOMPARE(result.error().code, Errc::Cancelled);
    }
    void picturesWithoutLumaAreNotApplicable()
    {
        InterlaceDetector detector;
        const auto result = runDetector(detector, clipOf(std::vector<cv::Mat>(3)));
        QVERIFY(!result);
        QCOMPARE(result.error().code, Errc::NotApplicable);
    }
    void manifestIsValid()
    {
        const auto manifest = manifestOf(u"detect/interlace"_s);
        QVERIFY2(manifest, manifest ? "" : qPrintable(manifest.error().text()));
        QCOMPARE(manifest->planes, Planes::Luma);
    }
};

QTEST_GUILESS_MAIN(TestInterlace)
#include "tst_interlace.moc"
