// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace fw::bench {

/// What the system says of a program that ran to its end.
struct ChildUsage
{
    int exitCode = -1;
    double wallSeconds = 0.0;
    double cpuSeconds = 0.0;
    double peakMegabytes = 0.0; ///< resident set at its highest
};

/// Runs a program with its output thrown away and waits for it.
ChildUsage measureChild(const QStringList &command);

} // namespace fw::bench
