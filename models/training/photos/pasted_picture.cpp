// SPDX-License-Identifier: GPL-3.0-or-later
#include "photos/pasted_picture.h"

#include "forge/blend.h"
#include "forge/jpeg_coder.h"

namespace fw::lab {
namespace {

const cv::Mat &oneOf(Draw &draw, const PatchSource &source)
{
    return source.pictures[std::size_t(draw.integer(0, int(source.pictures.size()) - 1))];
}

cv::Mat hostOf(Draw &draw, const PatchSource &source, int mostSide)
{
    const cv::Mat &whole = oneOf(draw, source);
    const cv::Size size(std::min(whole.cols, mostSide), std::min(whole.rows, mostSide));
    cv::Mat host = whole(cv::Rect(draw.integer(0, (whole.cols - size.width) / 8) * 8, draw.integer(0, (whole.rows - size.height) / 8) * 8,
                                  size.width, size.height)).clone();
    if (draw.chance(0.5))
        cv::flip(host, host, 1);
    if (draw.chance(0.25))
        host = savedUsually(host, draw.integer(65, 98));
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

} // namespace

PastedPicture pastedPicture(const cv::Mat &host, const cv::Mat &donor, const ForgeryPlan &plan, int quality)
{
    PastedPicture result;
    result.mask = outlineMask(plan, host.size());
    result.bgr = postProcessed(pasted(host, donor, plan, result.mask), plan);
    if (quality > 0)
        result.bgr = savedUsually(result.bgr, quality);
    result.resampled = plan.scale != 1.0 || plan.rotation != 0.0 || plan.shear != 0.0;
    return result;
}

PastedPicture drawPasted(Draw &draw, std::uint64_t seed, const PatchSource &source, int mostSide)
{
    const cv::Mat host = hostOf(draw, source, mostSide), &donor = oneOf(draw, source);
    ForgeryPlan plan = drawPlan(seed, rangeOf(), host.size(), donor.size());
    simplify(draw, &plan);
    const int quality = draw.chance(0.6) ? draw.integer(70, 99) : 0;
    return pastedPicture(host, donor, plan, quality);
}

PastedPicture validationPasted(Draw &draw, int condition, int i, const PatchSource &source, int mostSide)
{
    ForgeryRange range = rangeOf();
    range.identity = 0.0;
    range.untouched = 1.0;
    draw = Draw(std::uint64_t(50000 + 1000 * (condition / 2) + i));
    const cv::Mat host = hostOf(draw, source, mostSide), &donor = oneOf(draw, source);
    ForgeryPlan plan = drawPlan(std::uint64_t(60000 + i), range, host.size(), donor.size());
    if (condition < 2) {
        plan.scale = 1.2;
        plan.rotation = plan.shear = 0.0;
        plan.interpolation = Interpolation::Linear;
        plan.edge = Edge::Hard;
        plan.donorQuality.reset();
    }
    const int quality = condition == 1 ? 90 : condition == 3 ? draw.integer(70, 89) : 0;
    return pastedPicture(host, donor, plan, quality);
}

} // namespace fw::lab
