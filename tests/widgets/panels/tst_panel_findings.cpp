// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/findings/findings_model.h"
#include "panels/findings/findings_panel.h"
#include "panels/findings/result_table_model.h"
#include "sample_clip.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTabWidget>
#include <QTest>
#include <QTextBrowser>
#include <QToolButton>

using namespace Qt::StringLiterals;
using namespace fw;

class TestFindings : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s)); }

    void theModelKeepsItsPromisesWhileResultsArrive()
    {
        ClipModel clip;
        FindingsModel model(clip);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        FindingsFilter filter;
        filter.setSourceModel(&model);
        QAbstractItemModelTester filterTester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        test::fill(clip);
        for (const MethodResult &result : test::sampleResults(300))
            clip.setResult(result);
        filter.setText(u"pose"_s);
        filter.setVerdictShown(Verdict::Suspicious, false);
        QCOMPARE(filter.rowCount(), 1);
        clip.setProvider(nullptr, {});
        QCOMPARE(model.rowCount(), 0);
    }

    void theWorstComesFirstAndTheStrongestWithinAVerdict()
    {
        ClipModel clip;
        FindingsModel model(clip);
        test::fill(clip);
        QList<int> verdicts;
        for (int row = 0; row < model.rowCount(); ++row)
            verdicts << model.index(row).data(FindingsModel::VerdictRole).toInt();
        QCOMPARE(verdicts, (QList<int>{int(Verdict::Suspicious), int(Verdict::Inconclusive),
                                       int(Verdict::Inconclusive), int(Verdict::Consistent),
                                       int(Verdict::NotApplicable)}));
        QCOMPARE(model.refAt(1).findingId, u"structure.rhythm"_s); // 0.6 before 0.3
        QCOMPARE(model.count(Verdict::Inconclusive), 2);
    }

    void aMethodThatCouldNotRunIsARowWithItsReason()
    {
        ClipModel clip;
        test::fill(clip);
        MethodResult failed;
        failed.record.pluginId = u"org.example.broken"_s;
        failed.state = RunState::Failed;
        failed.reason = u"the plugin threw: out of memory"_s;
        clip.setResult(failed);
        FindingsModel model(clip);
        const int row = model.rowOf({u"org.example.broken"_s, {}});
        QVERIFY(row >= 0);
        QVERIFY(model.index(row).data().toString().contains(u"not analysed"_s));
        QCOMPARE(model.index(row).data(FindingsModel::SummaryRole).toString(), failed.reason);
    }

    void theSelectionSurvivesNewResults()
    {
        ClipModel clip;
        test::fill(clip);
        FindingsPanel panel(clip);
        clip.selectFinding({test::kBlink, u"blink.face-0"_s});
        auto *list = panel.findChild<QListView *>(u"findings.list"_s);
        QCOMPARE(list->currentIndex().data().toString(), u"Blink rate, face 1"_s);
        MethodResult another;
        another.record.pluginId = u"org.example.another"_s;
        another.result.findings = {Finding{u"f"_s, Verdict::Suspicious, u"Another"_s, {}, 0.9, {}, {}, {}, {}, {}, {}, {}, {}}};
        clip.setResult(another);
        QCOMPARE(list->model()->rowCount(), 6);
        QCOMPARE(list->currentIndex().data().toString(), u"Blink rate, face 1"_s);
        QCOMPARE(clip.selectedFinding().findingId, u"blink.face-0"_s);
    }

    void enterGoesToThePlaceOfTheFinding()
    {
        ClipModel clip;
        test::fill(clip);
        FindingsPanel panel(clip);
        panel.resize(360, 600);
        panel.show();
        auto *list = panel.findChild<QListView *>(u"findings.list"_s);
        list->setCurrentIndex(list->model()->index(0, 0));
        QCOMPARE(clip.playhead(), FrameIndex(0)); // selecting alone does not move the picture
        QTest::keyClick(list, Qt::Key_Return);
        QCOMPARE(clip.playhead(), FrameIndex(540)); // the key frame of the finding
        QCOMPARE(clip.selectedFinding(), (FindingRef{test::kPose, u"pose.face-0"_s}));
    }

    void theDetailsSayEverythingTheFindingHolds()
    {
        ClipModel clip;
        test::fill(clip);
        FindingsPanel panel(clip);
        clip.selectFinding({test::kPose, u"pose.face-0"_s});
        const QString text = panel.findChild<QTextBrowser *>(u"findings.about"_s)->toPlainText();
        for (const QString &part : {u"9.1"_s, u"raw value, not calibrated"_s, u"95 % interval 8.2 to 10"_s,
                                    u"below 7.3"_s, u"83 % of the frames"_s, u"zoom lens"_s,
                                    u"more than 40"_s, verdictMeaning(Verdict::Suspicious), u"1.1.0"_s})
            QVERIFY2(text.contains(part), qPrintable(part));
        QVERIFY(!text.contains(u"fake"_s, Qt::CaseInsensitive));
        const QString record = panel.findChild<QTextBrowser *>(u"findings.record"_s)->toPlainText();
        for (const QString &part : {test::kPose, u"5.1.8"_s, u"minSeconds"_s, hexText(sha256("sample"))})
            QVERIFY2(record.contains(part), qPrintable(part));
    }

    void hostileTextStaysText()
    {
        ClipModel clip;
        test::fill(clip);
        MethodResult result;
        result.record.pluginId = u"org.example.evil"_s;
        Finding finding;
        finding.id = u"x"_s;
        finding.title = u"<img src='file:///etc/passwd'><h1>huge</h1>"_s;
        finding.summary = u"<a href='frame:7'>click</a>"_s;
        result.result.findings = {finding};
        clip.setResult(result);
        FindingsPanel panel(clip);
        clip.selectFinding({u"org.example.evil"_s, u"x"_s});
        const auto *about = panel.findChild<QTextBrowser *>(u"findings.about"_s);
        QVERIFY(about->toPlainText().contains(u"<h1>huge</h1>"_s));
        QVERIFY(about->toPlainText().contains(u"<a href="_s));
    }

    void theFilterHidesVerdictsAndSaysWhenNothingIsLeft()
    {
        ClipModel clip;
        test::fill(clip);
        FindingsPanel panel(clip);
        panel.resize(400, 600);
        panel.show();
        auto *list = panel.findChild<QListView *>(u"findings.list"_s);
        QToolButton *suspicious = panel.findChildren<QToolButton *>().first();
        for (QToolButton *button : panel.findChildren<QToolButton *>())
            if (button->accessibleName().contains(u"Suspicious"_s))
                suspicious = button;
        QTest::mouseClick(suspicious, Qt::LeftButton);
        QCOMPARE(list->model()->rowCount(), 4);
        panel.findChild<QLineEdit *>()->setText(u"no such word"_s);
        QCOMPARE(list->model()->rowCount(), 0);
        QVERIFY(!list->isVisible());
        const auto labels = panel.findChildren<QLabel *>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->isVisible() && label->text().contains(u"No finding passes"_s);
        }));
    }

    void tablesAreShownAndCopiedWithAllDigits()
    {
        ClipModel clip;
        test::fill(clip);
        FindingsPanel panel(clip);
        panel.resize(420, 700);
        panel.show();
        clip.selectFinding({test::kPose, u"pose.face-0"_s});
        auto *tabs = panel.findChild<QTabWidget *>();
        QVERIFY(tabs->isTabEnabled(1));
        tabs->setCurrentIndex(1);
        auto *table = panel.findChild<QTableView *>();
        QCOMPARE(table->model()->rowCount(), 12);
        for (QPushButton *button : panel.findChildren<QPushButton *>())
            if (button->isVisible())
                QTest::mouseClick(button, Qt::LeftButton);
        const QStringList lines = QGuiApplication::clipboard()->text().split(u"\r\n"_s);
        QCOMPARE(lines.first(), u"First frame,Median angle [°],Remark"_s);
        QCOMPARE(lines.at(6), u"500,5.75,\"largest, \"\"by far\"\"\""_s);
        table->setCurrentIndex(table->model()->index(6, 0));
        QTest::keyClick(table, Qt::Key_Return);
        QCOMPARE(clip.playhead(), FrameIndex(600));
        clip.selectFinding({test::kBlink, u"blink.face-0"_s});
        QVERIFY(!tabs->isTabEnabled(1)); // no table, no dead tab
    }

    void aTableWithShortRowsAndStrangeValuesIsShown()
    {
        ResultTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        Table table;
        table.columns = {{u"Frame"_s, {}, true}, {u"b"_s, {}, false}};
        table.rows = {{}, {QJsonValue()}, {u"not a number"_s, true}, {7, 9007199254740991.0, u"too many"_s}};
        model.setTable(table);
        QCOMPARE(model.rowCount(), 4);
        QVERIFY(!model.frameAt(model.index(0, 0)));
        QVERIFY(!model.frameAt(model.index(2, 0)));
        QCOMPARE(model.frameAt(model.index(3, 1)), FrameIndex(7)); // of its row
        QCOMPARE(model.index(3, 1).data().toString(), u"9007199254740991"_s);
        QVERIFY(!model.frameAt({}));
    }

    void eachStateIsSaidInWords()
    {
        ClipModel clip;
        FindingsPanel panel(clip);
        const auto said = [&] {
            QStringList texts;
            for (const QLabel *label : panel.findChildren<QLabel *>())
                if (!label->isHidden())
                    texts << label->text();
            return texts.join(u'\n');
        };
        QVERIFY(said().contains(u"No file is open"_s));
        clip.setProvider(std::make_shared<test::SampleProvider>(), EvidenceId{1});
        QVERIFY(said().contains(u"Not analysed yet"_s));
        clip.setRunning(true);
        QVERIFY(said().contains(u"Analysing"_s));
        clip.setResults(test::sampleResults(1200));
        QVERIFY(said().contains(u"will grow"_s));
        clip.setRunning(false, u"the disk is full"_s);
        QVERIFY(said().contains(u"ended early: the disk is full"_s));
        clip.setResults({});
        QVERIFY(said().contains(u"the disk is full"_s));
    }
};

QTEST_MAIN(TestFindings)
#include "tst_panel_findings.moc"
