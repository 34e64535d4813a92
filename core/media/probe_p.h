// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/av_input_p.h"

namespace fw::av {

/// What an opened container declares. Moves the source's position, so that packets must not have
/// been read before in the case of stills.
Result<MediaFacts> factsOf(const Input &input, const ByteSourceFactory &source);

} // namespace fw::av
