// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/face_flow.h"

#include "faces/face_crop.h"

#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

namespace fw {

namespace {

Similarity squareOf(const Similarity &crop)
{
    constexpr double finer = double(kFaceFlowSide) / kFaceCropSide;
    Similarity square = crop;
    square.real *= finer;
    square.imaginary *= finer;
    square.shift = finer * crop.shift;
    return square;
}

cv::Mat cut(const cv::Mat &grey, const Similarity &toSquare)
{
    cv::Mat square;
    cv::warpAffine(grey, square, toSquare.matrix(), {kFaceFlowSide, kFaceFlowSide}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    return square;
}

} // namespace

std::optional<FaceFlow> faceFlow(const cv::Mat &before, const Landmarks68 &pointsBefore, const cv::Mat &now, const Landmarks68 &points)
{
    const auto cropBefore = faceCropOf(pointsBefore), crop = faceCropOf(points);
    if (!cropBefore || !crop)
        return std::nullopt;
    FaceFlow out;
    out.toSquare = squareOf(*crop);
    out.before = cut(before, squareOf(*cropBefore));
    out.now = cut(now, out.toSquare);
    cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_FAST)->calc(out.now, out.before, out.flow);
    return out;
}

} // namespace fw
