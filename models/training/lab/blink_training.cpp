// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/blink_training.h"

#include "faces/eye_crop.h"
#include "lab/weights.h"
#include "stats/ranking.h"

#include <ATen/Parallel.h>
#include <torch/nn/functional.h>
#include <torch/optim.h>
#include <torch/serialize.h>
#include <torch/utils.h>

#include <chrono>
#include <cmath>
#include <cstdio>

namespace fw::lab {

using namespace Qt::StringLiterals;
using render::Random;

namespace {

constexpr int kShort = 10, kLong = 48; ///< frames
constexpr double kRates[] = {15, 24, 25, 30, 50, 60};
constexpr double kClosedWeight = 2.0;
constexpr double kMostKept = 0.99; ///< of the running mean of the weights
constexpr int kEpochs = 24;
constexpr int kCachedBatch = 64;

/// What sequences are made of.
struct Recipe
{
    double watched = 0.35, pictures = 0.10; ///< shares of the sequences
    double glancesPerMinute = 8.0, squintsPerMinute = 5.0;
    float moved = 1.0f;  ///< weight of a frame in which lids or eye are not at rest
    int frames = kLong;  ///< of a sequence for all layers together
};
/// For going on: more of what looks like a blink and is none, over longer stretches.
constexpr Recipe kFurther{0.30, 0.08, 20.0, 8.0, 4.0f, 2 * kLong};

struct Batch
{
    torch::Tensor parts;                                ///< n x frames x height x width
    torch::Tensor closure, known, closed, closedKnown;  ///< n x frames; known: 0, or the weight of the frame
};

template <class T> const T &anyOf(const std::vector<T> &of, Random &random)
{
    return of[std::min(of.size() - 1, std::size_t(random.uniform(0, double(of.size()))))];
}

BlinkSequence anySequence(const BlinkPacks &packs, const Recipe &recipe, int frames, Random &random)
{
    SequenceOrder order;
    order.rate = kRates[std::min<std::size_t>(5, std::size_t(random.uniform(0, 6)))];
    order.glancesPerMinute = recipe.glancesPerMinute;
    order.squintsPerMinute = recipe.squintsPerMinute;
    if (frames == kShort) { // wide steps, so that much happens in few frames
        order.rate = random.uniform(12, 20);
        order.blinksPerMinute = 70;
    }
    order.seconds = frames / order.rate;
    const double kind = random.uniform();
    if (!packs.watched.empty() && kind < recipe.watched)
        return playWatched(anyOf(packs.watched, random), order, random);
    if (!packs.pictures.empty() && kind >= 1.0 - recipe.pictures)
        return playPicture(anyOf(packs.pictures, random), order, random);
    return playScene(anyOf(packs.scenes, random), order, random);
}

Batch batchOf(const BlinkPacks &packs, const Recipe &recipe, int sequences, int frames, Random &random)
{
    Batch b{torch::empty({sequences, frames, kEyeCropHeight, kEyeCropWidth}), torch::empty({sequences, frames}),
            torch::empty({sequences, frames}), torch::empty({sequences, frames}, torch::kLong),
            torch::empty({sequences, frames})};
    constexpr std::size_t kPixels = std::size_t(kEyeCropHeight) * kEyeCropWidth;
    for (int i = 0; i < sequences; ++i) {
        const BlinkSequence s = anySequence(packs, recipe, frames, random);
        for (int t = 0; t < frames; ++t) {
            const auto at = std::size_t(i * frames + t), in = std::size_t(t);
            std::copy_n(s.parts[in].ptr<float>(), kPixels, b.parts.data_ptr<float>() + at * kPixels);
            b.closure.data_ptr<float>()[at] = s.closure[in];
            const float weight = s.moved[in] ? recipe.moved : 1.0f;
            b.known.data_ptr<float>()[at] = s.closureKnown[in] ? weight : 0.0f;
            b.closed.data_ptr<std::int64_t>()[at] = s.closed[in] ? 1 : 0;
            b.closedKnown.data_ptr<float>()[at] = s.closedKnown[in] ? weight : 0.0f;
        }
    }
    return b;
}

torch::Tensor smooth(const torch::Tensor &error) ///< Huber's, bending at 0.1
{
    const torch::Tensor a = error.abs();
    return torch::where(a < 0.1, 5.0 * a * a, a - 0.05);
}

torch::Tensor lossOf(const BlinkNetImpl::Output &out, const Batch &b)
{
    namespace F = torch::nn::functional;
    const torch::Tensor each = F::cross_entropy(out.logits.reshape({-1, 2}), b.closed.reshape({-1}),
                                                F::CrossEntropyFuncOptions().reduction(torch::kNone));
    const torch::Tensor weight = (b.closedKnown * (1.0 + (kClosedWeight - 1.0) * b.closed)).reshape({-1});
    const torch::Tensor state = (each * weight).sum() / weight.sum().clamp_min(1.0);
    const torch::Tensor count = b.known.sum().clamp_min(1.0);
    const torch::Tensor value = (smooth(out.closure - b.closure) * b.known).sum() / count;
    const auto change = [](const torch::Tensor &x) { return x.slice(1, 1) - x.slice(1, 0, x.size(1) - 1); };
    const torch::Tensor pairs = torch::minimum(b.known.slice(1, 1), b.known.slice(1, 0, b.known.size(1) - 1));
    const torch::Tensor moving = (smooth(change(out.closure) - change(b.closure)) * pairs).sum() / count;
    return state + value + 0.1 * moving;
}

void copyInto(BlinkNet &to, BlinkNet &from)
{
    followWeights(*to, *from, 0, kMostKept);
}

/// On people who were not trained on. @param frames  through the layer for single frames.
std::string validate(BlinkNet &net, const BlinkPacks &packs, bool frames = false)
{
    Random random(9);
    std::vector<double> open, shut, openPictures, shutPictures;
    double error = 0;
    int count = 0;
    const std::size_t step = std::max<std::size_t>(1, packs.scenesTest.size() / 40);
    for (std::size_t at = 0; at < packs.scenesTest.size(); at += step) {
        SequenceOrder order;
        order.seconds = 3;
        const BlinkSequence s = playScene(packs.scenesTest[at], order, random);
        const BlinkReading r = readSequence(net, s.parts, frames);
        for (std::size_t t = 0; t < s.parts.size(); ++t, ++count) {
            (s.closed[t] ? shut : open).push_back(double(r.closed[t]));
            error += std::abs(double(r.closure[t] - s.closure[t]));
        }
    }
    for (const EyePicture &picture : packs.picturesTest) {
        SequenceOrder order;
        order.seconds = 0.2;
        order.weather = false;
        order.eyeWidth = 43;
        const BlinkReading r = readSequence(net, playPicture(picture, order, random).parts, frames);
        (picture.open ? openPictures : shutPictures).push_back(double(r.closed.back()));
    }
    const auto area = [](const std::vector<double> &a, const std::vector<double> &b) {
        const auto found = rocArea(a, b);
        return found ? found->area : 0.0;
    };
    char text[160];
    std::snprintf(text, sizeof text, "drawn: closed AUC %.4f, closure off by %.3f (%d frames)  photos: AUC %.4f",
                  area(open, shut), error / std::max(1, count), count, area(openPictures, shutPictures));
    return text;
}

/// One part of the training: steps with a rate that rises, then falls along a cosine.
class Part
{
public:
    Part(const char *name, std::vector<torch::Tensor> weights, double rate, double decay, std::int64_t steps)
        : m_name(name)
        , m_optimiser(weights, torch::optim::AdamWOptions(rate).weight_decay(decay))
        , m_weights(std::move(weights))
        , m_rate(rate)
        , m_steps(steps)
    {
    }

