// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/background.h"

#include "render/noise.h"

#include <opencv2/imgproc.hpp>

#include <cmath>

namespace fw::render {
namespace {

/// Draws in units of the picture's height, so that every size shows the same room.
class Room
{
public:
    Room(cv::Size size, std::uint64_t seed)
        : m_image(size, CV_32FC3)
        , m_unit(size.height)
        , m_random(seed)
    {
        for (int y = 0; y < size.height; ++y) {
            for (int x = 0; x < size.width; ++x) {
                const float u = static_cast<float>(x) / size.width;
                const float v = static_cast<float>(y) / size.height;
                const float window = std::exp(-(u * u * 3.2f + (v - 0.3f) * (v - 0.3f) * 2));
                m_image.at<cv::Vec3f>(y, x) =
                    cv::Vec3f(128, 138, 146) * (0.62f + 0.55f * window - 0.12f * v);
            }
        }
    }

    void box(double x, double y, double w, double h, const cv::Scalar &colour)
    {
        cv::rectangle(m_image, place(x, y), place(x + w, y + h), colour, cv::FILLED);
    }

    void window()
    {
        box(0.02, -0.1, 0.40, 0.86, {214, 226, 232});
        box(0.05, -0.1, 0.155, 0.80, {252, 250, 244});
        box(0.235, -0.1, 0.155, 0.80, {250, 248, 240});
        box(0.05, 0.5, 0.34, 0.20, {196, 214, 200});
        for (int i = 0; i < 6; ++i)
            box(-0.06 + 0.022 * i, -0.1, 0.013, 1.2,
                cv::Scalar(150, 160, 170) * (0.9 + 0.04 * (i % 3)));
    }

    void shelf()
    {
        for (int row = 0; row < 3; ++row) {
            const double floor = 0.24 + 0.30 * row;
            double x = 1.30;
            while (x < 1.80) {
                const double w = m_random.uniform(0.018, 0.05), h = m_random.uniform(0.12, 0.21);
                const double warm = m_random.uniform();
                const double level = m_random.uniform(0.45, 1.0);
                box(x, floor - h, w, h,
                    cv::Scalar(150 - 95 * warm, 120 - 25 * warm, 90 + 80 * warm) * level);
                x += w + (m_random.uniform() < 0.12 ? 0.06 : 0.004);
            }
            box(1.27, floor, 0.6, 0.022, {70, 96, 128});
        }
        box(1.26, -0.1, 0.022, 1.2, {64, 88, 118});
    }

    void plant()
    {
        box(0.50, 0.80, 0.14, 0.25, {96, 118, 168});
        for (int i = 0; i < 46; ++i) {
            const double angle = m_random.uniform(-2.9, -0.25);
            const double reach = m_random.uniform(0.08, 0.27);
            const cv::Point tip =
                place(0.57 + reach * std::cos(angle), 0.80 + 1.25 * reach * std::sin(angle));
            cv::ellipse(m_image, tip, cv::Size(cvRound(0.05 * m_unit), cvRound(0.017 * m_unit)),
                        angle * 57.3 + m_random.uniform(-30, 30), 0, 360,
                        cv::Scalar(60, 112, 74) * m_random.uniform(0.5, 1.15), cv::FILLED);
        }
    }

    cv::Mat finish()
    {
        // Far things are out of focus: a disc, not a bell, is what a lens draws.
        const int radius = std::max(1, m_unit / 42);
        const cv::Mat disc =
            cv::getStructuringElement(cv::MORPH_ELLIPSE, cv::Size(2 * radius + 1, 2 * radius + 1));
        cv::Mat kernel, blurred, result;
        disc.convertTo(kernel, CV_32F, 1.0 / cv::countNonZero(disc));
        cv::filter2D(m_image, blurred, -1, kernel, cv::Point(-1, -1), 0, cv::BORDER_REPLICATE);
        cv::GaussianBlur(blurred, blurred, cv::Size(), m_unit / 160.0);
        blurred.convertTo(result, CV_8UC3, 0.92);
        return result;
    }

private:
    cv::Point place(double x, double y) const { return {cvRound(x * m_unit), cvRound(y * m_unit)}; }

    cv::Mat m_image;
    int m_unit;
    Random m_random;
};

} // namespace

cv::Mat makeRoom(cv::Size size, std::uint64_t seed)
{
    Room room(size, seed);
    room.window();
    room.shelf();
    room.plant();
    return room.finish();
}

} // namespace fw::render
