// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/interpolation.h"
#include "photo/map_segments.h"
#include "photo/residual.h"
#include "model_job.h"
#include "resampling_detector.h"
#include "textures.h"

#include <QTest>

#include <cmath>
#include <complex>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

Result<AnalysisResult> examine(const BenchClip &clip)
{
    ResamplingDetector detector;
    return runDetector(detector, clip, *jobOf(u"detect/resampling"_s));
}

cv::Mat enlarged(const cv::Mat &bgr, double scale, int way = cv::INTER_LINEAR)
{
    cv::Mat result;
    cv::resize(bgr, result, {}, scale, scale, way);
    return result;
}

/// The features straight from their definition, sample by sample.
std::vector<double> slowFeatures(const cv::Mat &root)
{
    std::vector<std::vector<double>> sizes;
    for (int angle = 0; angle < kRadonAngles; ++angle) {
        const double a = angle * CV_PI / kRadonAngles;
        std::vector<double> lines(kRadonBins, 0.0), size;
        for (int line = 0; line < kRadonBins; ++line) {
            for (int step = 0; step < kRadonBins; ++step) {
                const double u = line - 45.0, v = step - 45.0;
                const double x = 31.5 + std::cos(a) * u - std::sin(a) * v, y = 31.5 + std::sin(a) * u + std::cos(a) * v;
                const double left = std::floor(x), top = std::floor(y), fx = x - left, fy = y - top;
                const auto at = [&](double px, double py) {
                    return px < 0 || py < 0 || px > 63 || py > 63 ? 0.0 : double(root.at<float>(int(py), int(px)));
                };
                lines[std::size_t(line)] += (1 - fy) * ((1 - fx) * at(left, top) + fx * at(left + 1, top))
                    + fy * ((1 - fx) * at(left, top + 1) + fx * at(left + 1, top + 1));
            }
        }
        for (int f = 0; f < kRadonFrequencies; ++f) {
            std::complex<double> sum;
            for (int n = 0; n < kRadonBins; ++n)
                sum += lines[std::size_t(n)] * std::polar(1.0, -2.0 * CV_PI * f * n / kRadonBins);
            size.push_back(std::abs(sum));
        }
        sizes.push_back(size);
    }
    std::vector<double> features(kResamplingFeatures, 0.0);
    for (int f = 0; f < kRadonFrequencies; ++f) {
        double mean = 0.0;
        for (const auto &size : sizes)
            mean += size[std::size_t(f)] / kRadonAngles;
        features[std::size_t(kRadonAngles * kRadonFrequencies + f)] = mean;
        for (int angle = 0; angle < kRadonAngles; ++angle)
            features[std::size_t(angle * kRadonFrequencies + f)] = sizes[std::size_t(angle)][std::size_t(f)] / (mean + 1e-16);
    }
    return features;
}

} // namespace

