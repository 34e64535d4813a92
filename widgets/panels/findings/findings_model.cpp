// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/findings/findings_model.h"

#include "panels/common/text.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

FindingsModel::FindingsModel(ClipModel &clip, QObject *parent)
    : QAbstractListModel(parent), m_clip(clip)
{
    for (const auto signal : {&ClipModel::clipChanged, &ClipModel::resultsChanged,
                              &ClipModel::manifestsChanged, &ClipModel::clockChanged})
        connect(&clip, signal, this, &FindingsModel::rebuild);
    rebuild();
}

void FindingsModel::rebuild()
{
    std::vector<Row> rows;
    for (const MethodResult &result : m_clip.results())
        addRows(result, rows);
    std::stable_sort(rows.begin(), rows.end(), [](const Row &a, const Row &b) {
        if (a.verdict != b.verdict)
            return attentionRank(a.verdict) < attentionRank(b.verdict);
        if (a.strength != b.strength)
            return a.strength > b.strength;
        return a.title.localeAwareCompare(b.title) < 0;
    });
    const bool sameRows = std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(),
                                     [](const Row &a, const Row &b) { return a.ref == b.ref; });
    if (sameRows) {
        // The clock grows while the index is read: texts change, rows and the selection stay.
        m_rows = std::move(rows);
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0), index(int(m_rows.size()) - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

void FindingsModel::addRows(const MethodResult &result, std::vector<Row> &rows) const
{
    const QString &plugin = result.record.pluginId;
    const Manifest *manifest = m_clip.manifest(plugin);
    const QString method = manifest && !manifest->name.isEmpty() ? manifest->name : plugin;
    for (const Finding &finding : result.result.findings) {
        rows.push_back({{plugin, finding.id},
                        finding.verdict,
                        finding.strength.value_or(-1.0),
                        finding.title,
                        finding.summary,
                        whereText(finding, m_clip.clock()),
                        method});
    }
    if (!result.result.findings.empty() || result.state == RunState::Done)
        return;
    QString title;
    switch (result.state) {
    case RunState::NotApplicable:
        title = tr("%1: not applicable").arg(method);
        break;
    case RunState::Cancelled:
        title = tr("%1: cancelled").arg(method);
        break;
    default:
        title = tr("%1: not analysed").arg(method);
        break;
    }
    rows.push_back({{plugin, {}}, Verdict::NotApplicable, -1.0, title, result.reason, {}, method});
}

int FindingsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant FindingsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case TitleRole:
        return row.title;
    case VerdictRole:
        return int(row.verdict);
    case SummaryRole:
        return row.summary;
    case WhereRole:
        return row.where;
    case MethodRole:
        return row.method;
    case RefRole:
        return row.ref.text();
    case SearchRole:
        return QStringList{row.title, row.summary, row.where, row.method, verdictTitle(row.verdict)}
            .join(u' ');
    case Qt::ToolTipRole:
        return tr("%1\n%2\nMethod: %3").arg(verdictMeaning(row.verdict), row.summary, row.method);
    case Qt::AccessibleTextRole:
        return tr("%1: %2. %3 %4").arg(verdictTitle(row.verdict), row.title, row.summary, row.where);
    default:
        return {};
    }
}

FindingRef FindingsModel::refAt(int row) const
{
    return row >= 0 && row < int(m_rows.size()) ? m_rows[std::size_t(row)].ref : FindingRef{};
}

int FindingsModel::rowOf(const FindingRef &ref) const
{
    const auto it = std::find_if(m_rows.begin(), m_rows.end(),
                                 [&](const Row &row) { return row.ref == ref; });
    return it == m_rows.end() ? -1 : int(it - m_rows.begin());
}

const MethodResult *FindingsModel::resultAt(int row) const
{
    return m_clip.result(refAt(row).pluginId);
}

const Finding *FindingsModel::findingAt(int row) const
{
    const MethodResult *result = resultAt(row);
    if (!result)
        return nullptr;
    const QString id = refAt(row).findingId;
    const auto &all = result->result.findings;
    const auto it = std::find_if(all.begin(), all.end(), [&](const Finding &f) { return f.id == id; });
    return it == all.end() ? nullptr : &*it;
}

int FindingsModel::count(Verdict verdict) const
{
    return int(std::count_if(m_rows.begin(), m_rows.end(),
                             [verdict](const Row &row) { return row.verdict == verdict; }));
}

void FindingsFilter::setText(const QString &text)
{
    m_words = text.split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

void FindingsFilter::setVerdictShown(Verdict verdict, bool shown)
{
    if (shown)
        m_hidden.remove(int(verdict));
    else
        m_hidden.insert(int(verdict));
    invalidateFilter();
}

bool FindingsFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    if (m_hidden.contains(index.data(FindingsModel::VerdictRole).toInt()))
        return false;
    const QString text = index.data(FindingsModel::SearchRole).toString();
    return std::all_of(m_words.begin(), m_words.end(), [&](const QString &word) {
        return text.contains(word, Qt::CaseInsensitive);
    });
}

} // namespace fw
