// SPDX-License-Identifier: GPL-3.0-or-later
// How often the coherence method errs on genuine footage, what it finds of controlled manipulations,
// and how its statistics tell originals from their manipulated twins.
// Usage: coherence_accuracy FOLDER     FOLDER holds *.fwobs of behaviour_observe.
#include "behaviour/coherence_clips.h"
#include "behaviour/coherence_edits.h"
#include "coherence_parts.h"
#include "stats/distributions.h"
#include "stats/ranking.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <map>
#include <random>
#include <set>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::accuracy;

namespace {

constexpr std::uint64_t kSeed = 1;

double cpuSeconds()
{
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

const char *wordText(CoherenceWord word)
{
    switch (word) {
    case CoherenceWord::Contradiction: return "contradiction";
    case CoherenceWord::Unusual: return "unusual";
    case CoherenceWord::None: return "none";
    case CoherenceWord::Inconclusive: return "inconclusive";
    }
    return "";
}

std::vector<const CoherenceClip *> genuineExcept(const std::vector<CoherenceClip> &clips, const QString &source)
{
    std::vector<const CoherenceClip *> genuine;
    for (const CoherenceClip &c : clips) {
        if (!c.manipulated && c.source != source)
            genuine.push_back(&c);
    }
    return genuine;
}

/// Genuine footage as the detector sees it, the reference made without that source; long clips also in
/// stretches of 20 s, to see more cases (of the same people).
void falseAlarms(const std::vector<CoherenceClip> &clips)
{
    std::map<QString, int> words, pieceWords;
    std::map<QString, std::vector<double>> chances, nulls;
    int genuine = 0, pieces = 0;
    for (const CoherenceClip &c : clips) {
        if (c.manipulated)
            continue;
        ++genuine;
        const CoherenceReference reference = referenceOf(genuineExcept(clips, c.source), kSeed);
        const CoherenceVerdict verdict = judged(c, reference, kSeed);
        ++words[QString::fromLatin1(wordText(verdict.word))];
        for (const CoherenceValue &v : measureCoherence(c.track, everything(kSeed)).values) {
            if (v.nullChance)
                nulls[QString::fromLatin1(specOf(v.id).key)].push_back(*v.nullChance);
        }
        for (const WeighedStatistic &w : verdict.weighed) {
            if (w.pValue && specOf(w.id).grade != CoherenceGrade::Exploratory)
                chances[QString::fromLatin1(specOf(w.id).key)].push_back(*w.pValue);
        }
        if (verdict.word == CoherenceWord::Contradiction)
            std::printf("  flagged: %s\n", qPrintable(c.name));
        const std::size_t length = std::size_t(20.0 * c.track.rate);
        for (std::size_t begin = 0; begin + length <= c.track.rows.size(); begin += length) {
            CoherenceClip piece = c;
            piece.track = stretchOf(c.track, begin, begin + length);
            ++pieces;
            ++pieceWords[QString::fromLatin1(wordText(judged(piece, reference, kSeed).word))];
        }
    }
    std::printf("genuine footage, each source judged without itself: %d clips:", genuine);
    for (const auto &[word, n] : words)
        std::printf(" %s %d", qPrintable(word), n);
    std::printf("\nstretches of 20 s of it: %d:", pieces);
    for (const auto &[word, n] : pieceWords)
        std::printf(" %s %d", qPrintable(word), n);
    std::printf("\nchances on genuine clips (smallest; share below 0.05; uniform by KS):\n");
    for (const auto *kind : {&chances, &nulls}) {
        if (kind == &nulls)
            std::printf("under a statistic's own null alone (nothing drifts, no coupling, eyes lead by 0 to 200 ms):\n");
        for (const auto &[key, p] : *kind) {
            const auto below = std::count_if(p.begin(), p.end(), [](double v) { return v < 0.05; });
            std::printf("  %-4s %2zu clips  smallest %.3f  below 0.05: %.2f  KS p %.4f\n", qPrintable(key), p.size(),
                        *std::min_element(p.begin(), p.end()), double(below) / double(p.size()), uniformKsPValue(p));
        }
    }
}

/// The largest deviation of the eyes that their noise does not explain: of every other source (from it
/// the allowed one was set) and of the rest.
void allowedByHalves(const std::vector<CoherenceClip> &clips)
{
    std::map<QString, int> sources;
    for (const CoherenceClip &c : clips)
        sources.emplace(c.source, 0);
    int n = 0;
    for (auto &[source, number] : sources)
        number = n++;
    for (const auto &[id, allowed] : {std::pair(CoherenceId::E2, coherence::kVerticalAllowed), std::pair(CoherenceId::E3, coherence::kSideAllowed)}) {
        std::vector<double> halves[2];
        for (const CoherenceClip &c : clips) {
            const CoherenceValue v = measureCoherence(c.track, everything(kSeed)).values[std::size_t(id)];
            if (c.manipulated || !v.value)
                continue;
            const double noise = *v.tolerance * *v.tolerance - allowed * allowed;
            halves[sources[c.source] % 2].push_back(std::sqrt(std::max(0.0, *v.value * *v.value - noise)));
        }
        std::printf("unexplained deviation %s, degrees: ", specOf(id).key);
        for (auto &half : halves) {
            std::sort(half.begin(), half.end());
            std::printf(" half of %zu sources:", half.size());
            for (const double v : half)
                std::printf(" %.2f", v);
        }
        std::printf("; allowed %.1f\n", allowed);
    }
}

struct Power
{
    int tried = 0, found = 0, survived = 0;
    void print(const char *what) const
    {
        std::printf("  %-58s %3d of %3d by itself, %3d after correction\n", what, found, tried, survived);
    }
};

/// @param ids  the statistics that should see it. By itself: the chance is at most 0.01 (A), or the value
/// lies beyond every genuine clip of other sources (B).
void tryEdit(const CoherenceClip &clip, const CoherenceTrack &edited, std::initializer_list<CoherenceId> ids, const CoherenceReference &reference,
             Power &power)
{
    CoherenceClip changed = clip;
    changed.track = edited;
    const CoherenceResult result = measureCoherence(edited, everything(kSeed));
    const CoherenceVerdict verdict = weighCoherence(result, reference, {result.usableSeconds, 0.0, clip.stratum});
    bool found = false, survived = false;
    for (const CoherenceId id : ids) {
        const CoherenceValue &v = result.values[std::size_t(id)];
        const ReferenceValues *all = reference.ofAllClips(id);
        if (specOf(id).grade == CoherenceGrade::Physical)
            found = found || (v.pValue && *v.pValue <= 0.01);
        else
            found = found || (v.value && all && (*v.value < all->quantiles.front() || *v.value > all->quantiles.back()));
        survived = survived || std::count(verdict.surviving.begin(), verdict.surviving.end(), id) > 0;
    }
    ++power.tried;
    power.found += found ? 1 : 0;
    power.survived += survived ? 1 : 0;
}

void powerOnEdits(const std::vector<CoherenceClip> &clips)
{
    Power lag2, lag3, lag3few, aside6, aside10, aside10long, jitter05, jitter15, lips, late, open, morph, looks, leak;
    for (const CoherenceClip &c : clips) {
        if (c.manipulated)
            continue;
        const CoherenceReference reference = referenceOf(genuineExcept(clips, c.source), kSeed);
        // Long clips in stretches, so that they are like the others.
        const std::size_t length = std::size_t(30.0 * c.track.rate);
        for (std::size_t begin = 0; begin == 0 || begin + length <= c.track.rows.size(); begin += length) {
            CoherenceClip piece = c;
            piece.track = stretchOf(c.track, begin, begin + length);
            const CoherenceResult plain = measureCoherence(piece.track, everything(kSeed));
            const auto measured = [&](CoherenceId id) { return plain.values[std::size_t(id)].value.has_value(); };
            const std::uint64_t seed = kSeed + begin;
            if (measured(CoherenceId::E1)) {
                const bool enough = plain.values[std::size_t(CoherenceId::E1)].effective >= 5;
                tryEdit(piece, withLidLag(piece.track, 3), {CoherenceId::E1}, reference, enough ? lag3 : lag3few);
                if (enough)
                    tryEdit(piece, withLidLag(piece.track, 2), {CoherenceId::E1}, reference, lag2);
            }
            if (measured(CoherenceId::E2) && measured(CoherenceId::E3)) {
                const auto ids = {CoherenceId::E2, CoherenceId::E3};
                for (std::uint64_t k = 0; k < 4; ++k) {
                    tryEdit(piece, withOneEyeAside(piece.track, 6.0, seed + k), ids, reference, aside6);
                    tryEdit(piece, withOneEyeAside(piece.track, 10.0, seed + k), ids, reference, plain.usableSeconds >= 18 ? aside10long : aside10);
                }
            } else if (measured(CoherenceId::E2)) {
                for (std::uint64_t k = 0; k < 4; ++k)
                    tryEdit(piece, withOneEyeAside(piece.track, 10.0, seed + k), {CoherenceId::E2}, reference, plain.usableSeconds >= 18 ? aside10long : aside10);
            }
            if (measured(CoherenceId::S1) && plain.eyeCorners >= 60.0) {
                tryEdit(piece, withInnerJitter(piece.track, 0.5, seed), {CoherenceId::S1}, reference, jitter05);
                tryEdit(piece, withInnerJitter(piece.track, 1.5, seed), {CoherenceId::S1}, reference, jitter15);
            }
            if (measured(CoherenceId::M1))
                tryEdit(piece, withOtherLips(piece.track), {CoherenceId::M1}, reference, lips);
            if (measured(CoherenceId::E5))
                tryEdit(piece, withLateEyes(piece.track, 0.3), {CoherenceId::E5}, reference, late);
            if (measured(CoherenceId::M2))
                tryEdit(piece, withOpenLips(piece.track, 0.02), {CoherenceId::M2}, reference, open);
            const CoherenceClip &other = clips[std::size_t(&c - clips.data() + 7) % clips.size()];
            if (measured(CoherenceId::S3) && other.source != c.source)
                tryEdit(piece, withOtherShape(piece.track, other.track), {CoherenceId::S3}, reference, morph);
            const bool hasLooks = std::any_of(other.track.rows.begin(), other.track.rows.end(), [](const BehaviourRow &r) { return r.mark.has_value(); });
            if (measured(CoherenceId::I1) && hasLooks && other.source != c.source)
                tryEdit(piece, withOtherLooks(piece.track, other.track), {CoherenceId::I1}, reference, looks);
            if (measured(CoherenceId::I2) && other.source != c.source)
                tryEdit(piece, withShapeOfTheJaw(piece.track, other.track), {CoherenceId::I2}, reference, leak);
        }
    }
    std::printf("controlled manipulations of genuine clips (stretches of at most 30 s, reference without the source):\n");
    lag2.print("right lid 2 frames late, 5 or more closures: E1");
    lag3.print("right lid 3 frames late, 5 or more closures: E1");
    lag3few.print("right lid 3 frames late, 3 or 4 closures: E1");
    aside6.print("one eye aside by 6 degrees half of the time: E2, E3");
    aside10.print("one eye aside by 10 degrees, less than 18 s: E2, E3");
    aside10long.print("one eye aside by 10 degrees, 18 s or more: E2, E3");
    jitter05.print("inner face trembles by 0.5 px: S1");
    jitter15.print("inner face trembles by 1.5 px: S1");
    lips.print("lips of 4 s away on the same jaw: M1");
    morph.print("nose and eyes become another face's within 10 s: S3");
    looks.print("looks become another face's within 10 s: I1");
    late.print("both eyes 0.3 s late: E5");
    open.print("lips that never shut: M2");
    leak.print("another face's nose and eyes as the jaw opens: I2");
}

/// Interval of the area by drawing sources with replacement.
std::pair<double, double> interval(const std::vector<std::pair<double, double>> &pairs)
{
    std::mt19937_64 random(kSeed);
    std::uniform_int_distribution<std::size_t> pick(0, pairs.size() - 1);
    std::vector<double> areas;
    for (int d = 0; d < 2000; ++d) {
        std::vector<double> genuine, manipulated;
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            const auto &p = pairs[pick(random)];
            genuine.push_back(p.first);
            manipulated.push_back(p.second);
        }
        if (const auto area = rocArea(genuine, manipulated))
            areas.push_back(area->area);
    }
    std::sort(areas.begin(), areas.end());
    return {areas[areas.size() / 40], areas[areas.size() - 1 - areas.size() / 40]};
}

void pairsByStatistic(const std::vector<CoherenceClip> &clips)
{
    std::printf("originals against twins, |deviation from the genuine median| (clips of other sources):\n");
    std::map<QString, std::pair<const CoherenceClip *, const CoherenceClip *>> twins;
    for (const CoherenceClip &c : clips) {
        auto &pair = twins[c.source];
        (c.manipulated ? pair.second : pair.first) = &c;
    }
    std::array<std::vector<std::pair<double, double>>, kCoherenceCount> scores;
    int flagged = 0, pairs = 0;
    for (const auto &[source, pair] : twins) {
        if (!pair.first || !pair.second)
            continue;
        ++pairs;
        const CoherenceReference reference = referenceOf(genuineExcept(clips, source), kSeed);
        const CoherenceResult genuine = measureCoherence(pair.first->track, everything(kSeed));
        const CoherenceResult manipulated = measureCoherence(pair.second->track, everything(kSeed));
        flagged += judged(*pair.second, reference, kSeed).word == CoherenceWord::Contradiction ? 1 : 0;
        for (std::size_t i = 0; i < kCoherenceCount; ++i) {
            const auto &a = genuine.values[i].value, &b = manipulated.values[i].value;
            const ReferenceValues *all = reference.ofAllClips(CoherenceId(i));
            if (a && b && all)
                scores[i].push_back({std::abs(*a - all->median()), std::abs(*b - all->median())});
        }
    }
    for (std::size_t i = 0; i < kCoherenceCount; ++i) {
        const char *key = coherenceSpecs()[i].key;
        if (scores[i].size() < 3) {
            std::printf("  %-4s %zu pairs: too few\n", key, scores[i].size());
            continue;
        }
        std::vector<double> genuine, manipulated;
        for (const auto &[a, b] : scores[i]) {
            genuine.push_back(a);
            manipulated.push_back(b);
        }
        const auto [low, high] = interval(scores[i]);
        std::printf("  %-4s %2zu pairs  area %.2f  95 %% from %.2f to %.2f\n", key, scores[i].size(), rocArea(genuine, manipulated)->area, low, high);
    }
    std::printf("manipulated twins with a contradiction: %d of %d pairs\n", flagged, pairs);
    int others = 0, found = 0;
    for (const CoherenceClip &c : clips) {
        if (!c.manipulated || twins[c.source].first)
            continue;
        ++others;
        found += judged(c, referenceOf(genuineExcept(clips, c.source), kSeed), kSeed).word == CoherenceWord::Contradiction ? 1 : 0;
    }
    std::printf("manipulated clips without an original: %d of %d\n", found, others);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    if (app.arguments().size() != 2) {
        std::fprintf(stderr, "name the folder with the observed clips\n");
        return 2;
    }
    const auto clips = coherenceClips(app.arguments().at(1));
    if (!clips) {
        std::fprintf(stderr, "%s\n", qPrintable(clips.error().text()));
        return 1;
    }
    std::map<QString, std::set<QString>> strata;
    double seconds = 0.0;
    const double start = cpuSeconds();
    for (const CoherenceClip &c : *clips) {
        (void)measureCoherence(c.track, everything(kSeed));
        seconds += c.track.seconds();
        if (!c.manipulated)
            strata[c.stratum.key()].insert(c.source);
    }
    std::printf("%zu clips, %.0f s; measured in %.2f s of CPU: %.0f times real time\ngenuine sources by stratum:", clips->size(), seconds,
                cpuSeconds() - start, seconds / (cpuSeconds() - start));
    for (const auto &[key, sources] : strata)
        std::printf("  %s: %zu", qPrintable(key), sources.size());
    std::printf("\n");
    allowedByHalves(*clips);
    falseAlarms(*clips);
    powerOnEdits(*clips);
    pairsByStatistic(*clips);
    return 0;
}
