// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/spectrum/spectrum_panel.h"
#include "panels/spectrum/spectrum_view.h"
#include "sample_clip.h"

#include <QComboBox>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

HeatMap spectrumOf(const QString &id)
{
    HeatMap map;
    map.id = id;
    map.title = id;
    map.about = u"about"_s;
    map.values = cv::Mat(256, 256, CV_32FC1, cv::Scalar(1));
    map.values.at<float>(128, 128 + 64) = 7.0f; // 0.25 cycles per px along x
    map.high = 8.0;
    return map;
}

} // namespace

class TestSpectrum : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s)); }

    void showsTheSpectraOfAllMethods()
    {
        ClipModel clip;
        SpectrumPanel panel(clip);
        panel.resize(800, 300);
        panel.show();
        test::fill(clip);
        QTRY_COMPARE(panel.choice().count(), 0);
        MethodResult result = clip.results().front();
        result.result.measured.heatMaps = {spectrumOf(u"spectrum.one"_s), spectrumOf(u"other"_s), spectrumOf(u"spectrum.two"_s)};
        Table radial;
        radial.id = u"spectrum.radial"_s;
        for (int i = 1; i < 50; ++i)
            radial.rows.push_back(QJsonArray{i / 100.0, -i / 10.0, -i / 9.0});
        result.result.measured.tables = {radial};
        clip.setResult(result);
        QTRY_COMPARE(panel.choice().count(), 2);
        QCOMPARE(panel.radial().points(), 49);
        panel.choice().setCurrentIndex(1);
        clip.setResult(result);
        QTest::qWait(150);
        QCOMPARE(panel.choice().currentText(), u"spectrum.two"_s); // a new result keeps what was chosen
        clip.setProvider(nullptr, {});
        QTRY_VERIFY(!panel.view().isVisible());
    }

    void theMouseReadsThePeriod()
    {
        SpectrumView view;
        view.resize(264, 264); // one px a value
        view.setMap(spectrumOf(u"spectrum.one"_s));
        const QRectF rect = view.pictureRect();
        QCOMPARE(rect.width(), 256.0);
        const QPoint peak(int(rect.left()) + 128 + 64, int(rect.top()) + 128);
        QVERIFY2(view.textAt(peak).contains(u"Period 4.00 px (along x 4.00 px, along y none)"_s), qPrintable(view.textAt(peak)));
        QVERIFY(view.textAt(peak).contains(u"value 7.00"_s));
        QVERIFY(view.textAt({0, 0}).isEmpty());
        QSignalSpy spy(&view, &SpectrumView::frequencyChanged);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QTest::mouseMove(&view, peak);
        QTRY_VERIFY(!spy.isEmpty());
        QCOMPARE(spy.last().first().toDouble(), 0.25);
    }

    void emptyViewsAreDrawnWithoutFuss()
    {
        SpectrumView view;
        QVERIFY(view.isEmpty() && view.textAt({50, 50}).isEmpty());
        QVERIFY(!view.grab().isNull());
        RadialView radial;
        radial.setTable(nullptr);
        QVERIFY(!radial.grab().isNull());
    }
};

QTEST_MAIN(TestSpectrum)
#include "tst_panel_spectrum.moc"
