// SPDX-License-Identifier: GPL-3.0-or-later
// Measures the counting of blinks: against what a person saw, on authentic and manipulated twins, and
// the statistics on people made by chance.
#include "behaviour/blink_drawn.h"
#include "behaviour/blink_pixels.h"
#include "behaviour/blink_truth.h"
#include "behaviour/observed_clip.h"
#include "blink_report.h"
#include "faces/alignment.h"
#include "test_data.h"

#include <map>

#include <QCoreApplication>

#include <cmath>
#include <cstdio>
#include <random>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::accuracy;

namespace {

/// The faces of a clip as the detector collects them.
std::map<TrackId, EyeTrack> collect(const ObservedClip &clip)
{
    std::map<TrackId, EyeTrack> tracks;
    for (std::size_t i = 0; i < clip.log.faces.size(); ++i) {
        if (!clip.log.faces[i])
            continue;
        for (const FaceObservation &face : *clip.log.faces[i]) {
            EyeTrack &track = tracks[face.track];
            const auto open = [](const std::optional<EyeObservation> &eye) {
                return eye ? std::optional(double(eye->openness)) : std::nullopt;
            };
            track.aspects.push_back({FrameIndex(i), clip.seconds[i], face.earImageLeft, face.earImageRight});
            track.opennesses.push_back({FrameIndex(i), clip.seconds[i], open(face.eyeImageLeft), open(face.eyeImageRight)});
            if (face.landmarks)
                track.eyeWidths.push_back(0.5 * (eyeWidth(*face.landmarks, Eye::ImageLeft) + eyeWidth(*face.landmarks, Eye::ImageRight)));
        }
    }
    return tracks;
}

std::vector<LidEvent> blinksIn(const std::vector<EyeSample> &samples, const ClosureTrace &closure)
{
    std::vector<LidEvent> events = findLidEvents(samples, closure);
    std::erase_if(events, [](const LidEvent &e) { return !isBlink(e); });
    for (LidEvent &e : events) // frame numbers in place of sample numbers
        e.apex = std::size_t(samples[e.apex].frame);
    return events;
}

std::vector<LidEvent> blinksIn(const std::vector<EyeSample> &samples)
{
    return blinksIn(samples, closureOf(samples));
}

std::vector<EyeSample> everyNth(const std::vector<EyeSample> &samples, std::size_t n)
{
    std::vector<EyeSample> kept;
    for (std::size_t i = 0; i < samples.size(); i += n)
        kept.push_back(samples[i]);
    return kept;
}

constexpr LidSource kSources[] = {LidSource::AspectRatio, LidSource::Openness, LidSource::Network};

const char *nameOf(LidSource source)
{
    return source == LidSource::Network ? "network" : source == LidSource::Openness ? "openness" : "aspect";
}

/// The closures by the network are read from the clips' pictures, where those lie beside what was observed.
int againstLabels(const QString &folder, const QString &labels, LidNetwork *network)
{
    std::printf("%-16s %-9s blinks  hit  missed  false  minutes  recall  false/min  complete right\n", "clip", "measure");
    std::map<LidSource, BlinkScore> sums;
    for (const QString &name : {u"default"_s, u"Obama_speaking"_s, u"Twitch1"_s, u"franck"_s, u"cap13_edit2"_s}) {
        const auto clip = loadObservedClip(folder + u"/real__%1.fwobs"_s.arg(name));
        const auto truth = readBlinkTruth(labels + u'/' + name + u".csv"_s);
        if (!clip || !truth) {
            std::printf("%-16s skipped: not here\n", qPrintable(name));
            continue;
        }
        auto tracks = collect(*clip);
        const FrameIndex last = name == u"franck"_s ? 2880 : FrameIndex(clip->log.faces.size());
        if (network) {
            double cpu = 0.0;
            if (const auto read = followLids(*clip, folder + u"/real__%1.mp4"_s.arg(name), *network, last, tracks, &cpu); !read)
                return std::printf("%s\n", qPrintable(read.error().text())), 1;
            std::printf("%-16s the network took %.2f ms a frame\n", qPrintable(name), 1000.0 * cpu / double(last));
        }
        for (const LidSource source : kSources) {
            if (source == LidSource::Network && !network)
                continue;
            std::vector<LidEvent> found;
            double seconds = 0;
            for (const auto &[id, track] : tracks) {
                for (const LidEvent &e : blinksIn(samplesBy(track, source), closureBy(track, source))) {
                    if (FrameIndex(e.apex) < last)
                        found.push_back(e);
                }
                for (const EyeSample &s : track.aspects)
                    seconds += s.frame < last ? 1.0 / clip->rate : 0.0;
            }
            const BlinkScore score = scoreBlinks(found, *truth, seconds / 60.0);
            sums[source] += score;
            score.print(qPrintable(name), nameOf(source));
            for (const LidEvent &e : found) {
                if (scoreBlinks({e}, *truth, 1.0).invented > 0)
                    std::printf("%-16s invented at frame %zu\n", "", e.apex);
            }
        }
    }
    for (const auto &[source, score] : sums)
        score.print("all", nameOf(source));
    return 0;
}

int onTwins(const QString &folder)
{
    const auto clips = loadObservedClips(folder);
    if (!clips)
        return std::printf("%s\n", qPrintable(clips.error().text())), 1;
    std::printf("%-56s %s seconds blinks /min  p(few)  verdict\n", "clip", "kind");
    for (const ObservedClip &clip : *clips) {
        const auto tracks = collect(clip);
        const EyeTrack *longest = nullptr;
        for (const auto &[id, track] : tracks) {
            if (!longest || track.aspects.size() > longest->aspects.size())
                longest = &track;
        }
        if (!longest)
            continue;
        const LidSource source = sourceOf(*longest);
        const auto &samples = samplesBy(*longest, source);
        const auto events = findLidEvents(samples, closureOf(samples));
        BlinkBasis basis;
        basis.footage = footageOf(samples, *longest, events, {}, &basis.stretches);
        basis.context = blinkContext(u"unknown"_s);
        basis.counter = {source == LidSource::Openness ? 0.9 : 0.24, 0.6};
        const BlinkEvidence e = weighBlinks(events, basis);
        const char *words[] = {"low", "high", "unremarkable", "inconclusive"};
        std::printf("%-56s %s %7.1f %6d %5.1f %7.4f  %s\n", qPrintable(clip.name), clip.manipulated ? "made" : "real",
                    basis.footage.usableSeconds, e.blinks, e.perMinute, e.pLow, words[int(e.verdict)]);
    }
    return 0;
}

/// Halving the rate of frames must hardly change the count.
int atHalfRate(const QString &folder)
{
    for (const QString &name : {u"Obama_speaking"_s, u"Twitch1"_s, u"franck"_s}) {
        const auto clip = loadObservedClip(folder + u"/real__%1.fwobs"_s.arg(name));
        if (!clip)
            continue;
        for (const auto &[id, track] : collect(*clip)) {
            if (track.aspects.size() < 100)
                continue;
            for (const LidSource source : {LidSource::AspectRatio, LidSource::Openness}) {
                const auto &samples = samplesBy(track, source);
                std::printf("%-16s face %d %-9s %.0f frames/s: %zu blinks, half the frames: %zu\n", qPrintable(name), number(id),
                            nameOf(source), clip->rate, blinksIn(samples).size(), blinksIn(everyNth(samples, 2)).size());
            }
        }
    }
    return 0;
}

/// Lids of somebody by chance whose rate comes from a population: closing, opening and depth as
/// people blink (half of the blinks partial), the openness with noise and drift.
std::vector<EyeSample> somebody(double perMinute, double seconds, double rate, std::mt19937_64 &random)
{
    std::normal_distribution<double> normal;
    std::uniform_real_distribution<double> uniform;
    std::exponential_distribution<double> wait(perMinute / 60.0);
    struct Blink
    {
        double start, rise, hold, fall, depth;
    };
    std::vector<Blink> blinks;
    for (double t = -2.0 + wait(random); t < seconds; t += wait(random)) {
        blinks.push_back({t, 0.075 * std::exp(0.25 * normal(random)), 0.06 * uniform(random),
                          0.17 * std::exp(0.3 * normal(random)),
                          uniform(random) < 0.5 ? 1.0 : 0.35 + 0.6 * uniform(random)});
    }
    const double open = 0.8 + 0.4 * uniform(random), phase = 10 * uniform(random);
    std::vector<EyeSample> samples;
    const auto ramp = [](double x) { return 0.5 - 0.5 * std::cos(M_PI * std::clamp(x, 0.0, 1.0)); };
    for (int i = 0; i < int(seconds * rate); ++i) {
        const double t = i / rate;
        double closed = 0.0;
        for (const Blink &b : blinks)
            closed = std::max(closed, b.depth * ramp((t - b.start) / b.rise) * (1 - ramp((t - b.start - b.rise - b.hold) / b.fall)));
        const double value = open * (1.0 - 0.97 * closed) * (1.0 + 0.06 * std::sin(0.4 * t + phase));
        samples.push_back({i, t, value + 0.03 * normal(random), value + 0.03 * normal(random)});
    }
    return samples;
}

/// The chance of so few blinks must be uniform in genuine people. The counter's quality is measured on
/// one half of them and used on the other.
int onPeople(int count)
{
    constexpr double kSeconds = 60.0, kRate = 25.0;
    std::printf("situation     recall  false/min  clips  p of KS  share with p <= 0.01\n");
    for (const BlinkContext &context : blinkContexts()) {
        std::mt19937_64 random(7);
        const double shape = 1.0 / (context.population.variation * context.population.variation);
        std::gamma_distribution<double> rates(shape, context.population.meanPerMinute / shape);
        std::uniform_real_distribution<double> uniform;
        double expected = 0, found = 0, invented = 0;
        for (int i = 0; i < count; ++i) {
            const double rate = rates(random);
            found += double(blinksIn(somebody(rate, kSeconds, kRate, random)).size());
            expected += rate;
            invented += double(blinksIn(somebody(1e-6, kSeconds, kRate, random)).size());
        }
        const CounterQuality counter{std::min(1.0, (found - invented) / expected), invented / count};
        std::vector<double> chances;
        int low = 0;
        for (int i = 0; i < count; ++i) {
            const int n = int(blinksIn(somebody(rates(random), kSeconds, kRate, random)).size());
            const MixedCount genuine(context.population, kSeconds / 60.0, counter);
            chances.push_back(genuine.cdf(n) - uniform(random) * genuine.pmf(n));
            low += genuine.cdf(n) <= 0.01 ? 1 : 0;
        }
        std::printf("%-13s %6.3f %10.2f %6d %8.3f %10.4f\n", qPrintable(context.name), counter.recall, counter.falsePerMinute,
                    count, uniformKsPValue(chances), double(low) / count);
    }
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QStringList a = app.arguments();
    const QString what = a.value(1);
    if (what == u"labels"_s || what == u"drawn"_s || what == u"rule"_s) {
        // The weights that ship, or those of a folder.
        auto network = lidNetwork(a.value(what == u"labels"_s ? 4 : 3), test::sourceDir() + u"/plugins/detect/blink/manifest.json"_s);
        if (!network)
            std::printf("without the network: %s\n", qPrintable(network.error().text()));
        if (what == u"labels"_s)
            return againstLabels(a.value(2), a.value(3), network ? network->get() : nullptr);
#ifdef FW_DRAWN_LIDS
        if (!network)
            return 1;
        const int every = std::max(1, a.value(4).toInt());
        return what == u"rule"_s ? chooseLidRule(a.value(2), **network, every) : onDrawnLids(a.value(2), **network, every);
#endif
    }
    if (what == u"twins"_s)
        return onTwins(a.value(2));
    if (what == u"rates"_s)
        return atHalfRate(a.value(2));
    if (what == u"people"_s)
        return onPeople(std::max(20, a.value(2, u"300"_s).toInt()));
    std::printf("labels CLIPS LABELS [MODELS] | drawn SCENES [MODELS [EVERY]] | rule SCENES [MODELS [EVERY]] | twins CLIPS | rates CLIPS | people [COUNT]\n");
    return 2;
}
