// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"

/// Collects one value a frame and hands them to the algorithm at the end. The host uses one object
/// for one run, from one thread at a time, so plain members are enough.
class BrightnessDetector final : public fw::Detector
{
public:
    fw::Result<void> begin(const fw::ClipFacts &clip, const fw::JobContext &job) override;
    fw::Result<void> frame(const fw::FrameBundle &bundle) override;
    fw::Result<fw::AnalysisResult> finish(const fw::Ledger &ledger) override;

private:
    double m_least = 0.0;
    fw::Trace m_trace;
};
