// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/tasks/tasks_panel.h"
#include "sample_clip.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;

class TestTasks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s)); }

    void theModelFollowsTheRun()
    {
        ClipModel clip;
        TasksModel model(clip);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        test::fill(clip);
        clip.setRunning(true);
        RunProgress progress;
        progress.methods = {{test::kBlink, MethodProgress::State::Running, 300, 1200},
                            {test::kGhost, MethodProgress::State::NotApplicable, 0, 0}};
        clip.setProgress(progress);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, 0).data().toString(), u"Blink rate"_s);
        QCOMPARE(model.index(0, 1).data(TasksModel::PercentRole).toInt(), 25);
        QVERIFY(!model.index(1, 1).data(TasksModel::PercentRole).isValid());
        QVERIFY(model.index(1, 2).data().toString().contains(u"this file is a video"_s)); // the reason
        progress.methods.front().framesDone = 600;
        clip.setProgress(progress);
        QCOMPARE(model.index(0, 1).data(TasksModel::PercentRole).toInt(), 50);
        progress.methods.clear();
        clip.setProgress(progress);
        QCOMPARE(model.rowCount(), 0);
    }

    void thePanelSaysRateTimeLeftAndCancels()
    {
        ClipModel clip;
        TasksPanel panel(clip);
        panel.resize(500, 200);
        panel.show();
        QSignalSpy cancelled(&panel, &TasksPanel::cancelRequested);
        const auto said = [&] {
            QStringList texts;
            for (const QLabel *label : panel.findChildren<QLabel *>())
                if (!label->isHidden())
                    texts << label->text();
            return texts.join(u'\n');
        };
        QVERIFY(said().contains(u"Nothing is running"_s));
        test::fill(clip);
        clip.setRunning(true);
        RunProgress progress{600, 1200, 74.26, 80.0, {{test::kBlink, MethodProgress::State::Running, 300, 1200}}};
        clip.setProgress(progress);
        QVERIFY2(said().contains(u"600 of 1200 frames · 74.3 frames/s · about 1 min 20 s left"_s), qPrintable(said()));
        QCOMPARE(panel.findChild<QProgressBar *>()->value(), 500);
        const auto button = [&](const QString &text) {
            for (QPushButton *b : panel.findChildren<QPushButton *>())
                if (b->text() == text && b->isVisible())
                    return b;
            return static_cast<QPushButton *>(nullptr);
        };
        QVERIFY(button(u"Cancel"_s) && button(u"Pause"_s) && !button(u"Resume"_s));
        QTest::mouseClick(button(u"Cancel"_s), Qt::LeftButton);
        QCOMPARE(cancelled.size(), 1);
        QSignalSpy pauses(&panel, &TasksPanel::pauseRequested);
        QTest::mouseClick(button(u"Pause"_s), Qt::LeftButton);
        progress.paused = true;
        clip.setProgress(progress);
        QVERIFY2(said().contains(u"paused · 600 of 1200 frames"_s), qPrintable(said()));
        QVERIFY(!said().contains(u"left"_s));
        QTest::mouseClick(button(u"Resume"_s), Qt::LeftButton);
        QCOMPARE(pauses.size(), 2);
        QVERIFY(pauses[0][0].toBool() && !pauses[1][0].toBool());
        progress.paused = false;
        clip.setProgress(progress);
        QVERIFY(button(u"Pause"_s));
        progress.methods.front().state = MethodProgress::State::Cancelled;
        clip.setProgress(progress);
        clip.setRunning(false, u"cancelled"_s);
        QVERIFY(!button(u"Cancel"_s) && !button(u"Pause"_s));
        QVERIFY(said().contains(u"Ended early: cancelled"_s));
    }

    void durationsAreReadable_data()
    {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("seconds") << 8.4 << u"8 s"_s;
        QTest::newRow("minutes") << 200.0 << u"3 min 20 s"_s;
        QTest::newRow("hours") << 7300.0 << u"2 h 1 min"_s;
        QTest::newRow("negative") << -3.0 << u"0 s"_s;
    }
    void durationsAreReadable()
    {
        QFETCH(double, seconds);
        QTEST(durationText(seconds), "text");
    }
};

QTEST_MAIN(TestTasks)
#include "tst_panel_tasks.moc"
