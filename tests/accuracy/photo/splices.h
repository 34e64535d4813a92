// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <QString>

#include <functional>
#include <vector>

namespace fw::accuracy {

/// Pictures with a known changed place, and untouched ones.
struct SpliceSet
{
    struct Forged
    {
        QString path, mask;
    };
    QString name;
    std::vector<Forged> forged;
    std::vector<QString> authentic;
};
SpliceSet comofod();
SpliceSet imdSplices();

/// Looks at a picture: fills a map of its size (CV_32FC1, higher is more suspicious) and returns one
/// score of the whole picture.
using Look = std::function<double(const cv::Mat &bgr, cv::Mat *map)>;

/// Area under the curve over every fourth pixel each way. What a map (CV_32FC1) leaves open (NaN) counts as its middle
/// value, so that silence is neither right nor wrong. @param truth  CV_8UC1 of the map's size, not 0: changed.
double pixelArea(const cv::Mat &map, const cv::Mat &truth);

/// Prints pixel F1 and IoU at `threshold` beside what marking everything would give, the area under the
/// curve over pixels (mean over pictures) and of the pictures' scores; half is chance.
void printSplices(const QString &method, const SpliceSet &set, const Look &look, double threshold);

} // namespace fw::accuracy
