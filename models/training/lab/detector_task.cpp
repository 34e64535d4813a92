// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/detector_task.h"

#include "faces/face_crop.h"
#include "faces/face_grid.h"
#include "lab/augment.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace fw::lab {

using render::Random;

namespace {

constexpr int kScene = 160;
const cv::Size kSceneSize(kScene, kScene);
constexpr int kAcross = faceGridPlaces(kScene), kPlaces = kAcross * kAcross;
constexpr double kLargest = 130.0; ///< px: larger than what the network answers for, so that it leaves them alone
constexpr double kAnswered = 0.8;  ///< share of faces of the sizes that it answers for

/// The square of a face as the rest of the program draws it: see faceCropOf(box).
cv::Rect2f squareOf(const FaceLabel &label)
{
    Landmarks68 points;
    for (std::size_t i = 0; i < points.size(); ++i)
        points[i] = {label.points[2 * i], label.points[2 * i + 1]};
    return faceSquareOf(*faceCropOf(points));
}

cv::Mat piece(const std::vector<cv::Mat> &pictures, cv::Size size, Random &random)
{
    if (pictures.empty())
        return cv::Mat(size, CV_8UC1, cv::Scalar(random.uniform(0, 255)));
    const cv::Mat &from = pictures[std::size_t(random.uniform(0, double(pictures.size())))];
    const int most = std::min(from.cols, from.rows);
    const int side = std::max(32, int(most * random.uniform(0.15, 1.0)));
    const cv::Rect part(int(random.uniform(0, from.cols - side)),
                        int(random.uniform(0, from.rows - side)), side, side);
    cv::Mat out;
    cv::resize(from(part), out, size, 0, 0, cv::INTER_AREA);
    return out;
}

/// Lays `patch` over the scene, with a hard or a soft edge.
void paste(cv::Mat &scene, const cv::Mat &patch, cv::Point at, bool soft)
{
    const cv::Rect area = cv::Rect(at, patch.size()) & cv::Rect({0, 0}, scene.size());
    if (area.area() == 0)
        return;
    cv::Mat mask(patch.size(), CV_32FC1, cv::Scalar(1));
    if (soft) {
        mask = 0;
        cv::ellipse(mask, {patch.cols / 2, patch.rows / 2},
                    {int(patch.cols * 0.44), int(patch.rows * 0.47)}, 0, 0, 360, cv::Scalar(1),
                    cv::FILLED);
        cv::GaussianBlur(mask, mask, {}, std::max(1.0, patch.cols * 0.03));
    }
    const cv::Rect inside(area.tl() - at, area.size());
    cv::Mat under, over;
    scene(area).convertTo(under, CV_32F);
    patch(inside).convertTo(over, CV_32F);
    const cv::Mat m = mask(inside);
    cv::Mat blended = under + (over - under).mul(m);
    blended.convertTo(scene(area), CV_8U);
}

bool meets(const cv::Rect2f &a, const std::vector<cv::Rect2f> &others)
{
    return std::any_of(others.begin(), others.end(),
                       [&](const cv::Rect2f &o) { return (a & o).area() > 0.02f * o.area(); });
}

/// 1 face, 0 none, -1 not to be judged; then what is to be predicted there.
void writeTargets(const std::vector<cv::Rect2f> &faces, float *to)
{
    std::fill_n(to, 4 * kPlaces, 0.0f);
    constexpr float stride = kFaceGridStride;
    for (const cv::Rect2f &face : faces) {
        const float side = face.width;
        const cv::Point2f centre = 0.5f * (face.tl() + face.br());
        const bool mine = side >= kFaceGridLeast && side < kFaceGridMost;
        const bool near = side < 2.0f * kFaceGridMost;
        for (int i = 0; i < kPlaces; ++i) {
            const cv::Point2f place((float(i % kAcross) + 0.5f) * stride, (float(i / kAcross) + 0.5f) * stride);
            const float away = float(cv::norm(place - centre));
            if (mine && away < std::max(0.22f * side, 0.75f * stride)) {
                to[i] = 1.0f;
                to[kPlaces + i] = (centre.x - place.x) / stride;
                to[2 * kPlaces + i] = (centre.y - place.y) / stride;
                to[3 * kPlaces + i] = faceGridLogSide(side);
            } else if (near && away < std::max(0.5f * side, 1.5f * stride) && to[i] == 0.0f) {
                to[i] = -1.0f;
            }
        }
    }
}

} // namespace

