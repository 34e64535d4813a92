// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/landmark_task.h"

#include "faces/face_crop.h"
#include "lab/augment.h"
#include "lab/occluders.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace fw::lab {

using render::Random;

namespace {

const cv::Size kSquare(kFaceCropSide, kFaceCropSide);
constexpr double kHalf = 0.5 * kFaceCropSide;
constexpr double kMeanShare = 0.5; ///< of photographs in a batch
constexpr std::array<int, 6> kGroupStarts{0, 17, 27, 36, 48, 68};

Landmarks68 pointsOf(const FaceLabel &label)
{
    Landmarks68 p;
    for (std::size_t i = 0; i < p.size(); ++i)
        p[i] = {label.points[2 * i], label.points[2 * i + 1]};
    return p;
}

cv::Mat cut(const cv::Mat &grey, const Similarity &toCrop)
{
    cv::Mat part;
    cv::warpAffine(grey, part, toCrop.matrix(), kSquare,
                   toCrop.scale() < 0.6 ? cv::INTER_AREA : cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    return part;
}

void mirror(cv::Mat &part, Landmarks68 &points)
{
    cv::flip(part, part, 1);
    Landmarks68 swapped;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const cv::Point2f p = points[i];
        swapped[std::size_t(mirroredLandmarks()[i])] = {float(kFaceCropSide - 1) - p.x, p.y};
    }
    points = swapped;
}

} // namespace

LandmarkError landmarkError(const Landmarks68 &found, const Landmarks68 &truth)
{
    LandmarkError e;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        const double d = cv::norm(found[i] - truth[i]);
        e.all += d / 68;
        if (i >= 17)
            e.withoutJaw += d / 51;
    }
    const double corners = eyeCornerDistance(truth);
    e.all /= corners;
    e.withoutJaw /= corners;
    return e;
}

LandmarkTask::LandmarkTask(Packs packs, std::vector<cv::Mat> backgrounds)
    : m_packs(std::move(packs))
    , m_backgrounds(std::move(backgrounds))
    , m_weights(torch::ones({136}))
{
    m_weights.slice(0, 0, 34) *= 0.6; // the jaw line is nowhere exact
    m_weights.slice(0, 72, 136) *= 1.3; // eyes and mouth
}

cv::Size LandmarkTask::inputSize() const
{
    return kSquare;
}

std::vector<Layer> LandmarkTask::layers() const
{
    return {{.in = 1, .out = 16, .stride = 2},
            {.in = 16, .out = 32, .stride = 2},
            {.in = 32, .out = 32, .residual = true},
            {.in = 32, .out = 64, .stride = 2},
            {.in = 64, .out = 64, .residual = true},
            {.in = 64, .out = 128, .stride = 2},
            {.in = 128, .out = 128, .residual = true},
            {.in = 128, .out = 64, .kernel = 1, .padding = 0},
            {.in = 64, .out = 256, .kernel = 7, .padding = 0},
            {.in = 256, .out = kLandmarkOutputs, .kernel = 1, .padding = 0, .relu = false}};
}

LandmarkTask::Example LandmarkTask::faceExample(Random &random)
{
    const SamplePack &pack =
        random.uniform() < kMeanShare ? m_packs.photos : m_packs.renders;
    const std::size_t at = std::size_t(random.uniform(0, double(pack.size())));
    Landmarks68 points = pointsOf(pack.label(at));
    // Mostly as exact as the last frame's points, sometimes as rough as a detector's box.
    const Jitter jitter = random.uniform() < 0.7 ? Jitter{0.10, 0.05, 0.02}
                                                 : Jitter{0.22, 0.13, 0.07};
    const Similarity toCrop = disturbed(*faceCropOf(points), kSquare, jitter, random);
    cv::Mat part = cut(pack.grey(at), toCrop);
    for (cv::Point2f &p : points)
        p = cv::Point2f(toCrop.map(p));
    if (random.uniform() < 0.5)
        mirror(part, points);
    if (random.uniform() < 0.30)
        occlude(part, points, m_backgrounds, random);
    weather(part, 0.08, random);
    Example e;
    e.input = standardised(part);
    for (const cv::Point2f &p : points) {
        e.target.push_back(float((double(p.x) - kHalf) / kHalf));
        e.target.push_back(float((double(p.y) - kHalf) / kHalf));
    }
    e.target.push_back(1.0f);
    return e;
}

LandmarkTask::Example LandmarkTask::emptyExample(Random &random)
{
    cv::Mat part;
    if (random.uniform() < 0.5 && !m_backgrounds.empty()) {
        const cv::Mat &from = m_backgrounds[std::size_t(random.uniform(0, double(m_backgrounds.size())))];
        const int most = std::min(from.cols, from.rows);
        const int size = std::max(24, int(most * random.uniform(0.1, 1.0)));
        const cv::Rect piece(int(random.uniform(0, from.cols - size)),
                             int(random.uniform(0, from.rows - size)), size, size);
        cv::resize(from(piece), part, kSquare, 0, 0, cv::INTER_AREA);
    } else { // beside a face, or a face at quite another size
        const SamplePack &pack =
            random.uniform() < kMeanShare ? m_packs.photos : m_packs.renders;
        const std::size_t at = std::size_t(random.uniform(0, double(pack.size())));
        Similarity toCrop = *faceCropOf(pointsOf(pack.label(at)));
        const double kind = random.uniform();
        const double angle = random.uniform(0, 2 * CV_PI);
        double scale = 1.0, away = 0.0;
        if (kind < 0.6)
            away = random.uniform(0.55, 1.0) * kFaceCropSide;
        else
            scale = kind < 0.8 ? random.uniform(2.0, 3.2) : random.uniform(0.3, 0.45);
        toCrop.real *= scale;
        toCrop.imaginary *= scale;
        const cv::Point2d middle(kHalf, kHalf);
        toCrop.shift = middle + scale * (toCrop.shift - middle) +
                       away * cv::Point2d(std::cos(angle), std::sin(angle));
        part = cut(pack.grey(at), toCrop);
    }
    weather(part, 0.1, random);
    return {standardised(part), std::vector<float>(137, 0.0f)};
}

