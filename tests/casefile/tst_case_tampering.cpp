// SPDX-License-Identifier: GPL-3.0-or-later
// What a case does about changes made behind its back and about damage.
#include "case_samples.h"

#include "casefile/database.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

/// Runs SQL past our own code, as somebody with another tool would.
QString meddle(const QString &path, const QStringList &statements)
{
    auto database = Database::open(path, Database::Mode::ReadWrite);
    if (!database)
        return database.error().text();
    for (const QString &statement : statements) {
        const auto done = (*database)->run(statement);
        if (!done)
            return done.error().text();
    }
    return {};
}

} // namespace

class TestCaseTampering : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        // Reading a damaged case logs what could not be read; everything else stays silent.
        if (QTest::currentTestFunction() != "damagedFilesNeverCrash"_ba)
            QTest::failOnWarning(QRegularExpression(u"."_s));
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->filePath(u"c.fwcase"_s);
        QVERIFY(makeSampleCase(m_path));
    }

    void recordedRowsCannotBeChanged_data();
    void recordedRowsCannotBeChanged();
    void tamperingIsFound_data();
    void tamperingIsFound();
    void aMissingGuardIsRefusedOnOpening();
    void otherFilesAreNoCases();
    void aNewerFormatIsRefused();
    void damagedFilesNeverCrash();
    void aDamagedResultIsShownAsDamaged();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

void TestCaseTampering::recordedRowsCannotBeChanged_data()
{
    QTest::addColumn<QString>("sql");
    QTest::newRow("change the log") << u"UPDATE audit SET actor = 'x' WHERE id = 1"_s;
    QTest::newRow("remove from the log") << u"DELETE FROM audit WHERE id = 3"_s;
    QTest::newRow("replace in the log")
        << u"INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE id = 2"_s;
    QTest::newRow("change a result") << u"UPDATE result SET state = 'failed'"_s;
    QTest::newRow("remove a result") << u"DELETE FROM result"_s;
    QTest::newRow("replace a result") << u"REPLACE INTO result SELECT * FROM result"_s;
    QTest::newRow("change a note") << u"UPDATE note SET text = 'x'"_s;
    QTest::newRow("remove evidence") << u"DELETE FROM evidence"_s;
    QTest::newRow("change evidence") << u"UPDATE evidence SET sha256 = 'x'"_s;
}

void TestCaseTampering::recordedRowsCannotBeChanged()
{
    QFETCH(QString, sql);
    const QString refusal = meddle(m_path, {sql});
    QVERIFY2(refusal.contains(u"what was recorded is never changed"_s), qPrintable(refusal));
    QVERIFY((*CaseFile::open(m_path))->verifyAudit().intact);
}

void TestCaseTampering::tamperingIsFound_data()
{
    // The guards are taken away, the deed is done, and the guards are put back word for word.
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const QString &table, const QString &sql,
                        const QString &says) { QTest::newRow(name) << table << sql << says; };
    row("changed entry", u"audit"_s, u"UPDATE audit SET actor = 'x' WHERE id = 2"_s, u"entry 2"_s);
    row("changed time", u"audit"_s,
        u"UPDATE audit SET time = '2001-01-01T00:00:00.000Z' WHERE id = 3"_s, u"entry 3"_s);
    row("changed detail", u"audit"_s, u"UPDATE audit SET detail = '{}' WHERE id = 2"_s,
        u"entry 2"_s);
    row("broken detail", u"audit"_s, u"UPDATE audit SET detail = '{' WHERE id = 2"_s, u"entry 2"_s);
    row("removed entry", u"audit"_s, u"DELETE FROM audit WHERE id = 3"_s, u"entry 3 is missing"_s);
    row("removed first entry", u"audit"_s, u"DELETE FROM audit WHERE id = 1"_s,
        u"entry 1 is missing"_s);
    row("entries swapped", u"audit"_s,
        u"UPDATE audit SET id = CASE id WHEN 2 THEN -3 ELSE -2 END WHERE id IN (2, 3)"_s,
        u"entry 1"_s);
    row("emptied log", u"audit"_s, u"DELETE FROM audit"_s, u"the audit log is empty"_s);
    row("changed result", u"result"_s, u"UPDATE result SET body = x'00'"_s,
        u"\"result\" was changed"_s);
    row("changed state", u"result"_s, u"UPDATE result SET state = 'failed'"_s,
        u"\"result\" was changed"_s);
    row("removed note", u"note"_s, u"DELETE FROM note"_s, u"which is gone"_s);
    row("smuggled note", u"note"_s,
        u"INSERT INTO note (note, text, author, written, removed) VALUES (9, 'x', 'y', 'z', 0)"_s,
        u"is not in the log"_s);
    row("another hash", u"evidence"_s, u"UPDATE evidence SET sha256 = 'x'"_s,
        u"\"evidence\" was changed"_s);
}

