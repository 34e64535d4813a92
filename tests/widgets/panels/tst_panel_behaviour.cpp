// SPDX-License-Identifier: GPL-3.0-or-later
// The views of a person's behaviour: bars, piano roll and head, with made-up measurements whose
// values are known.
#include "detect/capabilities.h"
#include "faces/head_model.h"
#include "paint/color_map.h"
#include "panels/behaviour/head_panel.h"
#include "panels/behaviour/head_view.h"
#include "panels/behaviour/unit_bars.h"
#include "panels/behaviour/unit_panel.h"
#include "panels/behaviour/unit_roll_panel.h"
#include "panels/behaviour/unit_roll_view.h"
#include "panels/common/theme.h"
#include "panels/timeline/timeline_view.h"
#include "sample_clip.h"

#include <QApplication>
#include <QComboBox>
#include <QElapsedTimer>
#include <QTest>
#include <QWheelEvent>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

constexpr int kFrames = 1200; ///< AU12 is 4 in frames 300 to 399
constexpr FrameIndex kSmile = 350, kRest = 500, kAway = 390;

int rowOf(int unit)
{
    return int(std::find(kPresenceUnits.begin(), kPresenceUnits.end(), unit) - kPresenceUnits.begin());
}

void fillClip(ClipModel &clip, int frames = kFrames)
{
    clip.setProvider(std::make_shared<test::SampleProvider>(frames), EvidenceId{1});
    clip.setObservations(test::withBehaviour(test::sampleFaces(frames)));
}

std::map<QString, Manifest> withExpression()
{
    auto manifests = test::sampleManifests();
    Manifest &manifest = manifests[u"org.framewitness.expression"_s];
    manifest.id = u"org.framewitness.expression"_s;
    manifest.name = u"Expression"_s;
    manifest.gives = {capability::kActionUnits, capability::kExpression};
    return manifests;
}

bool isNear(const QColor &a, const QColor &b, int tolerance = 12)
{
    return std::abs(a.red() - b.red()) <= tolerance && std::abs(a.green() - b.green()) <= tolerance
        && std::abs(a.blue() - b.blue()) <= tolerance;
}

QComboBox *combo(QWidget &panel, const QString &name)
{
    for (QComboBox *box : panel.findChildren<QComboBox *>()) {
        if (box->accessibleName() == name)
            return box;
    }
    return nullptr;
}

void wheel(QWidget &widget, const QPoint &at, int notches, Qt::KeyboardModifiers modifiers)
{
    QWheelEvent event(at, widget.mapToGlobal(at), {}, {0, 120 * notches}, Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&widget, &event);
}

/// Middle of a cell of the piano roll.
QColor cellColor(UnitRollView &view, int row, FrameIndex frame)
{
    const QRect cells = view.rowRect(row);
    return view.viewport()->grab().toImage().pixelColor(view.xOfFrame(frame) + 1, cells.top() + cells.height() / 3);
}

FaceObservation headAt(const EulerAngles &angles)
{
    FaceObservation face;
    auto &points = face.expression.emplace().points3d;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const cv::Vec3d p = rotationOf(angles) * cv::Vec3d(neutralHead()[i]) + cv::Vec3d(60, -30, 600);
        points[i] = cv::Point3f(float(p[0]), float(p[1]), float(p[2]));
    }
    return face;
}

FacePoints3d neutralPoints()
{
    FacePoints3d rest;
    std::ranges::transform(neutralHead(), rest.begin(), [](const cv::Point3d &p) { return cv::Point3f(p); });
    return rest;
}

} // namespace

