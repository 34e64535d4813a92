// SPDX-License-Identifier: GPL-3.0-or-later
#include "edit_cases.h"

#include "tally.h"

#include <array>
#include <cmath>
#include <cstdio>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

constexpr int kPerSource = 4; ///< clips of each kind
constexpr std::array<int, 5> kGroups{12, 14, 15, 25, 30};
constexpr std::array<int, 5> kAmounts{1, 5, 9, 20, 0}; ///< frames; 0 stands for one group

struct Scores
{
    Count singleQuiet, singleNoRhythm, doubleQuiet, length, caught, modulo, inside;
    double frames = 0.0, seconds = 0.0;

    void add(const Scores &more)
    {
        singleQuiet.add(more.singleQuiet);
        singleNoRhythm.add(more.singleNoRhythm);
        doubleQuiet.add(more.doubleQuiet);
        length.add(more.length);
        caught.add(more.caught);
        modulo.add(more.modulo);
        inside.add(more.inside);
        frames += more.frames;
        seconds += more.seconds;
    }
};

/// One source; its pictures are made only when a clip is missing.
class Bench
{
public:
    Bench(const Source &source, int number, const Workshop &workshop)
        : m_source(source)
        , m_number(number)
        , m_workshop(workshop)
    {
    }

    Scores measured()
    {
        for (int i = 0; i < kPerSource; ++i)
            encodedOnce(i);
        for (int i = 0; i < kPerSource; ++i)
            encodedTwice(i);
        return m_scores;
    }

private:
    const Source &pictures()
    {
        if (!m_kept)
            m_kept = kept(m_source, m_workshop.folder());
        return *m_kept;
    }

    std::optional<AnalysisResult> look(const QString &path)
    {
        double seconds = 0.0;
        if (path.isEmpty())
            return std::nullopt;
        auto result = analysed(path, &seconds);
        if (!result) {
            std::fprintf(stderr, "%s: %s\n", qPrintable(path), qPrintable(result.error().text()));
            return std::nullopt;
        }
        m_scores.frames += kFrames;
        m_scores.seconds += seconds;
        return std::move(result).value();
    }

    void encodedOnce(int i)
    {
        const Encoding &encoding = secondEncodings()[std::size_t((m_number + i) % 5)];
        const int group = i % 2 ? kSecondGroup : 250;
        const QString name = u"%1 %2 G%3"_s.arg(m_source.name, encoding.name).arg(group);
        const auto result = look(m_workshop.clip(name, [&](const QString &to) {
            return encodeFirst(pictures(), encoding, group, to);
        }));
        if (!result)
            return;
        const bool quiet = breaksIn(*result).empty();
        const bool none = std::isnan(fact(*result, u"First group length by rhythm"_s));
        m_scores.singleQuiet.add(quiet);
        m_scores.singleNoRhythm.add(none);
        if (!quiet || !none)
            printRhythm("once", name, *result);
    }

    void encodedTwice(int i)
    {
        const int k = m_number + i, group = kGroups[std::size_t(k % 5)];
        const Encoding &first = firstEncodings()[std::size_t(k % 4)];
        const Encoding &second = secondEncodings()[std::size_t((m_number + 2 * i) % 5)];
        const QString name = u"%1 %2 G%3"_s.arg(m_source.name, first.name).arg(group);
        const QString once = m_workshop.clip(u"first "_s + name, [&](const QString &to) {
            return encodeFirst(pictures(), first, group, to);
        });
        if (once.isEmpty())
            return;
        // Without a folder that stays the next clip takes this one's place.
        const QString from = m_workshop.folder() + u"/once.mkv"_s;
        QFile::remove(from);
        QFile::copy(once, from);
        const QString twice = name + u" then "_s + second.name;
        const auto plain = look(m_workshop.clip(twice, [&](const QString &to) {
            return encodeAgain(from, std::nullopt, second, to);
        }));
        if (plain) {
            const bool quiet = breaksIn(*plain).empty();
            const bool exact = fact(*plain, u"First group length by rhythm"_s) == group;
            m_scores.doubleQuiet.add(quiet);
            m_scores.length.add(exact);
            if (!quiet || !exact)
                printRhythm("twice", twice, *plain);
        }
        const int amount = kAmounts[std::size_t(k % 5)] > 0 ? kAmounts[std::size_t(k % 5)] : group;
        Edit edit{.at = 100 + (7 * m_number + 13 * i) % 70};
        if (k % 3 == 2) {
            edit.inserted = amount;
            edit.from = 20 + m_number % 30;
        } else {
            edit.removed = amount;
        }
        const QString edited = twice + u" at %1 -%2 +%3"_s.arg(edit.at).arg(edit.removed).arg(edit.inserted);
        if (const auto result = look(m_workshop.clip(edited, [&](const QString &to) {
                return encodeAgain(from, edit, second, to);
            })))
            judge(*result, edit, group, edited);
    }

