// SPDX-License-Identifier: GPL-3.0-or-later
// A killed program, a full disk, another writer, a read-only place: the case stays whole.
#include "case_samples.h"

#include "casefile/database.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/resource.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

/// The child programs that the tests start: this very program with a word and a path.
int runAsChild(const QString &word, const QString &path)
{
    if (word == u"--write"_s) { // adds things until somebody kills it
        auto opened = CaseFile::open(path);
        if (!opened)
            return 2;
        QFile out;
        if (!out.open(stdout, QIODevice::WriteOnly))
            return 3;
        const EvidenceId id = *(*opened)->addEvidence(sampleFacts());
        for (quint32 i = 0;; ++i) {
            const auto saved =
                (*opened)->saveResult(id, sampleResult(u"org.m"_s, 3000, quint32(::getpid()) + i));
            if (!saved || !(*opened)->addNote({}))
                return 4;
            out.write("x");
            out.flush();
        }
    }
    if (word == u"--create"_s) {
        QFile out;
        if (!out.open(stdout, QIODevice::WriteOnly))
            return 3;
        for (int i = 0;; ++i) {
            if (!CaseFile::create(path + QString::number(i)))
                return 2;
            out.write("x");
            out.flush();
        }
    }
    if (word == u"--as-nobody"_s) { // permissions do not bind the super-user
        if (::geteuid() == 0 && ::setresuid(65534, 65534, 65534) != 0)
            return 9;
        const auto writing = CaseFile::open(path);
        const auto reading = CaseFile::open(path, true);
        if (writing || !reading || (*reading)->evidence().empty())
            return 1;
        const auto created = CaseFile::create(path + u".new"_s);
        if (created)
            return 2;
        QFile out;
        if (!out.open(stdout, QIODevice::WriteOnly))
            return 3;
        out.write(writing.error().text().toUtf8() + '\n' + created.error().text().toUtf8());
        return 0;
    }
    return 1;
}

} // namespace

class TestCaseSafety : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"."_s));
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->filePath(u"c.fwcase"_s);
        QVERIFY(makeSampleCase(m_path));
    }

    void aKilledWriterLeavesAConsistentCase();
    void aKilledCreationLeavesNoHalfCase();
    void readersSeeWholeChangesWhileAnotherProgramWrites();
    void anotherWriterIsNamedWhenItHoldsTheCase();
    void aFullDiskKeepsWhatWasThere();
    void aFullDatabaseSaysSo();
    void readOnlyPlacesAreRefusedInWords();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

void TestCaseSafety::aKilledWriterLeavesAConsistentCase()
{
    QRandomGenerator random(4);
    qint64 entries = 0;
    int written = 0;
    const int rounds = 15;
    for (int i = 0; i < rounds; ++i) {
        QProcess child;
        child.start(QCoreApplication::applicationFilePath(), {u"--write"_s, m_path});
        QVERIFY(child.waitForStarted());
        QVERIFY(child.waitForReadyRead(10000)); // it has begun to write
        QTest::qWait(random.bounded(40));
        ::kill(pid_t(child.processId()), SIGKILL);
        child.waitForFinished();
        QCOMPARE(child.exitStatus(), QProcess::CrashExit);
        written += int(child.readAllStandardOutput().size());

        const auto opened = CaseFile::open(m_path);
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().text()));
        const AuditCheck check = (*opened)->verifyAudit();
        QVERIFY2(check.intact, qPrintable(check.problem));
        QVERIFY(check.entries > entries);
        entries = check.entries;
    }
    // What the child has reported as stored is there: two entries for each of its signs of life.
    QVERIFY(entries >= 2 * written);
    qInfo() << rounds << "kills," << entries << "entries intact";
}

void TestCaseSafety::aKilledCreationLeavesNoHalfCase()
{
    QRandomGenerator random(5);
    QDir folder(m_folder->path());
    for (int i = 0; i < 5; ++i) {
        QProcess child;
        child.start(QCoreApplication::applicationFilePath(),
                    {u"--create"_s, m_folder->filePath(u"n%1-"_s.arg(i))});
        QVERIFY(child.waitForStarted());
        QVERIFY(child.waitForReadyRead(10000)); // the first is made
        QTest::qWait(random.bounded(60));
        ::kill(pid_t(child.processId()), SIGKILL);
        child.waitForFinished();
    }
    int made = 0;
    for (const QString &name : folder.entryList({u"n*"_s}, QDir::Files)) {
        if (name.contains(u".part"_s))
            continue;
        const auto opened = CaseFile::open(folder.filePath(name));
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().text()));
        QVERIFY((*opened)->verifyAudit().intact);
        ++made;
    }
    QVERIFY(made > 0);
}

