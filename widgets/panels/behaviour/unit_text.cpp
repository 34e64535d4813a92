// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/behaviour/unit_text.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

QString sayUnit(const char *text)
{
    return QCoreApplication::translate("fw::Behaviour", text);
}

} // namespace

std::optional<std::size_t> intensityIndex(int row)
{
    const auto it = std::ranges::find(kIntensityUnits, kPresenceUnits[std::size_t(row)]);
    if (it == kIntensityUnits.end())
        return std::nullopt;
    return std::size_t(it - kIntensityUnits.begin());
}

QString unitTitle(int row)
{
    const int unit = kPresenceUnits[std::size_t(row)];
    return actionUnitCode(unit) + u' ' + actionUnitName(unit);
}

QString unitValueText(const ActionUnits &units, int row, UnitScale scale)
{
    const QString presence = units.present[std::size_t(row)] ? sayUnit("present") : sayUnit("not present");
    const auto index = intensityIndex(row);
    if (!index)
        return presence;
    return sayUnit("%1 ± %2, %3")
        .arg(double(intensities(units, scale)[*index]), 0, 'f', 1)
        .arg(double(units.sigma[*index]), 0, 'f', 1)
        .arg(presence);
}

QString scaleText(UnitScale scale)
{
    return scale == UnitScale::Raw ? sayUnit("as measured") : sayUnit("relative to own rest");
}

} // namespace fw
