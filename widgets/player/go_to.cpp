// SPDX-License-Identifier: GPL-3.0-or-later
#include "player/go_to.h"

#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

Result<FrameIndex> frameNumber(FrameIndex index, const GoToContext &context)
{
    if (index >= 0 && index < context.clock.frameCount)
        return index;
    return fail(Errc::NotFound, u"frame %1 does not exist: the clip has frames 0 to %2"_s.arg(index)
                                    .arg(context.clock.frameCount - 1));
}

Result<FrameIndex> atSeconds(double seconds, const GoToContext &context)
{
    const double end = context.clock.duration();
    // A millisecond of grace: people type the rounded time that the status line shows.
    const auto found = context.clock.indexAt(seconds + 0.0005);
    if (seconds < 0.0 || !found || seconds > end + 1.0) {
        return fail(Errc::NotFound, u"%1 lies outside the clip, which ends at %2"_s.arg(
                                        clockText(seconds), clockText(end)));
    }
    return *found;
}

Result<FrameIndex> atPts(std::int64_t pts, const GoToContext &context)
{
    const auto &entries = context.ledger.entries;
    if (entries.empty())
        return atSeconds(double(pts - context.startTicks) * context.timeBase.toDouble(), context);
    auto after = std::upper_bound(entries.begin(), entries.end(), pts,
                                  [](std::int64_t p, const LedgerEntry &e) { return p < e.pts; });
    if (after == entries.begin() || pts > entries.back().pts + std::max<std::int64_t>(entries.back().duration, 0)) {
        return fail(Errc::NotFound, u"PTS %1 lies outside the clip, which has %2 to %3"_s.arg(pts)
                                        .arg(entries.front().pts)
                                        .arg(entries.back().pts));
    }
    return FrameIndex(after - entries.begin()) - 1;
}

} // namespace

Result<FrameIndex> parseGoTo(const QString &given, const GoToContext &context)
{
    static const QRegularExpression frame(u"^(?:f|frame)\\s*(\\d{1,15})$"_s), plain(u"^(\\d{1,15})$"_s),
        relative(u"^([+\\-−])\\s*(\\d{1,15})$"_s), seconds(u"^(\\d+(?:[.,]\\d*)?)\\s*(s?)$"_s),
        pts(u"^p(?:ts)?\\s*(-?\\d{1,18})$"_s), frames(u"^(\\d+:\\d{1,2}:\\d{1,2}):(\\d{1,3})$"_s);
    const QString text = given.trimmed().toLower();
    if (context.clock.frameCount < 1)
        return fail(Errc::NotFound, u"there is no clip to move in"_s);
    if (auto m = plain.match(text); m.hasMatch())
        return frameNumber(m.captured(1).toLongLong(), context);
    if (auto m = frame.match(text); m.hasMatch())
        return frameNumber(m.captured(1).toLongLong(), context);
    if (auto m = relative.match(text); m.hasMatch()) {
        const FrameIndex by = m.captured(2).toLongLong();
        return frameNumber(context.playhead + (m.captured(1) == u"+"_s ? by : -by), context);
    }
    if (auto m = pts.match(text); m.hasMatch())
        return atPts(m.captured(1).toLongLong(), context);
    if (auto m = seconds.match(text); m.hasMatch())
        return atSeconds(m.captured(1).replace(u',', u'.').toDouble(), context);
    double clock = 0.0;
    if (auto m = frames.match(text); m.hasMatch() && parseClock(m.captured(1), &clock)) {
        // The ff of hh:mm:ss:ff counts the frames that are shown within that second.
        auto first = atSeconds(clock, context);
        if (!first)
            return first;
        FrameIndex begin = *first;
        while (begin < context.clock.frameCount && context.clock.secondsOf(begin) < clock - 0.0005)
            ++begin;
        return frameNumber(begin + m.captured(2).toLongLong(), context);
    }
    if (parseClock(text, &clock))
        return atSeconds(clock, context);
    return fail(Errc::BadData, u"“%1” is no frame, time or PTS; try 312, 12.5 s, 0:12.48 or pts 1024"_s.arg(
                                   given.trimmed()));
}

} // namespace fw
