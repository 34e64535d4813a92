// SPDX-License-Identifier: GPL-3.0-or-later
#include "infer/conv_chain_p.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace fw;

namespace {

struct Volume
{
    int channels = 0, height = 0, width = 0;
    std::vector<float> values;

    double at(int c, int y, int x) const
    {
        if (y < 0 || x < 0 || y >= height || x >= width)
            return 0.0;
        return double(values[std::size_t((c * height + y) * width + x)]);
    }
};

std::vector<float> noise(std::size_t count, unsigned seed)
{
    std::mt19937 random(seed);
    std::vector<float> values(count);
    for (float &v : values)
        v = float(double(random()) / double(std::mt19937::max()) - 0.5);
    return values;
}

ConvStep step(int in, int out, int kernel, int stride, int pad, bool ramp, bool residual = false)
{
    ConvStep s;
    s.in = in;
    s.out = out;
    s.kernelHigh = s.kernelWide = kernel;
    s.strideDown = s.strideAcross = stride;
    s.padDown = s.padAcross = pad;
    s.ramp = ramp;
    s.residual = residual;
    s.weights = noise(std::size_t(in * out * kernel * kernel), unsigned(in + 7 * out));
    s.bias = noise(std::size_t(out), unsigned(out));
    return s;
}

/// The definition of a convolution, in double precision.
Volume expected(const ConvStep &s, const Volume &in)
{
    Volume out{s.out, (in.height + 2 * s.padDown - s.kernelHigh) / s.strideDown + 1,
               (in.width + 2 * s.padAcross - s.kernelWide) / s.strideAcross + 1, {}};
    for (int o = 0; o < out.channels; ++o)
        for (int y = 0; y < out.height; ++y)
            for (int x = 0; x < out.width; ++x) {
                double sum = double(s.bias[std::size_t(o)]);
                const float *w = s.weights.data() +
                                 std::size_t(o) * std::size_t(s.in * s.kernelHigh * s.kernelWide);
                for (int c = 0; c < s.in; ++c)
                    for (int ky = 0; ky < s.kernelHigh; ++ky)
                        for (int kx = 0; kx < s.kernelWide; ++kx)
                            sum += double(*w++) * in.at(c, y * s.strideDown - s.padDown + ky,
                                                        x * s.strideAcross - s.padAcross + kx);
                if (s.ramp)
                    sum = std::max(sum, 0.0);
                if (s.residual)
                    sum += in.at(o, y, x);
                out.values.push_back(float(sum));
            }
    return out;
}

Volume expected(const std::vector<ConvStep> &steps, Volume now)
{
    for (const ConvStep &s : steps)
        now = expected(s, now);
    return now;
}

std::vector<float> ran(ConvChain &chain, const Volume &in)
{
    std::vector<float> out(chain.outputs(in.channels, in.height, in.width));
    chain.run(in.values.data(), in.height, in.width, out.data());
    return out;
}

} // namespace

class TestConvChain : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void numbersAreThoseOfTheDefinition_data();
    void numbersAreThoseOfTheDefinition();
    void pictureSizesMayChange();
    void stepsThatDoNotFitAreRefused();
    void picturesThatDoNotFitGiveNothing();
    void allProcessorsSumUpAlike();
};

void TestConvChain::numbersAreThoseOfTheDefinition_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("width");
    for (int kind = 0; kind < 3; ++kind)
        for (const auto &[h, w] : {std::pair{11, 9}, {16, 33}, {24, 64}})
            QTest::addRow("kind %d, %d x %d", kind, h, w) << kind << h << w;
}

