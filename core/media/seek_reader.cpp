// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/seek_reader.h"

#include "media/stream_decoder_p.h"

#include <QScopeGuard>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

using av::StreamDecoder;

constexpr int kMaxPacketsToKey = 20000; // read after a seek before the seek counts as failed
constexpr std::int64_t kCheaperThanSeek = 8; // frames: decoding on beats going to a nearer key frame
constexpr int kEarlierKeys = 2;         // tried before the whole file is read from its start

bool isPacket(const AVPacket &packet, const PacketEntry &entry)
{
    const bool dtsDiffers = packet.dts != AV_NOPTS_VALUE && entry.dts != kNoTicks
                            && packet.dts != entry.dts;
    const bool placeDiffers = packet.pos >= 0 && entry.position >= 0 && packet.pos != entry.position;
    return packet.size == entry.bytes && !dtsDiffers && !placeDiffers;
}

} // namespace

struct SeekReader::Impl
{
    QString path;
    ReaderOptions options;
    ByteSourceFactory source;
    std::unique_ptr<StreamDecoder> decoder;
    PacketIndex index;
    std::vector<int> frameOf; ///< packet -> frame, -1 where none is shown
    std::shared_ptr<const Ledger> expected;

    // Where the decoder stands.
    bool running = false;      ///< packets can be read on from here
    bool lost = false;         ///< the packets are not those of the index
    std::int64_t startedAt = 0; ///< the key packet at which the decode began
    FrameIndex last = -1;      ///< the frame that came out last
    FrameIndex target = -1;    ///< skip what nobody wants before this one
    const Wanted *wanted = nullptr;

    enum class Step { Found, Missed, Stopped };

    Result<void> reopen()
    {
        auto fresh = StreamDecoder::open(path, options, source);
        if (!fresh)
            return Failure{fresh.error()};
        decoder = std::move(*fresh);
        decoder->setSkip([this](std::int64_t number, const AVPacket &packet) {
            return check(number, packet);
        });
        running = false;
        return {};
    }

    /// Looks at each packet on its way to the decoder: is it the one that the index has here, and
    /// may the decoder leave it out?
    bool check(std::int64_t number, const AVPacket &packet)
    {
        if (index.packets.empty())
            return false;
        if (number < 0 || number >= std::int64_t(index.packets.size())) {
            lost = lost || index.complete;
            return false;
        }
        lost = lost || packet.size != index.packets[std::size_t(number)].bytes;
        const FrameIndex frame = frameOf[std::size_t(number)];
        return !index.byDecode && frame >= 0 && frame < target && !isWanted(frame);
    }

    void forgetTarget()
    {
        target = -1;
        wanted = nullptr;
    }

    bool isWanted(FrameIndex frame) const { return wanted && *wanted && (*wanted)(frame); }

    const PacketEntry &entry(std::int64_t packet) const { return index.packets[std::size_t(packet)]; }

    std::int64_t packetOf(FrameIndex frame) const { return index.shown[std::size_t(frame)]; }

    /// The last key packet from which this packet can be decoded, `earlier` keys further back.
    std::int64_t keyPacketFor(std::int64_t packet, int earlier) const
    {
        int refreshes = 0;
        for (std::int64_t k = packet; k > 0; --k) {
            if (entry(k).pts > entry(packet).pts)
                continue;
            // Begun at a gradual refresh, the first picture has nothing to refer to and is lost, with
            // the part that it refreshed. One full refresh later all is whole; a third one back
            // allows for a target that lies inside a refresh.
            refreshes += entry(k).refresh;
            if ((entry(k).keyFrame || (entry(k).refresh && refreshes >= 3)) && earlier-- == 0)
                return k;
        }
        return 0;
    }

    /// Reads on until the packet with this number is the current one.
    bool readUpTo(std::int64_t number)
    {
        for (int i = 0; i < kMaxPacketsToKey; ++i) {
            auto more = decoder->readPacket();
            if (!more || !*more)
                return false;
            const AVPacket &packet = decoder->packet();
            if (isPacket(packet, entry(number)))
                return true;
            if (packet.dts != AV_NOPTS_VALUE && entry(number).dts != kNoTicks
                && packet.dts > entry(number).dts)
                return false; // gone past it
        }
        return false;
    }

    bool moveTo(std::int64_t timestamp, int flags)
    {
        QStringList unheard;
        const av::LogCapture capture(&unheard);
        return av_seek_frame(decoder->input().format(), decoder->stream()->index, timestamp, flags) >= 0;
    }

