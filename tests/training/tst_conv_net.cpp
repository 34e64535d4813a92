// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/conv_net.h"

#include <QTest>

#include <cmath>

using namespace fw;

class TestConvNet : public QObject
{
    Q_OBJECT

    /// A network whose normalisation has seen something.
    static lab::ConvNet used(std::vector<lab::Layer> layers)
    {
        torch::manual_seed(3);
        lab::ConvNet net(std::move(layers));
        net->train();
        for (int i = 0; i < 4; ++i)
            net->forward(2 * torch::randn({8, 1, 16, 24}) + 1);
        net->eval();
        return net;
    }

    static void compare(lab::ConvNet net, const std::vector<std::int64_t> &shape)
    {
        const torch::NoGradGuard constant;
        torch::jit::Module script = net->script("net");
        const torch::Tensor x = torch::randn({3, 1, 16, 24});
        const torch::Tensor direct = net->forward(x);
        QCOMPARE(direct.sizes().vec(), shape);
        const torch::Tensor shipped = script.forward({x}).toTensor();
        QCOMPARE(shipped.sizes().vec(), shape);
        QVERIFY((direct - shipped).abs().max().item<double>() < 1e-4);
        QVERIFY(direct.abs().max().item<double>() > 1e-3); // and they say something
    }

private Q_SLOTS:
    void whatShipsComputesWhatWasTrained()
    {
        compare(used({{.in = 1, .out = 8, .stride = 2},
                      {.in = 8, .out = 8, .residual = true},
                      {.in = 8, .out = 6, .kernel = 8, .padding = 0, .kernelWide = 12},
                      {.in = 6, .out = 5, .kernel = 1, .padding = 0, .relu = false}}),
                {3, 5});
    }

    void trainingGoesOnFromWhatIsShipped()
    {
        const std::vector<lab::Layer> layers{{.in = 1, .out = 8, .stride = 2},
                                             {.in = 8, .out = 8, .residual = true},
                                             {.in = 8, .out = 5, .kernel = 1, .padding = 0, .relu = false}};
        lab::ConvNet net = used(layers);
        torch::jit::Module script = net->script("net");
        lab::ConvNet again(layers);
        const torch::Tensor x = torch::randn({64, 1, 16, 24});
        again->takeOver(script, x);
        const torch::NoGradGuard constant;
        again->eval();
        const torch::Tensor shipped = script.forward({x}).toTensor();
        QVERIFY((again->forward(x) - shipped).abs().max().item<double>() < 1e-4);
        again->train(); // with the statistics of the batch that was measured
        QVERIFY((again->forward(x) - shipped).abs().max().item<double>() < 1e-3);
        lab::ConvNet other(std::vector<lab::Layer>{{.in = 1, .out = 9, .stride = 2}});
        QVERIFY_EXCEPTION_THROWN(other->takeOver(script, x), std::runtime_error);
    }

    void multiplicationsAreCounted()
    {
        const lab::ConvNet net(std::vector<lab::Layer>{{.in = 1, .out = 4, .stride = 2}});
        QCOMPARE(net->multiplications(16, 24), std::int64_t(8 * 12 * 4 * 9));
        QCOMPARE(net->parameterCount(), std::int64_t(4 * 9 + 4 + 4));
    }
};

QTEST_APPLESS_MAIN(TestConvNet)
#include "tst_conv_net.moc"
