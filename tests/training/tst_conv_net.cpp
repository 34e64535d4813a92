// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/conv_net.h"
#include "lab/face_grid.h"

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

    void tapsComeOneAfterTheOther()
    {
        const lab::Layer first{.in = 8, .out = 2, .kernel = 1, .padding = 0, .relu = false, .tap = true};
        lab::Layer second = first;
        second.in = 10;
        compare(used({{.in = 1, .out = 8, .stride = 2},
                      first,
                      {.in = 8, .out = 10, .stride = 2},
                      second}),
                {3, 2 * (8 * 12 + 4 * 6)});
    }

    void multiplicationsAreCounted()
    {
        const lab::ConvNet net(std::vector<lab::Layer>{{.in = 1, .out = 4, .stride = 2}});
        QCOMPARE(net->multiplications(16, 24), std::int64_t(8 * 12 * 4 * 9));
        QCOMPARE(net->parameterCount(), std::int64_t(4 * 9 + 4 + 4));
    }

    void theSurestOfOverlappingSquaresIsKept()
    {
        const cv::Size input(64, 48);
        std::size_t numbers = 0;
        for (const lab::FaceGridLevel &level : lab::kFaceGrid)
            numbers += 4 * std::size_t(lab::faceGridSize(input, level).area());
        std::vector<float> values(numbers, 0.0f);
        const std::size_t plane = std::size_t(lab::faceGridSize(input, lab::kFaceGrid[0]).area()); // 8 x 6
        std::fill_n(values.begin(), plane, -5.0f);
        for (std::size_t at = 4 * plane; at < numbers; ++at)
            values[at] = -5.0f;
        values[8 * 2 + 3] = 2.0f;           // centre (28, 20), side 32
        values[8 * 2 + 4] = 1.0f;           // its neighbour, the same face
        values[8 * 5 + 7] = 0.5f;           // another
        values[plane + 8 * 5 + 7] = -0.5f;  // half a stride to the left
        values[3 * plane + 8 * 5 + 7] = std::log(0.5f);
        const auto faces = lab::facesOfGrid(values, input, 0.0f);
        QCOMPARE(faces.size(), std::size_t(2));
        QCOMPARE(faces[0].box, cv::Rect2f(12, 4, 32, 32));
        QCOMPARE(faces[1].box, cv::Rect2f(48, 36, 16, 16));
        QVERIFY(lab::facesOfGrid(std::span(values).first(7), input, 0.0f).empty());
    }
};

QTEST_APPLESS_MAIN(TestConvNet)
#include "tst_conv_net.moc"
