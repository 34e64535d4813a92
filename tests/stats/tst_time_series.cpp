// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/numbers.h"
#include "stats/distributions.h"
#include "stats/permutation.h"
#include "stats/quantile.h"
#include "stats/time_series.h"

#include <QTest>

#include <cmath>
#include <numeric>
#include <random>

using namespace fw;

namespace {

std::vector<double> whiteNoise(std::size_t n, double sigma, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal(0.0, sigma);
    std::vector<double> values(n);
    for (double &v : values)
        v = normal(random);
    return values;
}

/// First-order autoregressive noise of variance 1.
std::vector<double> slowNoise(std::size_t n, double tauFrames, std::mt19937_64 &random)
{
    const double rho = std::exp(-1.0 / tauFrames);
    std::normal_distribution<double> normal;
    std::vector<double> values(n);
    double v = normal(random);
    for (double &out : values) {
        out = v;
        v = rho * v + std::sqrt(1.0 - rho * rho) * normal(random);
    }
    return values;
}

double deviation(const std::vector<double> &v)
{
    const double mean = std::accumulate(v.begin(), v.end(), 0.0) / double(v.size());
    double sum = 0.0;
    for (const double x : v)
        sum += (x - mean) * (x - mean);
    return std::sqrt(sum / double(v.size()));
}

} // namespace

class TestTimeSeries : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void filterKeepsCubicsAndMeasuresNoise();
    void gapsAreLeftOut();
    void correlationsOfSlowSeriesSpread_data();
    void correlationsOfSlowSeriesSpread();
    void partialCorrelationTakesTheControlAway();
    void shiftsTellCoupledFromAlike();
    void shiftChancesAreUniformForStrangers();
    void bootstrapCoversTheMean();
    void holmIsTheTextbooks();
    void slopeIgnoresOutliers();
    void studentIsTheTable();
};

void TestTimeSeries::filterKeepsCubicsAndMeasuresNoise()
{
    const auto weights = savitzkyGolayWeights(7, 3); // published: (-2 3 6 7 6 3 -2) / 21
    const double table[] = {-2, 3, 6, 7, 6, 3, -2};
    for (std::size_t i = 0; i < 7; ++i)
        QVERIFY(std::abs(weights[i] - table[i] / 21.0) < 1e-9);
    QCOMPARE(noiseWindow(30.0), 11);
    QCOMPARE(noiseWindow(12.0), 7);
    QCOMPARE(noiseWindow(60.0) % 2, 1);
    auto values = whiteNoise(4000, 0.5, 3);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] += 4.0 * std::sin(0.04 * double(i)) + 1e-9 * double(i * i);
    QVERIFY(std::abs(*noiseSigma(values, 11) - 0.5) < 0.03);
}

void TestTimeSeries::gapsAreLeftOut()
{
    auto values = whiteNoise(400, 1.0, 4);
    for (std::size_t i = 100; i < 110; ++i)
        values[i] = kMissing;
    const auto samples = noiseSamples(values, 11);
    QVERIFY(std::isnan(samples[0]) && std::isnan(samples[96]) && std::isnan(samples[112]));
    QVERIFY(!std::isnan(samples[94]) && !std::isnan(samples[115]));
    QVERIFY(!noiseSigma(std::vector<double>(9, 1.0), 11));
}

void TestTimeSeries::correlationsOfSlowSeriesSpread_data()
{
    QTest::addColumn<double>("tau");
    QTest::addColumn<double>("spread");
    QTest::newRow("0.1 s") << 0.1 << 0.10;
    QTest::newRow("0.3 s") << 0.3 << 0.16;
    QTest::newRow("0.6 s") << 0.6 << 0.23;
    QTest::newRow("1.0 s") << 1.0 << 0.28;
}

/// Two strangers, 10 s at 30 frames/s: the spread of their correlation is that of the specification,
/// and Bartlett's sample size foretells it.
void TestTimeSeries::correlationsOfSlowSeriesSpread()
{
    QFETCH(double, tau);
    QFETCH(double, spread);
    std::mt19937_64 random(17);
    std::vector<double> r, foretold;
    for (int i = 0; i < 1500; ++i) {
        const auto x = slowNoise(300, 30.0 * tau, random), y = slowNoise(300, 30.0 * tau, random);
        r.push_back(*correlation(x, y));
        foretold.push_back(1.0 / std::sqrt(effectiveSampleSize(x, y, 60)));
    }
    QVERIFY2(std::abs(deviation(r) - spread) <= 0.02, qPrintable(QString::number(deviation(r))));
    const double typical = *median(foretold);
    QVERIFY2(std::abs(typical - spread) <= 0.04, qPrintable(QString::number(typical)));
}

