// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sketches.h"

namespace fw {

/// Copied stretches by their outline, for clips in which coding has left little of the noise: a stretch
/// that begins with a jump, and whose difference from the frames at one distance falls at its first frame
/// to less than a third of what it is just before, and rises again behind its last. A scene that merely comes
/// back has this outline as well, so the steps from frame to frame must go together, too.
/// @param frames  small grey copies, ascending without gaps; @param steps  mean difference to the frame before.
/// @return runs of twenty frames and more, at least `leastLag` frames from their originals; `outline` is set.
/// Deterministic; empty when stopped.
std::vector<CopiedRun> outlinedCopies(const std::vector<cv::Mat> &frames, const std::vector<double> &steps,
                                      std::int64_t leastLag, const std::stop_token &stop);

/// Correlation of the steps that lead to frames n and m, means taken away; 0 where a step is missing.
double stepsTogether(const std::vector<cv::Mat> &frames, std::size_t n, std::size_t m);

} // namespace fw
