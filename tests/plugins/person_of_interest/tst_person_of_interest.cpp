// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "behaviour/made_up_person.h"
#include "behaviour/person_file.h"
#include "faces/head_model.h"
#include "person_detector.h"
#include "person_report.h"
#include "run/contract.h"
#include "run/plan.h"
#include "test_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

const QString kId = u"org.framewitness.person_of_interest"_s;
constexpr FrameIndex kFrames = 45 * 25;

/// A face whose mouth, head and action units follow a made-up person.
FaceObservation faceOf(const BehaviourSample &sample)
{
    FaceObservation face;
    face.track = TrackId{2};
    face.confidence = 0.9;
    face.pose = HeadPose{};
    face.pose->rotation = rotationOf({0.02 * (*sample.values)[16], 0.0, 0.02 * (*sample.values)[17]});
    ActionUnits units;
    for (std::size_t u = 0; u < 16; ++u)
        units.raw[u] = float((*sample.values)[u]);
    face.actionUnits = units;
    ExpressionFit fit;
    for (std::size_t i = 0; i < 68; ++i)
        fit.points3d[i] = cv::Point3f(cv::Point3d(neutralHead()[i]) + cv::Point3d(0.0, 0.0, 600.0));
    fit.points3d[57].y += float(10.0 + (*sample.values)[18]);
    fit.points3d[54].x += float(10.0 + (*sample.values)[19]);
    face.expression = fit;
    // 900 px of focal length: eyes 134 px apart. What the landmarks show beyond the fit, px.
    Landmarks68 points;
    for (std::size_t i = 0; i < 68; ++i)
        points[i] = {500.0f + 900.0f * fit.points3d[i].x / fit.points3d[i].z, 400.0f + 900.0f * fit.points3d[i].y / fit.points3d[i].z};
    const auto lift = [&](std::initializer_list<std::size_t> which, std::size_t unit) {
        for (const std::size_t i : which)
            points[i].y -= float((*sample.values)[unit]);
    };
    lift({21, 22}, 0);
    lift({17, 18, 25, 26}, 1);
    points[21].x -= float((*sample.values)[2]);
    lift({40, 41, 46, 47}, 5);
    lift({31, 35}, 6);
    lift({50, 51, 52}, 7);
    lift({48, 54}, 8);
    lift({57}, 11);
    points[48].x -= float((*sample.values)[12]);
    face.landmarks = points;
    return face;
}

std::vector<BehaviourSample> seen(unsigned person, double seconds, unsigned seed)
{
    std::vector<BehaviourSample> out;
    for (const BehaviourSample &s : MadeUpPerson(person).samples(seconds, seed))
        out.push_back(behaviourSampleOf(faceOf(s), s.frame, s.seconds));
    return out;
}

WindowedBehaviour cutOf(unsigned person, double seconds, unsigned seed)
{
    return windowsOf(seen(person, seconds, seed), 1.0);
}

} // namespace

class TestPersonOfInterest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void thePersonIsConsistent();
    void anotherPersonIsToldButNotAccused();
    void resultsKeepTheContract();
    void nobodyEnrolledIsNotApplicable();
    void otherObserversAreNotApplicable();
    void aDamagedFileFails();
    void noFaceIsNotApplicable();
    void stops();
    void manifestIsValid();
    void thePlanHandsOverTheFile();

private:
    JobContext job(const QString &path, const QString &version = u"1.0.0"_s) const;
    Result<AnalysisResult> run(unsigned person, unsigned seed, double seconds = 45.0);

    QTemporaryDir m_dir;
    QString m_file;
};

