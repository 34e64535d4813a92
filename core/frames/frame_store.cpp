// SPDX-License-Identifier: GPL-3.0-or-later
#include "frames/frame_store.h"

#include "base/background.h"
#include "frames/frame_worker_p.h"
#include "frames/thumbnail_worker_p.h"
#include "media/video_reader.h"

#include <QMetaObject>

#include <thread>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

ClipClock clockOf(const PacketIndex &index, bool complete)
{
    ClipClock clock;
    clock.frameCount = index.frameCount();
    clock.complete = complete;
    const auto count = std::size_t(index.frameCount());
    clock.seconds.reserve(count);
    clock.keyFrames.reserve(count);
    clock.pictureTypes.assign(count, '?');
    const double tick = index.timeBase.toDouble();
    const std::int64_t first = index.ticks(0);
    for (const int packet : index.shown) {
        const PacketEntry &entry = index.packets[std::size_t(packet)];
        clock.seconds.push_back(double(entry.pts - first) * tick);
        clock.keyFrames.push_back(entry.keyFrame);
    }
    return clock;
}

ClipClock clockOf(const Ledger &ledger)
{
    ClipClock clock;
    clock.frameCount = ledger.count();
    clock.complete = true;
    for (FrameIndex i = 0; i < ledger.count(); ++i) {
        const LedgerEntry &entry = ledger.entries[std::size_t(i)];
        clock.seconds.push_back(ledger.seconds(i));
        clock.pictureTypes.push_back(entry.pictureType);
        clock.keyFrames.push_back(entry.keyFrame);
    }
    return clock;
}

} // namespace

struct FrameStore::Impl
{
    explicit Impl(std::size_t cacheBytes) : state(cacheBytes) {}

    MediaFacts facts;
    ClipClock clock;
    quint64 lastTicket = 0;
    StoreState state;
    std::optional<FrameWorker> frames;
    std::optional<ThumbnailWorker> thumbnails;
    std::jthread decodeThread, thumbnailThread, scanThread, hashThread;
};

Result<std::unique_ptr<FrameStore>> FrameStore::open(const QString &path, const Options &options)
{
    auto facts = probe(path);
    if (!facts)
        return Failure{facts.error()};
    return std::unique_ptr<FrameStore>(new FrameStore(std::move(*facts), options));
}

FrameStore::FrameStore(MediaFacts facts, const Options &options)
    : m_impl(std::make_unique<Impl>(options.cacheBytes))
{
    Impl &d = *m_impl;
    d.facts = std::move(facts);
    d.state.path = d.facts.path;
    d.state.post = [this](std::function<void()> work) {
        QMetaObject::invokeMethod(this, std::move(work), Qt::QueuedConnection);
    };
    d.frames.emplace(d.state, FrameWorker::Answers{
        [this](quint64 ticket, FramePtr frame, bool exact) {
            m_impl->state.post([this, ticket, frame = std::move(frame), exact] {
                auto &types = m_impl->clock.pictureTypes;
                if (frame->index < FrameIndex(types.size()))
                    types[std::size_t(frame->index)] = frame->pictureType;
                Q_EMIT frameReady(ticket, frame, exact);
            });
        },
        [this](quint64 ticket, const Error &error) {
            m_impl->state.post([this, ticket, error] { Q_EMIT frameFailed(ticket, error); });
        }});
    d.thumbnails.emplace(d.state, [this](FrameIndex index, FramePtr small) {
        m_impl->state.post([this, index, small = std::move(small)] {
            Q_EMIT thumbnailReady(index, small);
        });
    });
    d.decodeThread = std::jthread([&d](std::stop_token stop) { d.frames->run(stop); });
    d.thumbnailThread = std::jthread([&d](std::stop_token stop) {
        runInBackground();
        d.thumbnails->run(stop);
    });
    d.scanThread = std::jthread([this](std::stop_token stop) { scan(stop); });
    if (options.hashFile)
        d.hashThread = std::jthread([this](std::stop_token stop) {
            runInBackground();
            hash(stop);
        });
}

