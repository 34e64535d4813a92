// SPDX-License-Identifier: GPL-3.0-or-later
#include "case_samples.h"

#include "findings/serialize.h"

#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

class TestCaseFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"."_s));
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->filePath(u"a case.fwcase"_s);
        auto made = CaseFile::create(m_path);
        QVERIFY2(made, made ? "" : qPrintable(made.error().text()));
        m_case = std::move(*made);
    }
    void cleanup() { m_case.reset(); }

    void aNewCaseIsEmptyAndIntact();
    void creatingNeverReplacesAFile();
    void controlDataComeBack();
    void evidenceIsKnownByItsHash();
    void factsComeBackWhole();
    void unhashedFilesAreNoEvidence();
    void ledgersComeBack();
    void resultsComeBackNewestPerMethod();
    void aFinishedResultIsNotReplaced();
    void aFailedTryGivesWayToANewerOne();
    void anEarlierResultCanBeShownAgain();
    void aCancelledRunHidesNothing();
    void observationsComeBack();
    void marksKeepTheirNumbersAndVersions();
    void notesKeepWhatTheySaid();
    void everyChangeIsInTheLog();
    void aReadOnlyCaseRefusesChanges();
    void aCopyIsCompleteAndIndependent();
    void itWorksInAnyOneThread();
    void aFinishedCaseReopensWithinASecond();

private:
    void reopen(bool readOnly = false)
    {
        m_case.reset();
        auto opened = CaseFile::open(m_path, readOnly);
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().text()));
        m_case = std::move(*opened);
    }
    EvidenceId addSample()
    {
        const auto id = m_case->addEvidence(sampleFacts());
        return id ? *id : EvidenceId{};
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
    std::unique_ptr<CaseFile> m_case;
};

void TestCaseFile::aNewCaseIsEmptyAndIntact()
{
    QCOMPARE(m_case->path(), m_path);
    QVERIFY(m_case->info() == CaseInfo{});
    QVERIFY(m_case->evidence().empty());
    QVERIFY(m_case->notes().empty());
    const AuditCheck check = m_case->verifyAudit();
    QVERIFY2(check.intact, qPrintable(check.problem));
    QCOMPARE(check.entries, 1);
    QCOMPARE(check.headHash, m_case->auditLog().front().hash);
    // Nothing is left of the making: one case is one file.
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files), QStringList{u"a case.fwcase"_s});
}

void TestCaseFile::creatingNeverReplacesAFile()
{
    const auto again = CaseFile::create(m_path);
    QVERIFY(!again);
    QCOMPARE(again.error().code, Errc::Unwritable);
    QVERIFY(again.error().text().contains(m_path));
    const auto nowhere = CaseFile::create(m_folder->filePath(u"no/such/folder.fwcase"_s));
    QVERIFY(!nowhere);
    QCOMPARE(nowhere.error().code, Errc::NotFound);
}

void TestCaseFile::controlDataComeBack()
{
    const CaseInfo info{u"Title"_s,    u"2024/17"_s, u"A-1"_s,    u"Court"_s,    u"Was it cut?"_s,
                        u"as shown"_s, u"cut"_s,     u"J. Doe"_s, u"Examiner"_s, u"Lab \u00e9"_s};
    QVERIFY(m_case->setInfo(info));
    const qint64 entries = m_case->verifyAudit().entries;
    QVERIFY(m_case->setInfo(info)); // nothing new: nothing logged
    QCOMPARE(m_case->verifyAudit().entries, entries);
    reopen();
    QVERIFY(m_case->info() == info);
}

