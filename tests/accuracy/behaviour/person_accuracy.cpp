// SPDX-License-Identifier: GPL-3.0-or-later
// Measures how well a person's way of moving is told from others'.
// Usage: person_accuracy FOLDER [--write-cohort FILE]     FOLDER holds the *.fwobs of behaviour_observe.
// Only one speaker of the material ("franck", 200 s, one recording) can be enrolled; the stretches
// that are held out are of the same recording, which flatters every figure on same against other.
#include "behaviour/observed_clip.h"
#include "behaviour/person_file.h"
#include "behaviour/person_test.h"

#include "base/hash.h"
#include "stats/distributions.h"
#include "stats/neighbour_map.h"
#include "stats/quantile.h"
#include "stats/ranking.h"

#include <QCoreApplication>
#include <QCommandLineParser>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <map>
#include <random>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::accuracy;

namespace {

struct Speaker
{
    QString name, set, person;
    bool manipulated = false;
    QString file;
    std::vector<BehaviourSample> samples; ///< the longest track
    WindowedBehaviour cut;
};

double cpuSeconds()
{
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

Speaker speakerOf(const ObservedClip &clip)
{
    Speaker s{clip.name, clip.set, clip.person, clip.manipulated, clip.file, {}, {}};
    for (const TrackId track : clip.log.tracks()) {
        auto samples = behaviourSamples(clip.log, clip.seconds, track);
        if (samples.size() > s.samples.size())
            s.samples = std::move(samples);
    }
    s.cut = windowsOf(s.samples);
    return s;
}

std::vector<BehaviourSample> between(const std::vector<BehaviourSample> &samples, double begin, double end)
{
    std::vector<BehaviourSample> out;
    for (const BehaviourSample &s : samples) {
        if (s.seconds >= begin && s.seconds < end)
            out.push_back(s);
    }
    return out;
}

PersonRecording recordingOf(const QString &name, const std::vector<BehaviourSample> &samples)
{
    const WindowedBehaviour cut = windowsOf(samples);
    return {name, name, cut.usableSeconds, cut.windows};
}

BehaviourCohort cohortOf(const std::vector<Speaker> &speakers, const QString &without)
{
    BehaviourCohort cohort;
    for (const Speaker &s : speakers) {
        if (!s.manipulated && s.person != without && !s.cut.windows.empty())
            cohort.members.push_back({s.name, s.name, s.cut.windows});
    }
    return cohort;
}

void inventory(const std::vector<Speaker> &speakers)
{
    std::printf("%-56s %6s %6s %5s %5s %5s %6s %s\n", "clip", "usable", "window", "out", "eyes", "yaw", "rate", "flagged pairs");
    for (const Speaker &s : speakers) {
        double flagged = 0.0;
        for (const BehaviourWindow &w : s.cut.windows)
            flagged += double(w.flagged.count()) / double(s.cut.windows.size());
        std::printf("%-56s %6.1f %6zu %5d %5.0f %5.1f %6.2f %5.1f\n", qPrintable(s.name), s.cut.usableSeconds, s.cut.windows.size(),
                    s.cut.refused, s.cut.eyeCornersPixels, s.cut.meanYawDegrees, s.cut.framesPerSecond, flagged);
    }
}

/// Which features are constant, over all windows of authentic clips.
void constants(const std::vector<Speaker> &speakers)
{
    std::array<double, kBehaviourFeatures> flat{};
    double total = 0.0;
    for (const Speaker &s : speakers) {
        const ResampledBehaviour track = resampleBehaviour(s.samples);
        for (std::size_t at = 0; !s.manipulated && at + kBehaviourWindow <= track.values.size(); at += kBehaviourWindow / 2) {
            const BehaviourWindow w = correlate({track.values.data() + at, kBehaviourWindow});
            total += 1.0;
            for (std::size_t f = 0; f < kBehaviourFeatures; ++f) {
                bool all = true;
                for (std::size_t g = 0; g < kBehaviourFeatures; ++g)
                    all = all && (g == f || w.flagged[behaviourPairOf(f, g)]);
                flat[f] += all ? 1.0 : 0.0;
            }
        }
    }
    std::array<std::vector<double>, kBehaviourFeatures> spreads;
    std::array<double, kBehaviourFeatures> missing{};
    double frames = 0.0;
    for (const Speaker &s : speakers) {
        const ResampledBehaviour track = resampleBehaviour(s.samples);
        for (const auto &row : track.values) {
            frames += 1.0;
            for (std::size_t f = 0; f < kBehaviourFeatures; ++f)
                missing[f] += std::isfinite(row[f]) ? 0.0 : 1.0;
        }
        for (std::size_t f = 0; f < kBehaviourFeatures && track.values.size() > 100; ++f) {
            double sum = 0.0, squares = 0.0, n = 0.0;
            for (const auto &row : track.values) {
                if (std::isfinite(row[f]))
                    sum += row[f], squares += row[f] * row[f], n += 1.0;
            }
            if (n > 1.0)
                spreads[f].push_back(std::sqrt(std::max(0.0, squares / n - sum * sum / (n * n))));
        }
    }
    std::printf("\nfeature: share of frames missing, spread within a clip (10 %%, median, 90 %%), floor\n");
    for (std::size_t f = 0; f < kBehaviourFeatures; ++f)
        std::printf("  %-8s %.3f   %.4f %.4f %.4f  %.4f\n", qPrintable(behaviourFeatureName(f)), missing[f] / std::max(frames, 1.0),
                    quantile(spreads[f], 0.1).value_or(0.0), median(spreads[f]).value_or(0.0), quantile(spreads[f], 0.9).value_or(0.0),
                    behaviourNoiseFloor(f));
    std::printf("\nshare of authentic windows in which a feature is constant:\n");
    for (std::size_t f = 0; f < kBehaviourFeatures; ++f)
        std::printf("  %-8s %.3f\n", qPrintable(behaviourFeatureName(f)), flat[f] / std::max(total, 1.0));
}

void nullTable()
{
    std::printf("\nspread of r between unrelated signals, 10 s windows (published 0.10, 0.16, 0.23, 0.28):\n");
    std::mt19937 random(1);
    std::normal_distribution<double> normal;
    for (const double tau : {0.1, 0.3, 0.6, 1.0}) {
        const double keep = std::exp(-1.0 / (tau * kBehaviourRate));
        double squares = 0.0, count = 0.0;
        for (int w = 0; w < 300; ++w) {
            std::vector<BehaviourFeatures> rows(kBehaviourWindow);
            BehaviourFeatures state{};
            for (double &v : state)
                v = normal(random);
            for (auto &row : rows) {
                for (std::size_t f = 0; f < kBehaviourFeatures; ++f)
                    row[f] = state[f] = keep * state[f] + std::sqrt(1.0 - keep * keep) * normal(random);
            }
            for (const double r : correlate(rows).r) {
                squares += r * r;
                count += 1.0;
            }
        }
        std::printf("  tau %.1f s: sd %.4f\n", tau, std::sqrt(squares / count));
    }
}

/// Half an hour of cached features of one made-up person.
void enrolmentTime()
{
    PersonProfile profile;
    std::mt19937 random(2);
    std::normal_distribution<double> normal;
    std::vector<BehaviourSample> samples;
    BehaviourFeatures state{};
    for (int i = 0; i < 30 * 60 * 30; ++i) {
        BehaviourSample s{i, i / 30.0, BehaviourFeatures{}, 0.0, 100.0};
        const double shared = normal(random);
        for (std::size_t f = 0; f < kBehaviourFeatures; ++f)
            (*s.values)[f] = state[f] = 0.9 * state[f] + normal(random) + 0.1 * double(f) * shared;
        samples.push_back(s);
    }
    const double start = cpuSeconds();
    for (int r = 0; r < 10; ++r)
        profile.recordings.push_back(recordingOf(QString::number(r), between(samples, 180.0 * r, 180.0 * (r + 1))));
    profile.cohort.members.push_back({u"a"_s, {}, profile.recordings[0].windows});
    const double cut = cpuSeconds();
    const auto enrolled = enrol(profile);
    std::printf("\nenrolment of 30 min: windows %.1f s, training and self-test %.1f s of CPU, %zu windows, %zu support vectors, rejected %.4f (nu %.2f)\n",
                cut - start, cpuSeconds() - cut, enrolled->windows(), enrolled->model->svm().supportVectors(),
                enrolled->selfTest.rejectedShare, enrolled->options.nu);
}

void printArea(const char *what, const std::vector<double> &others, const std::vector<double> &same)
{
    const auto area = rocArea(others, same);
    if (area)
        std::printf("  %-52s AUC %.3f (%.3f to %.3f)  same %zu, other %zu\n", what, area->area, area->low, area->high, same.size(), others.size());
    else
        std::printf("  %-52s not measurable: same %zu, other %zu\n", what, same.size(), others.size());
}

struct Judged
{
    std::vector<double> windowScores, windowRatios; ///< all windows
    double score = 0.0, ratio = 0.0;                ///< medians
};

Judged judge(const PersonProfile &profile, const WindowedBehaviour &cut)
{
    Judged out;
    for (const BehaviourWindow &w : cut.windows) {
        const auto z = fisherZ(w);
        out.windowScores.push_back(profile.model->centrality(z));
        out.windowRatios.push_back(profile.model->log10Ratio(z).value_or(0.0));
    }
    out.score = median(out.windowScores).value_or(0.0);
    out.ratio = median(out.windowRatios).value_or(0.0);
    return out;
}

/// Features from `from` on are replaced: what a new mouth on the old face would show.
std::vector<BehaviourSample> withMouthOf(std::vector<BehaviourSample> samples, const std::vector<BehaviourSample> &mouth)
{
    static const std::vector<std::size_t> lips{7, 8, 9, 10, 11, 12, 13, 14, 15, 18, 19}; // AU10 to AU26, lips
    const ResampledBehaviour from = resampleBehaviour(mouth);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (!samples[i].values || from.values.empty())
            continue;
        const std::size_t at = std::size_t((samples[i].seconds - samples.front().seconds) * kBehaviourRate) % from.values.size();
        for (const std::size_t f : lips)
            (*samples[i].values)[f] = from.values[at][f];
    }
    return samples;
}

/// The one person with minutes of material, one part held out after the other.
void verify(const std::vector<Speaker> &speakers, const QString &name, double part)
{
    const auto it = std::ranges::find_if(speakers, [&](const Speaker &s) { return s.name.contains(name) && !s.manipulated; });
    if (it == speakers.end())
        return;
    const Speaker &person = *it;
    const double length = person.samples.back().seconds;
    std::vector<std::vector<BehaviourSample>> parts;
    for (double at = 0.0; at + part <= length + 0.5; at += part)
        parts.push_back(between(person.samples, at, at + part));
    std::printf("\n%s: %.0f s in %zu parts of %.0f s of one recording; the tested part is not enrolled, the other speaker is not in the cohort\n",
                qPrintable(person.name), length, parts.size(), part);
    std::vector<double> sameW, otherW, sameWr, otherWr, same, sameRatio, other, otherRatio, mixed, mixedRatio, foreign, foreignRatio;
    std::vector<double> swapped, swappedRatio;
    for (std::size_t held = 0; held < parts.size(); ++held) {
        PersonProfile profile;
        for (std::size_t p = 0; p < parts.size(); ++p) {
            if (p != held)
                profile.recordings.push_back(recordingOf(QString::number(p), parts[p]));
        }
        profile.cohort = cohortOf(speakers, person.person);
        profile.model = *modelOf(profile);
        const Judged own = judge(profile, windowsOf(parts[held]));
        if (own.windowScores.empty())
            continue;
        sameW.insert(sameW.end(), own.windowScores.begin(), own.windowScores.end());
        sameWr.insert(sameWr.end(), own.windowRatios.begin(), own.windowRatios.end());
        same.push_back(own.score);
        sameRatio.push_back(own.ratio);
        const Judged lips = judge(profile, windowsOf(withMouthOf(parts[held], parts[(held + 1) % parts.size()])));
        mixed.push_back(lips.score);
        mixedRatio.push_back(lips.ratio);
        const Speaker &stranger = speakers[(held * 7) % speakers.size()];
        if (stranger.person != person.person && stranger.samples.size() > 200) {
            const Judged strange = judge(profile, windowsOf(withMouthOf(parts[held], stranger.samples)));
            if (!strange.windowScores.empty()) {
                foreign.push_back(strange.score);
                foreignRatio.push_back(strange.ratio);
            }
        }
    }
    // Others, each by a cohort without them.
    for (const Speaker &s : speakers) {
        if (s.person == person.person || s.cut.windows.empty())
            continue;
        PersonProfile profile;
        for (std::size_t p = 0; p < parts.size(); ++p)
            profile.recordings.push_back(recordingOf(QString::number(p), parts[p]));
        profile.cohort = cohortOf(speakers, person.person);
        std::erase_if(profile.cohort.members, [&](const auto &m) { // the twin of a swap too
            return m.name.section(u'/', 0, -2) == s.name.section(u'/', 0, -2) || m.name == s.name;
        });
        profile.model = *modelOf(profile);
        const Judged j = judge(profile, s.cut);
        if (s.manipulated) {
            swapped.push_back(j.score);
            swappedRatio.push_back(j.ratio);
            continue;
        }
        otherW.insert(otherW.end(), j.windowScores.begin(), j.windowScores.end());
        otherWr.insert(otherWr.end(), j.windowRatios.begin(), j.windowRatios.end());
        other.push_back(j.score);
        otherRatio.push_back(j.ratio);
    }
    printArea("one-class, parts (same) against other speakers", other, same);
    printArea("ratio, parts (same) against other speakers", otherRatio, sameRatio);
    printArea("one-class, windows", otherW, sameW);
    printArea("ratio, windows", otherWr, sameWr);
    printArea("one-class, against swapped faces of others", swapped, same);
    printArea("ratio, against swapped faces of others", swappedRatio, sameRatio);
    printArea("one-class, against own mouth of another time", mixed, same);
    printArea("ratio, against own mouth of another time", mixedRatio, sameRatio);
    printArea("one-class, against another speaker's mouth", foreign, same);
    printArea("ratio, against another speaker's mouth", foreignRatio, sameRatio);

    PersonProfile profile;
    for (std::size_t p = 0; p < parts.size(); ++p)
        profile.recordings.push_back(recordingOf(QString::number(p), parts[p]));
    profile.cohort = cohortOf(speakers, person.person);
    const auto enrolled = enrol(profile);
    const double count = double(enrolled->windows());
    std::printf("  enrolled windows rejected: %.3f (nu %.2f, %zu support vectors of %.0f)\n", enrolled->selfTest.rejectedShare,
                enrolled->options.nu, enrolled->model->svm().supportVectors(), count);
    std::printf("  self-test: one-class AUC %.3f, ratio AUC %.3f (low %.3f), %d clips, %d of others\n", enrolled->selfTest.scoreArea,
                enrolled->selfTest.ratioArea, enrolled->selfTest.ratioAreaLow, enrolled->selfTest.clips, enrolled->selfTest.cohortClips);
    // Ranks of held-out clips among the other held-out clips.
    std::vector<double> clips;
    std::size_t at = 0;
    for (const PersonRecording &r : enrolled->recordings) {
        std::vector<TimedScore> timed;
        for (const BehaviourWindow &w : r.windows)
            timed.push_back({w.beginSeconds, double(enrolled->selfTest.scores[at++])});
        for (const double m : clipMedians(timed, std::min(part, 30.0)))
            clips.push_back(m);
    }
    std::vector<double> p;
    std::mt19937 random(5);
    std::uniform_real_distribution<double> tie;
    for (std::size_t i = 0; i < clips.size(); ++i) {
        double below = 0.0;
        for (std::size_t j = 0; j < clips.size(); ++j)
            below += j != i && clips[j] <= clips[i] ? 1.0 : 0.0;
        p.push_back((below + tie(random)) / double(clips.size()));
    }
    if (p.size() >= 5)
        std::printf("  p-values of %zu held-out clips against uniform: KS p %.3f (ranks among themselves are uniform by construction)\n", p.size(), uniformKsPValue(p));
}

/// p-values of the later part of a recording against an enrolment of the earlier part.
void laterPart(const std::vector<Speaker> &speakers, const QString &name)
{
    const auto it = std::ranges::find_if(speakers, [&](const Speaker &s) { return s.name.contains(name) && !s.manipulated; });
    if (it == speakers.end())
        return;
    const double middle = 0.6 * it->samples.back().seconds;
    PersonProfile profile;
    for (double at = 0.0; at + 20.0 <= middle; at += 20.0)
        profile.recordings.push_back(recordingOf(QString::number(at), between(it->samples, at, at + 20.0)));
    profile.cohort = cohortOf(speakers, it->person);
    const auto enrolled = enrol(profile);
    if (!enrolled)
        return;
    const std::vector<double> held(enrolled->selfTest.scores.begin(), enrolled->selfTest.scores.end());
    std::vector<double> later, latest;
    std::size_t at = 0;
    for (const PersonRecording &r : enrolled->recordings) {
        std::vector<double> one;
        for (std::size_t w = 0; w < r.windows.size(); ++w)
            one.push_back(held[at++]);
        latest.push_back(median(one).value_or(0.0));
    }
    for (double from = middle; from + 20.0 <= it->samples.back().seconds + 0.5; from += 20.0)
        later.push_back(judge(*enrolled, windowsOf(between(it->samples, from, from + 20.0))).score);
    std::vector<double> p;
    for (const double s : later)
        p.push_back((1.0 + double(std::ranges::count_if(latest, [&](double l) { return l <= s; }))) / (1.0 + double(latest.size())));
    std::printf("\nlater 40 %% of %s by an enrolment of the first 60 %%: p", qPrintable(name));
    for (const double v : p)
        std::printf(" %.2f", v);
    std::printf("  (KS against uniform %.3f)\n", uniformKsPValue(p));
}

void map(const std::vector<Speaker> &speakers)
{
    SampleMatrix rows{kBehaviourPairs, {}};
    std::vector<int> groups;
    std::map<QString, int> people;
    for (const Speaker &s : speakers) {
        if (s.manipulated)
            continue;
        const int group = people.emplace(s.person, int(people.size())).first->second;
        const std::size_t step = s.cut.windows.size() / 40 + 1;
        for (std::size_t w = 0; w < s.cut.windows.size(); w += step) {
            rows.add(fisherZ(s.cut.windows[w]));
            groups.push_back(group);
        }
    }
    const double start = cpuSeconds();
    const auto places = neighbourMap(rows);
    if (!places)
        return;
    SampleMatrix flat{2, {}};
    for (const auto &p : *places)
        flat.add(p);
    std::printf("\nmap of %zu windows of %zu people: silhouette in t-SNE %.3f, in 190 correlations %.3f; %.1f s of CPU\n", rows.rows(),
                people.size(), *silhouette(flat, groups), *silhouette(rows, groups), cpuSeconds() - start);
    if (const auto axes = principalAxes(rows, 2))
        std::printf("  in two principal axes %.3f\n", *silhouette(axes->project(rows), groups));
}

void swaps(const std::vector<Speaker> &speakers)
{
    std::printf("\ndo swapped faces keep the correlations of the person filmed? mean |difference of z| and correlation over pairs\n");
    for (const Speaker &s : speakers) {
        if (!s.manipulated || s.cut.windows.empty())
            continue;
        for (const Speaker &o : speakers) {
            if (o.manipulated || o.name.section(u'/', 0, -2) != s.name.section(u'/', 0, -2) || o.set != u"swap-pairs"_s)
                continue;
            const std::size_t count = std::min(o.cut.windows.size(), s.cut.windows.size());
            double difference = 0.0, n = 0.0, sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
            for (std::size_t w = 0; w < count; ++w) {
                const auto a = fisherZ(o.cut.windows[w]), b = fisherZ(s.cut.windows[w]);
                for (std::size_t p = 0; p < kBehaviourPairs; ++p) {
                    if (o.cut.windows[w].flagged[p] || s.cut.windows[w].flagged[p])
                        continue;
                    n += 1, sx += a[p], sy += b[p], sxx += a[p] * a[p], syy += b[p] * b[p], sxy += a[p] * b[p];
                    difference += std::abs(a[p] - b[p]);
                }
            }
            if (n > 0)
                std::printf("  %-52s %.3f  %.3f\n", qPrintable(s.name), difference / n,
                            (n * sxy - sx * sy) / std::sqrt((n * sxx - sx * sx) * (n * syy - sy * sy)));
        }
    }
}

Result<void> writeCohort(const std::vector<Speaker> &speakers, const QString &path)
{
    BehaviourCohort cohort;
    std::map<QString, std::vector<const Speaker *>> people;
    for (const Speaker &s : speakers) {
        if (!s.manipulated && !s.cut.windows.empty() && !s.name.contains(u"franck"_s)) // kept to measure with
            people[s.person].push_back(&s);
    }
    int number = 0;
    for (const auto &[person, clips] : people) {
        for (const Speaker *clip : clips) {
            BehaviourCohort::Member member{u"speaker %1"_s.arg(++number), {}, {}};
            if (const auto hashes = hashFile(clip->file))
                member.sha256 = hexText(hashes->sha256);
            const std::size_t step = clip->cut.windows.size() / 24 + 1;
            for (std::size_t w = 0; w < clip->cut.windows.size(); w += step)
                member.windows.push_back(clip->cut.windows[w]);
            cohort.members.push_back(std::move(member));
        }
    }
    std::printf("\ncohort: %zu speakers\n", cohort.members.size());
    return writeCohortFile(cohort, path);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addPositionalArgument(u"FOLDER"_s, u"what behaviour_observe made"_s);
    const QCommandLineOption cohort(u"write-cohort"_s, u"writes the cohort that ships"_s, u"FILE"_s);
    parser.addOption(cohort);
    parser.addHelpOption();
    parser.process(app);
    const auto clips = loadObservedClips(parser.positionalArguments().value(0));
    if (!clips) {
        std::fprintf(stderr, "%s\n", qPrintable(clips.error().text()));
        return 2;
    }
    std::vector<Speaker> speakers;
    for (const ObservedClip &clip : *clips)
        speakers.push_back(speakerOf(clip));
    inventory(speakers);
    if (parser.isSet(cohort)) {
        const auto written = writeCohort(speakers, parser.value(cohort));
        return written ? 0 : 1;
    }
    constants(speakers);
    std::fflush(stdout);
    nullTable();
    verify(speakers, u"franck"_s, 20.0);
    verify(speakers, u"franck"_s, 30.0);
    std::fflush(stdout);
    laterPart(speakers, u"franck"_s);
    map(speakers);
    swaps(speakers);
    std::fflush(stdout);
    enrolmentTime();
    return 0;
}
