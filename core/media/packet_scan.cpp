// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/packet_index.h"

#include "media/h264_recovery_p.h"
#include "media/presentation_clock_p.h"
#include "media/stream_decoder_p.h"

#include <algorithm>
#include <chrono>
#include <unordered_set>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

using av::StreamDecoder;

constexpr std::size_t kHeadFrames = 12;   // decoded to see which first packets give pictures
constexpr std::size_t kReorderWindow = 32; // twice the deepest reordering of any codec
constexpr std::size_t kMaxPackets = 40'000'000;

PacketEntry entryOf(const AVPacket &packet, const AVCodecParameters &stream)
{
    const auto ticks = [](std::int64_t t) { return t == AV_NOPTS_VALUE ? kNoTicks : t; };
    PacketEntry entry;
    entry.pts = ticks(packet.pts);
    entry.dts = ticks(packet.dts);
    entry.duration = std::max<std::int64_t>(0, packet.duration);
    entry.position = packet.pos;
    entry.bytes = packet.size;
    entry.keyFrame = packet.flags & AV_PKT_FLAG_KEY;
    entry.discard = packet.flags & AV_PKT_FLAG_DISCARD;
    // VP8 keeps its hidden reference pictures in packets of their own; bit 4 says "shown".
    if (stream.codec_id == AV_CODEC_ID_VP8 && packet.size > 0 && !(packet.data[0] & 0x10))
        entry.discard = true;
    if (stream.codec_id == AV_CODEC_ID_H264 && entry.keyFrame) {
        entry.refresh = h264RecoveryFrames({packet.data, std::size_t(packet.size)},
                                           {stream.extradata, std::size_t(stream.extradata_size)}) > 0;
        entry.keyFrame = !entry.refresh;
    }
    return entry;
}

class Scan
{
public:
    Scan(const QString &path, std::stop_token stop, const ByteSourceFactory &source,
         const std::function<void(const PacketIndex &)> &progress)
        : m_path(path), m_stop(std::move(stop)), m_source(source), m_progress(progress)
    {
    }

    Result<PacketIndex> run()
    {
        auto reader = open();
        if (!reader)
            return Failure{reader.error()};
        StreamDecoder &packets = **reader;
        const AVStream &stream = *packets.stream();
        m_index.streamIndex = stream.index;
        m_index.timeBase = av::rational(stream.time_base);
        m_still = packets.facts().still;
        // Field pictures: outside of MP4 and Matroska each field is a packet, and two make a frame.
        const AVFieldOrder order = stream.codecpar->field_order;
        const bool wholeFrames = packets.facts().container.startsWith(u"mov,"_s)
                                 || packets.facts().container.startsWith(u"matroska"_s);
        const bool fields = stream.codecpar->codec_id == AV_CODEC_ID_H264 && !wholeFrames
                            && order != AV_FIELD_PROGRESSIVE && order != AV_FIELD_UNKNOWN;
        m_trusted = !fields;
        if (m_trusted && !m_still)
            readHead();
        if (auto read = readPackets(packets); !read)
            return Failure{read.error()};
        if (m_still)
            return std::move(m_index);
        if (m_trusted)
            m_trusted = orderByTime() && headAgrees();
        if (!m_trusted) {
            if (auto decoded = orderByDecoding(); !decoded)
                return Failure{decoded.error()};
        }
        m_index.complete = m_index.endReason.isEmpty();
        return std::move(m_index);
    }

private:
    Result<std::unique_ptr<StreamDecoder>> open()
    {
        return StreamDecoder::open(m_path, {.pixels = false, .hashPlanes = false, .threads = 1},
                                   m_source, m_stop);
    }

    /// The packets of the first pictures that a decoder really gives. A stream that was cut out of
    /// a longer one begins with pictures that lack their references; these never appear.
    void readHead()
    {
        auto reader = open();
        if (!reader) {
            m_trusted = false;
            return;
        }
        while (m_head.size() < kHeadFrames) {
            auto more = (*reader)->advance();
            if (!more || !*more)
                break;
            m_head.push_back(int((*reader)->packetOfFrame()));
        }
        // A decoder that refuses packets gives fewer pictures than the container counts.
        m_trusted = !m_head.empty() && (*reader)->damaged() == 0;
    }