void TestTimeSeries::partialCorrelationTakesTheControlAway()
{
    const auto common = whiteNoise(500, 1.0, 5), a = whiteNoise(500, 0.3, 6), b = whiteNoise(500, 0.3, 7);
    std::vector<double> x, y;
    for (std::size_t i = 0; i < common.size(); ++i) {
        x.push_back(common[i] + a[i]);
        y.push_back(2.0 * common[i] + b[i]);
    }
    QVERIFY(*correlation(x, y) > 0.9);
    QVERIFY(std::abs(*partialCorrelation(x, y, {common})) < 0.15);
    QVERIFY(!partialCorrelation({1, 2, 3}, {1, 2, 3}, {}));
    QVERIFY(!correlation(std::vector<double>(20, 1.0), x));
    for (const double left : withoutLinear(y, y))
        QVERIFY(std::abs(left) < 1e-9);
}

void TestTimeSeries::shiftsTellCoupledFromAlike()
{
    std::mt19937_64 random(8);
    const auto x = slowNoise(600, 9.0, random), y = slowNoise(600, 9.0, random);
    std::vector<double> coupled;
    for (std::size_t i = 0; i < x.size(); ++i)
        coupled.push_back(0.8 * x[i] + 0.6 * y[i]);
    QVERIFY(*circularShiftPValue(x, coupled, 60, 999, 1) <= 0.002);
    QVERIFY(*circularShiftPValue(x, y, 60, 999, 1) > 0.01);
    QCOMPARE(*circularShiftPValue(x, y, 60, 99, 5), *circularShiftPValue(x, y, 60, 99, 5));
    QVERIFY(!circularShiftPValue(x, y, 250, 99, 5));
}

void TestTimeSeries::shiftChancesAreUniformForStrangers()
{
    std::mt19937_64 random(9);
    std::vector<double> chances;
    for (int i = 0; i < 200; ++i) {
        const auto x = slowNoise(300, 6.0, random), y = slowNoise(300, 6.0, random);
        chances.push_back(*circularShiftPValue(x, y, 60, 99, std::uint64_t(i)));
    }
    QVERIFY(uniformKsPValue(chances) > 0.01);
}

void TestTimeSeries::bootstrapCoversTheMean()
{
    std::mt19937_64 random(10);
    int covered = 0;
    for (int i = 0; i < 100; ++i) {
        const auto x = slowNoise(900, 6.0, random);
        const auto means = blockBootstrap(x.size(), 30, 200, std::uint64_t(i), [&](const std::vector<std::size_t> &at) {
            double sum = 0.0;
            for (const std::size_t k : at)
                sum += x[k];
            return std::optional(sum / double(at.size()));
        });
        QCOMPARE(means.size(), std::size_t(200));
        covered += *quantile(means, 0.025) < 0.0 && *quantile(means, 0.975) > 0.0 ? 1 : 0;
    }
    QVERIFY2(covered >= 84 && covered <= 99, qPrintable(QString::number(covered)));
}

void TestTimeSeries::holmIsTheTextbooks()
{
    const auto adjusted = holmAdjusted({0.01, 0.04, 0.03, 0.005});
    const double expected[] = {0.03, 0.06, 0.06, 0.02};
    for (std::size_t i = 0; i < 4; ++i)
        QVERIFY(std::abs(adjusted[i] - expected[i]) < 1e-12);
    QCOMPARE(holmAdjusted({0.7, 0.9})[1], 1.0);
    QVERIFY(holmAdjusted({}).empty());
}

void TestTimeSeries::slopeIgnoresOutliers()
{
    std::vector<double> x, y;
    for (int i = 0; i < 60; ++i) {
        x.push_back(i);
        y.push_back(i % 7 == 0 ? 500.0 : 0.25 * i + 3.0);
    }
    QVERIFY(std::abs(*theilSenSlope(x, y) - 0.25) < 0.02);
    QVERIFY(!theilSenSlope({1, 2}, {1, 2}));
}

void TestTimeSeries::studentIsTheTable()
{
    QVERIFY(std::abs(studentTail(2.015, 5) - 0.05) < 1e-4);
    QVERIFY(std::abs(studentTail(2.764, 10) - 0.01) < 1e-4);
    QVERIFY(std::abs(studentTail(-2.764, 10) - 0.99) < 1e-4);
    QVERIFY(std::abs(studentTail(1.6449, 1e6) - 0.05) < 1e-4);
    QCOMPARE(studentTail(0.0, 3), 0.5);
}

QTEST_GUILESS_MAIN(TestTimeSeries)
#include "tst_time_series.moc"
