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

using Eyes = std::vector<BlinkSequence>; ///< one eye, or both of one head

/// What was read of the eyes of one sequence.
struct Reading
{
    std::vector<EyeSample> closures;
    std::vector<double> open, shut; ///< probability of a shut eye, by the truth
    double off = 0.0;
};

/// Eyes through the network, or with the truth in place of its closures, which shows what the rule for
/// blinks can reach at all. @param step  uses every so many frames.
Reading readEyes(const Eyes &eyes, LidNetwork *network, int step = 1)
{
    Reading all;
    std::vector<LidMemory> memories(eyes.size());
    std::vector<LidMemory *> memory;
    for (LidMemory &m : memories)
        memory.push_back(&m);
    for (std::size_t i = 0; i < eyes.front().parts.size(); i += std::size_t(step)) {
        std::vector<cv::Mat> parts;
        std::vector<LidReading> readings;
        for (const BlinkSequence &s : eyes) {
            parts.push_back(s.parts[i]);
            readings.push_back({double(s.closure[i]), double(s.closure[i])});
        }
        if (network) {
            const auto stepped = network->step(parts, memory);
            if (!stepped) {
                std::printf("%s\n", qPrintable(stepped.error().text()));
                return all;
            }
            readings = *stepped;
        }
        EyeSample sample{FrameIndex(i), double(i) / eyes.front().rate, readings.front().closure, {}};
        if (eyes.size() > 1)
            sample.right = readings.back().closure;
        all.closures.push_back(sample);
        for (std::size_t k = 0; k < eyes.size(); ++k) {
            (eyes[k].closed[i] ? all.shut : all.open).push_back(readings[k].closed);
            all.off += std::abs(readings[k].closure - double(eyes[k].closure[i]));
        }
    }
    return all;
}

/// Blinks in what was read, beside the truth of the first eye.
Tally score(const BlinkSequence &s, const Reading &read, const LidRule &rule, int step = 1)
{
    Tally tally;
    tally.open = read.open;
    tally.shut = read.shut;
    tally.off = read.off;
    tally.frames = int(read.open.size() + read.shut.size());
    const std::vector<EyeSample> &closures = read.closures;
    const double rate = s.rate / step;
    std::vector<LidEvent> events = findLidEvents(closures, asRead(closures), rule);
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
            double most = 0.0;
            for (const EyeSample &c : closures)
                most = std::max(most, std::abs(c.seconds - apex) <= 0.15 ? *c.left : 0.0);
            std::printf("missed: depth %.2f, seen %.2f, read %.2f, at %.2f s\n", depth, peak, most, apex);
        }
    }
    for (std::size_t k = 0; k < events.size(); ++k) {
        const double at = events[k].apexSeconds;
        const bool edge = at <= 0.4 || at >= length - 0.5;
        const bool unclear = std::any_of(s.blinks.begin(), s.blinks.end(), [&](const auto &b) {
            return std::abs(b.first - at) <= 0.3 && b.second < kSeen && b.second >= kUnclear;
        });
        if (used[k] || edge || unclear)
            continue;
        ++tally.invented;
        if (qEnvironmentVariableIsSet("FW_SHOW_MISSED")) {
            const bool down = std::any_of(s.glances.begin(), s.glances.end(), [&](const auto &g) { return at > g.first - 0.1 && at < g.second + 0.2; });
            std::printf("invented: read %.2f, %.2f s long, at %.2f s%s\n", 1.0 - events[k].minAperture, events[k].halfDepthSeconds, at,
                        down ? ", in a look down" : "");
        }
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

struct Kind
{
    const char *name;
    double rate, eyeWidth;
    std::size_t every; ///< uses every so many heads
};
constexpr Kind kKinds[] = {{"30 frames/s, eyes of 20 px", 30, 20, 1},   {"30 frames/s, eyes of 30 px", 30, 30, 1},
                           {"30 frames/s, eyes of 43 px and more", 30, 60, 1}, {"30 frames/s, eyes of 14 px", 30, 14, 1},
                           {"30 frames/s, eyes of 12 px", 30, 12, 2},   {"15 frames/s, eyes of 30 px", 15, 30, 1},
                           {"25 frames/s, eyes of 30 px", 25, 30, 2},   {"50 frames/s, eyes of 30 px", 50, 30, 2},
                           {"60 frames/s, eyes of 30 px", 60, 30, 2}};

using Scenes = std::vector<lab::BlinkScene>;

/// Both eyes of one head. @param head  from 0 on; the eyes lie side by side in the file.
Eyes play(const Scenes &scenes, std::size_t head, const lab::SequenceOrder &order, render::Random &random)
{
    auto both = lab::playBothEyes(scenes[2 * head], scenes[2 * head + 1], order, random);
    return {std::move(both[0]), std::move(both[1])};
}

/// Ten seconds with blinks, looks down and aside, and squints of every head.
std::vector<std::pair<std::int32_t, Eyes>> playAll(const Scenes &scenes, const Kind &kind, int every)
{
    render::Random random(77);
    std::vector<std::pair<std::int32_t, Eyes>> played;
    for (std::size_t head = 0; head < scenes.size() / 2; head += kind.every * std::size_t(every)) {
        lab::SequenceOrder order;
        order.rate = kind.rate;
        order.eyeWidth = kind.eyeWidth;
        order.seconds = 10;
        order.blinksPerMinute = 30;
        played.push_back({scenes[2 * head].person, play(scenes, head, order, random)});
    }
    return played;
}

/// Twelve seconds of looks down of a second and more, and nothing else.
std::vector<Eyes> playLooksDown(const Scenes &scenes, int every)
{
    render::Random random(78);
    std::vector<Eyes> played;
    for (std::size_t head = 0; head < scenes.size() / 2; head += std::size_t(every)) {
        lab::SequenceOrder order;
        order.seconds = 12;
        order.eyeWidth = 30;
        order.blinksPerMinute = order.squintsPerMinute = order.looksPerMinute = 0;
        order.glancesPerMinute = 20;
        order.leastGlanceSeconds = 1.0;
        played.push_back(play(scenes, head, order, random));
    }
    return played;
}

void reportPeople(const std::map<std::int32_t, Tally> &people)
{
    Tally worst;
    double least = 2.0;
    for (const auto &[person, t] : people) {
        if (t.hit + t.missed >= 5 && t.f1() < least) {
            least = t.f1();
            worst = t;
        }
    }
    print("  the worst person of these", worst);
}

void reportRates(const Scenes &scenes, LidNetwork &network, const LidRule &rule, int every)
{
    render::Random random(79);
    int counts[3] = {};
    for (std::size_t head = 0; head < scenes.size() / 2; head += 2 * std::size_t(every)) {
        lab::SequenceOrder order;
        order.rate = 60;
        order.seconds = 10;
        order.eyeWidth = 30;
        const Eyes eyes = play(scenes, head, order, random);
        for (int k = 0; k < 3; ++k)
            counts[k] += score(eyes.front(), readEyes(eyes, &network, 1 << k), rule, 1 << k).events;
    }
    std::printf("blinks counted at 60, 30 and 15 frames/s of the same sequences: %d, %d, %d\n", counts[0], counts[1], counts[2]);
}

/// The scenes of a file; none when it cannot be read.
Scenes scenesIn(const QString &file)
{
    auto scenes = lab::readBlinkScenes(file.toStdString());
    if (!scenes || scenes->size() < 2) {
        std::printf("there are no scenes in %s\n", qPrintable(file));
        return {};
    }
    return std::move(*scenes);
}

} // namespace

