// SPDX-License-Identifier: GPL-3.0-or-later
#include "forge/blend.h"

#include "forge/jpeg_coder.h"

#include <opencv2/imgproc.hpp>
#include <opencv2/photo.hpp>

namespace fw {
namespace {

cv::Point2f centreOf(const std::vector<cv::Point2f> &outline)
{
    cv::Point2f sum(0, 0);
    for (const cv::Point2f &p : outline)
        sum += p;
    return sum * (1.0f / float(outline.size()));
}

int flagsOf(Interpolation way)
{
    return way == Interpolation::Linear ? cv::INTER_LINEAR
        : way == Interpolation::Cubic   ? cv::INTER_CUBIC
                                        : cv::INTER_LANCZOS4;
}

/// Brings the donor's mean and deviation inside the mask to the host's.
void matchStatistics(cv::Mat *donor, const cv::Mat &host, const cv::Mat &mask)
{
    cv::Scalar donorMean, donorSigma, hostMean, hostSigma;
    cv::meanStdDev(*donor, donorMean, donorSigma, mask);
    cv::meanStdDev(host, hostMean, hostSigma, mask);
    std::vector<cv::Mat> channels;
    cv::split(*donor, channels);
    for (int i = 0; i < 3; ++i) {
        const double gain = hostSigma[i] / std::max(donorSigma[i], 1.0);
        channels[std::size_t(i)].convertTo(channels[std::size_t(i)], -1, gain, hostMean[i] - gain * donorMean[i]);
    }
    cv::merge(channels, *donor);
}

cv::Mat mixed(const cv::Mat &host, const cv::Mat &donor, const cv::Mat &mask, double sigma)
{
    cv::Mat alpha, alphas, hostWide, donorWide, result;
    mask.convertTo(alpha, CV_32F, 1.0 / 255.0);
    cv::GaussianBlur(alpha, alpha, {}, sigma);
    cv::cvtColor(alpha, alphas, cv::COLOR_GRAY2BGR);
    host.convertTo(hostWide, CV_32F);
    donor.convertTo(donorWide, CV_32F);
    cv::Mat sum = hostWide + alphas.mul(donorWide - hostWide);
    sum.convertTo(result, CV_8U);
    return result;
}

} // namespace

cv::Mat outlineMask(const ForgeryPlan &plan, cv::Size host)
{
    std::vector<cv::Point> corners;
    for (const cv::Point2f &p : plan.outline)
        corners.emplace_back(cvRound(p.x), cvRound(p.y));
    cv::Mat mask(host, CV_8UC1, cv::Scalar(0));
    cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{corners}, cv::Scalar(255));
    return mask;
}

cv::Mat donorToHost(const ForgeryPlan &plan)
{
    const double c = std::cos(plan.rotation) * plan.scale, s = std::sin(plan.rotation) * plan.scale;
    const cv::Matx22d turn(c, -s, s, c), shear(1.0, plan.shear, 0.0, 1.0);
    const cv::Matx22d linear = turn * shear;
    cv::Point2f to = centreOf(plan.outline);
    to = {std::round(to.x), std::round(to.y)}; // whole pixels: without geometry nothing is resampled
    const double x = to.x - linear(0, 0) * plan.from.x - linear(0, 1) * plan.from.y;
    const double y = to.y - linear(1, 0) * plan.from.x - linear(1, 1) * plan.from.y;
    return (cv::Mat_<double>(2, 3) << linear(0, 0), linear(0, 1), x, linear(1, 0), linear(1, 1), y);
}

cv::Mat agedDonor(const cv::Mat &donor, const ForgeryPlan &plan)
{
    if (!plan.donorQuality)
        return donor;
    cv::Mat result = donor.clone();
    const cv::Rect inside(plan.donorGrid.x, plan.donorGrid.y, donor.cols - plan.donorGrid.x, donor.rows - plan.donorGrid.y);
    savedAs(donor(inside), {*plan.donorQuality}).copyTo(result(inside));
    return result;
}

cv::Mat pasted(const cv::Mat &host, const cv::Mat &donor, const ForgeryPlan &plan, const cv::Mat &mask)
{
    cv::Mat result;
    if (plan.source == Source::Inpaint) {
        cv::inpaint(host, mask, result, plan.inpaintRadius, plan.telea ? cv::INPAINT_TELEA : cv::INPAINT_NS);
        return result;
    }
    cv::Mat moved;
    cv::warpAffine(agedDonor(donor, plan), moved, donorToHost(plan), host.size(), flagsOf(plan.interpolation),
                   cv::BORDER_REFLECT_101);
    if (plan.matchStatistics)
        matchStatistics(&moved, host, mask);
    if (plan.gain != 1.0 || plan.bias != 0.0)
        moved.convertTo(moved, -1, plan.gain, plan.bias);
    if (plan.edge == Edge::Feather)
        return mixed(host, moved, mask, plan.featherSigma);
    if (plan.edge == Edge::Poisson) {
        const cv::Rect box = cv::boundingRect(mask);
        const cv::Point centre(box.x + box.width / 2, box.y + box.height / 2);
        cv::seamlessClone(moved, host, mask, centre, result, cv::NORMAL_CLONE);
        return result;
    }
    result = host.clone();
    moved.copyTo(result, mask);
    return result;
}

cv::Mat postProcessed(const cv::Mat &picture, const ForgeryPlan &plan)
{
    cv::Mat result = picture.clone();
    const PostProcessing &post = plan.post;
    if (post.medianSize > 0)
        cv::medianBlur(result, result, post.medianSize);
    if (post.blurSigma > 0.0)
        cv::GaussianBlur(result, result, {}, post.blurSigma);
    if (post.sharpen > 0.0) {
        cv::Mat soft;
        cv::GaussianBlur(result, soft, {}, 1.0);
        cv::addWeighted(result, 1.0 + post.sharpen, soft, -post.sharpen, 0.0, result);
    }
    if (post.noiseSigma > 0.0) {
        Draw draw(plan.seed + 77);
        cv::Mat noise(result.size(), CV_32FC3), wide;
        draw.generator().fill(noise, cv::RNG::NORMAL, cv::Scalar::all(0), cv::Scalar::all(post.noiseSigma));
        result.convertTo(wide, CV_32F);
        wide += noise;
        wide.convertTo(result, CV_8U);
    }
    return result;
}

} // namespace fw
