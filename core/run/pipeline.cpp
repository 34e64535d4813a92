// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/pipeline.h"

#include "detect/capabilities.h"
#include "run/guarded.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace fw {

using State = MethodProgress::State;

namespace {

/// What a frame without pixels is counted as, so that their number is bounded too.
constexpr std::size_t kItemBytes = 4096;
constexpr std::chrono::milliseconds kProgressInterval{50};

bool wantsCoding(const PlannedMethod &method)
{
    return method.needs(capability::kCoding) || method.needs(capability::kMacroblocks);
}

} // namespace

/// One frame on its way. `bundle` never changes; `added` is filled by one observer after the other.
struct Pipeline::Item
{
    Item(ByteBudget &b, std::size_t c)
        : budget(b)
        , cost(c)
    {
        budget.take(cost);
    }
    ~Item() { budget.give(cost); }
    Item(const Item &) = delete;
    Item &operator=(const Item &) = delete;

    FrameBundle bundle;
    std::vector<Observations> added; ///< by plan position
    std::vector<bool> takes;         ///< by method
    ByteBudget &budget;
    const std::size_t cost;
};

Pipeline::Pipeline(PipelineInput input, ListenerGate &listener, std::stop_token stop)
    : m_in(std::move(input))
    , m_listener(listener)
    , m_stop(std::move(stop))
    , m_start(std::chrono::steady_clock::now())
    , m_budget(m_in.inFlightBytes, [this] { m_pool.post([this] { decodeOne(); }); })
    , m_pool(m_in.threads)
{
    std::vector<const LiveMethod *> byPosition(m_in.planSize, nullptr);
    for (const auto &observer : m_in.observers) {
        m_methods.push_back(observer.get());
        byPosition[observer->planPosition()] = observer.get();
    }
    for (const auto &detector : m_in.detectors)
        m_methods.push_back(detector.get());
    for (LiveMethod *method : m_methods) {
        std::vector<const LiveMethod *> observers;
        for (const std::size_t position : method->planned().observers) {
            if (byPosition[position]) // else an earlier run stands in for it
                observers.push_back(byPosition[position]);
        }
        method->buildOn(std::move(observers));
        m_wantsCoding = m_wantsCoding || wantsCoding(method->planned());
    }
    for (std::size_t i = 0; i <= m_methods.size(); ++i)
        m_strands.push_back(std::make_unique<Strand>(m_pool));
    std::size_t givers = 0;
    for (const auto &observer : m_in.observers)
        givers += observer->planned().isGiver();
    for (const auto &log : m_in.standIns)
        givers += log != nullptr;
    if (givers > 1)
        m_ownLogs.resize(m_in.planSize);
    m_left = m_in.detectors.size() + 1; // the end of the observers counts as one
    m_ledger.streamIndex = m_in.clip.streamIndex;
    m_ledger.timeBase = m_in.clip.timeBase;
}

Pipeline::~Pipeline()
{
    m_pool.stop();
}

Result<void> Pipeline::run()
{
    for (std::size_t i = 0; i < m_methods.size(); ++i) {
        m_strands[i]->post([this, method = m_methods[i]] {
            method->begin(m_in.clip);
            reportIfEnded(*method, true);
        });
    }
    if (m_in.reader)
        m_pool.post([this] { decodeOne(); });
    else
        m_pool.post([this] { endStream({}); });

    std::unique_lock lock(m_mutex);
    for (;;) {
        const bool ended = m_wake.wait_for(lock, m_stop, kProgressInterval,
                                           [this] { return m_left == 0 || m_noPicture; });
        if (ended || stopped())
            break;
        lock.unlock();
        followPause();
        m_listener.tell([this](RunListener &l) { l.progressed(progress()); });
        lock.lock();
    }
    const bool complete = m_left == 0 && !stopped(); // a method may have obeyed before we woke
    const bool noPicture = m_noPicture;
    lock.unlock();
    m_pool.stop();
    if (noPicture)
        return fail(Errc::BadData, m_noPictureReason, m_in.clip.media.path);
    if (!complete)
        return fail(Errc::Cancelled, u"the analysis was stopped"_s, m_in.clip.media.path);
    m_listener.tell([this](RunListener &l) { l.progressed(progress()); });
    return {};
}

/// Counts the time that a pause takes and lets the decoder go on behind it.
void Pipeline::followPause()
{
    const auto now = std::chrono::steady_clock::now();
    if (m_pausedAt)
        m_paused += now - *m_pausedAt;
    m_pausedAt = isPaused() ? std::optional(now) : std::nullopt;
    if (!m_pausedAt && m_held.exchange(false))
        m_pool.post([this] { decodeOne(); });
}

