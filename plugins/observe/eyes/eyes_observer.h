// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "eye_network.h"
#include "eye_report.h"

#include <memory>

namespace fw {

/// Reads the eyes of the faces that were found: iris, lids, openness, gaze.
class EyesObserver : public Observer
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle, Observations &add) override;
    Result<Measurements> finish(const Ledger &ledger) override;

private:
    Camera m_camera;
    std::unique_ptr<EyeNetwork> m_network;
    EyeReport m_report;
};

} // namespace fw
