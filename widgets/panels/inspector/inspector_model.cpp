// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/inspector/inspector_model.h"

#include "panels/common/text.h"

#include <QFont>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr quintptr kGroup = ~quintptr(0); ///< internal id of a group; rows carry their group's number

QString degreesText(double radians)
{
    return quantityText(std::round(radians * 1800.0 / std::numbers::pi) / 10.0, u"°"_s);
}

} // namespace

QString thresholdText(const Trace &trace, double value)
{
    QStringList parts;
    if (std::isnan(value))
        return {};
    for (const Threshold &threshold : trace.thresholds) {
        const QString side = value > threshold.value   ? InspectorModel::tr("above")
                             : value < threshold.value ? InspectorModel::tr("below")
                                                       : InspectorModel::tr("at");
        const QString name = threshold.label.isEmpty() ? InspectorModel::tr("threshold") : threshold.label;
        parts << u"%1 %2 (%3)"_s.arg(side, quantityText(threshold.value, trace.unit), name);
    }
    return parts.join(u"; "_s);
}

InspectorModel::InspectorModel(ClipModel &clip, QObject *parent)
    : QAbstractItemModel(parent), m_clip(clip)
{
    showFrame(clip.playhead());
}

void InspectorModel::showFrame(FrameIndex index)
{
    std::vector<Group> groups = groupsAt(index);
    // While the playhead runs the rows stay and only their values change: the view keeps its place.
    const bool same = std::equal(groups.begin(), groups.end(), m_groups.begin(), m_groups.end(),
                                 [](const Group &a, const Group &b) {
                                     return a.title == b.title && a.pluginId == b.pluginId
                                         && a.rows.size() == b.rows.size();
                                 });
    if (!same) {
        beginResetModel();
        m_groups = std::move(groups);
        endResetModel();
        return;
    }
    m_groups = std::move(groups);
    for (int i = 0; i < int(m_groups.size()); ++i) {
        const QModelIndex group = this->index(i, 0);
        Q_EMIT dataChanged(group, this->index(i, ColumnCount - 1));
        if (const int rows = rowCount(group); rows > 0)
            Q_EMIT dataChanged(this->index(0, 0, group), this->index(rows - 1, ColumnCount - 1, group));
    }
}

std::vector<InspectorModel::Group> InspectorModel::groupsAt(FrameIndex index) const
{
    std::vector<Group> groups;
    if (!m_clip.provider())
        return groups;
    groups.push_back(frameGroup(index));
    for (auto &group : faceGroups(index))
        groups.push_back(std::move(group));
    for (auto &group : methodGroups(index))
        groups.push_back(std::move(group));
    return groups;
}

InspectorModel::Group InspectorModel::frameGroup(FrameIndex index) const
{
    const ClipClock &clock = m_clip.clock();
    const Ledger &ledger = m_clip.ledger();
    Group group{tr("Frame %1").arg(index), {}, {}, {}};
    group.rows.push_back({tr("Time"), clockText(clock.secondsOf(index)), {}, tr("From the first frame of the clip")});
    if (index < 0 || index >= ledger.count()) {
        const QString why = tr("not decoded by an analysis yet");
        group.rows.push_back({tr("Time stamp"), u"–"_s, why, {}});
        group.rows.push_back({tr("Picture type"), u"–"_s, why, {}});
        group.rows.push_back({tr("SHA-256"), u"–"_s, why, {}});
        return group;
    }
    const LedgerEntry &entry = ledger.entries[std::size_t(index)];
    group.rows.push_back({tr("Time stamp"), QString::number(entry.pts),
                          tr("ticks of %1/%2 s").arg(ledger.timeBase.num).arg(ledger.timeBase.den),
                          tr("Presentation time stamp as stored in the file")});
    group.rows.push_back({tr("Picture type"), QString(QLatin1Char(entry.pictureType)),
                          entry.keyFrame ? tr("key frame") : QString(), {}});
    group.rows.push_back({tr("SHA-256"), hexText(entry.planes), tr("of the decoded planes"),
                          tr("Names this picture: the same file gives the same hash on any machine")});
    return group;
}

