// SPDX-License-Identifier: GPL-3.0-or-later
#include "photos/place_task.h"

#include "lab/weights.h"

#include <cstdio>

namespace fw::lab {
namespace {

constexpr int kMostSide = 512;        ///< of a picture that is made, px
constexpr int kStep = 40;             ///< between the places that stand for the whole picture
constexpr int kMorePlaces = 24;       ///< tries inside the paste
constexpr double kInside = 0.8, kOutside = 0.02;
constexpr int kValidationPictures = 40;

torch::Tensor asTensor(const cv::Mat &rows)
{
    return torch::from_blob(rows.data, {rows.rows, 1, 1, rows.cols}).clone();
}

} // namespace

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
        const std::uint64_t seed = random.next();
        Places places = placesOf(draw, drawPasted(draw, seed, m_train, kMostSide));
        rows.push_back(places.values);
        answers.insert(answers.end(), places.answers.begin(), places.answers.end());
    }
    cv::Mat all;
    cv::vconcat(rows, all);
    return {asTensor(all), torch::tensor(answers).reshape({-1, 1})};
}

torch::Tensor PlaceTask::loss(const torch::Tensor &output, const torch::Tensor &target)
{
    return balancedLoss(output, target);
}

std::string PlaceTask::validate(TrainableNet &net)
{
    const torch::NoGradGuard constant;
    std::string text = "AUC by place, unseen cameras:";
    for (int condition = 0; condition < kPasteConditions; ++condition) {
        double sum = 0.0;
        int pictures = 0;
        for (int i = 0; i < kValidationPictures; ++i) {
            Draw draw(0);
            const PastedPicture picture = validationPasted(draw, condition, i, m_unseen, kMostSide);
            const Places places = placesOf(draw, picture);
            if (const auto area = answeredArea(net.forward(asTensor(places.values)), torch::tensor(places.answers))) {
                sum += *area;
                ++pictures;
            }
        }
        char part[96];
        std::snprintf(part, sizeof part, " %s %.3f", kPasteConditionNames[std::size_t(condition)], sum / std::max(pictures, 1));
        text += part;
    }
    return text;
}

} // namespace fw::lab
