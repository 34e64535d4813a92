// SPDX-License-Identifier: GPL-3.0-or-later
#include "interlace_detector.h"

#include "stats/quantile.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr std::int64_t kBurst = 14, kBursts = 5, kWholeClip = 60;
constexpr std::int64_t kFitsPerBurst = 5;
constexpr double kWorthMaps = 1.05;  ///< parity contrast below which no map can be used anyway
constexpr double kDropDeviations = 4.0, kLeastDrop = 0.12;
constexpr std::size_t kLeastForeign = 6;
constexpr float kLeastTexture = 1.0F; ///< grey levels

cv::Mat meanOf(const std::vector<cv::Mat> &maps)
{
    cv::Mat sum = maps.front().clone();
    for (std::size_t i = 1; i < maps.size(); ++i)
        sum += maps[i];
    return sum / double(maps.size());
}

} // namespace

std::vector<FrameRange> burstPlan(std::int64_t frames)
{
    if (frames <= kWholeClip)
        return {{0, std::max<std::int64_t>(frames, 0)}};
    std::vector<FrameRange> plan;
    for (std::int64_t i = 0; i < kBursts; ++i) {
        const std::int64_t begin = (frames - kBurst) * (2 * i + 1) / (2 * kBursts);
        plan.push_back({begin, begin + kBurst});
    }
    return plan;
}

std::vector<cv::Point> foreignBlocks(const cv::Mat &contrast, const cv::Mat &texture)
{
    std::vector<double> values;
    const auto judged = [&](int y, int x) { return texture.at<float>(y, x) >= kLeastTexture; };
    // The outermost blocks hold lines that were not measured.
    for (int y = 1; y + 1 < contrast.rows; ++y) {
        for (int x = 1; x + 1 < contrast.cols; ++x) {
            if (judged(y, x))
                values.push_back(contrast.at<float>(y, x));
        }
    }
    if (values.size() < 4 * kLeastForeign)
        return {};
    const double centre = *median(values), spread = robustSigma(values).value_or(0.0);
    const double limit = centre - std::max(kDropDeviations * spread, kLeastDrop);
    cv::Mat low = cv::Mat::zeros(contrast.size(), CV_8U);
    for (int y = 1; y + 1 < contrast.rows; ++y) {
        for (int x = 1; x + 1 < contrast.cols; ++x)
            low.at<uchar>(y, x) = judged(y, x) && contrast.at<float>(y, x) < limit;
    }
    std::vector<cv::Point> foreign;
    for (int y = 0; y < low.rows; ++y) {
        for (int x = 0; x < low.cols; ++x) {
            if (low.at<uchar>(y, x) != 1)
                continue;
            std::vector<cv::Point> group{{x, y}};
            low.at<uchar>(y, x) = 2;
            for (std::size_t i = 0; i < group.size(); ++i) {
                for (const cv::Point step : {cv::Point(1, 0), {-1, 0}, {0, 1}, {0, -1}}) {
                    const cv::Point next = group[i] + step;
                    if (next.inside({0, 0, low.cols, low.rows}) && low.at<uchar>(next) == 1) {
                        low.at<uchar>(next) = 2;
                        group.push_back(next);
                    }
                }
            }
            if (group.size() >= kLeastForeign)
                foreign.insert(foreign.end(), group.begin(), group.end());
        }
    }
    return foreign;
}

Result<void> InterlaceDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    if (clip.media.still)
        return fail(Errc::NotApplicable, u"a still picture has no fields"_s);
    const StreamFacts *video = clip.media.video();
    if (!video)
        return fail(Errc::NotApplicable, u"the file has no video stream"_s);
    m_plan = burstPlan(clip.frameCount);
    m_rotated = video->rotationDegrees != 0;
    m_stop = job.stop;
    return {};
}

std::optional<InterlaceDetector::Measured> InterlaceDetector::fit(FrameIndex index, const cv::Mat &luma)
{
    const auto fits = fitParities(luma);
    if (!fits)
        return std::nullopt;
    m_evidence.fitFrames.push_back(int(index));
    m_evidence.fits.push_back(*fits);
    if (std::abs(fits->contrast()) < std::log(kWorthMaps))
        return std::nullopt;
    Measured maps;
    const int parity = fits->contrast() > 0.0 ? 0 : 1;
    maps.contrast = contrastMap(luma, *fits, parity, kMapBlock, &maps.texture);
    maps.rho = std::exp(std::abs(fits->contrast()));
    return maps;
}