    Result<void> readPackets(StreamDecoder &reader)
    {
        using Clock = std::chrono::steady_clock;
        std::size_t nextReport = 4 * kReorderWindow;
        auto lastReport = Clock::now();
        while (m_index.packets.size() < kMaxPackets) {
            if (m_stop.stop_requested())
                return fail(Errc::Cancelled, u"stopped"_s, m_path);
            auto more = reader.readPacket();
            if (!more) {
                if (more.error().code == Errc::Cancelled || m_index.packets.empty())
                    return Failure{more.error()};
                m_index.endReason = more.error().what;
                break;
            }
            if (!*more)
                break;
            m_trusted = m_trusted && !(reader.packet().flags & AV_PKT_FLAG_CORRUPT);
            m_index.packets.push_back(entryOf(reader.packet(), *reader.stream()->codecpar));
            if (m_still) {
                m_index.packets.back().pts = 0;
                m_index.shown = {0};
                m_index.complete = true;
                return {};
            }
            // Intervals that grow with the index keep the cost of all reports below that of the scan.
            if (m_progress && m_trusted && m_index.packets.size() >= nextReport
                && (nextReport < 1000 || Clock::now() - lastReport > std::chrono::milliseconds(300))) {
                report();
                lastReport = Clock::now();
                nextReport = m_index.packets.size() * 3 / 2;
            }
        }
        if (m_index.packets.empty())
            return fail(Errc::BadData, u"the video stream holds no packet"_s, m_path);
        return {};
    }

    void report()
    {
        m_trusted = orderByTime();
        if (!m_trusted || m_index.shown.size() <= 2 * kReorderWindow)
            return;
        m_trusted = headAgrees();
        if (!m_trusted)
            return;
        m_index.shown.resize(m_index.shown.size() - std::min(kReorderWindow, m_index.shown.size()));
        m_progress(m_index);
    }

    /// Fills `shown` by presentation time. false when the times cannot be an order of frames.
    bool orderByTime()
    {
        std::vector<int> &shown = m_index.shown;
        const auto &packets = m_index.packets;
        shown.clear();
        for (std::size_t i = 0; i < packets.size(); ++i) {
            if (packets[i].discard)
                continue;
            if (packets[i].pts == kNoTicks)
                return false;
            shown.push_back(int(i));
        }
        std::sort(shown.begin(), shown.end(), [&](int a, int b) {
            return packets[std::size_t(a)].pts < packets[std::size_t(b)].pts;
        });
        const auto same = [&](int a, int b) {
            return packets[std::size_t(a)].pts == packets[std::size_t(b)].pts;
        };
        if (std::adjacent_find(shown.begin(), shown.end(), same) != shown.end())
            return false;
        const auto firstShown = std::find(shown.begin(), shown.end(), m_head.front());
        if (firstShown == shown.end())
            return false;
        shown.erase(shown.begin(), firstShown);
        return true;
    }

    bool headAgrees() const
    {
        return m_head.size() <= m_index.shown.size()
               && std::equal(m_head.begin(), m_head.end(), m_index.shown.begin());
    }

    Result<void> orderByDecoding()
    {
        auto reader = open();
        if (!reader)
            return Failure{reader.error()};
        // Which pictures come out, and when, does not depend on what they look like.
        (*reader)->decoder().skipFilters();
        av::PresentationClock clock((*reader)->stream());
        m_index.byDecode = true;
        m_index.shown.clear();
        while (true) {
            if (m_stop.stop_requested())
                return fail(Errc::Cancelled, u"stopped"_s, m_path);
            auto more = (*reader)->advance();
            if (!more) {
                if (more.error().code == Errc::Cancelled || m_index.shown.empty())
                    return Failure{more.error()};
                m_index.endReason = more.error().what;
                return {};
            }
            if (!*more)
                return {};
            const std::int64_t packet = (*reader)->packetOfFrame();
            if (packet < 0 || packet >= std::int64_t(m_index.packets.size()))
                return fail(Errc::BadData, u"the file changed while it was being read"_s, m_path);
            m_index.packets[std::size_t(packet)].pts = clock.timeOf((*reader)->frame());
            m_index.shown.push_back(int(packet));
        }
    }

    QString m_path;
    std::stop_token m_stop;
    const ByteSourceFactory &m_source;
    const std::function<void(const PacketIndex &)> &m_progress;
    PacketIndex m_index;
    std::vector<int> m_head;
    bool m_still = false;
    bool m_trusted = true;
};

} // namespace

Result<PacketIndex> scanPackets(const QString &path, std::stop_token stop,
                                const ByteSourceFactory &source,
                                const std::function<void(const PacketIndex &)> &progress)
{
    return Scan(path, std::move(stop), source, progress).run();
}

} // namespace fw
