// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/ledger.h"

#include <QDataStream>
#include <QIODevice>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr quint32 kMagic = 0x46574C31; // "FWL1"
constexpr int kEntryBytes = 8 + 8 + 4 + 1 + 1 + 32;

void writeEntry(QDataStream &out, const LedgerEntry &e)
{
    out << qint64(e.pts) << qint64(e.duration) << qint32(e.packetBytes)
        << quint8(e.pictureType) << quint8(e.keyFrame);
    out.writeRawData(reinterpret_cast<const char *>(e.planes.data()), int(e.planes.size()));
}

LedgerEntry readEntry(QDataStream &in)
{
    LedgerEntry e;
    qint64 pts = 0, duration = 0;
    qint32 bytes = 0;
    quint8 type = 0, key = 0;
    in >> pts >> duration >> bytes >> type >> key;
    in.readRawData(reinterpret_cast<char *>(e.planes.data()), int(e.planes.size()));
    e.pts = pts;
    e.duration = duration;
    e.packetBytes = bytes;
    e.pictureType = char(type);
    e.keyFrame = key != 0;
    return e;
}

} // namespace

double Ledger::seconds(FrameIndex index) const
{
    if (index < 0 || index >= count())
        return 0.0;
    return double(entries[std::size_t(index)].pts - entries.front().pts) * timeBase.toDouble();
}

std::optional<FrameIndex> Ledger::indexAt(double wanted) const
{
    if (entries.empty())
        return std::nullopt;
    // A frame stays on screen until the next one begins. Half a tick of tolerance, so that the time
    // of a frame, sent through a double, finds that frame and not the one before.
    const double tick = timeBase.toDouble();
    const auto after = std::upper_bound(
        entries.begin(), entries.end(), wanted + tick / 2, [&](double second, const LedgerEntry &e) {
            return second < double(e.pts - entries.front().pts) * tick;
        });
    return std::max<FrameIndex>(0, FrameIndex(after - entries.begin()) - 1);
}

Sha256 Ledger::digest() const
{
    Sha256Stream hash;
    hash.add(toBytes(*this));
    return hash.finish();
}

QByteArray toBytes(const Ledger &ledger)
{
    QByteArray bytes;
    bytes.reserve(qsizetype(64 + ledger.entries.size() * kEntryBytes));
    QDataStream out(&bytes, QIODevice::WriteOnly);
    out.setVersion(QDataStream::Qt_6_4);
    out << kMagic << qint32(ledger.streamIndex) << qint64(ledger.timeBase.num)
        << qint64(ledger.timeBase.den) << ledger.complete << ledger.endReason.toUtf8()
        << quint64(ledger.entries.size());
    for (const LedgerEntry &e : ledger.entries)
        writeEntry(out, e);
    bytes.append(reinterpret_cast<const char *>(sha256(bytes).data()), 32);
    return bytes;
}

Result<Ledger> ledgerFromBytes(const QByteArray &bytes)
{
    if (bytes.size() < 32)
        return fail(Errc::BadData, u"the frame ledger is cut short"_s);
    const QByteArray body = bytes.chopped(32);
    const Sha256 stored = sha256(body);
    if (bytes.last(32) != QByteArray(reinterpret_cast<const char *>(stored.data()), 32))
        return fail(Errc::BadData, u"the frame ledger does not match its own checksum"_s);
    QDataStream in(body);
    in.setVersion(QDataStream::Qt_6_4);
    quint32 magic = 0;
    qint32 stream = 0;
    qint64 num = 0, den = 1;
    quint64 count = 0;
    QByteArray reason;
    Ledger ledger;
    in >> magic >> stream >> num >> den >> ledger.complete >> reason >> count;
    if (in.status() != QDataStream::Ok || magic != kMagic)
        return fail(Errc::BadData, u"these bytes are no frame ledger"_s);
    if (count != quint64(in.device()->bytesAvailable()) / kEntryBytes
        || in.device()->bytesAvailable() % kEntryBytes != 0)
        return fail(Errc::BadData, u"the frame ledger states another number of frames than it holds"_s);
    ledger.streamIndex = stream;
    ledger.timeBase = {num, den};
    ledger.endReason = QString::fromUtf8(reason);
    ledger.entries.reserve(std::size_t(count));
    for (quint64 i = 0; i < count; ++i)
        ledger.entries.push_back(readEntry(in));
    return ledger;
}

} // namespace fw
