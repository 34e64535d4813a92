// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "behaviour/person_test.h"
#include "detect/analysis.h"

namespace fw {

/// One face that was compared.
struct ComparedFace
{
    const PersonProfile &profile;
    const std::vector<BehaviourSample> &samples;
    const WindowedBehaviour &clip;
    PersonTest test;
    TrackId track{};
};

/// Adds the finding, the trace of scores, the table of pairs and the windows as points.
void addPersonResult(const ComparedFace &face, AnalysisResult *result);

} // namespace fw
