// SPDX-License-Identifier: GPL-3.0-or-later
#include "copy_move_detector.h"
#include "dense_maps.h"
#include "keypoint_maps.h"
#include "plugin_bench.h"
#include "textures.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

const cv::Size kSize(400, 300);
const cv::Point2f kFrom(110, 110), kTo(290, 180);

/// A disc of 40 px radius around kFrom, turned and scaled, put around kTo.
cv::Mat withCopy(const cv::Mat &picture, double degrees, double scale)
{
    cv::Mat turn = cv::getRotationMatrix2D(kFrom, degrees, scale), moved, mask(picture.size(), CV_8UC1, cv::Scalar(0));
    turn.at<double>(0, 2) += kTo.x - kFrom.x;
    turn.at<double>(1, 2) += kTo.y - kFrom.y;
    cv::warpAffine(picture, moved, turn, picture.size(), cv::INTER_CUBIC);
    cv::circle(mask, kTo, int(40 * scale), cv::Scalar(255), cv::FILLED);
    cv::Mat forged = picture.clone();
    moved.copyTo(forged, mask);
    return forged;
}

Result<AnalysisResult> examine(const cv::Mat &picture)
{
    CopyMoveDetector detector;
    return runDetector(detector, stillOf(picture));
}

} // namespace

class TestCopyMove : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }

    void fitsAnAffineMap()
    {
        const std::vector<cv::Point2f> from{{0, 0}, {30, 2}, {5, 40}, {33, 37}};
        std::vector<cv::Point2f> to;
        for (const cv::Point2f p : from)
            to.emplace_back(1.1F * p.x - 0.2F * p.y + 7.0F, 0.3F * p.x + 0.9F * p.y - 4.0F);
        const auto map = affineBetween(from, to);
        QVERIFY(map);
        QVERIFY(cv::norm(*map - cv::Matx23d(1.1, -0.2, 7.0, 0.3, 0.9, -4.0)) < 1e-4);
        QVERIFY(!affineBetween({{0, 0}, {10, 10}, {20, 20}}, {{0, 0}, {1, 1}, {2, 2}}));
    }

    void aCopyIsFound_data()
    {
        QTest::addColumn<double>("degrees");
        QTest::addColumn<double>("scale");
        QTest::addColumn<int>("quality");
        QTest::newRow("moved") << 0.0 << 1.0 << 0;
        QTest::newRow("moved, saved at 85") << 0.0 << 1.0 << 85;
        QTest::newRow("turned by 30, scaled by 1.2") << 30.0 << 1.2 << 0;
    }
    void aCopyIsFound()
    {
        QFETCH(double, degrees);
        QFETCH(double, scale);
        QFETCH(int, quality);
        cv::Mat forged = withCopy(texturedPicture(kSize, 3), degrees, scale);
        if (quality > 0)
            forged = savedAt(forged, quality);
        const auto regions = copiedRegions(forged, 1, {});
        QVERIFY(regions);
        QVERIFY(!regions->empty());
        const CopiedRegion &first = regions->front();
        QVERIFY2(isSamePicture(first, {}), qPrintable(u"%1 %2"_s.arg(first.difference).arg(first.correlation)));
        const bool forth = first.box.contains(cv::Point(kFrom));
        QVERIFY(forth || first.twinBox.contains(cv::Point(kFrom)));
        QVERIFY((forth ? first.twinBox : first.box).contains(cv::Point(kTo)));
        QVERIFY2(std::abs((forth ? first.scale : 1.0 / first.scale) - scale) < 0.03, qPrintable(QString::number(first.scale)));
        QVERIFY2(std::abs(std::abs(first.rotationDegrees) - degrees) < 2.0, qPrintable(QString::number(first.rotationDegrees)));
        const auto result = examine(forged);
        QVERIFY(result);
        QCOMPARE(result->findings.front().verdict, Verdict::Inconclusive);
        QVERIFY(result->findings.front().summary.contains(u"stand in it a second time, the largest"_s));
        QVERIFY(!result->findings.front().against.isEmpty());
        QCOMPARE(int(result->measured.heatMaps.size()), 1);
    }

    void thereIsNothingInAPlainPicture()
    {
        for (const int seed : {5, 6}) {
            const auto result = examine(texturedPicture(kSize, seed));
            QVERIFY(result);
            QCOMPARE(result->findings.front().verdict, Verdict::Consistent);
        }
        const auto flat = examine(cv::Mat(kSize, CV_8UC3, cv::Scalar(90, 100, 110)));
        QVERIFY(flat);
        QCOMPARE(flat->findings.front().verdict, Verdict::Consistent);
    }

    void likeStructuresAreNotCalledCopies()
    {
        // Windows of a house: the same shape again and again, each with a picture of its own behind it.
        cv::Mat picture = texturedPicture(kSize, 8) * 0.5 + cv::Scalar(60, 60, 60);
        for (int i = 0; i < 8; ++i) {
            const cv::Rect window(30 + 90 * (i % 4), 60 + 120 * (i / 4), 50, 70);
            cv::rectangle(picture, window, cv::Scalar(20, 20, 20), 4);
            cv::line(picture, window.tl() + cv::Point(25, 0), window.br() - cv::Point(25, 0), cv::Scalar(20, 20, 20), 4);
        }
        const auto result = examine(picture);
        QVERIFY(result);
        QVERIFY2(!result->findings.front().summary.contains(u"stand in it a second time, the largest"_s), qPrintable(result->findings.front().supports.join(u' ')));
    }

    void theSameSeedGivesTheSameField()
    {
        cv::Mat grey;
        cv::cvtColor(texturedPicture({160, 120}, 4), grey, cv::COLOR_BGR2GRAY);
        grey.convertTo(grey, CV_32F);
        const cv::Mat features = rotationFreeFeatures(grey);
        const auto one = nearestPlaces(features, 24, 7, {}), two = nearestPlaces(features, 24, 7, {});
        QVERIFY(one && two);
        QCOMPARE(cv::norm(one->offsets, two->offsets), 0.0);
    }

    void theFeaturesDoNotTurn()
    {
        cv::Mat grey, turned;
        cv::cvtColor(texturedPicture({121, 121}, 4), grey, cv::COLOR_BGR2GRAY);
        grey.convertTo(grey, CV_32F);
        cv::rotate(grey, turned, cv::ROTATE_90_CLOCKWISE);
        const auto a = rotationFreeFeatures(grey).at<cv::Vec<float, 12>>(60, 60);
        const auto b = rotationFreeFeatures(turned).at<cv::Vec<float, 12>>(60, 60);
        QVERIFY2(cv::norm(a - b) < 1e-3 * cv::norm(a), qPrintable(QString::number(cv::norm(a - b))));
    }

    void smallPicturesAndVideoAreNotApplicable()
    {
        QCOMPARE(examine(texturedPicture({60, 100}, 1)).error().code, Errc::NotApplicable);
        BenchClip clip = stillOf(texturedPicture(kSize, 1));
        clip.facts.media.still = false;
        CopyMoveDetector detector;
        QCOMPARE(runDetector(detector, clip).error().code, Errc::NotApplicable);
    }

    void stopsWhenAsked()
    {
        CopyMoveDetector detector;
        const auto result = runDetector(detector, stillOf(texturedPicture(kSize, 1)), stoppedJob());
        QVERIFY(!result);
        QCOMPARE(result.error().code, Errc::Cancelled);
    }

    void theManifestIsValid()
    {
        const auto manifest = manifestOf(u"detect/copy_move"_s);
        QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().text()));
        QCOMPARE(manifest->id, u"org.framewitness.copy_move"_s);
        QVERIFY(manifest->onStills && !manifest->onVideo);
    }
};

QTEST_GUILESS_MAIN(TestCopyMove)
#include "tst_copy_move.moc"
