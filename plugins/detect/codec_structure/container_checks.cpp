// SPDX-License-Identifier: GPL-3.0-or-later
#include "container_checks.h"

#include <QDateTime>
#include <QStringList>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

/// Reordering of B pictures delays the first frame by a few frames; players are told to skip them.
constexpr double kOrdinaryLeadSeconds = 0.25;
constexpr std::int64_t kFewFrames = 2;
constexpr double kFewShare = 0.01;
constexpr double kDurationSlackSeconds = 0.5;
constexpr double kDurationSlackShare = 0.05;

/// Words in encoder tags that name programs for editing or converting.
const QStringList &programWords()
{
    static const QStringList words{
        u"Adobe"_s, u"Premiere"_s, u"After Effects"_s, u"Final Cut"_s, u"iMovie"_s, u"DaVinci"_s,
        u"Resolve"_s, u"Blackmagic"_s, u"Avid"_s, u"VEGAS"_s, u"Movie Maker"_s, u"Camtasia"_s,
        u"CapCut"_s, u"InShot"_s, u"KineMaster"_s, u"Filmora"_s, u"Shotcut"_s, u"Kdenlive"_s,
        u"OpenShot"_s, u"HandBrake"_s, u"Avidemux"_s, u"VirtualDub"_s, u"Lavf"_s, u"Lavc"_s,
        u"x264"_s, u"x265"_s, u"GPAC"_s, u"MEncoder"_s, u"mkvmerge"_s, u"OBS"_s, u"QuickTime"_s};
    return words;
}

bool isSet(const QDateTime &time)
{
    return time.isValid() && time.date().year() > 1970; // 1904 and 1970 are the clocks' zero
}

QDateTime timeOf(const std::map<QString, QString> &tags, const QString &key)
{
    const auto found = tags.find(key);
    return found == tags.end() ? QDateTime() : QDateTime::fromString(found->second, Qt::ISODateWithMs);
}

void addProgram(const std::map<QString, QString> &tags, const QString &where,
                std::vector<Oddity> &oddities)
{
    for (const QString &key : {u"encoder"_s, u"software"_s, u"com.apple.quicktime.software"_s,
                               u"handler_name"_s, u"comment"_s}) {
        const auto found = tags.find(key);
        if (found == tags.end())
            continue;
        const bool known = std::any_of(programWords().begin(), programWords().end(), [&](const QString &w) {
            return found->second.contains(w, Qt::CaseInsensitive);
        });
        if (known)
            oddities.push_back({Weight::Note,
                                u"the tag %1 of %2 names a program: %3"_s.arg(key, where, found->second),
                                u"Platforms, converters and many phone programs write such tags without "
                                "any editing."_s,
                                std::nullopt});
    }
}

} // namespace

QString weightName(Weight weight)
{
    switch (weight) {
    case Weight::Strong: return u"strong"_s;
    case Weight::Weak: return u"weak"_s;
    default: return u"note"_s;
    }
}

std::vector<Oddity> editListOddities(const MediaFacts &media)
{
    std::vector<Oddity> oddities;
    const StreamFacts *video = media.video();
    if (!video)
        return oddities;
    std::vector<EditListEntry> segments;
    for (const EditListEntry &entry : media.editList) {
        if (entry.streamIndex == video->index && entry.mediaTime >= 0)
            segments.push_back(entry);
    }
    if (segments.size() > 1)
        oddities.push_back({Weight::Weak,
                            u"the edit list shows %1 separate segments of the recording"_s
                                .arg(segments.size()),
                            u"Trimming and joining in a phone's album or in QuickTime does this without "
                            "coding anything anew; frames between the segments may still be in the file."_s,
                            std::nullopt});
    if (!segments.empty()) {
        const double lead = double(segments.front().mediaTime) * video->timeBase.toDouble();
        if (lead > kOrdinaryLeadSeconds)
            oddities.push_back({Weight::Weak,
                                u"the edit list hides the first %1 s of the stored video"_s
                                    .arg(lead, 0, 'f', 3),
                                u"Trimming without coding anew does this; the hidden frames are still "
                                "in the file."_s,
                                FrameIndex(0)});
    }
    const bool changed = std::any_of(segments.begin(), segments.end(),
                                     [](const EditListEntry &e) { return e.rate != 1.0; });
    if (changed)
        oddities.push_back({Weight::Weak, u"the edit list plays a segment at a changed speed"_s,
                            u"Slow-motion recordings of phones can be stored so."_s, std::nullopt});
    return oddities;
}