void TestPersonOfInterest::initTestCase()
{
    PersonProfile profile;
    profile.name = u"Somebody"_s;
    profile.observers = {{u"org.framewitness.expression"_s, u"1.0.0"_s}};
    for (unsigned i = 0; i < 5; ++i) {
        const WindowedBehaviour cut = cutOf(1, 150.0, 10 + i);
        profile.recordings.push_back({QString::number(i), QString::number(i), cut.usableSeconds, cut.windows});
    }
    for (unsigned i = 0; i < 12; ++i)
        profile.cohort.members.push_back({QString::number(i), {}, cutOf(100 + i, 32.0, 200 + i).windows});
    const auto enrolled = enrol(profile);
    QVERIFY(enrolled);
    QVERIFY2(enrolmentShortcomings(*enrolled).isEmpty(), qPrintable(enrolmentShortcomings(*enrolled).join(u'\n')));
    m_file = m_dir.filePath(u"somebody.fwperson"_s);
    QVERIFY(writePersonFile(*enrolled, m_file));
}

JobContext TestPersonOfInterest::job(const QString &path, const QString &version) const
{
    JobContext context;
    context.options = {{u"person"_s, u"somebody.fwperson"_s}};
    context.observers = {{u"org.framewitness.expression"_s, version}};
    if (!path.isEmpty())
        context.modelPaths[u"person"_s] = path;
    return context;
}

Result<AnalysisResult> TestPersonOfInterest::run(unsigned person, unsigned seed, double seconds)
{
    PersonDetector detector;
    if (const auto begun = detector.begin({}, job(m_file)); !begun)
        return Failure{begun.error()};
    for (const BehaviourSample &s : MadeUpPerson(person).samples(seconds, seed)) {
        FrameBundle bundle;
        bundle.index = s.frame;
        bundle.seconds = s.seconds;
        bundle.observed.faces = FaceObservations{faceOf(s)};
        (void)detector.frame(bundle);
    }
    return detector.finish({});
}

void TestPersonOfInterest::thePersonIsConsistent()
{
    const auto result = run(1, 300);
    QVERIFY(result);
    QCOMPARE(result->findings.size(), std::size_t(1));
    const Finding &finding = result->findings.front();
    QVERIFY2(finding.verdict == Verdict::Consistent, qPrintable(finding.summary));
    QCOMPARE(finding.track, TrackId{2});
    QVERIFY(finding.score->value > 0.05);
    QVERIFY(!finding.against.isEmpty() && finding.limits.size() >= 4);
}

void TestPersonOfInterest::anotherPersonIsToldButNotAccused()
{
    const auto result = run(700, 301);
    QVERIFY(result);
    const Finding &finding = result->findings.front();
    QVERIFY2(finding.verdict == Verdict::Inconclusive, qPrintable(finding.summary));
    QVERIFY(finding.summary.contains(u"do not go together"_s) && finding.summary.contains(unvalidatedReason()));
    QVERIFY(finding.score->value <= 0.05);
    QVERIFY(finding.supports.size() >= 2);
    QCOMPARE(result->measured.tables.front().rows.size(), std::size_t(20));
    QVERIFY(result->measured.embeddings.size() >= 3);
    QVERIFY(!result->measured.traces.front().lower.empty());
}

void TestPersonOfInterest::resultsKeepTheContract()
{
    const QString path = sourceDir() + u"/plugins/detect/person_of_interest/manifest.json"_s;
    const auto manifest = readManifest(path);
    QVERIFY(manifest);
    for (const double seconds : {11.0, 45.0}) {
        const auto result = run(700, 302, seconds);
        QVERIFY(result);
        const auto fault = contractFault(*manifest, *result, kFrames);
        QVERIFY2(!fault, qPrintable(fault.value_or(QString())));
    }
    QCOMPARE(run(700, 302, 11.0)->findings.front().verdict, Verdict::Inconclusive); // too short
}

void TestPersonOfInterest::nobodyEnrolledIsNotApplicable()
{
    PersonDetector detector;
    const auto begun = detector.begin({}, job({}));
    QCOMPARE(begun.error().code, Errc::NotApplicable);
    QVERIFY(begun.error().what.contains(u"no person is enrolled"_s));
}

