// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/paths.h"
#include "panels/methods/methods_panel.h"
#include "player/playback_controller.h"
#include "run/quick_set.h"
#include "test_data.h"
#include "watchdog.h"
#include "window/main_window.h"
#include "window/notice_bar.h"
#include "window/untitled_dialog.h"

#include <QAction>
#include <QDir>
#include <QDockWidget>
#include <QStatusBar>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

using namespace Qt::StringLiterals;
using namespace fw;

/// The whole window, driven by keys and drops, offscreen.
class TestWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void everyActionHasATextAndNoKeyTwice();
    void theMethodsForAFirstLookAreChosenTogether();
    void aDropOpensAndAnalyses();
    void keysStepAndMark();
    void workspacesShowTheirPanels();
    void everyWorkspaceFitsASmallScreen();
    void playingStaysSmoothWhileAnalysing();
    void codedMotionKeepsPlayingSmooth();
    void aBrokenFileLeavesTheWindowAlive();
    void anHourLongClipShowsItsFirstPictureWithinASecond();
    void casesOfADeadProgramAreOffered();
    void anAnalysisCanBePausedByKey();
    void closingDuringAnalysisEndsAtOnce();

private:
    void drop(MainWindow &window, const QString &path) const;

    QTemporaryDir m_folder;
    QString m_clip;
    PluginRegistry m_registry;
};

void TestWindow::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(u"framewitness-test"_s);
    QSettings().clear();
    const InstallPaths paths = InstallPaths::ofProgram();
    m_registry.scan(paths.pluginFolders(), paths.models());
    m_clip = m_folder.filePath(u"clip.mp4"_s);
    const QString problem = test::ffmpeg({u"-i"_s, test::sourceDir() + u"/resources/demo/demo.mp4"_s, u"-t"_s, u"4"_s,
                                          u"-vf"_s, u"scale=480:270"_s, u"-c:v"_s, u"libx264"_s, m_clip});
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

void TestWindow::drop(MainWindow &window, const QString &path) const
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &event);
    QVERIFY(event.isAccepted());
}

void TestWindow::everyActionHasATextAndNoKeyTwice()
{
    MainWindow window(m_registry);
    std::map<QKeySequence, QString> taken;
    for (const QAction *action : window.actions()) {
        QVERIFY(!action->text().isEmpty());
        QVERIFY2(!action->objectName().isEmpty(), qPrintable(action->text()));
        for (const QKeySequence &key : action->shortcuts()) {
            QVERIFY2(!taken.contains(key), qPrintable(key.toString() + u": "_s + taken[key] + u" and "_s + action->text()));
            taken[key] = action->text();
        }
    }
    QVERIFY(taken.size() > 20);
}

void TestWindow::theMethodsForAFirstLookAreChosenTogether()
{
    MainWindow window(m_registry);
    const auto *methods = window.findChild<MethodsPanel *>();
    QVERIFY(methods);
    const std::size_t before = methods->choices().size();
    window.findChild<QAction *>(u"run.quick"_s)->trigger();
    QStringList chosen;
    for (const MethodChoice &choice : methods->choices())
        chosen.append(choice.pluginId);
    QStringList quick = quickSet();
    quick.sort();
    chosen.sort();
    QCOMPARE(chosen, quick); // each is installed
    window.findChild<QAction *>(u"run.all"_s)->trigger();
    QVERIFY(methods->choices().size() >= before && methods->choices().size() > std::size_t(chosen.size()));
}

void TestWindow::aDropOpensAndAnalyses()
{
    MainWindow window(m_registry);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    drop(window, m_clip);
    ClipModel &clip = window.session().model();
    QTRY_VERIFY_WITH_TIMEOUT(clip.provider(), 5000);
    QTRY_VERIFY_WITH_TIMEOUT(clip.isRunning(), 5000);
    QTRY_VERIFY_WITH_TIMEOUT(!clip.isRunning(), 90000);
    QVERIFY(clip.results().size() >= 8);
    QVERIFY(window.windowTitle().startsWith(u"clip.mp4"_s));
    QVERIFY(window.notices().isHidden());
}

