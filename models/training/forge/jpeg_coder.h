// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "media/jpeg.h"

#include <QByteArray>

namespace fw {

/// How a coder turns the quotient of coefficient and step into a whole number. Floor and Ceil leave
/// dimples, Nearest and Truncate do not.
enum class Rounding { Nearest, Floor, Ceil, Truncate };

struct CoderSettings
{
    int quality = 90; ///< IJG, 1..100
    Rounding rounding = Rounding::Nearest;
    bool halfChroma = true; ///< 4:2:0, else 4:4:4
};

/// Our own road from pixels to quantised coefficients: full-range BT.601, 2 x 2 mean for chroma, a
/// transform in float. @param bgr  CV_8UC3. The result holds size, tables, components and coefficients.
JpegFile quantise(const cv::Mat &bgr, const CoderSettings &settings);

/// Writes exactly the given coefficients as a baseline file, past the library's own quantiser.
/// Errc::BadData when components, tables and size do not belong together.
Result<QByteArray> writeJpeg(const JpegFile &file);

/// Both steps, and what a usual decoder makes of the bytes. CV_8UC3.
cv::Mat savedAs(const cv::Mat &bgr, const CoderSettings &settings, QByteArray *bytes = nullptr);

/// Saved by the usual coder and read again. @param quality  0: as it is. CV_8UC3.
cv::Mat savedUsually(const cv::Mat &bgr, int quality);

} // namespace fw
