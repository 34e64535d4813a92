// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "findings/finding.h"

#include <QColor>
#include <QImage>
#include <QString>
#include <QStringList>

#include <opencv2/core.hpp>

namespace fw {

/// Perceptually uniform, colour-blind-safe maps: "viridis", "cividis", "magma", "grey".
QStringList colorMapNames();
/// @param t  0..1, clamped; an unknown name gives viridis.
QColor colorAt(const QString &map, double t);
/// @param values  CV_32FC1; NaN becomes transparent.  @return ARGB32, same size.
QImage colorize(const cv::Mat &values, double low, double high, const QString &map);

/// One hue per verdict (never red against green alone); used by every view and the report.
QColor verdictColor(Verdict verdict, bool darkTheme);
/// Stable colours for the n-th curve or track, distinguishable for colour-blind eyes.
QColor seriesColor(int n);

/// Shares no memory with `bgr`.
QImage toQImage(const cv::Mat &bgr);

} // namespace fw
