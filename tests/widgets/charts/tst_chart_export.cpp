// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_card.h"
#include "charts/chart_export.h"
#include "charts/charts_panel.h"
#include "widgets/charts/chart_clip.h"
#include "widgets/fake_provider.h"

#include <QFile>
#include <QImage>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace fw;
using namespace Qt::StringLiterals;
using namespace fw::test;

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class ChartExportTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s)); }

    void theTableHoldsEveryValueWithItsPlaceAndUnit()
    {
        Trace trace;
        trace.id = u"ear.left"_s;
        trace.title = u"Eye, \"left\""_s;
        trace.unit = u"1"_s;
        trace.track = TrackId(2);
        trace.frames = {0, 2, 9};
        trace.values = {0.25, std::numeric_limits<double>::quiet_NaN(), -1.5e-7};
        trace.lower = {0.2, std::numeric_limits<double>::quiet_NaN(), 0.0};
        trace.upper = {0.3, 1.0, 0.5};
        Ledger ledger;
        ledger.entries.resize(3);
        ledger.entries[2].pts = 1024;
        ChartExport chart;
        chart.group = {u"k"_s, u"t"_s, u"org.example.blink"_s, u"Blink 1.0.0"_s, {&trace}, {}};
        chart.seconds = {0.0, 0.04, 0.08};
        chart.ledger = &ledger;
        QCOMPARE(chartCsv(chart),
                 QByteArray("frame,seconds,pts,method,trace,title,track,value,lower,upper,unit\r\n"
                            "0,0.000000,0,org.example.blink,ear.left,\"Eye, \"\"left\"\"\",2,0.25,0.2,0.3,1\r\n"
                            "2,0.080000,1024,org.example.blink,ear.left,\"Eye, \"\"left\"\"\",2,,,1,1\r\n"
                            "9,,,org.example.blink,ear.left,\"Eye, \"\"left\"\"\",2,-1.5e-07,0,0.5,1\r\n"));
    }
    void whatIsSwitchedOffIsNotSaved()
    {
        QTemporaryDir folder;
        ClipModel model;
        ChartsPanel panel(model);
        model.setProvider(std::make_shared<FakeProvider>(), std::nullopt);
        model.setResult(resultWith(u"a"_s, {waveTrace(u"l"_s, 10, u"Eyes"_s), waveTrace(u"r"_s, 10, u"Eyes"_s)}));
        ChartCard *card = panel.cards().at(0);
        QTest::mouseClick(card->legendButton(0), Qt::LeftButton);
        QVERIFY(card->saveTo(folder.filePath(u"a.csv"_s)));
        const QList<QByteArray> lines = contentOf(folder.filePath(u"a.csv"_s)).split('\n');
        QCOMPARE(lines.size(), 12); // header, ten values, the end
        QVERIFY(lines[1].contains(",r,"));
        QVERIFY(card->saveTo(folder.filePath(u"a.svg"_s)));
        const QByteArray svg = contentOf(folder.filePath(u"a.svg"_s));
        QVERIFY(svg.contains("<svg") && svg.contains("Wave r") && !svg.contains("Wave l"));
        QVERIFY(card->saveTo(folder.filePath(u"a.PNG"_s)));
        const QImage image(folder.filePath(u"a.PNG"_s));
        QCOMPARE(image.size(), QSize(2400, 840));
        QCOMPARE(image.pixelColor(2, 2), QColor(Qt::white)); // always light, whatever the window is
    }
    void problemsAreSaid()
    {
        ChartExport chart;
        const auto wrong = exportChart(chart, u"chart.xyz"_s);
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().code, Errc::Unsupported);
        const auto nowhere = exportChart(chart, u"/no such folder/chart.csv"_s);
        QVERIFY(!nowhere);
        QCOMPARE(nowhere.error().code, Errc::Unwritable);
    }
};

QTEST_MAIN(ChartExportTest)
#include "tst_chart_export.moc"
