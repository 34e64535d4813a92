// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/distributions.h"
#include "stats/quantile.h"
#include "stats/ranking.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace fw;

class TestStats : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void quantilesInterpolateAndSkipMissingValues();
    void robustSigmaIgnoresOutliers();
    void zeroBlinkTable_data();
    void zeroBlinkTable();
    void mixedCountEqualsQuadrature();
    void mixedCountTendsToPoisson();
    void imperfectCountersAreAccountedFor();
    void equalRatesIsTheBinomial();
    void binomialTailIsExact();
    void areaCountsTiesHalf();
    void curveEndsAtOneOne();
    void kolmogorovTellsUniformFromSkewed();
};

void TestStats::quantilesInterpolateAndSkipMissingValues()
{
    QCOMPARE(*quantile({4, 1, 3, 2}, 0.5), 2.5);
    QCOMPARE(*quantile({10, 20, 30, 40, 50}, 0.9), 46.0);
    QCOMPARE(*quantile({1, std::nan(""), 3}, 0.5), 2.0);
    QVERIFY(!quantile({}, 0.5));
    QVERIFY(!quantile({std::nan("")}, 0.5));
}

void TestStats::robustSigmaIgnoresOutliers()
{
    std::mt19937 random(1);
    std::normal_distribution<double> normal(5.0, 2.0);
    std::vector<double> values;
    for (int i = 0; i < 20000; ++i)
        values.push_back(i % 20 == 0 ? 1e6 : normal(random));
    QVERIFY(std::abs(*robustSigma(values) - 2.0) < 0.2);
}

void TestStats::zeroBlinkTable_data()
{
    QTest::addColumn<double>("mean");
    QTest::addColumn<double>("variation");
    QTest::addColumn<double>("seconds");
    QTest::addColumn<double>("recall");
    QTest::addColumn<double>("chance");
    QTest::newRow("conversation 5 s") << 20.0 << 0.55 << 5.0 << 1.0 << 0.2594;
    QTest::newRow("conversation 30 s") << 20.0 << 0.55 << 30.0 << 1.0 << 0.0100;
    QTest::newRow("silent 10 s") << 14.5 << 0.50 << 10.0 << 1.0 << 0.1510;
    QTest::newRow("silent 60 s") << 14.5 << 0.50 << 60.0 << 1.0 << 0.0022;
    QTest::newRow("reading 20 s") << 6.0 << 0.70 << 20.0 << 1.0 << 0.2481;
    QTest::newRow("reading 120 s") << 6.0 << 0.70 << 120.0 << 1.0 << 0.0195;
    QTest::newRow("unknown 5 s") << 15.0 << 0.75 << 5.0 << 1.0 << 0.3881;
    QTest::newRow("unknown 30 s") << 15.0 << 0.75 << 30.0 << 1.0 << 0.0530;
    QTest::newRow("unknown 120 s") << 15.0 << 0.75 << 120.0 << 1.0 << 0.0059;
    QTest::newRow("unknown 10 s, recall 0.9") << 15.0 << 0.75 << 10.0 << 0.9 << 0.2336;
    QTest::newRow("unknown 60 s, recall 0.9") << 15.0 << 0.75 << 60.0 << 0.9 << 0.0218;
}

void TestStats::zeroBlinkTable()
{
    QFETCH(double, mean);
    QFETCH(double, variation);
    QFETCH(double, seconds);
    QFETCH(double, recall);
    QFETCH(double, chance);
    const MixedCount count({mean, variation}, seconds / 60.0, {recall, 0.0});
    QVERIFY2(std::abs(count.pmf(0) - chance) < 1e-4, qPrintable(QString::number(count.pmf(0), 'f', 6)));
    QVERIFY(std::abs(count.pmf(0) - std::pow(1.0 + mean * recall * seconds / 60.0 * variation * variation,
                                             -1.0 / (variation * variation))) < 1e-12);
}

void TestStats::mixedCountEqualsQuadrature()
{
    // Integrates Poisson counts over the Gamma density of the rate by Simpson's rule.
    const double mean = 15.0, variation = 0.5, minutes = 0.8, recall = 0.9, wrong = 0.7;
    const double shape = 1.0 / (variation * variation), scale = mean / shape;
    const MixedCount count({mean, variation}, minutes, {recall, wrong});
    for (const int n : {0, 1, 3, 10, 25}) {
        const int steps = 200000;
        const double to = 200.0;
        double sum = 0.0;
        for (int i = 0; i <= steps; ++i) {
            const double rate = to * i / steps;
            const double density = rate <= 0 ? 0.0
                : std::exp((shape - 1) * std::log(rate) - rate / scale - std::lgamma(shape) - shape * std::log(scale));
            const double weight = i == 0 || i == steps ? 1.0 : (i % 2 == 1 ? 4.0 : 2.0);
            sum += weight * density * poissonCdf(n, (recall * rate + wrong) * minutes);
        }
        const double byQuadrature = sum * to / steps / 3.0;
        QVERIFY2(std::abs(count.cdf(n) - byQuadrature) < 1e-9, qPrintable(QString::number(n)));
    }
}

