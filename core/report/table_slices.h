// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/document.h"
#include "report/page_layout.h"

#include <QColor>

namespace fw::report {

inline const QColor kInk(0x1a, 0x1a, 0x1a);
inline const QColor kQuiet(0x5c, 0x5c, 0x5c);
inline const QColor kRule(0xc8, 0xc8, 0xc8);

/// A square in the verdict's colour with its letter.
void paintVerdict(QPainter &painter, const QRectF &square, Verdict verdict);

/// Rows that repeat their head on every page; a row taller than half a page is cut between lines.
void addTable(const DataTable &table, double width,
              std::vector<std::shared_ptr<const Slice>> *slices);
/// Label and value side by side.
void addFacts(const Facts &facts, double width, std::vector<std::shared_ptr<const Slice>> *slices);

} // namespace fw::report
