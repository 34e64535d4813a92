// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/made_up_person.h"
#include "behaviour/person_file.h"
#include "behaviour/person_test.h"
#include "stats/distributions.h"

#include <QTest>
#include <QTemporaryDir>

using namespace fw;
using namespace fw::test;
using namespace Qt::StringLiterals;

class TestPersonProfile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void theSelfTestTellsPeopleApart();
    void aPersonIsInsideTheOwnRange();
    void ranksOfThePersonAreUniform();
    void anotherPersonIsOutside();
    void whatDeviatesIsNamed();
    void littleMaterialIsInconclusive();
    void badFootageIsInconclusive_data();
    void badFootageIsInconclusive();
    void clipsAreCutByTime();
    void filesBringItBack();
    void damagedFilesAreRefused();
    void otherObserversAreRefused();
    void theSameClipIsNoStranger();
    void enrolmentStops();
    void nothingUsableIsAnError();

private:
    PersonProfile m_profile;
};

void TestPersonProfile::initTestCase()
{
    auto enrolled = enrol(madeUpProfile(1));
    QVERIFY2(enrolled, qPrintable(enrolled ? QString() : enrolled.error().text()));
    m_profile = std::move(*enrolled);
}

void TestPersonProfile::theSelfTestTellsPeopleApart()
{
    const PersonSelfTest &test = m_profile.selfTest;
    QCOMPARE(test.scores.size(), m_profile.windows());
    QVERIFY(test.clips >= 19);
    QVERIFY2(test.scoreArea > 0.95 && test.ratioArea > 0.95, qPrintable(u"%1 %2"_s.arg(test.scoreArea).arg(test.ratioArea)));
    QVERIFY(enrolmentShortcomings(m_profile).isEmpty());
}

void TestPersonProfile::aPersonIsInsideTheOwnRange()
{
    const PersonTest test = testPerson(m_profile, windowsOf(MadeUpPerson(1).samples(45, 77), kFineStrideSeconds));
    QCOMPARE(test.verdict, PersonVerdict::Inside);
    QVERIFY(*test.p > 0.05 && *test.ratio > 0.0 && test.acceptedShare > 0.7);
    QVERIFY(test.low < test.middle && test.middle < test.high);
}

void TestPersonProfile::ranksOfThePersonAreUniform()
{
    std::vector<double> p;
    for (unsigned i = 0; i < 60; ++i) {
        const PersonTest test = testPerson(m_profile, windowsOf(MadeUpPerson(1).samples(31, 4000 + i)));
        QCOMPARE(test.clipSeconds, kClipSeconds);
        p.push_back(*test.p);
    }
    QVERIFY2(uniformKsPValue(p) > 0.01, qPrintable(QString::number(uniformKsPValue(p))));
}

void TestPersonProfile::anotherPersonIsOutside()
{
    for (const unsigned other : {501u, 502u, 503u}) {
        const PersonTest test = testPerson(m_profile, windowsOf(MadeUpPerson(other).samples(45, 78), kFineStrideSeconds));
        QCOMPARE(test.verdict, PersonVerdict::Outside);
        QVERIFY(*test.p <= 0.05 && *test.ratio < 0.0);
        QVERIFY(test.reasons.isEmpty());
    }
}

void TestPersonProfile::whatDeviatesIsNamed()
{
    // The same person, but the mouth follows something else.
    auto samples = MadeUpPerson(1).samples(60, 79);
    const auto other = MadeUpPerson(900).samples(60, 80);
    for (std::size_t i = 0; i < samples.size(); ++i)
        (*samples[i].values)[18] = (*other[i].values)[18];
    const PersonTest test = testPerson(m_profile, windowsOf(samples));
    QVERIFY(test.pairs.size() > 100);
    int ofMouth = 0;
    for (int i = 0; i < 5; ++i) {
        const auto [a, b] = behaviourPairs()[test.pairs[std::size_t(i)].pair];
        ofMouth += a == 18 || b == 18 ? 1 : 0;
    }
    QVERIFY(ofMouth >= 4);
    QVERIFY(std::abs(test.pairs[0].z) >= std::abs(test.pairs[1].z));
    QVERIFY(test.pairs[0].window < test.scores.size());
    for (const PairDeviation &d : test.pairs) { // AU23 is not measured and cannot deviate
        const auto [a, b] = behaviourPairs()[d.pair];
        QVERIFY(a != 13 && b != 13);
    }
}

void TestPersonProfile::littleMaterialIsInconclusive()
{
    const auto small = enrol(madeUpProfile(1, 2, 40));
    QVERIFY(small);
    const PersonTest test = testPerson(*small, windowsOf(MadeUpPerson(501).samples(45, 81)));
    QCOMPARE(test.verdict, PersonVerdict::Inconclusive);
    const QString why = test.reasons.join(u'\n');
    QVERIFY2(why.contains(u"minutes"_s) && why.contains(u"recordings"_s) && why.contains(u"enrolled clips"_s), qPrintable(why));
    // One recording cannot be held out; it still shows its correlations.
    const auto one = enrol(madeUpProfile(1, 1, 40));
    QVERIFY(one);
    QVERIFY(one->selfTest.scores.empty());
    QVERIFY(!testPerson(*one, windowsOf(MadeUpPerson(1).samples(45, 82))).p);
}

void TestPersonProfile::badFootageIsInconclusive_data()
{
    QTest::addColumn<double>("seconds");
    QTest::addColumn<double>("yaw");
    QTest::addColumn<double>("eyes");
    QTest::addColumn<QString>("word");
    QTest::newRow("short") << 22.0 << 3.0 << 120.0 << u"can be used"_s;
    QTest::newRow("turned") << 45.0 << 30.0 << 120.0 << u"turned"_s;
    QTest::newRow("small") << 45.0 << 3.0 << 60.0 << u"px apart"_s;
}

