// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deletion_cases.h"
#include "interlace_detector.h"

namespace fw::accuracy {

/// A clip of 50 pictures a second made interlaced, then de-interlaced by `filter` (ffmpeg's words;
/// empty: left interlaced). @param patch  paste a moving progressive patch of 128 px afterwards.
QString makeDeinterlaced(const Source &source, const QString &filter, bool patch, const QStringList &codec,
                         const QString &to);
/// Interlaced from 50 pictures a second. @param objectByFrames  a moving object put over the frames.
QString makeInterlaced(const Source &source, bool objectByFrames, const QStringList &codec, const QString &to);

/// Where the patch lies in frame n, px.
cv::Rect patchAt(int frame);

/// The detector's evidence and result for a file.
struct InterlaceOutcome
{
    InterlaceEvidence evidence;
    AnalysisResult result;
};
Result<InterlaceOutcome> interlaceOf(const QString &path, double *millisecondsPerFrame = nullptr);

/// Contrast, weights and what keeps them from being used, in one line.
void printTrace(const char *name, const InterlaceOutcome &outcome);

/// Parity contrast and patches put in after de-interlacing, printed.
void measureInterlace(const std::vector<Source> &all, const QString &folder);
/// Motion between the fields of pans, authentic and with an object put over the frames.
void measurePans(const std::vector<Source> &pans, const QString &folder);

} // namespace fw::accuracy
