// SPDX-License-Identifier: GPL-3.0-or-later
#include "blinks/blink_count.h"

#include <QJsonArray>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kComplete = 0.75; ///< strength (greatest closure) from which a blink is complete

bool isBlinkEvent(const Event &e)
{
    return e.kind == u"blink"_s || e.kind == u"long-closure"_s;
}

FrameIndex apexOf(const Event &e)
{
    return e.apex.value_or((e.range.begin + e.range.end - 1) / 2);
}

QString idOf(const char *what, TrackId track)
{
    return u"%1.%2"_s.arg(QLatin1String(what)).arg(number(track));
}

const Table *tableIn(const Measurements &measured, const QString &id)
{
    const auto it = std::find_if(measured.tables.begin(), measured.tables.end(),
                                 [&](const Table &t) { return t.id == id; });
    return it == measured.tables.end() ? nullptr : &*it;
}

QString chance(double p)
{
    return p < 0.001 ? u"less than 0.1 %"_s : u"%1 %"_s.arg(100.0 * p, 0, 'f', p < 0.1 ? 1 : 0);
}

QString countText(const BlinkEvidence &e)
{
    return u"%1 blinks, %2 a minute, chance of so few %3"_s.arg(e.blinks).arg(e.perMinute, 0, 'f', 1)
        .arg(chance(e.pReference.value_or(e.pLow)));
}

} // namespace

QString correctionLabel(TrackId track, bool isBlink, const QString &version)
{
    const QString label = u"%1, face %2"_s.arg(isBlink ? u"Blink"_s : u"No blink"_s).arg(number(track) + 1);
    return version.isEmpty() ? label : u"%1 (method %2)"_s.arg(label, version);
}

std::optional<BlinkCorrection> correctionOf(const ExaminerMark &mark)
{
    static const QRegularExpression form(u"^(Blink|No blink), face ([1-9][0-9]{0,5})(?: \\(method ([0-9A-Za-z.+-]{1,40})\\))?$"_s);
    const auto match = form.match(mark.label);
    if (!match.hasMatch() || mark.range.length() <= 0)
        return std::nullopt;
    return BlinkCorrection{TrackId(match.captured(2).toInt() - 1), mark.range, match.captured(1) == u"Blink"_s, match.captured(3)};
}

std::vector<Event> lidEventsOf(const Measurements &measured, TrackId track)
{
    std::vector<Event> events;
    for (const Event &e : measured.events) {
        if (e.track == track && e.id.startsWith(u"lid."_s))
            events.push_back(e);
    }
    return events;
}

CorrectedBlinks correctBlinks(const std::vector<Event> &method, const std::vector<BlinkCorrection> &corrections,
                              TrackId track)
{
    CorrectedBlinks result;
    for (const Event &event : method) {
        const bool rejected = isBlinkEvent(event) && std::ranges::any_of(corrections, [&](const BlinkCorrection &c) {
            return c.track == track && !c.isBlink && c.range.contains(apexOf(event));
        });
        (rejected ? result.rejected : result.events).push_back(event);
    }
    for (const BlinkCorrection &c : corrections) {
        if (c.track != track)
            continue;
        if (!c.isBlink) {
            if (std::ranges::none_of(result.rejected, [&](const Event &e) { return c.range.contains(apexOf(e)); }))
                result.idle.push_back(c);
            continue;
        }
        Event event;
        event.id = u"examiner.%1.%2"_s.arg(number(track)).arg(c.range.begin);
        event.kind = u"blink"_s;
        event.label = u"Blink, added by the examiner"_s;
        event.range = c.range;
        event.apex = (c.range.begin + c.range.end - 1) / 2;
        event.track = track;
        event.strength = 1.0;
        result.added.push_back(event);
        result.events.push_back(event);
    }
    std::ranges::stable_sort(result.events, {}, apexOf);
    return result;
}

std::vector<LidEvent> countable(const std::vector<Event> &events, const FrameClock &clock)
{
    std::vector<LidEvent> lids;
    for (const Event &event : events) {
        LidEvent lid;
        if (event.kind == u"long-closure"_s)
            lid.kind = LidEventKind::Prolonged;
        else if (event.kind == u"eyes-shut"_s)
            lid.kind = LidEventKind::Shut;
        else if (event.kind == u"downward-glance"_s)
            lid.kind = LidEventKind::Glance;
        lid.beginSeconds = clock(event.range.begin);
        lid.apexSeconds = clock(apexOf(event));
        lid.endSeconds = clock(event.range.end - 1);
        lid.minAperture = 1.0 - event.strength;
        lid.complete = event.strength > kComplete;
        lids.push_back(lid);
    }
    return lids;
}

std::optional<double> blinkAgreement(const std::vector<Event> &a, const std::vector<Event> &b, FrameRange frames)
{
    const auto inside = [&](const std::vector<Event> &events) {
        std::vector<bool> in(std::size_t(std::max<std::int64_t>(0, frames.length())));
        for (const Event &e : events) {
            if (!isBlinkEvent(e))
                continue;
            for (FrameIndex i = std::max(e.range.begin, frames.begin); i < std::min(e.range.end, frames.end); ++i)
                in[std::size_t(i - frames.begin)] = true;
        }
        return in;
    };
    const std::vector<bool> first = inside(a), second = inside(b);
    const double n = double(first.size());
    double same = 0, yesA = 0, yesB = 0;
    for (std::size_t i = 0; i < first.size(); ++i) {
        same += first[i] == second[i] ? 1 : 0;
        yesA += first[i] ? 1 : 0;
        yesB += second[i] ? 1 : 0;
    }
    if (n == 0)
        return std::nullopt;
    const double byChance = (yesA * yesB + (n - yesA) * (n - yesB)) / (n * n);
    if (byChance >= 1.0)
        return std::nullopt;
    return (same / n - byChance) / (1.0 - byChance);
}

