// SPDX-License-Identifier: GPL-3.0-or-later
#include "player/layers_panel.h"
#include "widgets/fake_provider.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QRegularExpression>
#include <QSlider>
#include <QTest>
#include <QToolButton>

using namespace fw;
using namespace Qt::StringLiterals;
using fw::test::FakeProvider;

namespace {

MethodResult mapsAt(const QString &plugin, const QString &idPattern, std::initializer_list<FrameIndex> frames)
{
    MethodResult result;
    result.record.pluginId = plugin;
    for (FrameIndex frame : frames) {
        HeatMap map;
        map.id = idPattern.contains(u'%') ? idPattern.arg(frame) : idPattern;
        map.title = u"Error level"_s;
        map.frame = frame;
        map.values = cv::Mat::ones(1, 1, CV_32FC1);
        map.region = cv::Rect2f(0, 0, 64, 48);
        result.result.measured.heatMaps.push_back(map);
    }
    return result;
}

QToolButton *button(QWidget &panel, const QString &name)
{
    for (QToolButton *b : panel.findChildren<QToolButton *>()) {
        if (b->accessibleName() == name)
            return b;
    }
    return nullptr;
}

} // namespace

class LayersPanelTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        // The offscreen platform has no window manager to tell sizes to, and says so.
        QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support propagateSizeHints)"_s));
    }

    void mapsThatDifferOnlyByTheirFrameAreOneLayer_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<qint64>("frame");
        QTest::addColumn<QString>("layer");
        QTest::newRow("plain") << u"ela"_s << qint64(0) << u"heat/p/ela"_s;
        QTest::newRow("dotted") << u"ela.120"_s << qint64(120) << u"heat/p/ela"_s;
        QTest::newRow("in words") << u"ela.frame-120"_s << qint64(120) << u"heat/p/ela"_s;
        QTest::newRow("padded") << u"ela-000120"_s << qint64(120) << u"heat/p/ela"_s;
        QTest::newRow("another number") << u"ghost.80"_s << qint64(120) << u"heat/p/ghost.80"_s;
        QTest::newRow("part of a number") << u"ghost.80"_s << qint64(0) << u"heat/p/ghost.80"_s;
        QTest::newRow("part of the name") << u"map10"_s << qint64(0) << u"heat/p/map10"_s;
    }
    void mapsThatDifferOnlyByTheirFrameAreOneLayer()
    {
        QFETCH(QString, id);
        QFETCH(qint64, frame);
        HeatMap map;
        map.id = id;
        map.frame = frame;
        QTEST(heatLayer(u"p"_s, map), "layer");
    }
    void theMapOfTheNearestFrameBeforeIsChosen()
    {
        ClipModel model;
        model.setResult(mapsAt(u"p"_s, u"ela.%1"_s, {40, 10, 70}));
        const QString layer = u"heat/p/ela"_s;
        for (const auto &[playhead, frame] : {std::pair{0, 10}, {10, 10}, {39, 10}, {40, 40}, {99, 70}})
            QCOMPARE(heatMapAt(model, layer, playhead)->frame, frame);
        QVERIFY(!heatMapAt(model, u"heat/p/none"_s, 0));
    }
    void switchesChangeTheStylesOfTheModel()
    {
        ClipModel model;
        LayersPanel panel(model);
        panel.resize(300, 400);
        panel.show();
        QVERIFY(panel.findChildren<QCheckBox *>().isEmpty());
        FaceObservation face;
        model.addFaces(0, {{face}});
        MethodResult gaze;
        gaze.record.pluginId = u"org.example.gaze"_s;
        gaze.result.measured.vectors.push_back({u"gaze"_s, u"Gaze"_s, u"Where the eyes look."_s, u"#ffd54a"_s, {}});
        model.setResult(gaze);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // rows of the earlier list
        const auto boxes = panel.findChildren<QCheckBox *>();
        QCOMPARE(boxes.size(), 5);
        auto *last = boxes.last();
        QCOMPARE(last->text(), u"gaze: Gaze"_s);
        QVERIFY(last->isChecked());
        QTest::keyClick(last, Qt::Key_Space);
        QCOMPARE(model.layerStyle(u"vectors/org.example.gaze/gaze"_s).visible, false);
        auto *slider = panel.findChildren<QSlider *>().last();
        QTest::keyClick(slider, Qt::Key_Home);
        QCOMPARE(model.layerStyle(u"vectors/org.example.gaze/gaze"_s).opacity, 0.0);
        for (QToolButton *b : panel.findChildren<QToolButton *>())
            QVERIFY(!b->accessibleName().isEmpty());
    }
    void layersOfAFaceAppearWhenTheyAreMeasured()
    {
        ClipModel model;
        LayersPanel panel(model);
        panel.resize(300, 400);
        panel.show();
        FaceObservation face;
        model.addFaces(0, {{face}});
        const auto titles = [&] {
            QStringList all;
            for (const QCheckBox *box : panel.findChildren<QCheckBox *>()) {
                if (!box->isHidden())
                    all << box->text();
            }
            return all;
        };
        QVERIFY(titles().contains(u"Head box"_s));
        QVERIFY(!titles().contains(u"Eyes"_s) && !titles().contains(u"Fitted mesh"_s));
        face.eyeImageRight.emplace().gaze.emplace();
        face.expression.emplace();
        model.addFaces(7, {{face}}); // in a later frame only
        QTRY_VERIFY(titles().contains(u"Gaze"_s));
        QVERIFY(titles().contains(u"Eyes"_s));
        QVERIFY(!model.layerStyle(u"faces.mesh"_s).visible); // would cover the picture
        for (QCheckBox *box : panel.findChildren<QCheckBox *>()) {
            if (box->text() != u"Fitted mesh"_s)
                continue;
            QVERIFY(!box->isChecked());
            QTest::keyClick(box, Qt::Key_Space);
        }
        QVERIFY(model.layerStyle(u"faces.mesh"_s).visible);
    }
    void codedMotionIsDrawnOnlyWhenSwitchedOn()
    {
        ClipModel model;
        QVERIFY(availableLayers(model).empty());
        model.setProvider(std::make_shared<FakeProvider>(), std::nullopt);
        const auto layers = availableLayers(model);
        QCOMPARE(layers.size(), std::size_t(1));
        QCOMPARE(layers.front().layer, u"coding.motion"_s);
        QVERIFY(!layerShown(model, layers.front()));
        Frame frame;
        frame.motion.push_back({8, 8, 4, 6, 16, 16, -1});
        QVERIFY(!overlayAt(model, 0, &frame).content.motion);
        LayersPanel panel(model);
        panel.show();
        auto *box = panel.findChild<QCheckBox *>();
        QVERIFY(box && !box->isChecked());
        QTest::keyClick(box, Qt::Key_Space);
        QCOMPARE(overlayAt(model, 0, &frame).content.motion, &frame.motion);
        QVERIFY(!overlayAt(model, 0).content.motion);
    }
    void oneHeatMapIsShownAtATimeAndFollowsThePlayhead()
    {
        ClipModel model;
        model.setProvider(std::make_shared<FakeProvider>(), std::nullopt);
        LayersPanel panel(model);
        panel.show();
        model.setResult(mapsAt(u"a"_s, u"ela.%1"_s, {10, 40, 70}));
        model.setResult(mapsAt(u"b"_s, u"ghost"_s, {0}));
        QCOMPARE(panel.shownHeatLayer(), QString());
        QVERIFY(overlayAt(model, 0).content.heat.empty());
        auto *chooser = panel.findChild<QComboBox *>();
        QCOMPARE(chooser->count(), 3);
        QTest::keyClick(chooser, Qt::Key_Down);
        QCOMPARE(panel.shownHeatLayer(), u"heat/a/ela"_s);
        QTest::keyClick(chooser, Qt::Key_Down);
        QCOMPARE(panel.shownHeatLayer(), u"heat/b/ghost"_s);
        QCOMPARE(overlayAt(model, 0).content.heat.size(), std::size_t(1));
        QTest::keyClick(chooser, Qt::Key_Up);
        model.setPlayhead(55);
        QCOMPARE(overlayAt(model, 55).shownMap->frame, 40);
        QTest::mouseClick(button(panel, u"Go to the frame of the map that is shown"_s), Qt::LeftButton);
        QCOMPARE(model.playhead(), 40);
        QTest::mouseClick(button(panel, u"Go to the next map"_s), Qt::LeftButton);
        QCOMPARE(model.playhead(), 70);
        QVERIFY(!button(panel, u"Go to the next map"_s)->isEnabled());
        QTest::mouseClick(button(panel, u"Go to the map before"_s), Qt::LeftButton);
        QCOMPARE(model.playhead(), 40);
    }
    void aSelectedFindingShowsItsMap()
    {
        ClipModel model;
        LayersPanel panel(model);
        model.setResult(mapsAt(u"a"_s, u"ela"_s, {0}));
        model.selectFinding({u"b"_s, u"f"_s});
        QCOMPARE(panel.shownHeatLayer(), QString());
        model.selectFinding({u"a"_s, u"f"_s});
        QCOMPARE(panel.shownHeatLayer(), u"heat/a/ela"_s);
    }
};

QTEST_MAIN(LayersPanelTest)
#include "tst_layers_panel.moc"
