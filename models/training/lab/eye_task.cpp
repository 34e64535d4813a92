// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/eye_task.h"

#include "faces/eye_crop.h"
#include "faces/face_crop.h"
#include "lab/augment.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace fw::lab {

using render::Random;

namespace {

const cv::Size kPart(kEyeCropWidth, kEyeCropHeight);
constexpr double kHalf = 0.5 * kEyeCropWidth;
constexpr int kKnown = 30; ///< numbers with a truth; the last output is learned without one

/// What is known of one example; a number whose weight is 0 is not.
struct Truth
{
    std::array<float, kKnown> value{}, weight{};
    void set(int i, double v, double w = 1.0)
    {
        value[std::size_t(i)] = float(v);
        weight[std::size_t(i)] = float(w);
    }
    void setPoint(int i, const cv::Point2d &p, double w = 1.0)
    {
        set(i, (p.x - 0.5 * kEyeCropWidth) / kHalf, w);
        set(i + 1, (p.y - 0.5 * kEyeCropHeight) / kHalf, w);
    }
};

struct Example
{
    cv::Mat part; ///< CV_8UC1
    Truth truth;
};

Landmarks68 pointsOf(const FaceLabel &label)
{
    Landmarks68 p;
    for (std::size_t i = 0; i < p.size(); ++i)
        p[i] = {label.points[2 * i], label.points[2 * i + 1]};
    return p;
}

/// Told from the line of view and turned by the roll that the part removes.
cv::Vec3d uprightGaze(const EyeLabel &eye, const FaceLabel &face, const Similarity &toPart)
{
    const Camera camera{double(face.focal), {double(face.centre[0]), double(face.centre[1])}};
    const cv::Vec3d gaze = straightAhead({double(eye.iris[0]), double(eye.iris[1])}, camera) *
                           cv::Vec3d(double(eye.gaze[0]), double(eye.gaze[1]), double(eye.gaze[2]));
    const double a = toPart.rotationRadians();
    return {std::cos(a) * gaze[0] - std::sin(a) * gaze[1],
            std::sin(a) * gaze[0] + std::cos(a) * gaze[1], gaze[2]};
}

Example exampleOf(const SamplePack &pack, std::size_t at, Eye eye, const Jitter &jitter,
                  Random &random)
{
    const FaceLabel &label = pack.label(at);
    const bool right = eye == Eye::ImageRight;
    const EyeLabel &known = label.eyes[right ? 1 : 0];
    const Landmarks68 points = pointsOf(label);
    const Similarity toPart = disturbed(*eyeCropOf(points, eye), kPart, jitter, random);
    Example e;
    cv::warpAffine(pack.grey(at), e.part, toPart.matrix(), kPart, cv::INTER_LINEAR,
                   cv::BORDER_REPLICATE);
    // Seen as the eye at the left: what lies at x moves to the other side.
    const auto placed = [&](cv::Point2d p) {
        p = toPart.map(p);
        return right ? cv::Point2d(kEyeCropWidth - 1 - p.x, p.y) : p;
    };
    if (right)
        cv::flip(e.part, e.part, 1);
    const auto lid = [&](int i) { return right ? mirroredLids()[std::size_t(i)] : i; };
    if (label.source == Source::Photo) {
        const std::size_t first = right ? 42 : 36;
        const std::array<int, 6> lids{0, 2, 4, 6, 8, 10};
        for (std::size_t k = 0; k < 6; ++k)
            e.truth.setPoint(3 + 2 * lid(lids[k]), placed(points[first + k]), 0.5);
        return e;
    }
    // A shut eye hides its iris.
    const double seen = std::clamp((double(known.openness) - 0.12) / 0.25, 0.0, 1.0);
    e.truth.setPoint(0, placed({known.iris[0], known.iris[1]}), seen);
    e.truth.set(2, double(known.irisRadius) * toPart.scale() / kHalf, seen);
    for (int i = 0; i < 12; ++i)
        e.truth.setPoint(3 + 2 * lid(i), placed({known.lids[2 * i], known.lids[2 * i + 1]}));
    e.truth.set(27, double(known.openness));
    const cv::Vec3d gaze = uprightGaze(known, label, toPart);
    e.truth.set(28, right ? -gaze[0] : gaze[0], seen);
    e.truth.set(29, gaze[1], seen);
    return e;
}

Example exampleOf(const EyePicture &picture, bool flip, const Jitter &jitter, Random &random)
{
    Similarity whole;
    whole.real = double(kEyeCropWidth) / picture.grey.cols;
    whole.shift = {0.0, 0.5 * kEyeCropHeight - 0.5 * whole.real * picture.grey.rows};
    const Similarity toPart = disturbed(whole, kPart, jitter, random);
    Example e;
    cv::warpAffine(picture.grey, e.part, toPart.matrix(), kPart, cv::INTER_AREA,
                   cv::BORDER_REPLICATE);
    if (flip)
        cv::flip(e.part, e.part, 1);
    e.truth.set(27, picture.open ? 1.0 : 0.0, 1.0);
    return e;
}

/// How far the eye is turned away, by chance of the drawing: such an eye is not trained on.
bool isVisible(const FaceLabel &label, Eye eye)
{
    if (label.source == Source::Photo)
        return true;
    // Positive yaw turns the face towards image left, which hides the eye at the left.
    const double away = eye == Eye::ImageLeft ? double(label.yaw) : -double(label.yaw);
    return away < 0.75;
}

torch::Tensor run(TrainableNet &net, const cv::Mat &part)
{
    cv::Mat input = standardised(part);
    return net.forward(
        torch::from_blob(input.data, {1, 1, kEyeCropHeight, kEyeCropWidth}).clone());
}

double areaUnderCurve(std::vector<double> open, std::vector<double> shut)
{
    std::sort(shut.begin(), shut.end());
    double wins = 0;
    for (const double v : open) {
        const auto range = std::equal_range(shut.begin(), shut.end(), v);
        wins += double(range.first - shut.begin()) + 0.5 * double(range.second - range.first);
    }
    return wins / std::max(1.0, double(open.size() * shut.size()));
}

} // namespace

