// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace fw {

/// Places of the marks on an axis and the distance between them, which decides the digits.
struct AxisTicks
{
    std::vector<double> values; ///< ascending, inside the range
    double step = 1.0;
};

/// Marks at multiples of 1, 2 or 5 times a power of ten, at most `most` (at least 2).
/// Empty when the range is empty or not finite.
AxisTicks valueTicks(double low, double high, int most);
/// Marks at round clock times: 1, 2, 5, 10, 20, 50 ... ms, 1, 2, 5, 10, 15, 30 s, then minutes and hours.
AxisTicks timeTicks(double lowSeconds, double highSeconds, int most);

/// As many digits as the step needs and no more: valueTickText(0.30000001, 0.1) is "0.3".
QString valueTickText(double value, double step);
/// As short as the step allows: "12.480", "0:12", "1:02:03".
QString timeTickText(double seconds, double step);

/// A measured number for people, four significant digits; an en dash when it is not a number.
QString numberText(double value);
/// With its unit behind it; the unit "1" of plain ratios is not written.
QString quantityText(double value, const QString &unit);

/// A range that holds both values with a margin on either side, never of zero length.
struct AxisRange
{
    double low = 0.0, high = 1.0;
    double length() const { return high - low; }
    friend bool operator==(const AxisRange &, const AxisRange &) = default;
};
AxisRange paddedRange(double low, double high, double share = 0.06);

} // namespace fw
