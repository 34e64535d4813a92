// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "face_finder.h"
#include "face_report.h"
#include "face_tracker.h"

#include <memory>

namespace fw {

/// Finds faces, follows them and measures landmarks, head pose and eye aspect ratios.
class FacesObserver : public Observer
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle, Observations &add) override;
    Result<Measurements> finish(const Ledger &ledger) override;

private:
    FaceObservations observeStill(const cv::Mat &grey);

    bool m_still = false;
    std::size_t m_mostFaces = 0;
    Camera m_camera;
    std::unique_ptr<FaceFinder> m_finder;
    std::unique_ptr<FaceTracker> m_tracker;
    FaceReport m_report;
};

} // namespace fw
