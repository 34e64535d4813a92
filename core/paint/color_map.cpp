// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/color_map.h"

#include <opencv2/imgproc.hpp>

#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

using ColorTable = std::array<QRgb, 256>;

ColorTable tableOf(int openCvMap)
{
    cv::Mat ramp(1, 256, CV_8UC1), colors;
    for (int i = 0; i < 256; ++i)
        ramp.at<uchar>(i) = uchar(i);
    cv::applyColorMap(ramp, colors, openCvMap);
    ColorTable table;
    for (int i = 0; i < 256; ++i) {
        const cv::Vec3b bgr = colors.at<cv::Vec3b>(i);
        table[std::size_t(i)] = qRgb(bgr[2], bgr[1], bgr[0]);
    }
    return table;
}

ColorTable greyTable()
{
    ColorTable table;
    for (int i = 0; i < 256; ++i)
        table[std::size_t(i)] = qRgb(i, i, i);
    return table;
}

const ColorTable &tableNamed(const QString &name)
{
    static const ColorTable viridis = tableOf(cv::COLORMAP_VIRIDIS);
    static const ColorTable cividis = tableOf(cv::COLORMAP_CIVIDIS);
    static const ColorTable magma = tableOf(cv::COLORMAP_MAGMA);
    static const ColorTable grey = greyTable();
    if (name == u"cividis"_s)
        return cividis;
    if (name == u"magma"_s)
        return magma;
    return name == u"grey"_s ? grey : viridis;
}

} // namespace

QStringList colorMapNames()
{
    return {u"viridis"_s, u"cividis"_s, u"magma"_s, u"grey"_s};
}

QColor colorAt(const QString &map, double t)
{
    const double place = std::isfinite(t) ? std::clamp(t, 0.0, 1.0) * 255.0 : 0.0;
    const auto below = std::size_t(place), above = std::min<std::size_t>(below + 1, 255);
    const double share = place - double(below);
    const ColorTable &table = tableNamed(map);
    const auto mix = [&](int a, int b) { return int(std::lround(a + (b - a) * share)); };
    const QRgb a = table[below], b = table[above];
    return QColor(mix(qRed(a), qRed(b)), mix(qGreen(a), qGreen(b)), mix(qBlue(a), qBlue(b)));
}

QImage colorize(const cv::Mat &values, double low, double high, const QString &map)
{
    if (values.empty() || values.type() != CV_32FC1)
        return {};
    QImage image(values.cols, values.rows, QImage::Format_ARGB32);
    const ColorTable &table = tableNamed(map);
    const double scale = high > low ? 255.0 / (high - low) : 0.0;
    for (int y = 0; y < values.rows; ++y) {
        const float *from = values.ptr<float>(y);
        auto *to = reinterpret_cast<QRgb *>(image.scanLine(y));
        for (int x = 0; x < values.cols; ++x) {
            const double place = std::clamp((double(from[x]) - low) * scale, 0.0, 255.0);
            to[x] = std::isnan(place) ? qRgba(0, 0, 0, 0) : table[std::size_t(place + 0.5)];
        }
    }
    return image;
}

QColor verdictColor(Verdict verdict, bool darkTheme)
{
    // Orange, blue, violet and grey stay apart for red- and green-blind eyes and in print.
    switch (verdict) {
    case Verdict::Suspicious:
        return darkTheme ? QColor(0xff, 0x9f, 0x4a) : QColor(0xb8, 0x4a, 0x00);
    case Verdict::Consistent:
        return darkTheme ? QColor(0x6c, 0xb8, 0xf0) : QColor(0x0b, 0x62, 0xa8);
    case Verdict::Inconclusive:
        return darkTheme ? QColor(0xcf, 0xa6, 0xe8) : QColor(0x7d, 0x4b, 0x99);
    case Verdict::NotApplicable:
        break;
    }
    return darkTheme ? QColor(0xa8, 0xa8, 0xa8) : QColor(0x6a, 0x6a, 0x6a);
}

QColor seriesColor(int n)
{
    // Middle lightness, at least 3:1 against white paper and against a dark window.
    static constexpr std::array<QRgb, 10> kColors{
        0xff2f86d6, 0xffd9700f, 0xff0f9a7c, 0xffb565c8, 0xff9a8420,
        0xffd65374, 0xff6f7fe8, 0xff5c9a34, 0xffb0714a, 0xff7d8a99};
    const int size = int(kColors.size());
    return QColor::fromRgb(kColors[std::size_t(((n % size) + size) % size)]);
}

QImage toQImage(const cv::Mat &bgr)
{
    if (bgr.empty() || bgr.type() != CV_8UC3)
        return {};
    QImage image(bgr.cols, bgr.rows, QImage::Format_RGB32);
    // RGB32 lies in memory as B, G, R, 255 on little-endian machines.
    cv::Mat target(bgr.rows, bgr.cols, CV_8UC4, image.bits(), std::size_t(image.bytesPerLine()));
    cv::cvtColor(bgr, target, cv::COLOR_BGR2BGRA);
    return image;
}

} // namespace fw