    /// Makes this key packet the first that a fresh decode gets.
    Result<void> beginAt(std::int64_t key)
    {
        running = false;
        const auto begin = [&] {
            decoder->restart();
            startedAt = key;
            last = -1;
            lost = false;
            running = true;
            decoder->startAt(key);
            return Result<void>();
        };
        const PacketEntry &wantedPacket = entry(key);
        if (key > 0 && wantedPacket.dts != kNoTicks) {
            decoder->restart();
            if (moveTo(wantedPacket.dts, AVSEEK_FLAG_BACKWARD) && readUpTo(key))
                return begin();
        }
        const bool byBytes = !(decoder->input().format()->iformat->flags & AVFMT_NO_BYTE_SEEK);
        if (key > 0 && byBytes && wantedPacket.position >= 0) {
            decoder->restart();
            if (moveTo(wantedPacket.position, AVSEEK_FLAG_BYTE) && readUpTo(key))
                return begin();
        }
        // Containers without a usable index: read from the start, which cannot go wrong.
        if (auto fresh = reopen(); !fresh)
            return fresh;
        for (std::int64_t number = 0;; ++number) {
            auto more = decoder->readPacket();
            if (!more)
                return Failure{more.error()};
            if (!*more)
                return fail(Errc::BadData, u"the file is shorter than when it was indexed"_s, path);
            if (number == key)
                return begin();
        }
    }

    bool canGoOn(FrameIndex frame) const
    {
        if (!running || lost || last >= frame)
            return false;
        const std::int64_t packet = packetOf(frame);
        if (entry(packet).pts < entry(startedAt).pts)
            return false; // a leading picture of the key frame where this decode began
        const std::int64_t key = keyPacketFor(packet, 0);
        return key <= decoder->nextPacket() || (last >= 0 && frame - last <= kCheaperThanSeek);
    }

    FrameIndex frameOfPacket(std::int64_t packet) const
    {
        return packet >= 0 && packet < std::int64_t(frameOf.size()) ? frameOf[std::size_t(packet)] : -1;
    }

    Result<DecodedPicture> pictureOf(FrameIndex frame, bool full)
    {
        auto picture = decoder->picture(frame, full && options.pixels, full && options.hashPlanes);
        if (picture)
            picture->ledger.pts = index.ticks(frame);
        return picture;
    }

    /// Decodes until `frame` comes out.
    Result<Step> decodeTo(FrameIndex frame, const Passing &passing)
    {
        while (true) {
            auto more = decoder->advance();
            if (lost || !more || !*more) {
                running = false;
                // What ends the file early is told when no other road leads to the frame either.
                if (!more && more.error().code != Errc::BadData)
                    return Failure{more.error()};
                return Step::Missed;
            }
            FrameIndex came = frameOfPacket(decoder->packetOfFrame());
            if (came >= 0 && came == last && came + 1 < index.frameCount()
                && packetOf(came + 1) == packetOf(came))
                ++came; // one packet that holds two pictures
            if (came < 0 || entry(decoder->packetOfFrame()).pts < entry(startedAt).pts)
                continue; // hidden, or broken because its references lie before the key frame
            last = came;
            if (came == frame) {
                // Begun at a point of gradual refresh, the decoder says when a picture is not whole yet.
                const bool broken = decoder->frame().flags & AV_FRAME_FLAG_CORRUPT;
                return broken && startedAt > 0 ? Step::Missed : Step::Found;
            }
            if (came > frame)
                return Step::Missed;
            if (!passing)
                continue;
            auto picture = pictureOf(came, isWanted(came));
            if (!picture)
                return Failure{picture.error()};
            if (!passing(*picture))
                return Step::Stopped;
        }
    }

    bool agrees(const DecodedPicture &picture) const
    {
        if (!expected || !options.hashPlanes || picture.index >= expected->count())
            return true;
        return expected->entries[std::size_t(picture.index)].planes == picture.ledger.planes;
    }
};