void TestPersonOfInterest::otherObserversAreNotApplicable()
{
    PersonDetector detector;
    QCOMPARE(detector.begin({}, job(m_file, u"2.0.0"_s)).error().code, Errc::NotApplicable);
}

void TestPersonOfInterest::aDamagedFileFails()
{
    const QString path = m_dir.filePath(u"damaged.fwperson"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("FWPEnothing");
    file.close();
    PersonDetector detector;
    QCOMPARE(detector.begin({}, job(path)).error().code, Errc::BadData);
}

void TestPersonOfInterest::noFaceIsNotApplicable()
{
    PersonDetector detector;
    QVERIFY(detector.begin({}, job(m_file)));
    QVERIFY(detector.frame({}));
    QCOMPARE(detector.finish({}).error().code, Errc::NotApplicable);
    QCOMPARE(run(1, 303, 8.0).error().code, Errc::NotApplicable);
}

void TestPersonOfInterest::stops()
{
    std::stop_source stop;
    JobContext context = job(m_file);
    context.stop = stop.get_token();
    PersonDetector detector;
    QVERIFY(detector.begin({}, context));
    for (const BehaviourSample &s : MadeUpPerson(1).samples(12, 304)) {
        FrameBundle bundle;
        bundle.index = s.frame;
        bundle.seconds = s.seconds;
        bundle.observed.faces = FaceObservations{faceOf(s)};
        QVERIFY(detector.frame(bundle));
    }
    stop.request_stop();
    QCOMPARE(detector.finish({}).error().code, Errc::Cancelled);
}

void TestPersonOfInterest::manifestIsValid()
{
    const QString path = sourceDir() + u"/plugins/detect/person_of_interest/manifest.json"_s;
    const auto manifest = readManifest(path);
    QVERIFY2(manifest, manifest ? "" : qPrintable(manifest.error().text()));
    QCOMPARE(manifest->id, kId);
    QCOMPARE(manifest->options.size(), std::size_t(1));
    QCOMPARE(manifest->options.front().type, OptionSpec::Type::File);
    QVERIFY(checkedOptions(*manifest, {{u"person"_s, u"/somewhere/a.fwperson"_s}}));
    QVERIFY(!checkedOptions(*manifest, {{u"person"_s, 3}}));
    // A file that comes with the method would be a model.
    auto object = *readJsonObject(path);
    auto options = object.value(u"options"_s).toObject();
    auto person = options.value(u"person"_s).toObject();
    person.insert(u"default"_s, u"/etc/passwd"_s);
    options.insert(u"person"_s, person);
    object.insert(u"options"_s, options);
    QVERIFY(!parseManifest(object, path));
}

void TestPersonOfInterest::thePlanHandsOverTheFile()
{
    const QString path = sourceDir() + u"/plugins/detect/person_of_interest/manifest.json"_s;
    PluginEntry entry;
    entry.manifest = *readManifest(path);
    entry.manifest.needs.clear();
    PluginRegistry registry;
    registry.add(entry, nullptr);
    ClipFacts clip;
    clip.durationSeconds = 60.0;
    const auto planned = [&](const QString &file) {
        return makePlan(registry, {{kId, {{u"person"_s, file}}}}, clip).front();
    };
    const PlannedMethod with = planned(m_file);
    QVERIFY(!with.notRun);
    QCOMPARE(with.entry.modelPaths.at(u"person"_s), m_file);
    QCOMPARE(with.entry.modelHashes.at(u"person"_s).size(), 64);
    QCOMPARE(with.options.value(u"person"_s).toString(), u"somebody.fwperson"_s); // no folder in records
    const PlannedMethod without = planned({});
    QVERIFY(!without.notRun);
    QVERIFY(without.entry.modelPaths.empty());
    const PlannedMethod absent = planned(u"/no/such/file.fwperson"_s);
    QVERIFY(absent.notRun);
    QCOMPARE(absent.notRun->state, RunState::Failed);
}

QTEST_GUILESS_MAIN(TestPersonOfInterest)
#include "tst_person_of_interest.moc"
