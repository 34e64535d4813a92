// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QString>

#include <functional>
#include <map>
#include <memory>
#include <vector>

class QPainter;

namespace fw::report {

/// What a drawing function may look up: known once all pages are made.
struct PageNumbers
{
    std::map<QString, int> anchors; ///< anchor -> page, counted from 1
    int count = 0;
};

/// A strip of a page that is never cut. Lengths in tenths of a point.
struct Slice
{
    double height = 0.0;
    double before = 0.0;       ///< free space above, dropped at the top of a page
    bool keepWithNext = false; ///< no page ends between this one and the next
    bool newPage = false;
    QString anchor;
    QString bookmark;      ///< title in the outline; empty: none
    int bookmarkLevel = 1; ///< 1 is outermost
    std::function<void(QPainter &, QPointF, const PageNumbers &)> draw;
    std::shared_ptr<const Slice> repeated; ///< drawn above this one where it opens a page
};

struct Placed
{
    std::shared_ptr<const Slice> slice;
    double top = 0.0;
};

struct Pages
{
    std::vector<std::vector<Placed>> pages;
    PageNumbers numbers;
};

/// Fills pages of the given height from top to bottom. Slices that keep together move to the next
/// page as one; only a group that is taller than a page is broken.
Pages paginate(const std::vector<std::shared_ptr<const Slice>> &slices, double pageHeight);

} // namespace fw::report
