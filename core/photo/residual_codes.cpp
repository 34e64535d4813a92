// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/residual_codes.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace fw {
namespace {

constexpr std::uint16_t kNone = 0xffff;

int power(int base, int times)
{
    return times == 0 ? 1 : base * power(base, times - 1);
}

int codeOf(const std::array<int, 4> &digits, int base)
{
    return ((digits[0] * base + digits[1]) * base + digits[2]) * base + digits[3];
}

/// Codes of a residual along rows; what hangs over the picture's edge is marked.
cv::Mat placed(const cv::Mat &values, const ShortDescriptor &s, bool down, const std::vector<int> &fold)
{
    cv::Mat result(values.size(), CV_16UC1, cv::Scalar(kNone));
    const cv::Mat codes = tupleCodes(values, s.truncation, down);
    for (int y = 0; y < codes.rows; ++y) {
        const std::uint16_t *from = codes.ptr<std::uint16_t>(y);
        std::uint16_t *to = result.ptr<std::uint16_t>(y);
        const int end = std::min(codes.cols, values.cols - (down ? 2 : 5)); // the last residuals do not exist
        for (int x = 1; x < end; ++x)
            to[x] = std::uint16_t(fold[from[x]]);
    }
    return result;
}

} // namespace

std::vector<int> foldedBins(int truncation, Folding folding, int *bins)
{
    const int base = 2 * truncation + 1, count = power(base, 4);
    std::vector<int> least(static_cast<std::size_t>(count)), result(least.size(), -1);
    for (int code = 0; code < count; ++code) {
        const std::array<int, 4> d{code / power(base, 3), code / power(base, 2) % base, code / base % base, code % base};
        const std::array<int, 4> back{d[3], d[2], d[1], d[0]};
        const auto negative = [&](const std::array<int, 4> &v) {
            return std::array<int, 4>{base - 1 - v[0], base - 1 - v[1], base - 1 - v[2], base - 1 - v[3]};
        };
        int lowest = code;
        if (folding != Folding::None)
            lowest = std::min(lowest, codeOf(back, base));
        if (folding == Folding::Both)
            lowest = std::min({lowest, codeOf(negative(d), base), codeOf(negative(back), base)});
        least[std::size_t(code)] = lowest;
    }
    int next = 0;
    for (int code = 0; code < count; ++code) {
        const std::size_t at = std::size_t(code), first = std::size_t(least[at]);
        result[at] = first == at ? next++ : result[first];
    }
    if (bins)
        *bins = next;
    return result;
}

cv::Mat thirdDifference(const cv::Mat &plane)
{
    cv::Mat result(plane.size(), CV_32FC1, cv::Scalar(0));
    for (int y = 0; y < plane.rows; ++y) {
        const float *from = plane.ptr<float>(y);
        float *to = result.ptr<float>(y);
        for (int x = 1; x + 2 < plane.cols; ++x)
            to[x] = from[x - 1] - 3.0f * from[x] + 3.0f * from[x + 1] - from[x + 2];
    }
    return result;
}

cv::Mat quantised(const cv::Mat &residual, double step, int truncation)
{
    cv::Mat values(residual.size(), CV_8SC1);
    const float scale = float(1.0 / step), most = float(truncation);
    for (int y = 0; y < residual.rows; ++y) {
        const float *from = residual.ptr<float>(y);
        schar *to = values.ptr<schar>(y);
        for (int x = 0; x < residual.cols; ++x) { // halves away from 0, so that a negative is the negative
            const float value = std::clamp(from[x] * scale, -most, most);
            to[x] = schar(value < 0.0f ? int(value - 0.5f) : int(value + 0.5f));
        }
    }
    return values;
}

cv::Mat tupleCodes(const cv::Mat &values, int truncation, bool down)
{
    const int base = 2 * truncation + 1, dy = down ? 1 : 0, dx = down ? 0 : 1;
    cv::Mat codes(std::max(values.rows - 3 * dy, 0), std::max(values.cols - 3 * dx, 0), CV_16UC1);
    for (int y = 0; y < codes.rows; ++y) {
        const schar *rows[4];
        for (int k = 0; k < 4; ++k)
            rows[k] = values.ptr<schar>(y + k * dy) + k * dx;
        std::uint16_t *to = codes.ptr<std::uint16_t>(y);
        for (int x = 0; x < codes.cols; ++x) {
            int code = 0;
            for (const schar *row : rows)
                code = code * base + row[x] + truncation;
            to[x] = std::uint16_t(code);
        }
    }
    return codes;
}

int ShortDescriptor::bins() const
{
    int half = 0;
    foldedBins(truncation, folding, &half);
    return 2 * half;
}

CodeMaps codeMaps(const cv::Mat &plane, const ShortDescriptor &settings)
{
    CodeMaps maps;
    const std::vector<int> fold = foldedBins(settings.truncation, settings.folding, &maps.half);
    const cv::Mat planes[2] = {plane, plane.t()};
    for (int i = 0; i < 2; ++i) {
        const cv::Mat values = quantised(thirdDifference(planes[i]), 3.0 * settings.step, settings.truncation);
        maps.along[i] = placed(values, settings, false, fold);
        maps.across[i] = placed(values, settings, true, fold);
    }
    maps.along[1] = maps.along[1].t();
    maps.across[1] = maps.across[1].t();
    return maps;
}

std::vector<float> placeDescriptor(const CodeMaps &maps, cv::Rect place)
{
    std::vector<double> counts(std::size_t(2 * maps.half), 0.0), sums(2, 0.0);
    // The first residual of a row lies at its second sample, the last two have none; tuples are three longer.
    for (std::size_t half = 0; half < 2; ++half) {
        for (std::size_t way = 0; way < 2; ++way) {
            const int along = half == 0 ? 5 : 2, across = half == 0 ? 0 : 3;
            const int right = way == 0 ? along : across, down = way == 0 ? across : along;
            const int left = way == 0 ? 1 : 0, top = way == 0 ? 0 : 1;
            const cv::Mat &codes = (half == 0 ? maps.along : maps.across)[way];
            for (int y = place.y + top; y < place.br().y - down; ++y) {
                const std::uint16_t *row = codes.ptr<std::uint16_t>(y);
                for (int x = place.x + left; x < place.br().x - right; ++x) {
                    if (row[x] == kNone)
                        continue;
                    counts[half * std::size_t(maps.half) + row[x]] += 1.0;
                    sums[half] += 1.0;
                }
            }
        }
    }
    std::vector<float> result;
    for (std::size_t i = 0; i < counts.size(); ++i)
        result.push_back(float(std::sqrt(counts[i] / std::max(sums[i / std::size_t(maps.half)], 1.0))));
    return result;
}

std::vector<float> shortDescriptor(const cv::Mat &plane, const ShortDescriptor &settings)
{
    return placeDescriptor(codeMaps(plane, settings), cv::Rect({0, 0}, plane.size()));
}

} // namespace fw
