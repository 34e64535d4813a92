// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"

namespace fw {

/// Lists what a file says of itself. Looks at no frame.
class MetadataObserver final : public Observer
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle, Observations &add) override;
    Result<Measurements> finish(const Ledger &ledger) override;

private:
    Measurements m_measured;
};

} // namespace fw
