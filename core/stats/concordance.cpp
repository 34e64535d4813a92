// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/concordance.h"

#include <algorithm>
#include <cmath>

namespace fw {

double concordance(const std::vector<double> &a, const std::vector<double> &b)
{
    double n = 0, ma = 0, mb = 0, va = 0, vb = 0, both = 0;
    for (const int pass : {0, 1}) {
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (!std::isfinite(a[i]) || !std::isfinite(b[i]))
                continue;
            if (pass == 0) {
                ++n;
                ma += a[i];
                mb += b[i];
            } else {
                va += (a[i] - ma) * (a[i] - ma);
                vb += (b[i] - mb) * (b[i] - mb);
                both += (a[i] - ma) * (b[i] - mb);
            }
        }
        if (pass == 0) {
            ma /= std::max(1.0, n);
            mb /= std::max(1.0, n);
        }
    }
    const double below = va + vb + n * (ma - mb) * (ma - mb);
    return below > 0 ? 2 * both / below : 0.0;
}

} // namespace fw
