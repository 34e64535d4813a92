// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QByteArray>

#include <vector>

namespace fw::report {

struct OutlineEntry
{
    QString title;
    int level = 1;    ///< 1 is outermost; a level may be left out
    int page = 1;     ///< counted from 1
    double top = 0.0; ///< points from the upper edge of the page
};

/// Adds bookmarks to a finished PDF, because QPdfWriter cannot. Viewers open with them on the side.
/// Equal bytes and entries give equal bytes. Errc::Internal when the PDF cannot be read.
Result<QByteArray> withOutline(const QByteArray &pdf, const std::vector<OutlineEntry> &entries);

} // namespace fw::report
