// SPDX-License-Identifier: GPL-3.0-or-later
#include "planes.h"

#include "photo/residual.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

/// Maps longer than this get larger cells: more could not be seen and would swell the case file.
constexpr int kMostCells = 1200;
const std::array<QString, 3> kNames{u"blue"_s, u"green"_s, u"red"_s}; // in the order of the samples

class ViewMaker
{
public:
    explicit ViewMaker(cv::Size size)
    {
        while (std::max(size.width, size.height) / m_view.cell > kMostCells)
            m_view.cell *= 2;
        m_cells = {std::max(1, size.width / m_view.cell), std::max(1, size.height / m_view.cell)};
        m_tiled = {0, 0, std::min(size.width, m_cells.width * m_view.cell), std::min(size.height, m_cells.height * m_view.cell)};
        m_view.covered = cv::Rect2f(m_tiled);
    }
    /// Takes a CV_32FC1 plane of the picture's size; each cell gets its mean.
    PicturePlane &add(const QString &id, const QString &title, const QString &about, const cv::Mat &plane)
    {
        PicturePlane added{id, title, u"grey levels"_s, about, {}, 0.0, 255.0, u"grey"_s};
        cv::resize(plane(m_tiled), added.values, m_cells, 0, 0, cv::INTER_AREA);
        m_view.planes.push_back(std::move(added));
        return m_view.planes.back();
    }
    PictureView take() { return std::move(m_view); }

private:
    PictureView m_view;
    cv::Size m_cells;
    cv::Rect m_tiled;
};

cv::Mat channel(const cv::Mat &bgr, int number)
{
    cv::Mat plane, wide;
    cv::extractChannel(bgr, plane, number);
    plane.convertTo(wide, CV_32F);
    return wide;
}

void addChannels(const cv::Mat &bgr, ViewMaker *view)
{
    for (const int i : {2, 1, 0})
        view->add(kNames[std::size_t(i)], u"Channel: %1"_s.arg(kNames[std::size_t(i)]), u"The %1 samples alone."_s.arg(kNames[std::size_t(i)]), channel(bgr, i));
}

void addColour(const cv::Mat &bgr, ViewMaker *view)
{
    const cv::Mat luma = lumaOf(bgr);
    view->add(u"luma"_s, u"Luma"_s, u"0.299 red + 0.587 green + 0.114 blue."_s, luma);
    cv::Mat wide, most, least;
    std::array<cv::Mat, 3> planes{channel(bgr, 0), channel(bgr, 1), channel(bgr, 2)};
    most = cv::max(cv::max(planes[0], planes[1]), planes[2]);
    least = cv::min(cv::min(planes[0], planes[1]), planes[2]);
    PicturePlane &saturation = view->add(u"saturation"_s, u"Saturation"_s, u"(largest - smallest channel) / largest. Places that were coloured or drawn often stand out."_s,
                                         (most - least) / cv::max(most, 1.0));
    saturation.unit = u"1"_s;
    saturation.high = 1.0;
    saturation.colorMap = u"viridis"_s;
    PicturePlane &cb = view->add(u"blue-difference"_s, u"Blue difference"_s, u"Chroma Cb of JPEG: 0 is grey."_s, (planes[0] - luma) * 0.564);
    cb.low = -64.0;
    cb.high = 64.0;
    PicturePlane &cr = view->add(u"red-difference"_s, u"Red difference"_s, u"Chroma Cr of JPEG: 0 is grey."_s, (planes[2] - luma) * 0.713);
    cr.low = -64.0;
    cr.high = 64.0;
}

void addBits(const cv::Mat &bgr, int bit, ViewMaker *view)
{
    for (const int i : {2, 1, 0}) {
        cv::Mat plane, set, wide;
        cv::extractChannel(bgr, plane, i);
        cv::bitwise_and(plane, cv::Scalar(1 << bit), set);
        set = set > 0;
        set.convertTo(wide, CV_32F, 1.0 / 255.0);
        PicturePlane &added = view->add(u"bit-%1.%2"_s.arg(bit).arg(kNames[std::size_t(i)]), u"Bit %1 of %2"_s.arg(bit).arg(kNames[std::size_t(i)]),
                                        u"White where bit %1 (0 is the lowest) is set; in large pictures the share of samples in a cell. Low bits of a "
                                        "camera's picture look like noise; drawn, flat or clipped places do not."_s.arg(bit), wide);
        added.unit = u"1"_s;
        added.high = 1.0;
    }
}