    void step(std::int64_t at, const torch::Tensor &loss)
    {
        const double warm = std::min(1.0, double(at + 1) / 50.0);
        const double rate = m_rate * warm * (0.01 + 0.99 * 0.5 * (1 + std::cos(M_PI * double(at) / double(m_steps))));
        setRate(m_optimiser, rate);
        m_optimiser.zero_grad();
        loss.backward();
        torch::nn::utils::clip_grad_norm_(m_weights, 5.0);
        m_optimiser.step();
        m_sum += loss.item<double>();
        ++m_count;
    }

    void report(std::int64_t done, const std::string &figures)
    {
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
        std::printf("%s %lld of %lld  loss %.4f  %s  %.1f min left\n", m_name, static_cast<long long>(done),
                    static_cast<long long>(m_steps), m_sum / std::max(1, m_count), figures.c_str(),
                    seconds / double(done) * double(m_steps - done) / 60.0);
        std::fflush(stdout);
        m_sum = 0;
        m_count = 0;
    }

private:
    const char *m_name;
    torch::optim::AdamW m_optimiser;
    std::vector<torch::Tensor> m_weights;
    double m_rate;
    std::int64_t m_steps;
    double m_sum = 0;
    int m_count = 0;
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

class BlinkTraining
{
public:
    BlinkTraining(const BlinkPacks &packs, const TrainOptions &options)
        : m_packs(packs)
        , m_options(options)
        , m_recipe(options.resume ? kFurther : Recipe{})
        , m_random((options.seed + (options.resume ? 1000u : 0u)) * 7919u)
    {
        torch::manual_seed(options.seed);
        m_net = BlinkNet();
        m_mean = BlinkNet();
        copyInto(m_mean, m_net);
        m_mean->eval();
    }

    void run()
    {
        if (m_options.resume) {
            torch::load(m_mean, (m_options.folder / "mean.pt").string());
            m_mean->eval();
            copyInto(m_net, m_mean);
            together(m_options.steps, m_options.rate);
        } else {
            inThreeParts();
        }
    }

private:
    void save()
    {
        torch::save(m_mean, (m_options.folder / "mean.pt").string());
        m_mean->eyeScript().save((m_options.folder / "eye.fwm").string());
        m_mean->timeScript().save((m_options.folder / "time.fwm").string());
    }

