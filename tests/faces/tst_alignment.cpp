// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/alignment.h"
#include "faces/head_model.h"

#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;
using namespace fw;

class TestAlignment : public QObject
{
    Q_OBJECT

    static Landmarks68 frontalHead(double scale = 2.0)
    {
        Landmarks68 points;
        for (std::size_t i = 0; i < 68; ++i)
            points[i] = {float(300 + scale * neutralHead()[i].x),
                         float(200 + scale * neutralHead()[i].y)};
        return points;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }

    void theNeutralHeadHasTheAspectRatioOfThePublishedMesh()
    {
        for (Eye eye : {Eye::ImageLeft, Eye::ImageRight}) {
            const auto ear = eyeAspectRatio(frontalHead(), eye);
            QVERIFY(ear);
            QVERIFY2(std::abs(*ear - 0.316) <= 0.002, qPrintable(QString::number(*ear)));
        }
    }

    void aClosedEyeHasRatioZero()
    {
        Landmarks68 points = frontalHead();
        points[41] = points[37];
        points[40] = points[38];
        QCOMPARE(eyeAspectRatio(points, Eye::ImageLeft).value(), 0.0);
        QVERIFY(eyeAspectRatio(points, Eye::ImageRight).value() > 0.3);
    }

    void aMissingEyeHasNoRatio()
    {
        Landmarks68 points = frontalHead();
        points[44].y = std::numeric_limits<float>::quiet_NaN();
        QVERIFY(!eyeAspectRatio(points, Eye::ImageRight));
        QVERIFY(eyeAspectRatio(points, Eye::ImageLeft));
        points.fill({1, 1});
        QVERIFY(!eyeAspectRatio(points, Eye::ImageLeft));
    }

    void theYardsticksAreInPixels()
    {
        QVERIFY(std::abs(eyeCornerDistance(frontalHead(2.0)) - 178.4) < 1e-3);
        QVERIFY(std::abs(eyeWidth(frontalHead(2.0), Eye::ImageLeft) - 2.0 * std::hypot(26.2, 1.8)) <
                1e-3);
    }

    void aSimilarityIsRecovered()
    {
        const Similarity truth{1.3 * std::cos(0.4), 1.3 * std::sin(0.4), {12.5, -7.0}, 0.0};
        std::vector<cv::Point2d> from, to;
        for (const cv::Point3d &p : neutralHead()) {
            from.push_back({p.x, p.y});
            to.push_back(truth.map(from.back()));
        }
        const auto fit = fitSimilarity(from, to);
        QVERIFY(fit);
        QVERIFY(std::abs(fit->scale() - 1.3) < 1e-12);
        QVERIFY(std::abs(fit->rotationRadians() - 0.4) < 1e-12);
        QVERIFY(std::abs(fit->shift.x - 12.5) < 1e-9 && std::abs(fit->shift.y + 7.0) < 1e-9);
        QVERIFY(fit->rms < 1e-9);
        const cv::Point2d back = fit->inverse().map(fit->map({3.0, 4.0}));
        QVERIFY(std::abs(back.x - 3.0) < 1e-9 && std::abs(back.y - 4.0) < 1e-9);
        const cv::Vec3d column(3.0, 4.0, 1.0);
        const cv::Vec2d mapped = fit->matrix() * column;
        QVERIFY(std::abs(mapped[0] - fit->map({3.0, 4.0}).x) < 1e-12);
    }

    void aMirrorImageIsNotTakenForARotation()
    {
        std::vector<cv::Point2d> from, to;
        for (const cv::Point3d &p : neutralHead()) {
            from.push_back({p.x, p.y});
            to.push_back({-p.x, p.y});
        }
        // The best similarity without reflection keeps what is common to both and leaves a rest.
        const auto fit = fitSimilarity(from, to);
        QVERIFY(fit);
        QVERIFY(fit->rms > 20.0);
    }

    void tooFewOrDegeneratePairsGiveNothing()
    {
        const std::vector<cv::Point2d> one{{1, 1}}, two{{1, 1}, {2, 2}}, same{{1, 1}, {1, 1}};
        QVERIFY(!fitSimilarity(one, one));
        QVERIFY(!fitSimilarity(two, one));
        QVERIFY(!fitSimilarity(same, two));
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const std::vector<cv::Point2d> broken{{1, nan}, {2, 2}};
        QVERIFY(!fitSimilarity(broken, two));
        QVERIFY(fitSimilarity(two, two));
    }
};

QTEST_APPLESS_MAIN(TestAlignment)
#include "tst_alignment.moc"