void TestConvChain::numbersAreThoseOfTheDefinition()
{
    QFETCH(int, kind);
    QFETCH(int, height);
    QFETCH(int, width);
    std::vector<ConvStep> steps;
    if (kind == 0)
        steps = {step(1, 16, 3, 2, 1, true), step(16, 32, 3, 2, 1, true),
                 step(32, 32, 3, 1, 1, true, true), step(32, 7, 1, 1, 0, false)};
    else if (kind == 1)
        steps = {step(3, 5, 5, 1, 2, true), step(5, 48, 3, 1, 0, false)};
    else
        steps = {step(1, 64, 3, 1, 1, true), step(64, 64, 3, 1, 1, true, true),
                 step(64, 17, 5, 2, 0, false)};
    const Volume in{steps.front().in, height, width,
                    noise(std::size_t(steps.front().in * height * width), 3)};
    const Volume truth = expected(steps, in);
    auto chain = ConvChain::make(steps);
    QVERIFY(chain);
    const std::vector<float> found = ran(*chain, in);
    QCOMPARE(found.size(), truth.values.size());
    for (std::size_t i = 0; i < found.size(); ++i)
        QVERIFY2(std::abs(found[i] - truth.values[i]) < 2e-4f * (1.0f + std::abs(truth.values[i])),
                 qPrintable(QString::number(i)));
}

void TestConvChain::pictureSizesMayChange()
{
    const std::vector<ConvStep> steps{step(1, 16, 3, 1, 1, true)};
    auto chain = ConvChain::make(steps);
    QVERIFY(chain);
    const Volume small{1, 5, 6, noise(30, 1)}, large{1, 9, 20, noise(180, 2)};
    const std::vector<float> first = ran(*chain, small);
    ran(*chain, large);
    QCOMPARE(ran(*chain, small), first);
}

void TestConvChain::stepsThatDoNotFitAreRefused()
{
    QVERIFY(!ConvChain::make({}));
    QVERIFY(!ConvChain::make({step(1, 16, 3, 1, 1, true), step(8, 4, 1, 1, 0, false)}));
    QVERIFY(!ConvChain::make({step(16, 16, 3, 2, 1, true, true)})); // half the size: nothing to add
    QVERIFY(!ConvChain::make({step(1, 1, 3, 1, 1, true, true)}));   // other places in memory
    ConvStep lacking = step(1, 16, 3, 1, 1, true);
    lacking.weights.pop_back();
    QVERIFY(!ConvChain::make({lacking}));
}

void TestConvChain::picturesThatDoNotFitGiveNothing()
{
    const auto chain = ConvChain::make({step(3, 16, 5, 1, 0, true)});
    QVERIFY(chain);
    QCOMPARE(chain->outputs(1, 20, 20), 0u);
    QCOMPARE(chain->outputs(3, 4, 20), 0u);
    QCOMPARE(chain->outputs(3, 5, 6), 32u);
}

void TestConvChain::allProcessorsSumUpAlike()
{
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
        QSKIP("this processor has neither AVX2 nor AVX-512");
    constexpr int kPixels = 31, kRun = 48, kBlocks = 3;
    const std::vector<float> in = noise(std::size_t(16 * (kPixels + 2) * 3), 4),
                             weights = noise(std::size_t(kBlocks * 3 * kRun * conv::kBlock), 5),
                             bias = noise(std::size_t(kBlocks * conv::kBlock), 6);
    const auto outOf = [&](conv::RowFunction function) {
        std::vector<float> out(std::size_t(kPixels * kBlocks * conv::kBlock));
        conv::Row row{};
        row.in = in.data();
        row.inStep = 16;
        row.inRow = 16 * (kPixels + 2);
        row.kernelRows = 3;
        row.run = kRun;
        row.weights = weights.data();
        row.bias = bias.data();
        row.blocks = kBlocks;
        row.out = out.data();
        row.outStep = kBlocks * conv::kBlock;
        row.pixels = kPixels;
        row.ramp = true;
        function(row);
        return out;
    };
    const std::vector<float> narrow = outOf(conv::rowAvx2), plain = outOf(conv::rowPlain);
    for (std::size_t i = 0; i < plain.size(); ++i)
        QVERIFY(std::abs(plain[i] - narrow[i]) < 1e-4f);
    if (!__builtin_cpu_supports("avx512f"))
        QSKIP("this processor has no AVX-512");
    QCOMPARE(outOf(conv::rowAvx512), narrow); // bit for bit
#else
    QSKIP("one kind of processor only");
#endif
}

QTEST_GUILESS_MAIN(TestConvChain)
#include "tst_conv_chain.moc"