std::vector<Oddity> countOddities(const MediaFacts &media, const Ledger &ledger)
{
    std::vector<Oddity> oddities;
    const StreamFacts *video = media.video();
    if (!video || ledger.entries.empty())
        return oddities;
    if (!ledger.complete)
        oddities.push_back({Weight::Note,
                            u"not every frame could be decoded%1"_s.arg(
                                ledger.endReason.isEmpty() ? QString() : u": "_s + ledger.endReason),
                            u"Truncated copies and damaged storage."_s, std::nullopt});
    const bool edited = std::any_of(media.editList.begin(), media.editList.end(),
                                    [&](const EditListEntry &e) { return e.streamIndex == video->index; });
    if (video->declaredFrames && !edited) {
        const std::int64_t difference = ledger.count() - *video->declaredFrames;
        const bool large = std::abs(difference) > kFewFrames
            && double(std::abs(difference)) > kFewShare * double(*video->declaredFrames);
        if (large)
            oddities.push_back({ledger.complete ? Weight::Weak : Weight::Note,
                                u"the container declares %1 frames, %2 were counted"_s
                                    .arg(*video->declaredFrames).arg(ledger.count()),
                                u"Recordings that were broken off, damaged files and careless repair "
                                "programs."_s,
                                std::nullopt});
    }
    if (video->durationTicks && !edited) {
        const LedgerEntry &last = ledger.entries.back();
        const double counted = double(last.pts + last.duration - ledger.entries.front().pts)
            * ledger.timeBase.toDouble();
        const double declared = double(*video->durationTicks) * video->timeBase.toDouble();
        const double slack = std::max(kDurationSlackSeconds, kDurationSlackShare * declared);
        if (std::abs(counted - declared) > slack)
            oddities.push_back({Weight::Note,
                                u"the video stream declares %1 s, its frames span %2 s"_s
                                    .arg(declared, 0, 'f', 3).arg(counted, 0, 'f', 3),
                                u"Containers that estimate the length, and broken-off recordings."_s,
                                std::nullopt});
    }
    return oddities;
}

std::vector<Oddity> tagOddities(const MediaFacts &media, const Metadata &metadata)
{
    std::vector<Oddity> oddities;
    addProgram(media.tags, u"the container"_s, oddities);
    for (const StreamFacts &stream : media.streams)
        addProgram(stream.tags, u"stream %1"_s.arg(stream.index), oddities);

    const QDateTime created = timeOf(media.tags, u"creation_time"_s);
    for (const QString &key : {u"modification_date"_s, u"modification_time"_s}) {
        const QDateTime changed = timeOf(media.tags, key);
        if (isSet(created) && isSet(changed) && changed > created)
            oddities.push_back({Weight::Note,
                                u"the file says it was changed (%1) after it was made (%2)"_s
                                    .arg(changed.toString(Qt::ISODate), created.toString(Qt::ISODate)),
                                u"Adding a title or a place changes this date too."_s, std::nullopt});
    }
    for (const StreamFacts &stream : media.streams) {
        const QDateTime own = timeOf(stream.tags, u"creation_time"_s);
        if (isSet(created) && isSet(own) && own != created)
            oddities.push_back({Weight::Note,
                                u"stream %1 was made at %2, the file at %3"_s.arg(stream.index)
                                    .arg(own.toString(Qt::ISODate), created.toString(Qt::ISODate)),
                                u"A recording that took a while, or a copy into a new container."_s,
                                std::nullopt});
    }
    if (const auto tool = metadata.value(u"Xmp.xmp.CreatorTool"_s))
        oddities.push_back({Weight::Note, u"the XMP metadata names a program: %1"_s.arg(*tool),
                            u"Import and album programs write XMP as well as editors."_s, std::nullopt});
    return oddities;
}

QString writingProgram(const MediaFacts &media)
{
    QStringList names;
    const auto add = [&](const std::map<QString, QString> &tags) {
        const auto found = tags.find(u"encoder"_s);
        if (found != tags.end() && !names.contains(found->second))
            names << found->second;
    };
    add(media.tags);
    for (const StreamFacts &stream : media.streams)
        add(stream.tags);
    return names.join(u"; "_s);
}

} // namespace fw