void addGradient(const cv::Mat &bgr, ViewMaker *view)
{
    cv::Mat alongX, alongY, size, direction;
    const cv::Mat luma = lumaOf(bgr);
    cv::Sobel(luma, alongX, CV_32F, 1, 0, 3, 0.125);
    cv::Sobel(luma, alongY, CV_32F, 0, 1, 3, 0.125);
    cv::cartToPolar(alongX, alongY, size, direction, true);
    PicturePlane &slope = view->add(u"gradient"_s, u"Gradient: size"_s, u"How steep the luma is, per px. Pasted edges can be sharper or softer than those around them."_s, size);
    slope.unit = u"grey levels/px"_s;
    slope.high = 30.0;
    slope.colorMap = u"magma"_s;
    PicturePlane &across = view->add(u"gradient-x"_s, u"Gradient: left to right"_s, u"Bright where the luma rises to the right; light falls alike on all things of one scene."_s, alongX);
    across.unit = u"grey levels/px"_s;
    across.low = -20.0;
    across.high = 20.0;
    PicturePlane &down = view->add(u"gradient-y"_s, u"Gradient: top to bottom"_s, u"Bright where the luma rises downwards."_s, alongY);
    down.unit = u"grey levels/px"_s;
    down.low = -20.0;
    down.high = 20.0;
}

void addLevels(const cv::Mat &bgr, ViewMaker *view)
{
    cv::Mat luma, even, wide;
    cv::cvtColor(bgr, luma, cv::COLOR_BGR2GRAY);
    cv::equalizeHist(luma, even);
    even.convertTo(wide, CV_32F);
    view->add(u"equalised"_s, u"Luma, levels spread evenly"_s, u"Each level is as frequent as any other: steps hidden in dark and bright places can be seen."_s, wide);
    cv::Mat local;
    cv::createCLAHE(4.0, {8, 8})->apply(luma, local);
    local.convertTo(wide, CV_32F);
    view->add(u"equalised-locally"_s, u"Luma, levels spread by place"_s, u"The same within 8 x 8 parts of the picture: brings out what lies in shadow."_s, wide);
}

void addPrincipal(const cv::Mat &bgr, ViewMaker *view)
{
    cv::Mat samples = bgr.reshape(1, bgr.rows * bgr.cols), wide, covariance, mean, values, axes;
    samples.convertTo(wide, CV_32F);
    cv::calcCovarMatrix(wide, covariance, mean, cv::COVAR_NORMAL | cv::COVAR_ROWS | cv::COVAR_SCALE, CV_32F);
    cv::eigen(covariance, values, axes);
    for (int i = 0; i < 3; ++i) {
        cv::Mat axis = axes.row(i);
        if (cv::sum(axis)[0] < 0.0)
            axis = -axis;
        const cv::Mat along = (wide - cv::repeat(mean, wide.rows, 1)) * axis.t();
        const double reach = std::max(2.0, 3.0 * std::sqrt(std::max(0.0, double(values.at<float>(i)))));
        PicturePlane &plane = view->add(u"principal-%1"_s.arg(i + 1), u"Principal colour %1"_s.arg(i + 1),
                                        u"Colours along axis %1 of their own spread (red %2, green %3, blue %4). The last axis shows differences that the eye does not."_s.arg(i + 1)
                                            .arg(double(axis.at<float>(2)), 0, 'f', 2).arg(double(axis.at<float>(1)), 0, 'f', 2).arg(double(axis.at<float>(0)), 0, 'f', 2),
                                        along.reshape(1, bgr.rows));
        plane.low = -reach;
        plane.high = reach;
    }
}

} // namespace

std::optional<PlaneKind> planeKind(const QString &word)
{
    static const QStringList words{u"channels"_s, u"colour"_s, u"bit planes"_s, u"gradient"_s, u"levels"_s, u"principal colours"_s};
    const qsizetype i = words.indexOf(word);
    return i < 0 ? std::nullopt : std::optional(PlaneKind(i));
}

Result<PictureView> pictureView(const cv::Mat &bgr, PlaneKind kind, int bit)
{
    if (bgr.empty())
        return fail(Errc::BadData, u"the picture is empty"_s);
    if (bit < 0 || bit > 7)
        return fail(Errc::BadData, u"there is no bit %1"_s.arg(bit));
    ViewMaker view(bgr.size());
    switch (kind) {
    case PlaneKind::Channels: addChannels(bgr, &view); break;
    case PlaneKind::Colour: addColour(bgr, &view); break;
    case PlaneKind::Bits: addBits(bgr, bit, &view); break;
    case PlaneKind::Gradient: addGradient(bgr, &view); break;
    case PlaneKind::Levels: addLevels(bgr, &view); break;
    case PlaneKind::Principal: addPrincipal(bgr.isContinuous() ? bgr : bgr.clone(), &view); break;
    }
    return view.take();
}

std::array<std::array<double, 256>, 4> levelCounts(const cv::Mat &bgr)
{
    std::array<std::array<double, 256>, 4> counts{};
    cv::Mat luma;
    cv::cvtColor(bgr, luma, cv::COLOR_BGR2GRAY);
    for (int y = 0; y < bgr.rows; ++y) {
        for (int x = 0; x < bgr.cols; ++x) {
            const cv::Vec3b &sample = bgr.at<cv::Vec3b>(y, x);
            for (int c = 0; c < 3; ++c)
                counts[std::size_t(c)][sample[2 - c]] += 1.0;
            counts[3][luma.at<uchar>(y, x)] += 1.0;
        }
    }
    return counts;
}

} // namespace fw
