// SPDX-License-Identifier: GPL-3.0-or-later
#include "shifted_save.h"

#include "photo/block_transform.h"
#include "stored_luma.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kUnitParts = 2, kSpectrumReach = 1100, kFineBins = 2 * kSpectrumReach * kUnitParts; ///< bins of half a unit
constexpr int kPlaces = 64, kLeastBlocks = 64;
constexpr int kMostStep = 60;
constexpr double kFlat = 1.0; ///< variance of samples below which a window says nothing

/// One coefficient of the window that starts at each sample, CV_32FC1.
cv::Mat coefficientPlane(const cv::Mat &luma, int place)
{
    const Block &basis = transformBasis();
    cv::Mat along(1, 8, CV_32FC1), down(8, 1, CV_32FC1), plane;
    for (int i = 0; i < 8; ++i) {
        along.at<float>(i) = basis[std::size_t(place % 8 * 8 + i)];
        down.at<float>(i) = basis[std::size_t(place / 8 * 8 + i)];
    }
    cv::sepFilter2D(luma, plane, CV_32F, along, down, {0, 0}, place == 0 ? -8.0 * 128.0 : 0.0, cv::BORDER_REFLECT);
    return plane;
}

/// 255 where the window that starts here is neither flat nor clipped.
cv::Mat usableWindows(const cv::Mat &luma)
{
    cv::Mat mean, square, clipped;
    cv::boxFilter(luma, mean, CV_32F, {8, 8}, {0, 0});
    cv::sqrBoxFilter(luma, square, CV_32F, {8, 8}, {0, 0});
    cv::Mat ends = (luma < 2.0F) | (luma > 253.0F);
    cv::boxFilter(ends, clipped, CV_32F, {8, 8}, {0, 0});
    return ((square - mean.mul(mean)) > kFlat) & (clipped < 255.0 * 0.05);
}

using BinCounts = std::vector<int>;

/// The mean over values of cos(2 pi value / step): how closely they keep to the multiples of a step. Only
/// values beyond half of it count: alternating frequencies crowd at 0 in any picture.
class Gathering
{
public:
    Gathering(int step, bool isMean) : m_cosine(kFineBins, 0.0F)
    {
        for (int i = 0; i < kFineBins; ++i) {
            const double value = (i + 0.5) / kUnitParts - kSpectrumReach;
            if (isMean || std::abs(value) >= 0.5 * step)
                m_cosine[std::size_t(i)] = float(std::cos(2.0 * CV_PI * value / step));
            else if (m_first == kFineBins)
                m_first = i;
        }
        m_end = isMean ? m_first : kFineBins - m_first;
    }
    /// @param weight  receives how many values took part.
    double of(const BinCounts &counts, double *weight) const
    {
        double sum = 0.0, all = 0.0;
        for (int i = 0; i < kFineBins; ++i) {
            sum += double(counts[std::size_t(i)]) * double(m_cosine[std::size_t(i)]);
            all += i >= m_first && i < m_end ? 0 : counts[std::size_t(i)];
        }
        *weight = all;
        return all > 0.0 ? sum / all : 0.0;
    }

private:
    std::vector<float> m_cosine;
    int m_first = kFineBins, m_end = kFineBins; ///< bins that do not count
};

struct StepRange
{
    int least = 2, most = 2;
};

/// A step much finer than the file's is wiped out; one coarser than quality 50 is seldom.
StepRange stepsFor(int second, int place)
{
    const int usual = ijgTable(50, false)[std::size_t(place)];
    return {std::max(2, int(std::ceil(second / std::sqrt(3.0)))), std::clamp(std::max(usual, second), 2, kMostStep)};
}

struct GridBand
{
    double strength = 0.0;
    int step = 0;
};

/// For each grid the step whose phases gather most, and how much more than on the other grids.
std::array<GridBand, kPlaces> bandStrengths(const std::array<BinCounts, kPlaces> &counts, StepRange steps, bool isMean)
{
    std::array<GridBand, kPlaces> best;
    for (int step = steps.least; step <= steps.most; ++step) {
        const Gathering gathering(step, isMean);
        std::array<double, kPlaces> gathered{}, weights{};
        double mean = 0.0;
        for (int g = 0; g < kPlaces; ++g) {
            gathered[std::size_t(g)] = gathering.of(counts[std::size_t(g)], &weights[std::size_t(g)]);
            mean += g > 0 ? gathered[std::size_t(g)] / double(kPlaces - 1) : 0.0; // grid 0 is the file's own
        }
        for (int g = 1; g < kPlaces; ++g) {
            const double more = gathered[std::size_t(g)] - mean;
            const double strength = more > 0.0 ? weights[std::size_t(g)] * more * more : 0.0;
            if (strength > best[std::size_t(g)].strength)
                best[std::size_t(g)] = {strength, step};
        }
    }
    return best;
}

/// Density of a wrapped normal over that of an even spread, at this phase.
double phaseRatio(double phase, double concentration)
{
    double ratio = 1.0;
    for (int m = 1; m <= 6; ++m)
        ratio += 2.0 * std::pow(concentration, m * m) * std::cos(m * phase);
    return std::max(ratio, 0.05);
}

} // namespace

