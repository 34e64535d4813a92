// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "photo/residual.h"
#include "model_job.h"
#include "spectrum_detector.h"
#include "textures.h"

#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

const cv::Size kSize(512, 512);

/// What a stage of a decoder does: zeros between the samples, then a kernel that does not quite sum alike.
cv::Mat learnedDouble(const cv::Mat &bgr, double error)
{
    cv::RNG random(5);
    cv::Mat kernel = (cv::Mat_<float>(4, 4) << 1, 3, 3, 1, 3, 9, 9, 3, 3, 9, 9, 3, 1, 3, 3, 1) / 16.0f;
    for (int y = 0; y < 4; ++y) {
        for (int x = 0; x < 4; ++x)
            kernel.at<float>(y, x) *= float(1.0 + random.gaussian(error));
    }
    cv::Mat sparse(bgr.rows * 2, bgr.cols * 2, CV_8UC3, cv::Scalar::all(0)), result;
    for (int y = 0; y < bgr.rows; ++y) {
        for (int x = 0; x < bgr.cols; ++x)
            sparse.at<cv::Vec3b>(2 * y, 2 * x) = bgr.at<cv::Vec3b>(y, x);
    }
    cv::filter2D(sparse, result, CV_8U, kernel);
    return result;
}

cv::Mat scaled(const cv::Mat &bgr, int way)
{
    cv::Mat result;
    cv::resize(bgr, result, {}, 2.0, 2.0, way);
    return result;
}

Result<AnalysisResult> examine(const BenchClip &clip)
{
    SpectrumDetector detector;
    return runDetector(detector, clip, *jobOf(u"detect/upsampling_spectrum"_s));
}

LatticeKind kindOf(const cv::Mat &bgr)
{
    const auto reading = readSpectrum(bgr, 1);
    return reading ? latticeKind(*reading) : LatticeKind::None;
}

} // namespace