EyeTask::EyeTask(Packs packs)
    : m_packs(std::move(packs))
{
}

cv::Size EyeTask::inputSize() const
{
    return kPart;
}

std::vector<Layer> EyeTask::layers() const
{
    return {{.in = 1, .out = 16, .stride = 2},
            {.in = 16, .out = 32, .stride = 2},
            {.in = 32, .out = 32, .residual = true},
            {.in = 32, .out = 64, .stride = 2},
            {.in = 64, .out = 64, .residual = true},
            {.in = 64, .out = 160, .kernel = 5, .padding = 0, .kernelWide = 8},
            {.in = 160, .out = kEyeOutputs, .kernel = 1, .padding = 0, .relu = false}};
}

Task::Batch EyeTask::batch(int size, Random &random)
{
    Batch batch{torch::empty({size, 1, kEyeCropHeight, kEyeCropWidth}),
                torch::empty({size, 2 * kKnown})};
    const std::size_t pixels = std::size_t(kPart.area());
    for (int i = 0; i < size; ++i) {
        const double kind = random.uniform();
        Example e;
        if (kind < 0.15 && !m_packs.pictures.empty()) {
            const std::size_t at = std::size_t(random.uniform(0, double(m_packs.pictures.size())));
            e = exampleOf(m_packs.pictures[at], random.uniform() < 0.5, {0.12, 0.15, 0.07}, random);
        } else {
            const SamplePack &pack = kind < 0.32 ? m_packs.photos : m_packs.renders;
            std::size_t at;
            Eye eye;
            do {
                at = std::size_t(random.uniform(0, double(pack.size())));
                eye = random.uniform() < 0.5 ? Eye::ImageLeft : Eye::ImageRight;
            } while (!isVisible(pack.label(at), eye));
            e = exampleOf(pack, at, eye, {0.06, 0.10, 0.05}, random);
        }
        weather(e.part, 0.08, random);
        const cv::Mat input = standardised(e.part);
        std::copy_n(input.ptr<float>(), pixels,
                    batch.input.data_ptr<float>() + std::size_t(i) * pixels);
        float *target = batch.target.data_ptr<float>() + std::size_t(i) * 2 * kKnown;
        std::copy(e.truth.value.begin(), e.truth.value.end(), target);
        std::copy(e.truth.weight.begin(), e.truth.weight.end(), target + kKnown);
    }
    return batch;
}

