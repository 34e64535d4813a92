// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <QProcess>
#include <QString>

#include <functional>
#include <optional>

namespace fw::render {

/// Frames [begin, end) that are left out of a clip; the others keep their times.
struct Cut
{
    int begin = 0, end = 0;
};

/// Sends pictures to the ffmpeg command, which makes an H.264 clip of them.
class ClipWriter
{
public:
    /// The arguments for ffmpeg; shown in the text card so that anyone can repeat the clip.
    static QStringList arguments(const QString &path, cv::Size size, double framesPerSecond,
                                 const std::optional<Cut> &cut);

    Result<void> open(const QString &path, cv::Size size, double framesPerSecond,
                      const std::optional<Cut> &cut);
    Result<void> write(const cv::Mat &bgr);
    Result<void> close();

private:
    QProcess m_process;
    QString m_path;
};

/// Reads every frame of a clip through the ffmpeg command, as 8-bit BGR.
/// @param size  the size of its frames
/// @param use  called with the running number and the picture
Result<int> readClip(const QString &path, cv::Size size,
                     const std::function<void(int, const cv::Mat &)> &use);

} // namespace fw::render
