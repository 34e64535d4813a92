// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "blinks/blink_count.h"
#include "report/report.h"

namespace fw::report {

/// The count of blinks of one face with the examiner's corrections; nullopt when there are none.
std::optional<Recount> recountOf(const ReportEvidence &evidence, const MethodResult &result, TrackId track);

/// The recounts of all faces of a result for the JSON report; empty when nothing was corrected.
QJsonArray recountsJson(const ReportEvidence &evidence, const MethodResult &result);

} // namespace fw::report
