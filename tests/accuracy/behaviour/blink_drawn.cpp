// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/blink_drawn.h"

#include "blinks/lid_events.h"
#include "lab/blink_sequence.h"
#include "stats/ranking.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

namespace fw::accuracy {

using lab::BlinkSequence;

namespace {

constexpr double kSeen = 0.35;    ///< closure from which the rule counts a blink
constexpr double kUnclear = 0.20; ///< from here to kSeen neither finding nor missing one is an error

struct Tally
{
    std::vector<double> open, shut; ///< probability of a shut eye, by the truth
    double off = 0.0;
    int frames = 0, hit = 0, missed = 0, invented = 0, glances = 0, misread = 0, events = 0;

    void operator+=(const Tally &t)
    {
        open.insert(open.end(), t.open.begin(), t.open.end());
        shut.insert(shut.end(), t.shut.begin(), t.shut.end());
        off += t.off;
        frames += t.frames;
        hit += t.hit;
        missed += t.missed;
        invented += t.invented;
        glances += t.glances;
        misread += t.misread;
        events += t.events;
    }
    double f1() const { return hit > 0 ? 2.0 * hit / (2.0 * hit + missed + invented) : 0.0; }
    double area() const
    {
        const auto a = rocArea(open, shut);
        return a ? a->area : std::nan("");
    }
};

/// One sequence through the network, or with the truth in place of its closures, which shows what the rule
/// for blinks can reach at all. @param step  uses every so many frames.
Tally follow(const BlinkSequence &s, LidNetwork *network, int step = 1)
{
    Tally tally;
    LidMemory memory;
    std::vector<EyeSample> closures;
    const double rate = s.rate / step;
    for (std::size_t i = 0; i < s.parts.size(); i += std::size_t(step)) {
        const auto truth = LidReading{double(s.closure[i]), double(s.closure[i])};
        const Result<std::vector<LidReading>> reading =
            network ? network->step({s.parts[i]}, {&memory}) : Result<std::vector<LidReading>>(std::vector{truth});
        if (!reading) {
            std::printf("%s\n", qPrintable(reading.error().text()));
            return tally;
        }
        const LidReading &r = reading->front();
        closures.push_back({FrameIndex(i), double(i) / s.rate, r.closure, {}});
        (s.closed[i] ? tally.shut : tally.open).push_back(r.closed);
        tally.off += std::abs(r.closure - double(s.closure[i]));
        ++tally.frames;
    }
    std::vector<LidEvent> events = findLidEvents(closures, asRead(closures));
    std::erase_if(events, [](const LidEvent &e) { return !isBlink(e); });
    tally.events = int(events.size());
    const double length = double(s.parts.size()) / s.rate, tolerance = 2.0 / std::min(rate, 30.0);
    std::vector<bool> used(events.size());
    for (const auto &[apex, depth] : s.blinks) {
        // The frames in which the shutter saw this blink at its deepest.
        double peak = 0.0;
        const auto near = [&](auto &&of) {
            for (std::size_t i = 0; i < s.closure.size(); i += std::size_t(step)) {
                if (std::abs(double(i) / s.rate - apex) <= 0.15)
                    of(i);
            }
        };
        near([&](std::size_t i) { peak = std::max(peak, double(s.closure[i])); });
        double from = length, to = -1.0;
        near([&](std::size_t i) {
            if (double(s.closure[i]) >= peak - 0.05) {
                from = std::min(from, double(i) / s.rate);
                to = std::max(to, double(i) / s.rate);
            }
        });
        const bool counts = peak >= kSeen && apex > 0.4 && apex < length - 0.5;
        bool found = false;
        for (std::size_t k = 0; k < events.size() && !found; ++k) {
            const double at = events[k].apexSeconds;
            if (used[k] || at < from - tolerance || at > to + tolerance)
                continue;
            used[k] = true;
            found = true;
        }
        if (counts)
            ++(found ? tally.hit : tally.missed);
        if (counts && !found && qEnvironmentVariableIsSet("FW_SHOW_MISSED")) {
            double read = 0.0;
            for (const EyeSample &c : closures)
                read = std::max(read, std::abs(c.seconds - apex) <= 0.15 ? *c.left : 0.0);
            std::printf("missed: depth %.2f, seen %.2f, read %.2f, at %.2f s\n", depth, peak, read, apex);
        }
    }
    for (std::size_t k = 0; k < events.size(); ++k) {
        const double at = events[k].apexSeconds;
        const bool edge = at <= 0.4 || at >= length - 0.5;
        const bool unclear = std::any_of(s.blinks.begin(), s.blinks.end(), [&](const auto &b) {
            return std::abs(b.first - at) <= 0.3 && b.second < kSeen && b.second >= kUnclear;
        });
        tally.invented += !used[k] && !edge && !unclear ? 1 : 0;
    }
    for (const auto &[from, to] : s.glances) {
        ++tally.glances;
        tally.misread += std::any_of(events.begin(), events.end(), [&](const LidEvent &e) {
            const bool real = std::any_of(s.blinks.begin(), s.blinks.end(), [&](const auto &b) { return std::abs(b.first - e.apexSeconds) <= 0.2; });
            return !real && e.apexSeconds >= from - 0.1 && e.apexSeconds <= to + 0.1;
        }) ? 1 : 0;
    }
    return tally;
}

void print(const char *what, const Tally &t)
{
    std::printf("%-34s %7d %8.4f %8.3f %6d %6d %8d %7.4f\n", what, t.frames, t.area(), t.off / std::max(1, t.frames),
                t.hit + t.missed, t.missed, t.invented, t.f1());
    std::fflush(stdout);
}

} // namespace

int onDrawnLids(const QString &file, LidNetwork &network)
{
    const auto scenes = lab::readBlinkScenes(file.toStdString());
    if (!scenes || scenes->empty())
        return std::printf("there are no scenes in %s\n", qPrintable(file)), 1;
    std::printf("%zu drawn eyes; half of the sequences went through H.264 at a constant rate factor of 18 to 38\n", scenes->size());
    std::printf("%-34s %7s %8s %8s %6s %6s %8s %7s\n", "sequences", "frames", "AUC shut", "closure", "blinks", "missed", "invented", "F1");
    struct Kind
    {
        const char *name;
        double rate, eyeWidth;
        std::size_t every;
    };
    const Kind kinds[] = {{"30 frames/s, eyes of 20 px", 30, 20, 2},   {"30 frames/s, eyes of 30 px", 30, 30, 2},
                          {"30 frames/s, eyes of 43 px and more", 30, 60, 2}, {"30 frames/s, eyes of 14 px", 30, 14, 2},
                          {"30 frames/s, eyes of 12 px", 30, 12, 4},   {"15 frames/s, eyes of 30 px", 15, 30, 2},
                          {"25 frames/s, eyes of 30 px", 25, 30, 4},   {"50 frames/s, eyes of 30 px", 50, 30, 4},
                          {"60 frames/s, eyes of 30 px", 60, 30, 4}};
    Tally large, rule;
    std::map<std::int32_t, Tally> people;
    for (const Kind &kind : kinds) {
        render::Random random(77);
        Tally sum;
        for (std::size_t i = 0; i < scenes->size(); i += kind.every) {
            lab::SequenceOrder order;
            order.rate = kind.rate;
            order.eyeWidth = kind.eyeWidth;
            order.seconds = 10;
            order.blinksPerMinute = 30;
            const BlinkSequence s = lab::playScene((*scenes)[i], order, random);
            const Tally one = follow(s, &network);
            sum += one;
            if (kind.rate == 30 && kind.eyeWidth == 30)
                rule += follow(s, nullptr);
            if (kind.rate == 30 && kind.eyeWidth >= 20)
                people[(*scenes)[i].person] += one;
        }
        print(kind.name, sum);
        if (kind.rate == 30 && kind.eyeWidth >= 20)
            large += sum;
    }
    print("30 frames/s, 20 px and more", large);
    Tally worst;
    double least = 2.0;
    for (const auto &[person, t] : people) {
        if (t.hit + t.missed >= 5 && t.f1() < least) {
            least = t.f1();
            worst = t;
        }
    }
    print("  the worst person of these", worst);
    print("the rule on the truth, 30 px", rule);

    render::Random random(78);
    Tally glances;
    for (std::size_t i = 0; i < scenes->size(); i += 2) {
        lab::SequenceOrder order;
        order.seconds = 12;
        order.eyeWidth = 30;
        order.blinksPerMinute = order.squintsPerMinute = order.looksPerMinute = 0;
        order.glancesPerMinute = 20;
        order.leastGlanceSeconds = 1.0;
        glances += follow(lab::playScene((*scenes)[i], order, random), &network);
    }
    std::printf("looks down of 1 s and more: %d, misread as blinks: %d (%.1f %%)\n", glances.glances, glances.misread,
                100.0 * glances.misread / std::max(1, glances.glances));

    int counts[3] = {};
    for (std::size_t i = 0; i < scenes->size(); i += 3) {
        lab::SequenceOrder order;
        order.rate = 60;
        order.seconds = 10;
        order.eyeWidth = 30;
        const BlinkSequence s = lab::playScene((*scenes)[i], order, random);
        for (int k = 0; k < 3; ++k)
            counts[k] += follow(s, &network, 1 << k).events;
    }
    std::printf("blinks counted at 60, 30 and 15 frames/s of the same sequences: %d, %d, %d\n", counts[0], counts[1], counts[2]);
    return 0;
}

} // namespace fw::accuracy
