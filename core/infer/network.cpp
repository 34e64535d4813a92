// SPDX-License-Identifier: GPL-3.0-or-later
#include "infer/network.h"

#include "base/hash.h"
#include "infer/script_steps_p.h"

#include <opencv2/imgproc.hpp>

#include <QFile>

#include <ATen/Parallel.h>
#include <torch/cuda.h>
#include <torch/script.h>

#include <algorithm>
#include <sstream>

using namespace Qt::StringLiterals;

/// Absent where LibTorch was built with another BLAS.
extern "C" __attribute__((weak)) void openblas_set_num_threads(int threads);

namespace fw {

struct Network::Impl
{
    torch::jit::Module module;
    torch::Device device = torch::kCPU;
    QString path;
    std::optional<ConvChain> chain; ///< what the module does, where it is so simple; CPU only
    std::vector<float> planes;      ///< of one picture, for the chain
};

namespace {

/// LibTorch's setting belongs to the thread that makes it. OpenBLAS, which multiplies the matrices of
/// small convolutions, has a pool of its own, whose threads spin while they wait.
void limitThreads()
{
    thread_local const bool limited = [] {
        at::set_num_threads(1);
        if (openblas_set_num_threads)
            openblas_set_num_threads(1);
        return true;
    }();
    (void)limited;
}

QString reasonOf(const std::exception &e)
{
    const auto *error = dynamic_cast<const c10::Error *>(&e);
    const std::string text = error ? error->what_without_backtrace() : e.what();
    return QString::fromStdString(text).section(u'\n', 0, 0).trimmed();
}

/// One picture as planes of floats, written to `to`.
void writePlanes(const cv::Mat &picture, const Normalization &normalization, float *to)
{
    const int channels = picture.channels();
    cv::Mat floats;
    if (picture.depth() == CV_8U) {
        picture.convertTo(floats, CV_32F, 1.0 / 255.0);
        if (channels == 3)
            cv::cvtColor(floats, floats, cv::COLOR_BGR2RGB);
    } else {
        floats = picture;
    }
    const std::size_t plane = picture.total();
    std::vector<cv::Mat> planes;
    for (int c = 0; c < channels; ++c)
        planes.emplace_back(picture.rows, picture.cols, CV_32FC1, to + std::size_t(c) * plane);
    cv::split(floats, planes); // into the memory given, because size and type fit
    if (picture.depth() != CV_8U)
        return;
    for (std::size_t c = 0; c < planes.size(); ++c)
        planes[c] = (planes[c] - normalization.mean[c]) / normalization.deviation[c];
}

NetworkOutput outputOf(const torch::Tensor &tensor)
{
    const torch::Tensor floats = tensor.to(torch::kCPU, torch::kFloat).contiguous();
    NetworkOutput output;
    output.shape = floats.sizes().vec();
    const float *values = floats.data_ptr<float>();
    output.values.assign(values, values + floats.numel());
    return output;
}

std::vector<NetworkOutput> chainOutputs(ConvChain &chain, std::vector<float> &planes,
                                        std::size_t length, std::span<const cv::Mat> pictures,
                                        const Normalization &normalization)
{
    const cv::Mat &first = pictures[0];
    NetworkOutput output;
    output.shape = {std::int64_t(pictures.size()), std::int64_t(length)};
    output.values.resize(pictures.size() * length);
    planes.resize(first.total() * std::size_t(first.channels()));
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        writePlanes(pictures[i], normalization, planes.data());
        chain.run(planes.data(), first.rows, first.cols, output.values.data() + i * length);
    }
    return {std::move(output)};
}

Result<void> checkPictures(std::span<const cv::Mat> pictures)
{
    if (pictures.empty())
        return fail(Errc::BadData, u"a network was given no picture"_s);
    for (const cv::Mat &picture : pictures) {
        const int type = picture.type();
        if (type != CV_8UC3 && type != CV_8UC1 && picture.depth() != CV_32F)
            return fail(Errc::BadData, u"a network was given a picture of another sample type"_s);
        if (picture.empty() || picture.size() != pictures[0].size() || type != pictures[0].type())
            return fail(Errc::BadData, u"the pictures of one batch differ in size or type"_s);
    }
    return {};
}

} // namespace

