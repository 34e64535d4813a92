// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/trace_catalog.h"

#include <QTreeWidget>

namespace fw {

/// The charts that can be shown, by method; a tick shows one.
class TraceChooser : public QTreeWidget
{
    Q_OBJECT
public:
    explicit TraceChooser(QWidget *parent = nullptr);

    void setGroups(const std::vector<ChartGroup> &groups, const QSet<QString> &shown);
    QSize sizeHint() const override { return {220, 160}; }

Q_SIGNALS:
    void chartToggled(const QString &key, bool shown);
};

} // namespace fw
