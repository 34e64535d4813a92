// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/neighbour_map.h"
#include "stats/outlier_mixture.h"
#include "stats/principal_axes.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

using namespace fw;

namespace {

/// Clouds of 40 around corners of a cube in `width` dimensions.
std::pair<SampleMatrix, std::vector<int>> clouds(int kinds, std::size_t width, double apart, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    SampleMatrix samples{width, {}};
    std::vector<int> groups;
    for (int i = 0; i < 40 * kinds; ++i) {
        for (std::size_t k = 0; k < width; ++k)
            samples.values.push_back(normal(random) + (int(k) % kinds == i % kinds ? apart : 0.0));
        groups.push_back(i % kinds);
    }
    return {samples, groups};
}

SampleMatrix flat(const std::vector<std::array<double, 2>> &points)
{
    SampleMatrix out{2, {}};
    for (const auto &p : points)
        out.values.insert(out.values.end(), p.begin(), p.end());
    return out;
}

} // namespace

class TestSampleSpace : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void axesOfAnEllipse();
    void fewSamplesSpanFewAxes();
    void densityIsThatOfANormal();
    void fewSamplesShrinkMore();
    void strangersStayOutOfTheMixture();
    void mapKeepsGroupsTogether();
    void mapRepeatsAndStops();
    void silhouetteOfKnownPoints();
    void farthestPointsSpread();
};

void TestSampleSpace::axesOfAnEllipse()
{
    std::mt19937 random(1);
    std::normal_distribution<double> normal;
    SampleMatrix samples{2, {}};
    const double angle = 0.5;
    for (int i = 0; i < 20000; ++i) {
        const double a = 3.0 * normal(random), b = normal(random);
        samples.values.push_back(5.0 + a * std::cos(angle) - b * std::sin(angle));
        samples.values.push_back(-2.0 + a * std::sin(angle) + b * std::cos(angle));
    }
    const auto axes = principalAxes(samples, 2);
    QVERIFY(axes);
    QVERIFY(std::abs(axes->mean[0] - 5.0) < 0.1 && std::abs(axes->mean[1] + 2.0) < 0.1);
    QVERIFY(std::abs(axes->variances[0] - 9.0) < 0.3 && std::abs(axes->variances[1] - 1.0) < 0.05);
    QVERIFY(std::abs(axes->axes.row(0)[0] - std::cos(angle)) < 0.02);
    const auto at = axes->project(std::vector<double>{5.0 + std::cos(angle), -2.0 + std::sin(angle)});
    QVERIFY(std::abs(at[0] - 1.0) < 0.15 && std::abs(at[1]) < 0.15);
}

void TestSampleSpace::fewSamplesSpanFewAxes()
{
    QVERIFY(!principalAxes({}, 3));
    QCOMPARE(principalAxes({4, {1, 2, 3, 4, 2, 2, 3, 4, 1, 1, 3, 4}}, 3)->variances.size(), std::size_t(2));
}

void TestSampleSpace::densityIsThatOfANormal()
{
    const auto [samples, groups] = clouds(1, 3, 0.0, 2);
    std::mt19937 random(3);
    std::normal_distribution<double> normal;
    SampleMatrix many{2, {}};
    for (int i = 0; i < 50000; ++i) {
        const double a = normal(random);
        many.values.push_back(1.0 + 2.0 * a);
        many.values.push_back(0.8 * a + 0.6 * normal(random));
    }
    const auto gaussian = ShrunkGaussian::fit(many);
    QVERIFY(gaussian);
    QVERIFY(gaussian->shrinkage() < 0.01);
    // Covariance (4, 1.6; 1.6, 1): determinant 1.44.
    QVERIFY(std::abs(gaussian->logDensity(std::vector<double>{1.0, 0.0}) + std::log(2.0 * std::numbers::pi * 1.2)) < 0.02);
    const double squares = (4.0 * 1.0 - 2.0 * 1.6 * 2.0 * 1.0 + 1.0 * 4.0) / 1.44; // of (2, 1)
    QVERIFY(std::abs(gaussian->logDensity(std::vector<double>{3.0, 1.0}) - gaussian->logDensity(std::vector<double>{1.0, 0.0})
                     + 0.5 * squares) < 0.02);
    QVERIFY(!ShrunkGaussian::fit({2, {1, 1, 1, 1}}));
}

