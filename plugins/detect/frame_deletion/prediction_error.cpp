// SPDX-License-Identifier: GPL-3.0-or-later
#include "prediction_error.h"

#include "base/numbers.h"
#include "stats/quantile.h"

#include <algorithm>
#include <cmath>

namespace fw {
namespace {

constexpr std::size_t kLeastPictures = 60;
constexpr int kRowStep = 4;

/// Sum of absolute differences over every fourth row of one block.
double blockError(const cv::Mat &luma, const cv::Mat &reference, const MotionVector &v, double *pixels)
{
    const int x = v.dstX - v.width / 2, y = v.dstY - v.height / 2;
    const int fromX = v.srcX - v.width / 2, fromY = v.srcY - v.height / 2;
    const cv::Rect all(0, 0, luma.cols, luma.rows);
    const cv::Rect to(x, y, v.width, v.height), from(fromX, fromY, v.width, v.height);
    if ((to & all) != to || (from & all) != from)
        return 0.0;
    int sum = 0;
    for (int row = 0; row < v.height; row += kRowStep) {
        const uchar *a = luma.ptr(y + row) + x;
        const uchar *b = reference.ptr(fromY + row) + fromX;
        for (int column = 0; column < v.width; ++column)
            sum += std::abs(a[column] - b[column]);
        *pixels += v.width;
    }
    return sum;
}

} // namespace

void PredictionError::add(const CodingFrame &coding, const cv::Mat &luma)
{
    double value = kMissing;
    if (coding.pictureType == 'P' && !luma.empty() && m_reference.size() == luma.size()) {
        double sum = 0.0, pixels = 0.0;
        for (const MotionVector &vector : coding.motion) {
            const bool taken = ((vector.dstX >> 4) + (vector.dstY >> 4)) % 2 == 0; // a chequerboard is enough
            if (taken && vector.source < 0)
                sum += blockError(luma, m_reference, vector, &pixels);
        }
        if (pixels > 0.0)
            value = sum / pixels;
    }
    m_values.push_back(value);
    if (coding.pictureType != 'B')
        m_reference = luma;
}

std::optional<ErrorRhythm> PredictionError::rhythm() const
{
    // Key frames have no error of their own; the one before stands in, so that time stays even.
    std::vector<float> excess;
    std::vector<double> known;
    std::size_t predicted = 0;
    for (const double value : m_values) {
        predicted += !std::isnan(value);
        known.push_back(std::isnan(value) ? (known.empty() ? kMissing : known.back()) : value);
    }
    if (predicted < kLeastPictures)
        return std::nullopt;
    double sum = 0.0;
    for (std::size_t n = 0; n < known.size(); ++n) {
        const double before = n > 0 ? known[n - 1] : known[n];
        const double after = n + 1 < known.size() ? known[n + 1] : known[n];
        const auto centre = median({before, known[n], after});
        const double above = centre && !std::isnan(known[n]) ? std::max(0.0, known[n] - *centre) : 0.0;
        excess.push_back(float(above));
        sum += above;
    }
    const double mean = sum / double(excess.size());
    for (float &value : excess)
        value -= float(mean);
    cv::Mat spectrum;
    cv::dft(excess, spectrum, cv::DFT_COMPLEX_OUTPUT);
    std::vector<double> lines;
    const auto *line = spectrum.ptr<cv::Vec2f>();
    for (std::size_t k = 1; k <= excess.size() / 2; ++k)
        lines.push_back(std::hypot(line[k][0], line[k][1]));
    const auto most = std::max_element(lines.begin(), lines.end());
    const double typical = *median(lines);
    if (typical <= 0.0)
        return std::nullopt;
    ErrorRhythm rhythm;
    rhythm.periodFrames = double(excess.size()) / double(most - lines.begin() + 1);
    rhythm.peakOverMedian = *most / typical;
    rhythm.meanExcess = mean;
    return rhythm;
}

} // namespace fw
