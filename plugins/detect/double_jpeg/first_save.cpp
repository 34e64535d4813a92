// SPDX-License-Identifier: GPL-3.0-or-later
#include "first_save.h"

#include "photo/block_transform.h"
#include "stored_luma.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

/// Values of the reference are counted in quarters of a unit, whose edges hold all half steps.
constexpr int kParts = 4, kReach = 1200, kFine = 2 * kReach * kParts;
/// Rounding red, green and blue to 8 bits between the saves scatters each coefficient by about this.
constexpr double kRounding = 0.4;
/// Share of coefficients that a program between the saves may have moved elsewhere.
constexpr double kStray = 0.05;
/// Grids without meaning on which the picture is transformed for the reference.
const std::array<cv::Point, 3> kGrids{cv::Point(1, 1), cv::Point(3, 5), cv::Point(6, 2)};
constexpr double kLeastShare = 0.05;
/// Counts that every value of the coefficient is given beforehand, so that no ratio is infinite.
constexpr double kPrior = 0.5;
constexpr double kLeastExpected = 4.0; ///< values rarer than this say nothing

int mostFirstStep(int zigzag)
{
    constexpr std::array<std::pair<int, int>, 5> kSteps{{{10, 20}, {15, 30}, {21, 40}, {28, 64}, {36, 80}}};
    for (const auto &[below, step] : kSteps) {
        if (zigzag < below)
            return step;
    }
    return 99;
}

using Counts = std::vector<double>;

/// Distributions over whole coefficients -reach..reach.
struct Spread
{
    int reach = 0;
    Counts values;
    double &at(int x) { return values[std::size_t(std::clamp(x, -reach, reach) + reach)]; }
};

Spread onceSaved(const Counts &fine, int second, int reach)
{
    Spread once{reach, Counts(std::size_t(2 * reach + 1), 0.0)};
    for (int i = 0; i < kFine; ++i) {
        const double value = (i + 0.5) / kParts - kReach;
        once.at(int(std::lround(value / second))) += fine[std::size_t(i)];
    }
    return once;
}

double below(double x)
{
    return 0.5 * std::erfc(-x / std::sqrt(2.0));
}

Spread twiceSaved(const Counts &fine, int first, int second, int reach)
{
    const int wide = kReach / first + 1;
    Counts atFirst(std::size_t(2 * wide + 1), 0.0);
    for (int i = 0; i < kFine; ++i) {
        const double value = (i + 0.5) / kParts - kReach;
        atFirst[std::size_t(int(std::lround(value / first)) + wide)] += fine[std::size_t(i)];
    }
    Spread twice{reach, Counts(std::size_t(2 * reach + 1), 0.0)};
    for (int j = -wide; j <= wide; ++j) {
        const double count = atFirst[std::size_t(j + wide)];
        if (count == 0.0)
            continue;
        const double value = double(j) * first;
        const int lowest = int(std::lround((value - 4.0 * kRounding) / second));
        const int highest = int(std::lround((value + 4.0 * kRounding) / second));
        for (int x = lowest; x <= highest; ++x) {
            const double share = below((second * (x + 0.5) - value) / kRounding) - below((second * (x - 0.5) - value) / kRounding);
            twice.at(x) += count * share;
        }
    }
    return twice;
}

/// @param withZero  false leaves the coefficients out that are 0: flat places have nothing else, whatever
/// their history.
void toShares(Spread *spread, bool withZero)
{
    if (!withZero)
        spread->at(0) = -kPrior;
    double all = 0.0;
    for (double &value : spread->values)
        all += value += kPrior;
    for (double &value : spread->values)
        value /= all;
}

/// The share of blocks that went through the first save, by expectation and maximisation, and the gain.
std::pair<double, double> mixture(const Counts &seen, const std::vector<double> &ratio)
{
    double share = 0.5, gain = 0.0, all = 0.0;
    for (const double count : seen)
        all += count;
    if (all == 0.0)
        return {0.0, 0.0};
    for (int round = 0; round < 40; ++round) {
        double expected = 0.0;
        for (std::size_t i = 0; i < seen.size(); ++i)
            expected += seen[i] * share * ratio[i] / (share * ratio[i] + 1.0 - share);
        share = std::clamp(expected / all, 1e-4, 1.0 - 1e-4);
    }
    for (std::size_t i = 0; i < seen.size(); ++i)
        gain += seen[i] * std::log(share * ratio[i] + 1.0 - share);
    return {share, gain};
}