int onDrawnLids(const QString &file, LidNetwork &network, int every)
{
    const Scenes scenes = scenesIn(file);
    if (scenes.empty())
        return 1;
    const LidRule rule; // chooseLidRule found none that is better
    std::printf("%zu drawn eyes, two and two of one head; half of the sequences went through H.264 at a constant rate factor of 18 to 38\n", scenes.size());
    std::printf("%-34s %7s %8s %8s %6s %6s %8s %7s\n", "sequences", "frames", "AUC shut", "closure", "blinks", "missed", "invented", "F1");
    Tally large, oneEye, truth;
    std::map<std::int32_t, Tally> people;
    for (const Kind &kind : kKinds) {
        Tally sum;
        for (const auto &[person, eyes] : playAll(scenes, kind, every)) {
            const Tally one = score(eyes.front(), readEyes(eyes, &network), rule);
            sum += one;
            if (kind.rate != 30 || kind.eyeWidth < 20)
                continue;
            people[person] += one;
            const Eyes left{eyes.front()};
            oneEye += score(eyes.front(), readEyes(left, &network), rule);
            if (kind.eyeWidth == 30)
                truth += score(eyes.front(), readEyes(eyes, nullptr), {});
        }
        print(kind.name, sum);
        if (kind.rate == 30 && kind.eyeWidth >= 20)
            large += sum;
    }
    print("30 frames/s, 20 px and more", large);
    reportPeople(people);
    print("  the same, one eye alone", oneEye);
    print("the rule on the truth, 30 px", truth);
    Tally down;
    for (const Eyes &eyes : playLooksDown(scenes, every))
        down += score(eyes.front(), readEyes(eyes, &network), rule);
    std::printf("looks down of 1 s and more: %d, misread as blinks: %d (%.1f %%)\n", down.glances, down.misread,
                100.0 * down.misread / std::max(1, down.glances));
    reportRates(scenes, network, rule, every);
    return 0;
}

int chooseLidRule(const QString &file, LidNetwork &network, int every)
{
    const Scenes scenes = scenesIn(file);
    if (scenes.empty())
        return 1;
    struct Read
    {
        BlinkSequence truth;
        Reading reading;
    };
    const auto read = [&network](Eyes &eyes) {
        Reading reading = readEyes(eyes, &network);
        return Read{std::move(eyes.front()), std::move(reading)};
    };
    std::vector<Read> large, small, down;
    for (const Kind &kind : kKinds) {
        if (kind.rate != 30)
            continue;
        for (auto &[person, eyes] : playAll(scenes, kind, every))
            (kind.eyeWidth >= 20 ? large : small).push_back(read(eyes));
    }
    for (Eyes &eyes : playLooksDown(scenes, every))
        down.push_back(read(eyes));
    const auto sum = [](const std::vector<Read> &of, const LidRule &rule) {
        Tally tally;
        for (const Read &one : of)
            tally += score(one.truth, one.reading, rule);
        return tally;
    };
    std::printf("height prominence  missed invented      F1   F1 at 12-14 px  looks misread\n");
    for (const double height : {0.15, 0.20, 0.25, 0.30, 0.35, 0.40}) {
        for (const double prominence : {0.10, 0.15, 0.20, 0.25}) {
            const LidRule rule{height, prominence};
            const Tally a = sum(large, rule), b = sum(small, rule), c = sum(down, rule);
            std::printf("%6.2f %10.2f %7d %8d %7.4f %9.4f %8d of %d\n", height, prominence, a.missed, a.invented, a.f1(), b.f1(),
                        c.misread, c.glances);
        }
    }
    return 0;
}

} // namespace fw::accuracy
