// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"

namespace fw {

/// Says in words what the check of a file's Content Credentials gave. Looks at no frame.
class CredentialsDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    std::shared_ptr<const Credentials> m_credentials;
};

/// The claim about one file, and the table behind it.
Finding credentialFinding(const Credentials &credentials);
Table credentialTable(const Credentials &credentials);

} // namespace fw
