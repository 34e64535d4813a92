// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/chart_layout.h"

#include <QStringList>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

using namespace Qt::StringLiterals;

namespace fw {

AxisRange chartValueRange(const std::vector<const Trace *> &traces)
{
    double low = std::numeric_limits<double>::infinity(), high = -low;
    const auto add = [&](double value) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    };
    for (const Trace *trace : traces) {
        std::ranges::for_each(trace->values, add);
        std::ranges::for_each(trace->lower, add);
        std::ranges::for_each(trace->upper, add);
        for (const Threshold &threshold : trace->thresholds)
            add(threshold.value);
    }
    return paddedRange(low, high);
}

QString chartUnits(const std::vector<const Trace *> &traces)
{
    QStringList units;
    for (const Trace *trace : traces) {
        const QString unit = trace->unit == u"1"_s ? u"ratio"_s : trace->unit;
        if (!unit.isEmpty() && !units.contains(unit))
            units << unit;
    }
    return units.join(u", "_s);
}

std::vector<double> traceSeconds(const Trace &trace, const std::vector<double> &seconds)
{
    std::vector<double> times(trace.frames.size());
    for (std::size_t i = 0; i < times.size(); ++i) {
        const FrameIndex frame = trace.frames[i];
        if (seconds.empty())
            times[i] = double(frame);
        else if (frame >= 0 && std::size_t(frame) < seconds.size())
            times[i] = seconds[std::size_t(frame)];
        else
            times[i] = std::numeric_limits<double>::quiet_NaN();
    }
    // Frames past the end of a clock that is still being read would break the ascending order.
    while (!times.empty() && std::isnan(times.back()))
        times.pop_back();
    return times;
}

std::vector<double> spreadLabels(const std::vector<double> &wanted, double height, double low,
                                 double high)
{
    std::vector<std::size_t> order(wanted.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return wanted[i]; });
    std::vector<double> placed(wanted.size());
    double free = low;
    for (std::size_t i : order) { // downwards: never above the one before
        placed[i] = std::max(wanted[i], free + height / 2);
        free = placed[i] + height / 2;
    }
    double edge = high;
    for (auto it = order.rbegin(); it != order.rend(); ++it) { // back, where the end was overrun
        placed[*it] = std::min(placed[*it], edge - height / 2);
        edge = placed[*it] - height / 2;
    }
    return placed;
}

QString traceSummary(const Trace &trace)
{
    double low = 0.0, high = 0.0, sum = 0.0;
    qsizetype count = 0;
    for (double value : trace.values) {
        if (!std::isfinite(value))
            continue;
        low = count ? std::min(low, value) : value;
        high = count ? std::max(high, value) : value;
        sum += value;
        ++count;
    }
    if (count == 0)
        return u"%1: no values were measured."_s.arg(trace.title);
    QString text = u"%1: %2 values, lowest %3, highest %4, mean %5"_s.arg(trace.title)
                       .arg(count)
                       .arg(quantityText(low, trace.unit), quantityText(high, trace.unit),
                            quantityText(sum / double(count), trace.unit));
    for (const Threshold &threshold : trace.thresholds) {
        const auto above = std::ranges::count_if(
            trace.values, [&](double value) { return value > threshold.value; });
        text += u"; %1 above %2 (%3)"_s.arg(above).arg(quantityText(threshold.value, trace.unit),
                                                      threshold.label);
    }
    const qsizetype missing = qsizetype(trace.values.size()) - count;
    if (missing > 0)
        text += u"; %1 not measured"_s.arg(missing);
    return text + u'.';
}

} // namespace fw
