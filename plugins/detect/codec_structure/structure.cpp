// SPDX-License-Identifier: GPL-3.0-or-later
#include "structure_detector.h"

#include "container_checks.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

/// A single lost frame happens to every recorder; so do losses all over a clip.
constexpr std::int64_t kStrongMissing = 2;
constexpr std::size_t kFewGaps = 5;
constexpr double kFewGapShare = 0.02;
/// Longer lists of the same kind would hide the rest; the counts stand in the facts.
constexpr std::size_t kMostOfAKind = 20;
constexpr std::size_t kFewFrozen = 5;

void addGaps(const Structure &s, const MediaFacts &media, const SceneSteps &scene,
             std::vector<Oddity> &oddities)
{
    const std::vector<TimestampGap> &gaps = s.timing.gaps;
    const bool few = gaps.size() <= kFewGaps
        && double(gaps.size()) <= std::max(1.0, kFewGapShare * double(s.timing.stepSeconds.size()));
    const bool lossy = media.container.contains(u"mpegts"_s); // broadcast and streams lose packets
    for (std::size_t i = 0; i < std::min(gaps.size(), kMostOfAKind); ++i) {
        const TimestampGap &gap = gaps[i];
        Oddity oddity;
        oddity.weight = few && !lossy && gap.missing >= kStrongMissing ? Weight::Strong : Weight::Weak;
        oddity.frame = gap.after;
        oddity.what = u"%n frame(s) are missing before frame %1: the clock steps by %2 ms, elsewhere by %3 ms"_s
                          .arg(gap.after).arg(1000.0 * gap.seconds, 0, 'f', 1)
                          .arg(1000.0 * s.timing.typicalSeconds, 0, 'f', 1);
        oddity.what.replace(u"%n frame(s) are"_s, gap.missing == 1
                                ? u"1 frame is"_s : u"%1 frames are"_s.arg(gap.missing));
        if (const auto jump = scene.jumpAt(gap.after))
            oddity.what += u"; the picture changes %1 times as much as between the neighbours"_s
                               .arg(*jump, 0, 'f', 1);
        oddity.ordinary = lossy
            ? u"Lost packets in a broadcast or stream."_s
            : u"Phones, screen recorders and streaming programs drop frames under load; a paused "
              "recording does the same."_s;
        oddities.push_back(std::move(oddity));
    }
}

void addClockFaults(const Timing &timing, std::vector<Oddity> &oddities)
{
    const auto list = [&](const std::vector<FrameIndex> &frames, Weight weight, const QString &what,
                          const QString &ordinary) {
        if (!frames.empty())
            oddities.push_back({weight, what.arg(frames.size()).arg(frames.front()), ordinary,
                                frames.front()});
    };
    list(timing.backward, Weight::Weak, u"the clock runs backward at %1 frames, first at frame %2"_s,
         u"Joined or wrapped transport streams, and careless joining of files."_s);
    list(timing.repeated, Weight::Weak, u"%1 frames have the time of the frame before, first frame %2"_s,
         u"Faulty encoders and captures."_s);
    list(timing.overlaps, Weight::Note,
         u"%1 frames are declared to last into the next frame, first frame %2"_s,
         u"Containers that store one duration for all frames."_s);
    if (!timing.constantRate && timing.typicalSeconds > 0.0 && timing.stepSeconds.size() > 2)
        oddities.push_back({Weight::Note,
                            u"the frame rate varies: %1 % of the steps have the typical length of %2 ms"_s
                                .arg(100.0 * timing.regularShare, 0, 'f', 1)
                                .arg(1000.0 * timing.typicalSeconds, 0, 'f', 1),
                            u"Phones and screen recorders capture so. Missing frames cannot be told "
                            "from pauses."_s,
                            std::nullopt});
}

void addDuplicates(const Duplicates &duplicates, std::vector<Oddity> &oddities)
{
    for (std::size_t i = 0; i < std::min(duplicates.runs.size(), kMostOfAKind); ++i) {
        const DuplicateRun &run = duplicates.runs[i];
        const QString place = u"frames %1 to %2 are bit for bit frames %3 to %4"_s
                                  .arg(run.copy.begin).arg(run.copy.end - 1)
                                  .arg(run.original.begin).arg(run.original.end - 1);
        if (run.loop)
            oddities.push_back({Weight::Weak, place + u", over and over"_s,
                                u"Looped animations, test cards and waiting screens."_s, run.copy.begin});
        else
            oddities.push_back({Weight::Strong, place + u" (%1 different pictures)"_s.arg(run.distinct),
                                u"Replays, animations and computer-made pictures can repeat exactly; "
                                "a camera's noise never does."_s,
                                run.copy.begin});
    }
    if (duplicates.frozen.size() > kFewFrozen) {
        oddities.push_back({Weight::Note,
                            u"the picture stands still, bit for bit, in %1 places of three frames and more, "
                            "first from frame %2"_s
                                .arg(duplicates.frozen.size()).arg(duplicates.frozen.front().range.begin),
                            u"A frame rate raised by showing each picture several times, title cards and "
                            "screen recordings."_s,
                            duplicates.frozen.front().range.begin});
        return;
    }
    for (std::size_t i = 0; i < duplicates.frozen.size(); ++i) {
        const FrameRange range = duplicates.frozen[i].range;
        oddities.push_back({Weight::Note,
                            u"the picture stands still, bit for bit, from frame %1 to %2"_s
                                .arg(range.begin).arg(range.end - 1),
                            u"Raised frame rates, stalled captures, title cards and screen recordings."_s,
                            range.begin});
    }
}

void addGroups(const Groups &groups, std::vector<Oddity> &oddities)
{
    if (groups.total() > 0 && !groups.startsWithKey)
        oddities.push_back({Weight::Weak, u"the first frame shown is not a key frame"_s,
                            u"A stream recorded from its middle; a cut without coding anew."_s,
                            FrameIndex(0)});
    for (std::size_t i = 0; i < std::min(groups.breaks.size(), kMostOfAKind); ++i) {
        const GroupBreak &broken = groups.breaks[i];
        oddities.push_back({Weight::Weak,
                            u"key frame %1 comes after %2 frames, elsewhere every %3, and the scene does "
                            "not change there"_s
                                .arg(broken.keyFrame).arg(broken.spacing).arg(broken.usual),
                            u"Joining without coding anew leaves this; so do encoders that place key "
                            "frames by segment, by bit rate or on demand."_s,
                            broken.keyFrame});
    }
}

} // namespace

Structure measureStructure(const MediaFacts &media, const Metadata &metadata, const Ledger &ledger,
                           const SceneSteps &scene)
{
    Structure s;
    s.timing = measureTiming(ledger);
    s.groups = findGroups(ledger, [&](FrameIndex index) { return scene.isCut(index); });
    s.duplicates = findDuplicates(ledger);

    addGaps(s, media, scene, s.oddities);
    addDuplicates(s.duplicates, s.oddities);
    addGroups(s.groups, s.oddities);
    addClockFaults(s.timing, s.oddities);
    for (auto &&more : {editListOddities(media), countOddities(media, ledger),
                        tagOddities(media, metadata)})
        s.oddities.insert(s.oddities.end(), more.begin(), more.end());
    std::stable_sort(s.oddities.begin(), s.oddities.end(), [](const Oddity &a, const Oddity &b) {
        return a.weight > b.weight;
    });
    return s;
}

} // namespace fw
