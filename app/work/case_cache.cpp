// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/case_cache.h"

namespace fw {

// A connection for each question: a run asks about a dozen, and a connection that lived in this
// object could be closed by another thread than the one that opened it, which Qt forbids.
std::unique_ptr<CaseFile> CaseCache::open() const
{
    auto opened = CaseFile::open(m_path, true);
    return opened ? std::move(*opened) : nullptr;
}

std::optional<MethodResult> CaseCache::find(const QString &cacheKey)
{
    const auto file = open();
    return file ? file->resultByKey(cacheKey) : std::nullopt;
}

std::optional<ObservationLog> CaseCache::findObservations(const QString &cacheKey)
{
    const auto file = open();
    return file ? file->observations(cacheKey) : std::nullopt;
}

std::optional<Ledger> CaseCache::findLedger(const QString &mediaSha256)
{
    const auto file = open();
    if (!file)
        return std::nullopt;
    const auto evidence = file->evidenceByHash(mediaSha256);
    return evidence ? file->ledger(evidence->id) : std::nullopt;
}

} // namespace fw
