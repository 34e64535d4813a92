// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/blink_sequence.h"

#include "faces/eye_crop.h"
#include "faces/face_crop.h"
#include "lab/augment.h"
#include "lab/sequence_codec.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace fw::lab {

using render::Random;

namespace {

constexpr double kLeastGap = 0.35; ///< s between the ends of two events
constexpr int kSubframes = 4;      ///< seen while the shutter is open
constexpr float kClosedFrom = 0.7f;
const cv::Size kPart(kEyeCropWidth, kEyeCropHeight);

enum class Act { Blink, Glance, Squint, Look };

/// One movement of the lids there and back.
struct Movement
{
    Act act = Act::Blink;
    double start = 0, rise = 0.1, hold = 0, fall = 0.1, depth = 1;
    int where = 0; ///< of a look aside: which still

    double end() const { return start + rise + hold + fall; }
    double at(double t) const
    {
        const auto ramp = [](double x) { return 0.5 - 0.5 * std::cos(CV_PI * std::clamp(x, 0.0, 1.0)); };
        return depth * ramp((t - start) / rise) * (1.0 - ramp((t - start - rise - hold) / fall));
    }
};

double logNormal(Random &random, double median, double sigma)
{
    return median * std::exp(random.normal(0, sigma));
}

Movement movementOf(Act act, double start, double leastGlance, Random &random)
{
    Movement m;
    m.act = act;
    m.start = start;
    switch (act) {
    case Act::Blink:
        m.rise = logNormal(random, 0.075, 0.25);
        m.hold = random.uniform(0, 0.06);
        m.fall = logNormal(random, 0.170, 0.30);
        m.depth = random.uniform() < 0.5 ? 1.0 : random.uniform(0.35, 0.95);
        break;
    case Act::Glance:
        m.rise = random.uniform(0.06, 0.15);
        m.hold = random.uniform(leastGlance, std::max(3.0, leastGlance));
        m.fall = random.uniform(0.06, 0.15);
        m.depth = random.uniform(0.4, 1.0);
        break;
    case Act::Look:
        m.rise = random.uniform(0.03, 0.06);
        m.hold = random.uniform(0.15, 2.0);
        m.fall = random.uniform(0.03, 0.06);
        m.depth = random.uniform(0.3, 1.0);
        m.where = std::min(BlinkScene::kLook - 1, int(random.uniform(0, BlinkScene::kLook)));
        break;
    case Act::Squint:
        m.rise = random.uniform(0.12, 0.4);
        m.hold = random.uniform(0.1, 2.0);
        m.fall = random.uniform(0.15, 0.5);
        m.depth = random.uniform(0.4, 1.0);
        break;
    }
    return m;
}

/// Movements one after the other, as often as ordered.
std::vector<Movement> movementsOf(const SequenceOrder &order, Random &random)
{
    const double rates[] = {order.blinksPerMinute, order.glancesPerMinute, order.squintsPerMinute, order.looksPerMinute};
    const double all = (rates[0] + rates[1] + rates[2] + rates[3]) / 60.0;
    std::vector<Movement> movements;
    if (all <= 0.0)
        return movements;
    double t = random.uniform(-0.3, 0.3);
    for (;;) {
        t += -std::log(std::max(1e-9, random.uniform())) / all;
        if (t >= order.seconds)
            return movements;
        double pick = random.uniform(0, all * 60.0);
        int act = 0;
        while (act < 3 && pick >= rates[act])
            pick -= rates[act++];
        movements.push_back(movementOf(Act(act), t, order.leastGlanceSeconds, random));
        t = movements.back().end() + kLeastGap;
    }
}

using Weights = std::array<float, BlinkScene::kStills>;

void put(Weights &weights, int first, int last, double at, double share, int zero)
{
    // `at` from 0 (still `zero`) to 1 (still `last`), along the stills first..last.
    const double x = std::clamp(at, 0.0, 1.0) * (last - first + 1);
    const int low = int(std::min(x, double(last - first)));
    const auto index = [&](int i) { return std::size_t(i == 0 ? zero : first + i - 1); };
    weights[index(low)] += float(share * (1.0 - (x - low)));
    weights[index(low + 1)] += float(share * (x - low));
}

/// What the shutter saw: how much of each still, and the closure.
float expose(const BlinkScene &scene, const std::vector<Movement> &movements, double t, double open, Weights &weights)
{
    float closure = 0;
    for (int k = 0; k < kSubframes; ++k) {
        const double at = t + open * (k + 0.5) / kSubframes;
        double blink = 0, other = 0;
        const Movement *doing = nullptr;
        for (const Movement &m : movements) {
            const double v = m.at(at);
            if (m.act == Act::Blink) {
                blink = std::max(blink, v);
            } else if (v > other) {
                other = v;
                doing = &m;
            }
        }
        const double share = 1.0 / kSubframes;
        if (!doing)
            put(weights, 1, BlinkScene::kClosing - 1, blink, share, 0);
        else if (doing->act == Act::Glance)
            put(weights, BlinkScene::kFirstDown, BlinkScene::kFirstSquint - 1, other, share * (1 - blink), 0);
        else if (doing->act == Act::Squint)
            put(weights, BlinkScene::kFirstSquint, BlinkScene::kFirstLook - 1, other, share * (1 - blink), 0);
        else
            put(weights, BlinkScene::kFirstLook + doing->where, BlinkScene::kFirstLook + doing->where, other, share * (1 - blink), 0);
        if (doing)
            weights[BlinkScene::kClosing - 1] += float(share * blink);
        const double x = blink * (BlinkScene::kClosing - 1);
        const auto low = std::size_t(std::min(x, double(BlinkScene::kClosing - 2)));
        const double part = x - double(low);
        closure += float(share * ((1 - part) * double(scene.closure[low]) + part * double(scene.closure[low + 1])));
    }
    return closure;
}

/// One camera over a sequence: what it does to a part stays alike from frame to frame.
class Shooting
{
public:
    Shooting(const SequenceOrder &order, const Similarity &place, double tremble, Random &random)
        : m_weather(order.weather)
        , m_seed(random.next())
        , m_place(disturbed(place, kPart, {0.06, 0.10, 0.04}, random))
        , m_tremble(tremble)
        , m_scale(std::clamp((order.eyeWidth > 0 ? order.eyeWidth : random.uniform(12, 60)) / kEyeInPart, 0.1, 1.0))
        , m_noise(order.weather ? random.uniform(0, 5) : 0.0)
        , m_coded(random.uniform() < order.codec)
        , m_quality(random.uniform(18, 38))
    {
    }

