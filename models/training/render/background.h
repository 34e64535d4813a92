// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <cstdint>

namespace fw::render {

/// A room out of focus, 8-bit BGR: wall, window light, shelf, plant. Depends on the seed alone.
cv::Mat makeRoom(cv::Size size, std::uint64_t seed);

} // namespace fw::render