SeekReader::SeekReader(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
SeekReader::~SeekReader() = default;

Result<std::unique_ptr<SeekReader>> SeekReader::open(const QString &path, PacketIndex index,
                                                     const ReaderOptions &options,
                                                     const ByteSourceFactory &source)
{
    auto impl = std::make_unique<Impl>();
    impl->path = path;
    impl->options = options;
    impl->source = source;
    if (auto opened = impl->reopen(); !opened)
        return Failure{opened.error()};
    std::unique_ptr<SeekReader> reader(new SeekReader(std::move(impl)));
    reader->setIndex(std::move(index));
    return reader;
}

void SeekReader::setIndex(PacketIndex index)
{
    Impl &d = *m_impl;
    d.frameOf.assign(index.packets.size(), -1);
    for (FrameIndex i = index.frameCount() - 1; i >= 0; --i)
        d.frameOf[std::size_t(index.shown[std::size_t(i)])] = int(i);
    // A partial index that grew keeps the place of every frame; any other begins anew.
    const auto &before = d.index.shown;
    const bool grew = index.shown.size() >= before.size() && index.byDecode == d.index.byDecode
                      && std::equal(before.begin(), before.end(), index.shown.begin());
    d.running = d.running && grew && !before.empty();
    d.index = std::move(index);
}

void SeekReader::expect(std::shared_ptr<const Ledger> ledger)
{
    m_impl->expected = std::move(ledger);
}

const PacketIndex &SeekReader::index() const
{
    return m_impl->index;
}

const MediaFacts &SeekReader::facts() const
{
    return m_impl->decoder->facts();
}

std::int64_t SeekReader::distanceTo(FrameIndex frame) const
{
    const Impl &d = *m_impl;
    if (frame < 0 || frame >= d.index.frameCount())
        return 0;
    if (d.canGoOn(frame) && d.last >= 0)
        return frame - d.last;
    const FrameIndex key = d.frameOfPacket(d.keyPacketFor(d.packetOf(frame), 0));
    return frame - std::max<FrameIndex>(0, key) + 1;
}

Result<DecodedPicture> SeekReader::at(FrameIndex frame, const Passing &passing, const Wanted &wanted)
{
    Impl &d = *m_impl;
    if (frame < 0 || frame >= d.index.frameCount()) {
        return fail(Errc::NotFound,
                    u"there is no frame %1: the clip has %2"_s.arg(frame).arg(d.index.frameCount()),
                    d.path);
    }
    static const Wanted everything = [](FrameIndex) { return true; };
    d.target = frame;
    d.wanted = passing && !wanted ? &everything : &wanted;
    const auto forget = qScopeGuard([&d] { d.forgetTarget(); });
    bool differs = false;
    // From where the decoder stands, from the nearest key frame, from earlier ones, from the start.
    for (int attempt = d.canGoOn(frame) ? -1 : 0; attempt <= kEarlierKeys + 1; ++attempt) {
        if (attempt >= 0) {
            const std::int64_t key = attempt > kEarlierKeys
                                         ? 0
                                         : d.keyPacketFor(d.packetOf(frame), attempt);
            if (auto begun = d.beginAt(key); !begun)
                return Failure{begun.error()};
            if (key == 0)
                attempt = kEarlierKeys + 1; // nothing lies before
        }
        auto step = d.decodeTo(frame, passing);
        if (!step)
            return Failure{step.error()};
        if (*step == Impl::Step::Stopped)
            return fail(Errc::Cancelled, u"stopped"_s, d.path);
        if (*step == Impl::Step::Missed)
            continue;
        auto picture = d.pictureOf(frame, true);
        if (!picture || d.agrees(*picture))
            return picture;
        differs = true;
    }
    d.running = false;
    if (differs) {
        return fail(Errc::Mismatch,
                    u"frame %1 does not decode to what the frame ledger recorded"_s.arg(frame), d.path);
    }
    return fail(Errc::BadData, u"frame %1 cannot be decoded"_s.arg(frame), d.path);
}

Result<DecodedPicture> SeekReader::keyFrameBefore(FrameIndex frame)
{
    Impl &d = *m_impl;
    const FrameIndex key = d.index.keyFrameBefore(frame);
    if (key < 0 || key >= d.index.frameCount() || !d.entry(d.packetOf(key)).keyFrame)
        return at(key);
    if (auto begun = d.beginAt(d.packetOf(key)); !begun)
        return Failure{begun.error()};
    // One packet, then the end: no waiting for pictures that the decoder would reorder.
    d.decoder->drain();
    auto more = d.decoder->advance();
    d.running = false;
    if (more && *more && d.frameOfPacket(d.decoder->packetOfFrame()) == key) {
        auto picture = d.pictureOf(key, true);
        if (!picture || d.agrees(*picture))
            return picture;
    }
    return at(key);
}

Result<DecodedPicture> SeekReader::first()
{
    Impl &d = *m_impl;
    if (auto fresh = d.reopen(); !fresh)
        return Failure{fresh.error()};
    auto more = d.decoder->advance();
    if (!more)
        return Failure{more.error()};
    if (!*more)
        return fail(Errc::BadData, u"no picture can be decoded"_s, d.path);
    auto picture = d.decoder->picture(0, d.options.pixels, d.options.hashPlanes);
    if (picture && picture->ledger.pts == AV_NOPTS_VALUE)
        picture->ledger.pts = 0;
    return picture;
}

} // namespace fw
