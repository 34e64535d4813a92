// SPDX-License-Identifier: GPL-3.0-or-later
#include "photos/zoo.h"

#include "photos/auto_encoder.h"

#include <ATen/Parallel.h>
#include <opencv2/imgcodecs.hpp>
#include <torch/optim.h>
#include <torch/utils.h>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace fw::lab {
namespace {

constexpr int kTrainSide = 64, kBatch = 4, kCropSide = 384;

torch::Tensor asTensor(const cv::Mat &bgr)
{
    cv::Mat wide;
    bgr.convertTo(wide, CV_32FC3, 1.0 / 127.5, -1.0);
    return torch::from_blob(wide.data, {1, bgr.rows, bgr.cols, 3}).permute({0, 3, 1, 2}).contiguous().clone();
}

cv::Mat asPicture(const torch::Tensor &tensor)
{
    const torch::Tensor last = ((tensor[0].permute({1, 2, 0}) + 1.0) * 127.5).round().clamp(0, 255).to(torch::kU8).contiguous();
    return cv::Mat(int(last.size(0)), int(last.size(1)), CV_8UC3, last.data_ptr()).clone();
}

cv::Mat cropOf(const cv::Mat &picture, int side, Draw &draw)
{
    return picture(cv::Rect(draw.integer(0, picture.cols - side), draw.integer(0, picture.rows - side), side, side)).clone();
}

/// Real crops and the folder that they and what is made of them go to.
struct Crops
{
    std::filesystem::path folder;
    std::vector<cv::Mat> real;

    std::string file(const std::string &member, std::size_t i) const
    {
        std::filesystem::create_directories(folder / member);
        char name[32];
        std::snprintf(name, sizeof name, "%03zu.png", i);
        return (folder / member / name).string();
    }
};

Crops cropsOf(const PatchSource &source, const std::filesystem::path &folder, int count, Draw &draw)
{
    std::vector<const cv::Mat *> large;
    for (const cv::Mat &picture : source.pictures) {
        if (std::min(picture.cols, picture.rows) >= kCropSide)
            large.push_back(&picture);
    }
    Crops crops{folder, {}};
    for (int i = 0; i < count && !large.empty(); ++i)
        crops.real.push_back(cropOf(*large[std::size_t(i) * large.size() / std::size_t(count)], kCropSide, draw));
    return crops;
}

AutoEncoder trainMember(const ZooRecipe &recipe, const PatchSource &source, int steps)
{
    torch::manual_seed(recipe.seed);
    Draw draw(recipe.seed);
    AutoEncoder net(recipe);
    PatchCritic critic;
    torch::optim::Adam ours(net->parameters(), torch::optim::AdamOptions(3e-3));
    torch::optim::Adam theirs(critic->parameters(), torch::optim::AdamOptions(1e-3));
    double last = 0.0;
    for (int step = 0; step < steps; ++step) {
        std::vector<torch::Tensor> crops;
        for (int i = 0; i < kBatch; ++i)
            crops.push_back(asTensor(cropOf(source.pictures[std::size_t(draw.integer(0, int(source.pictures.size()) - 1))],
                                            kTrainSide, draw)));
        const torch::Tensor real = torch::cat(crops);
        const torch::Tensor made = net->forward(real);
        const torch::Tensor error = recipe.squared ? (made - real).square().mean() : (made - real).abs().mean();
        torch::Tensor loss = error;
        if (recipe.adversarial) {
            loss = 0.5 * error + 0.05 * (critic->forward(made) - 1.0).square().mean();
        }
        ours.zero_grad();
        loss.backward();
        ours.step();
        if (recipe.adversarial) {
            theirs.zero_grad();
            const torch::Tensor judged = (critic->forward(real) - 1.0).square().mean()
                + critic->forward(made.detach()).square().mean();
            judged.backward();
            theirs.step();
        }
        last = step == 0 ? error.item<double>() : 0.95 * last + 0.05 * error.item<double>();
    }
    std::printf("%s: error %.4f\n", recipe.name.c_str(), last);
    std::fflush(stdout);
    return net;
}

} // namespace

Result<void> makeZoo(const PatchSource &source, const PatchSource &unseen, const ZooOrder &order)
{
    at::set_num_threads(1);
    std::filesystem::path other = order.folder;
    other += "-unseen";
    try {
        Draw draw(order.seed);
        Crops sides[] = {cropsOf(source, order.folder, order.pictures, draw), cropsOf(unseen, other, order.pictures / 2, draw)};
        for (const Crops &side : sides) {
            if (side.real.empty())
                return fail(Errc::BadData, u"no picture has 384 px a side"_s);
            for (std::size_t i = 0; i < side.real.size(); ++i)
                cv::imwrite(side.file("real", i), side.real[i]);
        }
        for (const ZooRecipe &recipe : zooRecipes()) {
            if (std::filesystem::exists(sides[1].file(recipe.name, sides[1].real.size() - 1)))
                continue;
            AutoEncoder net = trainMember(recipe, source, order.steps);
            net->eval();
            const torch::NoGradGuard constant;
            for (const Crops &side : sides) {
                for (std::size_t i = 0; i < side.real.size(); ++i)
                    cv::imwrite(side.file(recipe.name, i), asPicture(net->forward(asTensor(side.real[i]))));
            }
        }
    } catch (const std::exception &e) {
        return fail(Errc::Internal, QString::fromUtf8(e.what()).section(u'\n', 0, 2), u"zoo"_s);
    }
    return {};
}

} // namespace fw::lab
