// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/jpeg.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace fw {

namespace {

// ITU-T T.81, tables K.1 and K.2, row by row.
constexpr std::array<std::uint16_t, 64> kLuma{
    16, 11, 10, 16, 24,  40,  51,  61,  12, 12, 14, 19, 26,  58,  60,  55,
    14, 13, 16, 24, 40,  57,  69,  56,  14, 17, 22, 29, 51,  87,  80,  62,
    18, 22, 37, 56, 68,  109, 103, 77,  24, 35, 55, 64, 81,  104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99};
constexpr std::array<std::uint16_t, 64> kChroma{
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99,
    24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99};

std::optional<QualityEstimate> qualityOf(const JpegFile &file, std::size_t component, bool chroma)
{
    if (component >= file.components.size())
        return std::nullopt;
    const int slot = file.components[component].tableIndex;
    if (slot < 0 || slot > 3 || !file.tables[std::size_t(slot)])
        return std::nullopt;
    return estimateQuality(*file.tables[std::size_t(slot)], chroma);
}

} // namespace

std::array<std::uint16_t, 64> ijgTable(int quality, bool chroma)
{
    const int q = std::clamp(quality, 1, 100);
    const int scale = q < 50 ? 5000 / q : 200 - 2 * q;
    std::array<std::uint16_t, 64> table{};
    const auto &base = chroma ? kChroma : kLuma;
    for (std::size_t i = 0; i < 64; ++i)
        table[i] = std::uint16_t(std::clamp((base[i] * scale + 50) / 100, 1, 255));
    return table;
}

QualityEstimate estimateQuality(const std::array<std::uint16_t, 64> &table, bool chroma)
{
    // From the best quality down: where coarse chroma tables saturate to one and the same table
    // (qualities 1 to 3), the highest of them is named.
    QualityEstimate best{0, std::numeric_limits<double>::max()};
    for (int quality = 100; quality >= 1; --quality) {
        const auto candidate = ijgTable(quality, chroma);
        double distance = 0.0;
        for (std::size_t i = 0; i < 64; ++i)
            distance += std::abs(int(table[i]) - int(candidate[i]));
        if (distance < best.distance)
            best = {quality, distance};
    }
    return best;
}

std::optional<QualityEstimate> JpegFile::lumaQuality() const
{
    return qualityOf(*this, 0, false);
}

std::optional<QualityEstimate> JpegFile::chromaQuality() const
{
    return qualityOf(*this, 1, true);
}

} // namespace fw
