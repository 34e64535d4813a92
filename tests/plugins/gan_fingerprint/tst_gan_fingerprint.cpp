// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/capabilities.h"
#include "fingerprint_detector.h"
#include "photo/absence_map.h"
#include "photo/fingerprint.h"
#include "photo/generator_fingerprint.h"
#include "photo/sensor_noise.h"
#include "plugin_bench.h"
#include "textures.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

const cv::Size kSensor(768, 768);
const cv::Size kGenerated(256, 256);
const cv::Rect kHole(256, 304, 240, 240);

cv::Mat normal(cv::Size size, std::uint64_t seed, double sigma)
{
    cv::RNG random{seed * 0x9e3779b97f4a7c15u}; // neighbouring seeds give sequences that correlate
    cv::Mat values(size, CV_32FC1);
    random.fill(values, cv::RNG::NORMAL, 0.0, sigma);
    return values;
}

/// A smooth scene as a sensor with a fixed pattern of 2 % sees it.
cv::Mat photographed(std::uint64_t sensor, std::uint64_t scene)
{
    cv::Mat light = normal(cv::Size(16, 16), scene + 900, 25.0), bgr;
    cv::resize(light, light, kSensor, 0, 0, cv::INTER_CUBIC);
    light = (140.0 + light).mul(1.0 + normal(kSensor, sensor, 0.02)) + normal(kSensor, scene + 500, 2.0);
    light.convertTo(light, CV_8U);
    cv::cvtColor(light, bgr, cv::COLOR_GRAY2BGR);
    return bgr;
}

/// A textured picture to which a generator has added its constant pattern; 0 adds none.
cv::Mat generated(std::uint64_t generator, int scene)
{
    cv::Mat picture, three;
    texturedPicture(kGenerated, scene).convertTo(picture, CV_32FC3);
    if (generator > 0) {
        cv::cvtColor(normal(kGenerated, generator, 2.0), three, cv::COLOR_GRAY2BGR);
        picture += three;
    }
    picture.convertTo(picture, CV_8UC3);
    return picture;
}

} // namespace

class TestGanFingerprint : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void aFileIsReadAsItWasWritten();
    void aBrokenFileIsRefusedAndNamed();
    void theGeneratorIsRecognised();
    void aFlippedPictureIsRecognisedToo();
    void anotherGeneratorIsNoneOfThese();
    void aWeakFingerprintIsNotUsed();
    void theCameraIsRecognised();
    void aPlaceWithoutItsNoiseIsFound();
    void anotherSizeIsNotComparable();
    void withoutFingerprintsItIsNotApplicable();
    void stopsWhenAsked();
    void theManifestIsValid();

private:
    JobContext job() const;
    Result<AnalysisResult> examine(const cv::Mat &bgr) const
    {
        FingerprintDetector detector;
        return runDetector(detector, stillOf(bgr), job());
    }
    QTemporaryDir m_folder;
    FingerprintFile m_generator, m_camera;
};

JobContext TestGanFingerprint::job() const
{
    JobContext job;
    for (const QString &name : {u"generator"_s, u"camera"_s})
        job.modelPaths[capability::kFingerprintPrefix + name] = m_folder.filePath(name + u".fwcamera"_s);
    return job;
}

