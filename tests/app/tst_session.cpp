// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/paths.h"
#include "media/video_reader.h"
#include "report/report.h"
#include "test_data.h"
#include "window/clip_session.h"

#include <QDirIterator>
#include <QJsonDocument>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

constexpr int kLongMs = 90000;

QString fileText(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace

/// The program without its widgets: open, analyse, store, open again, export.
class TestSession : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void aDroppedClipIsAnalysedAndKept();
    void theWindowAndTheCommandLineGiveTheSameNumbers();
    void anOpenedCaseShowsItsResultsWithoutDecoding();
    void aChangedFileIsNoticed();
    void cancelKeepsTheSessionUsable();
    void aKilledAnalysisLeavesACaseThatOpens();
    void anUntitledCaseOutlivesItsProgram();
    void aFileThatCannotBeOpenedIsAProblemNotAnEnd();
    void anotherClipEndsTheRunOfTheFirst();

private:
    static bool waitForRun(ClipSession &session)
    {
        return QTest::qWaitFor([&] { return session.model().isRunning(); }, 10000)
            && QTest::qWaitFor([&] { return !session.model().isRunning(); }, kLongMs);
    }

    QTemporaryDir m_folder;
    QString m_clip, m_case;
    PluginRegistry m_registry;
};

void TestSession::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    const InstallPaths paths = InstallPaths::ofProgram();
    m_registry.scan(paths.pluginFolders(), paths.models());
    m_clip = m_folder.filePath(u"clip.mp4"_s);
    const QString problem = test::ffmpeg({u"-i"_s, test::sourceDir() + u"/resources/demo/demo.mp4"_s, u"-t"_s, u"3"_s,
                                          u"-vf"_s, u"scale=480:270"_s, u"-c:v"_s, u"libx264"_s, m_clip});
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    m_case = m_folder.filePath(u"kept.fwcase"_s);
}

void TestSession::aDroppedClipIsAnalysedAndKept()
{
    ClipSession session(m_registry, u"test"_s);
    QSignalSpy problems(&session, &ClipSession::problem);
    session.open(m_clip);
    QVERIFY(waitForRun(session));
    QVERIFY(problems.isEmpty());
    QVERIFY(session.isUntitled());
    QVERIFY(session.model().results().size() >= 8);
    QCOMPARE(session.model().ledger().count(), 75);
    QVERIFY(!session.model().observations().tracks().empty());
    session.model().addMark({10, 20}, u"look here"_s, u"#cc8800"_s);
    Note note;
    note.text = u"a first note"_s;
    session.model().addNote(note);
    const QString untitled = session.casePath();
    session.saveCaseAs(m_case);
    QTRY_VERIFY(QFile::exists(m_case));
    QTRY_VERIFY(!session.isUntitled());
    QVERIFY(!QFile::exists(untitled) && !QFile::exists(untitled + u".open"_s));
}

void TestSession::theWindowAndTheCommandLineGiveTheSameNumbers()
{
    const QString byWindow = m_folder.filePath(u"window.json"_s);
    const QString byCommand = m_folder.filePath(u"command.json"_s);
    ClipSession session(m_registry, u"test"_s);
    session.open(m_clip);
    QVERIFY(waitForRun(session));
    QSignalSpy written(&session, &ClipSession::reportWritten);
    session.exportReport({{}, {}, byWindow, {}});
    QVERIFY(written.wait(kLongMs));
    QCOMPARE(QProcess::execute(qEnvironmentVariable("FW_PREFIX") + u"/bin/framewitness"_s,
                               {u"analyze"_s, m_clip, u"--json"_s, byCommand}), 0);
    QJsonObject a = QJsonDocument::fromJson(fileText(byWindow).toUtf8()).object();
    QJsonObject b = QJsonDocument::fromJson(fileText(byCommand).toUtf8()).object();
    QVERIFY(a.contains(u"evidence"_s));
    a.remove(u"made"_s);
    b.remove(u"made"_s);
    QCOMPARE(QJsonDocument(a).toJson(), QJsonDocument(b).toJson());
}

void TestSession::anOpenedCaseShowsItsResultsWithoutDecoding()
{
    ClipSession session(m_registry, u"test"_s);
    const std::int64_t before = VideoReader::picturesDecoded();
    session.open(m_case);
    QTRY_VERIFY_WITH_TIMEOUT(session.model().results().size() >= 8, 10000);
    QCOMPARE(session.model().marks().size(), 1);
    QCOMPARE(session.model().marks().front().range, (FrameRange{10, 20}));
    QCOMPARE(session.model().notes().size(), 1);
    QCOMPARE(session.model().ledger().count(), 75);
    QVERIFY(!session.model().isRunning());
    QCOMPARE(VideoReader::picturesDecoded(), before);
    // Asked for again, everything is found in the case.
    session.analyse(defaultMethods(m_registry));
    QTRY_VERIFY_WITH_TIMEOUT(!session.model().isRunning(), kLongMs);
    QCOMPARE(VideoReader::picturesDecoded(), before);
}

void TestSession::aChangedFileIsNoticed()
{
    const QString copy = m_folder.filePath(u"changing.mp4"_s);
    QVERIFY(QFile::copy(m_clip, copy));
    const QString kept = m_folder.filePath(u"changing.fwcase"_s);
    {
        ClipSession session(m_registry, u"test"_s);
        session.open(copy);
        QVERIFY(waitForRun(session));
        session.saveCaseAs(kept);
        QTRY_VERIFY(!session.isUntitled());
    }
    QFile file(copy);
    QVERIFY(file.open(QIODevice::Append));
    file.write("more");
    file.close();
    ClipSession session(m_registry, u"test"_s);
    QSignalSpy problems(&session, &ClipSession::problem);
    session.open(kept);
    QVERIFY(problems.wait(10000));
    QCOMPARE(problems.front().front().value<Error>().code, Errc::Mismatch);
}

