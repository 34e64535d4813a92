// SPDX-License-Identifier: GPL-3.0-or-later
#include "resampling_report.h"

#include "photo/regions.h"
#include "photo/residual.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kWindow = 256;
constexpr double kSavedSigma = 4.0; ///< grey levels, of the map that sees past a save

double medianOf(std::vector<float> values)
{
    if (values.empty())
        return 0.0;
    std::nth_element(values.begin(), values.begin() + std::ptrdiff_t(values.size() / 2), values.end());
    return double(values[values.size() / 2]);
}

/// Cells of the maps to pixels: a cell stands for the middle of its patch.
cv::Rect2f coveredBy(const cv::Mat &map, int stride)
{
    const float margin = 0.5f * float(kResamplingPatch - stride);
    return {margin, margin, float(map.cols * stride), float(map.rows * stride)};
}

HeatMap chanceMap(FrameIndex index, const QString &id, const QString &title, const QString &about, const cv::Mat &values, const cv::Rect2f &region)
{
    HeatMap map;
    map.id = u"%1.frame-%2"_s.arg(id).arg(index);
    map.title = title;
    map.unit = u"1"_s;
    map.about = about;
    map.frame = index;
    map.values = values;
    map.region = region;
    map.colorMap = u"magma"_s;
    return map;
}

/// Mean of the neighbourhood map over the cells of the mask.
std::optional<double> agreementOf(const ResamplingMaps &maps)
{
    if (maps.neighbourhood.empty())
        return std::nullopt;
    const cv::Rect2f covered = coveredBy(maps.mask, maps.stride);
    double sum = 0.0;
    int count = 0;
    for (int y = 0; y < maps.neighbourhood.rows; ++y) {
        for (int x = 0; x < maps.neighbourhood.cols; ++x) {
            const int cx = int(std::floor(((float(x) + 0.5f) * kSequenceCell - covered.x) / float(maps.stride)));
            const int cy = int(std::floor(((float(y) + 0.5f) * kSequenceCell - covered.y) / float(maps.stride)));
            if (cx < 0 || cy < 0 || cx >= maps.mask.cols || cy >= maps.mask.rows || !maps.mask.at<uchar>(cy, cx))
                continue;
            sum += double(maps.neighbourhood.at<float>(y, x));
            ++count;
        }
    }
    return count > 0 ? std::optional(sum / count) : std::nullopt;
}

QString scalesText(double frequency)
{
    QStringList texts;
    for (const double scale : scalesOf(frequency))
        texts.append(u"%1"_s.arg(scale, 0, 'f', 2));
    return texts.join(u", "_s);
}

} // namespace

PeriodSpectrum sharedPeriods(const cv::Mat &luma, const cv::Mat &interpolation, cv::Rect without, std::stop_token stop)
{
    const auto fine = commonPeriods(interpolation, stop, without), coarse = commonPeriods(interpolationMap(luma, kSavedSigma), stop, without);
    if (!fine || !coarse)
        return {};
    return coarse->axial.height > fine->axial.height ? *coarse : *fine;
}

ResamplingSummary summarise(const ResamplingMaps &maps, const cv::Mat &bgr, std::stop_token stop)
{
    ResamplingSummary summary;
    const double cells = double(maps.mask.total());
    summary.share = double(cv::countNonZero(maps.mask)) / cells;
    std::vector<float> inside, outside;
    for (int y = 0; y < maps.mask.rows; ++y) {
        for (int x = 0; x < maps.mask.cols; ++x)
            (maps.mask.at<uchar>(y, x) ? inside : outside).push_back(maps.logOdds.at<float>(y, x));
    }
    if (!inside.empty() && !outside.empty())
        summary.contrast = medianOf(std::move(inside)) - medianOf(std::move(outside));
    summary.agreement = agreementOf(maps);
    const cv::Mat luma = lumaOf(bgr);
    if (stop.stop_requested())
        return summary;
    summary.periods = interpolationMap(luma);
    if (stop.stop_requested())
        return summary;
    const auto regions = connectedRegions(maps.mask, 1);
    if (!regions.empty()) {
        const cv::Rect cellsOf = regions.front().cells;
        const cv::Rect2f covered = coveredBy(maps.mask, maps.stride);
        summary.region = cv::Rect(int(covered.x) + cellsOf.x * maps.stride, int(covered.y) + cellsOf.y * maps.stride,
                                  cellsOf.width * maps.stride, cellsOf.height * maps.stride);
    }
    summary.period = sharedPeriods(luma, summary.periods, summary.region, stop);
    summary.whole = summary.period.axial.height;
    summary.wholeAt = summary.period.axial.frequency;
    if (regions.empty() || stop.stop_requested())
        return summary;
    const cv::Point centre(summary.region.x + summary.region.width / 2, summary.region.y + summary.region.height / 2);
    const int least = std::min({kWindow, bgr.cols, bgr.rows});
    const cv::Rect window(std::clamp(centre.x - least / 2, 0, bgr.cols - least), std::clamp(centre.y - least / 2, 0, bgr.rows - least),
                          least, least);
    if (auto spectrum = periodSpectrum(summary.periods, window))
        summary.period = std::move(spectrum).value();
    return summary;
}