void TestGanFingerprint::initTestCase()
{
    m_generator.kind = SourceKind::Generator;
    m_generator.name = u"Generator one"_s;
    GeneratorFingerprintMaker maker;
    for (int i = 0; i < 16; ++i) {
        QVERIFY(maker.add(generatorResidual(generated(1, i))));
        m_generator.sources.append(u"%1.png: 00"_s.arg(i));
    }
    m_generator.fingerprint = *maker.fingerprint();
    m_generator.halvesAgree = maker.halvesAgree();
    std::vector<double> chance;
    for (int i = 0; i < 24; ++i)
        chance.push_back(*generatorCorrelation(m_generator.fingerprint, generatorResidual(generated(0, 100 + i))));
    const OtherOrigin others = otherOrigin(chance);
    m_generator.others = others.count;
    m_generator.otherMean = others.mean;
    m_generator.otherSigma = others.sigma;
    QVERIFY(weaknessOf(m_generator).isEmpty());
    QVERIFY(writeFingerprintFile(m_generator, m_folder.filePath(u"generator.fwcamera"_s)));

    FingerprintMaker sensor;
    for (std::uint64_t i = 0; i < 10; ++i)
        QVERIFY(sensor.add(photographed(7, i)));
    m_camera.name = u"Camera seven"_s;
    m_camera.fingerprint = *sensor.fingerprint();
    m_camera.halvesAgree = sensor.halvesAgree();
    QVERIFY(writeFingerprintFile(m_camera, m_folder.filePath(u"camera.fwcamera"_s)));
}

void TestGanFingerprint::aFileIsReadAsItWasWritten()
{
    const auto read = readFingerprintFile(m_folder.filePath(u"generator.fwcamera"_s));
    QVERIFY(read);
    QCOMPARE(read->kind, SourceKind::Generator);
    QCOMPARE(read->name, m_generator.name);
    QCOMPARE(read->sources, m_generator.sources);
    QCOMPARE(read->otherSigma, m_generator.otherSigma);
    QCOMPARE(cv::norm(read->fingerprint, m_generator.fingerprint), 0.0);
}