Result<std::vector<ShiftedSave>> shiftedSaves(const cv::Mat &luma, const std::array<std::uint16_t, 64> &table, std::stop_token stop)
{
    if ((luma.rows / 8 - 1) * (luma.cols / 8 - 1) < kLeastBlocks)
        return fail(Errc::NotApplicable, u"the picture has fewer than %1 blocks"_s.arg(kLeastBlocks));
    const cv::Mat usable = usableWindows(luma);
    if (stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    std::array<double, kPlaces> strengths{}, strongest{};
    std::array<std::array<GridBand, kPlaces>, kShiftedBands> all;
    for (int k = 0; k < kShiftedBands; ++k) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        const int place = zigzagPlace(k);
        const cv::Mat plane = coefficientPlane(luma, place);
        std::array<BinCounts, kPlaces> counts;
        counts.fill(BinCounts(kFineBins, 0));
        for (int y = 0; y + 8 <= luma.rows; ++y) {
            if (y % 64 == 0 && stop.stop_requested())
                return fail(Errc::Cancelled, u"stopped"_s);
            const float *values = plane.ptr<float>(y);
            const uchar *said = usable.ptr<uchar>(y);
            for (int x = 0; x + 8 <= luma.cols; ++x) {
                if (said[x])
                    ++counts[std::size_t(y % 8 * 8 + x % 8)][std::size_t(std::clamp(int((values[x] + kSpectrumReach) * kUnitParts), 0, kFineBins - 1))];
            }
        }
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        const StepRange steps = stepsFor(table[std::size_t(place)], place);
        all[std::size_t(k)] = bandStrengths(counts, steps, place == 0);
        const double chance = std::log(double(steps.most - steps.least + 1));
        for (int g = 1; g < kPlaces; ++g) {
            const double more = std::max(0.0, all[std::size_t(k)][std::size_t(g)].strength - chance);
            strengths[std::size_t(g)] += more;
            strongest[std::size_t(g)] = std::max(strongest[std::size_t(g)], more);
        }
    }
    std::vector<ShiftedSave> saves;
    for (int g = 1; g < kPlaces; ++g) {
        const std::size_t i = std::size_t(g);
        ShiftedSave save;
        save.shift = {g % 8, g / 8};
        const bool sharesLines = g % 8 == 0 || g / 8 == 0;
        save.strength = sharesLines ? 0.5 * (strengths[i] - strongest[i]) : strengths[i];
        for (int k = 0; k < kShiftedBands; ++k) {
            const GridBand &band = all[std::size_t(k)][i];
            save.bands[std::size_t(k)] = {zigzagPlace(k), band.step, band.strength, 0.0};
        }
        saves.push_back(save);
    }
    std::stable_sort(saves.begin(), saves.end(), [](const ShiftedSave &a, const ShiftedSave &b) { return a.strength > b.strength; });
    saves.resize(3);
    return saves;
}

Result<cv::Mat> shiftedLogRatio(const cv::Mat &luma, ShiftedSave *save, double *share, std::stop_token stop)
{
    const cv::Size cells((luma.cols - save->shift.x) / 8, (luma.rows - save->shift.y) / 8);
    const cv::Mat usable = usableWindows(luma);
    constexpr float kSilent = 100.0F;
    std::vector<cv::Mat> phases;
    for (const ShiftedBand &band : save->bands) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        cv::Mat phase(cells, CV_32FC1, cv::Scalar(kSilent));
        if (band.firstStep > 0) {
            const cv::Mat plane = coefficientPlane(luma, band.place);
            for (int y = 0; y < cells.height; ++y) {
                for (int x = 0; x < cells.width; ++x) {
                    const cv::Point at(save->shift.x + 8 * x, save->shift.y + 8 * y);
                    const float value = plane.at<float>(at);
                    if (usable.at<uchar>(at) && (band.place == 0 || std::abs(value) >= 0.5F * float(band.firstStep)))
                        phase.at<float>(y, x) = float(2.0 * CV_PI * std::remainder(double(value), band.firstStep) / band.firstStep);
                }
            }
        }
        phases.push_back(std::move(phase));
    }
    cv::Mat ratio(cells, CV_32FC1, cv::Scalar(0));
    *share = 0.5;
    for (ShiftedBand &band : save->bands)
        band.concentration = band.firstStep > 0 && band.strength > 4.0 ? 0.5 : 0.0;
    for (int round = 0; round < 12; ++round) {
        std::array<double, kShiftedBands> sums{}, weights{};
        double expected = 0.0, heard = 0.0;
        for (int y = 0; y < cells.height; ++y) {
            if (y % 64 == 0 && stop.stop_requested())
                return fail(Errc::Cancelled, u"stopped"_s);
            for (int x = 0; x < cells.width; ++x) {
                double log = 0.0;
                bool any = false;
                for (std::size_t k = 0; k < phases.size(); ++k) {
                    const float phase = phases[k].at<float>(y, x);
                    if (phase == kSilent || save->bands[k].concentration == 0.0)
                        continue;
                    any = true;
                    log += std::log(phaseRatio(double(phase), save->bands[k].concentration));
                }
                ratio.at<float>(y, x) = float(log);
                if (!any)
                    continue;
                const double odds = *share / (1.0 - *share) * std::exp(log), chance = odds / (1.0 + odds);
                expected += chance;
                heard += 1.0;
                for (std::size_t k = 0; k < phases.size(); ++k) {
                    const float phase = phases[k].at<float>(y, x);
                    if (phase == kSilent)
                        continue;
                    sums[k] += chance * std::cos(double(phase));
                    weights[k] += chance;
                }
            }
        }
        if (heard == 0.0)
            break;
        *share = std::clamp(expected / heard, 0.01, 0.99);
        for (std::size_t k = 0; k < phases.size(); ++k) {
            if (save->bands[k].concentration > 0.0 && weights[k] > 0.0)
                save->bands[k].concentration = std::clamp(sums[k] / weights[k], 0.02, 0.95);
        }
    }
    return ratio;
}

} // namespace fw
