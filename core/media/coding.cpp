// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/coding.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace fw {

CodingSupport codingSupport(const char *codecName)
{
    // Measured with FFmpeg 5.1: these decoders keep the macroblock tables of the picture.
    static constexpr std::array<std::string_view, 11> both{
        "h264", "mpeg1video", "mpeg2video", "mpeg4", "h263", "h263p", "flv1", "wmv1", "wmv2",
        "msmpeg4v2", "msmpeg4v3"};
    const std::string_view name = codecName ? codecName : "";
    if (std::find(both.begin(), both.end(), name) != both.end())
        return {.motionVectors = true, .quantiser = true, .macroblocks = true};
    return {.motionVectors = false, .quantiser = name == "vp9"};
}

} // namespace fw
