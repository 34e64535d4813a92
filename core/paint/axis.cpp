// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/axis.h"

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

AxisTicks ticksOfStep(double low, double high, double step)
{
    AxisTicks ticks;
    ticks.step = step;
    // Counted in whole steps: adding the step up would drift and print 0.30000000000000004.
    const double first = std::ceil(low / step - 1e-9), last = std::floor(high / step + 1e-9);
    for (double i = first; i <= last; ++i)
        ticks.values.push_back(i * step + 0.0);
    return ticks;
}

double roundStep(double least)
{
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= least * (1 - 1e-9))
            return factor * power;
    }
    return 10.0 * power;
}

bool usable(double low, double high)
{
    return std::isfinite(low) && std::isfinite(high) && high > low
        && high - low > 1e-12 * std::max(std::abs(low), std::abs(high));
}

} // namespace

AxisTicks valueTicks(double low, double high, int most)
{
    if (!usable(low, high))
        return {};
    return ticksOfStep(low, high, roundStep((high - low) / std::max(2, most)));
}

AxisTicks timeTicks(double low, double high, int most)
{
    if (!usable(low, high))
        return {};
    const double least = (high - low) / std::max(2, most);
    if (least <= 0.5)
        return ticksOfStep(low, high, std::max(0.001, roundStep(least)));
    constexpr std::array<double, 16> kSteps{1,   2,   5,   10,   15,   30,   60,    120,
                                            300, 600, 900, 1800, 3600, 7200, 14400, 43200};
    for (double step : kSteps) {
        if (step >= least * (1 - 1e-9))
            return ticksOfStep(low, high, step);
    }
    return ticksOfStep(low, high, 86400.0 * std::ceil(least / 86400.0));
}

QString valueTickText(double value, double step)
{
    if (!std::isfinite(value))
        return u"–"_s;
    const double size = std::max(std::abs(value), std::abs(step));
    QString text;
    if (size >= 1e6 || step < 1e-5)
        text = QString::number(value, 'g', 4);
    else
        text = QString::number(value, 'f', std::clamp(int(std::ceil(-std::log10(step) - 1e-9)), 0, 6));
    return text.replace(u'-', u'−');
}

QString timeTickText(double seconds, double step)
{
    if (!std::isfinite(seconds))
        return u"–"_s;
    const int digits = step >= 1.0 ? 0 : std::clamp(int(std::ceil(-std::log10(step) - 1e-9)), 1, 3);
    const qint64 scale = std::llround(std::pow(10.0, digits));
    const qint64 ticks = std::llround(std::abs(seconds) * double(scale));
    const qint64 whole = ticks / scale, hours = whole / 3600;
    QString text = seconds < 0 && ticks > 0 ? u"−"_s : QString();
    if (hours > 0)
        text += u"%1:%2"_s.arg(hours).arg(whole / 60 % 60, 2, 10, QLatin1Char('0'));
    else
        text += QString::number(whole / 60);
    text += u":%1"_s.arg(whole % 60, 2, 10, QLatin1Char('0'));
    if (digits > 0)
        text += u".%1"_s.arg(ticks % scale, digits, 10, QLatin1Char('0'));
    return text;
}

QString numberText(double value)
{
    if (!std::isfinite(value))
        return u"–"_s;
    const double size = std::abs(value);
    QString text;
    if (size != 0.0 && (size < 1e-4 || size >= 1e7))
        text = QString::number(value, 'g', 4);
    else if (size >= 1000.0)
        text = QString::number(value, 'f', size == std::floor(size) ? 0 : 1);
    else
        text = QString::number(value, 'g', 4);
    return text.replace(u'-', u'−');
}

QString quantityText(double value, const QString &unit)
{
    const QString number = numberText(value);
    if (unit.isEmpty() || unit == u"1"_s)
        return number;
    const bool close = unit == u"°"_s || unit == u"′"_s;
    return close ? number + unit : number + u'\u00a0' + unit;
}

AxisRange paddedRange(double low, double high, double share)
{
    if (!std::isfinite(low) || !std::isfinite(high))
        return {};
    if (high < low)
        std::swap(low, high);
    double length = high - low;
    // A flat curve still needs room above and below it.
    if (length <= 1e-9 * std::max(std::abs(low), std::abs(high)) || length == 0.0) {
        const double half = std::max(std::abs(low) * 0.1, 1e-3);
        return {low - half, high + half};
    }
    return {low - share * length, high + share * length};
}

} // namespace fw