void TestCaseFile::evidenceIsKnownByItsHash()
{
    const EvidenceId id = addSample();
    MediaFacts moved = sampleFacts();
    moved.path = u"/elsewhere/renamed.mp4"_s;
    const auto again = m_case->addEvidence(moved);
    QVERIFY(again);
    QVERIFY(*again == id);
    const auto other = m_case->addEvidence(sampleFacts("other"));
    QVERIFY(other && *other != id);
    reopen();
    QCOMPARE(m_case->evidence().size(), std::size_t(2));
    const auto found = m_case->evidenceByHash(sampleFacts().sha256Text());
    QVERIFY(found);
    QCOMPARE(found->facts.path, u"/evidence/clip.mp4"_s); // as received
    QCOMPARE(found->lastPath, u"/elsewhere/renamed.mp4"_s);
    QVERIFY(!m_case->evidenceByHash(u"00"_s));
    QVERIFY(m_case->verifyAudit().intact);
}

void TestCaseFile::factsComeBackWhole()
{
    addSample();
    reopen();
    const MediaFacts before = sampleFacts(), after = m_case->evidence().at(0).facts;
    QCOMPARE(toJson(after), toJson(before));
    QCOMPARE(after.hashes.size, before.hashes.size);
    QVERIFY(after.hashes.sha256 == before.hashes.sha256);
    QCOMPARE(after.hashes.md5Hex, before.hashes.md5Hex);
    QVERIFY(after.hashed);
    QCOMPARE(after.durationSeconds, before.durationSeconds);
    QVERIFY(!after.startSeconds); // missing stays missing
    QVERIFY(after.tags == before.tags);
    QCOMPARE(after.warnings, before.warnings);
    QCOMPARE(after.editList.at(0).mediaTime, -1);
    const StreamFacts &s = after.streams.at(0);
    QVERIFY(s.averageRate == (Rational{30000, 1001}));
    QVERIFY(s.sampleAspect == (Rational{4, 3}));
    QVERIFY(s.startTicks && *s.startTicks == 0 && !s.durationTicks);
    QCOMPARE(s.bitsPerComponent, 10);
    QVERIFY(s.kind == StreamKind::Video);
}

void TestCaseFile::unhashedFilesAreNoEvidence()
{
    MediaFacts facts = sampleFacts();
    facts.hashed = false;
    QCOMPARE(m_case->addEvidence(facts).error().code, Errc::BadData);
    QVERIFY(m_case->evidence().empty());
}

void TestCaseFile::ledgersComeBack()
{
    const EvidenceId id = addSample();
    QVERIFY(!m_case->ledger(id));
    Ledger cut = sampleLedger(10);
    cut.complete = false;
    cut.endReason = u"stopped"_s;
    QVERIFY(m_case->saveLedger(id, cut));
    QVERIFY(m_case->saveLedger(id, sampleLedger(300)));
    const qint64 entries = m_case->verifyAudit().entries;
    QVERIFY(m_case->saveLedger(id, sampleLedger(300)));
    QCOMPARE(m_case->verifyAudit().entries, entries);
    reopen();
    QVERIFY(m_case->ledger(id) == sampleLedger(300));
    QVERIFY(!m_case->saveLedger(EvidenceId(99), sampleLedger(1))); // no such evidence
}

void TestCaseFile::resultsComeBackNewestPerMethod()
{
    const EvidenceId id = addSample();
    const MethodResult b = sampleResult(u"org.b"_s, 50), a1 = sampleResult(u"org.a"_s, 50, 1),
                       a2 = sampleResult(u"org.a"_s, 50, 2);
    for (const MethodResult &r : {b, a1, a2})
        QVERIFY(m_case->saveResult(id, r));
    reopen();
    const auto results = m_case->results(id);
    QCOMPARE(results.size(), std::size_t(2));
    QCOMPARE(toJson(results.at(0), true), toJson(a2, true));
    QCOMPARE(toJson(results.at(1), true), toJson(b, true));
    QCOMPARE(toJson(*m_case->resultByKey(a1.record.cacheKey()), true), toJson(a1, true));
    QVERIFY(!m_case->resultByKey(u"none"_s));
    QVERIFY(m_case->results(EvidenceId(99)).empty());
}

