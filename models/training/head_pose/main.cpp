// SPDX-License-Identifier: GPL-3.0-or-later
// Trains the classifier of the head pose method on simulated splices and measures it on pairs of
// people that it never saw.
// Usage: fw-train-head-pose --head models/head/ict-head.fwh --out models/head_pose
#include "base/hash.h"
#include "head_pose/splice_set.h"
#include "pose_classifier.h"
#include "stats/ranking.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>
#include <QSaveFile>

#include <cmath>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

constexpr int kTrainPairs = 150, kTestPairs = 100, kFramesPerPair = 20;
constexpr double kMostDegrees = 25.0;
/// Like our landmark network: calm from frame to frame, wrong about a face by 2 % of its eye distance.
constexpr SpliceNoise kNoise{0.3, 1.5, 1.5};

struct Samples
{
    SampleMatrix features;
    std::vector<int> labels, groups;
};

void setScale(const std::vector<SpliceFrame> &frames, PoseClassifier &to)
{
    for (std::size_t d = 0; d < 12; ++d) {
        double sum = 0.0, squares = 0.0;
        for (const SpliceFrame &f : frames) {
            const double v = poseFeature(f.poses)[d];
            sum += v;
            squares += v * v;
        }
        to.mean[d] = sum / double(frames.size());
        to.deviation[d] = std::max(1e-9, std::sqrt(squares / double(frames.size()) - to.mean[d] * to.mean[d]));
    }
}

Samples samplesOf(const std::vector<SpliceFrame> &frames, const PoseClassifier &scale)
{
    Samples out;
    for (const SpliceFrame &f : frames) {
        out.features.add(scale.scaled(poseFeature(f.poses)));
        out.labels.push_back(f.spliced ? 1 : -1);
        out.groups.push_back(f.pair);
    }
    return out;
}

double areaOf(const std::vector<double> &scores, const std::vector<int> &labels)
{
    std::vector<double> genuine, spliced;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        if (std::isfinite(scores[i]))
            (labels[i] > 0 ? spliced : genuine).push_back(scores[i]);
    }
    const auto area = rocArea(genuine, spliced);
    return area ? area->area : 0.5;
}

/// Brier score and the worst gap of five equal bins, on data never trained on.
void printCalibration(const std::vector<double> &probabilities, const std::vector<int> &labels)
{
    double brier = 0.0, worst = 0.0;
    for (std::size_t i = 0; i < labels.size(); ++i)
        brier += std::pow(probabilities[i] - (labels[i] > 0 ? 1.0 : 0.0), 2) / double(labels.size());
    for (int bin = 0; bin < 5; ++bin) {
        double said = 0.0, was = 0.0, count = 0.0;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            if (std::min(4, int(probabilities[i] * 5)) != bin)
                continue;
            said += probabilities[i];
            was += labels[i] > 0 ? 1.0 : 0.0;
            ++count;
        }
        if (count >= 50)
            worst = std::max(worst, std::abs(said - was) / count);
    }
    std::printf("calibration on test pairs: Brier %.3f, worst bin off by %.3f\n", brier, worst);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOptions({{u"head"_s, u"The head model."_s, u"FILE"_s, u"models/head/ict-head.fwh"_s},
                       {u"out"_s, u"Folder for the classifier."_s, u"DIR"_s, u"."_s},
                       {u"seed"_s, u"Seed."_s, u"N"_s, u"1"_s}});
    parser.process(app);
    const auto shapes = FaceShapes::load(parser.value(u"head"_s));
    if (!shapes) {
        std::fprintf(stderr, "%s\n", qPrintable(shapes.error().text()));
        return 1;
    }
    const quint64 seed = parser.value(u"seed"_s).toULongLong();
    const auto train = makeSplices(*shapes, kTrainPairs, kFramesPerPair, 0, kMostDegrees, kNoise, seed);
    const auto test = makeSplices(*shapes, kTestPairs, kFramesPerPair, 0, kMostDegrees, kNoise, seed + 1000);
    PoseClassifier classifier;
    setScale(train, classifier);
    const Samples samples = samplesOf(train, classifier), unseen = samplesOf(test, classifier);

    ClassifierOptions best;
    double bestArea = 0.0;
    for (const double cost : {0.3, 1.0, 3.0, 10.0}) {
        for (const double gamma : {1.0 / 48, 1.0 / 24, 1.0 / 12, 1.0 / 6}) {
            ClassifierOptions options;
            options.cost = cost;
            options.gamma = gamma;
            options.groups = samples.groups;
            options.seed = seed;
            const auto decisions = heldOutDecisions(samples.features, samples.labels, options);
            if (!decisions) {
                std::fprintf(stderr, "%s\n", qPrintable(decisions.error().text()));
                return 1;
            }
            const double area = areaOf(*decisions, samples.labels);
            std::printf("C %-4g gamma 1/%-3.0f held-out AUC %.4f\n", cost, 1.0 / gamma, area);
            std::fflush(stdout);
            if (area > bestArea) {
                bestArea = area;
                best = options;
            }
        }
    }
    best.probability = true;
    auto machine = KernelSvm::classifier(samples.features, samples.labels, best);
    if (!machine) {
        std::fprintf(stderr, "%s\n", qPrintable(machine.error().text()));
        return 1;
    }
    classifier.machine = std::move(*machine);
    std::vector<double> decisions, probabilities;
    for (std::size_t i = 0; i < unseen.features.rows(); ++i) {
        decisions.push_back(classifier.machine.decision(unseen.features.row(i)));
        probabilities.push_back(classifier.machine.probability(decisions.back()).value_or(0.5));
    }
    classifier.testArea = areaOf(decisions, unseen.labels);
    classifier.angleArea = angleArea(test);
    std::printf("chosen C %g gamma 1/%.0f, %zu support vectors of %zu frames\n", best.cost, 1.0 / best.gamma,
                classifier.machine.supportVectors(), train.size());
    std::printf("test pairs, frames: AUC %.4f, plain angle %.4f\n", classifier.testArea, classifier.angleArea);
    printCalibration(probabilities, unseen.labels);
    const QByteArray bytes = classifier.toBytes();
    QSaveFile file(QDir(parser.value(u"out"_s)).filePath(u"head_pose.fwpc"_s));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
        std::fprintf(stderr, "%s\n", qPrintable(file.errorString()));
        return 1;
    }
    std::printf("%lld bytes, SHA-256 %s\n", static_cast<long long>(bytes.size()), qPrintable(hexText(sha256(bytes))));
    return 0;
}
