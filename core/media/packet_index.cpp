// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/packet_index.h"

#include <algorithm>
#include <unordered_map>

namespace fw {

std::int64_t PacketIndex::ticks(FrameIndex index) const
{
    if (shown.empty())
        return 0;
    const auto i = std::clamp<FrameIndex>(index, 0, frameCount() - 1);
    return packets[std::size_t(shown[std::size_t(i)])].pts;
}

double PacketIndex::seconds(FrameIndex index) const
{
    return double(ticks(index) - ticks(0)) * timeBase.toDouble();
}

std::optional<FrameIndex> PacketIndex::indexAt(double wanted) const
{
    if (shown.empty())
        return std::nullopt;
    // Half a tick of tolerance: the time of a frame, sent through a double, finds that frame.
    const double tick = timeBase.toDouble();
    const std::int64_t first = ticks(0);
    const auto after = std::upper_bound(
        shown.begin(), shown.end(), wanted + tick / 2, [&](double second, int packet) {
            return second < double(packets[std::size_t(packet)].pts - first) * tick;
        });
    return std::max<FrameIndex>(0, FrameIndex(after - shown.begin()) - 1);
}

FrameIndex PacketIndex::keyFrameBefore(FrameIndex index) const
{
    for (FrameIndex i = std::min(index, frameCount() - 1); i > 0; --i) {
        if (packets[std::size_t(shown[std::size_t(i)])].keyFrame)
            return i;
    }
    return 0;
}

bool PacketIndex::alignTo(const Ledger &ledger)
{
    if (ledger.streamIndex != streamIndex || ledger.timeBase != timeBase || byDecode)
        return false;
    std::unordered_map<std::int64_t, int> packetAt;
    for (const int packet : shown)
        packetAt.emplace(packets[std::size_t(packet)].pts, packet);
    std::vector<int> aligned;
    aligned.reserve(ledger.entries.size());
    for (const LedgerEntry &entry : ledger.entries) {
        const auto found = packetAt.find(entry.pts);
        if (found == packetAt.end())
            return false;
        aligned.push_back(found->second);
        packetAt.erase(found); // no packet gives two frames
    }
    shown = std::move(aligned);
    return true;
}

} // namespace fw
