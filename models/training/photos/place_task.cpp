// SPDX-License-Identifier: GPL-3.0-or-later
#include "photos/place_task.h"

#include "forge/blend.h"
#include "stats/ranking.h"

#include <opencv2/imgcodecs.hpp>

#include <cstdio>

namespace fw::lab {
namespace {

constexpr int kMostSide = 512;        ///< of a picture that is made
constexpr int kStep = 40;             ///< between the places that stand for the whole picture
constexpr int kMorePlaces = 24;       ///< tries inside the paste
constexpr double kInside = 0.8, kOutside = 0.02;
constexpr int kValidationPictures = 40;

cv::Mat saved(const cv::Mat &picture, int quality)
{
    std::vector<uchar> bytes;
    cv::imencode(".jpg", picture, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
    return cv::imdecode(bytes, cv::IMREAD_COLOR);
}

const cv::Mat &oneOf(Draw &draw, const PatchSource &source)
{
    return source.pictures[std::size_t(draw.integer(0, int(source.pictures.size()) - 1))];
}

cv::Mat hostOf(Draw &draw, const PatchSource &source)
{
    const cv::Mat &whole = oneOf(draw, source);
    const cv::Size size(std::min(whole.cols, kMostSide), std::min(whole.rows, kMostSide));
    cv::Mat host = whole(cv::Rect(draw.integer(0, (whole.cols - size.width) / 8) * 8, draw.integer(0, (whole.rows - size.height) / 8) * 8,
                                  size.width, size.height)).clone();
    if (draw.chance(0.5))
        cv::flip(host, host, 1);
    if (draw.chance(0.25))
        host = saved(host, draw.integer(65, 98));
    return host;
}

ForgeryRange rangeOf()
{
    ForgeryRange range;
    range.sources = {Source::OtherPicture};
    range.leastArea = 0.08;
    range.identity = 0.25;
    range.untouched = 0.7;
    return range;
}

/// Half of what is moved is only scaled, as people drag a corner; a scale too close to 1 is taken away from it.
void simplify(Draw &draw, ForgeryPlan *plan)
{
    if (plan->scale == 1.0 && plan->rotation == 0.0)
        return;
    if (draw.chance(0.5))
        plan->rotation = plan->shear = 0.0;
    if (std::abs(std::log(plan->scale)) < 0.04)
        plan->scale = draw.chance(0.5) ? 1.06 : 0.94;
    if (draw.chance(0.4))
        plan->interpolation = Interpolation::Linear;
    if (draw.chance(0.4))
        plan->donorQuality.reset();
    if (draw.chance(0.5))
        plan->edge = Edge::Hard;
}

torch::Tensor asTensor(const cv::Mat &rows)
{
    return torch::from_blob(rows.data, {rows.rows, 1, 1, rows.cols}).clone();
}

} // namespace

PastedPicture pastedPicture(const cv::Mat &host, const cv::Mat &donor, const ForgeryPlan &plan, int quality)
{
    PastedPicture result;
    result.mask = outlineMask(plan, host.size());
    result.bgr = postProcessed(pasted(host, donor, plan, result.mask), plan);
    if (quality > 0)
        result.bgr = saved(result.bgr, quality);
    result.resampled = plan.scale != 1.0 || plan.rotation != 0.0 || plan.shear != 0.0;
    return result;
}

PlaceTask::PlaceTask(PatchSource train, PatchSource unseen)
    : m_train(std::move(train))
    , m_unseen(std::move(unseen))
{
}

std::vector<Layer> PlaceTask::layers() const
{
    std::vector<Layer> layers(3);
    layers[0].in = 1;
    layers[0].kernel = 1;
    layers[0].kernelWide = 2 * kPlaceValues;
    layers[0].out = layers[1].in = 128;
    layers[1].out = layers[2].in = 64;
    layers[2].out = 1;
    layers[1].kernel = layers[2].kernel = 1;
    for (Layer &layer : layers)
        layer.padding = 0;
    layers[2].relu = false;
    return layers;
}

PlaceTask::Places PlaceTask::placesOf(Draw &draw, const PastedPicture &picture) const
{
    const cv::Size size = picture.bgr.size();
    const auto coverage = [&](cv::Point corner) {
        const cv::Rect place(corner, cv::Size(kResamplingPatch, kResamplingPatch));
        return double(cv::countNonZero(picture.mask(place))) / place.area();
    };
    std::vector<cv::Point> corners;
    std::vector<float> answers;
    const auto add = [&](cv::Point corner, double covered) {
        corners.push_back(corner);
        answers.push_back(covered >= kInside ? (picture.resampled ? 1.0f : 0.0f) : covered <= kOutside ? 0.0f : -1.0f);
    };
    const int left = draw.integer(0, 3) * 8, top = draw.integer(0, 3) * 8;
    for (int y = top; y + kResamplingPatch <= size.height; y += kStep) {
        for (int x = left; x + kResamplingPatch <= size.width; x += kStep)
            add({x, y}, coverage({x, y}));
    }
    const int usual = int(corners.size());
    for (int i = 0; i < kMorePlaces; ++i) {
        const cv::Point corner(8 * draw.integer(0, (size.width - kResamplingPatch) / 8), 8 * draw.integer(0, (size.height - kResamplingPatch) / 8));
        if (const double covered = coverage(corner); covered >= kInside)
            add(corner, covered);
    }
    const cv::Mat values = placeValues(m_radon, picture.bgr, corners);
    return {withDifferences(values, medianValues(values.rowRange(0, usual))), std::move(answers)};
}

Task::Batch PlaceTask::batch(int size, render::Random &random)
{
    std::vector<cv::Mat> rows;
    std::vector<float> answers;
    for (int i = 0; i < size; ++i) {
        Draw draw(std::uint64_t(random.next()) << 16 ^ random.next());
        const cv::Mat host = hostOf(draw, m_train), &donor = oneOf(draw, m_train);
        ForgeryPlan plan = drawPlan(std::uint64_t(random.next()), rangeOf(), host.size(), donor.size());
        simplify(draw, &plan);
        const int quality = draw.chance(0.6) ? draw.integer(70, 99) : 0;
        Places places = placesOf(draw, pastedPicture(host, donor, plan, quality));
        rows.push_back(places.values);
        answers.insert(answers.end(), places.answers.begin(), places.answers.end());
    }
    cv::Mat all;
    cv::vconcat(rows, all);
    return {asTensor(all), torch::tensor(answers).reshape({-1, 1})};
}

torch::Tensor PlaceTask::loss(const torch::Tensor &output, const torch::Tensor &target)
{
    // Either answer counts as much, however many places gave it.
    const torch::Tensor yes = (target > 0.5f).to(torch::kFloat), no = (target.abs() < 0.5f).to(torch::kFloat);
    const torch::Tensor weight = yes / yes.sum().clamp_min(1.0f) + no / no.sum().clamp_min(1.0f);
    const torch::Tensor each = torch::binary_cross_entropy_with_logits(output, target.clamp(0.0f, 1.0f), {}, {}, at::Reduction::None);
    return 0.5f * (each * weight).sum();
}

std::string PlaceTask::validate(ConvNet &net)
{
    const torch::NoGradGuard constant;
    static constexpr const char *kNames[] = {"1.2 bilinear", "1.2 bilinear saved at 90", "any geometry", "any geometry saved at 70-89"};
    std::string text = "AUC by place, unseen cameras:";
    ForgeryRange range = rangeOf();
    range.identity = 0.0;
    range.untouched = 1.0;
    for (int condition = 0; condition < 4; ++condition) {
        double sum = 0.0;
        int pictures = 0;
        for (int i = 0; i < kValidationPictures; ++i) {
            Draw draw(std::uint64_t(50000 + 1000 * (condition / 2) + i));
            const cv::Mat host = hostOf(draw, m_unseen), &donor = oneOf(draw, m_unseen);
            ForgeryPlan plan = drawPlan(std::uint64_t(60000 + i), range, host.size(), donor.size());
            if (condition < 2) {
                plan.scale = 1.2;
                plan.rotation = plan.shear = 0.0;
                plan.interpolation = Interpolation::Linear;
                plan.edge = Edge::Hard;
                plan.donorQuality.reset();
            }
            const int quality = condition == 1 ? 90 : condition == 3 ? draw.integer(70, 89) : 0;
            const Places places = placesOf(draw, pastedPicture(host, donor, plan, quality));
            const torch::Tensor output = net->forward(asTensor(places.values)).contiguous();
            std::vector<double> scores[2];
            for (std::size_t k = 0; k < places.answers.size(); ++k) {
                if (places.answers[k] >= 0.0f)
                    scores[places.answers[k] > 0.5f ? 1 : 0].push_back(double(output.data_ptr<float>()[k]));
            }
            if (const auto area = rocArea(scores[0], scores[1])) {
                sum += area->area;
                ++pictures;
            }
        }
        char part[96];
        std::snprintf(part, sizeof part, " %s %.3f", kNames[condition], sum / std::max(pictures, 1));
        text += part;
    }
    return text;
}

} // namespace fw::lab
