// SPDX-License-Identifier: GPL-3.0-or-later
#include "scene_watch.h"

#include "frames/area_means.h"

#include <opencv2/imgproc.hpp>

#include <cmath>
#include <limits>

namespace fw {

namespace {

constexpr int kStampSide = 48; ///< cells along the longer side

// A cut changes both the levels and their pattern. Either alone is a flash, a fade or a fast pan.
constexpr double kCutCorrelation = 0.6;
constexpr double kCutDifference = 12.0;
constexpr double kCutAgainstUsual = 3.0;

double correlationOf(const cv::Mat &a, const cv::Mat &b)
{
    cv::Scalar meanA, meanB, sdA, sdB;
    cv::meanStdDev(a, meanA, sdA);
    cv::meanStdDev(b, meanB, sdB);
    const double product = a.dot(b) / double(a.total()) - meanA[0] * meanB[0];
    // A flat picture has no pattern: call it equal to another flat one and unlike any other.
    if (sdA[0] < 1.0 || sdB[0] < 1.0)
        return sdA[0] < 1.0 && sdB[0] < 1.0 ? 1.0 : 0.0;
    return product / (sdA[0] * sdB[0]);
}

} // namespace

SceneWatch::Change SceneWatch::next(const cv::Mat &grey)
{
    const double factor = std::min(1.0, double(kStampSide) / std::max(grey.cols, grey.rows));
    const cv::Size size(std::max(1, cvRound(grey.cols * factor)),
                        std::max(1, cvRound(grey.rows * factor)));
    const cv::Mat stamp = areaMeans(grey, size);

    Change change;
    if (!m_stamp.empty() && m_stamp.size() == stamp.size()) {
        change.correlation = correlationOf(m_stamp, stamp);
        change.meanDifference = cv::norm(m_stamp, stamp, cv::NORM_L1) / double(stamp.total());
        change.cut = change.correlation < kCutCorrelation &&
                     change.meanDifference > kCutDifference &&
                     change.meanDifference > kCutAgainstUsual * m_usual;
        if (!change.cut)
            m_usual += 0.1 * (change.meanDifference - m_usual);
    }
    if (change.cut)
        m_marked.release();
    m_stamp = stamp;
    m_full = grey.size();
    return change;
}

void SceneWatch::mark()
{
    m_marked = m_stamp.clone();
}

double SceneWatch::outsideChange(std::span<const cv::Rect2f> known) const
{
    if (m_marked.empty() || m_marked.size() != m_stamp.size())
        return std::numeric_limits<double>::infinity();
    cv::Mat difference;
    cv::absdiff(m_stamp, m_marked, difference);
    const double sx = double(m_stamp.cols) / m_full.width,
                 sy = double(m_stamp.rows) / m_full.height;
    for (const cv::Rect2f &box : known) {
        // The head is about twice as tall and wide as the face's box.
        const cv::Rect cells(cvFloor((box.x - 0.5f * box.width) * sx),
                             cvFloor((box.y - 0.5f * box.height) * sy), cvCeil(2 * box.width * sx),
                             cvCeil(2 * box.height * sy));
        const cv::Rect inside = cells & cv::Rect(0, 0, difference.cols, difference.rows);
        if (!inside.empty())
            difference(inside).setTo(0.0f);
    }
    cv::blur(difference, difference, {3, 3});
    double largest = 0;
    cv::minMaxLoc(difference, nullptr, &largest);
    return largest;
}

} // namespace fw