void TestGanFingerprint::aBrokenFileIsRefusedAndNamed()
{
    QFile file(m_folder.filePath(u"generator.fwcamera"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QByteArray bytes = file.readAll();
    bytes[bytes.size() / 2] = char(~bytes[bytes.size() / 2]);
    const QString path = m_folder.filePath(u"broken"_s);
    QFile broken(path);
    QVERIFY(broken.open(QIODevice::WriteOnly) && broken.write(bytes) == bytes.size());
    broken.close();
    QCOMPARE(readFingerprintFile(path).error().code, Errc::BadData);
    JobContext job;
    job.modelPaths[capability::kFingerprintPrefix + u"broken"_s] = path;
    FingerprintDetector detector;
    const auto result = runDetector(detector, stillOf(generated(1, 50)), job);
    QVERIFY(result);
    QCOMPARE(result->findings.front().verdict, Verdict::NotApplicable);
    QCOMPARE(tableOf(result->measured, u"sources"_s)->rows.front().at(0).toString(), u"broken"_s);
}

void TestGanFingerprint::theGeneratorIsRecognised()
{
    for (int scene = 50; scene < 52; ++scene) {
        const auto result = examine(generated(1, scene));
        QVERIFY(result);
        const Finding &finding = result->findings.front();
        QCOMPARE(finding.verdict, Verdict::Suspicious);
        QVERIFY(finding.summary.contains(u"Generator one"_s));
        QVERIFY(!finding.supports.isEmpty() && !finding.against.isEmpty() && !finding.limits.isEmpty());
        QVERIFY(finding.score->value >= kGeneratorDeviations);
        const Table *table = tableOf(result->measured, u"sources"_s);
        QCOMPARE(table->rows.front().at(0).toString(), u"Generator one"_s);
        QCOMPARE(valueIn(table, u"none of these"_s).toString(), u"no"_s);
    }
}

void TestGanFingerprint::aFlippedPictureIsRecognisedToo()
{
    cv::Mat flipped;
    cv::flip(generated(1, 60), flipped, 1);
    const auto result = examine(flipped);
    QVERIFY(result);
    QCOMPARE(result->findings.front().verdict, Verdict::Suspicious);
}

void TestGanFingerprint::anotherGeneratorIsNoneOfThese()
{
    for (int scene = 70; scene < 72; ++scene) {
        for (const std::uint64_t generator : {0u, 2u}) { // none at all, or another seed
            const auto result = examine(generated(generator, scene));
            QVERIFY(result);
            QCOMPARE(result->findings.front().verdict, Verdict::Inconclusive);
            QVERIFY(result->findings.front().summary.contains(u"None of these"_s));
        }
    }
}

void TestGanFingerprint::aWeakFingerprintIsNotUsed()
{
    FingerprintFile weak = m_generator;
    weak.sources = weak.sources.mid(0, 5);
    QVERIFY(!weaknessOf(weak).isEmpty());
    weak = m_generator;
    weak.others = 3;
    SourceComparer comparer(generated(1, 80));
    QCOMPARE(comparer.compare(weak).state, SourceComparison::State::NotComparable);
    weak = m_generator;
    weak.halvesAgree = 0.01;
    QCOMPARE(comparer.compare(weak).state, SourceComparison::State::NotComparable);
    QCOMPARE(comparer.compare(m_generator).state, SourceComparison::State::Match);
}

void TestGanFingerprint::theCameraIsRecognised()
{
    const auto own = examine(photographed(7, 40));
    QVERIFY(own);
    QCOMPARE(own->findings.front().verdict, Verdict::Consistent);
    QVERIFY(own->findings.front().summary.contains(u"Camera seven"_s));
    QCOMPARE(own->measured.heatMaps.front().id, u"absence.frame-0"_s);
    const auto other = examine(photographed(8, 41));
    QVERIFY(other);
    QCOMPARE(other->findings.front().verdict, Verdict::Inconclusive);
}

void TestGanFingerprint::aPlaceWithoutItsNoiseIsFound()
{
    cv::Mat forged = photographed(7, 42);
    photographed(9, 43)(kHole).copyTo(forged(kHole));
    const auto result = examine(forged);
    QVERIFY(result);
    const Finding &finding = result->findings.front();
    QCOMPARE(finding.verdict, Verdict::Inconclusive); // a place to look at, until real sensors have shown more
    QVERIFY(finding.region && !finding.supports.isEmpty());
    const cv::Rect2f truth(kHole);
    const float both = (*finding.region & truth).area();
    QVERIFY2(both > 0.5f * (finding.region->area() + truth.area() - both), "the place found and the truth overlap by less than half");
}

void TestGanFingerprint::anotherSizeIsNotComparable()
{
    const auto result = examine(texturedPicture({300, 280}, 3));
    QVERIFY(result);
    QCOMPARE(result->findings.front().verdict, Verdict::NotApplicable);
}

void TestGanFingerprint::withoutFingerprintsItIsNotApplicable()
{
    FingerprintDetector detector;
    const auto result = runDetector(detector, stillOf(generated(1, 1)));
    QCOMPARE(result.error().code, Errc::NotApplicable);
    BenchClip clip = stillOf(generated(1, 1));
    clip.facts.media.still = false;
    FingerprintDetector second;
    QCOMPARE(runDetector(second, clip, job()).error().code, Errc::NotApplicable);
}

void TestGanFingerprint::stopsWhenAsked()
{
    JobContext stopped = stoppedJob();
    stopped.modelPaths = job().modelPaths;
    FingerprintDetector detector;
    QCOMPARE(runDetector(detector, stillOf(generated(1, 1)), stopped).error().code, Errc::Cancelled);
    QCOMPARE(absenceMap(m_camera.fingerprint, photographed(7, 44), cv::Mat(kSensor, CV_32FC1, cv::Scalar(0)), {}, stopped.stop).error().code, Errc::Cancelled);
}

void TestGanFingerprint::theManifestIsValid()
{
    const auto manifest = manifestOf(u"detect/gan_fingerprint"_s);
    QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().text()));
    QVERIFY(manifest->needs.contains(capability::kFingerprints));
    QVERIFY(!manifest->onVideo);
}

QTEST_GUILESS_MAIN(TestGanFingerprint)
#include "tst_gan_fingerprint.moc"
