// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/document.h"
#include "report/report.h"

#include <memory>

class QImage;

namespace fw::report {

/// Exact frames of one piece of evidence as pictures of printable size; keeps the last few.
/// The figures share it, so it outlives the document builder.
class FrameSource
{
public:
    explicit FrameSource(const ReportEvidence &evidence);
    struct Shown
    {
        QImage *image = nullptr; ///< nullptr: see problem
        QString problem;
    };
    Shown at(FrameIndex frame);
    /// Pixels of the upright frame, as the stream declares them.
    cv::Size size() const { return m_size; }

private:
    struct Kept;
    const ReportEvidence &m_evidence;
    cv::Size m_size;
    std::vector<std::shared_ptr<Kept>> m_kept;
};

/// The unprocessed frame beside the same frame with everything that this method drew on it, and the
/// colour bar of its heat map. @param finding  nullptr: whatever the method drew on the frame.
Figure frameFigure(const ReportEvidence &evidence, const std::shared_ptr<FrameSource> &frames,
                   const MethodResult &result, const Finding *finding, FrameIndex frame);

/// One chart per group of traces that concern this face, at most `most`, with a line at `playhead`.
std::vector<Figure> chartFigures(const ReportEvidence &evidence, const MethodResult &result,
                                 std::optional<TrackId> track, std::optional<FrameIndex> playhead,
                                 int most);

} // namespace fw::report
