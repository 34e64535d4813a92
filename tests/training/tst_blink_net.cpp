// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/blink_net.h"
#include "lab/blink_sequence.h"
#include "lab/sequence_codec.h"

#include <opencv2/imgproc.hpp>

#include <QTest>

#include <cmath>

using namespace fw;
using lab::BlinkScene;

namespace {

/// An eye that tells how far it is closed by the height of a dark bar; looks and squints move it elsewhere.
BlinkScene toyScene()
{
    BlinkScene scene;
    for (int i = 0; i < BlinkScene::kStills; ++i) {
        cv::Mat still(BlinkScene::kHeight, BlinkScene::kWidth, CV_8UC1, cv::Scalar(200));
        const int high = i < BlinkScene::kClosing ? 20 - 2 * i : 12;
        const int x = i < BlinkScene::kClosing ? 33 : 25 + 2 * (i - BlinkScene::kClosing);
        cv::rectangle(still, cv::Rect(x, 32 - high / 2, 30, std::max(2, high)), cv::Scalar(30), cv::FILLED);
        scene.stills[std::size_t(i)] = still;
    }
    for (int i = 0; i < BlinkScene::kClosing; ++i)
        scene.closure[std::size_t(i)] = float(i) / (BlinkScene::kClosing - 1);
    return scene;
}

} // namespace

class TestBlinkNet : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatShipsComputesWhatWasTrained();
    void labelsSayWhatTheShutterSaw();
    void looksAndSquintsAreOpenEyes();
    void bothEyesDoTheSame();
    void watchedEyesKeepTheirDoubts();
    void codecKeepsTheSequence();
};

void TestBlinkNet::whatShipsComputesWhatWasTrained()
{
    torch::manual_seed(5);
    lab::BlinkNet net;
    net->train();
    for (int i = 0; i < 3; ++i)
        net->features(2 * torch::randn({2, 4, 40, 64}) + 1);
    net->eval();
    const torch::NoGradGuard constant;
    const torch::Tensor x = torch::randn({1, 12, 40, 64});
    const auto expected = net->forward(x);
    const torch::Tensor closed = torch::softmax(expected.logits, 2).select(2, 1);
    torch::jit::Module eye = net->eyeScript(), time = net->timeScript();
    constexpr int kFeatures = lab::BlinkNetImpl::kFeatures, kState = lab::BlinkNetImpl::kState;
    torch::Tensor memory = torch::zeros({1, 2 * kState});
    for (int t = 0; t < 12; ++t) {
        const torch::Tensor features = eye.forward({x.slice(1, t, t + 1)}).toTensor();
        QCOMPARE(features.sizes().vec(), (std::vector<std::int64_t>{1, kFeatures}));
        const torch::Tensor step = torch::cat({features, memory}, 1).reshape({1, 1, 1, kFeatures + 2 * kState});
        const torch::Tensor out = time.forward({step}).toTensor();
        QCOMPARE(out.size(1), 2 + 2 * kState);
        QVERIFY(std::abs(out[0][0].item<double>() - closed[0][t].item<double>()) < 1e-4);
        QVERIFY(std::abs(out[0][1].item<double>() - expected.closure[0][t].item<double>()) < 1e-4);
        memory = out.slice(1, 2);
    }
    QVERIFY(memory.abs().max().item<double>() > 1e-3); // it remembers something
}

void TestBlinkNet::labelsSayWhatTheShutterSaw()
{
    lab::SequenceOrder order;
    order.rate = 60;
    order.seconds = 8;
    order.blinksPerMinute = 30;
    order.glancesPerMinute = order.squintsPerMinute = order.looksPerMinute = 0;
    order.codec = 0;
    render::Random random(4);
    const auto s = lab::playScene(toyScene(), order, random);
    QCOMPARE(s.parts.size(), std::size_t(480));
    QVERIFY(!s.blinks.empty() && s.glances.empty());
    for (const auto &[apex, depth] : s.blinks) {
        if (apex < 0.2 || apex > 7.8)
            continue;
        const float at = s.closure[std::size_t(apex * order.rate)];
        QVERIFY2(std::abs(double(at) - depth) < 0.12, qPrintable(QString::number(double(at))));
        QCOMPARE(s.closed[std::size_t(apex * order.rate)], at >= 0.7f);
    }
    for (std::size_t i = 0; i < s.closure.size(); ++i) {
        const bool moving = std::any_of(s.blinks.begin(), s.blinks.end(), [&](const auto &b) {
            return std::abs(b.first - double(i) / order.rate) < 1.0;
        });
        QVERIFY(moving || s.closure[i] == 0.0f);
    }
    // The same seed plays the same sequence.
    render::Random again(4);
    const auto t = lab::playScene(toyScene(), order, again);
    QCOMPARE(t.closure, s.closure);
    QVERIFY(cv::norm(t.parts[100], s.parts[100]) == 0.0);
}

