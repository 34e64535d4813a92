// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/timestamp.h"
#include "media/ledger.h"

#include <opencv2/core.hpp>

#include <stop_token>
#include <vector>

namespace fw {

/// A stretch that occurs twice, with its noise, though no longer bit for bit.
struct CopiedRun
{
    FrameRange original, copy;
    double difference = 0.0;  ///< between copy and original, as a share of the step between frames
    double correlation = 0.0; ///< of the steps from frame to frame: noise and motion of both
    /// How many times smaller the difference is inside than just outside, when the run was found by its
    /// outline; 0 when its noise and motion were enough.
    double outline = 0.0;
};

/// Small grey copies of all frames with two 64-bit sketches each: one of the picture (signs of
/// horizontal differences), one of what changed since the frame before.
class FrameSketches
{
public:
    static constexpr int kLongSide = 160;    ///< px of the small copies
    static constexpr std::size_t kMost = 12000; ///< frames kept; later ones are not compared

    /// The small copy of one luma plane.
    static cv::Mat smallCopy(const cv::Mat &luma);

    /// Frames in ascending order without gaps.
    void add(const cv::Mat &small);

    std::size_t count() const { return m_frames.size(); }
    /// Copied stretches of eight frames and more, at least `leastLag` frames apart. Stretches that
    /// the ledger shows to be equal bit for bit are left out: they are another method's claim.
    std::vector<CopiedRun> copies(const Ledger &ledger, std::int64_t leastLag,
                                  const std::stop_token &stop) const;

private:
    struct Sketch
    {
        std::uint64_t picture = 0, change = 0;
        bool moves = false; ///< enough changed for `change` to mean something
    };
    bool alike(std::size_t a, std::size_t b) const;
    /// Takes in the frames before and behind a run whose steps go together as well.
    void grow(std::size_t lag, std::size_t *from, std::size_t *length) const;
    /// Leaves out frames at both ends that differ far more from their originals than the rest.
    void trim(std::size_t lag, std::size_t *from, std::size_t *length) const;
    CopiedRun measured(std::size_t from, std::size_t lag, std::size_t length) const;

    std::vector<cv::Mat> m_frames;
    std::vector<Sketch> m_sketches;
    std::vector<double> m_steps; ///< mean absolute difference to the frame before
};

} // namespace fw
