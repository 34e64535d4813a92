// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/color_map.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <cmath>
#include <limits>

using namespace fw;
using namespace Qt::StringLiterals;

namespace {

/// Relative luminance after WCAG 2.
double luminance(const QColor &color)
{
    const auto linear = [](double c) {
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF())
        + 0.0722 * linear(color.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

} // namespace

class ColorMapTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }

    void everyMapGetsLighterFromEndToEnd_data()
    {
        QTest::addColumn<QString>("map");
        for (const QString &name : colorMapNames())
            QTest::newRow(qPrintable(name)) << name;
    }
    void everyMapGetsLighterFromEndToEnd()
    {
        QFETCH(QString, map);
        double before = -1.0;
        for (int i = 0; i <= 64; ++i) {
            const double now = luminance(colorAt(map, i / 64.0));
            QVERIFY2(now > before, qPrintable(u"%1 at %2"_s.arg(map).arg(i)));
            before = now;
        }
    }
    void viridisHasItsPublishedEnds()
    {
        QCOMPARE(colorAt(u"viridis"_s, 0.0), QColor(68, 1, 84));
        QCOMPARE(colorAt(u"viridis"_s, 1.0), QColor(253, 231, 37));
        QCOMPARE(colorAt(u"viridis"_s, -3.0), colorAt(u"viridis"_s, 0.0));
        QCOMPARE(colorAt(u"viridis"_s, 9.0), colorAt(u"viridis"_s, 1.0));
        QCOMPARE(colorAt(u"no such map"_s, 0.4), colorAt(u"viridis"_s, 0.4));
    }
    void missingValuesAreTransparent()
    {
        cv::Mat values(2, 2, CV_32FC1);
        values.at<float>(0, 0) = 10.0f;
        values.at<float>(0, 1) = 20.0f;
        values.at<float>(1, 0) = std::numeric_limits<float>::quiet_NaN();
        values.at<float>(1, 1) = 1000.0f;
        const QImage image = colorize(values, 10.0, 20.0, u"grey"_s);
        QCOMPARE(image.size(), QSize(2, 2));
        QCOMPARE(image.pixel(0, 0), qRgba(0, 0, 0, 255));
        QCOMPARE(image.pixel(1, 0), qRgba(255, 255, 255, 255));
        QCOMPARE(qAlpha(image.pixel(0, 1)), 0);
        QCOMPARE(image.pixel(1, 1), qRgba(255, 255, 255, 255));
    }
    void oddInputGivesNoPicture()
    {
        QVERIFY(colorize(cv::Mat(), 0, 1, u"viridis"_s).isNull());
        QVERIFY(colorize(cv::Mat(2, 2, CV_8UC3), 0, 1, u"viridis"_s).isNull());
        QVERIFY(toQImage(cv::Mat(2, 2, CV_32FC1)).isNull());
        // An empty range must not divide by zero.
        const QImage flat = colorize(cv::Mat::ones(1, 1, CV_32FC1), 1.0, 1.0, u"grey"_s);
        QCOMPARE(qAlpha(flat.pixel(0, 0)), 255);
    }
    void verdictsAreReadableInBothThemesAndApart()
    {
        for (bool dark : {false, true}) {
            const QColor back = dark ? QColor(0x20, 0x20, 0x20) : QColor(Qt::white);
            QSet<QRgb> seen;
            for (Verdict v : {Verdict::Suspicious, Verdict::Consistent, Verdict::Inconclusive,
                              Verdict::NotApplicable}) {
                const QColor color = verdictColor(v, dark);
                QVERIFY(contrast(color, back) >= 4.5);
                seen.insert(color.rgb());
            }
            QCOMPARE(seen.size(), 4);
        }
    }
    void seriesColoursStandOutOnPaperAndInTheDark()
    {
        QSet<QRgb> seen;
        for (int i = 0; i < 10; ++i) {
            QVERIFY2(contrast(seriesColor(i), Qt::white) >= 3.0, qPrintable(QString::number(i)));
            QVERIFY2(contrast(seriesColor(i), QColor(0x20, 0x20, 0x20)) >= 3.0,
                     qPrintable(QString::number(i)));
            seen.insert(seriesColor(i).rgb());
        }
        QCOMPARE(seen.size(), 10);
        QCOMPARE(seriesColor(13), seriesColor(3));
        QCOMPARE(seriesColor(-1), seriesColor(9));
    }
    void picturesKeepTheirColoursAndShareNoMemory()
    {
        cv::Mat bgr(3, 5, CV_8UC3, cv::Scalar(10, 20, 30));
        const QImage image = toQImage(bgr);
        bgr.setTo(cv::Scalar(0, 0, 0));
        QCOMPARE(image.size(), QSize(5, 3));
        QCOMPARE(image.pixel(4, 2), qRgb(30, 20, 10));
    }
};

QTEST_GUILESS_MAIN(ColorMapTest)
#include "tst_color_map.moc"
