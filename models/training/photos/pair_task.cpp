// SPDX-License-Identifier: GPL-3.0-or-later
#include "photos/pair_task.h"

#include "origins/pair_planes.h"
#include "stats/quantile.h"
#include "stats/ranking.h"

#include <opencv2/imgcodecs.hpp>

#include <cstdio>
#include <stdexcept>

namespace fw::lab {
namespace {

std::vector<cv::Mat> picturesIn(const std::filesystem::path &folder)
{
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::directory_iterator(folder))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<cv::Mat> pictures;
    for (const auto &file : files)
        pictures.push_back(cv::imread(file.string()));
    return pictures;
}

torch::Tensor planesOf(const std::vector<cv::Mat> &pictures)
{
    torch::Tensor planes = torch::empty({std::int64_t(pictures.size()), kPairPlanes, kPairLevels, kPairLevels});
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        std::vector<cv::Mat> into;
        for (int plane = 0; plane < kPairPlanes; ++plane)
            into.emplace_back(kPairLevels, kPairLevels, CV_32FC1, planes[std::int64_t(i)][plane].data_ptr<float>());
        cv::split(pairPlanes(pictures[i]), into);
    }
    return planes;
}

int drawQuality(Draw &draw)
{
    const double which = draw.uniform(0.0, 1.0);
    return which < 0.34 ? 0 : which < 0.67 ? draw.integer(85, 98) : draw.integer(70, 84);
}

} // namespace

Twins Twins::read(const std::filesystem::path &folder)
{
    Twins twins;
    for (const auto &entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        (name == "real" ? twins.real : twins.made[name]) = picturesIn(entry.path());
    }
    for (const auto &[name, pictures] : twins.made) {
        if (pictures.size() != twins.real.size())
            throw std::runtime_error(name + " has other pictures than real");
    }
    if (twins.real.empty() || twins.made.size() < 3)
        throw std::runtime_error("no photographs and twins in " + folder.string());
    return twins;
}

PairTask::PairTask(Twins train, Twins unseen)
    : m_train(std::move(train))
    , m_unseen(std::move(unseen))
{
    int at = 0;
    for (const auto &[name, pictures] : m_train.made)
        (at++ % 3 == 2 ? m_leftOut : m_members).push_back(name);
}

std::vector<Layer> PairTask::layers() const
{
    const auto layer = [](int in, int out, int kernel, int stride, int padding) {
        Layer l;
        l.in = in;
        l.out = out;
        l.kernel = kernel;
        l.stride = stride;
        l.padding = padding;
        return l;
    };
    std::vector<Layer> layers{layer(kPairPlanes, 24, 5, 2, 2), layer(24, 48, 3, 2, 1), layer(48, 64, 3, 2, 1), layer(64, 96, 3, 2, 1),
                              layer(96, 1, 4, 1, 0)};
    layers.back().relu = false;
    return layers;
}

cv::Size PairTask::inputSize() const
{
    return {kPairLevels, kPairLevels};
}

Task::Batch PairTask::batch(int size, render::Random &random)
{
    std::vector<cv::Mat> pictures;
    for (int i = 0; i < size / 2; ++i) {
        Draw draw(std::uint64_t(random.next()) << 16 ^ random.next());
        const auto which = std::size_t(draw.integer(0, int(m_train.real.size()) - 1));
        const std::string &member = m_members[std::size_t(draw.integer(0, int(m_members.size()) - 1))];
        const TwinChanges changes = drawTwinChanges(draw, drawQuality(draw));
        pictures.push_back(changed(m_train.real[which], changes, kPairTile));
        pictures.push_back(changed(m_train.made.at(member)[which], changes, kPairTile));
    }
    torch::Tensor target = torch::zeros({std::int64_t(pictures.size()), 1});
    target.slice(0, 1, {}, 2).fill_(1.0f);
    return {planesOf(pictures), target};
}

torch::Tensor PairTask::loss(const torch::Tensor &output, const torch::Tensor &target)
{
    return torch::binary_cross_entropy_with_logits(output, target);
}

std::vector<double> PairTask::scores(TrainableNet &net, const std::vector<cv::Mat> &pictures) const
{
    const torch::Tensor output = net.forward(planesOf(pictures)).to(torch::kDouble).contiguous();
    return {output.data_ptr<double>(), output.data_ptr<double>() + output.numel()};
}

std::string PairTask::validate(TrainableNet &net)
{
    const torch::NoGradGuard constant;
    std::string text;
    for (const int quality : {0, 90, 75}) {
        std::vector<cv::Mat> photographs, fitting, asTheyAre, otherTones;
        std::map<std::string, std::vector<cv::Mat>> made;
        Draw draw(std::uint64_t(100 + quality));
        for (std::size_t i = 0; i < m_unseen.real.size(); ++i) {
            const TwinChanges changes = drawTwinChanges(draw, quality);
            photographs.push_back(changed(m_unseen.real[i], changes, kPairTile));
            for (const std::string &member : m_leftOut)
                made[member].push_back(changed(m_unseen.made.at(member)[i], changes, kPairTile));
            // The pictures come camera after camera: one half sets the limit, the other is measured.
            const bool sets = 2 * i < m_unseen.real.size();
            (sets ? fitting : asTheyAre).push_back(changed(m_unseen.real[i], {.quality = quality}, kPairTile));
            if (sets)
                continue;
            for (const auto &[gamma, contrast] : {std::pair{0.7, 1.0}, {1.4, 1.0}, {1.0, 0.8}, {1.0, 1.2}})
                otherTones.push_back(changed(m_unseen.real[i], {.gamma = gamma, .contrast = contrast, .quality = quality}, kPairTile));
        }
        const std::vector<double> low = scores(net, photographs);
        std::vector<double> high;
        double worst = 1.0;
        for (const auto &[member, pictures] : made) {
            const std::vector<double> own = scores(net, pictures);
            worst = std::min(worst, rocArea(low, own)->area);
            high.insert(high.end(), own.begin(), own.end());
        }
        const double limit = *quantile(scores(net, fitting), 0.98);
        const auto above = [&](const std::vector<double> &values) {
            return 100.0 * double(std::count_if(values.begin(), values.end(), [&](double v) { return v > limit; })) / double(values.size());
        };
        char part[160];
        std::snprintf(part, sizeof part, "%s%d: AUC %.3f worst %.3f found %.0f %% alarms %.0f %% other tones %.0f %%", text.empty() ? "" : "; ", quality,
                      rocArea(low, high)->area, worst, above(high), above(scores(net, asTheyAre)), above(scores(net, otherTones)));
        text += part;
    }
    return text;
}

} // namespace fw::lab