class TestUpsamplingSpectrum : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }

    void aSineStandsAtItsFrequency()
    {
        cv::Mat plane(256, 256, CV_32FC1);
        for (int y = 0; y < 256; ++y) {
            for (int x = 0; x < 256; ++x)
                plane.at<float>(y, x) = float(std::cos(2.0 * CV_PI * (32.0 * x + 16.0 * y) / 256.0));
        }
        const cv::Mat power = tileLogPower(plane, {0, 0});
        cv::Point peak;
        cv::minMaxLoc(power(cv::Rect(0, 0, 128, 256)), nullptr, nullptr, nullptr, &peak);
        QCOMPARE(peak, cv::Point(32, 16));
        cv::minMaxLoc(centred(power)(cv::Rect(128, 0, 128, 256)), nullptr, nullptr, nullptr, &peak);
        QCOMPARE(peak, cv::Point(32, 128 + 16));
    }

    void theTransformAgreesWithTheDefinition()
    {
        cv::Mat plane(256, 256, CV_32FC1);
        cv::RNG random(3);
        random.fill(plane, cv::RNG::NORMAL, 0.0, 3.0);
        const cv::Mat power = tileLogPower(plane, {0, 0});
        const double mean = cv::mean(plane)[0];
        for (const cv::Point at : {cv::Point(0, 1), cv::Point(17, 200), cv::Point(128, 128), cv::Point(255, 3)}) {
            double real = 0.0, imaginary = 0.0;
            for (int y = 0; y < 256; ++y) {
                for (int x = 0; x < 256; ++x) {
                    const auto hann = [](int i) { return 0.5 - 0.5 * std::cos(2.0 * CV_PI * (i + 0.5) / 256.0); };
                    const double value = (double(plane.at<float>(y, x)) - mean) * hann(x) * hann(y);
                    const double phase = -2.0 * CV_PI * (at.x * x + at.y * y) / 256.0;
                    real += value * std::cos(phase);
                    imaginary += value * std::sin(phase);
                }
            }
            const double expected = std::log(real * real + imaginary * imaginary + 1e-9);
            QVERIFY2(std::abs(double(power.at<float>(at)) - expected) < 1e-3, qPrintable(QString::number(expected)));
        }
    }

    void theSlopeOfAPowerLawIsFound()
    {
        cv::Mat power(256, 256, CV_32FC1);
        for (int y = 0; y < 256; ++y) {
            for (int x = 0; x < 256; ++x) {
                const double f = std::hypot(std::min(x, 256 - x), std::min(y, 256 - y)) / 256.0;
                power.at<float>(y, x) = float(-2.0 * std::log(std::max(f, 1e-3)));
            }
        }
        const PowerLaw law = fitPowerLaw(radialProfile(power), 256);
        QVERIFY2(std::abs(law.b + 2.0) < 0.04, qPrintable(QString::number(law.b)));
    }

    void learnedDoublingStandsOut_data()
    {
        QTest::addColumn<double>("error");
        QTest::addColumn<double>("least"); // untouched pictures stay below 8
        QTest::newRow("taps off by 2 %") << 0.02 << 9.0;
        QTest::newRow("taps off by 10 %") << 0.1 << 16.0;
    }
    void learnedDoublingStandsOut()
    {
        QFETCH(double, error);
        const auto reading = readSpectrum(learnedDouble(texturedPicture(kSize / 2, 3), error), 1);
        QVERIFY(reading);
        QFETCH(double, least);
        QVERIFY2(reading->medianLattice[0].offAxisZ > least, qPrintable(QString::number(reading->medianLattice[0].offAxisZ)));
        SpectrumReading clear = *reading;
        clear.medianLattice[1].offAxisZ = 20.5;
        QCOMPARE(latticeKind(clear), LatticeKind::Learned);
    }

    void repeatedSamplesLeaveHoles()
    {
        QCOMPARE(kindOf(scaled(texturedPicture(kSize / 2, 4), cv::INTER_NEAREST)), LatticeKind::Repeated);
    }

    void ordinaryPicturesAreNotLearned()
    {
        for (int seed = 1; seed < 4; ++seed) {
            const cv::Mat picture = texturedPicture(kSize, seed);
            QVERIFY(kindOf(picture) != LatticeKind::Learned);
            QVERIFY(kindOf(savedAt(picture, 80)) != LatticeKind::Learned);
            QVERIFY(kindOf(scaled(picture(cv::Rect(0, 0, 256, 256)), cv::INTER_CUBIC)) != LatticeKind::Learned);
        }
    }

    void theSameSeedGivesTheSameReading()
    {
        const cv::Mat picture = texturedPicture(kSize, 8);
        const auto a = readSpectrum(picture, 7), b = readSpectrum(picture, 7);
        QVERIFY(a && b);
        QCOMPARE(latticeFeatures(*a), latticeFeatures(*b));
        QCOMPARE(latticeFeatures(*a).size(), std::size_t(kLatticeFeatures));
    }

    void aTextureIsReadWholly()
    {
        const auto result = examine(stillOf(texturedPicture(kSize, 2)));
        QVERIFY2(result, qPrintable(result ? QString() : result.error().text()));
        QVERIFY(result->findings.front().verdict != Verdict::Suspicious);
        QVERIFY(tableOf(result->measured, u"spectrum.radial"_s));
        QCOMPARE(tableOf(result->measured, u"lattice"_s)->rows.size(), std::size_t(4));
        bool spectrum = false;
        for (const HeatMap &map : result->measured.heatMaps)
            spectrum |= map.id == u"spectrum.median.frame-0"_s && map.values.size() == cv::Size(256, 256);
        QVERIFY(spectrum);
    }

    void aFlatPictureIsInconclusive()
    {
        const auto result = examine(stillOf(cv::Mat(kSize, CV_8UC3, cv::Scalar::all(90))));
        QVERIFY(result);
        QCOMPARE(result->findings.front().verdict, Verdict::Inconclusive);
    }

    void smallPicturesAndVideoAreNotApplicable()
    {
        QCOMPARE(examine(stillOf(texturedPicture({200, 300}, 1))).error().code, Errc::NotApplicable);
        BenchClip clip = stillOf(texturedPicture(kSize, 1));
        clip.facts.media.still = false;
        QCOMPARE(examine(clip).error().code, Errc::NotApplicable);
    }

    void aWrongModelIsRefused()
    {
        SpectrumDetector detector;
        JobContext job = *jobOf(u"detect/upsampling_spectrum"_s);
        QCOMPARE(detector.begin(stillOf(texturedPicture(kSize, 1)).facts, {}).error().code, Errc::NotFound);
        job.modelHashes[u"lattice"_s] = QString(64, u'0');
        QCOMPARE(detector.begin(stillOf(texturedPicture(kSize, 1)).facts, job).error().code, Errc::Mismatch);
        QCOMPARE(SpectrumScale::fromJson({}).error().code, Errc::BadData);
        const auto scale = SpectrumScale::load(jobOf(u"detect/upsampling_spectrum"_s)->modelPaths[u"lattice"_s], jobOf(u"detect/upsampling_spectrum"_s)->modelHashes[u"lattice"_s]);
        QVERIFY2(scale, qPrintable(scale ? QString() : scale.error().text()));
        QCOMPARE(SpectrumScale::fromJson(scale->toJson())->toJson(), scale->toJson());
        QVERIFY(!bandOf(scale->bands, scale->bands.front().leastQuality - 1));
    }

    void stopsWhenAsked()
    {
        SpectrumDetector detector;
        JobContext job = *jobOf(u"detect/upsampling_spectrum"_s);
        std::stop_source source;
        source.request_stop();
        job.stop = source.get_token();
        const auto result = runDetector(detector, stillOf(texturedPicture(kSize, 1)), job);
        QVERIFY(!result);
        QCOMPARE(result.error().code, Errc::Cancelled);
    }

    void theManifestIsValid()
    {
        const auto manifest = manifestOf(u"detect/upsampling_spectrum"_s);
        QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().text()));
        QCOMPARE(manifest->id, u"org.framewitness.upsampling_spectrum"_s);
        QVERIFY(!manifest->onVideo && manifest->limits.size() > 100);
    }
};

QTEST_GUILESS_MAIN(TestUpsamplingSpectrum)
#include "tst_upsampling_spectrum.moc"