void TestSampleSpace::fewSamplesShrinkMore()
{
    const auto [samples, groups] = clouds(1, 15, 0.0, 4);
    const auto all = ShrunkGaussian::fit(samples);
    SampleMatrix stretched = samples;
    for (std::size_t i = 0; i < samples.rows(); ++i)
        stretched.row(i)[0] *= 10.0;
    const auto elongated = ShrunkGaussian::fit(stretched), overlapping = ShrunkGaussian::fit(stretched, 20.0);
    QVERIFY(all && elongated && overlapping);
    QVERIFY(all->shrinkage() > elongated->shrinkage()); // a sphere is a sphere
    QVERIFY(overlapping->shrinkage() > elongated->shrinkage());
    QVERIFY(std::isfinite(ShrunkGaussian::fit({15, {samples.values.begin(), samples.values.begin() + 45}})->logDensity(samples.row(5))));
}

void TestSampleSpace::strangersStayOutOfTheMixture()
{
    std::mt19937 random(4);
    std::normal_distribution<double> normal;
    SampleMatrix samples{3, {}};
    for (int i = 0; i < 400; ++i) { // one in ten from elsewhere
        for (int k = 0; k < 3; ++k)
            samples.values.push_back(i % 10 == 0 ? 9.0 + 0.3 * normal(random) : normal(random));
    }
    const auto mixture = OutlierMixture::fit(samples, {8.0});
    QVERIFY(mixture);
    QVERIFY2(std::abs(mixture->outliers() - 0.1) < 0.02, qPrintable(QString::number(mixture->outliers())));
    double near = 0.0, far = 1e9;
    for (std::size_t i = 0; i < samples.rows(); ++i) {
        const double squared = mixture->squaredDistance(samples.row(i));
        if (i % 10 == 0)
            far = std::min(far, squared);
        else
            near = std::max(near, squared);
    }
    QVERIFY(far > 5.0 * near);
    const std::vector<double> centre{0.0, 0.0, 0.0}, unit{1.0, 0.0, 0.0};
    QVERIFY(mixture->squaredDistance(centre) < 0.1 && std::abs(mixture->squaredDistance(unit) - 1.0) < 0.4);
    QVERIFY(!OutlierMixture::fit({3, {1, 2, 3}}));
    QVERIFY(!OutlierMixture::fit({1, std::vector<double>(10, 2.0)}));
}

void TestSampleSpace::mapKeepsGroupsTogether()
{
    const auto [samples, groups] = clouds(3, 12, 4.0, 5);
    const auto map = neighbourMap(samples);
    QVERIFY(map);
    const auto apart = silhouette(flat(*map), groups);
    QVERIFY2(*apart > 0.6, qPrintable(QString::number(*apart)));
    // Nothing to keep apart: groups mean nothing in one cloud.
    const auto [cloud, none] = clouds(3, 12, 0.0, 6);
    QVERIFY(*silhouette(flat(*neighbourMap(cloud)), none) < 0.1);
}

void TestSampleSpace::mapRepeatsAndStops()
{
    const auto [samples, groups] = clouds(2, 6, 3.0, 7);
    NeighbourMapOptions brief;
    brief.steps = 60;
    double told = -1.0;
    brief.progress = [&](double share) { told = std::max(told, share); };
    QCOMPARE(*neighbourMap(samples, brief), *neighbourMap(samples, brief));
    QVERIFY(told > 0.8);
    std::stop_source stopped;
    stopped.request_stop();
    QVERIFY(!neighbourMap(samples, brief, stopped.get_token()));
    QVERIFY(!neighbourMap({2, {1, 2, 3, 4}}, brief));
}

void TestSampleSpace::silhouetteOfKnownPoints()
{
    // 0 and 1 against 10 and 11: (9.5 - 1) / 9.5 twice near, (10.5 - 1) / 10.5 twice far.
    const SampleMatrix line{1, {0, 1, 10, 11}};
    QVERIFY(std::abs(*silhouette(line, {0, 0, 1, 1}) - 0.5 * (9.5 / 10.5 + 8.5 / 9.5)) < 1e-12);
    QVERIFY(!silhouette(line, {0, 0, 0, 0}));
    QVERIFY(*silhouette(line, {0, 1, 0, 1}) < 0.0);
}

void TestSampleSpace::farthestPointsSpread()
{
    SampleMatrix line{1, {}};
    for (int i = 0; i <= 100; ++i)
        line.values.push_back(i);
    std::vector<std::size_t> all(101);
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = i;
    QCOMPARE(farthestPoints(line, all, 3), (std::vector<std::size_t>{0, 100, 50}));
    QCOMPARE(farthestPoints(line, all, 200), all);
}

QTEST_GUILESS_MAIN(TestSampleSpace)
#include "tst_sample_space.moc"
