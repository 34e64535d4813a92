// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"

#include <QAbstractListModel>
#include <QSet>
#include <QSortFilterProxyModel>

namespace fw {

/// All findings of a clip, worst first: suspicious, inconclusive, consistent, not applicable, and
/// within each the strongest first. A method that could not run is a row too, with its reason, so
/// that nothing that was asked for is silently missing.
class FindingsModel : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role {
        VerdictRole = Qt::UserRole, ///< int of fw::Verdict
        TitleRole,
        SummaryRole,
        WhereRole,
        MethodRole,   ///< name of the method
        RefRole,      ///< "pluginId/findingId"
        SearchRole,   ///< everything that the text filter looks at
    };

    explicit FindingsModel(ClipModel &clip, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    FindingRef refAt(int row) const;
    int rowOf(const FindingRef &ref) const; ///< -1 when there is no such row
    /// The finding of a row; nullptr for a method that did not run.
    const Finding *findingAt(int row) const;
    const MethodResult *resultAt(int row) const;
    int count(Verdict verdict) const;

private:
    struct Row
    {
        FindingRef ref;
        Verdict verdict = Verdict::NotApplicable;
        double strength = -1.0;
        QString title, summary, where, method;
    };
    void rebuild();
    void addRows(const MethodResult &result, std::vector<Row> &rows) const;

    ClipModel &m_clip;
    std::vector<Row> m_rows;
};

/// Lets through the verdicts that are switched on and rows that hold every word of the text.
class FindingsFilter : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setText(const QString &text);
    void setVerdictShown(Verdict verdict, bool shown);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QStringList m_words;
    QSet<int> m_hidden;
};

} // namespace fw