void TestCaseFile::aFinishedResultIsNotReplaced()
{
    const EvidenceId id = addSample();
    MethodResult first = sampleResult(u"org.a"_s, 5);
    QVERIFY(m_case->saveResult(id, first));
    MethodResult second = first;
    second.result.findings.clear();
    second.record.started = second.record.started.addDays(1);
    QVERIFY(m_case->saveResult(id, second));
    QCOMPARE(m_case->results(id).at(0).result.findings.size(), std::size_t(1));
    QCOMPARE(m_case->results(id).at(0).record.started, first.record.started);
}

void TestCaseFile::aFailedTryGivesWayToANewerOne()
{
    const EvidenceId id = addSample();
    MethodResult r = sampleResult(u"org.a"_s, 5);
    r.state = RunState::Failed;
    r.reason = u"first"_s;
    QVERIFY(m_case->saveResult(id, r));
    r.reason = u"second"_s;
    QVERIFY(m_case->saveResult(id, r));
    QCOMPARE(m_case->resultByKey(r.record.cacheKey())->reason, u"second"_s);
    QCOMPARE(m_case->results(id).size(), std::size_t(1));
    r.state = RunState::Done;
    r.reason.clear();
    QVERIFY(m_case->saveResult(id, r));
    QVERIFY(m_case->results(id).at(0).state == RunState::Done);
    QVERIFY(m_case->resultByKey(r.record.cacheKey())->state == RunState::Done);
    QVERIFY(m_case->verifyAudit().intact);
}

void TestCaseFile::anEarlierResultCanBeShownAgain()
{
    const EvidenceId id = addSample();
    const MethodResult a = sampleResult(u"org.a"_s, 5, 1), b = sampleResult(u"org.a"_s, 5, 2);
    for (const MethodResult &r : {a, b, a})
        QVERIFY(m_case->saveResult(id, r));
    QCOMPARE(m_case->results(id).size(), std::size_t(1));
    QCOMPARE(m_case->results(id).at(0).record.options, a.record.options);
}

void TestCaseFile::aCancelledRunHidesNothing()
{
    const EvidenceId id = addSample();
    QVERIFY(m_case->saveResult(id, sampleResult(u"org.a"_s, 5, 1)));
    MethodResult cancelled = sampleResult(u"org.a"_s, 0, 2);
    cancelled.state = RunState::Cancelled;
    QVERIFY(m_case->saveResult(id, cancelled));
    QVERIFY(m_case->results(id).at(0).state == RunState::Done);
}

void TestCaseFile::observationsComeBack()
{
    const EvidenceId id = addSample();
    ObservationLog log;
    FaceObservation face;
    face.box = {1, 2, 3, 4};
    log.setFaces(3, {face});
    QVERIFY(m_case->saveObservations(id, u"key"_s, log));
    reopen();
    QCOMPARE(toBytes(*m_case->observations(u"key"_s)), toBytes(log));
    QCOMPARE(toBytes(*m_case->observationsOf(id)), toBytes(log));
    QVERIFY(!m_case->observations(u"other"_s));
    QVERIFY(!m_case->observationsOf(EvidenceId(99)));
}