void TestStats::mixedCountTendsToPoisson()
{
    for (const int n : {0, 4, 12}) {
        QVERIFY(std::abs(MixedCount({12, 1e-4}, 0.5).pmf(n) - poissonPmf(n, 6.0)) < 1e-6);
        QCOMPARE(MixedCount({12, 0.0}, 0.5).pmf(n), poissonPmf(n, 6.0));
    }
}

void TestStats::imperfectCountersAreAccountedFor()
{
    const MixedCount perfect({15, 0.75}, 1.0);
    const MixedCount forgetful({15, 0.75}, 1.0, {0.8, 0.0});
    const MixedCount inventive({15, 0.75}, 1.0, {1.0, 2.0});
    QVERIFY(forgetful.cdf(3) > perfect.cdf(3));
    QVERIFY(inventive.cdf(3) < perfect.cdf(3));
    QVERIFY(std::abs(perfect.cdf(4) + perfect.tail(5) - 1.0) < 1e-12);
}

void TestStats::equalRatesIsTheBinomial()
{
    QVERIFY(std::abs(equalRatesCdf(0, 30, 10, 30) - std::pow(0.5, 10)) < 1e-12);
    QVERIFY(std::abs(equalRatesCdf(5, 60, 0, 60) - 1.0) < 1e-12);
}

void TestStats::binomialTailIsExact()
{
    QCOMPARE(log10BinomialTail(10, 0, 0.3), 0.0);
    QVERIFY(std::abs(log10BinomialTail(10, 10, 0.5) + 10.0 * std::log10(2.0)) < 1e-9);
    QVERIFY(std::abs(log10BinomialTail(4, 2, 0.5) - std::log10(11.0 / 16.0)) < 1e-9);
    QVERIFY(std::abs(log10BinomialTail(1000, 1000, 1.0 / 64.0) + 1000.0 * std::log10(64.0)) < 1e-6);
    QCOMPARE(log10BinomialTail(5, 6, 0.5), -std::numeric_limits<double>::infinity());
    // Near the middle, against the sum over all terms.
    double sum = 0.0;
    for (int i = 0; i <= 300; ++i) {
        if (i >= 4)
            sum += std::exp(std::lgamma(301.0) - std::lgamma(i + 1.0) - std::lgamma(301.0 - i)
                            + i * std::log(1.0 / 64.0) + (300 - i) * std::log(63.0 / 64.0));
    }
    QVERIFY(std::abs(log10BinomialTail(300, 4, 1.0 / 64.0) - std::log10(sum)) < 1e-9);
}

void TestStats::areaCountsTiesHalf()
{
    QCOMPARE(rocArea({0, 0, 1}, {1, 2, 3})->area, (2.5 + 3 + 3) / 9.0);
    const auto chance = rocArea({1, 1, 1, 1}, {1, 1, 1, 1});
    QCOMPARE(chance->area, 0.5);
    QVERIFY(!rocArea({1}, {2, 3}));
    const auto sure = rocArea({0, 1, 2, 3}, {2.5, 4, 5, 6});
    QVERIFY(sure->low < sure->area && sure->area <= sure->high);
}

void TestStats::curveEndsAtOneOne()
{
    const auto curve = rocCurve({0, 1, 2}, {1, 2, 3});
    QCOMPARE(curve.front().falseAlarms, 0.0);
    QCOMPARE(curve.front().hits, 1.0 / 3.0);
    QCOMPARE(curve.back().falseAlarms, 1.0);
    QCOMPARE(curve.back().hits, 1.0);
}

void TestStats::kolmogorovTellsUniformFromSkewed()
{
    std::mt19937 random(3);
    std::uniform_real_distribution<double> uniform;
    std::vector<double> flat, skewed;
    for (int i = 0; i < 400; ++i) {
        flat.push_back(uniform(random));
        skewed.push_back(std::pow(uniform(random), 2.0));
    }
    QVERIFY(uniformKsPValue(flat) > 0.01);
    QVERIFY(uniformKsPValue(skewed) < 1e-6);
}

QTEST_GUILESS_MAIN(TestStats)
#include "tst_stats.moc"