void TestWindow::keysStepAndMark()
{
    MainWindow window(m_registry);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    window.openPath(m_clip);
    ClipModel &clip = window.session().model();
    QTRY_VERIFY_WITH_TIMEOUT(clip.provider() && clip.clock().complete, 10000);
    QTest::keyClick(&window, Qt::Key_Period);
    QTest::keyClick(&window, Qt::Key_Period);
    QCOMPARE(clip.playhead(), 2);
    QTest::keyClick(&window, Qt::Key_Comma);
    QCOMPARE(clip.playhead(), 1);
    QTest::keyClick(&window, Qt::Key_End);
    QCOMPARE(clip.playhead(), 99);
    QTest::keyClick(&window, Qt::Key_Home);
    QCOMPARE(clip.playhead(), 0);
    QTest::keyClick(&window, Qt::Key_M);
    QCOMPARE(clip.marks().size(), 1);
    QTest::keyClick(&window, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(clip.marks().front().removed);
    QTest::keyClick(&window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(!clip.marks().front().removed);
}

void TestWindow::workspacesShowTheirPanels()
{
    MainWindow window(m_registry);
    window.resize(1600, 950);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    for (const QString &name : MainWindow::workspaces()) {
        window.setWorkspace(name);
        QCoreApplication::processEvents();
        // The lower third belongs to a panel and is not left empty.
        for (const int above : {30, 120}) {
            QWidget *at = window.childAt(window.width() / 2, window.statusBar()->y() - above);
            while (at && !qobject_cast<QDockWidget *>(at))
                at = at->parentWidget();
            QVERIFY2(at, qPrintable(name));
        }
        const auto docks = window.findChildren<QDockWidget *>();
        const auto shown = std::count_if(docks.begin(), docks.end(), [](const QDockWidget *d) { return !d->isHidden(); });
        QVERIFY2(shown >= 4, qPrintable(name));
    }
}

void TestWindow::everyWorkspaceFitsASmallScreen()
{
    MainWindow window(m_registry);
    window.show();
    for (const QString &name : MainWindow::workspaces()) {
        window.resize(1366, 768);
        window.setWorkspace(name);
        QCoreApplication::processEvents();
        QVERIFY2(window.height() <= 768 && window.width() <= 1366,
                 qPrintable(u"%1: %2 x %3"_s.arg(name).arg(window.width()).arg(window.height())));
    }
}

void TestWindow::playingStaysSmoothWhileAnalysing()
{
    MainWindow window(m_registry);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    window.openPath(m_clip);
    ClipModel &clip = window.session().model();
    QTRY_VERIFY_WITH_TIMEOUT(clip.isRunning() && clip.clock().complete, 10000);
    test::Watchdog watchdog;
    QTest::keyClick(&window, Qt::Key_L);
    const FrameIndex before = clip.playhead();
    QTest::qWait(1500);
    QVERIFY(clip.playhead() > before);
    QTRY_VERIFY_WITH_TIMEOUT(!clip.isRunning(), 90000); // all results arrive
    qInfo("longest wait of the interface thread while playing and analysing: %lld ms; most work of its own at once: %lld ms",
          watchdog.worstMs(), watchdog.mostWorkMs());
    QVERIFY(watchdog.beats() > 50);
    QTest::keyClick(&window, Qt::Key_K);
}

void TestWindow::codedMotionKeepsPlayingSmooth()
{
    const QString path = m_folder.filePath(u"moving.mp4"_s);
    QCOMPARE(test::ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"mandelbrot=s=1280x720:r=25:end_scale=0.01"_s, u"-frames:v"_s, u"60"_s,
                           u"-pix_fmt"_s, u"yuv420p"_s, u"-c:v"_s, u"libx264"_s, u"-preset"_s, u"veryfast"_s, path}),
             QString());
    MainWindow window(m_registry);
    window.resize(1366, 768);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    window.openPath(path);
    ClipModel &clip = window.session().model();
    QTRY_VERIFY_WITH_TIMEOUT(clip.provider() && clip.clock().complete, 20000);
    window.session().cancel();
    QTRY_VERIFY_WITH_TIMEOUT(!clip.isRunning(), 20000);
    auto *playback = window.findChild<PlaybackController *>();
    QVERIFY(playback);
    // The most work of the interface thread at once, and frames that playing in time had to leave out.
    const auto play = [&](bool layer) {
        LayerStyle style;
        style.visible = layer;
        clip.setLayerStyle(u"coding.motion"_s, style);
        playback->setPace(PlaybackController::Pace::KeepTime);
        playback->toStart();
        playback->setSpeed(1.0);
        test::Watchdog watchdog;
        QTest::qWait(2000);
        const FrameIndex reached = clip.playhead();
        playback->pause();
        qInfo("%s coded motion: frame %lld reached in 2 s, %lld left out; most work of the interface thread at once %lld ms",
              layer ? "with" : "without", static_cast<long long>(reached), static_cast<long long>(playback->droppedFrames()),
              watchdog.mostWorkMs());
        return std::pair(reached, watchdog.mostWorkMs());
    };
    play(false); // decodes once: then both runs find their pictures in the cache
    const auto [bareReached, bareWork] = play(false);
    const auto [reached, work] = play(true);
    QVERIFY(bareReached > 0 && reached > 0);
    QVERIFY2(work <= bareWork + 40, "more than a frame's time is spent on the layer"); // 25 frames a second
}

void TestWindow::aBrokenFileLeavesTheWindowAlive()
{
    MainWindow window(m_registry);
    window.show();
    const QString path = m_folder.filePath(u"broken.mp4"_s);
    QFile whole(m_clip), part(path);
    QVERIFY(whole.open(QIODevice::ReadOnly) && part.open(QIODevice::WriteOnly));
    part.write(whole.read(200)); // a header and nothing behind it
    part.close();
    drop(window, path);
    QTRY_VERIFY_WITH_TIMEOUT(window.notices().text().contains(u"broken.mp4"_s), 10000);
    drop(window, m_folder.path()); // a folder
    QTRY_VERIFY_WITH_TIMEOUT(window.notices().text().contains(m_folder.path()), 10000);
    drop(window, m_clip);
    QTRY_VERIFY_WITH_TIMEOUT(window.session().model().provider(), 10000);
}