std::vector<Table> tablesOf(const BlinkBasis &basis, TrackId track)
{
    const BlinkFootage &f = basis.footage;
    Table numbers{idOf("basis", track), u"What the count rests on, face %1"_s.arg(number(track) + 1),
                  u"Enough to weigh the blinks again after an examiner has corrected them."_s,
                  {{u"Quantity"_s, {}, false}, {u"Value"_s, {}, false}}, {}};
    numbers.rows = {{u"usable time, s"_s, f.usableSeconds},
                    {u"usable share of the frames"_s, f.usableShare},
                    {u"longest stretch, s"_s, f.longestStretchSeconds},
                    {u"frames per second"_s, f.framesPerSecond},
                    {u"repeated frames, share"_s, f.repeatedShare},
                    {u"eye width, px"_s, f.medianEyeWidthPixels},
                    {u"turned away, share"_s, f.turnedAwayShare},
                    {u"situation"_s, basis.context.name},
                    {u"counter recall"_s, basis.counter.recall},
                    {u"counter false blinks a minute"_s, basis.counter.falsePerMinute},
                    {u"reference blinks"_s, basis.reference.blinks},
                    {u"reference time, s"_s, basis.reference.seconds},
                    {u"seed"_s, QString::number(basis.seed)}};
    Table stretches{idOf("stretches", track), u"Usable eye time, face %1"_s.arg(number(track) + 1),
                    u"Stretches in which the eyes were measured and no cut or loss lies."_s,
                    {{u"From"_s, u"s"_s, false}, {u"To"_s, u"s"_s, false}}, {}};
    for (const auto &[from, to] : basis.stretches)
        stretches.rows.push_back({from, to});
    return {numbers, stretches};
}

std::optional<BlinkBasis> basisOf(const Measurements &measured, TrackId track)
{
    const Table *numbers = tableIn(measured, idOf("basis", track)), *stretches = tableIn(measured, idOf("stretches", track));
    if (!numbers || !stretches || numbers->rows.size() != 13)
        return std::nullopt;
    const auto value = [&](std::size_t row) { return numbers->rows[row].at(1); };
    BlinkBasis basis;
    basis.footage = {value(0).toDouble(), value(1).toDouble(), value(2).toDouble(), value(3).toDouble(),
                     value(4).toDouble(), value(5).toDouble(), value(6).toDouble()};
    basis.context = blinkContext(value(7).toString());
    basis.counter = {value(8).toDouble(), value(9).toDouble()};
    basis.reference = {value(10).toInt(), value(11).toDouble()};
    basis.seed = value(12).toString().toULongLong();
    for (const QJsonArray &row : stretches->rows)
        basis.stretches.emplace_back(row.at(0).toDouble(), row.at(1).toDouble());
    return basis;
}

std::optional<Recount> recountBlinks(const Measurements &measured, const std::vector<ExaminerMark> &marks,
                                     TrackId track, const FrameClock &clock, const QString &version)
{
    const auto basis = basisOf(measured, track);
    if (!basis)
        return std::nullopt;
    std::vector<BlinkCorrection> corrections;
    for (const ExaminerMark &mark : marks) {
        if (const auto correction = correctionOf(mark))
            corrections.push_back(*correction);
    }
    const std::vector<Event> method = lidEventsOf(measured, track);
    Recount recount;
    recount.blinks = correctBlinks(method, corrections, track);
    for (const BlinkCorrection &c : corrections) {
        if (c.track == track && c.version != version)
            recount.otherVersion.push_back(c);
    }
    if (!recount.blinks.changed() && recount.otherVersion.empty())
        return std::nullopt;
    recount.before = weighBlinks(countable(method, clock), *basis);
    // How much of the clip the examiner looked at is not known, so what the counter misses and
    // invents is still taken into account.
    recount.after = weighBlinks(countable(recount.blinks.events, clock), *basis);
    FrameRange seen{0, 0};
    for (const Trace &trace : measured.traces) {
        if (trace.track == track && !trace.frames.empty())
            seen = {trace.frames.front(), trace.frames.back() + 1};
    }
    recount.agreement = blinkAgreement(method, recount.blinks.events, seen);
    recount.lines << u"Blinks added by the examiner: %1; rejected: %2."_s.arg(recount.blinks.added.size())
                         .arg(recount.blinks.rejected.size())
                  << u"Counted by the method: %1."_s.arg(countText(recount.before))
                  << u"With the corrections: %1."_s.arg(countText(recount.after));
    QStringList others;
    for (const BlinkCorrection &c : recount.otherVersion)
        others << (c.version.isEmpty() ? u"one that was not noted"_s : c.version);
    others.removeDuplicates();
    if (!others.isEmpty()) {
        recount.lines << u"Corrections made against another version of the method (%1; counted now: %2): %3. They are taken over; blinks that only this version finds were not looked at then."_s
                             .arg(others.join(u", "_s), version).arg(recount.otherVersion.size());
    }
    if (!recount.blinks.idle.empty())
        recount.lines << u"Rejections that meet no blink of this count: %1."_s.arg(recount.blinks.idle.size());
    if (recount.agreement) {
        recount.lines << u"Agreement of method and examiner, frame by frame: Cohen's kappa %1."_s
                             .arg(*recount.agreement, 0, 'f', 2);
    }
    return recount;
}

} // namespace fw
