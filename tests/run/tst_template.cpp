// SPDX-License-Identifier: GPL-3.0-or-later
#include "test_plugins.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

/// Does what an author of a plugin does: installs the SDK, builds the template against it in
/// another place, and runs it.
class TestTemplate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void itIsFoundAndSound();
    void aClipWithAJumpIsInconclusiveAndNamesTheFrame();
    void anEvenClipIsConsistent();

private:
    /// 20 grey frames, the first `dark` of them at 64 levels, the others at 128.
    QString clip(int dark);
    MethodResult analyse(const QString &path);
    static QString call(const QString &program, const QStringList &arguments);

    QTemporaryDir m_folder;
    PluginRegistry m_registry;
};

QString TestTemplate::call(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    if (process.waitForFinished(100000) && process.exitCode() == 0)
        return {};
    return program + u' ' + arguments.join(u' ') + u'\n' + QString::fromUtf8(process.readAll());
}

void TestTemplate::initTestCase()
{
    const QString cmake = u"cmake"_s;
    const QString prefix = m_folder.filePath(u"prefix"_s), build = m_folder.filePath(u"build"_s);
    const auto succeed = [](const QString &reason) {
        if (!reason.isEmpty())
            qInfo().noquote() << reason;
        return reason.isEmpty();
    };
    QVERIFY(succeed(call(cmake, {u"--install"_s, QCoreApplication::applicationDirPath() + u"/.."_s,
                                 u"--component"_s, u"Sdk"_s, u"--prefix"_s, prefix})));
    QVERIFY(succeed(call(cmake, {u"-S"_s, sourceDir() + u"/plugins/template"_s, u"-B"_s, build,
                                 u"-G"_s, u"Ninja"_s, u"-DCMAKE_PREFIX_PATH="_s + prefix})));
    QVERIFY(succeed(call(cmake, {u"--build"_s, build})));
    m_registry.scan({build + u"/plugins"_s}, {});
}

void TestTemplate::itIsFoundAndSound()
{
    const auto entries = m_registry.entries();
    QCOMPARE(entries.size(), 1u);
    QVERIFY2(!entries[0].refusal, entries[0].refusal ? qPrintable(entries[0].refusal->text()) : "");
    QCOMPARE(entries[0].manifest.id, u"org.example.brightness"_s);
    const auto made = m_registry.createDetector(u"org.example.brightness"_s);
    QVERIFY2(made, made ? "" : qPrintable(made.error().text()));
    QVERIFY(!m_registry.createObserver(u"org.example.brightness"_s)); // of its own kind only
}

QString TestTemplate::clip(int dark)
{
    const QString path = m_folder.filePath(u"clip-%1.mkv"_s.arg(dark));
    const QString level = u"if(lt(N,%1),64,128)"_s.arg(dark);
    const QString reason =
        ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"color=gray:size=64x48:rate=25,format=gbrp"_s,
                u"-vf"_s, u"geq=r='%1':g='%1':b='%1'"_s.arg(level), u"-frames:v"_s, u"20"_s,
                u"-c:v"_s, u"ffv1"_s, path});
    if (!reason.isEmpty())
        qWarning().noquote() << reason;
    return path;
}

MethodResult TestTemplate::analyse(const QString &path)
{
    Recorder recorder;
    auto outcome = runAnalyses(m_registry, request(path, {u"org.example.brightness"_s}), nullptr,
                               recorder, {});
    if (!outcome || outcome->results.size() != 1)
        return {};
    return outcome->results.front();
}

void TestTemplate::aClipWithAJumpIsInconclusiveAndNamesTheFrame()
{
    const MethodResult result = analyse(clip(12));
    QVERIFY2(result.state == RunState::Done, qPrintable(result.reason));
    QCOMPARE(result.result.measured.traces.size(), 1u);
    const Trace &trace = result.result.measured.traces[0];
    QCOMPARE(trace.values.size(), 20u);
    for (std::size_t i = 0; i < 20; ++i)
        QVERIFY(std::abs(trace.values[i] - (i < 12 ? 64.0 : 128.0)) <= 1.0);
    QCOMPARE(result.result.measured.events.size(), 1u);
    QCOMPARE(result.result.measured.events[0].range, (FrameRange{12, 13}));
    QCOMPARE(result.result.findings.size(), 1u);
    QCOMPARE(result.result.findings[0].verdict, Verdict::Inconclusive);
    QCOMPARE(result.result.findings[0].keyFrame, std::optional<FrameIndex>(12));
}

void TestTemplate::anEvenClipIsConsistent()
{
    const MethodResult result = analyse(clip(0));
    QVERIFY2(result.state == RunState::Done, qPrintable(result.reason));
    QVERIFY(result.result.measured.events.empty());
    QCOMPARE(result.result.findings.at(0).verdict, Verdict::Consistent);
}

QTEST_GUILESS_MAIN(TestTemplate)
#include "tst_template.moc"
