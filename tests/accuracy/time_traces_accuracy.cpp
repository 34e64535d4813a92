// SPDX-License-Identifier: GPL-3.0-or-later
// Measures the methods of time traces on clips that it makes itself with ffmpeg, so that the truth is
// known, and prints one table for each check. Takes minutes.
// Usage: time_traces_accuracy PHOTO_FOLDER [groups|edits|copies|interlace|all] [PHOTOS] [CLIP...]
//   PHOTO_FOLDER  photographs to pan over; PHOTOS  how many of them (default 20)
//   CLIP...       real clips to describe (instead of the measurements)
#include "deletion_cases.h"
#include "interlace_cases.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>

#include <cmath>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::accuracy;

namespace {

constexpr int kGroups[] = {12, 14, 15, 25, 30};

struct Count
{
    int good = 0, all = 0;
    void add(bool ok)
    {
        good += ok;
        ++all;
    }
};

void print(const char *what, const Count &count)
{
    std::printf("%-64s %4d of %4d  (%.1f %%)\n", what, count.good, count.all,
                100.0 * count.good / std::max(1, count.all));
    std::fflush(stdout);
}

bool made(const QString &complaint)
{
    if (!complaint.isEmpty())
        std::fprintf(stderr, "%s\n", qPrintable(complaint.left(400)));
    return complaint.isEmpty();
}

/// Group length by weight (phi): 4 first encodings, 2 lengths, 4 second encodings.
void measurePhi(const Source &source, const QString &folder)
{
    std::printf("\nFirst group length by weight of peaks, source %s\n", qPrintable(source.name));
    Count right, byRhythm;
    for (const Encoding &first : firstEncodings()) {
        for (const int group : {14, 30}) {
            const QString one = folder + u"/phi1.mkv"_s;
            if (!made(encodeFirst(source, first, group, one)))
                continue;
            for (std::size_t s = 0; s < 4; ++s) {
                const QString two = folder + u"/phi2.mkv"_s;
                if (!made(encodeAgain(one, std::nullopt, secondEncodings()[s], two)))
                    continue;
                const auto result = analysed(two);
                if (!result)
                    continue;
                const double found = fact(*result, u"First group length by weight"_s);
                const double rhythm = fact(*result, u"First group length by rhythm"_s);
                right.add(found == group);
                byRhythm.add(rhythm == group);
                if (found != group)
                    std::printf("  %-16s G1 %2d  then %-18s: %g, score %.2f; by rhythm %g\n", qPrintable(first.name),
                                group, qPrintable(secondEncodings()[s].name), found,
                                fact(*result, u"Its score"_s), rhythm);
            }
        }
    }
    print("first group length exact by weight (phi)", right);
    print("first group length exact by rhythm", byRhythm);
}

struct Totals
{
    Count singleQuiet, singleNoLattice, doubleQuiet, doubleLength, caught, modulo, inside, suspicious;
    double frames = 0.0, seconds = 0.0;
};

void describe(const char *kind, const QString &name, const AnalysisResult &result)
{
    std::printf("  %s %s: lattice %g, T1 %.1f (corrected %.1f), T2 %.1f (corrected %.1f), phi %.2f", kind, qPrintable(name),
                fact(result, u"First group length by rhythm"_s), fact(result, u"Rarity of one rhythm"_s),
                fact(result, u"Rarity of one rhythm, c"_s), fact(result, u"Rarity of two rhythms"_s),
                fact(result, u"Rarity of two rhythms, c"_s), fact(result, u"Its score"_s));
    for (const Finding &one : breaksIn(result))
        std::printf("  break %lld..%lld", static_cast<long long>(one.range->begin),
                    static_cast<long long>(one.range->end - 1));
    std::printf("\n");
    std::fflush(stdout);
}

void measureSingle(const Source &source, int k, const QString &folder, Totals *totals)
{
    for (int i = 0; i < 4; ++i) {
        const Encoding &encoding = secondEncodings()[std::size_t((k + i) % 5)];
        const QString one = folder + u"/single.mkv"_s;
        if (!made(encodeFirst(source, encoding, i % 2 ? kSecondGroup : 250, one)))
            continue;
        double seconds = 0.0;
        const auto result = analysed(one, &seconds);
        if (!result)
            continue;
        totals->frames += kFrames;
        totals->seconds += seconds;
        const bool quiet = breaksIn(*result).empty();
        const bool none = std::isnan(fact(*result, u"First group length by rhythm"_s));
        totals->singleQuiet.add(quiet);
        totals->singleNoLattice.add(none);
        if (!quiet || !none)
            describe("single", source.name + u" "_s + encoding.name, *result);
    }
}

void judgeEdit(const AnalysisResult &result, const Edit &edit, int group, const QString &name, Totals *totals)
{
    const int shift = edit.removed > 0 ? edit.removed % group : (group - edit.inserted % group) % group;
    if (shift == 0) {
        totals->doubleQuiet.add(breaksIn(result).empty()); // cannot be seen, so nothing must be said
        return;
    }
    const auto breaks = breaksIn(result);
    totals->caught.add(!breaks.empty());
    if (breaks.empty()) {
        describe("missed", name, result);
        return;
    }
    const Finding &one = breaks.front();
    const bool inside = one.range->begin <= edit.at && edit.at < one.range->end;
    totals->inside.add(inside);
    const QString expected = u"every %1 frames."_s.arg(group);
    const bool right = one.summary.contains(expected) && one.summary.contains(u"about %1 frames were taken"_s.arg(shift));
    totals->modulo.add(right);
    if (!inside || !right)
        describe("differs", name + u" "_s + one.summary, result);
}

void measureDouble(const Source &source, int k, const QString &folder, Totals *totals)
{
    static constexpr int kAmounts[] = {1, 5, 9, 20, 0};
    for (int i = 0; i < 4; ++i) {
        const int group = kGroups[(k + i) % 5];
        const Encoding &first = firstEncodings()[std::size_t((k + i) % 4)];
        const Encoding &second = secondEncodings()[std::size_t((k + 2 * i) % 5)];
        const QString one = folder + u"/first.mkv"_s, two = folder + u"/second.mkv"_s;
        const QString name = u"%1 %2 G%3, %4"_s.arg(source.name, first.name).arg(group).arg(second.name);
        if (!made(encodeFirst(source, first, group, one)) || !made(encodeAgain(one, std::nullopt, second, two)))
            continue;
        if (const auto result = analysed(two)) {
            const bool quiet = breaksIn(*result).empty();
            totals->doubleQuiet.add(quiet);
            const bool exact = fact(*result, u"First group length by rhythm"_s) == group;
            totals->doubleLength.add(exact);
            if (!quiet || !exact)
                describe("double", name, *result);
        }
        const int amount = kAmounts[(k + i) % 5] > 0 ? kAmounts[(k + i) % 5] : group;
        Edit edit{.at = 100 + (7 * k + 13 * i) % 70};
        if ((k + i) % 3 == 2) {
            edit.inserted = amount;
            edit.from = 20 + k % 30;
        } else {
            edit.removed = amount;
        }
        if (!made(encodeAgain(one, edit, second, two)))
            continue;
        if (const auto result = analysed(two))
            judgeEdit(*result, edit, group,
                      name + u" at %1 -%2 +%3"_s.arg(edit.at).arg(edit.removed).arg(edit.inserted), totals);
    }
}

void printTotals(const Totals &totals)
{
    print("single encodings without a break", totals.singleQuiet);
    print("single encodings without an earlier rhythm", totals.singleNoLattice);
    print("double encodings without an edit (or one of G1): no break", totals.doubleQuiet);
    print("double encodings: first group length exact", totals.doubleLength);
    print("edits of another length: break found", totals.caught);
    print("  of these: G1 and residue exact", totals.modulo);
    print("  of these: true cut inside the interval", totals.inside);
    std::printf("%-64s %.2f ms a frame of 352 x 288\n", "method alone", 1000.0 * totals.seconds / totals.frames);
}

void measureEdits(const std::vector<Source> &all, const QString &folder)
{
    std::printf("\nEdits on %zu sources\n", all.size());
    Totals totals;
    for (std::size_t k = 0; k < all.size(); ++k) {
        const Source source = kept(all[k], folder);
        measureSingle(source, int(k), folder, &totals);
        measureDouble(source, int(k), folder, &totals);
        if (k % 5 == 4 || k + 1 == all.size()) {
            std::printf("after %zu sources:\n", k + 1);
            printTotals(totals);
        }
    }
}

void measureCopies(const std::vector<Source> &moving, const std::vector<Source> &still, const QString &folder)
{
    std::printf("\nCopied stretches\n");
    Count found, quiet;
    const auto copies = [](const AnalysisResult &result) {
        return std::count_if(result.findings.begin(), result.findings.end(),
                             [](const Finding &f) { return f.id.startsWith(u"frame_deletion.copy"_s); });
    };
    for (std::size_t k = 0; k < std::min<std::size_t>(moving.size(), 12); ++k) {
        const QString one = folder + u"/first.mkv"_s, two = folder + u"/second.mkv"_s;
        const Edit edit{.at = 180, .inserted = 30, .from = 60};
        if (!made(encodeFirst(kept(moving[k], folder), firstEncodings()[k % 4], 15, one))
            || !made(encodeAgain(one, edit, secondEncodings()[k % 5], two)))
            continue;
        if (const auto result = analysed(two)) {
            const bool hit = std::any_of(result->findings.begin(), result->findings.end(), [](const Finding &f) {
                return f.id.startsWith(u"frame_deletion.copy"_s) && f.range->begin < 210 && f.range->end > 180
                    && std::abs(f.range->begin - 180) <= 3;
            });
            found.add(hit && copies(*result) == 1);
            for (const Finding &f : result->findings) {
                if (f.id.startsWith(u"frame_deletion.copy"_s) && (!hit || copies(*result) != 1))
                    std::printf("  %s: %s\n", qPrintable(moving[k].name), qPrintable(f.summary));
            }
            if (!hit)
                std::printf("  missed: %s, %s, %s\n", qPrintable(moving[k].name), qPrintable(firstEncodings()[k % 4].name),
                            qPrintable(secondEncodings()[k % 5].name));
        }
    }
    for (std::size_t k = 0; k < still.size(); ++k) {
        const QString one = folder + u"/still.mkv"_s;
        if (!made(encodeFirst(still[k], secondEncodings()[k % 5], 50, one)))
            continue;
        if (const auto result = analysed(one)) {
            quiet.add(copies(*result) == 0);
            for (const Finding &f : result->findings) {
                if (f.id.startsWith(u"frame_deletion.copy"_s))
                    std::printf("  %s: %s %s\n", qPrintable(still[k].name), qPrintable(f.summary), qPrintable(f.supports.join(u' ')));
            }
        }
    }
    print("copy of 30 frames found, and nothing else", found);
    print("still scenes without a copy", quiet);
}

void describeClip(const QString &path)
{
    double seconds = 0.0;
    const auto result = analysed(path, &seconds);
    std::printf("%s\n", qPrintable(QFileInfo(path).fileName()));
    if (!result) {
        std::printf("  %s\n", qPrintable(result.error().text()));
        return;
    }
    for (const Finding &f : result->findings)
        std::printf("  [%s] %s\n", qPrintable(verdictName(f.verdict)), qPrintable(f.summary));
    describe("clip", {}, *result);
    double milliseconds = 0.0;
    if (const auto scanned = interlaceOf(path, &milliseconds)) {
        for (const Finding &f : scanned->result.findings)
            std::printf("  [%s] %s\n", qPrintable(verdictName(f.verdict)), qPrintable(f.summary));
        printTrace("  trace", *scanned);
        std::printf("  removed frames %.2f ms, fields %.2f ms a frame\n",
                    1000.0 * seconds / std::max(1.0, fact(*result, u"Predicted pictures"_s)), milliseconds);
    }
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: time_traces_accuracy PHOTO_FOLDER [groups|edits|copies|interlace|all] [PHOTOS] [CLIP...]\n");
        return 1;
    }
    const QString photos = QString::fromLocal8Bit(argv[1]);
    const QString what = argc > 2 ? QString::fromLocal8Bit(argv[2]) : u"all"_s;
    const int count = argc > 3 ? QString::fromLocal8Bit(argv[3]).toInt() : 20;
    for (int i = 4; i < argc; ++i)
        describeClip(QString::fromLocal8Bit(argv[i]));
    if (argc > 4)
        return 0;
    const QTemporaryDir folder;
    const auto wants = [&](const QString &part) { return what == u"all"_s || what == part; };
    const std::vector<Source> all = sources(photos, count);
    for (const std::size_t k : {std::size_t(0), std::size_t(5)}) {
        if (wants(u"groups"_s) && k < all.size())
            measurePhi(kept(all[k], folder.path()), folder.path());
    }
    if (wants(u"edits"_s))
        measureEdits(all, folder.path());
    if (wants(u"copies"_s))
        measureCopies(all, stillSources(photos, 10), folder.path());
    if (wants(u"interlace"_s))
        measureInterlace(all, folder.path());
    return 0;
}
