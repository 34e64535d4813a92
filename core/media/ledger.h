// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/hash.h"
#include "base/timestamp.h"

#include <QByteArray>

#include <optional>
#include <vector>

namespace fw {

/// One decoded picture, in the order in which it is shown.
struct LedgerEntry
{
    std::int64_t pts = 0;       ///< ticks of the ledger's time base
    std::int64_t duration = 0;  ///< ticks; 0 when the container does not say
    int packetBytes = 0;        ///< coded size
    char pictureType = '?';     ///< I, P, B, S or ?
    bool keyFrame = false;
    Sha256 planes{};            ///< SHA-256 of the decoded planes as coded (not rotated, not BGR)
    friend bool operator==(const LedgerEntry &, const LedgerEntry &) = default;
};

/// The identity of every frame of one stream. Made once by a full decode, then kept in the case.
/// Everything that names a frame names it by its place here.
struct Ledger
{
    int streamIndex = 0;
    Rational timeBase{1, 1};
    std::vector<LedgerEntry> entries;
    bool complete = false; ///< false: the decode stopped early, `endReason` says why
    QString endReason;

    std::int64_t count() const { return std::int64_t(entries.size()); }
    /// Seconds from the first frame of the stream; 0 for an index outside the ledger.
    double seconds(FrameIndex index) const;
    /// The frame that is on screen at `seconds` from the first frame; nullopt when empty.
    std::optional<FrameIndex> indexAt(double seconds) const;
    /// SHA-256 over all entries: one value that names the whole decode.
    Sha256 digest() const;
    friend bool operator==(const Ledger &, const Ledger &) = default;
};

/// Compact binary form for the case file; fromBytes refuses damaged input.
QByteArray toBytes(const Ledger &ledger);
Result<Ledger> ledgerFromBytes(const QByteArray &bytes);

} // namespace fw
