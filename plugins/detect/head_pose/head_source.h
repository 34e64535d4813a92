// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace fw {

/// Whose head the poses are found with.
enum class HeadSource {
    Generic,   ///< the mean of many people
    Track,     ///< fitted to the questioned face itself
    Enrolment, ///< fitted to other, authentic footage of the same person
};

/// "generic", "track", "enrolment": words for options and records.
QString headSourceName(HeadSource source);
/// "a mean head", ...: for sentences.
QString headSourceTitle(HeadSource source);

/// What authentic clips show with heads of this source, degrees.
struct GenuineLines
{
    double p95 = 0.0;   ///< of the angle over frames: 95 % are below
    double p99 = 0.0;   ///< likewise 99 %: spans above are events
    double alarm = 0.0; ///< of the median over a clip
    QString basis;      ///< what was measured
};
const GenuineLines &genuineLines(HeadSource source);
/// Likewise of the inner face seen alone, with the mean head.
const GenuineLines &genuineInnerLines();

} // namespace fw