    void shoot(const cv::Mat &still, Random &random)
    {
        // Landmarks tremble by 2 % of the eye's width; what is left of it after smoothing drifts.
        m_drift = 0.9 * m_drift + m_tremble * cv::Point2d(random.normal(0, 0.3), random.normal(0, 0.3));
        Similarity place = m_place;
        place.shift += m_drift + m_tremble * cv::Point2d(random.normal(0, 0.43), random.normal(0, 0.43));
        cv::Mat part;
        cv::warpAffine(still, part, place.matrix(), kPart, place.scale() < 0.8 ? cv::INTER_AREA : cv::INTER_LINEAR,
                       cv::BORDER_REPLICATE);
        if (m_weather) {
            Random alike(m_seed);
            weather(part, 0.05, alike);
        }
        if (m_scale < 0.95)
            cv::resize(part, part, {}, m_scale, m_scale, cv::INTER_AREA);
        if (m_noise > 0.5) {
            cv::Mat noise(part.size(), CV_16SC1);
            cv::RNG fast(random.next());
            fast.fill(noise, cv::RNG::NORMAL, 0, m_noise);
            cv::add(part, noise, part, {}, CV_8U);
        }
        m_parts.push_back(part);
    }

    /// What the network sees.
    std::vector<cv::Mat> develop()
    {
        if (m_coded && m_parts.size() > 1) {
            if (const auto coded = throughH264(m_parts, m_quality); !coded)
                throw std::runtime_error(coded.error().text().toStdString());
        }
        for (cv::Mat &part : m_parts) {
            if (part.size() != kPart)
                cv::resize(part, part, kPart, 0, 0, cv::INTER_LINEAR);
            part = standardised(part);
        }
        return std::move(m_parts);
    }

private:
    static constexpr double kEyeInPart = kEyeCropWidth / 1.5; ///< px

    bool m_weather;
    std::uint64_t m_seed;
    Similarity m_place;
    double m_tremble, m_scale, m_noise;
    bool m_coded;
    double m_quality;
    cv::Point2d m_drift{0, 0};
    std::vector<cv::Mat> m_parts;
};

Similarity middleOfStill()
{
    Similarity place; // the part lies in the middle of the still
    place.shift = {-0.5 * (BlinkScene::kWidth - kEyeCropWidth), -0.5 * (BlinkScene::kHeight - kEyeCropHeight)};
    return place;
}

/// What a camera whose shutter stays open for `open` seconds a frame makes of one eye.
BlinkSequence filmed(const BlinkScene &scene, const std::vector<Movement> &movements, double open,
                     const SequenceOrder &order, Shooting &camera, Random &random)
{
    BlinkSequence sequence;
    sequence.rate = order.rate;
    for (const Movement &m : movements) {
        if (m.act == Act::Blink)
            sequence.blinks.push_back({m.start + m.rise + 0.5 * m.hold, m.depth});
        else if (m.act == Act::Glance)
            sequence.glances.push_back({m.start, m.end()});
    }
    const int frames = int(order.seconds * order.rate + 0.5);
    for (int i = 0; i < frames; ++i) {
        Weights weights{};
        const double from = i / order.rate;
        const float closure = expose(scene, movements, from, open, weights);
        cv::Mat mean = cv::Mat::zeros(BlinkScene::kHeight, BlinkScene::kWidth, CV_32F), still;
        for (std::size_t k = 0; k < weights.size(); ++k) {
            if (weights[k] <= 0)
                continue;
            scene.stills[k].convertTo(still, CV_32F, double(weights[k]));
            mean += still;
        }
        mean.convertTo(still, CV_8U);
        camera.shoot(still, random);
        sequence.closure.push_back(closure);
        sequence.closed.push_back(closure >= kClosedFrom);
        sequence.moved.push_back(std::any_of(movements.begin(), movements.end(), [&](const Movement &m) {
            return from + open > m.start && from < m.end();
        }));
    }
    sequence.parts = camera.develop();
    sequence.closureKnown.assign(sequence.parts.size(), true);
    sequence.closedKnown = sequence.closureKnown;
    return sequence;
}

} // namespace

