// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/residual.h"
#include "plugin_bench.h"
#include "residual_detector.h"
#include "residual_report.h"
#include "textures.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

Result<AnalysisResult> examine(const BenchClip &clip)
{
    ResidualDetector detector;
    return runDetector(detector, clip);
}

/// A texture into which a part of another one was pasted after it was blurred.
cv::Mat withPaste(cv::Rect place)
{
    cv::Mat picture = texturedPicture({640, 512}, 3), other;
    cv::GaussianBlur(texturedPicture({640, 512}, 4), other, {}, 1.5);
    other(place).copyTo(picture(place));
    return picture;
}

} // namespace

class TestResidualStatistics : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }

    void aPlaceOfOtherTextureStandsOut()
    {
        const cv::Rect paste(320, 192, 192, 176);
        const auto result = examine(stillOf(withPaste(paste)));
        QVERIFY2(result, qPrintable(result ? QString() : result.error().text()));
        const Finding &finding = result->findings.front();
        QCOMPARE(finding.verdict, Verdict::Inconclusive); // never more
        QVERIFY2(finding.region, qPrintable(u"%1 %2"_s.arg(finding.summary).arg(finding.score ? finding.score->value : 0.0)));
        const cv::Rect found(*finding.region);
        // The map is as fine as its windows of 64 px.
        QVERIFY2((found & paste).area() > 0.6 * paste.area() && found.area() < 2 * paste.area(),
                 qPrintable(u"%1 %2 %3 %4"_s.arg(found.x).arg(found.y).arg(found.width).arg(found.height)));
        QVERIFY(!finding.supports.isEmpty() && !finding.against.isEmpty() && finding.score);
        const HeatMap &map = result->measured.heatMaps.front();
        QCOMPARE(map.id, u"distance.frame-0"_s);
        const auto valueAt = [&](cv::Point2f p) {
            return map.values.at<float>(int((p.y - map.region.y) / map.region.height * float(map.values.rows)),
                                        int((p.x - map.region.x) / map.region.width * float(map.values.cols)));
        };
        QVERIFY(valueAt({416, 280}) > 5.0f * valueAt({120, 120}));
    }

    void oneTextureHasNoPlace()
    {
        for (int seed = 5; seed < 8; ++seed) {
            const auto result = examine(stillOf(texturedPicture({640, 512}, seed)));
            QVERIFY(result);
            QVERIFY2(!result->findings.front().region, qPrintable(result->findings.front().summary));
        }
    }

    void theResidualIsShownInFiveSteps()
    {
        const auto result = examine(stillOf(texturedPicture({400, 300}, 9)));
        QVERIFY(result);
        QCOMPARE(result->measured.heatMaps.size(), std::size_t(2));
        const HeatMap &residual = result->measured.heatMaps.back();
        QCOMPARE(residual.values.size(), cv::Size(400, 300));
        std::set<float> values(residual.values.begin<float>(), residual.values.end<float>());
        QCOMPARE(values, (std::set<float>{-2.0f, -1.0f, 0.0f, 1.0f, 2.0f}));
    }

    void whatIsClippedOrFlatIsLeftOut()
    {
        cv::Mat picture = texturedPicture({640, 512}, 10);
        picture(cv::Rect(0, 0, 640, 160)).setTo(cv::Scalar::all(255));
        picture(cv::Rect(0, 160, 640, 160)).setTo(cv::Scalar::all(90));
        const auto half = residualMap(lumaOf(picture), {});
        QVERIFY(half);
        QVERIFY(std::isnan(half->relative.at<float>(3, 20)) && std::isnan(half->relative.at<float>(24, 20)));
        QVERIFY(!std::isnan(half->relative.at<float>(half->relative.rows - 1, 20)));
        picture.setTo(cv::Scalar::all(255));
        texturedPicture({640, 96}, 10).copyTo(picture(cv::Rect(0, 0, 640, 96)));
        const auto little = examine(stillOf(picture));
        QVERIFY(little);
        QVERIFY2(little->findings.front().summary.contains(u"nothing can be compared"_s), qPrintable(little->findings.front().summary));
        const auto none = examine(stillOf(cv::Mat(300, 300, CV_8UC3, cv::Scalar::all(120))));
        QVERIFY(none);
        QVERIFY(!none->findings.front().region && !none->findings.front().score);
    }

    void theSameEveryTime()
    {
        const cv::Mat luma = lumaOf(withPaste({100, 100, 160, 160}));
        const auto once = residualMap(luma, {}), again = residualMap(luma, {});
        QVERIFY(once && again);
        QCOMPARE(cv::norm(once->relative, again->relative, cv::NORM_INF), 0.0);
        QVERIFY(once->outliers > 0.0 && once->axes >= 5);
    }

    void largePicturesGetLargeCells()
    {
        ResidualMapSettings settings;
        settings.mostCells = 1500;
        const auto map = residualMap(lumaOf(texturedPicture({640, 512}, 11)), {}, settings);
        QVERIFY(map);
        QCOMPARE(map->cell, 16);
        QCOMPARE(map->relative.size(), cv::Size(37, 29));
    }

    void smallPicturesAndVideoAreNotApplicable()
    {
        QCOMPARE(examine(stillOf(texturedPicture({200, 400}, 1))).error().code, Errc::NotApplicable);
        BenchClip clip = stillOf(texturedPicture({256, 256}, 1));
        clip.facts.media.still = false;
        QCOMPARE(examine(clip).error().code, Errc::NotApplicable);
        ResidualDetector nothing;
        QVERIFY(nothing.begin(stillOf({}).facts, {}));
        QCOMPARE(nothing.finish({}).error().code, Errc::NotApplicable);
    }

    void aStoppedJobEndsAsCancelled()
    {
        ResidualDetector detector;
        QCOMPARE(runDetector(detector, stillOf(texturedPicture({300, 300}, 1)), stoppedJob()).error().code, Errc::Cancelled);
        QCOMPARE(residualMap(lumaOf(texturedPicture({300, 300}, 1)), stoppedJob().stop).error().code, Errc::Cancelled);
    }

    void manifestIsValid()
    {
        const auto manifest = manifestOf(u"detect/residual_statistics"_s);
        QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().text()));
        QCOMPARE(manifest->id, u"org.framewitness.residual_statistics"_s);
        QVERIFY(manifest->onStills && !manifest->onVideo);
    }
};

QTEST_GUILESS_MAIN(TestResidualStatistics)
#include "tst_residual_statistics.moc"
