// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/trace_chooser.h"

#include "paint/chart_layout.h"

#include <QHeaderView>
#include <QSignalBlocker>

namespace fw {

TraceChooser::TraceChooser(QWidget *parent) : QTreeWidget(parent)
{
    setHeaderHidden(true);
    setAccessibleName(tr("Curves to show"));
    setRootIsDecorated(true);
    setUniformRowHeights(true);
    connect(this, &QTreeWidget::itemChanged, this, [this](QTreeWidgetItem *item, int) {
        const QString key = item->data(0, Qt::UserRole).toString();
        if (!key.isEmpty())
            Q_EMIT chartToggled(key, item->checkState(0) == Qt::Checked);
    });
}

void TraceChooser::setGroups(const std::vector<ChartGroup> &groups, const QSet<QString> &shown)
{
    const QSignalBlocker quiet(this);
    QSet<QString> closed;
    for (int i = 0; i < topLevelItemCount(); ++i) {
        if (!topLevelItem(i)->isExpanded())
            closed.insert(topLevelItem(i)->text(0));
    }
    const QString current = currentItem() ? currentItem()->data(0, Qt::UserRole).toString() : QString();
    clear();
    QTreeWidgetItem *method = nullptr;
    for (const ChartGroup &group : groups) {
        if (!method || method->text(0) != group.method) {
            method = new QTreeWidgetItem(this, {group.method});
            method->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
            method->setExpanded(!closed.contains(group.method));
        }
        auto *item = new QTreeWidgetItem(method, {group.title});
        item->setData(0, Qt::UserRole, group.key);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(0, shown.contains(group.key) ? Qt::Checked : Qt::Unchecked);
        QStringList lines;
        for (const Trace *trace : group.traces)
            lines << traceSummary(*trace);
        item->setToolTip(0, lines.join(u'\n'));
        if (group.key == current)
            setCurrentItem(item);
    }
}

} // namespace fw