void addMaps(const ResamplingMaps &maps, const ResamplingSummary &summary, FrameIndex index, Measurements *measured)
{
    const cv::Rect2f covered = coveredBy(maps.fused, maps.stride);
    const QString cell = u"Each cell stands for the 64 x 64 px around it; smaller objects are not seen. "_s;
    measured->heatMaps.push_back(chanceMap(index, u"resampled"_s, u"Resampled"_s,
                                           cell + u"Chance that the place was enlarged, reduced, turned or sheared, judged by how it differs from most of the "
                                                  "picture. A picture that was scaled as a whole does not show here."_s,
                                           maps.fused, covered));
    if (!maps.neighbourhood.empty()) {
        const cv::Size2f size(maps.neighbourhood.size() * kSequenceCell);
        measured->heatMaps.push_back(chanceMap(index, u"neighbourhood"_s, u"Resampled unlike its neighbourhood"_s,
                                               u"Chance that 4 x 4 px were enlarged, reduced, turned or sheared, judged by a network that reads 256 x 256 px "
                                                "block after block. Finer than the other map; a place larger than 256 px shows at its edges alone."_s,
                                               maps.neighbourhood, {{0, 0}, size}));
    }
    for (std::size_t i = 0; i < maps.traces.size(); ++i) {
        const QString name = QString::fromLatin1(kResamplingTraceNames[i]);
        measured->heatMaps.push_back(chanceMap(index, u"trace-%1"_s.arg(i + 1), u"Trace: %1"_s.arg(name),
                                               cell + u"From line sums at 18 angles and their spectra, residual patterns and frequencies (1293 values)."_s, maps.traces[i], covered));
    }
    cv::Mat shown;
    maps.mask.convertTo(shown, CV_32F, 1.0 / 255.0);
    measured->heatMaps.push_back(chanceMap(index, u"places"_s, u"Places that differ"_s,
                                           u"1: looks resampled unlike the surroundings. A place is named only where it stands out by far."_s, shown, covered));
    HeatMap quick;
    const cv::Size size = summary.periods.size();
    quick.id = u"interpolation.frame-%1"_s.arg(index);
    quick.title = u"Interpolation map"_s;
    quick.unit = u"1"_s;
    quick.about = u"How well each pixel is predicted by its eight neighbours, mean of 8 x 8 px: bright in smooth places as well. A quick "
                  "look, without a verdict."_s;
    quick.frame = index;
    cv::resize(summary.periods, quick.values, cv::Size(std::max(1, size.width / 8), std::max(1, size.height / 8)), 0, 0, cv::INTER_AREA);
    quick.region = cv::Rect2f({0, 0}, cv::Size2f(size));
    measured->heatMaps.push_back(std::move(quick));
    if (summary.period.magnitude.empty())
        return;
    HeatMap spectrum;
    spectrum.id = u"spectrum.interpolation.frame-%1"_s.arg(index);
    spectrum.title = u"Spectrum of the interpolation map"_s;
    spectrum.unit = u"root of size"_s;
    spectrum.about = summary.share > 0.0 ? u"Around the largest of the places that differ, named or not. Single bright points away from the middle are periods that "
                                           "interpolation leaves; points at multiples of 1/8 on the axes come from JPEG."_s
                                         : u"What most of the picture shares. Single bright points away from the middle are periods that "
                                           "interpolation leaves; points at multiples of 1/8 on the axes come from JPEG."_s;
    spectrum.frame = index;
    spectrum.values = summary.period.magnitude;
    const float side = float(std::min(size.width, size.height)) / 3.0f;
    spectrum.region = cv::Rect2f(0, 0, side, side);
    cv::Scalar mean, deviation;
    cv::meanStdDev(spectrum.values, mean, deviation);
    spectrum.low = 0.0;
    spectrum.high = mean[0] + 5.0 * deviation[0];
    spectrum.colorMap = u"magma"_s;
    measured->heatMaps.push_back(std::move(spectrum));
}

