// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "coding_trace.h"
#include "detect/analysis.h"

namespace fw {

/// Packet sizes, quantisers, motion and intra share of every frame, and the picture types of the
/// stream, as measured series. Claims nothing.
class CodingObserver final : public Observer
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle, Observations &add) override;
    Result<Measurements> finish(const Ledger &ledger) override;

private:
    Table typeTable(const Ledger &ledger) const;

    QString m_codec;
    CodingSupport m_support;
    cv::Size m_codedSize;
    std::stop_token m_stop;
    std::vector<FrameIndex> m_frames;
    std::vector<CodingNumbers> m_numbers;
};

} // namespace fw
