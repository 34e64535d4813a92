// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/action_units.h"

#include <QCoreApplication>

#include <map>

using namespace Qt::StringLiterals;

namespace fw {

QString actionUnitName(int unit)
{
    static const std::map<int, const char *> names{
        {1, QT_TRANSLATE_NOOP("fw::ActionUnits", "inner brow raiser")},
        {2, QT_TRANSLATE_NOOP("fw::ActionUnits", "outer brow raiser")},
        {4, QT_TRANSLATE_NOOP("fw::ActionUnits", "brow lowerer")},
        {5, QT_TRANSLATE_NOOP("fw::ActionUnits", "upper lid raiser")},
        {6, QT_TRANSLATE_NOOP("fw::ActionUnits", "cheek raiser")},
        {7, QT_TRANSLATE_NOOP("fw::ActionUnits", "lid tightener")},
        {9, QT_TRANSLATE_NOOP("fw::ActionUnits", "nose wrinkler")},
        {10, QT_TRANSLATE_NOOP("fw::ActionUnits", "upper lip raiser")},
        {12, QT_TRANSLATE_NOOP("fw::ActionUnits", "lip corner puller")},
        {14, QT_TRANSLATE_NOOP("fw::ActionUnits", "dimpler")},
        {15, QT_TRANSLATE_NOOP("fw::ActionUnits", "lip corner depressor")},
        {17, QT_TRANSLATE_NOOP("fw::ActionUnits", "chin raiser")},
        {20, QT_TRANSLATE_NOOP("fw::ActionUnits", "lip stretcher")},
        {23, QT_TRANSLATE_NOOP("fw::ActionUnits", "lip tightener")},
        {25, QT_TRANSLATE_NOOP("fw::ActionUnits", "lips part")},
        {26, QT_TRANSLATE_NOOP("fw::ActionUnits", "jaw drop")},
        {28, QT_TRANSLATE_NOOP("fw::ActionUnits", "lip suck")},
        {45, QT_TRANSLATE_NOOP("fw::ActionUnits", "blink")},
    };
    const auto it = names.find(unit);
    return it == names.end() ? QString()
                             : QCoreApplication::translate("fw::ActionUnits", it->second);
}

QString actionUnitCode(int unit)
{
    return u"AU%1"_s.arg(unit, 2, 10, QChar(u'0'));
}

double intensityOf(double strength)
{
    static constexpr std::array<std::pair<double, double>, 6> kLetters{
        {{0.02, 0.0}, {0.05, 1.0}, {0.15, 2.0}, {0.35, 3.0}, {0.65, 4.0}, {0.90, 5.0}}};
    if (!(strength > kLetters.front().first))
        return 0.0;
    for (std::size_t i = 1; i < kLetters.size(); ++i) {
        const auto [x0, y0] = kLetters[i - 1];
        const auto [x1, y1] = kLetters[i];
        if (strength <= x1)
            return y0 + (y1 - y0) * (strength - x0) / (x1 - x0);
    }
    return 5.0;
}

} // namespace fw
