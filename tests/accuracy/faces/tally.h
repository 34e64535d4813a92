// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/alignment.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace fw::test {

/// Errors of landmarks over faces.
struct Errors
{
    std::vector<double> all, inner; ///< percent of the outer eye corners' distance

    void add(const Landmarks68 &found, const Landmarks68 &truth)
    {
        double whole = 0, inside = 0;
        for (std::size_t i = 0; i < 68; ++i) {
            const double d = cv::norm(found[i] - truth[i]);
            whole += d / 68;
            inside += i >= 17 ? d / 51 : 0;
        }
        const double corners = eyeCornerDistance(truth);
        all.push_back(100 * whole / corners);
        inner.push_back(100 * inside / corners);
    }
};

inline double mean(const std::vector<double> &v)
{
    double sum = 0;
    for (const double x : v)
        sum += x;
    return v.empty() ? 0 : sum / double(v.size());
}

inline double quantile(std::vector<double> v, double q)
{
    if (v.empty())
        return 0;
    std::sort(v.begin(), v.end());
    return v[std::min(v.size() - 1, std::size_t(q * double(v.size())))];
}

inline void print(const char *what, const char *who, const Errors &e)
{
    const auto failed = std::count_if(e.all.begin(), e.all.end(), [](double x) { return x > 10; });
    std::printf("%-34s %-10s n %4zu  mean %5.2f %%  median %5.2f %%  without jaw: mean %5.2f %%  "
                "median %5.2f %%  above 10 %%: %4.1f %%\n",
                what, who, e.all.size(), mean(e.all), quantile(e.all, 0.5), mean(e.inner),
                quantile(e.inner, 0.5), 100.0 * double(failed) / std::max<double>(1, double(e.all.size())));
}

/// One line of the table of checks.
struct Check
{
    std::string what;
    std::string bar;
    std::string measured;
    std::string worst; ///< group or case, with its figure; empty: none told
    std::optional<bool> met;
};

class Checks
{
public:
    void add(Check check) { m_checks.push_back(std::move(check)); }
    void print() const
    {
        std::printf("\n| check | bar | measured | worst | |\n| --- | --- | --- | --- | --- |\n");
        for (const Check &c : m_checks)
            std::printf("| %s | %s | %s | %s | %s |\n", c.what.c_str(), c.bar.c_str(), c.measured.c_str(), c.worst.c_str(),
                        !c.met ? "" : *c.met ? "met" : "missed");
    }

private:
    std::vector<Check> m_checks;
};

template <class... Args> std::string text(const char *format, Args... args)
{
    char out[300];
    std::snprintf(out, sizeof out, format, args...);
    return out;
}

} // namespace fw::test
