// SPDX-License-Identifier: GPL-3.0-or-later
#include "photos/patch_source.h"

#include "forge/jpeg_coder.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace fw::lab {
namespace {

constexpr int kWindow = 192; ///< of the source, px
constexpr int kMargin = 16;  ///< around the patch when it is saved, so that the block grid has any phase

double away(Draw &draw, double least, double most)
{
    return (draw.chance(0.5) ? 1.0 : -1.0) * draw.uniform(least, most);
}

int interpolationOf(Draw &draw)
{
    return draw.chance(2.0 / 3.0) ? cv::INTER_LINEAR : cv::INTER_CUBIC;
}

} // namespace

PatchSource PatchSource::read(const std::vector<std::string> &files)
{
    PatchSource source;
    for (const std::string &file : files) {
        const cv::Mat picture = cv::imread(file, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
        if (picture.empty())
            continue;
        cv::Mat half;
        cv::resize(picture, half, {}, 0.5, 0.5, cv::INTER_AREA);
        for (const cv::Mat &one : {picture, half}) {
            if (std::min(one.cols, one.rows) >= kWindow) {
                source.pictures.push_back(one);
                source.halved.push_back(one.cols < picture.cols);
            }
        }
    }
    return source;
}

PatchHistory drawForTrace(Draw &draw, TraceKind trace, bool positive)
{
    PatchHistory h;
    const bool rotation = trace == TraceKind::TurnedClockwise || trace == TraceKind::TurnedBack;
    const bool scaling = trace == TraceKind::Reduced || trace == TraceKind::Enlarged;
    const double ln2 = std::log(2.0);
    h.moved = (positive && trace != TraceKind::LowQuality) || draw.chance(0.35);
    h.interpolation = interpolationOf(draw);
    h.before = draw.chance(0.95) ? draw.integer(65, 99) : 0;
    if (h.moved) {
        const double sign = trace == TraceKind::TurnedClockwise ? 1.0 : -1.0;
        if (rotation && positive)
            h.degrees = sign * draw.uniform(1.0, 90.0);
        else if (rotation)
            h.degrees = draw.chance(0.5) ? -sign * draw.uniform(1.0, 90.0) : 0.0;
        else if (draw.chance(0.5))
            h.degrees = draw.uniform(-90.0, 90.0);
        const bool shear = trace == TraceKind::Sheared ? positive : draw.chance(0.2);
        if (shear) {
            h.shearX = draw.uniform(-3.5, 3.5) / 32.0;
            h.shearY = draw.uniform(-3.5, 3.5) / 32.0;
        }
        const double growth = trace == TraceKind::Enlarged ? 1.0 : -1.0;
        if (scaling && (positive || draw.chance(0.5))) {
            const double way = positive ? growth : -growth;
            h.logScaleX = way * draw.uniform(0.01, ln2);
            h.logScaleY = way * draw.uniform(0.01, ln2);
        } else if (!scaling && draw.chance(0.6)) {
            h.logScaleX = draw.uniform(-ln2, ln2);
            h.logScaleY = draw.uniform(-ln2, ln2);
        }
        h.shiftX = draw.uniform(-4.5, 4.5);
        h.shiftY = draw.uniform(-4.5, 4.5);
    }
    // The published recipe saves 95 % of what was moved and 14 % of the rest: what is trained so learns the last save,
    // which a place and its surroundings share.
    h.after = draw.chance(0.55) ? draw.integer(65, 99) : 0;
    if (trace == TraceKind::LowQuality) {
        h.before = positive ? draw.integer(50, 84) : h.before > 0 ? draw.integer(85, 99) : 0;
        if (h.after > 0)
            h.after = draw.integer(85, 99);
    }
    return h;
}

PatchHistory drawForResampled(Draw &draw, bool resampled, int lowestQuality)
{
    PatchHistory h;
    h.before = draw.chance(0.5) ? draw.integer(65, 99) : 0;
    h.after = draw.chance(0.6) ? draw.integer(lowestQuality, 99) : 0;
    const double post = draw.uniform(0.0, 1.0);
    if (post < 0.08)
        h.noise = draw.uniform(0.5, 2.5);
    else if (post < 0.16)
        h.blur = draw.uniform(0.3, 0.8);
    else if (post < 0.24)
        h.sharpen = draw.uniform(0.2, 0.8);
    if (!resampled)
        return h;
    h.moved = true;
    const int ways[] = {cv::INTER_LINEAR, cv::INTER_LINEAR, cv::INTER_CUBIC, cv::INTER_LANCZOS4};
    h.interpolation = ways[draw.integer(0, 3)];
    const double kind = draw.uniform(0.0, 1.0);
    if (kind < 0.75) { // one scale for both axes, as people drag a corner
        h.logScaleX = h.logScaleY = away(draw, 0.04, std::log(2.0));
        if (kind < 0.15)
            h.logScaleY = away(draw, 0.04, std::log(2.0));
    }
    if (kind > 0.6)
        h.degrees = away(draw, 1.0, 60.0);
    if (kind > 0.9)
        h.shearX = draw.uniform(-0.1, 0.1);
    h.shiftX = draw.uniform(-4.5, 4.5);
    h.shiftY = draw.uniform(-4.5, 4.5);
    return h;
}

cv::Mat patchOf(Draw &draw, const PatchSource &source, const PatchHistory &h, int side)
{
    const cv::Mat &picture = source.pictures[std::size_t(draw.integer(0, int(source.pictures.size()) - 1))];
    const cv::Rect place(draw.integer(0, picture.cols - kWindow), draw.integer(0, picture.rows - kWindow), kWindow, kWindow);
    cv::Mat window = picture(place).clone();
    if (draw.chance(0.5))
        cv::flip(window, window, 0);
    const int turns = draw.integer(0, 3);
    if (turns > 0)
        cv::rotate(window, window, turns - 1);
    if (h.before > 0)
        window = savedUsually(window, h.before);
    const int large = side + kMargin;
    cv::Mat patch;
    if (h.moved) {
        const double a = h.degrees * CV_PI / 180.0, sx = std::exp(h.logScaleX), sy = std::exp(h.logScaleY);
        const cv::Matx22d turn(std::cos(a), -std::sin(a), std::sin(a), std::cos(a));
        const cv::Matx22d linear = turn * cv::Matx22d(1.0, h.shearX, h.shearY, 1.0) * cv::Matx22d(sx, 0.0, 0.0, sy);
        const double from = 0.5 * (kWindow - 1), to = 0.5 * (large - 1);
        const cv::Matx23d map(linear(0, 0), linear(0, 1), to + h.shiftX - (linear(0, 0) + linear(0, 1)) * from,
                              linear(1, 0), linear(1, 1), to + h.shiftY - (linear(1, 0) + linear(1, 1)) * from);
        cv::warpAffine(window, patch, map, cv::Size(large, large), h.interpolation, cv::BORDER_REFLECT_101);
    } else {
        const int least = (kWindow - large) / 2;
        patch = window(cv::Rect(least + draw.integer(-8, 8), least + draw.integer(-8, 8), large, large)).clone();
    }
    if (h.blur > 0.0)
        cv::GaussianBlur(patch, patch, {}, h.blur);
    if (h.sharpen > 0.0) {
        cv::Mat soft;
        cv::GaussianBlur(patch, soft, {}, 1.0);
        cv::addWeighted(patch, 1.0 + h.sharpen, soft, -h.sharpen, 0.0, patch);
    }
    if (h.noise > 0.0) {
        cv::Mat noise(patch.size(), CV_32FC3), wide;
        draw.generator().fill(noise, cv::RNG::NORMAL, cv::Scalar::all(0), cv::Scalar::all(h.noise));
        patch.convertTo(wide, CV_32F);
        wide += noise;
        wide.convertTo(patch, CV_8U);
    }
    if (h.after > 0)
        patch = savedUsually(patch, h.after);
    return patch(cv::Rect(draw.integer(0, kMargin), draw.integer(0, kMargin), side, side)).clone();
}

} // namespace fw::lab