void addPeaks(const ResamplingSummary &summary, Measurements *measured)
{
    Table table;
    table.id = u"periods"_s;
    table.title = u"Periods of the interpolation map"_s;
    table.about = u"The highest peaks and the scales that would put a peak there. One peak fits several scales: 1.25 times larger and 0.83 "
                  "times smaller look alike. Untouched pictures leave peaks up to about 4."_s;
    table.columns = {{u"Along x"_s, u"cycles/px"_s}, {u"Along y"_s, u"cycles/px"_s}, {u"Height"_s, u"deviations"_s},
                     {u"Scales along x"_s, {}}, {u"Scales along y"_s, {}}};
    for (const PeriodPeak &peak : summary.period.peaks)
        table.rows.push_back(QJsonArray{peak.frequency.x, peak.frequency.y, peak.height, scalesText(peak.frequency.x),
                                        scalesText(peak.frequency.y)});
    measured->tables.push_back(std::move(table));
}

Finding resamplingClaim(const ResamplingSummary &summary, std::optional<int> quality, const ResamplingLimits &limits)
{
    Finding finding;
    finding.id = u"resampling.picture"_s;
    finding.title = u"Resampled places"_s;
    finding.limits = {u"Places smaller than about 64 px, pastes that were neither scaled nor turned, and reductions below 0.7 are not seen."_s,
                      u"A save as JPEG hides a part of the traces: of pastes that were enlarged 1.2 times, less than half were named after quality 90 and a seventh after 75."_s};
    finding.verdict = Verdict::Inconclusive;
    finding.score = Score{summary.contrast, ScoreScale::Raw, u"log-odds inside the places minus outside"_s, {},
                          u"a place is named from %1 up"_s.arg(limits.contrast, 0, 'f', 1), std::nullopt, std::nullopt};
    if (quality && *quality < limits.leastQuality) {
        finding.summary = u"The file was saved at quality %1; below %2 traces of resampling do not survive."_s.arg(*quality).arg(limits.leastQuality);
        return finding;
    }
    if (summary.whole >= limits.whole) {
        finding.summary = u"Most of the picture shares a period that scaling leaves: it was scaled as a whole. Single places cannot be told apart."_s;
        finding.supports = {u"The spectrum of the interpolation map has a peak of %1 deviations at %2, %3 cycles per px (untouched pictures: up to %4)."_s
                                .arg(summary.whole, 0, 'f', 1).arg(summary.wholeAt.x, 0, 'f', 3).arg(summary.wholeAt.y, 0, 'f', 3).arg(limits.whole, 0, 'f', 1)};
        finding.against = {u"Messengers, \"save for web\", digital zoom, lens correction and levelling resample pictures without any intent."_s};
        return finding;
    }
    const bool differs = summary.contrast >= limits.contrast && summary.share >= limits.leastShare;
    if (differs && summary.agreement && *summary.agreement < limits.agreement) {
        finding.summary = u"%1 % of the picture differ from the rest as resampled places do, but not from what lies around them: no place is named."_s
                              .arg(100.0 * summary.share, 0, 'f', 1);
        finding.against = {u"The network that reads neighbourhoods gives these places a chance of %1 on average; places are named from %2 up."_s
                               .arg(*summary.agreement, 0, 'f', 2).arg(limits.agreement, 0, 'f', 1)};
        return finding;
    }
    if (differs) {
        finding.region = cv::Rect2f(summary.region);
        finding.summary = u"%1 % of the picture look resampled unlike the rest. What was blurred can look like that, so nothing is concluded: look at the place."_s
                              .arg(100.0 * summary.share, 0, 'f', 1);
        finding.supports = {u"Inside, the log-odds of resampling are higher by %1 than outside (medians)."_s.arg(summary.contrast, 0, 'f', 1)};
        if (summary.agreement)
            finding.supports.append(u"The network that reads neighbourhoods agrees: a chance of %1 inside on average."_s.arg(*summary.agreement, 0, 'f', 2));
        if (!summary.period.peaks.empty() && summary.period.peaks.front().height >= limits.peak)
            finding.supports.append(u"There the interpolation map has a period (peak of %1 deviations)."_s
                                        .arg(summary.period.peaks.front().height, 0, 'f', 1));
        finding.against = {u"Smooth, blurred, strongly denoised or periodic places can look resampled; portrait modes blur on purpose."_s};
        return finding;
    }
    finding.summary = u"No place stands out as resampled unlike its surroundings. The method misses too much to conclude from that."_s;
    return finding;
}

} // namespace fw
