// SPDX-License-Identifier: GPL-3.0-or-later
// How far the eye network, trained further on some people's eyes of 15 x 9 px, is off in the gaze of another
// person: each file of the folder is one person, and each is left out once.
// Usage: tiny_gaze_accuracy FOLDER EYES.fwm [EPOCHS]     FOLDER holds *.h5 with "data", "gaze" and "headpose"
#include "faces/eye_crop.h"
#include "faces/face_crop.h"
#include "lab/conv_net.h"
#include "lab/eye_task.h"
#include "lab/weights.h"

#include <ATen/Parallel.h>
#include <hdf5.h>
#include <opencv2/imgproc.hpp>
#include <torch/utils.h>

#include <QDir>

#include <cmath>
#include <cstdio>
#include <numeric>
#include <optional>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

constexpr int kBatch = 64;
constexpr double kRate = 0.001;

struct Person
{
    torch::Tensor eyes; ///< n x 1 x 40 x 64, mean 0 and deviation 1
    torch::Tensor gaze; ///< n x 2, rad
    torch::Tensor head; ///< n x 2, rad
};

/// All numbers of a data set as they lie, and its extent.
template <class T> std::vector<T> numbersOf(hid_t file, const char *name, hid_t type, std::vector<hsize_t> *extent)
{
    const hid_t set = H5Dopen2(file, name, H5P_DEFAULT);
    if (set < 0)
        return {};
    const hid_t space = H5Dget_space(set);
    extent->resize(std::size_t(H5Sget_simple_extent_ndims(space)));
    H5Sget_simple_extent_dims(space, extent->data(), nullptr);
    std::vector<T> numbers(std::size_t(H5Sget_simple_extent_npoints(space)));
    if (H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data()) < 0)
        numbers.clear();
    H5Sclose(space);
    H5Dclose(set);
    return numbers;
}

std::optional<Person> personOf(const QString &path)
{
    const hid_t file = H5Fopen(path.toLocal8Bit().constData(), H5F_ACC_RDONLY, H5P_DEFAULT);
    if (file < 0)
        return std::nullopt;
    std::vector<hsize_t> extent, pairs;
    std::vector<std::uint8_t> pixels = numbersOf<std::uint8_t>(file, "data", H5T_NATIVE_UINT8, &extent);
    std::vector<float> gaze = numbersOf<float>(file, "gaze", H5T_NATIVE_FLOAT, &pairs);
    std::vector<float> head = numbersOf<float>(file, "headpose", H5T_NATIVE_FLOAT, &pairs);
    H5Fclose(file);
    if (extent.size() != 4 || pixels.empty() || gaze.size() != 2 * extent[0] || head.size() != gaze.size())
        return std::nullopt;
    const auto count = std::int64_t(extent[0]);
    const int high = int(extent[2]), wide = int(extent[3]);
    Person person{torch::empty({count, 1, kEyeCropHeight, kEyeCropWidth}), torch::tensor(gaze).view({count, 2}),
                  torch::tensor(head).view({count, 2})};
    for (std::int64_t i = 0; i < count; ++i) {
        const cv::Mat small(high, wide, CV_8UC1, pixels.data() + i * high * wide);
        cv::Mat part;
        cv::resize(small, part, {kEyeCropWidth, kEyeCropHeight}, 0, 0, cv::INTER_CUBIC);
        const cv::Mat input = standardised(part);
        std::copy_n(input.ptr<float>(), input.total(), person.eyes.data_ptr<float>() + i * std::int64_t(input.total()));
    }
    return person;
}

torch::Tensor directionsOf(const torch::Tensor &angles)
{
    const torch::Tensor up = angles.select(1, 0), aside = angles.select(1, 1);
    return torch::stack({up.cos() * aside.sin(), up.sin(), up.cos() * aside.cos()}, 1);
}

/// Degrees between directions.
torch::Tensor between(const torch::Tensor &a, const torch::Tensor &b)
{
    return (directionsOf(a) * directionsOf(b)).sum(1).clamp(-1, 1).acos() * (180 / M_PI);
}

