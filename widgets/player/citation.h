// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "frames/frame.h"
#include "model/clip_model.h"

#include <QString>

namespace fw {

/// Names one frame so that another program and another person find the same one:
/// "clip.mp4 · frame 312 · PTS 159744 (1/12800 s) · 00:00:12.480". Empty when there is no clip.
/// @param frame  the picture on screen, for its own time stamp; may be null.
QString frameCitation(const ClipModel &model, FrameIndex index, const Frame *frame);

/// "00:00:12.480 · frame 312 of 1800 · P · 2 faces". Parts that are not known are left out; a
/// number of faces appears only where somebody has looked.
QString statusLine(const ClipModel &model, FrameIndex index, const Frame *frame);

} // namespace fw
