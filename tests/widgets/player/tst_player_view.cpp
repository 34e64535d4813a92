// SPDX-License-Identifier: GPL-3.0-or-later
#include "player/player_view.h"
#include "widgets/fake_provider.h"

#include <QApplication>
#include <QClipboard>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <cmath>

using namespace fw;
using namespace Qt::StringLiterals;
using fw::test::FakeProvider;

namespace {

struct Stage
{
    explicit Stage(const FakeProvider::Options &options = {})
        : provider(std::make_shared<FakeProvider>(options))
    {
        model.setProvider(provider, std::nullopt);
        view.resize(640, 480);
        view.show();
    }
    bool ready() { return QTest::qWaitFor([this] { return controller.isExact(); }); }
    QColor at(QPointF framePoint)
    {
        const QPointF p = view.geometryOfPicture().toView().map(framePoint);
        return view.grab().toImage().pixelColor(int(std::floor(p.x())), int(std::floor(p.y())));
    }
    void wheel(const QPointF &where, int notches, Qt::KeyboardModifiers held)
    {
        QWheelEvent event(where, view.mapToGlobal(where), {}, {0, notches * 120}, Qt::NoButton, held,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(&view, &event);
    }

    ClipModel model;
    std::shared_ptr<FakeProvider> provider;
    PlaybackController controller{model};
    PlayerView view{controller};
};

} // namespace

class PlayerViewTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s)); }

    void thePictureIsFittedWithItsShape()
    {
        Stage s; // 64 x 48 in 640 x 480
        QVERIFY(s.ready());
        QCOMPARE(s.view.geometryOfPicture().pictureRect(), QRectF(0, 0, 640, 480));
        QCOMPARE(s.at({10.5, 20.5}), QColor(20, 10, 0));
    }
    void sampleAspectStretchesThePicture()
    {
        Stage s({.sampleAspect = {16, 11}});
        QVERIFY(s.ready());
        const QRectF rect = s.view.geometryOfPicture().pictureRect();
        QVERIFY(std::abs(rect.width() / rect.height() - 64.0 * 16 / 11 / 48) < 1e-9);
        QCOMPARE(rect.center(), QPointF(320, 240));
    }
    void turnedPicturesAreStretchedTheOtherWay()
    {
        Stage s({.sampleAspect = {2, 1}});
        s.provider->editFacts().streams[0].rotationDegrees = 90;
        s.model.setPlayhead(1);
        QVERIFY(s.ready());
        const QRectF rect = s.view.geometryOfPicture().pictureRect();
        QVERIFY(std::abs(rect.width() / rect.height() - 64.0 / 2 / 48) < 1e-9);
    }
    void zoomKeepsThePointUnderThePointer_data()
    {
        QTest::addColumn<QPointF>("where");
        QTest::newRow("middle") << QPointF(320, 240);
        QTest::newRow("corner") << QPointF(30, 450);
        QTest::newRow("edge") << QPointF(600, 100);
    }
    void zoomKeepsThePointUnderThePointer()
    {
        QFETCH(QPointF, where);
        Stage s({.width = 1280, .height = 720});
        QVERIFY(s.ready());
        const QPointF before = s.view.geometryOfPicture().toFrame(where);
        const double fitted = s.view.geometryOfPicture().zoom();
        for (int i = 1; i <= 6; ++i) {
            s.wheel(where, 1, Qt::ControlModifier);
            const QPointF after = s.view.geometryOfPicture().toFrame(where);
            QVERIFY(std::hypot(after.x() - before.x(), after.y() - before.y()) < 1e-6);
            QVERIFY(std::abs(s.view.geometryOfPicture().zoom() / fitted - std::pow(1.25, i)) < 1e-9);
        }
        QTest::keyClick(&s.view, Qt::Key_0, Qt::ControlModifier);
        QVERIFY(s.view.geometryOfPicture().isFitted());
        QTest::keyClick(&s.view, Qt::Key_Plus, Qt::ControlModifier);
        const QPointF after = s.view.geometryOfPicture().toFrame(where);
        QVERIFY(std::hypot(after.x() - before.x(), after.y() - before.y()) < 1e-6);
        QTest::keyClick(&s.view, Qt::Key_Minus, Qt::ControlModifier);
        QVERIFY(s.view.geometryOfPicture().isFitted()); // no smaller than the view
    }
    void zoomedPixelsAreSquaresOfOneColour()
    {
        Stage s;
        QVERIFY(s.ready());
        for (int i = 0; i < 8; ++i)
            s.wheel({320, 240}, 1, Qt::ControlModifier);
        QVERIFY(s.view.geometryOfPicture().zoom() > 20);
        for (double part : {0.1, 0.5, 0.9})
            QCOMPARE(s.at({32 + part, 24 + part}), QColor(24, 32, 0));
    }
    void draggingMovesAZoomedPictureAndNeverLosesIt()
    {
        Stage s({.width = 1280, .height = 720});
        QVERIFY(s.ready());
        QTest::mouseDClick(&s.view, Qt::LeftButton, {}, QPoint(320, 240));
        QCOMPARE(s.view.geometryOfPicture().zoom(), 1.0);
        const QPointF before = s.view.geometryOfPicture().toFrame({320, 240});
        QTest::mousePress(&s.view, Qt::LeftButton, {}, QPoint(320, 240));
        QTest::mouseMove(&s.view, QPoint(300, 200));
        QTest::mouseRelease(&s.view, Qt::LeftButton, {}, QPoint(300, 200));
        QCOMPARE(s.view.geometryOfPicture().toFrame({320, 240}), before + QPointF(20, 40));
        QTest::mousePress(&s.view, Qt::LeftButton, {}, QPoint(10, 10));
        QTest::mouseMove(&s.view, QPoint(630, 470));
        QTest::mouseMove(&s.view, QPoint(6300, 4700));
        QTest::mouseRelease(&s.view, Qt::LeftButton);
        QVERIFY(s.view.geometryOfPicture().pictureRect().contains(QPointF(320, 240)));
    }
    void thePixelUnderThePointerIsReadOut()
    {
        Stage s;
        s.model.setPlayhead(7);
        QVERIFY(s.ready());
        QSignalSpy readouts(&s.view, &PlayerView::readoutChanged);
        QTest::mouseMove(&s.view, QPoint(105, 205));
        QCOMPARE(s.view.readout(), u"x 10 px, y 20 px · B 7 G 10 R 20"_s);
        QVERIFY(!readouts.isEmpty());
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(&s.view, &leave);
        QCOMPARE(s.view.readout(), QString());
    }
    void theWheelStepsFrames()
    {
        Stage s;
        QVERIFY(s.ready());
        s.wheel({320, 240}, -3, Qt::NoModifier);
        QCOMPARE(s.model.playhead(), 3);
        s.wheel({320, 240}, 1, Qt::NoModifier);
        QCOMPARE(s.model.playhead(), 2);
    }
    void theLoupeMagnifiesThePixelsUnderThePointer()
    {
        Stage s({.width = 640, .height = 480}); // one to one
        QVERIFY(s.ready());
        QTest::mouseMove(&s.view, QPoint(100, 100));
        QTest::keyClick(&s.view, Qt::Key_Z);
        QVERIFY(s.view.isLoupeOn());
        // 17 x 17 pixels at 11 times their size, 24 px right of and below the pointer.
        const QImage image = s.view.grab().toImage();
        QCOMPARE(image.pixelColor(124 + 8 * 11 + 5, 124 + 8 * 11 + 5), QColor(100, 100, 0));
        QCOMPARE(image.pixelColor(124 + 10 * 11 + 5, 124 + 8 * 11 + 5), QColor(100, 102, 0));
        QTest::keyClick(&s.view, Qt::Key_Z);
        QCOMPARE(s.view.grab().toImage().pixelColor(124 + 93, 124 + 93), QColor(217, 217, 0));
        QTest::keyPress(&s.view, Qt::Key_Alt);
        QCOMPARE(s.view.grab().toImage().pixelColor(124 + 93, 124 + 93), QColor(100, 100, 0));
        QTest::keyRelease(&s.view, Qt::Key_Alt);
        QCOMPARE(s.view.grab().toImage().pixelColor(124 + 93, 124 + 93), QColor(217, 217, 0));
    }
    void copyAndSnapshotKeysWork()
    {
        Stage s;
        s.model.setPlayhead(12);
        QVERIFY(s.ready());
        QTest::keyClick(&s.view, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), u"clip.mp4 · frame 12 · PTS 6144 (1/12800 s) · 00:00:00.480"_s);
        QSignalSpy snapshots(&s.view, &PlayerView::snapshotRequested);
        QTest::keyClick(&s.view, Qt::Key_C);
        QCOMPARE(snapshots.count(), 1);
        QTest::keyClick(&s.view, Qt::Key_C, Qt::ShiftModifier);
        QCOMPARE(QApplication::clipboard()->image().size(), QSize(64, 48));
        QCOMPARE(s.view.snapshot(false).pixelColor(3, 4), QColor(4, 3, 12));
    }
    void boxesAreDrawnWhereTheFacesAre()
    {
        Stage s;
        QVERIFY(s.ready());
        FaceObservation face;
        face.box = cv::Rect2f(16, 16, 24, 24);
        face.detected = true;
        face.confidence = 1.0; // what is unsure is drawn grey
        s.model.setLayerStyle(u"faces.box"_s, {true, QColor(255, 0, 255), 1.0});
        s.model.addFaces(0, {{face}});
        const QImage image = s.view.grab().toImage();
        const auto magenta = [](const QColor &c) { return c.red() > 180 && c.blue() > 180 && c.green() < 60; };
        QVERIFY(magenta(image.pixelColor(160, 300)));
        QVERIFY(magenta(image.pixelColor(400, 300)));
        QVERIFY(!magenta(image.pixelColor(280, 300)));
        s.model.setLayerStyle(u"faces.box"_s, {false, QColor(255, 0, 255), 1.0});
        QVERIFY(!magenta(s.view.grab().toImage().pixelColor(160, 300)));
    }
    void aHeatMapComesWithItsColourBarBesideThePicture()
    {
        Stage s;
        QVERIFY(s.ready());
        MethodResult result;
        result.record.pluginId = u"org.example.ela"_s;
        HeatMap map;
        map.id = u"error-level"_s;
        map.title = u"Error level"_s;
        map.values = cv::Mat::ones(2, 2, CV_32FC1);
        map.region = cv::Rect2f(0, 0, 64, 48);
        map.frame = 0;
        result.result.measured.heatMaps.push_back(map);
        s.model.setResult(result);
        QCOMPARE(s.view.geometryOfPicture().area().width(), 640.0); // switched off until asked for
        s.model.setLayerStyle(u"heat/org.example.ela/error-level"_s, {true, QColor(), 1.0});
        QVERIFY(s.view.geometryOfPicture().area().width() < 620.0);
        QCOMPARE(s.at({32, 24}), QColor(253, 231, 37)); // the top of viridis
        s.model.setResults({});
        QCOMPARE(s.view.geometryOfPicture().area().width(), 640.0);
    }
    void swipingLeavesTheLeftPartBare()
    {
        Stage s;
        QVERIFY(s.ready());
        FaceObservation face;
        face.box = cv::Rect2f(16, 16, 24, 24); // its sides at 160 and 400 px of the view
        face.detected = true;
        face.confidence = 1.0;
        s.model.setLayerStyle(u"faces.box"_s, {true, QColor(255, 0, 255), 1.0});
        s.model.addFaces(0, {{face}});
        const auto drawnAt = [&s](int x) {
            const QColor c = s.view.grab().toImage().pixelColor(x, 300);
            return c.red() > 180 && c.blue() > 180 && c.green() < 60;
        };
        QTest::keyClick(&s.view, Qt::Key_W);
        QCOMPARE(s.view.swipe(), std::optional(0.5));
        QVERIFY(!drawnAt(160));
        QVERIFY(drawnAt(400));
        QTest::mousePress(&s.view, Qt::LeftButton, {}, QPoint(322, 100));
        QTest::mouseMove(&s.view, QPoint(80, 100));
        QTest::mouseRelease(&s.view, Qt::LeftButton, {}, QPoint(80, 100));
        QCOMPARE(s.view.swipe(), std::optional(0.125));
        QVERIFY(drawnAt(160));
        QTest::keyClick(&s.view, Qt::Key_W);
        QVERIFY(!s.view.swipe());
    }
    void statesAreSaidInWords()
    {
        ClipModel model;
        PlaybackController controller(model);
        PlayerView view(controller);
        QVERIFY(view.message().contains(u"Drop a file"_s));
        QVERIFY(view.accessibleDescription().contains(u"Drop a file"_s));
        auto provider = std::make_shared<FakeProvider>();
        provider->hold = true;
        provider->keyFrameFirst = true;
        model.setProvider(provider, std::nullopt);
        QCOMPARE(view.message(), u"Decoding frame 0…"_s);
        provider->answerNow();
        QCOMPARE(view.message(), QString());
        model.setPlayhead(47);
        provider->answerNow();
        QCOMPARE(view.message(), u"Nearest key frame: frame 40. Decoding frame 47…"_s);
        provider->failAt = 47;
        provider->answerNow();
        QCOMPARE(view.message(), u"Frame 47 cannot be shown: the frame is damaged"_s);
        QVERIFY(view.accessibleDescription().contains(u"damaged"_s));
        view.grab();
    }
};

QTEST_MAIN(PlayerViewTest)
#include "tst_player_view.moc"