    void judge(const AnalysisResult &result, const Edit &edit, int group, const QString &name)
    {
        const int shift = edit.removed > 0 ? edit.removed % group : (group - edit.inserted % group) % group;
        const auto breaks = breaksIn(result);
        if (shift == 0) { // cannot be seen, so nothing may be said
            m_scores.doubleQuiet.add(breaks.empty());
            if (!breaks.empty())
                printRhythm("unseen", name, result);
            return;
        }
        m_scores.caught.add(!breaks.empty());
        if (breaks.empty()) {
            printRhythm("missed", name, result);
            return;
        }
        const Finding &one = breaks.front();
        const bool inside = one.range->begin <= edit.at && edit.at < one.range->end;
        const bool right = one.summary.contains(u"every %1 frames."_s.arg(group))
            && one.summary.contains(u"about %1 frames were taken"_s.arg(shift));
        m_scores.inside.add(inside);
        m_scores.modulo.add(right);
        if (!inside || !right)
            printRhythm("differs", name + u": "_s + one.summary, result);
    }

    const Source &m_source;
    int m_number;
    const Workshop &m_workshop;
    std::optional<Source> m_kept;
    Scores m_scores;
};

void printWorst(const char *what, const std::vector<std::pair<QString, Scores>> &bySource, Count Scores::*part)
{
    const auto worst = std::min_element(bySource.begin(), bySource.end(), [&](const auto &a, const auto &b) {
        return (a.second.*part).share() < (b.second.*part).share();
    });
    std::printf("  worst source: %-16s", qPrintable(worst->first));
    print(what, worst->second.*part);
}

} // namespace

void printRhythm(const char *kind, const QString &name, const AnalysisResult &result)
{
    std::printf("  %s %s: rhythm %g, T1 %.1f (corrected %.1f), T2 %.1f (corrected %.1f), phi %.2f", kind, qPrintable(name),
                fact(result, u"First group length by rhythm"_s), fact(result, u"Rarity of one rhythm"_s),
                fact(result, u"Rarity of one rhythm, c"_s), fact(result, u"Rarity of two rhythms"_s),
                fact(result, u"Rarity of two rhythms, c"_s), fact(result, u"Its score"_s));
    for (const Finding &one : breaksIn(result))
        std::printf("  break %lld..%lld", static_cast<long long>(one.range->begin),
                    static_cast<long long>(one.range->end - 1));
    std::printf("\n");
    std::fflush(stdout);
}

void measureEdits(const std::vector<Source> &all, const Workshop &workshop)
{
    std::printf("\nEdits on %zu sources\n", all.size());
    std::vector<std::pair<QString, Scores>> bySource;
    Scores total;
    for (std::size_t k = 0; k < all.size(); ++k) {
        bySource.emplace_back(all[k].name, Bench(all[k], int(k), workshop).measured());
        total.add(bySource.back().second);
        const Scores &s = bySource.back().second;
        std::printf("%-16s once quiet %d/%d, twice quiet %d/%d, length %d/%d, break found %d/%d, inside %d/%d\n",
                    qPrintable(all[k].name), s.singleQuiet.good, s.singleQuiet.all, s.doubleQuiet.good, s.doubleQuiet.all,
                    s.length.good, s.length.all, s.caught.good, s.caught.all, s.inside.good, s.inside.all);
        std::fflush(stdout);
    }
    if (bySource.empty())
        return;
    print("encoded once: no break", total.singleQuiet);
    printWorst("", bySource, &Scores::singleQuiet);
    print("encoded once: no earlier rhythm", total.singleNoRhythm);
    printWorst("", bySource, &Scores::singleNoRhythm);
    print("encoded twice without an edit (or one of G1): no break", total.doubleQuiet);
    printWorst("", bySource, &Scores::doubleQuiet);
    print("encoded twice: first group length exact", total.length);
    printWorst("", bySource, &Scores::length);
    print("edits of another length: break found", total.caught);
    printWorst("", bySource, &Scores::caught);
    print("  of these: first group length and residue exact", total.modulo);
    print("  of these: true cut inside the interval", total.inside);
    printWorst("", bySource, &Scores::inside);
    std::printf("%-64s %.2f ms a frame of 352 x 288\n", "method alone, processor time", 1000.0 * total.seconds / std::max(1.0, total.frames));
}

} // namespace fw::accuracy