void InterlaceDetector::measureFields(bool topFirst, InterlaceBurst *burst)
{
    FieldMotionGrid grid(topFirst);
    for (std::size_t i = 0; i < m_burst.size() && !m_stop.stop_requested(); ++i)
        grid.add(m_burst[i].second, i > 0 && m_burst[i].first == m_burst[i - 1].first + 1);
    burst->blocks = grid.blocks(kLeastFieldFrames);
    burst->fields = judgeField(burst->blocks);
    burst->grid = grid.grid();
    m_evidence.motions.insert(m_evidence.motions.end(), grid.motions().begin(), grid.motions().end());
}

void InterlaceDetector::measureLines(InterlaceBurst *burst)
{
    const std::size_t fits = std::size_t(m_plan.size() == 1 ? kBursts * kFitsPerBurst : kFitsPerBurst);
    const std::size_t first = (m_burst.size() - std::min(m_burst.size(), fits)) / 2;
    std::vector<cv::Mat> contrast, texture;
    double rho = 0.0;
    for (std::size_t i = first; i < std::min(m_burst.size(), first + fits) && !m_stop.stop_requested(); ++i) {
        if (auto one = fit(m_burst[i].first, m_burst[i].second)) {
            contrast.push_back(one->contrast);
            texture.push_back(one->texture);
            rho += one->rho;
        }
    }
    if (contrast.size() < 3)
        return;
    burst->contrast = meanOf(contrast);
    burst->texture = meanOf(texture);
    burst->foreign = foreignBlocks(burst->contrast, burst->texture);
    burst->follow = followMap(burst->contrast, rho / double(contrast.size()), kMapBlock);
    burst->follow.setTo(std::numeric_limits<float>::quiet_NaN(), burst->texture < kLeastTexture);
}

void InterlaceDetector::endBurst()
{
    if (m_burst.size() < 3) {
        m_burst.clear();
        return;
    }
    InterlaceBurst burst;
    burst.frames = {m_burst.front().first, m_burst.back().first + 1};
    ScanCounts counts;
    for (FrameIndex n = burst.frames.begin; n < burst.frames.end; ++n) {
        const FrameScan scan = m_evidence.scans[std::size_t(n)];
        counts.topFirst += scan == FrameScan::TopFirst;
        counts.bottomFirst += scan == FrameScan::BottomFirst;
        counts.progressive += scan == FrameScan::Progressive;
    }
    // Frames of two fields have no lines that were interpolated, and the other way round. Motion costs
    // the most: every other stretch must do.
    if (counts.topFirst + counts.bottomFirst > counts.progressive) {
        if (m_next % 2 == 0)
            measureFields(counts.topFirst >= counts.bottomFirst, &burst);
    } else {
        measureLines(&burst);
    }
    m_evidence.bursts.push_back(std::move(burst));
    m_burst.clear();
}

Result<void> InterlaceDetector::frame(const FrameBundle &bundle)
{
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    const cv::Mat &luma = bundle.luma;
    if (luma.empty())
        return fail(Errc::NotApplicable, u"the pictures hold no luma plane (RGB)"_s);
    m_evidence.declaredInterlaced += bundle.coding && bundle.coding->interlaced;
    m_evidence.size = luma.size();
    m_evidence.scans.resize(std::size_t(bundle.index) + 1, FrameScan::Unknown);
    if (m_last.size() == 2) {
        m_evidence.scans[std::size_t(bundle.index) - 1] = frameScan(m_last[0], m_last[1], luma);
        m_last.erase(m_last.begin());
    }
    m_last.push_back(luma);

    if (m_next < m_plan.size() && bundle.index >= m_plan[m_next].end) {
        endBurst();
        ++m_next;
    }
    if (m_next < m_plan.size() && bundle.index >= m_plan[m_next].begin)
        m_burst.emplace_back(bundle.index, luma);
    return {};
}

Result<AnalysisResult> InterlaceDetector::finish(const Ledger &ledger)
{
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (m_evidence.scans.size() < 3)
        return fail(Errc::NotApplicable, u"fewer than three frames could be decoded"_s);
    endBurst();
    m_evidence.frames = ledger.count();
    m_evidence.counts = countScans(m_evidence.scans);
    m_evidence.scan = scanClass(m_evidence.scans);
    m_evidence.trace = judgeFits(m_evidence.fitFrames, m_evidence.fits);
    AnalysisResult result;
    result.findings = interlaceFindings(m_evidence);
    result.measured = interlaceMeasurements(m_evidence, m_rotated);
    return result;
}

} // namespace fw