void TestSession::cancelKeepsTheSessionUsable()
{
    ClipSession session(m_registry, u"test"_s);
    for (int delay : {0, 30, 150}) {
        session.newCase();
        session.open(m_clip);
        QVERIFY(QTest::qWaitFor([&] { return session.model().isRunning(); }, 10000));
        QTest::qWait(delay);
        session.cancel();
        QVERIFY(QTest::qWaitFor([&] { return !session.model().isRunning(); }, 1500));
    }
    session.analyse(defaultMethods(m_registry));
    QTRY_VERIFY_WITH_TIMEOUT(!session.model().isRunning(), kLongMs);
    QVERIFY(session.model().runProblem().isEmpty());
}

void TestSession::aKilledAnalysisLeavesACaseThatOpens()
{
    const QString path = m_folder.filePath(u"killed.fwcase"_s);
    for (int delay : {50, 200, 500, 900}) {
        QProcess process;
        process.start(qEnvironmentVariable("FW_PREFIX") + u"/bin/framewitness"_s,
                      {u"analyze"_s, m_clip, u"--case"_s, path});
        QVERIFY(process.waitForStarted());
        QTest::qWait(delay);
        process.kill();
        QVERIFY(process.waitForFinished());
        if (!QFile::exists(path))
            continue;
        const auto file = CaseFile::open(path);
        QVERIFY2(file, file ? "" : qPrintable(file.error().text()));
        QVERIFY((*file)->verifyAudit().intact);
    }
}

void TestSession::anUntitledCaseOutlivesItsProgram()
{
    QTemporaryDir home;
    QProcess program;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &name : {u"XDG_DATA_HOME"_s, u"XDG_CONFIG_HOME"_s})
        environment.insert(name, home.path());
    program.setProcessEnvironment(environment);
    program.start(qEnvironmentVariable("FW_PREFIX") + u"/bin/framewitness"_s, {m_clip});
    QVERIFY(program.waitForStarted());
    QString folder;
    const auto cases = [&] {
        QDirIterator files(home.path(), {u"*.fwcase.open"_s}, QDir::Files, QDirIterator::Subdirectories);
        if (files.hasNext())
            folder = QFileInfo(files.next()).absolutePath();
        return folder.isEmpty() ? std::vector<UntitledCase>() : untitledCases(folder);
    };
    QTRY_VERIFY_WITH_TIMEOUT(cases().empty() && !folder.isEmpty(), 30000); // somebody works on it
    const QString path = folder + u'/' + QDir(folder).entryList({u"*.fwcase"_s}).value(0);
    const auto heldClip = [&] {
        const auto file = CaseFile::open(path, true);
        return file && !(*file)->evidence().empty();
    };
    QTRY_VERIFY_WITH_TIMEOUT(heldClip(), 30000);
    QCOMPARE(discardCase(path).error().code, Errc::Unwritable);
    program.kill();
    QVERIFY(program.waitForFinished());

    const std::vector<UntitledCase> left = cases();
    QCOMPARE(left.size(), 1u);
    QVERIFY(left.front().leftBehind);
    QCOMPARE(left.front().clips, QStringList{u"clip.mp4"_s});
    QVERIFY2(left.front().problem.isEmpty(), qPrintable(left.front().problem));
    { // a program that ends as it should leaves no mark
        const auto mark = WorkMark::set(path);
        QVERIFY(mark && !WorkMark::set(path));
        QVERIFY(cases().empty());
    }
    const std::vector<UntitledCase> kept = untitledCases(folder);
    QCOMPARE(kept.size(), 1u);
    QVERIFY(!kept.front().leftBehind);
    QVERIFY(discardCase(path));
    QVERIFY(QDir(folder).isEmpty());
}

void TestSession::aFileThatCannotBeOpenedIsAProblemNotAnEnd()
{
    ClipSession session(m_registry, u"test"_s);
    QSignalSpy problems(&session, &ClipSession::problem);
    const QString text = m_folder.filePath(u"words.mp4"_s);
    QFile file(text);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("no pictures in here");
    file.close();
    session.open(text);
    QVERIFY(problems.wait(10000));
    QVERIFY(problems.front().front().value<Error>().text().contains(u"words.mp4"_s));
    session.open(m_clip);
    QVERIFY(waitForRun(session));
}

void TestSession::anotherClipEndsTheRunOfTheFirst()
{
    const QString second = m_folder.filePath(u"second.mp4"_s);
    QVERIFY(test::ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=160x120:rate=25:duration=1"_s, second}).isEmpty());
    ClipSession session(m_registry, u"test"_s);
    session.open(m_clip);
    QVERIFY(QTest::qWaitFor([&] { return session.model().isRunning(); }, 10000));
    session.open(second);
    QTRY_VERIFY_WITH_TIMEOUT(session.model().provider()
                                 && session.model().provider()->facts().fileName == u"second.mp4"_s, 10000);
    QTRY_VERIFY_WITH_TIMEOUT(!session.model().isRunning() && session.model().ledger().count() == 25, kLongMs);
    for (const MethodResult &result : session.model().results())
        QCOMPARE(result.record.mediaSha256, session.model().provider()->facts().sha256Text());
}

QTEST_MAIN(TestSession)
#include "tst_session.moc"