std::span<const float> NetworkOutput::of(std::size_t picture) const
{
    if (shape.empty() || shape.front() <= 0 || picture >= std::size_t(shape.front()))
        return {};
    const std::size_t length = values.size() / std::size_t(shape.front());
    return std::span(values).subspan(picture * length, length);
}

Network::Network(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
}
Network::~Network() = default;

bool Network::cudaAvailable()
{
    return torch::cuda::is_available();
}

Result<std::unique_ptr<Network>> Network::load(const QString &path, const QString &sha256Text,
                                               InferDevice device)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(file.exists() ? Errc::Unreadable : Errc::NotFound, file.errorString(), path);
    const QByteArray bytes = file.readAll();
    const QString found = hexText(sha256(bytes));
    if (found != sha256Text) {
        return fail(Errc::Mismatch,
                    u"the weights have the SHA-256 %1, expected %2"_s.arg(found, sha256Text), path);
    }
    if (device == InferDevice::Cuda && !cudaAvailable())
        return fail(Errc::Unsupported, u"LibTorch finds no CUDA device"_s, path);
    limitThreads();
    auto impl = std::make_unique<Impl>();
    impl->path = path;
    impl->device = device == InferDevice::Cuda ? torch::kCUDA : torch::kCPU;
    try {
        std::istringstream stream(bytes.toStdString());
        impl->module = torch::jit::load(stream, impl->device);
        impl->module.eval();
        if (device == InferDevice::Cpu) {
            if (auto steps = convStepsOf(impl->module))
                impl->chain = ConvChain::make(std::move(*steps));
        }
    } catch (const std::exception &e) {
        return fail(Errc::BadData, u"is no network that LibTorch can load: "_s + reasonOf(e), path);
    }
    return std::unique_ptr<Network>(new Network(std::move(impl)));
}

Result<std::unique_ptr<Network>> Network::ofModels(const std::map<QString, QString> &paths, const std::map<QString, QString> &hashes, const QString &id)
{
    const auto path = paths.find(id), hash = hashes.find(id);
    if (path == paths.end() || hash == hashes.end())
        return fail(Errc::NotFound, u"the weights were not handed over"_s, id);
    return load(path->second, hash->second);
}

Result<std::vector<NetworkOutput>> Network::forward(std::span<const cv::Mat> pictures,
                                                    const Normalization &normalization)
{
    if (const auto fit = checkPictures(pictures); !fit)
        return fail(fit.error().code, fit.error().what, m_impl->path);
    limitThreads();
    try {
        const cv::Mat &first = pictures[0];
        if (m_impl->chain) {
            const std::size_t length =
                m_impl->chain->outputs(first.channels(), first.rows, first.cols);
            if (length > 0)
                return chainOutputs(*m_impl->chain, m_impl->planes, length, pictures, normalization);
        }
        const c10::InferenceMode inference;
        torch::Tensor batch =
            torch::empty({std::int64_t(pictures.size()), first.channels(), first.rows, first.cols},
                         torch::kFloat);
        const std::size_t length = first.total() * std::size_t(first.channels());
        for (std::size_t i = 0; i < pictures.size(); ++i)
            writePlanes(pictures[i], normalization, batch.data_ptr<float>() + i * length);
        const torch::IValue result = m_impl->module.forward({batch.to(m_impl->device)});
        std::vector<NetworkOutput> outputs;
        if (result.isTensor()) {
            outputs.push_back(outputOf(result.toTensor()));
        } else if (result.isTuple()) {
            for (const torch::IValue &element : result.toTupleRef().elements())
                outputs.push_back(outputOf(element.toTensor()));
        } else {
            return fail(Errc::BadData, u"the network gives neither a tensor nor a tuple"_s,
                        m_impl->path);
        }
        return outputs;
    } catch (const std::exception &e) {
        return fail(Errc::BadData, u"the network failed: "_s + reasonOf(e), m_impl->path);
    }
}

} // namespace fw
