// SPDX-License-Identifier: GPL-3.0-or-later
// One table of the methods on behaviour over originals and their manipulated twins: how each tells them
// apart, all of them together, what they flag, and what they cost once the faces are known.
// Usage: behaviour_pairs FOLDER     FOLDER holds *.fwobs and *.mp4 of behaviour_observe.
#include "behaviour/source_halves.h"

#include "base/paths.h"
#include "media/video_reader.h"
#include "run/engine.h"
#include "stats/quantile.h"
#include "stats/ranking.h"

#include <QCoreApplication>
#include <QDir>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <limits>
#include <map>
#include <random>
#include <set>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::accuracy;

namespace {

constexpr std::uint64_t kSeed = 1;
constexpr int kDraws = 2000;
const QStringList kMethods{u"blink"_s, u"head_pose"_s, u"coherence"_s, u"temporal_attention"_s};
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double cpuSeconds()
{
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

/// What a method says of one clip.
struct Said
{
    double score = kNone; ///< higher: more like a manipulation
    Verdict verdict = Verdict::NotApplicable;
};

struct Clip
{
    QString name, set, source;
    bool manipulated = false;
    bool trainedOn = false; ///< by the network on motion
    std::vector<Said> said; ///< by method
    double joined = kNone;
};

/// The finding on the face that was seen longest, as one number.
Said saidBy(const QString &method, const AnalysisResult &result)
{
    const Finding *longest = nullptr;
    const auto length = [](const Finding &f) { return f.range ? f.range->end - f.range->begin : 0; };
    for (const Finding &f : result.findings) {
        if (!longest || length(f) > length(*longest))
            longest = &f;
    }
    if (!longest)
        return {};
    Said said{kNone, longest->verdict};
    // Head pose and coherence keep several measures, and their strength holds the most telling one.
    if (method == u"head_pose"_s || method == u"coherence"_s) {
        if (longest->score && longest->strength)
            said.score = *longest->strength;
    } else if (longest->score) {
        const bool chance = longest->score->scale == ScoreScale::PValue;
        said.score = chance ? -std::log10(std::max(1e-12, longest->score->value)) : longest->score->value;
    }
    return said;
}

struct Cost
{
    double decoding = 0.0, clip = 0.0; ///< s of processor time; s of footage
    std::map<QString, double> method;
};

Result<Clip> judge(PluginRegistry &registry, const ObservedClip &observed, const QString &video, Cost &cost)
{
    Clip clip{observed.name, observed.set, observed.source, observed.manipulated, false, {}, kNone};
    auto reader = VideoReader::open(video, {.hashPlanes = false});
    if (!reader)
        return Failure{reader.error()};
    ClipFacts facts;
    facts.media = (*reader)->facts();
    facts.width = observed.width;
    facts.height = observed.height;
    facts.nominalRate = observed.rate;
    facts.frameCount = FrameIndex(observed.seconds.size());
    facts.durationSeconds = observed.seconds.empty() ? 0.0 : observed.seconds.back();
    facts.metadata = std::make_shared<const Metadata>();
    std::vector<std::unique_ptr<Detector>> detectors;
    std::vector<bool> wantsPixels;
    for (const QString &method : kMethods) {
        const PluginEntry *entry = registry.find(u"org.framewitness."_s + method);
        auto detector = registry.createDetector(u"org.framewitness."_s + method);
        if (!detector)
            return Failure{detector.error()};
        if (!entry)
            return fail(Errc::NotFound, u"is not installed"_s, method);
        JobContext job;
        job.options = entry->manifest.defaultOptions();
        job.modelPaths = entry->modelPaths;
        job.modelHashes = entry->modelHashes;
        job.seed = kSeed;
        if (const auto begun = (*detector)->begin(facts, job); !begun)
            return Failure{begun.error()};
        wantsPixels.push_back(entry->manifest.planes == Planes::Bgr);
        detectors.push_back(std::move(*detector));
    }
    for (std::size_t i = 0; i < observed.log.faces.size() && i < observed.seconds.size(); ++i) {
        double start = cpuSeconds();
        auto picture = (*reader)->next();
        cost.decoding += cpuSeconds() - start;
        if (!picture)
            return Failure{picture.error()};
        if (!*picture)
            break;
        auto frame = std::make_shared<Frame>();
        frame->index = FrameIndex(i);
        frame->bgr = (*picture)->bgr;
        FrameBundle bundle;
        bundle.index = FrameIndex(i);
        bundle.seconds = observed.seconds[i];
        bundle.observed.faces = observed.log.faces[i];
        for (std::size_t m = 0; m < detectors.size(); ++m) {
            bundle.frame = wantsPixels[m] ? frame : nullptr;
            start = cpuSeconds();
            const auto done = detectors[m]->frame(bundle);
            cost.method[kMethods[qsizetype(m)]] += cpuSeconds() - start;
            if (!done)
                return Failure{done.error()};
        }
    }
    for (std::size_t m = 0; m < detectors.size(); ++m) {
        const double start = cpuSeconds();
        const auto result = detectors[m]->finish({});
        cost.method[kMethods[qsizetype(m)]] += cpuSeconds() - start;
        if (!result && result.error().code != Errc::NotApplicable)
            return Failure{result.error()};
        clip.said.push_back(result ? saidBy(kMethods[qsizetype(m)], *result) : Said{});
    }
    cost.clip += facts.durationSeconds;
    return clip;
}

/// The mean over the methods of how far a clip lies above the authentic clips of other sources, in their
/// robust deviations: nothing is fitted, so nothing can be fitted to these clips.
void join(std::vector<Clip> &clips)
{
    for (Clip &clip : clips) {
        double sum = 0.0;
        int count = 0;
        for (std::size_t m = 0; m < std::size_t(kMethods.size()); ++m) {
            std::vector<double> others;
            for (const Clip &c : clips) {
                if (!c.manipulated && c.source != clip.source && std::isfinite(c.said[m].score))
                    others.push_back(c.said[m].score);
            }
            if (others.size() < 5 || !std::isfinite(clip.said[m].score))
                continue;
            const double low = *quantile(others, 0.1), high = *quantile(others, 0.9);
            sum += high > low ? std::clamp((clip.said[m].score - *median(others)) * 2.56 / (high - low), -4.0, 4.0) : 0.0;
            ++count;
        }
        clip.joined = count > 0 ? sum / count : kNone;
    }
}

using Scores = std::map<QString, std::pair<std::vector<double>, std::vector<double>>>; ///< by source: original, manipulated

std::optional<double> areaOf(const Scores &scores, const std::vector<QString> &sources)
{
    std::vector<double> original, manipulated;
    for (const QString &source : sources) {
        const auto &[a, b] = scores.at(source);
        original.insert(original.end(), a.begin(), a.end());
        manipulated.insert(manipulated.end(), b.begin(), b.end());
    }
    const auto area = rocArea(original, manipulated);
    return area ? std::optional(area->area) : std::nullopt;
}

/// Area, its interval by drawing sources, and the share of pairs that are in the right order.
void printRow(const QString &what, const Scores &all)
{
    Scores scores;
    std::vector<QString> sources;
    double right = 0.0, pairs = 0.0;
    for (const auto &[source, both] : all) {
        if (both.first.empty() || both.second.empty())
            continue;
        scores[source] = both;
        sources.push_back(source);
        for (const double m : both.second) {
            right += m > both.first.front() ? 1.0 : m == both.first.front() ? 0.5 : 0.0;
            ++pairs;
        }
    }
    const auto area = areaOf(scores, sources);
    if (sources.size() < 3 || !area) {
        std::printf("  %-44s %2zu sources: too few\n", qPrintable(what), sources.size());
        return;
    }
    std::mt19937_64 random(kSeed);
    std::vector<double> drawn;
    for (int d = 0; d < kDraws; ++d) {
        std::vector<QString> some;
        for (std::size_t i = 0; i < sources.size(); ++i)
            some.push_back(sources[std::size_t(random() % sources.size())]);
        if (const auto one = areaOf(scores, some))
            drawn.push_back(*one);
    }
    std::printf("  %-44s %2zu sources  AUC %.2f  [%.2f, %.2f]  manipulated above its original %4.1f of %.0f\n", qPrintable(what),
                sources.size(), *area, *quantile(drawn, 0.025), *quantile(drawn, 0.975), right, pairs);
}

void printAreas(const std::vector<Clip> &clips, const std::set<QString> &sets, const QString &where)
{
    for (qsizetype m = 0; m <= kMethods.size(); ++m) {
        Scores scores;
        for (const Clip &clip : clips) {
            const double score = m < kMethods.size() ? clip.said[std::size_t(m)].score : clip.joined;
            if (sets.contains(clip.set) && std::isfinite(score))
                (clip.manipulated ? scores[clip.source].second : scores[clip.source].first).push_back(score);
        }
        printRow((m < kMethods.size() ? kMethods[m] : u"all four, mean deviation"_s) + where, scores);
    }
}

/// Exact upper bound of a share (Clopper and Pearson, 95 % two-sided) when none of n was seen.
double boundOfNone(int n)
{
    return n > 0 ? 1.0 - std::pow(0.025, 1.0 / n) : 1.0;
}

void printFlags(const std::vector<Clip> &clips)
{
    std::printf("\nverdict \"suspicious\", one face a clip:\n");
    for (qsizetype m = 0; m <= kMethods.size(); ++m) {
        int count[2] = {}, flagged[2] = {};
        for (const Clip &clip : clips) {
            const auto suspicious = [&](std::size_t k) { return clip.said[k].verdict == Verdict::Suspicious; };
            bool any = m < kMethods.size() && suspicious(std::size_t(m)), judged = m < kMethods.size() && clip.said[std::size_t(m)].verdict != Verdict::NotApplicable;
            for (std::size_t k = 0; m == kMethods.size() && k < clip.said.size(); ++k) {
                any = any || suspicious(k);
                judged = judged || clip.said[k].verdict != Verdict::NotApplicable;
            }
            count[clip.manipulated] += judged ? 1 : 0;
            flagged[clip.manipulated] += any ? 1 : 0;
            if (any && m < kMethods.size() && !clip.manipulated)
                std::printf("    %s flags the authentic %s\n", qPrintable(kMethods[m]), qPrintable(clip.name));
        }
        std::printf("  %-28s authentic %d of %d%s  manipulated %d of %d\n", qPrintable(m < kMethods.size() ? kMethods[m] : u"any of the four"_s),
                    flagged[0], count[0], flagged[0] == 0 ? qPrintable(u" (at most %1 %)"_s.arg(100.0 * boundOfNone(count[0]), 0, 'f', 0)) : "",
                    flagged[1], count[1]);
    }
    std::printf("  person_of_interest           not applicable: nobody has a second recording to enrol\n");
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QDir folder(app.arguments().value(1));
    limitInnerThreads();
    const auto observed = loadObservedClips(folder.path());
    if (app.arguments().size() != 2 || !observed) {
        std::fprintf(stderr, "name the folder with the observed clips\n");
        return 2;
    }
    const InstallPaths paths = InstallPaths::ofProgram();
    PluginRegistry registry;
    registry.scan(paths.pluginFolders(), paths.models());
    const std::set<QString> trained = trainingSources(*observed);
    std::vector<Clip> clips;
    Cost cost;
    for (const ObservedClip &one : *observed) {
        const QString video = folder.filePath(QString(one.name).replace(u'/', u"__"_s) + u".mp4"_s);
        auto clip = judge(registry, one, video, cost);
        if (!clip) {
            std::fprintf(stderr, "%s: %s\n", qPrintable(one.name), qPrintable(clip.error().text()));
            return 1;
        }
        std::printf("%-58s %s", qPrintable(clip->name), clip->manipulated ? "made" : "real");
        for (const Said &said : clip->said)
            std::printf("  %7.3f %c", said.score, verdictLetter(said.verdict).toLatin1());
        std::printf("\n");
        std::fflush(stdout);
        clip->trainedOn = trained.contains(clip->source);
        clips.push_back(std::move(*clip));
    }
    join(clips);
    const std::set<QString> sets{u"swap-pairs"_s, u"swap-ghost"_s, u"ffpp-dfdc"_s};
    std::vector<Clip> unseen = clips;
    std::erase_if(unseen, [](const Clip &c) { return c.trainedOn; });
    std::printf("\noriginals against their manipulated twins, sources never trained on; intervals by drawing sources 2000 times:\n");
    printAreas(unseen, sets, {});
    std::printf("all sources; on half of them the network on motion was trained, so its row and the last are too good:\n");
    printAreas(clips, sets, {});
    for (const QString &set : sets)
        printAreas(clips, {set}, u", "_s + set);
    printFlags(clips);
    double all = 0.0;
    std::printf("\nprocessor time for %.0f s of footage, faces known:\n", cost.clip);
    for (const auto &[method, seconds] : cost.method) {
        std::printf("  %-28s %6.1f s  %5.1f x real time\n", qPrintable(method), seconds, cost.clip / seconds);
        all += seconds;
    }
    std::printf("  %-28s %6.1f s  %5.1f x real time\n  %-28s %6.1f s  %5.1f x real time\n", "all four", all, cost.clip / all, "and the decoding",
                all + cost.decoding, cost.clip / (all + cost.decoding));
    return 0;
}
