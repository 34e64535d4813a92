// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/manifest.h"
#include "findings/finding.h"

#include <optional>

namespace fw {

/// What a plugin's result breaks of the rules that views, reports and the case file rely on, in
/// words; nullopt when it breaks none.
/// @param frameCount  frames in the ledger.
std::optional<QString> contractFault(const Measurements &measured, std::int64_t frameCount);
std::optional<QString> contractFault(const Manifest &manifest, const AnalysisResult &result,
                                     std::int64_t frameCount);

} // namespace fw