void TestCaseSafety::readersSeeWholeChangesWhileAnotherProgramWrites()
{
    QProcess child;
    child.start(QCoreApplication::applicationFilePath(), {u"--write"_s, m_path});
    QVERIFY(child.waitForStarted());
    QVERIFY(child.waitForReadyRead(10000));
    const auto opened = CaseFile::open(m_path, true);
    QVERIFY2(opened, opened ? "" : qPrintable(opened.error().text()));
    qint64 first = -1, last = -1;
    for (int i = 0; i < 15; ++i) {
        const AuditCheck check = (*opened)->verifyAudit();
        QVERIFY2(check.intact, qPrintable(check.problem));
        QVERIFY(check.entries >= last);
        first = first < 0 ? check.entries : first;
        last = check.entries;
        QVERIFY(!(*opened)->results(EvidenceId(1)).empty());
        QTest::qWait(5);
    }
    QVERIFY2(last > first, "the writer went on while we read");
    QCOMPARE(child.state(), QProcess::Running);
    ::kill(pid_t(child.processId()), SIGKILL);
    child.waitForFinished();
}

void TestCaseSafety::anotherWriterIsNamedWhenItHoldsTheCase()
{
    auto holder = Database::open(m_path, Database::Mode::ReadWrite);
    QVERIFY(holder);
    const Transaction held(holder->get());
    QVERIFY(held.begun());
    const auto opened = CaseFile::open(m_path);
    QVERIFY(opened);
    const auto refused = (*opened)->audit(u"x"_s, {}); // waits a few seconds first
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::Unwritable);
    QVERIFY(refused.error().text().contains(u"another program is working on this case"_s));
}

void TestCaseSafety::aFullDiskKeepsWhatWasThere()
{
    const auto opened = CaseFile::open(m_path);
    QVERIFY(opened);
    const AuditCheck before = (*opened)->verifyAudit();
    // A limit on file sizes makes writing fail in the middle, as a full disk does.
    const auto old = std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    const rlimit tight{rlim_t(QFileInfo(m_path).size() + 20000), limit.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &tight);
    const auto stored = (*opened)->saveResult(EvidenceId(1), sampleResult(u"org.big"_s, 100000));
    const auto copied = (*opened)->saveCopyAs(m_folder->filePath(u"copy"_s));
    const rlimit tiny{8192, limit.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &tiny);
    const auto created = CaseFile::create(m_folder->filePath(u"new"_s));
    ::setrlimit(RLIMIT_FSIZE, &limit);
    std::signal(SIGXFSZ, old);

    QVERIFY(!stored);
    QCOMPARE(stored.error().code, Errc::Unwritable);
    QVERIFY2(stored.error().text().contains(u"disk"_s), qPrintable(stored.error().text()));
    QVERIFY(stored.error().text().contains(m_path));
    QVERIFY(copied); // fits below the limit
    QVERIFY(!created);
    QCOMPARE(created.error().code, Errc::Unwritable);
    QVERIFY(!QFile::exists(m_folder->filePath(u"new"_s)));

    const AuditCheck after = (*opened)->verifyAudit();
    QVERIFY2(after.intact, qPrintable(after.problem));
    QCOMPARE(after.headHash, before.headHash);
    QVERIFY((*opened)->saveResult(EvidenceId(1), sampleResult(u"org.big"_s, 100000))); // room again
}

void TestCaseSafety::aFullDatabaseSaysSo()
{
    auto database = Database::open(m_path, Database::Mode::ReadWrite);
    QVERIFY((*database)->single(u"PRAGMA max_page_count=1"_s)); // clamps to the present size
    const auto refused = (*database)->run(u"CREATE TABLE t AS SELECT zeroblob(100000)"_s);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::Unwritable);
    QVERIFY(refused.error().text().contains(u"the disk is full"_s));
}

void TestCaseSafety::readOnlyPlacesAreRefusedInWords()
{
    QFile::setPermissions(m_folder->path(), QFile::Permissions(0x5555)); // r-x for everybody
    QFile::setPermissions(m_path, QFile::Permissions(0x4444));
    QProcess child;
    child.start(QCoreApplication::applicationFilePath(), {u"--as-nobody"_s, m_path});
    QVERIFY(child.waitForFinished());
    QFile::setPermissions(m_folder->path(), QFile::Permissions(0x7755));
    if (child.exitCode() == 9)
        QSKIP("this user can neither be bound by permissions nor give up its rights");
    QCOMPARE(child.exitCode(), 0);
    const QStringList says = QString::fromUtf8(child.readAllStandardOutput()).split(u'\n');
    QVERIFY(says.value(0).contains(u"can be opened for reading only"_s));
    QVERIFY(says.value(1).contains(u"the folder is read-only"_s));
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    if (argc == 3 && argv[1][0] == '-' && argv[1][1] == '-')
        return runAsChild(QString::fromLocal8Bit(argv[1]), QString::fromLocal8Bit(argv[2]));
    TestCaseSafety test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_case_safety.moc"
