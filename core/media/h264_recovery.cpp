// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/h264_recovery_p.h"

#include <algorithm>
#include <vector>

namespace fw {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr int kIdr = 5, kSei = 6, kLastSlice = 5, kFirstSlice = 1;
constexpr unsigned kRecoveryPoint = 6;
constexpr std::size_t kMaxSeiBytes = 4096;

/// Without the bytes that keep start codes from appearing inside a unit.
std::vector<std::uint8_t> unescaped(Bytes unit)
{
    std::vector<std::uint8_t> plain;
    int zeros = 0;
    for (const std::uint8_t byte : unit.first(std::min(unit.size(), kMaxSeiBytes))) {
        if (zeros >= 2 && byte == 3) {
            zeros = 0;
            continue;
        }
        zeros = byte == 0 ? zeros + 1 : 0;
        plain.push_back(byte);
    }
    return plain;
}

int expGolomb(Bytes payload)
{
    std::size_t bit = 0;
    const auto next = [&] {
        const std::size_t at = bit++;
        return at / 8 < payload.size() ? payload[at / 8] >> (7 - at % 8) & 1 : 1;
    };
    int zeros = 0;
    while (zeros < 20 && next() == 0)
        ++zeros;
    int value = 1;
    for (int i = 0; i < zeros; ++i)
        value = value << 1 | next();
    return value - 1;
}

int recoveryOfSei(Bytes unit)
{
    const std::vector<std::uint8_t> plain = unescaped(unit);
    std::size_t at = 1; // behind the unit's header
    while (at + 2 < plain.size()) {
        unsigned type = 0, size = 0;
        while (at < plain.size() && plain[at] == 0xFF)
            type += plain[at++];
        type += at < plain.size() ? plain[at++] : 0;
        while (at < plain.size() && plain[at] == 0xFF)
            size += plain[at++];
        size += at < plain.size() ? plain[at++] : 0;
        if (size > plain.size() - std::min(at, plain.size()))
            return 0;
        if (type == kRecoveryPoint && size > 0)
            return expGolomb(Bytes(plain).subspan(at, size));
        at += size;
    }
    return 0;
}

/// Calls visit(unit) for every unit until it returns false.
template <class Visit> void forEachUnit(Bytes packet, Bytes extradata, Visit visit)
{
    if (extradata.size() > 4 && extradata[0] == 1) { // avcC: every unit has its length in front
        const std::size_t lengthBytes = std::size_t(extradata[4] & 3) + 1;
        for (std::size_t at = 0; at + lengthBytes < packet.size();) {
            std::size_t length = 0;
            for (std::size_t i = 0; i < lengthBytes; ++i)
                length = length << 8 | packet[at++];
            length = std::min(length, packet.size() - at);
            if (length == 0 || !visit(packet.subspan(at, length)))
                return;
            at += length;
        }
        return;
    }
    for (std::size_t at = 0; at + 3 < packet.size();) {
        if (packet[at] != 0 || packet[at + 1] != 0 || packet[at + 2] != 1) {
            ++at;
            continue;
        }
        at += 3; // the unit's end is not needed: what is read of it ends by its own sizes
        if (!visit(packet.subspan(at)))
            return;
    }
}

} // namespace

int h264RecoveryFrames(Bytes packet, Bytes extradata)
{
    int frames = 0;
    forEachUnit(packet, extradata, [&](Bytes unit) {
        const int type = unit[0] & 31;
        if (type == kSei && frames == 0)
            frames = recoveryOfSei(unit);
        if (type == kIdr)
            frames = 0;
        return type < kFirstSlice || type > kLastSlice; // SEI stands before the first slice
    });
    return frames;
}

} // namespace fw