class TestBehaviour : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeKind::Dark); }
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s)); }

    void emptyViewsSayWhatToDo()
    {
        ClipModel clip;
        FaceChoice choice(clip);
        UnitPanel units(choice);
        UnitRollPanel roll(choice);
        HeadPanel head(choice);
        const auto all = [&] { return units.message() + roll.message() + head.message(); };
        QCOMPARE(all().count(u"No file is open"_s), 3);
        clip.setManifests(test::sampleManifests());
        clip.setProvider(std::make_shared<test::SampleProvider>(100), EvidenceId{1});
        QCOMPARE(all().count(u"No method that is installed"_s), 3);
        clip.setManifests(withExpression());
        QCOMPARE(all().count(u"Run “Expression”"_s), 3);
        clip.setRunning(true);
        QCOMPARE(all().count(u"Being measured"_s), 3);
        clip.setRunning(false);
        MethodResult result;
        result.record.pluginId = u"org.framewitness.expression"_s;
        result.state = RunState::NotApplicable;
        result.reason = u"The file has no picture."_s;
        clip.setResult(result);
        QCOMPARE(all().count(u"The file has no picture."_s), 3);
        result.state = RunState::Done;
        clip.setResult(result);
        QCOMPARE(all().count(u"found no face"_s), 3);
        clip.setObservations(test::withBehaviour(test::sampleFaces(100)));
        QTRY_COMPARE(all(), QString());
    }

    void barsAreAsLongAsTheUnitsAreStrong()
    {
        ClipModel clip;
        fillClip(clip);
        FaceChoice choice(clip);
        UnitPanel panel(choice);
        panel.resize(420, 480);
        panel.show();
        UnitBars &bars = panel.bars();
        const int row = rowOf(12);
        const auto at = [&](double intensity) {
            const QRectF track = bars.trackRect(row);
            const QPointF place(track.left() + track.width() * intensity / 5, track.top() + 1.5);
            return isNear(bars.grab().toImage().pixelColor(place.toPoint()), seriesColor(0), 40);
        };
        clip.setPlayhead(kSmile);
        QTRY_VERIFY(at(3.4)); // the whisker begins at 3.7
        QVERIFY(!at(4.6));
        QVERIFY(bars.valuesText().contains(u"AU12 lip corner puller\t4.0 ± 0.3, present"_s));
        QVERIFY(bars.valuesText().contains(u"AU28 lip suck\tpresent"_s));
        const auto filled = [&] {
            const QPoint middle = bars.presenceRect(row).center().toPoint();
            return isNear(bars.grab().toImage().pixelColor(middle), bars.palette().color(QPalette::Text), 30);
        };
        QVERIFY(filled());
        clip.setPlayhead(kRest);
        QTRY_VERIFY(!at(1.0));
        QVERIFY(!filled());
        clip.setPlayhead(kAway); // the face is turned away: nothing, not zero
        QTRY_VERIFY(bars.accessibleDescription().contains(u"not measured"_s));
        QVERIFY(!bars.valuesText().contains(u"0.0"_s));
    }

    void theScaleIsOneForAllViews()
    {
        ClipModel clip;
        fillClip(clip);
        clip.setPlayhead(kSmile);
        FaceChoice choice(clip);
        UnitPanel units(choice);
        UnitRollPanel roll(choice);
        units.show();
        roll.resize(900, 380);
        roll.show();
        QVERIFY(roll.view().hoverText({roll.view().xOfFrame(kSmile), roll.view().rowRect(rowOf(12)).center().y()})
                    .contains(u"4.0 of 5, present"_s));
        QTest::keyClick(combo(units, u"Scale of the action units"_s), Qt::Key_Down);
        QCOMPARE(choice.scale(), UnitScale::Raw);
        QCOMPARE(combo(roll, u"Scale of the action units"_s)->currentText(), u"As measured"_s);
        QVERIFY(units.bars().valuesText().contains(u"AU12 lip corner puller\t4.5"_s));
        QVERIFY(roll.view().hoverText({roll.view().xOfFrame(kSmile), roll.view().rowRect(rowOf(12)).center().y()})
                    .contains(u"4.5"_s));
    }

    void theFaceIsOneForAllViews()
    {
        ClipModel clip;
        fillClip(clip);
        FaceChoice choice(clip);
        QCOMPARE(choice.shown(), TrackId(0)); // the one with most measurements
        UnitPanel units(choice);
        HeadPanel head(choice);
        units.show();
        head.show();
        QTest::keyClick(combo(units, u"Face that is shown"_s), Qt::Key_Down);
        QCOMPARE(choice.shown(), TrackId(1));
        QCOMPARE(combo(head, u"Face that is shown"_s)->currentText(), u"Face 2"_s);
        clip.setPlayhead(kSmile); // face 2 is there from frame 840 on
        QTRY_VERIFY(!head.view().scene());
        clip.setPlayhead(900);
        QVERIFY(head.view().scene());
        choice.showNext();
        QCOMPARE(choice.shown(), TrackId(0));
        clip.setProvider(nullptr, std::nullopt);
        QVERIFY(!choice.shown());
    }

    void theRollShowsStrengthAsColour()
    {
        ClipModel clip;
        fillClip(clip);
        FaceChoice choice(clip);
        UnitRollPanel panel(choice);
        panel.resize(1300, 420);
        panel.show();
        UnitRollView &view = panel.view();
        const int row = rowOf(12);
        QVERIFY(isNear(cellColor(view, row, kSmile), colorAt(u"viridis"_s, 0.8)));
        QVERIFY(isNear(cellColor(view, row, kRest), colorAt(u"viridis"_s, 0.0)));
        QVERIFY(isNear(cellColor(view, row, kAway), view.palette().color(QPalette::Base)));
        const auto foot = [&](FrameIndex frame) {
            const QRect cells = view.rowRect(row);
            return view.viewport()->grab().toImage().pixelColor(view.xOfFrame(frame) + 1, cells.bottom() - 1);
        };
        QCOMPARE(foot(kSmile), QColor(Qt::white)); // present
        QVERIFY(foot(kRest) != QColor(Qt::white));
        QVERIFY(view.accessibleDescription().contains(u"AU45 blink up to 5.0 at 00:00:00.000"_s));
        QVERIFY(view.hoverText({view.xOfFrame(kAway), view.rowRect(row).center().y()}).contains(u"Not measured"_s));
    }

    void aBlinkShorterThanAPixelIsSeen()
    {
        ClipModel clip;
        constexpr int kMany = 100'000;
        ObservationLog log;
        FaceObservations faces(1);
        faces[0].actionUnits.emplace();
        for (int i = 0; i < kMany; ++i)
            log.setFaces(i, faces);
        (*log.faces[54'321])[0].actionUnits->intensity[16] = 5.0f; // AU45
        clip.setProvider(std::make_shared<test::SampleProvider>(kMany), EvidenceId{1});
        QElapsedTimer timer;
        timer.start();
        clip.setObservations(log);
        FaceChoice choice(clip);
        UnitRollPanel panel(choice);
        panel.resize(1000, 420);
        panel.show();
        UnitRollView &view = panel.view();
        view.viewport()->grab();
        qInfo("100,000 frames: read, packed and painted in %lld ms", timer.elapsed());
        timer.restart();
        for (int i = 0; i < 20; ++i) {
            view.zoomIn();
            view.viewport()->grab();
        }
        qInfo("and zoomed and painted 20 times in %lld ms", timer.elapsed());
        view.fit();
        const int row = rowOf(45), x = view.xOfFrame(54'321);
        const QImage image = view.viewport()->grab().toImage();
        const int y = view.rowRect(row).top() + view.rowRect(row).height() / 3;
        QVERIFY(isNear(image.pixelColor(x, y), colorAt(u"viridis"_s, 1.0)));
        QVERIFY(isNear(image.pixelColor(x - 3, y), colorAt(u"viridis"_s, 0.0)));
        // Looked at closely it is one frame wide.
        clip.setPlayhead(54'321);
        for (int i = 0; i < 40; ++i)
            view.zoomIn();
        QVERIFY(view.axis().pixelsPerFrame() > 20);
        clip.setPlayhead(0);
        clip.setPlayhead(54'321);
        QVERIFY(isNear(cellColor(view, row, 54'322), colorAt(u"viridis"_s, 0.0)));
        QTest::keyClick(&view, Qt::Key_0);
        QVERIFY(view.axis().isFitted());
    }

    void clicksAndKeysGoToFrames()
    {
        ClipModel clip;
        fillClip(clip);
        FaceChoice choice(clip);
        UnitRollPanel panel(choice);
        panel.resize(1300, 420);
        panel.show();
        UnitRollView &view = panel.view();
        const QRect cells = view.rowRect(rowOf(9));
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, {view.xOfFrame(700) + 1, cells.center().y()});
        QVERIFY(std::abs(clip.playhead() - 700) <= 1);
        QCOMPARE(view.currentRow(), rowOf(9));
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, {20, cells.center().y()}); // a name moves nothing
        QVERIFY(std::abs(clip.playhead() - 700) <= 1);
        for (int i = rowOf(9); i < rowOf(12); ++i)
            QTest::keyClick(&view, Qt::Key_Down);
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(clip.playhead(), 300); // the first frame of the smile
        QTest::keyClick(&view, Qt::Key_Up);
        QCOMPARE(view.currentRow(), rowOf(12) - 1);
        const double second = view.axis().secondsAt(500);
        wheel(*view.viewport(), {view.xOfFrame(0) + 500, cells.center().y()}, 3, Qt::ControlModifier);
        QVERIFY(!view.axis().isFitted());
        QVERIFY(std::abs(view.axis().secondsAt(500) - second) < 0.1); // zooms at the cursor
    }

    void rollAndTimelineShowTheSameTime()
    {
        ClipModel clip;
        fillClip(clip);
        FaceChoice choice(clip);
        TimelineView timeline(clip);
        UnitRollPanel panel(choice);
        UnitRollView &view = panel.view();
        connect(&timeline, &TimelineView::timeShown, &view, &UnitRollView::showTime);
        connect(&view, &UnitRollView::timeShown, &timeline, &TimelineView::showTime);
        timeline.resize(1000, 250);
        panel.resize(1300, 420);
        timeline.show();
        panel.show();
        const auto same = [&] {
            return std::abs(timeline.axis().start() - view.axis().start()) < 1e-6
                && std::abs(timeline.axis().end() - view.axis().end()) < 1e-6;
        };
        clip.setPlayhead(600);
        for (int i = 0; i < 4; ++i)
            timeline.zoomIn();
        QVERIFY(!view.axis().isFitted());
        QVERIFY2(same(), "timeline to roll");
        view.zoomIn();
        QVERIFY2(same(), "roll to timeline");
        QTest::keyClick(&view, Qt::Key_PageDown);
        QVERIFY2(same(), "paged");
        timeline.fit();
        QVERIFY(view.axis().isFitted());
        view.zoomIn();
        view.fit();
        QVERIFY(timeline.axis().isFitted());
        view.zoomIn();
        clip.setPlayhead(kFrames - 1); // both turn the page
        QVERIFY2(same(), "followed the playhead");
    }

    void aTurnedHeadIsTurnedOnlyAsFilmed()
    {
        const FaceObservation face = headAt({0.0, 0.6, 0.0}); // towards image left
        const auto filmed = headScene(face, HeadViewpoint::Camera, {}, {});
        const auto front = headScene(face, HeadViewpoint::Front, {}, {});
        QVERIFY(filmed && front);
        const auto noseShift = [](const HeadScene &scene) {
            return scene.points[30].x() - (scene.points[0].x() + scene.points[16].x()) / 2;
        };
        QVERIFY2(noseShift(*filmed) < -25, qPrintable(QString::number(noseShift(*filmed))));
        QVERIFY(std::abs(noseShift(*front)) < 0.1);
        QVERIFY(std::abs(filmed->pose.yawRadians - 0.6) < 1e-3);
        // Turned back by the reader, it looks ahead again.
        const auto back = headScene(face, HeadViewpoint::Camera, {-0.6, 0.0}, {});
        // But for perspective: the nose is 94 mm nearer than the ears, and the head 85 mm off the axis.
        QVERIFY2(std::abs(noseShift(*back)) < 16, qPrintable(QString::number(noseShift(*back))));
    }

    void theFarSideIsHidden()
    {
        const FaceObservation face = headAt({0.0, 1.2, 0.0});
        const auto scene = headScene(face, HeadViewpoint::Camera, {}, {});
        QVERIFY(scene);
        QVERIFY(scene->seen[45] && scene->seen[14]); // image right: towards the camera now
        QVERIFY(!scene->seen[1] && !scene->seen[17]);
        for (std::size_t i = 1; i < scene->triangles.size(); ++i)
            QVERIFY(scene->triangles[i - 1].depth >= scene->triangles[i].depth);
    }

    void againstOwnRestShowsWhatMoved()
    {
        FaceObservation face = headAt({0.1, -0.4, 0.0});
        const cv::Vec3d down = rotationOf({0.1, -0.4, 0.0}) * cv::Vec3d(0, 20, 0);
        face.expression->points3d[57] += cv::Point3f(float(down[0]), float(down[1]), float(down[2]));
        const auto scene = headScene(face, HeadViewpoint::Neutral, {}, neutralPoints());
        QVERIFY(scene && scene->rest);
        QVERIFY(scene->points[57].y() - (*scene->rest)[57].y() > 15);
        QVERIFY(std::abs(scene->points[30].y() - (*scene->rest)[30].y()) < 0.1);
        QVERIFY(!headScene(face, HeadViewpoint::Front, {}, neutralPoints())->rest);
        face.expression->points3d.fill({0, 0, 600});
        QVERIFY(!headScene(face, HeadViewpoint::Neutral, {}, neutralPoints()));
    }

    void theHeadTurnsByMouseAndKeys()
    {
        ClipModel clip;
        fillClip(clip);
        FaceChoice choice(clip);
        HeadPanel panel(choice);
        panel.resize(360, 420);
        panel.show();
        HeadView &view = panel.view();
        const QColor base = view.palette().color(QPalette::Base);
        QVERIFY(!isNear(view.grab().toImage().pixelColor(view.rect().center()), base, 4)); // there is a head
        QTest::mousePress(&view, Qt::LeftButton, {}, {100, 100});
        QMouseEvent move(QEvent::MouseMove, {160, 80}, view.mapToGlobal(QPoint(160, 80)), Qt::NoButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&view, &move);
        QVERIFY(view.turned().yawRadians < -0.2);   // the near side follows the hand to the right
        QVERIFY(view.turned().pitchRadians < -0.1); // and up
        QTest::mouseRelease(&view, Qt::LeftButton, {}, {160, 80});
        const Turntable before = view.turned();
        QTest::keyClick(&view, Qt::Key_Left, Qt::ControlModifier);
        QVERIFY(view.turned().yawRadians > before.yawRadians);
        QTest::keyClick(&view, Qt::Key_Left); // without Ctrl it is the window's
        wheel(view, {100, 100}, 2, {});
        QVERIFY(view.zoom() > 1.2);
        QTest::mouseDClick(&view, Qt::LeftButton, {}, {100, 100});
        QCOMPARE(view.turned(), Turntable{});
        QCOMPARE(view.zoom(), 1.0);
        QTest::keyClick(combo(panel, u"Viewpoint"_s), Qt::Key_End);
        QCOMPARE(view.viewpoint(), HeadViewpoint::Neutral);
        QVERIFY(view.accessibleDescription().contains(u"removed; dashed: own rest"_s));
        clip.setPlayhead(kAway);
        QTRY_VERIFY(view.accessibleDescription().contains(u"Not measured"_s));
        QVERIFY(isNear(view.grab().toImage().pixelColor(view.width() / 2, 20), base, 4));
    }
};

QTEST_MAIN(TestBehaviour)
#include "tst_panel_behaviour.moc"