std::vector<InspectorModel::Group> InspectorModel::faceGroups(FrameIndex index) const
{
    std::vector<Group> groups;
    const FaceObservations *faces = m_clip.observations().facesAt(index);
    if (!faces)
        return groups;
    for (const FaceObservation &face : *faces) {
        Group group{faceText(face.track), face.detected ? tr("detected") : tr("tracked"), {}, {}};
        group.title[0] = group.title[0].toUpper();
        group.rows.push_back({tr("Box"),
                              tr("%1 × %2 px").arg(std::lround(face.box.width)).arg(std::lround(face.box.height)),
                              tr("at %1, %2").arg(std::lround(face.box.x)).arg(std::lround(face.box.y)), {}});
        group.rows.push_back({tr("Confidence"), numberText(face.confidence), {}, {}});
        if (face.pose) {
            const EulerAngles angles = eulerAngles(face.pose->rotation);
            group.rows.push_back({tr("Pitch"), degreesText(angles.pitchRadians), tr("positive: down"), {}});
            group.rows.push_back({tr("Yaw"), degreesText(angles.yawRadians), tr("positive: towards the left edge"), {}});
            group.rows.push_back({tr("Roll"), degreesText(angles.rollRadians), tr("positive: clockwise"), {}});
            group.rows.push_back({tr("Pose error"), quantityText(face.pose->rmsPixels, u"px"_s), tr("root mean square"), {}});
        } else {
            group.rows.push_back({tr("Pose"), u"–"_s, tr("not measured"), {}});
        }
        const auto ear = [&](const QString &name, const std::optional<double> &value) {
            group.rows.push_back({name, value ? numberText(*value) : u"–"_s,
                                  value ? QString() : tr("not measured"),
                                  tr("Height of the eye opening over its width")});
        };
        ear(tr("Eye aspect ratio, left in the picture"), face.earImageLeft);
        ear(tr("Eye aspect ratio, right in the picture"), face.earImageRight);
        groups.push_back(std::move(group));
    }
    return groups;
}

std::vector<InspectorModel::Group> InspectorModel::methodGroups(FrameIndex index) const
{
    std::vector<Group> groups;
    for (const MethodResult &result : m_clip.results()) {
        const auto &traces = result.result.measured.traces;
        if (traces.empty())
            continue;
        const Manifest *manifest = m_clip.manifest(result.record.pluginId);
        Group group{manifest && !manifest->name.isEmpty() ? manifest->name : result.record.pluginId,
                    result.record.pluginVersion, result.record.pluginId, {}};
        for (const Trace &trace : traces) {
            const auto at = std::lower_bound(trace.frames.begin(), trace.frames.end(), index);
            const auto i = std::size_t(at - trace.frames.begin());
            const bool there = at != trace.frames.end() && *at == index && i < trace.values.size()
                && std::isfinite(trace.values[i]);
            Row row{trace.title, u"–"_s, tr("not measured here"), trace.about};
            if (there) {
                row.value = quantityText(trace.values[i], trace.unit);
                QStringList remarks;
                if (i < trace.lower.size() && i < trace.upper.size() && std::isfinite(trace.lower[i])
                    && std::isfinite(trace.upper[i]))
                    remarks << tr("band %1 to %2").arg(numberText(trace.lower[i]), numberText(trace.upper[i]));
                const QString side = thresholdText(trace, trace.values[i]);
                if (!side.isEmpty())
                    remarks << side;
                row.remark = remarks.join(u"; "_s);
            }
            group.rows.push_back(std::move(row));
        }
        groups.push_back(std::move(group));
    }
    return groups;
}

QModelIndex InspectorModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row()) : kGroup);
}

QModelIndex InspectorModel::parent(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == kGroup)
        return {};
    return createIndex(int(index.internalId()), 0, kGroup);
}

int InspectorModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return int(m_groups.size());
    const bool group = parent.internalId() == kGroup && parent.column() == 0;
    return group ? int(m_groups[std::size_t(parent.row())].rows.size()) : 0;
}

int InspectorModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant InspectorModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const bool isGroup = index.internalId() == kGroup;
    const Group &group = m_groups[isGroup ? std::size_t(index.row()) : std::size_t(index.internalId())];
    if (role == PluginRole)
        return group.pluginId;
    if (isGroup) {
        if (role == Qt::DisplayRole)
            return index.column() == NameColumn    ? group.title
                   : index.column() == RemarkColumn ? group.remark
                                                    : QString();
        if (role == Qt::FontRole && index.column() == NameColumn) {
            QFont bold;
            bold.setWeight(QFont::DemiBold);
            return bold;
        }
        return {};
    }
    const Row &row = group.rows[std::size_t(index.row())];
    const QString texts[] = {row.name, row.value, row.remark};
    if (role == Qt::DisplayRole)
        return texts[index.column()];
    if (role == Qt::ToolTipRole)
        return row.about.isEmpty() ? row.name + u": "_s + row.value + u' ' + row.remark
                                   : row.name + u": "_s + row.value + u' ' + row.remark + u'\n' + row.about;
    return {};
}

QVariant InspectorModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractItemModel::headerData(section, orientation, role);
    const QString titles[] = {tr("What"), tr("Value"), tr("Remark")};
    return section >= 0 && section < ColumnCount ? titles[section] : QString();
}

} // namespace fw