BlinkSequence playScene(const BlinkScene &scene, const SequenceOrder &order, Random &random)
{
    const std::vector<Movement> movements = movementsOf(order, random);
    const double open = random.uniform(0.2, 0.9) / order.rate;
    Shooting camera(order, middleOfStill(), 1.0, random);
    return filmed(scene, movements, open, order, camera, random);
}

std::array<BlinkSequence, 2> playBothEyes(const BlinkScene &left, const BlinkScene &right, const SequenceOrder &order,
                                          Random &random)
{
    const std::vector<Movement> movements = movementsOf(order, random);
    const double open = random.uniform(0.2, 0.9) / order.rate;
    std::vector<Movement> other = movements;
    for (Movement &m : other) {
        m.start += random.normal(0, 0.003);
        m.depth = std::clamp(m.depth * random.normal(1, 0.05), 0.0, 1.0);
    }
    Random same = random; // one camera sees both
    Shooting atLeft(order, middleOfStill(), 1.0, random), atRight(order, middleOfStill(), 1.0, same);
    std::array<BlinkSequence, 2> both{filmed(left, movements, open, order, atLeft, random),
                                      filmed(right, other, open, order, atRight, random)};
    return both;
}

BlinkSequence playPicture(const EyePicture &picture, const SequenceOrder &order, Random &random)
{
    BlinkSequence sequence;
    sequence.rate = order.rate;
    Similarity whole;
    whole.real = double(kEyeCropWidth) / picture.grey.cols;
    whole.shift = {0.0, 0.5 * kEyeCropHeight - 0.5 * whole.real * picture.grey.rows};
    Shooting camera(order, whole, 1.0, random);
    cv::Mat grey = picture.grey;
    if (random.uniform() < 0.5)
        cv::flip(grey, grey, 1);
    const int frames = int(order.seconds * order.rate + 0.5);
    for (int i = 0; i < frames; ++i)
        camera.shoot(grey, random);
    sequence.parts = camera.develop();
    sequence.closure.assign(sequence.parts.size(), picture.open ? 0.0f : 1.0f);
    sequence.closureKnown.assign(sequence.parts.size(), !picture.open); // how wide an open eye is open is not known
    sequence.closed.assign(sequence.parts.size(), !picture.open);
    sequence.closedKnown.assign(sequence.parts.size(), true);
    sequence.moved.assign(sequence.parts.size(), false);
    return sequence;
}

BlinkSequence playWatched(const WatchedEye &eye, const SequenceOrder &order, Random &random)
{
    BlinkSequence sequence;
    const int frames = int(order.seconds * order.rate + 0.5), known = int(eye.stills.size());
    const int step = known >= 2 * frames && random.uniform() < 0.25 ? 2 : 1;
    sequence.rate = eye.rate / step;
    const int last = std::max(0, known - frames * step);
    int first = int(random.uniform(0, last + 1));
    // Blinks are rare: every second stretch has a frame with lowered lids in it, where there is one.
    std::vector<int> lowered;
    for (int i = 0; i < known; ++i) {
        if (eye.closure[std::size_t(i)] >= 0.3f)
            lowered.push_back(i);
    }
    if (!lowered.empty() && random.uniform() < 0.5) {
        const int at = lowered[std::size_t(random.uniform(0, double(lowered.size())))];
        first = std::clamp(at - int(random.uniform(0, frames)) * step, 0, last);
    }
    Shooting camera(order, middleOfStill(), 0.5, random); // these trembled already when they were cut out
    for (int i = 0; i < frames; ++i) {
        const auto at = std::size_t(std::min(known - 1, first + i * step));
        camera.shoot(eye.stills[at], random);
        const float closure = eye.closure[at];
        const bool sure = !std::isnan(closure) && first + i * step < known;
        sequence.closure.push_back(sure ? closure : 0.0f);
        sequence.closureKnown.push_back(sure);
        sequence.moved.push_back(sure && closure >= 0.1f);
        sequence.closed.push_back(sure && closure >= kClosedFrom);
        sequence.closedKnown.push_back(sure && (closure < 0.45f || closure >= 0.85f)); // between, the label is too rough
    }
    sequence.parts = camera.develop();
    return sequence;
}

} // namespace fw::lab
