// SPDX-License-Identifier: GPL-3.0-or-later
#include "copy_cases.h"

#include "tally.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

constexpr std::size_t kMoving = 22;
constexpr int kCopied = 30, kFrom = 60, kFromLate = 150; ///< frames

std::vector<Finding> copiesIn(const AnalysisResult &result)
{
    std::vector<Finding> copies;
    for (const Finding &f : result.findings) {
        if (f.id.startsWith(u"frame_deletion.copy"_s))
            copies.push_back(f);
    }
    return copies;
}

/// Whether a finding names both ends of the copy within three frames. Which of two equal stretches is the copy
/// cannot be told from them, so naming the other one is right as well.
bool names(const Finding &f, const Edit &edit)
{
    const int original = edit.from >= edit.at ? edit.from + edit.inserted : edit.from;
    const auto is = [&](int begin) {
        return std::abs(f.range->begin - begin) <= 3 && std::abs(f.range->end - begin - edit.inserted) <= 3;
    };
    return is(edit.at) || is(original);
}

void printCopies(const QString &name, const std::vector<Finding> &copies)
{
    for (const Finding &f : copies)
        std::printf("  %s: %s %s\n", qPrintable(name), qPrintable(f.summary), qPrintable(f.supports.join(u' ')));
}

} // namespace

void measureCopies(const std::vector<Source> &moving, const std::vector<Source> &still, const Workshop &workshop)
{
    std::printf("\nCopied stretches\n");
    Count later, earlier, only, quiet;
    for (std::size_t k = 0; k < std::min(moving.size(), kMoving); ++k) {
        // Put in behind the original, and before it.
        const int shift = int(20 * (k % 4));
        for (const Edit &edit : {Edit{.at = 140 + shift, .inserted = kCopied, .from = kFrom},
                                 Edit{.at = 25 + shift, .inserted = kCopied, .from = kFromLate}}) {
            const bool behind = edit.at > edit.from;
            const Encoding &first = firstEncodings()[k % 4], &second = secondEncodings()[k % 5];
            const QString name = u"copy %1 %2 then %3%4"_s.arg(moving[k].name, first.name, second.name, behind ? QString() : u" early"_s);
            const QString path = workshop.clip(name, [&](const QString &to) {
                const QString once = workshop.folder() + u"/once.mkv"_s;
                const QString complaint = encodeFirst(kept(moving[k], workshop.folder()), first, 15, once);
                return complaint.isEmpty() ? encodeAgain(once, edit, second, to) : complaint;
            });
            const auto result = analysed(path);
            if (!result)
                continue;
            const auto copies = copiesIn(*result);
            const bool hit = std::any_of(copies.begin(), copies.end(), [&](const Finding &f) { return names(f, edit); });
            (behind ? later : earlier).add(hit);
            only.add(hit && copies.size() == 1);
            if (!hit)
                std::printf("  missed: %s at %d\n", qPrintable(name), edit.at);
            if (!hit || copies.size() != 1)
                printCopies(name, copies);
        }
    }
    for (std::size_t k = 0; k < still.size(); ++k) {
        const QString name = u"still %1"_s.arg(still[k].name);
        const auto result = analysed(workshop.clip(name, [&](const QString &to) {
            return encodeFirst(still[k], secondEncodings()[k % 5], 50, to);
        }));
        if (!result)
            continue;
        quiet.add(copiesIn(*result).empty());
        printCopies(name, copiesIn(*result));
    }
    print("copy of 30 frames behind its original found, both ends within 3", later);
    print("copy of 30 frames before its original found, both ends within 3", earlier);
    print("  found and nothing else", only);
    print("still scenes without a copy", quiet);
}

} // namespace fw::accuracy
