// SPDX-License-Identifier: GPL-3.0-or-later
#include "player/playback_controller.h"
#include "player/player_keys.h"
#include "widgets/fake_provider.h"

#include <QKeyEvent>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace fw;
using namespace Qt::StringLiterals;
using fw::test::FakeProvider;

namespace {

/// A clip with its controller and a wall clock that only the test moves.
struct Stage
{
    explicit Stage(const FakeProvider::Options &options = {})
        : provider(std::make_shared<FakeProvider>(options))
    {
        controller.setWallClock([this] { return now; });
        model.setProvider(provider, std::nullopt);
    }
    FrameIndex shown() const { return controller.picture() ? controller.picture()->index : -1; }
    bool settled() const { return controller.isExact() && shown() == model.playhead(); }
    void press(int key, Qt::KeyboardModifiers held = Qt::NoModifier)
    {
        keys.press(QKeyEvent(QEvent::KeyPress, key, held));
    }
    void release(int key) { keys.release(QKeyEvent(QEvent::KeyRelease, key, Qt::NoModifier)); }

    double now = 0.0;
    ClipModel model;
    std::shared_ptr<FakeProvider> provider;
    PlaybackController controller{model};
    PlayerKeys keys{controller};
};

} // namespace

class PlaybackTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s)); }

    void theFirstFrameIsShownByItself()
    {
        Stage s;
        QVERIFY(s.controller.isWaiting());
        QTRY_VERIFY(s.settled());
        QCOMPARE(s.shown(), 0);
    }
    void steppingIsExactBothWays()
    {
        Stage s;
        s.provider->keyFrameFirst = true;
        s.model.setPlayhead(47);
        QTRY_VERIFY(s.settled());
        for (FrameIndex want : {48, 49, 50, 51}) {
            s.press(Qt::Key_Period);
            QCOMPARE(s.model.playhead(), want);
            QTRY_VERIFY(s.settled());
            QCOMPARE(s.controller.picture()->bgr.at<cv::Vec3b>(0, 0)[0], uchar(want));
        }
        for (FrameIndex want : {50, 49, 48, 47, 46}) {
            s.press(Qt::Key_Comma);
            QCOMPARE(s.model.playhead(), want);
            QTRY_VERIFY(s.settled());
        }
        s.press(Qt::Key_Right);
        QCOMPARE(s.model.playhead(), 47);
        s.press(Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(s.model.playhead(), 72); // one second at 25 frames/s
        s.press(Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(s.model.playhead(), 70);
        s.press(Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(s.model.playhead(), 60);
        s.press(Qt::Key_Right, Qt::AltModifier);
        QCOMPARE(s.model.playhead(), 70);
        s.press(Qt::Key_End);
        QCOMPARE(s.model.playhead(), 99);
        s.press(Qt::Key_Period);
        QCOMPARE(s.model.playhead(), 99);
        s.press(Qt::Key_Home);
        QCOMPARE(s.model.playhead(), 0);
    }
    void aSecondIsASecondWithVariableFrameRate()
    {
        Stage s({.frames = 5});
        s.provider->setSeconds({0.0, 0.9, 1.0, 3.5, 3.6});
        s.press(Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(s.model.playhead(), 2);
        s.press(Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(s.model.playhead(), 3); // frame 2 lasts longer than a second: go on to the next
        s.press(Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(s.model.playhead(), 2);
    }
    void theNearestKeyFrameStandsInUntilTheExactOneArrives()
    {
        Stage s;
        QTRY_VERIFY(s.settled());
        s.provider->keyFrameFirst = true;
        s.provider->hold = true;
        s.model.setPlayhead(37);
        QVERIFY(s.controller.isWaiting());
        s.provider->answerNow();
        QCOMPARE(s.shown(), 30);
        QVERIFY(!s.controller.isExact() && s.controller.isWaiting());
        s.provider->keyFrameFirst = false;
        s.provider->answerNow();
        QCOMPARE(s.shown(), 37);
        QVERIFY(s.controller.isExact() && !s.controller.isWaiting());
    }
    void staleAnswersAreNotShown()
    {
        Stage s;
        QTRY_VERIFY(s.settled());
        s.provider->delayMs = 5;
        for (FrameIndex i : {10, 20, 30, 40})
            s.model.setPlayhead(i);
        QSignalSpy shown(&s.controller, &PlaybackController::pictureChanged);
        QTRY_VERIFY(s.settled());
        QCOMPARE(s.shown(), 40);
        QCOMPARE(shown.count(), 1);
    }
    void shuttleKeysDoubleTheSpeedAndKStops()
    {
        Stage s;
        const auto expect = [&](int key, double speed) {
            s.press(key);
            QCOMPARE(s.controller.speed(), speed);
            s.release(key);
        };
        for (double speed : {1.0, 2.0, 4.0, 8.0, 8.0})
            expect(Qt::Key_L, speed);
        expect(Qt::Key_K, 0.0);
        s.model.setPlayhead(90);
        for (double speed : {-1.0, -2.0, -4.0, -8.0, -8.0})
            expect(Qt::Key_J, speed);
        expect(Qt::Key_L, 1.0); // the other direction starts slowly
        expect(Qt::Key_J, -1.0);
        expect(Qt::Key_Space, 0.0);
        expect(Qt::Key_Space, 1.0);
        // A key that is held down repeats, but does not run through the speeds.
        s.keys.press(QKeyEvent(QEvent::KeyPress, Qt::Key_L, Qt::NoModifier, QString(), true));
        QCOMPARE(s.controller.speed(), 1.0);
    }
    void kHeldMakesJAndLSingleSteps()
    {
        Stage s;
        s.model.setPlayhead(50);
        s.press(Qt::Key_K);
        s.press(Qt::Key_L);
        QCOMPARE(s.model.playhead(), 51);
        s.press(Qt::Key_L);
        s.press(Qt::Key_J);
        s.press(Qt::Key_J);
        QCOMPARE(s.model.playhead(), 50);
        QVERIFY(!s.controller.isPlaying());
        s.release(Qt::Key_K);
        s.press(Qt::Key_L);
        QVERIFY(s.controller.isPlaying());
    }
    void keepingTimeFollowsTheClockAndCountsWhatItDropped()
    {
        Stage s;
        QTRY_VERIFY(s.settled());
        s.controller.setSpeed(1.0);
        s.now = 41.0;
        QTRY_COMPARE(s.shown(), 1);
        s.now = 201.0; // five frames further
        QTRY_COMPARE(s.shown(), 5);
        QCOMPARE(s.controller.droppedFrames(), 3);
        s.now = 241.0;
        QTRY_COMPARE(s.shown(), 6);
        QCOMPARE(s.controller.droppedFrames(), 3);
        s.controller.pause();
        s.controller.setSpeed(1.0);
        QCOMPARE(s.controller.droppedFrames(), 0); // a new count for a new play
    }
    void everyFrameIsShownHoweverLateItIs()
    {
        Stage s({.frames = 30});
        QTRY_VERIFY(s.settled());
        s.controller.setPace(PlaybackController::Pace::EveryFrame);
        s.provider->requested.clear();
        s.controller.setSpeed(4.0);
        for (int i = 0; i < 400 && s.controller.isPlaying(); ++i) {
            s.now += 1000.0; // far too slow a machine
            QTest::qWait(1);
        }
        QVERIFY(!s.controller.isPlaying());
        std::vector<FrameIndex> all;
        for (FrameIndex i = 1; i < 30; ++i)
            all.push_back(i);
        QCOMPARE(s.provider->requested, all);
        QCOMPARE(s.controller.droppedFrames(), 0);
    }
    void everyFrameWaitsForItsTime()
    {
        Stage s;
        QTRY_VERIFY(s.settled());
        s.controller.setPace(PlaybackController::Pace::EveryFrame);
        s.controller.setSpeed(1.0);
        s.now = 30.0;
        QTest::qWait(60);
        QCOMPARE(s.model.playhead(), 0); // frame 1 begins after 40 ms of the clip's time
        s.now = 40.0;
        QTRY_COMPARE(s.shown(), 1);
    }
    void playingBackwardsShowsFramesInDescendingOrder()
    {
        Stage s({.frames = 12});
        s.model.setPlayhead(6);
        QTRY_VERIFY(s.settled());
        s.provider->requested.clear();
        s.controller.setSpeed(-1.0);
        for (FrameIndex want : {5, 4, 3, 2, 1, 0}) {
            s.now += 40.0;
            QTRY_COMPARE(s.shown(), want);
            QVERIFY(s.controller.isPlaying());
        }
        s.now += 40.0; // the first frame stays as long as the others
        QTRY_VERIFY(!s.controller.isPlaying());
        QCOMPARE(s.provider->requested, (std::vector<FrameIndex>{5, 4, 3, 2, 1, 0}));
        QCOMPARE(s.controller.droppedFrames(), 0);
    }
    void playStopsAtTheEndAndStartsOver()
    {
        Stage s({.frames = 4});
        QTRY_VERIFY(s.settled());
        s.controller.setSpeed(1.0);
        s.now = 500.0;
        QTRY_VERIFY(!s.controller.isPlaying());
        QCOMPARE(s.model.playhead(), 3);
        s.controller.togglePlay();
        QCOMPARE(s.model.playhead(), 0);
        QVERIFY(s.controller.isPlaying());
    }
    void aLoopStaysBetweenInAndOut()
    {
        Stage s;
        s.model.setPlayhead(20);
        s.press(Qt::Key_I);
        s.model.setPlayhead(24);
        s.press(Qt::Key_O);
        QCOMPARE(*s.model.inPoint(), 20);
        QCOMPARE(*s.model.outPoint(), 24);
        QTRY_VERIFY(s.settled());
        s.controller.setLooping(true);
        s.provider->requested.clear();
        s.controller.setSpeed(1.0);
        const auto rounds = [&](FrameIndex at) { return std::ranges::count(s.provider->requested, at); };
        for (int i = 0; i < 2000 && (rounds(20) < 2 || rounds(24) < 2); ++i) {
            s.now += 20.0;
            QTest::qWait(2);
        }
        QVERIFY(s.controller.isPlaying());
        QVERIFY(std::ranges::all_of(s.provider->requested, [](FrameIndex i) { return i >= 20 && i <= 24; }));
        QVERIFY(rounds(20) >= 2 && rounds(24) >= 2);
    }
    void aLoopSetElsewhereIsEntered()
    {
        Stage s;
        QTRY_VERIFY(s.settled());
        s.model.setInOut(60, 70);
        s.controller.setLooping(true);
        s.controller.setSpeed(1.0);
        QTRY_COMPARE(s.shown(), 60);
        s.now += 41.0;
        QTRY_COMPARE(s.shown(), 61);
    }
    void aSeekWhilePlayingGoesOnFromThere()
    {
        Stage s;
        QTRY_VERIFY(s.settled());
        s.controller.setSpeed(1.0);
        s.now = 41.0;
        QTRY_COMPARE(s.shown(), 1);
        s.model.setPlayhead(80); // a click on the timeline
        QTRY_COMPARE(s.shown(), 80);
        s.now += 41.0;
        QTRY_COMPARE(s.shown(), 81);
        QCOMPARE(s.controller.droppedFrames(), 0);
    }
    void playbackWaitsForAnIndexThatIsStillBeingRead()
    {
        Stage s({.frames = 3, .complete = false});
        QTRY_VERIFY(s.settled());
        s.controller.setSpeed(1.0);
        s.now = 400.0;
        QTRY_COMPARE(s.shown(), 2);
        s.now = 600.0;
        QTest::qWait(20);
        QVERIFY(s.controller.isPlaying());
        s.provider->grow(50);
        s.now += 41.0;
        QTRY_COMPARE(s.shown(), 3);
        s.provider->finishClock();
        s.now += 5000.0;
        QTRY_VERIFY(!s.controller.isPlaying());
        QCOMPARE(s.model.playhead(), 49);
    }
    void aFrameThatCannotBeDecodedStopsPlayAndSaysWhy()
    {
        Stage s;
        s.provider->failAt = 2;
        QTRY_VERIFY(s.settled());
        s.controller.setPace(PlaybackController::Pace::EveryFrame);
        s.controller.setSpeed(1.0);
        for (int i = 0; i < 100 && !s.controller.problem(); ++i) {
            s.now += 50.0;
            QTest::qWait(1);
        }
        QVERIFY(s.controller.problem());
        QVERIFY(!s.controller.isPlaying());
        QCOMPARE(s.model.playhead(), 2);
        s.press(Qt::Key_Period); // the next one is fine
        QTRY_VERIFY(s.settled());
        QVERIFY(!s.controller.problem());
    }
    void nothingMovesWithoutAClip()
    {
        ClipModel model;
        PlaybackController controller(model);
        controller.togglePlay();
        controller.step(3);
        controller.stepSeconds(1);
        controller.toEnd();
        QVERIFY(!controller.isPlaying());
        QVERIFY(!controller.isWaiting());
        QCOMPARE(model.playhead(), 0);
    }
    void anotherClipForgetsTheOneBefore()
    {
        Stage s;
        s.model.setPlayhead(30);
        QTRY_VERIFY(s.settled());
        s.controller.setSpeed(1.0);
        const auto before = s.provider;
        s.model.setProvider(std::make_shared<FakeProvider>(FakeProvider::Options{.frames = 1}), std::nullopt);
        QVERIFY(!s.controller.isPlaying());
        QVERIFY(!s.controller.picture());
        before->answerNow(); // the old clip answers late
        QVERIFY(!s.controller.picture());
        QTRY_VERIFY(s.settled());
        s.controller.togglePlay();
        QVERIFY(!s.controller.isPlaying()); // a still does not play
    }
};

QTEST_MAIN(PlaybackTest)
#include "tst_playback.moc"
