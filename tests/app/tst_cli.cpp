// SPDX-License-Identifier: GPL-3.0-or-later
#include "test_data.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

struct Answer
{
    int code = -1;
    QString out, err;
};

QString program()
{
    return qEnvironmentVariable("FW_PREFIX") + u"/bin/framewitness"_s;
}

Answer framewitness(const QStringList &arguments)
{
    QProcess process;
    process.start(program(), arguments);
    Answer answer;
    if (!process.waitForFinished(120000))
        return answer;
    answer.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    answer.out = QString::fromUtf8(process.readAllStandardOutput());
    answer.err = QString::fromUtf8(process.readAllStandardError());
    return answer;
}

QJsonObject jsonOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

} // namespace

class TestCli : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void helpNamesEveryCommandAndExitCode();
    void unknownOptionsAreAUsageError();
    void infoPrintsHashesAndStreams();
    void everyShippedMethodIsUsable();
    void analyzeWritesAllFourReports();
    void oneThreadAndManyGiveTheSameNumbers();
    void aSecondRunOnACaseDecodesNothing();
    void verifySeesAChangedFile();
    void missingAndBrokenFilesAreNamed();
    void unwritableTargetsAreNamed();
    void interruptEndsWithinTwoSeconds();

private:
    QTemporaryDir m_folder;
    QString m_clip;
};

