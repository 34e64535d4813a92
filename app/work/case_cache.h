// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "casefile/case_file.h"
#include "run/engine.h"

#include <memory>

namespace fw {

/// Lets a run find what a case already knows. Opens the case read-only on the first question, in
/// the thread that asks, so that it never shares a database connection with the case's owner.
class CaseCache final : public ResultCache
{
public:
    explicit CaseCache(QString casePath) : m_path(std::move(casePath)) {}

    std::optional<MethodResult> find(const QString &cacheKey) override;
    std::optional<ObservationLog> findObservations(const QString &cacheKey) override;
    std::optional<Ledger> findLedger(const QString &mediaSha256) override;

private:
    std::unique_ptr<CaseFile> open() const; ///< null when it cannot be opened: nothing is cached

    QString m_path;
};

} // namespace fw
