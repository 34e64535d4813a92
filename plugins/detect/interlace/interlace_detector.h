// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "field_motion.h"
#include "line_model.h"
#include "scan.h"

namespace fw {

/// A stretch of neighbouring frames that was measured closely.
struct InterlaceBurst
{
    FrameRange frames;
    /// Interlaced: median difference of motion within and across frames.
    std::vector<FieldMotionGrid::Block> blocks;
    FieldVerdict fields;
    cv::Size grid;
    /// De-interlaced: mean of contrastMap over the frames and its followMap, blocks of kMapBlock px.
    cv::Mat contrast, follow, texture, known;
    std::vector<cv::Point> foreign; ///< blocks that were not interpolated, connected groups of six
};
constexpr int kMapBlock = 16;
constexpr int kLeastFieldFrames = 10; ///< steps of a stretch in which a block must have been measured

struct InterlaceEvidence
{
    std::int64_t frames = 0;
    cv::Size size;
    ScanClass scan = ScanClass::Unknown;
    ScanCounts counts;
    std::int64_t declaredInterlaced = 0; ///< frames that the bitstream calls interlaced
    std::vector<FrameScan> scans;        ///< by frame; the first and the last are Unknown
    std::vector<int> fitFrames;
    std::vector<ParityFit> fits;
    DeinterlaceTrace trace;
    std::vector<InterlaceBurst> bursts;
    std::vector<FieldMotion> motions;
    bool interlaced() const { return scan == ScanClass::TopFirst || scan == ScanClass::BottomFirst; }
};

/// Tells how a clip was scanned, and looks for regions that do not share its fields or its
/// de-interlacing.
class InterlaceDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

    /// What was measured, after finish(); for tests and measurements.
    const InterlaceEvidence &evidence() const { return m_evidence; }

private:
    struct Measured
    {
        cv::Mat contrast, texture;
        double rho = 1.0;
    };
    /// Fits one frame; maps only where the parities differ enough to be worth them.
    std::optional<Measured> fit(FrameIndex index, const cv::Mat &luma);
    void measureFields(bool topFirst, InterlaceBurst *burst);
    void measureLines(InterlaceBurst *burst);
    void endBurst();

    std::stop_token m_stop;
    std::vector<FrameRange> m_plan;
    std::size_t m_next = 0;      ///< of the plan
    bool m_rotated = false;
    std::vector<cv::Mat> m_last; ///< up to two frames before
    std::vector<std::pair<FrameIndex, cv::Mat>> m_burst;
    InterlaceEvidence m_evidence;
};

/// Where the clip is measured closely: up to five stretches of fourteen frames, evenly spread.
std::vector<FrameRange> burstPlan(std::int64_t frames);

/// Blocks of a mean contrast map that stand out below the others, in connected groups of six.
std::vector<cv::Point> foreignBlocks(const cv::Mat &contrast, const cv::Mat &texture);

std::vector<Finding> interlaceFindings(const InterlaceEvidence &evidence);
Measurements interlaceMeasurements(const InterlaceEvidence &evidence, bool rotated);

} // namespace fw
