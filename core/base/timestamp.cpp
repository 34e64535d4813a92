// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/timestamp.h"

#include <QStringList>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

QString clockText(double seconds)
{
    if (!std::isfinite(seconds))
        return u"–"_s;
    const qint64 ms = std::llround(std::abs(seconds) * 1000.0);
    return u"%1%2:%3:%4.%5"_s.arg(seconds < 0 && ms > 0 ? u"-"_s : QString())
        .arg(ms / 3600000, 2, 10, QLatin1Char('0'))
        .arg(ms / 60000 % 60, 2, 10, QLatin1Char('0'))
        .arg(ms / 1000 % 60, 2, 10, QLatin1Char('0'))
        .arg(ms % 1000, 3, 10, QLatin1Char('0'));
}

bool parseClock(const QString &text, double *seconds)
{
    const QStringList parts = text.trimmed().split(u':');
    if (parts.size() > 3)
        return false;
    double total = 0.0;
    for (qsizetype i = 0; i < parts.size(); ++i) {
        bool ok = false;
        const bool last = i + 1 == parts.size();
        const double value = last ? parts[i].toDouble(&ok) : double(parts[i].toUInt(&ok));
        if (!ok || value < 0 || !std::isfinite(value) || (i > 0 && value >= 60))
            return false;
        total = total * 60.0 + value;
    }
    *seconds = total;
    return true;
}

} // namespace fw
