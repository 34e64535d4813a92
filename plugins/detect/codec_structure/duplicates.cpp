// SPDX-License-Identifier: GPL-3.0-or-later
#include "duplicates.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace fw {
namespace {

constexpr std::int64_t kLeastPictures = 3;
constexpr std::int64_t kLeastFrozen = 3;

/// One picture with the neighbours that equal it.
struct Picture
{
    FrameRange frames;
    int hash = 0; ///< number of the hash, in order of first appearance
};

std::vector<Picture> collapse(const Ledger &ledger)
{
    std::map<Sha256, int> numbers;
    std::vector<Picture> pictures;
    for (std::int64_t i = 0; i < ledger.count(); ++i) {
        const auto number
            = numbers.try_emplace(ledger.entries[std::size_t(i)].planes, int(numbers.size()));
        const int hash = number.first->second;
        if (!pictures.empty() && pictures.back().hash == hash)
            ++pictures.back().frames.end;
        else
            pictures.push_back({{i, i + 1}, hash});
    }
    return pictures;
}

FrameRange framesOf(const std::vector<Picture> &pictures, std::size_t begin, std::size_t end)
{
    return {pictures[begin].frames.begin, pictures[end - 1].frames.end};
}

} // namespace

Duplicates findDuplicates(const Ledger &ledger)
{
    Duplicates found;
    found.measured = std::any_of(ledger.entries.begin(), ledger.entries.end(),
                                 [](const LedgerEntry &entry) { return entry.planes != Sha256{}; });
    if (!found.measured)
        return found;

    const std::vector<Picture> pictures = collapse(ledger);
    for (const Picture &picture : pictures) {
        found.equalToPrevious += picture.frames.length() - 1;
        if (picture.frames.length() >= kLeastFrozen)
            found.frozen.push_back({picture.frames});
    }

    // For each picture the place where it was seen last; a run goes on while both sides advance.
    std::map<int, std::size_t> lastSeen;
    std::vector<std::optional<std::size_t>> earlier(pictures.size());
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        if (const auto seen = lastSeen.find(pictures[i].hash); seen != lastSeen.end())
            earlier[i] = seen->second;
        lastSeen[pictures[i].hash] = i;
    }
    for (std::size_t i = 0; i < pictures.size();) {
        if (!earlier[i]) {
            ++i;
            continue;
        }
        const std::size_t from = *earlier[i];
        std::size_t length = 1;
        while (i + length < pictures.size() && earlier[i + length]
               && *earlier[i + length] == from + length)
            ++length;
        const std::size_t lag = i - from;
        std::set<int> distinct;
        for (std::size_t k = 0; k < length; ++k)
            distinct.insert(pictures[i + k].hash);
        if (std::int64_t(distinct.size()) >= kLeastPictures) {
            // A loop overlaps its own source; its first period is shown as the original.
            const std::size_t originalLength = std::min(length, lag);
            found.runs.push_back({framesOf(pictures, from, from + originalLength),
                                  framesOf(pictures, i, i + length), std::int64_t(distinct.size()),
                                  length >= 2 * lag});
        }
        i += length;
    }
    return found;
}

} // namespace fw
