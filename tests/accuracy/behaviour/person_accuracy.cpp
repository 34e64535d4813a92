// SPDX-License-Identifier: GPL-3.0-or-later
// Measures how well a person's way of moving is told from others'.
// Usage: person_accuracy FOLDER [--write-cohort FILE]     FOLDER holds the *.fwobs of behaviour_observe.
// Only one speaker of the material ("franck", 200 s, one recording) can be enrolled; the stretches
// that are held out are of the same recording, which flatters every figure on same against other.
#include "behaviour/person_speakers.h"

#include "base/hash.h"
#include "stats/neighbour_map.h"
#include "stats/quantile.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <random>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::accuracy;

namespace {

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
