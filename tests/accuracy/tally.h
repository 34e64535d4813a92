// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdio>

namespace fw::accuracy {

/// How many of how many.
struct Count
{
    int good = 0, all = 0;
    void add(bool ok)
    {
        good += ok;
        ++all;
    }
    void add(const Count &more)
    {
        good += more.good;
        all += more.all;
    }
    double share() const { return double(good) / std::max(1, all); }
};

inline void print(const char *what, const Count &count)
{
    std::printf("%-64s %4d of %4d  (%.1f %%)\n", what, count.good, count.all, 100.0 * count.share());
    std::fflush(stdout);
}

} // namespace fw::accuracy
