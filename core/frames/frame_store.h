// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "frames/frame_provider.h"
#include "media/ledger.h"

#include <memory>
#include <stop_token>

namespace fw {

/// FrameProvider over a file on this machine: one decode thread, a cache bounded in bytes, an index
/// that fills in behind. Opening returns as soon as the file has been probed; the packet scan, the
/// hashing and all decoding happen in threads of its own, which end with the object.
class FrameStore final : public FrameProvider
{
    Q_OBJECT
public:
    struct Options
    {
        std::size_t cacheBytes = std::size_t(256) << 20;
        bool hashFile = true;
    };
    /// Probes on the calling thread (a few ms; call it from a worker when the file may be slow).
    static Result<std::unique_ptr<FrameStore>> open(const QString &path, const Options &options);
    ~FrameStore() override;

    quint64 request(FrameIndex index, bool playAhead = false) override;
    void requestThumbnail(FrameIndex index, int width) override;
    void cancelThumbnails() override;
    const MediaFacts &facts() const override;
    const ClipClock &clock() const override;
    std::size_t cachedBytes() const;

    /// Takes over the frames of a full decode of this file: their number, types and times. From
    /// then on every frame is checked against it. false when the ledger is not of this file's stream.
    bool useLedger(std::shared_ptr<const Ledger> ledger);

private:
    struct Impl;
    FrameStore(MediaFacts facts, const Options &options);
    void scan(std::stop_token stop);
    void hash(std::stop_token stop);
    std::unique_ptr<Impl> m_impl;
};

} // namespace fw
