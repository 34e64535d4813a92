// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/person_speakers.h"

#include "stats/distributions.h"
#include "stats/quantile.h"
#include "stats/ranking.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <random>

using namespace Qt::StringLiterals;

namespace fw::accuracy {

namespace {

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

} // namespace

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

} // namespace fw::accuracy
