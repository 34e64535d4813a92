// SPDX-License-Identifier: GPL-3.0-or-later
#include "lid_network.h"

#include "faces/face_crop.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr std::size_t kFeatures = 64;
const cv::Size kPart(kEyeCropWidth, kEyeCropHeight);

/// The part of the frame that one eye's crop shows; only this becomes grey.
cv::Mat partOf(const cv::Mat &bgr, Similarity toPart)
{
    const Similarity back = toPart.inverse();
    const cv::Point2d middle = back.map({0.5 * kPart.width, 0.5 * kPart.height});
    const double reach = 0.5 * std::hypot(kPart.width, kPart.height) / toPart.scale() + 4.0;
    const cv::Rect around = cv::Rect(cv::Point(int(std::floor(middle.x - reach)), int(std::floor(middle.y - reach))),
                                     cv::Point(int(std::ceil(middle.x + reach)), int(std::ceil(middle.y + reach)))) &
                            cv::Rect(0, 0, bgr.cols, bgr.rows);
    if (around.width < 4 || around.height < 4)
        return {};
    cv::Mat grey;
    cv::cvtColor(bgr(around), grey, cv::COLOR_BGR2GRAY);
    const cv::Point2d corner(around.tl());
    toPart.shift += cv::Point2d(toPart.real * corner.x - toPart.imaginary * corner.y,
                                toPart.imaginary * corner.x + toPart.real * corner.y);
    return standardisedCrop(grey, toPart, kPart);
}

} // namespace

LidNetwork::LidNetwork(std::unique_ptr<Network> eye, std::unique_ptr<Network> time)
    : m_eye(std::move(eye))
    , m_time(std::move(time))
{
}

Result<std::unique_ptr<LidNetwork>> LidNetwork::load(const JobContext &job)
{
    auto eye = Network::ofModels(job.modelPaths, job.modelHashes, u"blink-eye"_s), time = Network::ofModels(job.modelPaths, job.modelHashes, u"blink-time"_s);
    if (!eye)
        return Failure{eye.error()};
    if (!time)
        return Failure{time.error()};
    return std::unique_ptr<LidNetwork>(new LidNetwork(std::move(*eye), std::move(*time)));
}

Result<std::vector<std::optional<LidReading>>> LidNetwork::read(const cv::Mat &bgr, double seconds,
                                                                const std::vector<Request> &requests)
{
    std::vector<std::optional<LidReading>> readings(requests.size());
    std::vector<cv::Mat> parts;
    std::vector<std::size_t> askedBy;
    std::vector<LidMemory *> memories;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const Request &request = requests[i];
        Follower &follower = m_followers.try_emplace({request.track, request.eye}, request.eye).first->second;
        const auto toPart = follower.crop.next(*request.points, seconds);
        if (!toPart)
            continue;
        if (follower.crop.fresh())
            follower.memory = {};
        cv::Mat part = partOf(bgr, *toPart);
        if (part.empty())
            continue;
        if (request.eye == Eye::ImageRight)
            cv::flip(part, part, 1);
        parts.push_back(part);
        askedBy.push_back(i);
        memories.push_back(&follower.memory);
    }
    const auto stepped = step(parts, memories);
    if (!stepped)
        return Failure{stepped.error()};
    for (std::size_t k = 0; k < parts.size(); ++k)
        readings[askedBy[k]] = (*stepped)[k];
    return readings;
}

Result<std::vector<LidReading>> LidNetwork::step(const std::vector<cv::Mat> &parts, const std::vector<LidMemory *> &memories)
{
    if (parts.empty())
        return std::vector<LidReading>();
    const auto odd = [] { return fail(Errc::BadData, u"the network for the lids gives other numbers than it should"_s); };
    const auto seen = m_eye->forward(parts);
    if (!seen)
        return Failure{seen.error()};
    std::vector<cv::Mat> steps;
    for (std::size_t k = 0; k < parts.size(); ++k) {
        const std::span<const float> features = seen->front().of(k);
        const auto &values = memories[k]->values;
        if (features.size() != kFeatures)
            return odd();
        cv::Mat step(1, int(kFeatures + values.size()), CV_32FC1);
        std::ranges::copy(features, step.ptr<float>());
        std::ranges::copy(values, step.ptr<float>() + kFeatures);
        steps.push_back(step);
    }
    const auto after = m_time->forward(steps);
    if (!after)
        return Failure{after.error()};
    std::vector<LidReading> readings;
    for (std::size_t k = 0; k < parts.size(); ++k) {
        const std::span<const float> values = after->front().of(k);
        if (values.size() != 2 + memories[k]->values.size())
            return odd();
        readings.push_back({double(values[0]), double(values[1])});
        std::ranges::copy(values.subspan(2), memories[k]->values.begin());
    }
    return readings;
}

} // namespace fw
