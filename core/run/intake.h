// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "media/video_reader.h"

#include <stop_token>

namespace fw {

/// A file as far as it is known before the first picture is decoded.
struct Intake
{
    ClipFacts clip; ///< hashes included
    PacketIndex index;
    std::int64_t framesPromised = 0; ///< by the packet scan; 0 when it failed
};

/// Probes, scans the packets, reads metadata and hashes, the last beside the rest.
/// @param withCoefficients  read those too when the file is a JPEG still; they are large.
/// Errors: unreadable, no video stream, cancelled. A file whose packets cannot all be read is none.
Result<Intake> takeIn(const QString &path, const ByteSourceFactory &source, bool withCoefficients,
                      std::stop_token stop);

} // namespace fw
