// SPDX-License-Identifier: GPL-3.0-or-later
#include "forge/plan.h"

#include <QJsonArray>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

/// A polygon with 5 to 12 corners, each at half to all of the radius.
std::vector<cv::Point2f> drawOutline(Draw &draw, const ForgeryRange &range, cv::Size host)
{
    const double share = draw.uniform(range.leastArea, range.greatestArea);
    // The jitter leaves about 0.57 of the circle's area on average.
    double radius = std::sqrt(share * host.area() / (CV_PI * 0.57));
    radius = std::min(radius, 0.48 * std::min(host.width, host.height));
    const cv::Point2f centre(float(draw.uniform(radius, host.width - radius)),
                             float(draw.uniform(radius, host.height - radius)));
    const int corners = draw.integer(5, 12);
    std::vector<cv::Point2f> outline;
    for (int i = 0; i < corners; ++i) {
        const double angle = 2.0 * CV_PI * (i + draw.uniform(-0.3, 0.3)) / corners;
        const double r = radius * draw.uniform(0.5, 1.0);
        outline.emplace_back(centre.x + float(r * std::cos(angle)), centre.y + float(r * std::sin(angle)));
    }
    return outline;
}

PostProcessing drawPost(Draw &draw, double untouched)
{
    PostProcessing post;
    if (draw.chance(untouched))
        return post;
    const auto one = [&](int which) {
        switch (which) {
        case 0: post.blurSigma = draw.uniform(0.3, 1.5); break;
        case 1: post.noiseSigma = draw.uniform(0.5, 4.0); break;
        case 2: post.medianSize = draw.chance(0.5) ? 3 : 5; break;
        default: post.sharpen = draw.uniform(0.3, 1.0); break;
        }
    };
    constexpr std::array<double, 4> kWeights{15, 15, 10, 10}; // and 20 for two at once
    double at = draw.uniform(0.0, 70.0);
    for (int i = 0; i < 4; ++i) {
        if (at < kWeights[std::size_t(i)]) {
            one(i);
            return post;
        }
        at -= kWeights[std::size_t(i)];
    }
    const int first = draw.integer(0, 3);
    one(first);
    one((first + draw.integer(1, 3)) % 4);
    return post;
}

template <class T> const T &oneOf(Draw &draw, const std::vector<T> &values)
{
    return values[std::size_t(draw.integer(0, int(values.size()) - 1))];
}

} // namespace

ForgeryPlan drawPlan(std::uint64_t seed, const ForgeryRange &range, cv::Size host, cv::Size donor)
{
    Draw draw(seed);
    ForgeryPlan plan;
    plan.seed = seed;
    plan.source = oneOf(draw, range.sources);
    plan.outline = drawOutline(draw, range, host);
    if (!draw.chance(0.25))
        plan.donorQuality = draw.integer(50, 98);
    plan.donorGrid = {draw.integer(0, 7), draw.integer(0, 7)};
    if (!draw.chance(range.identity)) {
        plan.scale = draw.logUniform(range.leastScale, range.greatestScale);
        plan.rotation = draw.uniform(-range.greatestRotation, range.greatestRotation);
        plan.shear = draw.uniform(-range.greatestShear, range.greatestShear);
    }
    plan.interpolation = oneOf<Interpolation>(draw, {Interpolation::Linear, Interpolation::Cubic, Interpolation::Lanczos});
    const cv::Size from = plan.source == Source::CopyMove ? host : donor;
    plan.from = {float(std::round(draw.uniform(0.25, 0.75) * from.width)), float(std::round(draw.uniform(0.25, 0.75) * from.height))};
    if (plan.source == Source::CopyMove) { // far enough away that the copy is not the place itself
        cv::Point2f centre(0, 0);
        for (const cv::Point2f &p : plan.outline)
            centre += p * (1.0f / float(plan.outline.size()));
        const auto away = [&](float at, int size) { return float(std::fmod(double(at) + size * draw.uniform(0.35, 0.65), double(size))); };
        plan.from = {std::round(away(centre.x, host.width)), std::round(away(centre.y, host.height))};
        plan.donorQuality.reset();
    }
    if (plan.source != Source::CopyMove) {
        plan.gain = draw.uniform(0.85, 1.15);
        plan.bias = draw.uniform(-10.0, 10.0);
        plan.matchStatistics = draw.chance(0.3);
    }
    const double edge = draw.uniform(0.0, 1.0);
    plan.edge = edge < 0.4 ? Edge::Hard : edge < 0.8 ? Edge::Feather : Edge::Poisson;
    if (plan.edge == Edge::Feather)
        plan.featherSigma = draw.uniform(0.5, 3.0);
    plan.inpaintRadius = draw.integer(3, 9);
    plan.telea = draw.chance(0.5);
    plan.post = drawPost(draw, range.untouched);
    const double save = draw.uniform(0.0, 1.0);
    plan.save.jpeg = save >= range.lossless;
    plan.save.quality = draw.integer(range.lowestQuality, range.highestQuality);
    if (plan.save.jpeg && save < range.lossless + range.resized)
        plan.save.scale = draw.uniform(0.5, 1.0);
    return plan;
}

QJsonObject toJson(const ForgeryPlan &plan)
{
    static const QStringList sources{u"copy-move"_s, u"other picture"_s, u"inpaint"_s};
    static const QStringList edges{u"hard"_s, u"feather"_s, u"poisson"_s};
    static const QStringList ways{u"linear"_s, u"cubic"_s, u"lanczos"_s};
    QJsonArray outline;
    for (const cv::Point2f &p : plan.outline)
        outline.append(QJsonArray{double(p.x), double(p.y)});
    return {{u"seed"_s, double(plan.seed)},
            {u"source"_s, sources.at(int(plan.source))},
            {u"outline"_s, outline},
            {u"donorQuality"_s, plan.donorQuality ? QJsonValue(*plan.donorQuality) : QJsonValue()},
            {u"donorGrid"_s, QJsonArray{plan.donorGrid.x, plan.donorGrid.y}},
            {u"from"_s, QJsonArray{double(plan.from.x), double(plan.from.y)}},
            {u"scale"_s, plan.scale},
            {u"rotationDegrees"_s, plan.rotation * 180.0 / CV_PI},
            {u"shear"_s, plan.shear},
            {u"interpolation"_s, ways.at(int(plan.interpolation))},
            {u"gain"_s, plan.gain},
            {u"bias"_s, plan.bias},
            {u"matchStatistics"_s, plan.matchStatistics},
            {u"edge"_s, edges.at(int(plan.edge))},
            {u"featherSigma"_s, plan.featherSigma},
            {u"inpaintRadius"_s, plan.inpaintRadius},
            {u"telea"_s, plan.telea},
            {u"blurSigma"_s, plan.post.blurSigma},
            {u"noiseSigma"_s, plan.post.noiseSigma},
            {u"medianSize"_s, plan.post.medianSize},
            {u"sharpen"_s, plan.post.sharpen},
            {u"jpeg"_s, plan.save.jpeg},
            {u"quality"_s, plan.save.quality},
            {u"savedScale"_s, plan.save.scale}};
}

} // namespace fw