void TestBlinkNet::looksAndSquintsAreOpenEyes()
{
    lab::SequenceOrder order;
    order.seconds = 10;
    order.blinksPerMinute = 0;
    order.glancesPerMinute = order.squintsPerMinute = order.looksPerMinute = 15;
    render::Random random(6);
    const auto s = lab::playScene(toyScene(), order, random);
    QVERIFY(s.blinks.empty() && !s.glances.empty());
    QVERIFY(std::ranges::all_of(s.closure, [](float c) { return c == 0.0f; }));
    QVERIFY(std::ranges::none_of(s.closed, [](bool c) { return c; }));
}

void TestBlinkNet::bothEyesDoTheSame()
{
    lab::SequenceOrder order;
    order.seconds = 10;
    order.blinksPerMinute = 40;
    order.glancesPerMinute = 10;
    order.squintsPerMinute = order.looksPerMinute = 0;
    render::Random random(11);
    const auto [left, right] = lab::playBothEyes(toyScene(), toyScene(), order, random);
    QCOMPARE(left.blinks.size(), right.blinks.size());
    QVERIFY(!left.blinks.empty() && left.parts.size() == right.parts.size());
    bool differ = false;
    for (std::size_t i = 0; i < left.blinks.size(); ++i) {
        QVERIFY(std::abs(left.blinks[i].first - right.blinks[i].first) < 0.015);
        QVERIFY(std::abs(left.blinks[i].second - right.blinks[i].second) < 0.25);
        differ = differ || left.blinks[i].second != right.blinks[i].second;
    }
    QVERIFY(differ);
    // Frames in which something moves are marked: all that close, and the looks down.
    for (std::size_t i = 0; i < left.closure.size(); ++i) {
        const double t = double(i) / order.rate;
        const bool down = std::any_of(left.glances.begin(), left.glances.end(), [&](const auto &g) { return t > g.first && t < g.second; });
        QVERIFY(left.moved[i] || (left.closure[i] == 0.0f && !down));
    }
    QVERIFY(std::ranges::any_of(left.moved, std::identity()) && !std::ranges::all_of(left.moved, std::identity()));
}

void TestBlinkNet::watchedEyesKeepTheirDoubts()
{
    lab::WatchedEye eye;
    eye.rate = 25;
    const BlinkScene toy = toyScene();
    for (int i = 0; i < 100; ++i) {
        eye.stills.push_back(toy.stills[i >= 50 && i < 53 ? BlinkScene::kClosing - 1 : 0]);
        eye.closure.push_back(i >= 70 ? std::nanf("") : i >= 50 && i < 53 ? 1.0f : 0.0f);
    }
    lab::SequenceOrder order;
    order.seconds = 48 / order.rate;
    render::Random random(8);
    bool shut = false, unsure = false;
    for (int k = 0; k < 20; ++k) {
        const auto s = lab::playWatched(eye, order, random);
        QCOMPARE(s.parts.size(), std::size_t(48));
        for (std::size_t i = 0; i < s.parts.size(); ++i) {
            shut = shut || (s.closed[i] && s.closedKnown[i]);
            unsure = unsure || !s.closureKnown[i];
            QVERIFY(s.closureKnown[i] || !s.closedKnown[i]);
        }
    }
    QVERIFY(shut && unsure);
}

void TestBlinkNet::codecKeepsTheSequence()
{
    std::vector<cv::Mat> pictures;
    for (int i = 0; i < 20; ++i) {
        cv::Mat picture(27, 43, CV_8UC1, cv::Scalar(120));
        cv::circle(picture, {10 + i, 13}, 6, cv::Scalar(230), cv::FILLED);
        pictures.push_back(picture);
    }
    auto fine = pictures, coarse = pictures;
    const auto done = lab::throughH264(fine, 18);
    if (!done && done.error().code == Errc::Unsupported)
        QSKIP("this FFmpeg has no x264");
    QVERIFY(done);
    QVERIFY(lab::throughH264(coarse, 45));
    double fineOff = 0, coarseOff = 0;
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        QCOMPARE(fine[i].size(), pictures[i].size());
        fineOff += cv::norm(fine[i], pictures[i], cv::NORM_L1) / double(pictures[i].total());
        coarseOff += cv::norm(coarse[i], pictures[i], cv::NORM_L1) / double(pictures[i].total());
    }
    QVERIFY2(fineOff / 20 < 3.0, qPrintable(QString::number(fineOff / 20)));
    QVERIFY(coarseOff > 2 * fineOff);
    std::vector<cv::Mat> none;
    QVERIFY(lab::throughH264(none, 20));
}

QTEST_GUILESS_MAIN(TestBlinkNet)
#include "tst_blink_net.moc"
