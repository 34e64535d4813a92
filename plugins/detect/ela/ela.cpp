// SPDX-License-Identifier: GPL-3.0-or-later
#include "ela.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <vector>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

/// Maps longer than this get larger cells: more could not be seen and would swell the case file.
constexpr int kMostCells = 1200;

} // namespace

Result<ErrorLevels> errorLevels(const cv::Mat &bgr, int quality)
{
    if (bgr.empty())
        return fail(Errc::BadData, u"the picture is empty"_s);
    std::vector<uchar> bytes;
    cv::Mat again, difference;
    try {
        cv::imencode(".jpg", bgr, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
        again = cv::imdecode(bytes, cv::IMREAD_COLOR);
        if (again.size() != bgr.size())
            return fail(Errc::Unsupported, u"this picture cannot be saved as JPEG"_s);
        cv::absdiff(bgr, again, difference);
    } catch (const cv::Exception &error) {
        return fail(Errc::Unsupported, u"this picture cannot be saved as JPEG: %1"_s
                                           .arg(QString::fromStdString(error.err)));
    }

    ErrorLevels levels;
    while (std::max(bgr.cols, bgr.rows) / levels.cell > kMostCells)
        levels.cell *= 2;
    const cv::Size cells(std::max(1, bgr.cols / levels.cell), std::max(1, bgr.rows / levels.cell));
    // Whole cells only, so that each averages equally many pixels.
    const cv::Rect tiled(0, 0, std::min(bgr.cols, cells.width * levels.cell),
                         std::min(bgr.rows, cells.height * levels.cell));
    cv::Mat perChannel, coarse;
    difference(tiled).convertTo(perChannel, CV_32FC3);
    cv::resize(perChannel, coarse, cells, 0, 0, cv::INTER_AREA);
    cv::transform(coarse, levels.means, cv::Matx13f(1.0f / 3, 1.0f / 3, 1.0f / 3));
    levels.covered = cv::Rect2f(tiled);
    const cv::Scalar sums = cv::mean(difference);
    levels.mean = (sums[0] + sums[1] + sums[2]) / 3.0;
    cv::minMaxLoc(levels.means, nullptr, &levels.highest);
    return levels;
}

} // namespace fw