/// The eye network and two numbers from its answers and the head.
struct GazeNet
{
    lab::ConvNet eyes;
    torch::nn::Linear last;

    torch::Tensor operator()(const torch::Tensor &parts, const torch::Tensor &head)
    {
        return last(torch::cat({eyes(parts), head}, 1));
    }
};

GazeNet learned(const torch::jit::Module &shipped, const std::vector<const Person *> &people, int epochs)
{
    std::vector<torch::Tensor> eyes, gaze, head;
    for (const Person *p : people) {
        eyes.push_back(p->eyes);
        gaze.push_back(p->gaze);
        head.push_back(p->head);
    }
    const torch::Tensor x = torch::cat(eyes), y = torch::cat(gaze), h = torch::cat(head);
    torch::manual_seed(1);
    GazeNet net{lab::ConvNet(lab::EyeTask({}).layers()), torch::nn::Linear(lab::kEyeOutputs + 2, 2)};
    net.eyes->takeOver(shipped, x.slice(0, 0, 512));
    std::vector<torch::Tensor> weights = net.eyes->parameters();
    for (const torch::Tensor &w : net.last->parameters())
        weights.push_back(w);
    torch::optim::AdamW optimiser(weights, torch::optim::AdamWOptions(kRate).weight_decay(0.01));
    const std::int64_t steps = epochs * (x.size(0) / kBatch);
    net.eyes->train();
    for (std::int64_t step = 0; step < steps; ++step) {
        lab::setRate(optimiser, kRate * 0.5 * (1 + std::cos(M_PI * double(step) / double(steps))));
        const torch::Tensor which = torch::randint(x.size(0), {kBatch}, torch::kLong);
        const torch::Tensor loss = (net(x.index_select(0, which), h.index_select(0, which)) - y.index_select(0, which)).abs().mean();
        optimiser.zero_grad();
        loss.backward();
        optimiser.step();
    }
    net.eyes->eval();
    return net;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 3) {
        std::fprintf(stderr, "usage: tiny_gaze_accuracy FOLDER EYES.fwm [EPOCHS]\n");
        return 2;
    }
    at::set_num_threads(1);
    const int epochs = argc > 3 ? std::atoi(argv[3]) : 6;
    const QDir folder(QString::fromLocal8Bit(argv[1]));
    std::vector<Person> people;
    for (const QString &name : folder.entryList({u"*.h5"_s}, QDir::Files, QDir::Name)) {
        if (auto person = personOf(folder.filePath(name)))
            people.push_back(std::move(*person));
    }
    if (people.size() < 2) {
        std::fprintf(stderr, "%s: fewer than two people can be read\n", argv[1]);
        return 1;
    }
    const torch::jit::Module shipped = torch::jit::load(argv[2]);
    double sum = 0;
    for (std::size_t left = 0; left < people.size(); ++left) {
        std::vector<const Person *> others;
        torch::Tensor usual = torch::zeros({1, 2});
        for (std::size_t i = 0; i < people.size(); ++i) {
            if (i == left)
                continue;
            others.push_back(&people[i]);
            usual += people[i].gaze.mean(0, true) / double(people.size() - 1);
        }
        GazeNet net = learned(shipped, others, epochs);
        const torch::NoGradGuard constant;
        const Person &p = people[left];
        const torch::Tensor off = between(net(p.eyes, p.head), p.gaze);
        const double mean = off.mean().item<double>();
        std::printf("person %zu left out: %lld eyes, off by %.2f deg in the mean, %.2f in the median; always the others' mean: %.2f\n", left,
                    static_cast<long long>(p.eyes.size(0)), mean, off.median().item<double>(), between(usual.expand_as(p.gaze), p.gaze).mean().item<double>());
        std::fflush(stdout);
        sum += mean;
    }
    std::printf("mean over %zu people: %.2f deg\n", people.size(), sum / double(people.size()));
    return 0;
}