Task::Batch LandmarkTask::batch(int size, Random &random)
{
    Batch batch{torch::empty({size, 1, kFaceCropSide, kFaceCropSide}),
                torch::empty({size, 137})};
    const std::size_t pixels = std::size_t(kFaceCropSide) * kFaceCropSide;
    for (int i = 0; i < size; ++i) {
        const Example e = random.uniform() < 0.14 ? emptyExample(random) : faceExample(random);
        std::copy_n(e.input.ptr<float>(), pixels,
                    batch.input.data_ptr<float>() + std::size_t(i) * pixels);
        std::copy(e.target.begin(), e.target.end(),
                  batch.target.data_ptr<float>() + std::size_t(i) * 137);
    }
    return batch;
}

torch::Tensor LandmarkTask::loss(const torch::Tensor &output, const torch::Tensor &target)
{
    const torch::Tensor isFace = target.select(1, 136);
    const torch::Tensor faces = isFace.sum().clamp_min(1.0);
    // Pixels of the square; wing loss (Feng et al., CVPR 2018) with w = 10, e = 2.
    const torch::Tensor error =
        kHalf * (output.slice(1, 0, 136) - target.slice(1, 0, 136)).abs();
    constexpr double w = 10.0, e = 2.0;
    const double offset = w - w * std::log(1.0 + w / e);
    const torch::Tensor wing =
        torch::where(error < w, w * torch::log1p(error / e), error + offset);
    const torch::Tensor points =
        ((wing * m_weights.to(output.device())).mean(1) * isFace).sum() / faces;
    // How far off the points of a group are, learned beside them and not through them.
    const torch::Tensor squares = (error * error).detach();
    torch::Tensor spread = torch::zeros({}, output.options());
    for (int g = 0; g < 5; ++g) {
        const int from = 2 * kGroupStarts[std::size_t(g)], to = 2 * kGroupStarts[std::size_t(g) + 1];
        const torch::Tensor logSigma = output.select(1, 136 + g).clamp(-4, 4);
        const torch::Tensor likelihood =
            logSigma + 0.5 * squares.slice(1, from, to).mean(1) * torch::exp(-2 * logSigma);
        spread = spread + (likelihood * isFace).sum() / faces;
    }
    const torch::Tensor face =
        torch::binary_cross_entropy_with_logits(output.select(1, 141), isFace);
    return points + 0.1 * spread + 1.0 * face;
}

namespace {

struct Figures
{
    std::vector<double> all, withoutJaw;
    int seen = 0;
};

double meanOf(const std::vector<double> &v)
{
    double sum = 0;
    for (const double x : v)
        sum += x;
    return v.empty() ? 0 : sum / double(v.size());
}

double medianOf(std::vector<double> v)
{
    if (v.empty())
        return 0;
    std::nth_element(v.begin(), v.begin() + std::ptrdiff_t(v.size() / 2), v.end());
    return v[v.size() / 2];
}

/// From a slightly wrong square, as a tracker would give it.
Figures measure(TrainableNet &net, const SamplePack &pack, std::size_t most)
{
    const torch::NoGradGuard constant;
    Random random(5);
    Figures f;
    const std::size_t count = std::min(most, pack.size());
    for (std::size_t n = 0; n < count; ++n) {
        const std::size_t at = n * pack.size() / count;
        const Landmarks68 truth = pointsOf(pack.label(at));
        const Similarity toCrop =
            disturbed(*faceCropOf(truth), kSquare, {0.05, 0.05, 0.03}, random);
        cv::Mat input = standardisedCrop(pack.grey(at), toCrop, kSquare);
        const torch::Tensor out =
            net.forward(torch::from_blob(input.data, {1, 1, kFaceCropSide, kFaceCropSide}));
        const float *v = out.data_ptr<float>();
        Landmarks68 found;
        const Similarity back = toCrop.inverse();
        for (std::size_t i = 0; i < 68; ++i)
            found[i] = back.map({kHalf * (1 + double(v[2 * i])), kHalf * (1 + double(v[2 * i + 1]))});
        const LandmarkError e = landmarkError(found, truth);
        f.all.push_back(100 * e.all);
        f.withoutJaw.push_back(100 * e.withoutJaw);
        f.seen += v[141] > 0 ? 1 : 0;
    }
    return f;
}

} // namespace

std::string LandmarkTask::validate(TrainableNet &net)
{
    std::string line;
    const auto add = [&](const char *what, const SamplePack &pack) {
        const Figures f = measure(net, pack, 400);
        char text[160];
        std::snprintf(text, sizeof text, "%s: %.2f %% (median %.2f, without jaw %.2f), seen %.1f %%  ",
                      what, meanOf(f.all), medianOf(f.all), meanOf(f.withoutJaw),
                      100.0 * f.seen / double(std::max<std::size_t>(1, f.all.size())));
        line += text;
    };
    add("photos", m_packs.photosTest);
    add("renders", m_packs.rendersTest);
    return line;
}

} // namespace fw::lab