void TestWindow::anHourLongClipShowsItsFirstPictureWithinASecond()
{
    const QString minute = m_folder.filePath(u"minute.mp4"_s);
    const QString hour = m_folder.filePath(u"hour.mp4"_s);
    QVERIFY(test::ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=640x360:rate=25:duration=60"_s, u"-c:v"_s, u"libx264"_s,
                          u"-preset"_s, u"ultrafast"_s, u"-crf"_s, u"35"_s, minute}).isEmpty());
    QVERIFY(test::ffmpeg({u"-stream_loop"_s, u"59"_s, u"-i"_s, minute, u"-c"_s, u"copy"_s, hour}).isEmpty());
    MainWindow window(m_registry);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    auto *playback = window.findChild<PlaybackController *>();
    QVERIFY(playback);
    test::Watchdog watchdog;
    QElapsedTimer clock;
    clock.start();
    window.openPath(hour);
    QVERIFY(QTest::qWaitFor([&] { return bool(playback->picture()); }, 20000));
    qInfo("first picture of a 60-minute clip after %lld ms", clock.elapsed());
    ClipModel &clip = window.session().model();
    QTRY_VERIFY_WITH_TIMEOUT(clip.clock().complete, 20000);
    QCOMPARE(clip.clock().frameCount, 90000);
    window.session().cancel();
    QTRY_VERIFY_WITH_TIMEOUT(!clip.isRunning(), 3000);
    watchdog.restart();
    for (FrameIndex i = 0; i < 90000; i += 4500) {
        clip.setPlayhead(i);
        QTest::qWait(40);
    }
    qInfo("longest wait of the interface thread while moving through it: %lld ms; most work of its own at once: %lld ms",
          watchdog.worstMs(), watchdog.mostWorkMs());
}

void TestWindow::casesOfADeadProgramAreOffered()
{
    const QString folder = ClipSession::untitledFolder();
    QVERIFY(QDir(folder).removeRecursively() && QDir().mkpath(folder));
    const auto leave = [&](const QString &name, bool dead) {
        QVERIFY(CaseFile::create(folder + name));
        QFile mark(folder + name + u".open"_s);
        QVERIFY(!dead || mark.open(QIODevice::WriteOnly));
    };
    leave(u"/left.fwcase"_s, true);
    leave(u"/left too.fwcase"_s, true);
    leave(u"/closed.fwcase"_s, false);
    MainWindow window(m_registry);
    window.show();
    window.offerLeftCases();
    QTRY_VERIFY(window.findChild<UntitledDialog *>());
    auto *dialog = window.findChild<UntitledDialog *>();
    auto *list = dialog->findChild<QTreeWidget *>();
    QCOMPARE(list->topLevelItemCount(), 2);
    const auto press = [&](const QString &text) {
        for (QPushButton *button : dialog->findChildren<QPushButton *>())
            if (button->text().remove(u'&').startsWith(text))
                return QTest::mouseClick(button, Qt::LeftButton);
        QFAIL(qPrintable(text));
    };
    press(u"Discard…"_s);
    QCOMPARE(list->topLevelItemCount(), 2); // it asks
    press(u"Discard for good"_s);
    QCOMPARE(list->topLevelItemCount(), 1);
    QCOMPARE(QDir(folder).entryList({u"*.fwcase"_s}).size(), 2);
    list->setCurrentItem(list->topLevelItem(0));
    press(u"Open"_s);
    QTRY_VERIFY(!window.session().casePath().isEmpty());
    QVERIFY(window.session().isUntitled());
    QVERIFY(window.session().casePath().contains(u"left"_s));
}

void TestWindow::anAnalysisCanBePausedByKey()
{
    MainWindow window(m_registry);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    window.openPath(m_clip);
    ClipModel &clip = window.session().model();
    QTRY_VERIFY_WITH_TIMEOUT(clip.isRunning(), 10000);
    QTest::keyClick(&window, Qt::Key_F6);
    QTRY_VERIFY_WITH_TIMEOUT(clip.isPaused(), 10000);
    QCOMPARE(window.findChild<QAction *>(u"run.pause"_s)->text(), u"&Resume analysis"_s);
    QTest::keyClick(&window, Qt::Key_F6);
    QTRY_VERIFY_WITH_TIMEOUT(!clip.isPaused(), 10000);
    QTRY_VERIFY_WITH_TIMEOUT(!clip.isRunning(), 90000);
    QVERIFY(clip.results().size() >= 8);
}

void TestWindow::closingDuringAnalysisEndsAtOnce()
{
    QElapsedTimer clock;
    {
        MainWindow window(m_registry);
        window.show();
        window.openPath(m_clip);
        QTRY_VERIFY_WITH_TIMEOUT(window.session().model().isRunning(), 10000);
        clock.start();
        window.close();
    }
    qInfo("closing while analysing took %lld ms", clock.elapsed());
    QVERIFY(clock.elapsed() < 5000);
}

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