DetectorTask::DetectorTask(Packs packs, std::vector<cv::Mat> backgrounds)
    : m_packs(std::move(packs))
    , m_backgrounds(std::move(backgrounds))
{
}

cv::Size DetectorTask::inputSize() const
{
    return kSceneSize;
}

std::vector<Layer> DetectorTask::layers() const
{
    return {{.in = 1, .out = 12, .stride = 2},
            {.in = 12, .out = 24, .stride = 2},
            {.in = 24, .out = 40, .stride = 2},
            {.in = 40, .out = 40, .residual = true},
            {.in = 40, .out = 40, .residual = true},
            {.in = 40, .out = 40, .residual = true},
            {.in = 40, .out = 40, .residual = true},
            {.in = 40, .out = 48, .kernel = 1, .padding = 0},
            {.in = 48, .out = 4, .kernel = 1, .padding = 0, .relu = false}};
}

DetectorTask::Scene DetectorTask::scene(const SamplePack &photos, const SamplePack &renders,
                                        Random &random) const
{
    Scene scene;
    scene.grey = piece(m_backgrounds, kSceneSize, random);
    const double crowd = random.uniform();
    const int count = crowd < 0.15 ? 0 : crowd < 0.4 ? 1 : crowd < 0.7 ? 3 : 6;
    for (int n = 0; n < count; ++n) {
        const SamplePack &pack = random.uniform() < 0.6 ? photos : renders;
        const std::size_t at = std::size_t(random.uniform(0, double(pack.size())));
        const cv::Rect2f square = squareOf(pack.label(at));
        const bool answered = random.uniform() < kAnswered;
        const double side = std::exp(answered ? random.uniform(std::log(double(kFaceGridLeast)), std::log(double(kFaceGridMost)))
                                              : random.uniform(std::log(double(kFaceGridMost)), std::log(kLargest)));
        const double scale = side / double(square.width);
        const double turn = random.normal(0, 0.15);
        const cv::Point2f middle = 0.5f * (square.tl() + square.br());
        // The whole sample, turned about the face.
        const int patchSide = std::max(8, int(kSampleSide * scale));
        cv::Mat turned, patch;
        cv::warpAffine(pack.grey(at), turned,
                       cv::getRotationMatrix2D(middle, turn * 180 / CV_PI, 1.0),
                       {kSampleSide, kSampleSide}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
        cv::Rect2f there = square;
        if (random.uniform() < 0.5) {
            cv::flip(turned, turned, 1);
            there.x = float(kSampleSide - 1) - square.x - square.width;
        }
        cv::resize(turned, patch, {patchSide, patchSide}, 0, 0,
                   scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
        const float f = float(patchSide) / kSampleSide;
        const cv::Point2f centre(float(random.uniform(0.45 * side, kScene - 0.45 * side)),
                                 float(random.uniform(0.45 * side, kScene - 0.45 * side)));
        const cv::Point corner(int(centre.x - f * (there.x + 0.5f * there.width)),
                               int(centre.y - f * (there.y + 0.5f * there.height)));
        if (meets(cv::Rect2f(float(corner.x), float(corner.y), float(patchSide), float(patchSide)),
                  scene.faces))
            continue;
        paste(scene.grey, patch, corner, random.uniform() < 0.4);
        scene.faces.emplace_back(float(corner.x) + f * there.x, float(corner.y) + f * there.y,
                                 f * there.width, f * there.height);
    }
    if (random.uniform() < 0.5) { // an edge around something is no sign of a face
        const int side = int(random.uniform(12, 90));
        const cv::Point at(int(random.uniform(-10, kScene - 20)), int(random.uniform(-10, kScene - 20)));
        if (!meets(cv::Rect2f(float(at.x), float(at.y), float(side), float(side)), scene.faces))
            paste(scene.grey, piece(m_backgrounds, {side, side}, random), at,
                  random.uniform() < 0.4);
    }
    weather(scene.grey, 0.0, random);
    return scene;
}

Task::Batch DetectorTask::batch(int size, Random &random)
{
    constexpr std::int64_t numbers = 4 * kPlaces;
    Batch batch{torch::empty({size, 1, kScene, kScene}), torch::empty({size, numbers})};
    const std::size_t pixels = std::size_t(kScene) * kScene;
    for (int i = 0; i < size; ++i) {
        const Scene s = scene(m_packs.photos, m_packs.renders, random);
        const cv::Mat input = faceGridInput(s.grey);
        std::copy_n(input.ptr<float>(), pixels,
                    batch.input.data_ptr<float>() + std::size_t(i) * pixels);
        writeTargets(s.faces, batch.target.data_ptr<float>() + std::int64_t(i) * numbers);
    }
    return batch;
}

torch::Tensor DetectorTask::loss(const torch::Tensor &output, const torch::Tensor &target)
{
    const torch::Tensor found = output.view({-1, 4, kPlaces}), truth = target.view({-1, 4, kPlaces});
    const torch::Tensor label = truth.select(1, 0);
    const torch::Tensor isFace = (label > 0.5).to(torch::kFloat), judged = (label > -0.5).to(torch::kFloat);
    // Focal loss (Lin et al., ICCV 2017): the many easy places do not drown the few faces.
    const torch::Tensor logit = found.select(1, 0), p = torch::sigmoid(logit);
    const torch::Tensor entropy = torch::binary_cross_entropy_with_logits(logit, isFace, {}, {}, at::Reduction::None);
    const torch::Tensor miss = isFace * (1 - p) + (1 - isFace) * p;
    const torch::Tensor weight = (isFace * 0.75 + (1 - isFace) * 0.25) * miss * miss;
    const torch::Tensor place =
        torch::smooth_l1_loss(found.slice(1, 1, 4), truth.slice(1, 1, 4), at::Reduction::None, 0.1).sum(1) * isFace;
    return (4.0 * (weight * entropy * judged).sum() + place.sum()) / isFace.sum().clamp_min(1.0);
}

std::string DetectorTask::validate(TrainableNet &net)
{
    const torch::NoGradGuard constant;
    Random random(3);
    int faces = 0, small = 0, found = 0, smallFound = 0, wrong = 0;
    constexpr int kScenes = 400;
    for (int n = 0; n < kScenes; ++n) {
        const Scene s = scene(m_packs.photosTest, m_packs.rendersTest, random);
        cv::Mat input = faceGridInput(s.grey);
        const torch::Tensor out = net.forward(torch::from_blob(input.data, {1, 1, kScene, kScene}).clone()).contiguous();
        std::vector<GridFace> hits =
            surest(facesOfGrid(std::span(out.data_ptr<float>(), std::size_t(out.numel())), kSceneSize, 0.0f));
        for (const cv::Rect2f &face : s.faces) {
            const auto hit = std::find_if(hits.begin(), hits.end(), [&](const GridFace &h) {
                const float both = (h.box & face).area();
                return both / (h.box.area() + face.area() - both) > 0.4f;
            });
            const bool isSmall = face.width < 16, seen = hit != hits.end();
            if (seen)
                hits.erase(hit);
            if (face.width >= kFaceGridMost)
                continue;
            ++faces;
            small += isSmall;
            found += seen;
            smallFound += seen && isSmall;
        }
        wrong += int(hits.size());
    }
    char text[160];
    std::snprintf(text, sizeof text, "found %.1f %% of %d faces (below 16 px: %.1f %% of %d), %.3f wrong a scene ",
                  100.0 * found / std::max(1, faces), faces, 100.0 * smallFound / std::max(1, small), small,
                  double(wrong) / kScenes);
    return text;
}

} // namespace fw::lab