void TestCaseFile::marksKeepTheirNumbersAndVersions()
{
    const EvidenceId id = addSample();
    const EvidenceId other = *m_case->addEvidence(sampleFacts("other"));
    Mark mark{MarkId(7), id, {10, 11}, u"here"_s, u"#ff8800"_s, false};
    QVERIFY(*m_case->addMark(mark) == MarkId(7));
    QCOMPARE(m_case->addMark(mark).error().code, Errc::Mismatch);
    Mark elsewhere = mark;
    elsewhere.evidence = other;
    QVERIFY(m_case->addMark(elsewhere)); // numbers count within one piece of evidence
    QVERIFY(*m_case->addMark({MarkId{}, id, {20, 30}, {}, {}, false}) == MarkId(8));

    mark.label = u"there"_s;
    QVERIFY(m_case->changeMark(mark));
    mark.removed = true;
    QVERIFY(m_case->changeMark(mark));
    QCOMPARE(m_case->changeMark({MarkId(99), id}).error().code, Errc::NotFound);
    reopen();
    const auto marks = m_case->marks(id);
    QCOMPARE(marks.size(), std::size_t(2));
    QCOMPARE(marks.at(0).label, u"there"_s);
    QCOMPARE(marks.at(0).color, u"#ff8800"_s);
    QVERIFY(marks.at(0).removed);
    QVERIFY((marks.at(1).range == FrameRange{20, 30}));
    QCOMPARE(m_case->marks(other).at(0).label, u"here"_s);
    mark.removed = false;
    QVERIFY(m_case->changeMark(mark));
    QVERIFY(!m_case->marks(id).at(0).removed);
    QVERIFY(m_case->verifyAudit().intact);
}

void TestCaseFile::notesKeepWhatTheySaid()
{
    const EvidenceId id = addSample();
    Note note;
    note.evidence = id;
    note.frame = 0;
    note.text = u"first"_s;
    note.author = u"J. Doe"_s;
    note.id = *m_case->addNote(note);
    note.text = u"second"_s;
    QVERIFY(m_case->changeNote(note));
    note.findingId = u"org.a/one"_s;
    QVERIFY(m_case->changeNote(note));
    note.text = u"third"_s;
    QVERIFY(m_case->changeNote(note));
    note.removed = true;
    QVERIFY(m_case->changeNote(note));
    Note about;
    about.id = NoteId(40);
    QVERIFY(*m_case->addNote(about) == NoteId(40));
    QCOMPARE(m_case->addNote(about).error().code, Errc::Mismatch);
    reopen();
    const auto notes = m_case->notes();
    QCOMPARE(notes.size(), std::size_t(2));
    QCOMPARE(notes.at(0).text, u"third"_s);
    QVERIFY((notes.at(0).earlier == std::vector{u"first"_s, u"second"_s}));
    QVERIFY(notes.at(0).removed);
    QCOMPARE(notes.at(0).frame, std::optional<FrameIndex>(0));
    QCOMPARE(notes.at(0).findingId, std::optional(u"org.a/one"_s));
    QVERIFY(notes.at(0).written.isValid());
    QVERIFY(!notes.at(1).frame && !notes.at(1).evidence && !notes.at(1).findingId);
    QVERIFY(m_case->verifyAudit().intact);
}

void TestCaseFile::everyChangeIsInTheLog()
{
    m_case->setActor(u"J. Doe"_s);
    const EvidenceId id = addSample();
    QVERIFY(m_case->saveResult(id, sampleResult(u"org.a"_s, 5)));
    QVERIFY(m_case->audit(u"report-exported"_s, {{u"path"_s, u"/r.pdf"_s}}));
    QVERIFY(!m_case->audit(u"x"_s, {{u"stored"_s, QJsonArray()}}));
    QStringList actions;
    for (const AuditEntry &e : m_case->auditLog()) {
        actions << e.action;
        QCOMPARE(e.sequence, actions.size());
        QVERIFY(e.time.isValid());
    }
    QCOMPARE(actions, (QStringList{u"case-created"_s, u"evidence-added"_s, u"result-stored"_s,
                                   u"report-exported"_s}));
    QCOMPARE(m_case->auditLog().at(1).actor, u"J. Doe"_s);
    QCOMPARE(m_case->auditLog().at(1).detail.value(u"sha256"_s).toString(),
             sampleFacts().sha256Text());
}