void Pipeline::decodeOne()
{
    if (stopped())
        return;
    if (isPaused()) {
        m_held = true; // followPause comes by and finds it
        return;
    }
    const FrameIndex next = m_ledger.count();
    const bool shifted = m_in.reader->damaged() > 0;
    std::vector<bool> takes(m_methods.size());
    bool pixels = false, luma = false;
    for (std::size_t i = 0; i < m_methods.size(); ++i) {
        takes[i] = !m_methods[i]->ended() && m_methods[i]->choice().mayTake(next, shifted);
        pixels = pixels || (takes[i] && m_methods[i]->manifest().planes == Planes::Bgr);
        luma = luma || (takes[i] && m_methods[i]->manifest().planes == Planes::Luma);
    }
    const std::size_t estimate =
        kItemBytes +
        std::size_t(m_in.clip.width) * std::size_t(m_in.clip.height) * ((pixels ? 3 : 0) + (luma ? 1 : 0));
    if (!m_budget.admit(estimate))
        return; // comes again when there is room

    using Next = std::optional<DecodedPicture>;
    auto picture = guarded(m_in.clip.media.fileName, [&]() -> Result<Next> {
        m_in.reader->wantPixels(pixels);
        m_in.reader->wantLuma(luma);
        return m_in.reader->next();
    });
    if (!picture) {
        endStream(picture.error().text());
        return;
    }
    if (!*picture) {
        endStream({});
        return;
    }
    DecodedPicture &decoded = **picture;
    m_ledger.entries.push_back(decoded.ledger);
    m_decoded.fetch_add(1, std::memory_order_relaxed);
    for (std::size_t i = 0; i < m_methods.size(); ++i)
        takes[i] = takes[i] && m_methods[i]->choice().takes(decoded.ledger);
    const std::size_t cost = kItemBytes + decoded.bgr.total() * decoded.bgr.elemSize() + decoded.luma.total() +
                             decoded.coding.motion.size() * sizeof(MotionVector);
    pass(itemOf(std::move(decoded), std::move(takes), cost), 0);
    m_pool.post([this] { decodeOne(); });
}

Pipeline::ItemPtr Pipeline::itemOf(DecodedPicture picture, std::vector<bool> takes,
                                   std::size_t cost)
{
    auto item = std::make_shared<Item>(m_budget, cost);
    FrameBundle &bundle = item->bundle;
    bundle.index = m_ledger.count() - 1;
    bundle.seconds = m_ledger.seconds(bundle.index);
    bundle.ledger = picture.ledger;
    if (!picture.bgr.empty()) {
        auto frame = std::make_shared<Frame>();
        frame->index = bundle.index;
        frame->time = {picture.ledger.pts, m_ledger.timeBase};
        frame->bgr = std::move(picture.bgr);
        frame->planes = picture.ledger.planes;
        frame->keyFrame = picture.ledger.keyFrame;
        frame->pictureType = picture.ledger.pictureType;
        bundle.frame = std::move(frame);
    }
    bundle.luma = std::move(picture.luma);
    if (m_wantsCoding)
        bundle.coding = std::make_shared<const CodingFrame>(std::move(picture.coding));
    item->takes = std::move(takes);
    item->added.resize(m_in.planSize);
    for (std::size_t p = 0; p < m_in.standIns.size(); ++p) {
        if (!m_in.standIns[p])
            continue;
        if (const FaceObservations *faces = m_in.standIns[p]->facesAt(bundle.index))
            item->added[p].faces = *faces;
    }
    return item;
}

FrameBundle Pipeline::bundleFor(const Item &item, const LiveMethod &method) const
{
    FrameBundle bundle = item.bundle;
    if (method.manifest().planes != Planes::Bgr)
        bundle.frame.reset();
    if (method.manifest().planes != Planes::Luma)
        bundle.luma = cv::Mat();
    if (!wantsCoding(method.planned()))
        bundle.coding.reset();
    for (const std::size_t position : method.planned().observers)
        bundle.observed.add(item.added[position]);
    return bundle;
}

/// Every frame goes through every observer's strand, taken or not: that keeps them in order.
void Pipeline::pass(const ItemPtr &item, std::size_t observer)
{
    if (observer == m_in.observers.size()) {
        m_strands.back()->post([this, item] { share(item); });
        return;
    }
    m_strands[observer]->post([this, item, observer] {
        if (stopped())
            return;
        LiveMethod &method = *m_methods[observer];
        if (item->takes[observer] && method.running()) {
            method.observe(bundleFor(*item, method), &item->added[method.planPosition()]);
            reportIfEnded(method, true);
        }
        pass(item, observer + 1);
    });
}