void TestPersonProfile::badFootageIsInconclusive()
{
    QFETCH(double, seconds);
    QFETCH(double, yaw);
    QFETCH(double, eyes);
    QFETCH(QString, word);
    auto samples = MadeUpPerson(502).samples(seconds, 83);
    for (auto &s : samples) {
        s.yawDegrees = yaw;
        s.eyeCornersPixels = eyes;
    }
    const PersonTest test = testPerson(m_profile, windowsOf(samples));
    QCOMPARE(test.verdict, PersonVerdict::Inconclusive);
    QVERIFY2(test.reasons.join(u'\n').contains(word), qPrintable(test.reasons.join(u'\n')));
    QVERIFY(!test.scores.empty()); // the picture is shown all the same
}

void TestPersonProfile::clipsAreCutByTime()
{
    std::vector<TimedScore> windows;
    for (int i = 0; i < 200; ++i)
        windows.push_back({5.0 + 0.5 * i, double(i)}); // 100 s, 110 s of material
    const auto medians = clipMedians(windows, 30.0);
    QCOMPARE(medians.size(), std::size_t(3));
    QCOMPARE(medians[0], 20.0);
    QCOMPARE(medians[1], 80.0);
    QVERIFY(clipMedians({}, 30.0).empty());
    QVERIFY(clipMedians({{0.0, 1.0}}, 30.0).empty());
    QCOMPARE(clipMedians(windows, 10.0).size(), std::size_t(10));
}

void TestPersonProfile::filesBringItBack()
{
    QTemporaryDir dir;
    const QString path = dir.filePath(u"a.fwperson"_s);
    QVERIFY(writePersonFile(m_profile, path));
    const auto back = readPersonFile(path);
    QVERIFY2(back, qPrintable(back ? QString() : back.error().text()));
    QCOMPARE(back->name, m_profile.name);
    QCOMPARE(back->provenance, m_profile.provenance);
    QCOMPARE(back->recordings.size(), m_profile.recordings.size());
    QCOMPARE(back->recordings[1].sha256, m_profile.recordings[1].sha256);
    QCOMPARE(back->selfTest.ratioArea, m_profile.selfTest.ratioArea);
    const auto clip = windowsOf(MadeUpPerson(501).samples(45, 84));
    const PersonTest a = testPerson(m_profile, clip), b = testPerson(*back, clip);
    QCOMPARE(b.verdict, a.verdict);
    QVERIFY(std::abs(a.score - b.score) < 1e-5 && std::abs(*a.ratio - *b.ratio) < 1e-3 && *a.p == *b.p);
    QCOMPARE(personBytes(*back), personBytes(*personFromBytes(personBytes(*back))));
    const QString cohort = dir.filePath(u"a.fwcohort"_s);
    QVERIFY(writeCohortFile(m_profile.cohort, cohort));
    const auto people = readCohortFile(cohort);
    QVERIFY(people);
    QCOMPARE(people->members.size(), m_profile.cohort.members.size());
    QCOMPARE(people->members[3].windows.size(), m_profile.cohort.members[3].windows.size());
    QVERIFY(!readPersonFile(cohort));
}

void TestPersonProfile::damagedFilesAreRefused()
{
    const QByteArray whole = personBytes(m_profile);
    QVERIFY(!personFromBytes({}));
    QVERIFY(!personFromBytes("FWPE and nothing else"));
    for (qsizetype length = 0; length < whole.size(); length += whole.size() / 40 + 1)
        QCOMPARE(personFromBytes(whole.left(length)).error().code, Errc::BadData);
    QByteArray changed = whole;
    changed[whole.size() / 2] = char(changed[whole.size() / 2] ^ 1);
    QVERIFY(!personFromBytes(changed));
    QCOMPARE(readPersonFile(u"/no/such/file"_s).error().code, Errc::NotFound);
}

void TestPersonProfile::otherObserversAreRefused()
{
    const QString id = u"org.framewitness.expression"_s;
    QVERIFY(!observersFault(m_profile, {{id, u"1.0.0"_s}, {u"other"_s, u"3"_s}}));
    QVERIFY(observersFault(m_profile, {{id, u"1.1.0"_s}}));
    QVERIFY(observersFault(m_profile, {}));
    PersonProfile unknown = m_profile;
    unknown.observers.clear();
    QVERIFY(observersFault(unknown, {{id, u"1.0.0"_s}}));
}

void TestPersonProfile::theSameClipIsNoStranger()
{
    PersonProfile profile = madeUpProfile(1, 3, 60);
    profile.cohort.members[4].sha256 = profile.recordings[0].sha256;
    const auto enrolled = enrol(profile);
    QVERIFY(enrolled);
    QCOMPARE(enrolled->cohort.members.size(), profile.cohort.members.size() - 1);
}

void TestPersonProfile::enrolmentStops()
{
    std::stop_source source;
    const auto stopped = enrol(madeUpProfile(2, 3, 60), source.get_token(), [&](double share) {
        if (share > 0.3)
            source.request_stop();
    });
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, Errc::Cancelled);
}

void TestPersonProfile::nothingUsableIsAnError()
{
    PersonProfile empty = madeUpProfile(1, 2, 5);
    QCOMPARE(enrol(empty).error().code, Errc::BadData);
}

QTEST_GUILESS_MAIN(TestPersonProfile)
#include "tst_person_profile.moc"