void TestCaseFile::aReadOnlyCaseRefusesChanges()
{
    addSample();
    QFile file(m_path);
    reopen(true);
    QCOMPARE(m_case->evidence().size(), std::size_t(1));
    const auto refused = m_case->audit(u"x"_s, {});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::Unwritable);
    QVERIFY(m_case->addEvidence(sampleFacts())); // known: nothing to write
    QVERIFY(!m_case->addEvidence(sampleFacts("other")));
    QVERIFY(m_case->verifyAudit().intact);
}

void TestCaseFile::aCopyIsCompleteAndIndependent()
{
    const EvidenceId id = addSample();
    QVERIFY(m_case->saveResult(id, sampleResult(u"org.a"_s, 500)));
    const QString target = m_folder->filePath(u"it's a copy.fwcase"_s);
    QVERIFY(m_case->saveCopyAs(target));
    QCOMPARE(m_case->saveCopyAs(target).error().code, Errc::Unwritable);
    QCOMPARE(m_case->saveCopyAs(u"/no/such/folder/x"_s).error().code, Errc::NotFound);
    QVERIFY(m_case->audit(u"later"_s, {}));
    auto copy = CaseFile::open(target);
    QVERIFY2(copy, copy ? "" : qPrintable(copy.error().text()));
    QVERIFY((*copy)->verifyAudit().intact);
    QCOMPARE((*copy)->auditLog().size() + 1, m_case->auditLog().size());
    QCOMPARE(toJson((*copy)->results(id).at(0), true), toJson(m_case->results(id).at(0), true));
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files).size(), 2);
}

void TestCaseFile::itWorksInAnyOneThread()
{
    QString problem = u"did not run"_s;
    const QString path = m_folder->filePath(u"threaded.fwcase"_s);
    std::unique_ptr<QThread> thread(QThread::create([&] {
        auto made = CaseFile::create(path);
        problem = made ? QString() : made.error().text();
        if (made && !(*made)->addEvidence(sampleFacts()))
            problem = u"nothing was stored"_s;
    }));
    thread->start();
    QVERIFY(thread->wait(10000));
    QCOMPARE(problem, QString());
    // Several objects for one file side by side: each sees what the other has finished.
    auto second = CaseFile::open(m_path);
    QVERIFY(second);
    QVERIFY((*second)->addEvidence(sampleFacts()));
    QCOMPARE(m_case->evidence().size(), std::size_t(1));
    QVERIFY(m_case->audit(u"x"_s, {}));
    QVERIFY((*second)->audit(u"y"_s, {}));
    QVERIFY(m_case->verifyAudit().intact);
}

void TestCaseFile::aFinishedCaseReopensWithinASecond()
{
    const EvidenceId id = addSample();
    QVERIFY(m_case->saveLedger(id, sampleLedger(100000)));
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 20; ++i)
        QVERIFY(m_case->saveResult(id, sampleResult(u"org.m%1"_s.arg(i), 100000, quint32(i))));
    const double saving = double(timer.restart()) / 1000.0;
    m_case.reset();
    auto opened = CaseFile::open(m_path);
    QVERIFY(opened);
    const auto results = (*opened)->results(id);
    const auto ledger = (*opened)->ledger(id);
    const double reopening = double(timer.elapsed()) / 1000.0;
    QCOMPARE(results.size(), std::size_t(20));
    QCOMPARE(results.back().result.measured.traces.at(0).values.size(), std::size_t(100000));
    QVERIFY(ledger && ledger->count() == 100000);
    timer.restart();
    QVERIFY((*opened)->verifyAudit().intact);
    qInfo().noquote() << u"20 methods x 100000 points, %1 MB: saved in %2 s, reopened in %3 s, "
                         "verified in %4 s"_s.arg(QFileInfo(m_path).size() >> 20)
                             .arg(saving)
                             .arg(reopening)
                             .arg(double(timer.elapsed()) / 1000.0);
    QVERIFY2(reopening < 4.0, "the target is 1 s; the bound leaves room for a busy machine");
}

QTEST_GUILESS_MAIN(TestCaseFile)
#include "tst_casefile.moc"
