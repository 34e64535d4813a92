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
constexpr int kCopied = 30, kFrom = 60; ///< frames

std::vector<Finding> copiesIn(const AnalysisResult &result)
{
    std::vector<Finding> copies;
    for (const Finding &f : result.findings) {
        if (f.id.startsWith(u"frame_deletion.copy"_s))
            copies.push_back(f);
    }
    return copies;
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
    Count found, only, quiet;
    for (std::size_t k = 0; k < std::min(moving.size(), kMoving); ++k) {
        const Edit edit{.at = 140 + int(20 * (k % 4)), .inserted = kCopied, .from = kFrom};
        const Encoding &first = firstEncodings()[k % 4], &second = secondEncodings()[k % 5];
        const QString name = u"copy %1 %2 then %3"_s.arg(moving[k].name, first.name, second.name);
        const QString path = workshop.clip(name, [&](const QString &to) {
            const QString once = workshop.folder() + u"/once.mkv"_s;
            const QString complaint = encodeFirst(kept(moving[k], workshop.folder()), first, 15, once);
            return complaint.isEmpty() ? encodeAgain(once, edit, second, to) : complaint;
        });
        const auto result = analysed(path);
        if (!result)
            continue;
        const auto copies = copiesIn(*result);
        const bool hit = std::any_of(copies.begin(), copies.end(), [&](const Finding &f) {
            return std::abs(f.range->begin - edit.at) <= 3 && std::abs(f.range->end - edit.at - kCopied) <= 3;
        });
        found.add(hit);
        only.add(hit && copies.size() == 1);
        if (!hit)
            std::printf("  missed: %s at %d\n", qPrintable(name), edit.at);
        if (!hit || copies.size() != 1)
            printCopies(name, copies);
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
    print("copy of 30 frames found, both ends within 3 frames", found);
    print("  and nothing else", only);
    print("still scenes without a copy", quiet);
}

} // namespace fw::accuracy