torch::Tensor EyeTask::loss(const torch::Tensor &output, const torch::Tensor &target)
{
    const torch::Tensor truth = target.slice(1, 0, kKnown);
    const torch::Tensor weight = target.slice(1, kKnown, 2 * kKnown);
    // Points in pixels of the part; one pixel weighs as much as 0.06 of openness or 2 degrees.
    torch::Tensor unit = torch::full({kKnown}, kHalf);
    unit[27] = 16.0;
    unit.slice(0, 28, 30) = 28.0;
    const torch::Tensor error =
        ((output.slice(1, 0, kKnown) - truth).abs() * unit.to(output.device())) * weight;
    const torch::Tensor robust =
        torch::where(error < 1.0, 0.5 * error * error, error - 0.5); // Huber
    torch::Tensor importance = torch::ones({kKnown});
    importance.slice(0, 0, 2) *= 4.0;
    importance[2] = 2.0;
    importance.slice(0, 27, 30) *= 5.0;
    const torch::Tensor fit = (robust * importance.to(output.device())).sum(1).mean();
    const torch::Tensor logSigma = output.select(1, 30).clamp(-4, 4);
    const torch::Tensor squares =
        (error.slice(1, 0, 2) * error.slice(1, 0, 2)).sum(1).detach() * 0.5;
    const torch::Tensor spread =
        ((logSigma + 0.5 * squares * torch::exp(-2 * logSigma)) * weight.select(1, 0)).mean();
    return fit / 10.0 + 0.1 * spread;
}

std::string EyeTask::validate(TrainableNet &net)
{
    const torch::NoGradGuard constant;
    Random random(9);
    double iris = 0, gaze = 0, gazeLarge = 0, lids = 0, openness = 0;
    int count = 0, seen = 0, large = 0;
    const SamplePack &pack = m_packs.rendersTest;
    for (std::size_t at = 0; at < pack.size(); ++at) {
        for (const Eye eye : {Eye::ImageLeft, Eye::ImageRight}) {
            if (!isVisible(pack.label(at), eye))
                continue;
            const Example e = exampleOf(pack, at, eye, {0.03, 0.04, 0.02}, random);
            const torch::Tensor out = run(net, e.part);
            const float *v = out.data_ptr<float>();
            const auto &t = e.truth.value;
            ++count;
            openness += std::abs(double(v[27] - t[27]));
            for (std::size_t i = 3; i < 27; i += 2)
                lids += kHalf / 12 * std::hypot(double(v[i] - t[i]), double(v[i + 1] - t[i + 1]));
            if (e.truth.weight[0] < 0.9f)
                continue;
            ++seen;
            iris += kHalf * std::hypot(double(v[0] - t[0]), double(v[1] - t[1]));
            const auto ray = [](double x, double y) {
                return cv::Vec3d(x, y, -std::sqrt(std::max(0.0, 1 - x * x - y * y)));
            };
            const double angle =
                std::acos(std::clamp(ray(double(v[28]), double(v[29]))
                                         .dot(ray(double(t[28]), double(t[29]))),
                                     -1.0, 1.0)) *
                180 / CV_PI;
            gaze += angle;
            if (pack.label(at).eyes[0].irisRadius >= 6) {
                gazeLarge += angle;
                ++large;
            }
        }
    }
    std::vector<double> open, shut;
    for (const EyePicture &picture : m_packs.picturesTest) {
        const Example e = exampleOf(picture, false, {0, 0, 0}, random);
        (picture.open ? open : shut).push_back(double(run(net, e.part).data_ptr<float>()[27]));
    }
    char text[240];
    std::snprintf(text, sizeof text,
                  "renders: iris %.2f px, lids %.2f px of the part, openness %.3f, gaze %.2f deg "
                  "(iris >= 6 px: %.2f, %d eyes)  photos: open against shut AUC %.4f (%zu, %zu) ",
                  iris / std::max(1, seen), lids / std::max(1, count), openness / std::max(1, count),
                  gaze / std::max(1, seen), gazeLarge / std::max(1, large), large,
                  areaUnderCurve(open, shut), open.size(), shut.size());
    return text;
}

} // namespace fw::lab