    void inThreeParts()
    {
        std::printf("%lld numbers, %.1f million multiplications an eye\n",
                    static_cast<long long>(m_net->parameterCount()), double(m_net->multiplications()) / 1e6);
        frameByFrame();
        copyInto(m_net, m_mean);
        overTime();
        copyInto(m_net, m_mean);
        together(m_options.steps / 3, 0.1 * m_options.rate);
    }

    void reportIf(Part &part, std::int64_t done, std::int64_t steps)
    {
        if (done % m_options.validateEvery != 0 && done != steps)
            return;
        save();
        part.report(done, validate(m_mean, m_packs));
    }

    void frameByFrame()
    {
        const std::int64_t steps = m_options.steps;
        Part part("frames", m_net->eyeWeights(), m_options.rate, m_options.weightDecay, steps);
        m_net->train();
        for (std::int64_t step = 0; step < steps; ++step) {
            const Batch batch = batchOf(m_packs, m_recipe, m_options.batch, kShort, m_random);
            part.step(step, lossOf(m_net->still(m_net->features(batch.parts)), batch));
            followWeights(*m_mean, *m_net, step, kMostKept);
            if ((step + 1) % m_options.validateEvery == 0 || step + 1 == steps) {
                save();
                part.report(step + 1, validate(m_mean, m_packs, true));
            }
        }
    }

    void overTime()
    {
        std::vector<Batch> cached;
        {
            const torch::NoGradGuard constant;
            for (std::int64_t n = 0; n < 3 * m_options.steps; n += kCachedBatch) {
                Batch batch = batchOf(m_packs, m_recipe, kCachedBatch, kLong, m_random);
                batch.parts = m_mean->features(batch.parts);
                cached.push_back(std::move(batch));
            }
        }
        const std::int64_t steps = kEpochs * std::int64_t(cached.size());
        Part part("over time", m_net->timeWeights(), m_options.rate, m_options.weightDecay, steps);
        m_net->train();
        for (std::int64_t step = 0; step < steps; ++step) {
            const Batch &batch = anyOf(cached, m_random);
            part.step(step, lossOf(m_net->overTime(batch.parts), batch));
            followWeights(*m_mean, *m_net, step, kMostKept);
            reportIf(part, step + 1, steps);
        }
    }

    void together(std::int64_t steps, double rate)
    {
        std::vector<torch::Tensor> all = m_net->eyeWeights();
        for (const torch::Tensor &w : m_net->timeWeights())
            all.push_back(w);
        Part part("together", all, rate, m_options.weightDecay, steps);
        m_net->train();
        m_net->holdNorms();
        for (std::int64_t step = 0; step < steps; ++step) {
            const Batch batch = batchOf(m_packs, m_recipe, std::max(1, m_options.batch / 3), m_recipe.frames, m_random);
            part.step(step, lossOf(m_net->forward(batch.parts), batch));
            followWeights(*m_mean, *m_net, step, kMostKept);
            reportIf(part, step + 1, steps);
        }
    }

    const BlinkPacks &m_packs;
    const TrainOptions &m_options;
    Recipe m_recipe;
    Random m_random;
    BlinkNet m_net{nullptr}, m_mean{nullptr};
};

} // namespace

BlinkReading readSequence(BlinkNet &net, const std::vector<cv::Mat> &parts, bool still)
{
    const torch::NoGradGuard constant;
    torch::Tensor input = torch::empty({1, std::int64_t(parts.size()), kEyeCropHeight, kEyeCropWidth});
    for (std::size_t i = 0; i < parts.size(); ++i)
        std::copy_n(parts[i].ptr<float>(), parts[i].total(), input.data_ptr<float>() + i * parts[i].total());
    const torch::Tensor features = net->features(input);
    const BlinkNetImpl::Output out = still ? net->still(features) : net->overTime(features);
    const torch::Tensor closed = torch::softmax(out.logits, 2).select(2, 1).contiguous();
    const torch::Tensor closure = out.closure.contiguous();
    BlinkReading reading;
    reading.closed.assign(closed.data_ptr<float>(), closed.data_ptr<float>() + parts.size());
    reading.closure.assign(closure.data_ptr<float>(), closure.data_ptr<float>() + parts.size());
    return reading;
}

Result<void> trainBlink(const BlinkPacks &packs, const TrainOptions &options)
{
    if (packs.scenes.empty() || packs.scenesTest.empty())
        return fail(Errc::NotFound, u"there are no scenes to train on"_s, u"blink"_s);
    try {
        at::set_num_threads(options.threads);
        std::filesystem::create_directories(options.folder);
        BlinkTraining(packs, options).run();
        return {};
    } catch (const std::exception &e) {
        return fail(Errc::Internal, QString::fromUtf8(e.what()).section(u'\n', 0, 2), u"blink"_s);
    }
}

Result<BlinkNet> trainedBlink(const std::filesystem::path &folder)
{
    try {
        BlinkNet net;
        torch::load(net, (folder / "mean.pt").string());
        net->eval();
        return net;
    } catch (const std::exception &e) {
        return fail(Errc::NotFound, QString::fromUtf8(e.what()).section(u'\n', 0, 0),
                    QString::fromStdString(folder.string()));
    }
}

} // namespace fw::lab
