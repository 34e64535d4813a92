// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/manifest.h"
#include "findings/run_record.h"
#include "frames/frame_provider.h"
#include "paint/axis.h"

#include <QString>

namespace fw {

/// "00:00:12.480 · frame 312"; only the frame when the clock does not reach that far.
QString placeText(FrameIndex frame, const ClipClock &clock);
/// "00:00:12.480 to 00:00:14.000 · frames 312 to 349", the last frame included.
QString rangeText(const FrameRange &range, const ClipClock &clock);
/// "face 1": people count from one.
QString faceText(TrackId track);
/// Where a finding lies: its face, its range; "whole clip" when it names no place.
QString whereText(const Finding &finding, const ClipClock &clock);
/// The frame to show for a finding; nullopt when it is about the whole file.
std::optional<FrameIndex> frameOf(const Finding &finding);
/// "likelihood ratio", "calibrated probability", ...
QString scaleTitle(ScoreScale scale);
/// One line: name, value, unit, scale and interval.
QString scoreText(const Score &score);
/// Authors, title, place and year in one line; empty when nothing is cited.
QString citationText(const Citation &citation);
/// "720.4 MB" with the exact number of bytes behind it.
QString sizeText(qint64 bytes);
/// A value of a table or of a tag as plain text; null gives an empty string.
QString jsonText(const QJsonValue &value);

} // namespace fw
