// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "render/demo/ffmpeg.h"
#include "render/demo/motion.h"
#include "render/renderer.h"

#include <QJsonObject>

#include <optional>
#include <vector>

namespace fw::render {

/// What is known of one clip.
struct ClipTruth
{
    QString file;
    std::vector<int> source;        ///< frame of the performance, for each frame of the clip
    std::vector<Truth> frames;      ///< for each frame of the clip
    std::vector<Blink> blinks;      ///< empty where the shown eyes never close
    std::optional<Cut> cut;         ///< in frames of the performance
    std::optional<cv::Vec3d> paste; ///< rotation vector from true to pasted pose, radians
};

/// Numbers of one clip: angles in degrees, lengths in millimetres, times in seconds.
QJsonObject clipTruthToJson(const ClipTruth &clip, double framesPerSecond);

/// The 68 neutral points of the model, for whoever wants to fit a pose.
QJsonArray modelPointsToJson(const FaceKit &kit);

/// What the check needs of a clip's truth.
struct KnownClip
{
    cv::Size size;
    std::vector<double> times;       ///< seconds, for each frame
    std::vector<double> blinkApexes; ///< of the performance, also where not shown
    bool blinksShown = true;
    std::vector<cv::Vec3d> pose;                     ///< pitch, yaw, roll in degrees, per frame
    std::vector<cv::Point3d> model;                  ///< 68 neutral points, head axes
    std::vector<std::array<cv::Point2d, 68>> points; ///< pixels; empty when not known
};

/// Finds the clip of that file name in a demo-truth.json; `points` stays empty.
Result<KnownClip> readKnownClip(const QString &truthPath, const QString &clipName);

} // namespace fw::render