void TestCaseTampering::tamperingIsFound()
{
    QFETCH(QString, table);
    QFETCH(QString, sql);
    QFETCH(QString, says);
    QStringList drop, restore;
    {
        auto database = Database::open(m_path, Database::Mode::ReadOnly);
        auto guards = (*database)->run(
            u"SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?"_s,
            {table});
        while (guards->next()) {
            drop << u"DROP TRIGGER "_s + guards->value(0).toString();
            restore << guards->value(1).toString();
        }
    }
    QCOMPARE(drop.size(), 3);
    QCOMPARE(meddle(m_path, drop + QStringList{sql} + restore), QString());
    const auto opened = CaseFile::open(m_path);
    QVERIFY2(opened, opened ? "" : qPrintable(opened.error().text()));
    const AuditCheck check = (*opened)->verifyAudit();
    QVERIFY(!check.intact);
    QVERIFY2(check.problem.contains(says), qPrintable(check.problem));
}

void TestCaseTampering::aMissingGuardIsRefusedOnOpening()
{
    QCOMPARE(meddle(m_path, {u"DROP TRIGGER audit_no_update"_s}), QString());
    const auto opened = CaseFile::open(m_path);
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, Errc::BadData);
    QVERIFY(opened.error().text().contains(u"audit_no_update"_s));
}

void TestCaseTampering::otherFilesAreNoCases()
{
    QCOMPARE(CaseFile::open(m_folder->filePath(u"nothing"_s)).error().code, Errc::NotFound);
    QCOMPARE(CaseFile::open(m_folder->path()).error().code, Errc::Unsupported);
    const QString other = m_folder->filePath(u"other"_s);
    for (const QByteArray &bytes : {QByteArray(), QByteArray("hello"), QByteArray(5000, '\0'),
                                    QByteArray("SQLite format 3\0", 16),
                                    QByteArray("SQLite format 3\0", 16) + QByteArray(4080, 1)}) {
        QFile file(other);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
        file.close();
        const auto opened = CaseFile::open(other);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, Errc::Unsupported);
        QVERIFY(opened.error().text().contains(u"not a Framewitness case"_s));
    }
    QFile::remove(other);
    QVERIFY(Database::open(other, Database::Mode::Create));
    QCOMPARE(meddle(other, {u"CREATE TABLE t (a)"_s}), QString());
    QCOMPARE(CaseFile::open(other).error().code, Errc::Unsupported); // somebody else's database
    QCOMPARE(meddle(other, {u"PRAGMA application_id=1180123953"_s, u"PRAGMA user_version=1"_s}),
             QString());
    QCOMPARE(CaseFile::open(other).error().code, Errc::BadData); // no tables of ours
}

void TestCaseTampering::aNewerFormatIsRefused()
{
    QCOMPARE(meddle(m_path, {u"PRAGMA user_version=2"_s}), QString());
    const auto opened = CaseFile::open(m_path);
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, Errc::Unsupported);
    QVERIFY(opened.error().text().contains(u"newer version of the program"_s));
}

void TestCaseTampering::damagedFilesNeverCrash()
{
    QFile file(m_path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray good = file.readAll();
    QRandomGenerator random(3);
    int refused = 0, found = 0;
    const int rounds = 120;
    for (int i = 0; i < rounds; ++i) {
        QByteArray bad = good;
        if (i % 3 == 0) {
            bad.truncate(random.bounded(int(bad.size())));
        } else {
            const int from = random.bounded(int(bad.size()));
            const int count = i % 3 == 1 ? 1 : random.bounded(1, 5000);
            for (int k = from; k < from + count && k < bad.size(); ++k)
                bad[k] = char(random.bounded(256));
        }
        const QString path = m_folder->filePath(u"bad%1"_s.arg(i));
        QFile out(path);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(bad);
        out.close();
        const auto opened = CaseFile::open(path);
        if (!opened) {
            ++refused;
            QVERIFY(!opened.error().text().isEmpty());
            continue;
        }
        for (const Evidence &e : (*opened)->evidence())
            (void)(*opened)->results(e.id);
        (void)(*opened)->notes();
        found += (*opened)->verifyAudit().intact ? 0 : 1;
    }
    qInfo() << rounds << "damaged files:" << refused << "refused," << found << "found by verifying";
    QVERIFY(refused > rounds / 3);
    QVERIFY(found > 0);
}

void TestCaseTampering::aDamagedResultIsShownAsDamaged()
{
    QStringList drop{u"DROP TRIGGER result_no_update"_s}, restore;
    {
        auto database = Database::open(m_path, Database::Mode::ReadOnly);
        restore << (*database)
                       ->single(u"SELECT sql FROM sqlite_schema WHERE name = 'result_no_update'"_s)
                       ->toString();
    }
    QCOMPARE(meddle(m_path, drop + QStringList{u"UPDATE result SET body = x'0102'"_s} + restore),
             QString());
    const auto opened = CaseFile::open(m_path);
    QVERIFY(opened);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"damaged"_s));
    const auto results = (*opened)->results(EvidenceId(1));
    QCOMPARE(results.size(), std::size_t(1));
    QVERIFY(results.at(0).state == RunState::Failed);
    QVERIFY(results.at(0).reason.contains(u"damaged"_s));
    QCOMPARE(results.at(0).record.pluginId, u"org.a"_s);
}

QTEST_GUILESS_MAIN(TestCaseTampering)
#include "tst_case_tampering.moc"
