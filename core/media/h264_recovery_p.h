// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace fw {

/// How many frames after this H.264 packet the decoded pictures are whole, when decoding begins with
/// it: recovery_frame_cnt of its recovery point SEI. 0 for an IDR picture and where nothing is said.
/// Above 0 the packet begins a gradual refresh: containers call it a key frame, yet it is none.
/// @param extradata  of the stream: says whether units have a length or a start code in front.
int h264RecoveryFrames(std::span<const std::uint8_t> packet, std::span<const std::uint8_t> extradata);

} // namespace fw