class TestResampling : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }

    void featuresAgreeWithTheirDefinition()
    {
        const cv::Mat root = rootLaplacian(texturedPicture({96, 96}, 3));
        const cv::Mat fast = RadonFeatures().of(root, {cv::Point(11, 7), cv::Point(0, 0), cv::Point(32, 32)});
        QCOMPARE(fast.size(), cv::Size(874, 3));
        const auto slow = slowFeatures(root(cv::Rect(11, 7, 64, 64)));
        for (int k = 0; k < kResamplingFeatures; ++k) {
            const double expected = slow[std::size_t(k)], got = double(fast.at<float>(0, k));
            QVERIFY2(std::abs(got - expected) <= 1e-3 * std::max(1.0, std::abs(expected)),
                     qPrintable(u"%1: %2 instead of %3"_s.arg(k).arg(got).arg(expected)));
        }
    }

    void enlargingShowsItsPeriod_data()
    {
        QTest::addColumn<double>("scale");
        QTest::addColumn<double>("frequency");
        QTest::newRow("1.25") << 1.25 << 0.2;
        QTest::newRow("1.5") << 1.5 << 1.0 / 3.0;
        QTest::newRow("1.9") << 1.9 << 0.474;
    }
    void enlargingShowsItsPeriod()
    {
        QFETCH(double, scale);
        QFETCH(double, frequency);
        const cv::Mat large = enlarged(texturedPicture({512, 512}, 4), scale);
        const auto spectrum = periodSpectrum(interpolationMap(lumaOf(large)), cv::Rect(0, 0, 512, 512));
        QVERIFY(spectrum && !spectrum->peaks.empty());
        const PeriodPeak &peak = spectrum->peaks.front();
        QVERIFY2(peak.height > 4.5, qPrintable(QString::number(peak.height)));
        const double f = std::max(std::abs(peak.frequency.x), std::abs(peak.frequency.y));
        QVERIFY2(std::abs(f - frequency) < 0.01, qPrintable(QString::number(f)));
        double nearest = 9.0;
        for (const double candidate : scalesOf(f))
            nearest = std::min(nearest, std::abs(candidate - scale));
        QVERIFY(nearest < 0.03);
    }

    void whatAllOfAPictureSharesIsFound()
    {
        const cv::Mat untouched = texturedPicture({640, 512}, 8);
        const auto none = commonPeriods(interpolationMap(lumaOf(untouched)), {});
        QVERIFY(none && none->axial.height < ResamplingLimits{}.whole);
        const auto whole = commonPeriods(interpolationMap(lumaOf(enlarged(untouched, 1.25))), {});
        QVERIFY(whole && whole->axial.height > ResamplingLimits{}.whole);
        QVERIFY(std::abs(std::max(std::abs(whole->axial.frequency.x), std::abs(whole->axial.frequency.y)) - 0.2) < 0.01);
        // One place that was enlarged is no sign of all of it.
        cv::Mat pasted = untouched.clone();
        enlarged(texturedPicture({320, 320}, 9), 1.25)(cv::Rect(20, 20, 200, 200)).copyTo(pasted(cv::Rect(40, 40, 200, 200)));
        const auto place = commonPeriods(interpolationMap(lumaOf(pasted)), {});
        QVERIFY(place && place->axial.height < ResamplingLimits{}.whole);
        const cv::Mat map = interpolationMap(lumaOf(untouched));
        QVERIFY(commonPeriods(map, {}, cv::Rect(0, 0, 100, 100)));
        QCOMPARE(commonPeriods(map, {}, cv::Rect(0, 0, 640, 512)).error().code, Errc::BadData);
        QCOMPARE(commonPeriods(cv::Mat(100, 300, CV_32FC1, cv::Scalar(1)), {}).error().code, Errc::BadData);
        std::stop_source source;
        source.request_stop();
        QCOMPARE(commonPeriods(interpolationMap(lumaOf(untouched)), source.get_token()).error().code, Errc::Cancelled);
    }

    void placesAreMeasuredAlikeInTheWholePictureAndInAPart()
    {
        const cv::Mat picture = texturedPicture({192, 160}, 10);
        const RadonFeatures radon;
        const cv::Mat whole = placeValues(radon, picture, {cv::Point(64, 48), cv::Point(0, 0), cv::Point(128, 96)});
        QCOMPARE(whole.size(), cv::Size(kPlaceValues, 3));
        const cv::Mat part = placeValues(radon, picture.rowRange(40, 130), {cv::Point(64, 8)});
        QVERIFY(cv::norm(whole.row(0), part, cv::NORM_INF) < 1e-5);
        const cv::Mat median = medianValues(whole), both = withDifferences(whole, median);
        QCOMPARE(both.size(), cv::Size(2 * kPlaceValues, 3));
        for (int k = 0; k < kPlaceValues; ++k)
            QCOMPARE(both.at<float>(1, kPlaceValues + k), whole.at<float>(1, k) - median.at<float>(0, k));
    }

    void hilbertsCurveVisitsEveryPlaceOnce()
    {
        for (int order = 1; order <= 4; ++order) {
            const int side = 1 << order;
            const std::vector<int> places = hilbertOrder(order), back = inverseOrder(places);
            QCOMPARE(int(places.size()), side * side);
            for (int k = 0; k < side * side; ++k) {
                QCOMPARE(back[std::size_t(places[std::size_t(k)])], k);
                QCOMPARE(places[std::size_t(back[std::size_t(k)])], k);
                if (k > 0) {
                    const int a = places[std::size_t(k)], b = places[std::size_t(k) - 1];
                    QCOMPARE(std::abs(a % side - b % side) + std::abs(a / side - b / side), 1);
                }
            }
        }
    }

    void aTileIsFedAsItsPixelsAndItsBlocks()
    {
        const cv::Mat tile = texturedPicture({kSequenceSide, kSequenceSide}, 12);
        const cv::Mat input = SequenceInput().of(tile);
        QCOMPARE(input.size(), cv::Size(kSequenceSide, kSequenceRows));
        QVERIFY(cv::norm(input.rowRange(0, kSequenceSide), resamplingResidual(tile), cv::NORM_INF) < 1e-6);
        const RadonFeatures radon(kSequenceBlock, 10);
        QCOMPARE(radon.values(), kSequenceValues);
        cv::Mat block = radon.of(rootLaplacian(tile), {cv::Point(3 * kSequenceBlock, 2 * kSequenceBlock)});
        radon.standardise(&block);
        const cv::Mat values = input.rowRange(kSequencePlanes * kSequenceSide, kSequenceRows).clone().reshape(1, kSequenceBlocks);
        QVERIFY(cv::norm(values.row(2 * kSequenceGrid + 3), block, cv::NORM_INF) < 1e-5);
    }

    void theNeighbourhoodMapCoversThePicture()
    {
        const auto result = examine(stillOf(texturedPicture({523, 301}, 13)));
        QVERIFY2(result, qPrintable(result ? QString() : result.error().text()));
        const HeatMap &map = result->measured.heatMaps.at(1);
        QCOMPARE(map.id, u"neighbourhood.frame-0"_s);
        QCOMPARE(map.values.size(), cv::Size(130, 74)); // whole blocks of JPEG: 520 x 296 px
        QCOMPARE(map.region, cv::Rect2f(0, 0, 520, 296));
        double low = 0.0, high = 0.0;
        cv::minMaxLoc(map.values, &low, &high);
        QVERIFY(low >= 0.0 && high <= 1.0 && cv::checkRange(map.values));
        // Smaller than a tile: the other maps, not this one.
        const auto small = examine(stillOf(texturedPicture({250, 301}, 13)));
        QVERIFY(small && !small->measured.heatMaps.at(1).id.startsWith(u"neighbourhood"_s));
    }

    void theSpectrumOfAPlaceShowsItsWave()
    {
        cv::Mat wave(kResamplingPatch, kResamplingPatch, CV_32FC1);
        for (int y = 0; y < wave.rows; ++y) {
            for (int x = 0; x < wave.cols; ++x)
                wave.at<float>(y, x) = float(20.0 * std::sin(2.0 * CV_PI * 5.0 * x / 16.0));
        }
        std::array<float, kPlaceSpectrum> spectrum{};
        placeSpectrum(wave, spectrum.data());
        QCOMPARE(int(std::max_element(spectrum.begin(), spectrum.end()) - spectrum.begin()), 5); // row 0: no change down
        QVERIFY(spectrum[5] > spectrum[8] + 4.0f && spectrum[5] > spectrum[9 * 4] + 4.0f);
    }

    void untouchedTexturesShowNoPeriod()
    {
        for (int seed = 1; seed < 5; ++seed) {
            const auto spectrum = periodSpectrum(interpolationMap(lumaOf(texturedPicture({512, 512}, seed))), cv::Rect(0, 0, 512, 512));
            QVERIFY(spectrum);
            QVERIFY(spectrum->peaks.empty() || spectrum->peaks.front().height < 4.8);
        }
        QCOMPARE(periodSpectrum(cv::Mat(100, 100, CV_32FC1), cv::Rect(0, 0, 128, 128)).error().code, Errc::BadData);
    }

    void otsuSplitsTwoHeaps()
    {
        cv::Mat map(20, 20, CV_32FC1, cv::Scalar(0.1));
        map(cv::Rect(0, 0, 20, 6)).setTo(0.9);
        const OtsuSplit split = otsuSplit(map);
        QVERIFY(split.threshold > 0.1 && split.threshold < 0.9 && split.explained > 0.99);
    }

    void theWalkerFillsUpToTheEdge()
    {
        cv::Mat map(24, 32, CV_32FC1, cv::Scalar(0.2)), seeds(24, 32, CV_8UC1, cv::Scalar(0));
        map(cv::Rect(8, 6, 12, 10)).setTo(0.8);
        seeds.at<uchar>(10, 12) = 255;
        seeds.at<uchar>(2, 2) = 1;
        const cv::Mat chance = randomWalk(map, seeds);
        const cv::Mat found = chance > 0.5;
        cv::Mat truth(24, 32, CV_8UC1, cv::Scalar(0));
        truth(cv::Rect(8, 6, 12, 10)).setTo(255);
        QCOMPARE(cv::countNonZero(found != truth), 0);
        const cv::Mat none = randomWalk(map, cv::Mat(24, 32, CV_8UC1, cv::Scalar(0)));
        QCOMPARE(cv::countNonZero(none > 0.5), 0);
        QCOMPARE(cv::countNonZero(mapMask(cv::Mat(24, 32, CV_32FC1, cv::Scalar(0.5)))), 0);
    }

    void anEnlargedPlaceIsBrighterThanTheRest()
    {
        cv::Mat picture = texturedPicture({448, 384}, 5);
        const cv::Rect place(144, 112, 176, 160);
        enlarged(texturedPicture({448, 384}, 6), 1.4)(cv::Rect(100, 100, place.width, place.height)).copyTo(picture(place));
        const auto result = examine(stillOf(picture));
        QVERIFY2(result, qPrintable(result ? QString() : result.error().text()));
        const HeatMap &map = result->measured.heatMaps.front();
        QCOMPARE(map.id, u"resampled.frame-0"_s);
        double inside = 0.0, outside = 0.0;
        int in = 0, out = 0;
        for (int y = 0; y < map.values.rows; ++y) {
            for (int x = 0; x < map.values.cols; ++x) {
                const cv::Point centre(int(map.region.x + (float(x) + 0.5f) * map.region.width / float(map.values.cols)),
                                       int(map.region.y + (float(y) + 0.5f) * map.region.height / float(map.values.rows)));
                const bool within = place.contains(centre);
                (within ? inside : outside) += double(map.values.at<float>(y, x));
                ++(within ? in : out);
            }
        }
        QVERIFY2(inside / in > 1.3 * outside / out, qPrintable(u"%1 against %2"_s.arg(inside / in).arg(outside / out)));
    }

    void theClaimFollowsItsLimits()
    {
        ResamplingSummary summary;
        QCOMPARE(resamplingClaim(summary, {}).verdict, Verdict::Inconclusive);
        QVERIFY(!resamplingClaim(summary, {}).region);
        QCOMPARE(resamplingClaim(summary, 50).verdict, Verdict::Inconclusive);
        summary.whole = ResamplingLimits{}.whole + 0.1;
        const Finding whole = resamplingClaim(summary, {});
        QCOMPARE(whole.verdict, Verdict::Inconclusive);
        QVERIFY(whole.summary.contains(u"as a whole"_s) && !whole.region);
        summary.whole = 2.0;
        summary.share = 0.1;
        summary.contrast = ResamplingLimits{}.contrast + 0.1;
        const Finding place = resamplingClaim(summary, 95);
        QCOMPARE(place.verdict, Verdict::Inconclusive); // never more: blurred places look alike
        QVERIFY(place.region && !place.supports.isEmpty() && !place.against.isEmpty());
        summary.agreement = 0.7; // both networks
        QVERIFY(resamplingClaim(summary, 95).region);
        QVERIFY(resamplingClaim(summary, 95).supports.size() > place.supports.size());
        summary.agreement = 0.3;
        const Finding alone = resamplingClaim(summary, 95);
        QVERIFY(!alone.region && !alone.against.isEmpty());
        QCOMPARE(alone.verdict, Verdict::Inconclusive);
    }

    void smallPicturesAndVideoAreNotApplicable()
    {
        QCOMPARE(examine(stillOf(texturedPicture({150, 300}, 1))).error().code, Errc::NotApplicable);
        BenchClip clip = stillOf(texturedPicture({256, 256}, 1));
        clip.facts.media.still = false;
        QCOMPARE(examine(clip).error().code, Errc::NotApplicable);
    }

    void wrongWeightsAreRefused()
    {
        ResamplingDetector detector;
        const BenchClip clip = stillOf(texturedPicture({256, 256}, 1));
        QCOMPARE(detector.begin(clip.facts, {}).error().code, Errc::NotFound);
        JobContext job = *jobOf(u"detect/resampling"_s);
        for (const QString &id : {u"traces"_s, u"places"_s, u"sequence"_s}) {
            job = *jobOf(u"detect/resampling"_s);
            job.modelHashes[id] = QString(64, u'0');
            QCOMPARE(detector.begin(clip.facts, job).error().code, Errc::Mismatch);
        }
    }

    void stopsWhenAsked()
    {
        ResamplingDetector detector;
        JobContext job = *jobOf(u"detect/resampling"_s);
        std::stop_source source;
        job.stop = source.get_token();
        const BenchClip clip = stillOf(texturedPicture({1024, 768}, 1));
        QVERIFY(detector.begin(clip.facts, job));
        source.request_stop();
        QCOMPARE(detector.frame(clip.bundles.front()).error().code, Errc::Cancelled);
    }

    void theManifestIsValid()
    {
        const auto manifest = manifestOf(u"detect/resampling"_s);
        QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().text()));
        QCOMPARE(manifest->id, u"org.framewitness.resampling"_s);
        QVERIFY(!manifest->onVideo && manifest->limits.size() > 100);
    }
};

QTEST_GUILESS_MAIN(TestResampling)
#include "tst_resampling.moc"
