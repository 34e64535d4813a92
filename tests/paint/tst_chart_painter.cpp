// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/axis.h"
#include "paint/chart_layout.h"
#include "paint/chart_painter.h"
#include "paint/color_map.h"
#include "paint/decimate.h"

#include <QElapsedTimer>
#include <QImage>
#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <limits>

using namespace fw;
using namespace Qt::StringLiterals;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Trace wave(int count)
{
    Trace trace;
    trace.title = u"wave"_s;
    trace.unit = u"px"_s;
    for (int i = 0; i < count; ++i) {
        trace.frames.push_back(i);
        trace.values.push_back(std::sin(i * 0.05));
    }
    return trace;
}

std::vector<double> clock25(int count)
{
    std::vector<double> seconds;
    for (int i = 0; i < count; ++i)
        seconds.push_back(i / 25.0);
    return seconds;
}

} // namespace

class ChartPainterTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }

    void ticksAreRound_data()
    {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<QStringList>("labels");
        QTest::newRow("unit") << 0.0 << 1.0 << QStringList{u"0.0"_s, u"0.2"_s, u"0.4"_s, u"0.6"_s, u"0.8"_s, u"1.0"_s};
        QTest::newRow("negative") << -20.0 << 30.0 << QStringList{u"−20"_s, u"−10"_s, u"0"_s, u"10"_s, u"20"_s, u"30"_s};
        QTest::newRow("small") << 0.001 << 0.0019 << QStringList{u"0.0010"_s, u"0.0012"_s, u"0.0014"_s, u"0.0016"_s, u"0.0018"_s};
        QTest::newRow("empty") << 2.0 << 2.0 << QStringList{};
        QTest::newRow("not finite") << kNan << 2.0 << QStringList{};
    }
    void ticksAreRound()
    {
        QFETCH(double, low);
        QFETCH(double, high);
        const AxisTicks ticks = valueTicks(low, high, 5);
        QStringList labels;
        for (double value : ticks.values)
            labels << valueTickText(value, ticks.step);
        QTEST(labels, "labels");
    }
    void timesAreWrittenAsShortAsTheStepAllows()
    {
        QCOMPARE(timeTicks(0, 75, 6).step, 15.0);
        QCOMPARE(timeTicks(0, 7200, 6).step, 1800.0);
        QCOMPARE(timeTickText(75, 15), u"1:15"_s);
        QCOMPARE(timeTickText(3675, 15), u"1:01:15"_s);
        QCOMPARE(timeTickText(12.48, 0.02), u"0:12.48"_s);
        QCOMPARE(timeTickText(59.9996, 0.5), u"1:00.0"_s);
        QVERIFY(timeTicks(0, 0.004, 8).step >= 0.001);
        QVERIFY(int(timeTicks(0, 400 * 3600.0, 8).values.size()) <= 9);
    }
    void numbersCarryTheirUnits()
    {
        QCOMPARE(quantityText(0.25, u"1"_s), u"0.25"_s);
        QCOMPARE(quantityText(-7.3, u"°"_s), u"−7.3°"_s);
        QCOMPARE(quantityText(12.0, u"px"_s), u"12\u00a0px"_s);
        QCOMPARE(numberText(kNan), u"–"_s);
        QCOMPARE(numberText(0.0), u"0"_s);
    }
    void aFlatCurveStillGetsAnAxis()
    {
        QVERIFY(paddedRange(3.0, 3.0).length() > 0.1);
        QVERIFY(paddedRange(0.0, 0.0).length() > 0.0);
        QCOMPARE(paddedRange(kNan, 1.0), AxisRange{});
    }

    void thinningKeepsEverySpike()
    {
        std::vector<double> x(100000), y(100000, 0.0);
        for (std::size_t i = 0; i < x.size(); ++i)
            x[i] = double(i);
        y[54321] = 9.0;
        y[77777] = -4.0;
        const CurvePieces pieces = decimateCurve(x, y, 0, 99999, 800);
        QCOMPARE(int(pieces.size()), 1);
        QVERIFY(pointCount(pieces) <= 4 * 800 + 2);
        const auto has = [&](QPointF p) { return std::ranges::count(pieces[0], p) == 1; };
        QVERIFY(has(QPointF(54321, 9.0)));
        QVERIFY(has(QPointF(77777, -4.0)));
        QVERIFY(std::ranges::is_sorted(pieces[0], {}, &QPointF::x));
    }
    void fewPointsAreKeptAsTheyAreAndGapsSplit()
    {
        const std::vector<double> x{0, 1, 2, 3, 4, 5}, y{1, 2, kNan, 4, kNan, 6};
        const CurvePieces pieces = decimateCurve(x, y, 0, 5, 100);
        QCOMPARE(int(pieces.size()), 3);
        QCOMPARE(int(pieces[0].size()), 2);
        QCOMPARE(int(pieces[1].size()), 1);
        const CurvePieces zoomed = decimateCurve(x, y, 0.2, 0.8, 100);
        QCOMPARE(int(zoomed.size()), 1);
        QCOMPARE(int(zoomed[0].size()), 2); // one on either side, so that the line crosses the view
        QVERIFY(decimateCurve({}, {}, 0, 1, 10).empty());
        QVERIFY(decimateCurve(x, y, 1, 1, 10).empty());
    }
    void aThinnedBandIsNeverNarrower()
    {
        std::vector<double> x, low, high;
        for (int i = 0; i < 50000; ++i) {
            x.push_back(i);
            low.push_back(i == 20000 ? -5 : -1);
            high.push_back(i == 30000 ? 7 : 1);
        }
        low[10] = kNan;
        const auto pieces = decimateBand(x, low, high, 0, 49999, 500);
        QCOMPARE(int(pieces.size()), 2);
        double least = 0, most = 0;
        std::size_t points = 0;
        for (const BandPiece &piece : pieces) {
            points += piece.lower.size();
            for (const QPointF &p : piece.lower)
                least = std::min(least, p.y());
            for (const QPointF &p : piece.upper)
                most = std::max(most, p.y());
        }
        QCOMPARE(least, -5.0);
        QCOMPARE(most, 7.0);
        QVERIFY(points <= 502);
    }
    void labelsNeverOverlap()
    {
        const std::vector<double> places = spreadLabels({50, 51, 52, 99, 10}, 10, 0, 100);
        std::vector<double> sorted = places;
        std::ranges::sort(sorted);
        for (std::size_t i = 1; i < sorted.size(); ++i)
            QVERIFY(sorted[i] - sorted[i - 1] >= 10 - 1e-9);
        QVERIFY(sorted.front() >= 5 && sorted.back() <= 95);
        QVERIFY(places[0] < places[1] && places[1] < places[2]);
        QCOMPARE(places[4], 10.0);
    }
    void aSummarySaysWhatASightedReaderSees()
    {
        Trace trace = wave(4);
        trace.values = {1.0, 3.0, kNan, 5.0};
        trace.thresholds = {{2.5, u"95 % of authentic clips"_s}};
        QCOMPARE(traceSummary(trace),
                 u"wave: 3 values, lowest 1\u00a0px, highest 5\u00a0px, mean 3\u00a0px; "
                 "2 above 2.5\u00a0px (95 % of authentic clips); 1 not measured."_s);
        trace.values.assign(4, kNan);
        QCOMPARE(traceSummary(trace), u"wave: no values were measured."_s);
    }

    void theCurveIsDrawnWhereItsValuesAreAndGapsStayEmpty()
    {
        Trace trace = wave(101);
        std::fill(trace.values.begin(), trace.values.end(), 0.0);
        std::fill(trace.values.begin() + 40, trace.values.begin() + 61, kNan);
        trace.values[0] = -1.0;
        trace.values[100] = 1.0; // 0 lies in the middle of the axis
        QImage image(600, 240, QImage::Format_RGB32);
        QPainter painter(&image);
        paintChart(painter, QRectF(0, 0, 600, 240), {&trace}, {}, clock25(101), std::nullopt);
        painter.end();
        const QRgb ink = seriesColor(0).rgb();
        const auto inked = [&](int x0, int x1) {
            int columns = 0;
            for (int x = x0; x < x1; ++x) {
                bool any = false;
                for (int y = 30; y < 210; ++y) {
                    const QRgb p = image.pixel(x, y);
                    any |= std::abs(qRed(p) - qRed(ink)) + std::abs(qBlue(p) - qBlue(ink)) < 90;
                }
                columns += any;
            }
            return columns;
        };
        QCOMPARE(inked(140, 240), 100); // frames 15 to 35 or so
        QCOMPARE(inked(310, 340), 0);   // the gap in the middle
        QCOMPARE(inked(420, 520), 100);
    }
    void aHundredThousandPointsAreQuick()
    {
        const Trace trace = wave(100000);
        const std::vector<double> seconds = clock25(100000);
        QImage image(800, 200, QImage::Format_RGB32);
        QPainter painter(&image);
        QElapsedTimer timer;
        timer.start();
        paintChart(painter, QRectF(0, 0, 800, 200), {&trace}, {}, seconds, 50000);
        QVERIFY2(timer.elapsed() < 2000, "thinned curves take milliseconds, whole ones many seconds");
    }
    void oddInputIsDrawnWithoutComplaint()
    {
        QImage image(300, 200, QImage::Format_RGB32);
        QPainter painter(&image);
        Trace nothing = wave(3);
        nothing.values.assign(3, kNan);
        Trace beyond = wave(3);
        beyond.frames = {500, 501, 502}; // past the end of the clock
        Event event;
        event.range = {-5, 900};
        event.label = u"an event"_s;
        paintChart(painter, QRectF(0, 0, 300, 200), {}, {}, {}, std::nullopt);
        paintChart(painter, QRectF(0, 0, 300, 200), {&nothing, &beyond}, {&event}, clock25(3), 99);
        paintChart(painter, QRectF(0, 0, 300, 200), {&beyond}, {&event}, {}, 501);
        paintChart(painter, QRectF(0, 0, 5, 3), {&nothing}, {}, clock25(1), 0);
        QCOMPARE(image.pixelColor(299, 1), QColor(Qt::white));
    }
};

QTEST_MAIN(ChartPainterTest)
#include "tst_chart_painter.moc"
