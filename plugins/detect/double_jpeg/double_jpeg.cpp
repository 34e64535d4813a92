// SPDX-License-Identifier: GPL-3.0-or-later
#include "double_jpeg.h"

#include "stored_luma.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

void fitQuality(SameGridReading *same, const DoubleJpegLimits &limits)
{
    double least = 0.0;
    for (int quality = 1; quality <= 100; ++quality) {
        const auto table = ijgTable(quality, false);
        double distance = 0.0;
        int exact = 0, heard = 0;
        for (const FirstSaveBand &band : same->bands) {
            if (band.firstStep == 0 || band.gain < limits.leastBandGain)
                continue;
            const int step = table[std::size_t(band.place)];
            distance += std::abs(std::log(double(step) / band.firstStep));
            exact += step == band.firstStep;
            ++heard;
        }
        if (heard == 0)
            return;
        if (!same->quality || distance < least) {
            least = distance;
            same->quality = quality;
            same->fitting = exact;
            same->heard = heard;
        }
    }
}

Result<SameGridReading> readSameGrid(const cv::Mat &luma, const cv::Mat &coefficients, const std::array<std::uint16_t, 64> &table,
                                     const cv::Mat &usable, const DoubleJpegLimits &limits, std::stop_token stop)
{
    SameGridReading same;
    auto bands = firstSave(luma, coefficients, table, usable, stop);
    if (!bands)
        return Failure{bands.error()};
    same.bands = std::move(bands).value();
    double gain = 0.0, count = 0.0, share = 0.0, weights = 0.0;
    std::vector<FirstSaveBand> heard;
    for (const FirstSaveBand &band : same.bands) {
        gain += band.gain * band.nonZero;
        count += band.nonZero;
        // The means of neighbouring blocks resemble each other, so a flat place repeats one value many times.
        if (band.gain < limits.leastBandGain || band.zigzag == 0)
            continue;
        heard.push_back(band);
        share += band.gain * band.nonZero * band.share;
        weights += band.gain * band.nonZero;
    }
    same.gain = count > 0.0 ? gain / count : 0.0;
    same.seen = same.gain >= limits.leastGain && !heard.empty();
    if (!same.seen)
        return same;
    fitQuality(&same, limits);
    if (stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    same.map = evidenceMap(firstSaveLogRatio(coefficients, heard, usable), limits.sameGrid, share / weights);
    const double marked = double(cv::countNonZero(same.map.mask)) / double(same.map.mask.total());
    const double unlike = same.map.mostSayYes ? 1.0 - same.map.yes : same.map.yes;
    same.contradictory = marked > 2.0 * unlike + 0.02;
    return same;
}

bool sharesLines(cv::Point shift)
{
    return shift.x == 0 || shift.y == 0;
}

Result<OtherGridReading> readOtherGrid(const cv::Mat &luma, const std::array<std::uint16_t, 64> &table,
                                       const DoubleJpegLimits &limits, std::stop_token stop)
{
    OtherGridReading other;
    auto saves = shiftedSaves(luma, table, stop);
    if (!saves)
        return Failure{saves.error()};
    other.saves = std::move(saves).value();
    const ShiftedSave &first = other.saves.front(), &second = other.saves[1];
    other.seen = sharesLines(first.shift) ? first.strength >= limits.leastSharedStrength
            && first.strength - second.strength >= limits.leastLead * first.strength
                                          : first.strength >= limits.leastStrength;
    if (!other.seen)
        return other;
    const auto ratio = shiftedLogRatio(luma, &other.saves.front(), &other.share, stop);
    if (!ratio)
        return Failure{ratio.error()};
    other.map = evidenceMap(*ratio, limits.otherGrid, other.share);
    return other;
}

} // namespace

Result<DoubleJpegReading> readDoubleJpeg(const JpegFile &jpeg, const DoubleJpegLimits &limits, std::stop_token stop)
{
    auto stored = storedLuma(jpeg, stop);
    if (!stored)
        return Failure{stored.error()};
    // Blocks that reach over the picture's edge were filled up by the coder.
    const cv::Rect whole(0, 0, std::min(jpeg.width / 8 * 8, stored->cols), std::min(jpeg.height / 8 * 8, stored->rows));
    if (whole.width / 8 * (whole.height / 8) < limits.leastBlocks)
        return fail(Errc::NotApplicable, u"the picture has fewer than %1 whole blocks"_s.arg(limits.leastBlocks));
    const cv::Mat luma = stored.value()(whole), coefficients = jpeg.components.front().coefficients(whole);
    DoubleJpegReading reading;
    reading.blocks = whole.size() / 8;
    const auto unclipped = unclippedBlocks(jpeg, *stored, stop);
    if (!unclipped)
        return Failure{unclipped.error()};
    const cv::Mat usable = (*unclipped)(cv::Rect({0, 0}, reading.blocks));
    reading.usable = cv::countNonZero(usable);
    if (reading.usable < limits.leastBlocks)
        return fail(Errc::NotApplicable, u"only %1 blocks are not clipped; %2 are needed"_s.arg(reading.usable).arg(limits.leastBlocks));
    if (stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    auto same = readSameGrid(luma, coefficients, lumaTable(jpeg), usable, limits, stop);
    if (!same)
        return Failure{same.error()};
    reading.same = std::move(same).value();
    auto other = readOtherGrid(luma, lumaTable(jpeg), limits, stop);
    if (!other)
        return Failure{other.error()};
    reading.other = std::move(other).value();
    return reading;
}

} // namespace fw