void TestCli::initTestCase()
{
    m_clip = m_folder.filePath(u"clip.mp4"_s);
    const QString problem = test::ffmpeg({u"-i"_s, test::sourceDir() + u"/resources/demo/demo.mp4"_s, u"-t"_s, u"3"_s,
                                          u"-vf"_s, u"scale=480:270"_s, u"-c:v"_s, u"libx264"_s, m_clip});
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

void TestCli::helpNamesEveryCommandAndExitCode()
{
    const Answer answer = framewitness({u"--help"_s});
    QCOMPARE(answer.code, 0);
    for (const char *word : {"analyze", "info", "methods", "verify", "130"})
        QVERIFY2(answer.out.contains(QLatin1String(word)), word);
    QVERIFY(framewitness({u"analyze"_s, u"--help"_s}).out.contains(u"--threads"_s));
}

void TestCli::unknownOptionsAreAUsageError()
{
    QCOMPARE(framewitness({u"analyze"_s, u"--nonsense"_s, m_clip}).code, 1);
    QCOMPARE(framewitness({u"analyze"_s}).code, 1);
    const Answer answer = framewitness({u"analyze"_s, u"--methods"_s, u"no_such_method"_s, m_clip});
    QCOMPARE(answer.code, 1);
    QVERIFY(answer.err.contains(u"no_such_method"_s));
    QCOMPARE(framewitness({u"analyze"_s, u"--quick"_s, u"--methods"_s, u"metadata"_s, m_clip}).code, 1);
}

void TestCli::infoPrintsHashesAndStreams()
{
    const Answer answer = framewitness({u"info"_s, u"--json"_s, m_clip});
    QCOMPARE(answer.code, 0);
    const QJsonObject facts = QJsonDocument::fromJson(answer.out.toUtf8()).object();
    QCOMPARE(facts.value(u"sha256"_s).toString().size(), 64);
    QVERIFY(facts.value(u"streams"_s).toArray().size() >= 1);
}

void TestCli::everyShippedMethodIsUsable()
{
    const Answer answer = framewitness({u"methods"_s, u"--json"_s});
    QCOMPARE(answer.code, 0);
    const QJsonArray methods = QJsonDocument::fromJson(answer.out.toUtf8()).object().value(u"methods"_s).toArray();
    QVERIFY(methods.size() >= 8);
    for (const QJsonValue &method : methods)
        QVERIFY2(method[u"refused"_s].isNull(), qPrintable(method[u"refused"_s].toString()));
}

void TestCli::analyzeWritesAllFourReports()
{
    const QString base = m_folder.filePath(u"report"_s);
    const Answer answer = framewitness({u"analyze"_s, m_clip, u"--pdf"_s, base + u".pdf"_s, u"--html"_s, base + u".html"_s,
                                        u"--json"_s, base + u".json"_s, u"--csv"_s, base + u".csv"_s});
    QVERIFY2(answer.code == 0, qPrintable(answer.err));
    QFile pdf(base + u".pdf"_s);
    QVERIFY(pdf.open(QIODevice::ReadOnly));
    QVERIFY(pdf.readAll().startsWith("%PDF-"));
    QVERIFY(QFileInfo(base + u".html"_s).size() > 1000);
    QVERIFY(QFileInfo(base + u".csv"_s).size() > 1000);
    QVERIFY(!jsonOf(base + u".json"_s).isEmpty());
}

void TestCli::oneThreadAndManyGiveTheSameNumbers()
{
    const QString one = m_folder.filePath(u"one.json"_s);
    const QString many = m_folder.filePath(u"many.json"_s);
    QCOMPARE(framewitness({u"analyze"_s, m_clip, u"--threads"_s, u"1"_s, u"--json"_s, one}).code, 0);
    QCOMPARE(framewitness({u"analyze"_s, m_clip, u"--threads"_s, u"5"_s, u"--json"_s, many}).code, 0);
    QJsonObject a = jsonOf(one), b = jsonOf(many);
    QVERIFY(a.contains(u"made"_s));
    a.remove(u"made"_s); // the only part that may differ: when, and in which file
    b.remove(u"made"_s);
    QCOMPARE(QJsonDocument(a).toJson(), QJsonDocument(b).toJson());
}

void TestCli::aSecondRunOnACaseDecodesNothing()
{
    const QString path = m_folder.filePath(u"kept.fwcase"_s);
    QVERIFY(!framewitness({u"analyze"_s, m_clip, u"--case"_s, path}).out.contains(u" 0 pictures decoded"_s));
    const Answer again = framewitness({u"analyze"_s, m_clip, u"--case"_s, path});
    QVERIFY2(again.out.contains(u" 0 pictures decoded"_s), qPrintable(again.out));
}

void TestCli::verifySeesAChangedFile()
{
    const QString copy = m_folder.filePath(u"copy.mp4"_s);
    QVERIFY(QFile::copy(m_clip, copy));
    const QString path = m_folder.filePath(u"verified.fwcase"_s);
    QCOMPARE(framewitness({u"analyze"_s, copy, u"--methods"_s, u"metadata"_s, u"--case"_s, path}).code, 0);
    QCOMPARE(framewitness({u"verify"_s, path}).code, 0);
    QFile file(copy);
    QVERIFY(file.open(QIODevice::Append));
    file.write("x");
    file.close();
    const Answer answer = framewitness({u"verify"_s, path});
    QCOMPARE(answer.code, 5);
    QVERIFY(answer.out.contains(u"copy.mp4"_s));
}

void TestCli::missingAndBrokenFilesAreNamed()
{
    const Answer missing = framewitness({u"analyze"_s, u"/nowhere/at all.mp4"_s});
    QCOMPARE(missing.code, 2);
    QVERIFY(missing.err.contains(u"/nowhere/at all.mp4"_s));
    const QString text = m_folder.filePath(u"text.mp4"_s);
    QFile file(text);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("this is no film");
    file.close();
    const Answer broken = framewitness({u"analyze"_s, text});
    QCOMPARE(broken.code, 2);
    QVERIFY(broken.err.contains(u"text.mp4"_s));
    const Answer folder = framewitness({u"analyze"_s, m_folder.path()});
    QCOMPARE(folder.code, 2);
}

void TestCli::unwritableTargetsAreNamed()
{
    const Answer answer = framewitness({u"analyze"_s, m_clip, u"--methods"_s, u"metadata"_s, u"--pdf"_s, u"/nowhere/r.pdf"_s});
    QCOMPARE(answer.code, 4);
    QVERIFY(answer.err.contains(u"/nowhere/r.pdf"_s));
}

void TestCli::interruptEndsWithinTwoSeconds()
{
    QProcess process;
    process.setReadChannel(QProcess::StandardError);
    process.start(program(), {u"analyze"_s, m_clip});
    QVERIFY(process.waitForReadyRead(30000)); // the first line of progress: it is at work
    kill(pid_t(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished(2000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 130);
}

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
