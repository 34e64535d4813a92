// SPDX-License-Identifier: GPL-3.0-or-later
#include "forge/forgery.h"

#include "forge/blend.h"
#include "forge/jpeg_coder.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace fw {
namespace {

/// Steps 7 and 8, which forgery and twin share.
cv::Mat finished(const cv::Mat &picture, const ForgeryPlan &plan, QByteArray *bytes)
{
    cv::Mat result = postProcessed(picture, plan);
    if (plan.save.scale != 1.0)
        cv::resize(result, result, {}, plan.save.scale, plan.save.scale, cv::INTER_AREA);
    if (plan.save.jpeg)
        return savedAs(result, {plan.save.quality, Rounding::Nearest, plan.save.quality < 93}, bytes);
    std::vector<uchar> coded;
    cv::imencode(".png", result, coded);
    *bytes = QByteArray(reinterpret_cast<const char *>(coded.data()), qsizetype(coded.size()));
    return result;
}

} // namespace

Forgery forge(const cv::Mat &host, const cv::Mat &donor, const ForgeryPlan &plan)
{
    Forgery forgery;
    forgery.plan = plan;
    const cv::Mat mask = outlineMask(plan, host.size());
    const cv::Mat &from = plan.source == Source::OtherPicture ? donor : host;
    forgery.picture = finished(pasted(host, from, plan, mask), plan, &forgery.file);
    forgery.twin = finished(host, plan, &forgery.twinFile);
    forgery.mask = mask;
    if (plan.save.scale != 1.0)
        cv::resize(mask, forgery.mask, forgery.picture.size(), 0, 0, cv::INTER_NEAREST);
    if (plan.source != Source::Inpaint)
        forgery.map = donorToHost(plan) * plan.save.scale;
    return forgery;
}

} // namespace fw
