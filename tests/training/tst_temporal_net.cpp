// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/temporal_net.h"
#include "faces/behaviour_window.h"

#include <QTest>

using namespace fw;
using namespace fw::lab;

class TestTemporalNet : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theScriptSaysWhatTheNetworkSays_data()
    {
        QTest::addColumn<bool>("transformer");
        QTest::newRow("recurrent") << false;
        QTest::newRow("transformer") << true;
    }
    void theScriptSaysWhatTheNetworkSays()
    {
        QFETCH(bool, transformer);
        torch::manual_seed(5);
        const torch::NoGradGuard constant;
        std::vector<TemporalNetPtr> nets;
        for (int n = 0; n < 2; ++n) {
            nets.push_back(transformer ? TemporalNetPtr(std::make_shared<TransformerNet>()) : std::make_shared<RecurrentNet>());
            nets.back()->eval();
        }
        torch::Tensor x = torch::randn({6, kWindowFrames, kFrameValues});
        x.select(2, kFrameValues - 1).fill_(1.0);
        x[2][7][kFrameValues - 1] = 0.0; // not measured
        const TemporalNet::Output first = nets[0]->forward(x), second = nets[1]->forward(x);
        torch::jit::Module script = temporalScript(nets, first.state);
        const auto out = script.forward({x.unsqueeze(1)}).toTuple()->elements();
        const torch::Tensor logit = out[0].toTensor(), attention = out[2].toTensor();
        QCOMPARE(logit.sizes().vec(), (std::vector<std::int64_t>{6, 1}));
        QVERIFY((logit.squeeze(1) - 0.5 * (first.logit + second.logit)).abs().max().item<double>() < 1e-4);
        QVERIFY((attention - 0.5 * (first.attention + second.attention)).abs().max().item<double>() < 1e-5);
        QVERIFY((attention.sum(1) - 1.0).abs().max().item<double>() < 1e-5);
        QVERIFY(attention[2][7].item<double>() < 1e-6);
        QVERIFY(logit.std().item<double>() > 1e-3);
        const torch::Tensor turned = nets[0]->forward(x.flip({1})).logit;
        QVERIFY((turned - first.logit).abs().max().item<double>() > 1e-4); // the order of frames matters
    }
};

QTEST_APPLESS_MAIN(TestTemporalNet)
#include "tst_temporal_net.moc"
