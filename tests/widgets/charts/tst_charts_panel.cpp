// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_card.h"
#include "charts/charts_panel.h"
#include "charts/trace_chart.h"
#include "charts/trace_chooser.h"
#include "widgets/charts/chart_clip.h"
#include "widgets/fake_provider.h"

#include <QApplication>
#include <QLineSeries>
#include <QRegularExpression>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

using namespace fw;
using namespace Qt::StringLiterals;
using namespace fw::test;

namespace {

struct Stage
{
    explicit Stage(int frames = 1001)
        : provider(std::make_shared<FakeProvider>(FakeProvider::Options{.frames = frames, .rate = 25.0}))
    {
        model.setProvider(provider, std::nullopt);
        panel.resize(900, 500);
        panel.show();
    }
    TraceChart &chart(std::size_t index = 0) { return *panel.cards().at(index)->chart(); }
    QPoint at(TraceChart &chart, double seconds)
    {
        return chart.positionOf(seconds, (chart.valueRange().low + chart.valueRange().high) / 2).toPoint();
    }
    void wheel(TraceChart &chart, const QPoint &where, int notches, Qt::KeyboardModifiers held)
    {
        QWheelEvent event(where, chart.mapToGlobal(where), {}, {0, notches * 120}, Qt::NoButton, held,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(chart.viewport(), &event);
    }

    ClipModel model;
    std::shared_ptr<FakeProvider> provider;
    ChartsPanel panel{model};
};

/// Points that Qt Charts really holds.
std::size_t pointsInSeries(const TraceChart &chart)
{
    std::size_t points = 0;
    for (QAbstractSeries *series : chart.chart()->series()) {
        if (auto *line = qobject_cast<QLineSeries *>(series))
            points += std::size_t(line->count());
    }
    return points;
}

} // namespace

class ChartsPanelTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s));
    }

    void statesAreSaidInWords()
    {
        ClipModel model;
        ChartsPanel panel(model);
        QVERIFY(panel.message().contains(u"open clip"_s));
        model.setProvider(std::make_shared<FakeProvider>(), std::nullopt);
        QVERIFY(panel.message().contains(u"Start an analysis"_s));
        model.setRunning(true);
        QVERIFY(panel.message().contains(u"as soon as"_s));
        model.setResult(resultWith(u"a"_s, {}));
        model.setRunning(false);
        QVERIFY(panel.message().contains(u"measured nothing"_s));
        model.setResult(resultWith(u"a"_s, {waveTrace(u"x"_s, 100)}));
        QCOMPARE(panel.message(), QString());
        QCOMPARE(panel.cards().size(), std::size_t(1));
    }
    void tracesOfAGroupShareAChartAndFindingsComeFirst()
    {
        Stage s;
        s.model.setResult(resultWith(u"a.observer"_s, {waveTrace(u"o"_s, 1001)}));
        s.model.setResult(resultWith(u"b.consistent"_s, {waveTrace(u"c"_s, 1001)}, Verdict::Consistent));
        s.model.setResult(resultWith(u"c.suspicious"_s,
                                     {waveTrace(u"l"_s, 1001, u"Eyes"_s), waveTrace(u"r"_s, 1001, u"Eyes"_s)},
                                     Verdict::Suspicious));
        QStringList keys;
        for (ChartCard *card : s.panel.cards())
            keys << card->key();
        QCOMPARE(keys, (QStringList{u"c.suspicious/group:Eyes"_s, u"b.consistent/c"_s, u"a.observer/o"_s}));
        QVERIFY(s.panel.cards()[0]->legendButton(1));
    }
    void fortyTracesDoNotFloodThePanelButCanAllBeChosen()
    {
        Stage s(100);
        std::vector<Trace> many;
        for (int i = 0; i < 40; ++i)
            many.push_back(waveTrace(u"t%1"_s.arg(i), 100));
        s.model.setResult(resultWith(u"a.units"_s, many));
        QCOMPARE(s.panel.cards().size(), std::size_t(2));
        auto *chooser = s.panel.findChild<TraceChooser *>();
        QVERIFY(!chooser->isVisible());
        QToolButton *choose = nullptr;
        for (QToolButton *b : s.panel.findChildren<QToolButton *>()) {
            if (b->accessibleName() == u"Choose curves"_s)
                choose = b;
        }
        QTest::mouseClick(choose, Qt::LeftButton);
        QVERIFY(chooser->isVisible());
        QCOMPARE(chooser->topLevelItem(0)->childCount(), 40);
        chooser->setCurrentItem(chooser->topLevelItem(0)->child(30));
        QTest::keyClick(chooser, Qt::Key_Space);
        QTRY_COMPARE(s.panel.cards().size(), std::size_t(3));
        QCOMPARE(s.panel.cards().back()->key(), u"a.units/t30"_s);
        // The choice outlives a new result of the same method.
        s.model.setResult(resultWith(u"a.units"_s, many));
        QCOMPARE(s.panel.cards().size(), std::size_t(3));
        for (int i : {0, 1, 30})
            s.panel.showChart(u"a.units/t%1"_s.arg(i), false);
        QTRY_VERIFY(s.panel.message().contains(u"40"_s));
    }
    void aHundredThousandPointsAreThinnedToThePixels()
    {
        Stage s(100000);
        s.model.setResult(resultWith(u"a"_s, {waveTrace(u"x"_s, 100000)}));
        TraceChart &chart = s.chart();
        QVERIFY(chart.width() > 500);
        QVERIFY(chart.pointsShown() > 500);
        QVERIFY(chart.pointsShown() <= std::size_t(4 * chart.width() + 2));
        QCOMPARE(pointsInSeries(chart), chart.pointsShown());
        // Zoomed in, every sample of the range is there.
        const double middle = s.model.clock().secondsOf(50000);
        Q_EMIT chart.timeRangeRequested({middle - 2.0, middle + 2.0});
        QVERIFY(chart.pointsShown() >= 101 && chart.pointsShown() <= 103);
        QCOMPARE(pointsInSeries(chart), chart.pointsShown());
        chart.grab();
    }
    void gapsAreNotBridgedAndLoneValuesAreSeen()
    {
        Stage s(100);
        Trace trace = waveTrace(u"x"_s, 100);
        for (int i = 0; i < 100; ++i) {
            if ((i >= 20 && i < 40) || (i > 50 && i < 60))
                trace.values[std::size_t(i)] = std::numeric_limits<double>::quiet_NaN();
        }
        trace.values[30] = 0.5; // alone in the first gap
        s.model.setResult(resultWith(u"a"_s, {trace}));
        int pieces = 0, lone = 0;
        for (QAbstractSeries *series : s.chart().chart()->series()) {
            if (auto *line = qobject_cast<QLineSeries *>(series)) {
                ++pieces;
                lone += line->count() == 1 && line->pointsVisible();
            }
        }
        QCOMPARE(pieces, 4);
        QCOMPARE(lone, 1);
    }
    void aClickAndADragSeek()
    {
        Stage s;
        s.model.setResult(resultWith(u"a"_s, {waveTrace(u"x"_s, 1001)}));
        TraceChart &chart = s.chart();
        for (FrameIndex frame : {100, 737, 1000}) {
            const QPoint place = s.at(chart, s.model.clock().secondsOf(frame));
            QTest::mouseClick(chart.viewport(), Qt::LeftButton, {}, place);
            // 1001 frames on some 800 px: a pixel is a little more than a frame.
            QVERIFY2(std::abs(s.model.playhead() - frame) <= 1, qPrintable(QString::number(s.model.playhead())));
        }
        Q_EMIT chart.timeRangeRequested({10.0, 14.0}); // 100 frames: exact
        QTest::mousePress(chart.viewport(), Qt::LeftButton, {}, s.at(chart, 11.0));
        QCOMPARE(s.model.playhead(), 275);
        QTest::mouseMove(chart.viewport(), s.at(chart, 12.0));
        QCOMPARE(s.model.playhead(), 300);
        QTest::mouseRelease(chart.viewport(), Qt::LeftButton, {}, s.at(chart, 12.0));
        QTest::mouseMove(chart.viewport(), s.at(chart, 13.0));
        QCOMPARE(s.model.playhead(), 300);
    }
    void allChartsShareTheTimeAxis()
    {
        Stage s;
        s.model.setResult(resultWith(u"a"_s, {waveTrace(u"x"_s, 1001), waveTrace(u"y"_s, 1001)}));
        QCOMPARE(s.panel.cards().size(), std::size_t(2));
        const QPoint where = s.at(s.chart(0), 20.0);
        const double fixed = s.chart(0).secondsAt(where.x());
        s.wheel(s.chart(0), where, 4, Qt::ShiftModifier);
        QVERIFY(s.panel.timeRange().length() < 20.0);
        QCOMPARE(s.chart(1).timeRange(), s.chart(0).timeRange());
        QVERIFY(std::abs(s.chart(0).secondsAt(where.x()) - fixed) < 1e-6); // about the pointer
        QCOMPARE(s.chart(0).positionOf(20.0, 0).x(), s.chart(1).positionOf(20.0, 0).x());
        QTest::keyClick(&s.chart(1), Qt::Key_0);
        QCOMPARE(s.panel.timeRange(), (AxisRange{0.0, 40.0}));
        s.wheel(s.chart(0), where, -3, Qt::ShiftModifier); // never past the clip
        QCOMPARE(s.panel.timeRange(), (AxisRange{0.0, 40.0}));
    }
    void controlWheelZoomsTheValuesOfOneChart()
    {
        Stage s;
        s.model.setResult(resultWith(u"a"_s, {waveTrace(u"x"_s, 1001), waveTrace(u"y"_s, 1001)}));
        const AxisRange before = s.chart(0).valueRange();
        s.wheel(s.chart(0), s.at(s.chart(0), 20.0), 3, Qt::ControlModifier);
        QVERIFY(s.chart(0).valueRange().length() < before.length() / 1.9);
        QCOMPARE(s.chart(1).valueRange(), before);
        QTest::keyClick(&s.chart(0), Qt::Key_0);
        QCOMPARE(s.chart(0).valueRange(), before);
    }
    void thePageTurnsWhenThePlayheadLeavesIt()
    {
        Stage s;
        s.model.setResult(resultWith(u"a"_s, {waveTrace(u"x"_s, 1001)}));
        Q_EMIT s.chart().timeRangeRequested({10.0, 14.0});
        s.model.setPlayhead(300);
        QCOMPARE(s.panel.timeRange().low, 10.0);
        s.model.setPlayhead(500); // 20 s
        QVERIFY(s.panel.timeRange().low > 19.0 && s.panel.timeRange().high > 20.0);
        QVERIFY(std::abs(s.panel.timeRange().length() - 4.0) < 1e-9);
        s.model.setPlayhead(0);
        QCOMPARE(s.panel.timeRange().low, 0.0);
    }
    void theLegendSwitchesCurves()
    {
        Stage s;
        s.model.setResult(resultWith(u"a"_s, {waveTrace(u"l"_s, 101, u"Eyes"_s), waveTrace(u"r"_s, 101, u"Eyes"_s)}));
        ChartCard *card = s.panel.cards()[0];
        const std::size_t both = card->chart()->pointsShown();
        QTest::mouseClick(card->legendButton(1), Qt::LeftButton);
        QVERIFY(!card->chart()->isTraceVisible(1));
        QCOMPARE(card->chart()->pointsShown(), both / 2);
        QVERIFY(!card->chart()->accessibleDescription().contains(u"Wave r"_s));
        // It stays off when the method reports again.
        s.model.setResult(resultWith(u"a"_s, {waveTrace(u"l"_s, 101, u"Eyes"_s), waveTrace(u"r"_s, 101, u"Eyes"_s)}));
        QVERIFY(!s.panel.cards()[0]->chart()->isTraceVisible(1));
    }
    void hoveringExplainsTheValue()
    {
        Stage s;
        Trace trace = waveTrace(u"x"_s, 1001);
        trace.values[275] = 7.25;
        trace.lower.assign(1001, -1.0);
        trace.upper.assign(1001, 1.5);
        trace.values[276] = std::numeric_limits<double>::quiet_NaN();
        s.model.setResult(resultWith(u"org.example.blink"_s, {trace}));
        Q_EMIT s.chart().timeRangeRequested({10.0, 14.0});
        QCOMPARE(s.chart().hoverText(s.at(s.chart(), 11.0)),
                 u"<b>00:00:11.000 · frame 275</b><br>Wave x: 7.25\u00a0px (band −1 to 1.5)<br><i>blink 1.0.0</i>"_s);
        QVERIFY(s.chart().hoverText(s.at(s.chart(), 11.04)).contains(u"not measured on this frame"_s));
        QCOMPARE(s.chart().hoverText(QPoint(2, 2)), QString());
    }
    void aChartIsSummedUpForThoseWhoDoNotSeeIt()
    {
        Stage s(4);
        Trace trace = waveTrace(u"x"_s, 4);
        trace.values = {1, 2, 3, 6};
        trace.thresholds = {{2.5, u"null band"_s}};
        s.model.setResult(resultWith(u"a"_s, {trace}));
        QCOMPARE(s.chart().accessibleName(), u"Chart: Wave x"_s);
        QCOMPARE(s.chart().accessibleDescription(),
                 u"Wave x: 4 values, lowest 1\u00a0px, highest 6\u00a0px, mean 3\u00a0px; "
                 "2 above 2.5\u00a0px (null band)."_s);
        QVERIFY(s.chart().focusPolicy() & Qt::TabFocus);
    }
    void resultsMayVanishAndClipsMayChange()
    {
        Stage s(50);
        s.model.setResult(resultWith(u"a"_s, {waveTrace(u"x"_s, 5000)})); // longer than the clock
        s.panel.grab();
        s.model.setResults({});
        QVERIFY(s.panel.cards().empty());
        s.panel.grab();
        s.model.setResult(resultWith(u"a"_s, {waveTrace(u"x"_s, 50)}));
        s.model.setProvider(std::make_shared<FakeProvider>(FakeProvider::Options{.frames = 1}), std::nullopt);
        QVERIFY(s.panel.cards().empty());
        s.model.setResult(resultWith(u"a"_s, {waveTrace(u"x"_s, 1)}));
        s.panel.grab();
        s.model.setProvider(nullptr, std::nullopt);
        s.panel.grab();
    }
    void darkAndLightPalettesAreFollowed()
    {
        Stage s;
        s.model.setResult(resultWith(u"a"_s, {waveTrace(u"x"_s, 1001)}));
        for (const QColor &ground : {QColor(Qt::white), QColor(0x20, 0x20, 0x22)}) {
            QPalette palette;
            palette.setColor(QPalette::Base, ground);
            s.panel.setPalette(palette);
            const QImage image = s.chart().grab().toImage();
            QCOMPARE(image.pixelColor(image.width() - 3, 2), ground);
        }
    }
};

QTEST_MAIN(ChartsPanelTest)
#include "tst_charts_panel.moc"
