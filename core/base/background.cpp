// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/background.h"

#include <sys/resource.h>

namespace fw {

namespace {

constexpr int kNice = 10; // about a ninth of the share of a thread at 0

} // namespace

void runInBackground()
{
    // Linux applies it to the calling thread alone, whatever POSIX says of processes. It never asks
    // for more than the thread has, so that it cannot be refused.
    if (getpriority(PRIO_PROCESS, 0) < kNice)
        setpriority(PRIO_PROCESS, 0, kNice);
}

} // namespace fw