FrameStore::~FrameStore()
{
    Impl &d = *m_impl;
    for (std::jthread *thread : {&d.decodeThread, &d.thumbnailThread, &d.scanThread, &d.hashThread})
        thread->request_stop();
    d.state.changed.notify_all();
    for (std::jthread *thread : {&d.decodeThread, &d.thumbnailThread, &d.scanThread, &d.hashThread}) {
        if (thread->joinable())
            thread->join();
    }
}

/// Runs in the scan thread.
void FrameStore::scan(std::stop_token stop)
{
    StoreState &state = m_impl->state;
    const auto publish = [&](PacketIndex found, bool done) {
        auto index = std::make_shared<const PacketIndex>(std::move(found));
        {
            const std::scoped_lock lock(state.mutex);
            state.index = index;
            state.scanDone = done;
        }
        state.changed.notify_all();
        state.post([this, clock = clockOf(*index, done)]() mutable {
            auto &types = m_impl->clock.pictureTypes;
            std::copy_n(types.begin(), std::min(types.size(), clock.pictureTypes.size()),
                        clock.pictureTypes.begin());
            m_impl->clock = std::move(clock);
            Q_EMIT clockChanged();
        });
        return index->endReason;
    };
    auto index = scanPackets(state.path, stop, openFileSource,
                             [&](const PacketIndex &partial) { publish(partial, false); });
    if (stop.stop_requested())
        return;
    QString reason;
    if (index) {
        reason = publish(std::move(*index), true);
    } else {
        {
            const std::scoped_lock lock(state.mutex);
            state.scanDone = true;
            state.scanError = index.error();
        }
        state.changed.notify_all();
        reason = index.error().what;
    }
    if (reason.isEmpty())
        return;
    state.post([this, reason] {
        m_impl->facts.warnings << reason;
        m_impl->clock.complete = true; // nothing more will come
        Q_EMIT clockChanged();
        Q_EMIT factsChanged();
    });
}

/// Runs in the hash thread.
void FrameStore::hash(std::stop_token stop)
{
    auto hashes = hashFile(m_impl->state.path, stop);
    if (stop.stop_requested())
        return;
    m_impl->state.post([this, hashes = std::move(hashes)] {
        if (hashes) {
            m_impl->facts.hashes = *hashes;
            m_impl->facts.hashed = true;
        } else {
            m_impl->facts.warnings << u"the file cannot be hashed: %1"_s.arg(hashes.error().what);
        }
        Q_EMIT factsChanged();
    });
}

quint64 FrameStore::request(FrameIndex index, bool playAhead)
{
    Impl &d = *m_impl;
    const quint64 ticket = ++d.lastTicket;
    FramePtr cached = d.state.cache.find(index);
    d.frames->request(ticket, index, playAhead, cached != nullptr);
    if (cached) {
        d.state.post([this, ticket, cached = std::move(cached)] {
            Q_EMIT frameReady(ticket, cached, true);
        });
    }
    return ticket;
}

void FrameStore::requestThumbnail(FrameIndex index, int width)
{
    m_impl->thumbnails->request(index, width);
}

void FrameStore::cancelThumbnails()
{
    m_impl->thumbnails->cancel();
}

const MediaFacts &FrameStore::facts() const
{
    return m_impl->facts;
}

const ClipClock &FrameStore::clock() const
{
    return m_impl->clock;
}

std::size_t FrameStore::cachedBytes() const
{
    return m_impl->state.cache.bytes();
}

bool FrameStore::useLedger(std::shared_ptr<const Ledger> ledger)
{
    StoreState &state = m_impl->state;
    {
        const std::scoped_lock lock(state.mutex);
        if (!ledger || !state.scanDone || !state.index)
            return false;
        if (ledger->count() != state.index->frameCount()) {
            PacketIndex aligned = *state.index;
            if (!aligned.alignTo(*ledger))
                return false;
            state.index = std::make_shared<const PacketIndex>(std::move(aligned));
            state.cache.clear(); // frames behind a lost one have moved
        }
        state.ledger = ledger;
    }
    m_impl->clock = clockOf(*ledger);
    Q_EMIT clockChanged();
    return true;
}

} // namespace fw
