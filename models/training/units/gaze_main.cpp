// SPDX-License-Identifier: GPL-3.0-or-later
// fw-train-gaze PACK MODELS OUT: learns to tell the direction of an eye from what the eye network says of
// both eyes and from the head, on the faces of PACK as the networks in MODELS measure them. Prints the
// error on people that were left out.
#include "faces/eye_crop.h"
#include "faces/face_crop.h"
#include "faces/head_pose.h"
#include "units/unit_samples.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <opencv2/core/utility.hpp>

#include <QCoreApplication>
#include <QFile>

#include <array>
#include <cmath>
#include <cstdio>
#include <map>

using namespace fw;

namespace {

using Eigen::MatrixXd;
constexpr Eigen::Index kWidth = Eigen::Index(kGazeEvidence);
constexpr int kFolds = 5;
constexpr float kSeen = 0.37f; ///< openness below which the iris is hidden

struct Sample
{
    GazeEvidence evidence;
    cv::Vec3d truth, alone; ///< camera axes
    int person = 0;
    bool large = false; ///< iris of 6 px and more
};

std::vector<Sample> samplesOf(const lab::SamplePack &pack, lab::FaceMeter &meter)
{
    std::vector<Sample> samples;
    for (std::size_t at = 0; at < pack.size(); ++at) {
        const lab::FaceLabel &label = pack.label(at);
        Landmarks68 truth;
        for (std::size_t i = 0; i < 68; ++i)
            truth[i] = {label.points[2 * i], label.points[2 * i + 1]};
        // As in a clip, the lens is not known: half of the pictures are read with an assumed one.
        const Camera known{double(label.focal), {double(label.centre[0]), double(label.centre[1])}};
        const Camera camera = at % 2 ? known : lab::assumedCamera();
        FaceObservation face = meter.measure(pack.grey(at), faceSquareOf(*faceCropOf(truth)), camera);
        std::vector<std::optional<GazeEvidence>> evidence;
        const auto eyes = meter.eyes->read(pack.grey(at), camera, {{&face, Eye::ImageLeft}, {&face, Eye::ImageRight}}, &evidence);
        for (std::size_t side = 0; eyes && side < 2; ++side) {
            const lab::EyeLabel &eye = label.eyes[side];
            if (!evidence[side] || eye.openness < kSeen)
                continue;
            // Told from the line of view: with another lens the eye itself would look elsewhere.
            const cv::Vec3d gaze = straightAhead({double(eye.iris[0]), double(eye.iris[1])}, camera).t() *
                                   (straightAhead({double(eye.iris[0]), double(eye.iris[1])}, known) *
                                    cv::Vec3d(eye.gaze[0], eye.gaze[1], eye.gaze[2]));
            samples.push_back({*evidence[side], gaze, cv::Vec3d((*eyes)[side]->gaze->direction), label.person, eye.irisRadius >= 6});
        }
        if (at % 100 == 0)
            std::fprintf(stderr, "\r%zu of %zu", at, pack.size());
    }
    std::fprintf(stderr, "\n");
    return samples;
}

double degreesBetween(const cv::Vec3d &a, const cv::Vec3d &b)
{
    return std::acos(std::clamp(a.dot(b), -1.0, 1.0)) * 180 / CV_PI;
}

/// Sums over the samples of some people, from which the weights follow.
struct Sums
{
    MatrixXd gram = MatrixXd::Zero(kWidth, kWidth), right = MatrixXd::Zero(kWidth, 2);
    std::size_t count = 0;

    void add(const std::vector<const Sample *> &samples)
    {
        constexpr std::size_t kBlock = 512; // rows at a time
        for (std::size_t first = 0; first < samples.size(); first += kBlock) {
            const auto rows = Eigen::Index(std::min(kBlock, samples.size() - first));
            MatrixXd x(kWidth, rows), y(2, rows);
            for (Eigen::Index r = 0; r < rows; ++r) {
                const Sample &s = *samples[first + std::size_t(r)];
                x.col(r) = Eigen::Map<const Eigen::VectorXd>(s.evidence.values.data(), kWidth);
                const cv::Vec3d t = s.evidence.toUpright * s.truth;
                y.col(r) << t[0], t[1];
            }
            gram.selfadjointView<Eigen::Lower>().rankUpdate(x);
            right += x * y.transpose();
        }
        count += samples.size();
    }
    GazeReader reader(double ridge) const
    {
        MatrixXd a = gram;
        a.diagonal().array() += ridge * double(count);
        const MatrixXd w = a.selfadjointView<Eigen::Lower>().llt().solve(right);
        return GazeReader({w.data(), w.data() + w.size()});
    }
    Sums operator-(const Sums &part) const { return {gram - part.gram, right - part.right, count - part.count}; }
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    cv::setNumThreads(1);
    if (argc != 4) {
        std::fprintf(stderr, "usage: fw-train-gaze PACK MODELS OUT\n");
        return 2;
    }
    const auto pack = lab::SamplePack::read(argv[1]);
    auto meter = lab::FaceMeter::load(QString::fromLocal8Bit(argv[2]), false);
    if (!pack || !meter) {
        std::fprintf(stderr, "%s\n", qPrintable((!pack ? pack.error() : meter.error()).text()));
        return 1;
    }
    const std::vector<Sample> samples = samplesOf(*pack, *meter);
    std::map<int, int> fold;
    for (const Sample &s : samples)
        fold.emplace(s.person, int(fold.size()) % kFolds);
    std::array<std::vector<const Sample *>, kFolds> byFold;
    for (const Sample &s : samples)
        byFold[std::size_t(fold.at(s.person))].push_back(&s);
    std::array<Sums, kFolds> sums;
    Sums whole;
    for (std::size_t f = 0; f < sums.size(); ++f) {
        sums[f].add(byFold[f]);
        whole.gram += sums[f].gram;
        whole.right += sums[f].right;
        whole.count += sums[f].count;
    }
    double best = 1e9, ridge = 0;
    for (const double candidate : {1e-7, 1e-6, 1e-5, 1e-4}) {
        double sum = 0, alone = 0, large = 0, largeAlone = 0;
        int count = 0;
        for (std::size_t f = 0; f < sums.size(); ++f) {
            const GazeReader reader = (whole - sums[f]).reader(candidate);
            for (const Sample *s : byFold[f]) {
                const double error = degreesBetween(reader.direction(s->evidence), s->truth), before = degreesBetween(s->alone, s->truth);
                sum += error;
                alone += before;
                large += s->large ? error : 0;
                largeAlone += s->large ? before : 0;
                count += s->large;
            }
        }
        const double n = double(samples.size());
        std::printf("ridge %g: off by %.2f deg (network alone %.2f, %.0f eyes); iris of 6 px and more %.2f (%.2f, %d eyes)\n", candidate, sum / n,
                    alone / n, n, large / std::max(1, count), largeAlone / std::max(1, count), count);
        if (sum < best) {
            best = sum;
            ridge = candidate;
        }
    }
    QFile file(QString::fromLocal8Bit(argv[3]));
    const QByteArray bytes = whole.reader(ridge).bytes();
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) {
        std::fprintf(stderr, "%s: %s\n", argv[3], qPrintable(file.errorString()));
        return 1;
    }
    return 0;
}
