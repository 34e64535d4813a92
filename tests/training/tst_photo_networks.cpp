// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/script_net.h"
#include "photo/residual.h"
#include "photo/residual_codes.h"
#include "photos/residual_task.h"
#include "photos/sequence_task.h"
#include "textures.h"

#include <QTest>
#include <torch/optim.h>

using namespace fw;
using namespace fw::test;

class TestPhotoNetworks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsTrainedIsWhatTheScriptComputesWith()
    {
        torch::manual_seed(1);
        lab::ScriptText t;
        t << "x = torch.relu(" + t.normalised("n", t.convolution("c", "x", 1, 4, 3, 1, 1), 4) + ")"
          << "x = " + t.enlargement("u", "x", 4, 2, 2)
          << "return torch.mean(x, [2, 3])";
        lab::ScriptNet net(t, 1);
        QCOMPARE(net.parameterCount(), 4 * 9 + 4 + 2 * 4 + 4 * 2 * 16 + 2);
        torch::optim::AdamW optimiser(net.parameters(), torch::optim::AdamWOptions(0.05));
        const torch::Tensor x = torch::randn({8, 1, 12, 10}) + 1.0;
        net.train();
        double first = 0.0, last = 0.0;
        for (int step = 0; step < 60; ++step) {
            optimiser.zero_grad();
            const torch::Tensor loss = (net.forward(x) - 2.0).square().mean();
            loss.backward();
            optimiser.step();
            last = loss.item<double>();
            first = step == 0 ? last : first;
        }
        QVERIFY2(last < 0.1 * first, qPrintable(QString::number(last)));
        net.eval();
        const torch::NoGradGuard constant;
        torch::jit::Module script = net.script("net");
        const torch::Tensor here = net.forward(x), there = script.forward({x}).toTensor();
        QVERIFY((here - there).abs().max().item<double>() < 1e-6);
        lab::ScriptNet again(t, 1);
        again.takeOver(script, {});
        again.eval();
        QVERIFY((here - again.forward(x)).abs().max().item<double>() < 1e-6);
        lab::ScriptText other;
        other << "return " + other.convolution("d", "x", 1, 4, 3, 1, 1);
        QVERIFY_EXCEPTION_THROWN(lab::ScriptNet(other, 1).takeOver(script, {}), std::runtime_error);
    }

    void enlargementBeginsBilinear()
    {
        lab::ScriptText t;
        t << "return " + t.enlargement("u", "x", 1, 1, 4);
        lab::ScriptNet net(t, 1);
        const torch::NoGradGuard constant;
        const torch::Tensor y = net.forward(torch::full({1, 1, 6, 5}, 3.0f));
        QCOMPARE(y.sizes().vec(), (std::vector<std::int64_t>{1, 1, 24, 20}));
        QVERIFY((y.slice(2, 4, 20).slice(3, 4, 16) - 3.0f).abs().max().item<double>() < 1e-5);
    }

    /// The network begins as the descriptor that it stands for.
    void theResidualNetworkBeginsAsTheDescriptor()
    {
        const ShortDescriptor settings{1, 1.0, Folding::None};
        QCOMPARE(settings.bins(), 162);
        const auto net = lab::residualNet(162);
        const torch::NoGradGuard constant;
        net->named_parameters()["out_w"].copy_(torch::eye(162));
        net->eval();
        const cv::Mat luma = lumaOf(texturedPicture({lab::kResidualPatch, lab::kResidualPatch}, 2));
        const torch::Tensor values = net->forward(torch::from_blob(luma.clone().data, {1, 1, luma.rows, luma.cols}).clone());
        const std::vector<float> expected = shortDescriptor(luma, settings);
        double worst = 0.0;
        for (int k = 0; k < 162; ++k)
            worst = std::max(worst, std::abs(double(values[0][k].item<float>() - expected[std::size_t(k)])));
        QVERIFY2(worst < 0.02, qPrintable(QString::number(worst))); // the softmax is steep, not hard
    }

    void theSequenceNetworkAnswersForEveryFourPixels()
    {
        torch::manual_seed(2);
        const auto net = lab::sequenceNet();
        net->eval();
        const torch::NoGradGuard constant;
        const cv::Mat input = SequenceInput().of(texturedPicture({kSequenceSide, kSequenceSide}, 3));
        const torch::Tensor x = torch::from_blob(input.data, {1, 1, input.rows, input.cols}).clone();
        const torch::Tensor y = net->forward(x);
        QCOMPARE(y.sizes().vec(), (std::vector<std::int64_t>{1, kSequenceAnswers * kSequenceAnswers}));
        // A block's values act on its own place first: the order of Hilbert's curve is undone after the sequence.
        torch::Tensor changed = x.clone();
        const int block = 5 * kSequenceGrid + 6;
        changed.slice(2, kSequencePlanes * kSequenceSide).reshape({-1}).slice(0, block * kSequenceValues, (block + 1) * kSequenceValues).add_(3.0);
        const torch::Tensor difference = (net->forward(changed) - y).abs().reshape({kSequenceAnswers, kSequenceAnswers});
        const std::int64_t most = difference.argmax().item<std::int64_t>();
        const int cell = kSequenceAnswers / kSequenceGrid;
        QVERIFY(difference.max().item<double>() > 0.0);
        QVERIFY2(std::abs(most / kSequenceAnswers / cell - 5) <= 1 && std::abs(most % kSequenceAnswers / cell - 6) <= 1,
                 qPrintable(QString::number(most)));
    }
};

QTEST_APPLESS_MAIN(TestPhotoNetworks)
#include "tst_photo_networks.moc"