void Pipeline::share(const ItemPtr &item)
{
    Observations all;
    bool fresh = false;
    for (std::size_t p = 0; p < item->added.size(); ++p) {
        const bool known = p < m_in.standIns.size() && m_in.standIns[p];
        fresh = fresh || (item->added[p].faces && !known);
        if (p < m_ownLogs.size() && !known && item->added[p].faces)
            m_ownLogs[p].setFaces(item->bundle.index, *item->added[p].faces);
        all.add(item->added[p]);
    }
    if (all.faces) {
        const FrameIndex index = item->bundle.index;
        m_log.setFaces(index, *all.faces);
        if (fresh)
            m_listener.tell([&](RunListener &l) { l.facesObserved(index, *all.faces); });
    }
    for (std::size_t i = m_in.observers.size(); i < m_methods.size(); ++i) {
        if (!item->takes[i] || !m_methods[i]->running())
            continue;
        m_strands[i]->post([this, item, i] {
            LiveMethod &method = *m_methods[i];
            if (stopped() || !method.running())
                return;
            method.detect(bundleFor(*item, method));
            reportIfEnded(method, true);
        });
    }
}

void Pipeline::endStream(const QString &reason)
{
    if (stopped())
        return;
    if (!m_in.reader) {
        m_final = std::make_shared<const Ledger>(std::move(*m_in.ledger));
    } else {
        const int damaged = m_in.reader->damaged();
        const std::int64_t missing = m_in.framesPromised - m_ledger.count();
        QStringList why;
        if (!reason.isEmpty())
            why << reason;
        if (damaged > 0)
            why << u"the decoder refused %1 packets"_s.arg(damaged);
        if (missing > 0) {
            why << u"the file lists %1 frames, %2 could be decoded"_s.arg(m_in.framesPromised)
                       .arg(m_ledger.count());
        }
        m_ledger.complete = why.isEmpty();
        m_ledger.endReason = why.join(u"; "_s);
        m_final = std::make_shared<const Ledger>(std::move(m_ledger));
    }
    if (m_final->entries.empty()) {
        {
            const std::lock_guard lock(m_mutex);
            m_noPicture = true;
            m_noPictureReason = m_final->endReason.isEmpty()
                                    ? u"no picture could be decoded"_s
                                    : u"no picture could be decoded: "_s + m_final->endReason;
        }
        m_wake.notify_all();
        return;
    }
    passEnd(0);
}

void Pipeline::passEnd(std::size_t observer)
{
    if (observer < m_in.observers.size()) {
        m_strands[observer]->post([this, observer] {
            if (stopped())
                return;
            LiveMethod &method = *m_methods[observer];
            const bool wasRunning = method.running();
            method.finish(*m_final);
            reportIfEnded(method, wasRunning);
            passEnd(observer + 1);
        });
        return;
    }
    m_strands.back()->post([this] {
        for (std::size_t i = m_in.observers.size(); i < m_methods.size(); ++i) {
            m_strands[i]->post([this, i] {
                if (stopped())
                    return;
                LiveMethod &method = *m_methods[i];
                const bool wasRunning = method.running();
                method.finish(*m_final);
                reportIfEnded(method, wasRunning);
                const std::lock_guard lock(m_mutex);
                --m_left;
                m_wake.notify_all();
            });
        }
        const std::lock_guard lock(m_mutex);
        --m_left;
        m_wake.notify_all();
    });
}

void Pipeline::reportIfEnded(LiveMethod &method, bool wasRunning)
{
    if (wasRunning && !method.running())
        report(method);
}

void Pipeline::report(LiveMethod &method)
{
    MethodResult result = method.takeResult();
    if (result.state == RunState::Cancelled)
        return; // the run ends as cancelled; there is nothing to keep
    m_listener.tell([&](RunListener &l) { l.methodFinished(result); });
    const std::lock_guard lock(m_mutex);
    m_results.push_back(std::move(result));
}

RunProgress Pipeline::progress() const
{
    RunProgress progress;
    progress.methods = m_in.settled;
    progress.framesDecoded = m_decoded.load(std::memory_order_relaxed);
    progress.framesTotal = std::max(m_in.framesPromised, progress.framesDecoded);
    progress.paused = m_pausedAt.has_value();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - m_start - m_paused;
    if (elapsed.count() > 0)
        progress.framesPerSecond = double(progress.framesDecoded) / elapsed.count();
    // The slowest decides how long it takes.
    double share = progress.framesTotal > 0
                       ? double(progress.framesDecoded) / double(progress.framesTotal)
                       : 0.0;
    for (const LiveMethod *method : m_methods) {
        const MethodProgress one = method->progress();
        if (one.state == State::Running && one.framesTotal > 0)
            share = std::min(share, double(one.framesDone) / double(one.framesTotal));
        progress.methods.push_back(one);
    }
    if (share > 0.0)
        progress.secondsLeft = elapsed.count() * (1.0 - share) / share;
    return progress;
}

} // namespace fw