FirstSaveBand estimate(const Counts &fine, Counts seen, int reach, int zigzag, int second)
{
    const bool withZero = zigzag == 0;
    FirstSaveBand band;
    band.zigzag = zigzag;
    band.place = zigzagPlace(zigzag);
    band.secondStep = second;
    double all = 0.0, zero = seen[std::size_t(reach)];
    for (const double count : seen)
        all += count;
    band.nonZero = int(withZero ? all : all - zero);
    if (!withZero)
        seen[std::size_t(reach)] = 0.0;
    Spread once = onceSaved(fine, second, reach);
    double reference = 0.0;
    for (const double count : fine)
        reference += count;
    toShares(&once, withZero);
    band.lowest = -reach;
    band.logRatio.assign(once.values.size(), 0.0F);
    double best = 0.0;
    for (int first = 1; first <= mostFirstStep(zigzag); ++first) {
        if (first == second || band.nonZero == 0)
            continue;
        Spread twice = twiceSaved(fine, first, second, reach);
        toShares(&twice, withZero);
        std::vector<double> ratio(once.values.size(), 1.0);
        for (std::size_t i = 0; i < ratio.size(); ++i) {
            if (once.values[i] > 0.0 && once.values[i] * reference >= kLeastExpected)
                ratio[i] = std::clamp(kStray + (1.0 - kStray) * twice.values[i] / once.values[i], double(std::exp(-kMostLogRatio)), double(std::exp(kMostLogRatio)));
        }
        const auto [share, gain] = mixture(seen, ratio);
        if (share < kLeastShare || gain <= best)
            continue;
        best = gain;
        band.firstStep = first;
        band.share = share;
        band.gain = gain / band.nonZero;
        for (std::size_t i = 0; i < ratio.size(); ++i)
            band.logRatio[i] = float(std::log(ratio[i]));
    }
    return band;
}

} // namespace

Result<std::vector<FirstSaveBand>> firstSave(const cv::Mat &luma, const cv::Mat &coefficients,
                                             const std::array<std::uint16_t, 64> &table, const cv::Mat &usable,
                                             std::stop_token stop)
{
    std::vector<Counts> fine(kFirstSaveBands, Counts(kFine, 0.0));
    for (const cv::Point grid : kGrids) {
        for (int y = grid.y; y + 8 <= luma.rows; y += 8) {
            if (stop.stop_requested())
                return fail(Errc::Cancelled, u"stopped"_s);
            for (int x = grid.x; x + 8 <= luma.cols; x += 8) {
                if (!usable.at<uchar>(y / 8, x / 8))
                    continue;
                Block samples = blockAt(luma, {x, y});
                for (float &value : samples)
                    value -= 128.0F;
                const Block block = forwardTransform(samples);
                for (int k = 0; k < kFirstSaveBands; ++k) {
                    const int i = int(std::floor((double(block[std::size_t(zigzagPlace(k))]) + kReach) * kParts));
                    if (i < 0 || i >= kFine)
                        continue;
                    fine[std::size_t(k)][std::size_t(i)] += 1.0;
                    if (k > 0) // alternating frequencies are as often below 0 as above
                        fine[std::size_t(k)][std::size_t(kFine - 1 - i)] += 1.0;
                }
            }
        }
    }
    std::vector<FirstSaveBand> bands;
    for (int k = 0; k < kFirstSaveBands; ++k) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        const int place = zigzagPlace(k), second = std::max<int>(1, table[std::size_t(place)]);
        const int reach = std::min(kReach / second + 1, 1030);
        Counts seen(std::size_t(2 * reach + 1), 0.0);
        for (int y = 0; y < usable.rows; ++y) {
            for (int x = 0; x < usable.cols; ++x) {
                if (usable.at<uchar>(y, x))
                    seen[std::size_t(std::clamp(int(coefficients.at<short>(y * 8 + place / 8, x * 8 + place % 8)), -reach, reach) + reach)] += 1.0;
            }
        }
        bands.push_back(estimate(fine[std::size_t(k)], seen, reach, k, second));
    }
    return bands;
}

cv::Mat firstSaveLogRatio(const cv::Mat &coefficients, const std::vector<FirstSaveBand> &bands, const cv::Mat &usable)
{
    cv::Mat sum(usable.size(), CV_32FC1, cv::Scalar(0));
    for (int y = 0; y < usable.rows; ++y) {
        for (int x = 0; x < usable.cols; ++x) {
            if (!usable.at<uchar>(y, x))
                continue;
            float all = 0.0F;
            int nonZero = 0;
            for (const FirstSaveBand &band : bands) {
                const int value = coefficients.at<short>(y * 8 + band.place / 8, x * 8 + band.place % 8);
                const int last = band.lowest + int(band.logRatio.size()) - 1;
                all += band.logRatio[std::size_t(std::clamp(value, band.lowest, last) - band.lowest)];
                nonZero += value != 0;
            }
            if (nonZero >= kLeastNonZero)
                sum.at<float>(y, x) = all;
        }
    }
    return sum;
}

} // namespace fw
