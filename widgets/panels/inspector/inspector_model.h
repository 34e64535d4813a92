// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"

#include <QAbstractItemModel>

namespace fw {

/// Every value that is known of the frame under the playhead, grouped: the frame itself, faces, and
/// one group for each method that has curves. Two levels; columns: name, value, remark.
class InspectorModel : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column { NameColumn, ValueColumn, RemarkColumn, ColumnCount };
    enum Role { PluginRole = Qt::UserRole }; ///< plugin id of a method's group and rows

    explicit InspectorModel(ClipModel &clip, QObject *parent = nullptr);

    /// Reads all values at `index` anew.
    void showFrame(FrameIndex index);

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row
    {
        QString name, value, remark, about;
    };
    struct Group
    {
        QString title, remark, pluginId;
        std::vector<Row> rows;
    };
    std::vector<Group> groupsAt(FrameIndex index) const;
    Group frameGroup(FrameIndex index) const;
    std::vector<Group> faceGroups(FrameIndex index) const;
    std::vector<Group> methodGroups(FrameIndex index) const;

    ClipModel &m_clip;
    std::vector<Group> m_groups;
};

/// On which side of each threshold a value lies, in words; empty without thresholds.
QString thresholdText(const Trace &trace, double value);

} // namespace fw
