// SPDX-License-Identifier: GPL-3.0-or-later
#include "expression_report.h"

#include "base/numbers.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kEventLevel = 1.0;
constexpr double kEventSeconds = 0.2;

/// Units that one chart shows together.
QString groupOf(int unit)
{
    if (unit == 25 || unit == 26)
        return u"Action units, opening of the mouth"_s;
    if (unit == 45)
        return u"Action units, closing of the eyes"_s;
    return unit <= 7 ? u"Action units, brows and eyes"_s : u"Action units, nose and lips"_s;
}

QString text(double value, int digits = 2)
{
    return QString::number(value, 'f', digits);
}

double meanOf(const Trace &trace)
{
    double sum = 0.0;
    int count = 0;
    for (const double v : trace.values) {
        if (std::isfinite(v)) {
            sum += v;
            ++count;
        }
    }
    return count > 0 ? sum / count : kMissing;
}

} // namespace

void ExpressionReport::add(FrameIndex frame, TrackId track, const ActionUnits *units, const UnitReading &reading)
{
    Series &series = m_tracks[track];
    // Frames without the face in between are gaps of the trace, not a line across.
    if (!series.frames.empty() && frame > series.frames.back() + 1) {
        series.frames.push_back(series.frames.back() + 1);
        series.units.emplace_back();
        series.readings.emplace_back().fill(kNotRead);
    }
    series.frames.push_back(frame);
    series.units.emplace_back(units ? std::optional(*units) : std::nullopt);
    series.readings.push_back(reading);
}

RestLevel ExpressionReport::settle(Series &series, const PersonSummary &person)
{
    RestLevel rest;
    for (std::size_t i = 0; i < series.units.size(); ++i) {
        if (!series.units[i])
            continue;
        auto &raw = series.units[i]->raw;
        for (std::size_t u = 0; person.usual && u < raw.size(); ++u) {
            if (series.readings[i][u] != kNotRead)
                raw[u] = std::clamp(series.readings[i][u] - (*person.usual)[u], 0.0f, 5.0f);
        }
        rest.add(raw);
    }
    return rest;
}

void ExpressionReport::addEvents(const Trace &trace, int unit, Measurements &to) const
{
    const std::size_t count = trace.values.size();
    // Means of three frames: one noisy frame neither makes nor ends an expression.
    std::vector<double> smooth(count, kMissing);
    for (std::size_t i = 0; i < count; ++i) {
        double sum = 0.0;
        int n = 0;
        for (std::size_t k = i > 0 ? i - 1 : 0; k <= std::min(i + 1, count - 1); ++k) {
            if (std::isfinite(trace.values[k])) {
                sum += trace.values[k];
                ++n;
            }
        }
        if (std::isfinite(trace.values[i]))
            smooth[i] = sum / n;
    }
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= count; ++i) {
        if (i < count && smooth[i] > kEventLevel)
            continue;
        if (i > begin) {
            const auto apex = std::max_element(smooth.begin() + std::ptrdiff_t(begin),
                                               smooth.begin() + std::ptrdiff_t(i));
            const std::size_t at = std::size_t(apex - smooth.begin());
            const FrameRange range{trace.frames[begin], trace.frames[i - 1] + 1};
            const bool longEnough = double(range.end - range.begin) >= kEventSeconds * m_rate - 1e-9;
            const double sigma = trace.upper.empty() ? 0.0 : trace.upper[at] - trace.values[at];
            if (longEnough && *apex > sigma) {
                Event event;
                event.id = u"expression.%1.%2"_s.arg(trace.id).arg(to.events.size());
                event.kind = u"expression"_s;
                event.label = u"%1 %2, up to %3, face %4"_s.arg(actionUnitCode(unit), actionUnitName(unit),
                                                     text(*apex, 1)).arg(number(*trace.track) + 1);
                event.range = range;
                event.apex = trace.frames[at];
                event.track = trace.track;
                event.strength = std::clamp(*apex / 5.0, 0.0, 1.0);
                to.events.push_back(event);
            }
        }
        begin = i + 1;
    }
}

void ExpressionReport::addTraces(TrackId id, const Series &series, const RestLevel &rest, Measurements &to) const
{
    const std::array<float, 17> restLevel = rest.level();
    const QString face = u"face %1"_s.arg(number(id) + 1);
    Table units;
    units.id = u"au.%1"_s.arg(number(id));
    units.title = u"Action units, %1"_s.arg(face);
    units.about = rest.known()
        ? u"Intensities 0 to 5 above this person's own rest, which is the 10 % quantile of the track."_s
        : u"Intensities 0 to 5 as measured: fewer than %1 frames, so that this person's rest is not known."_s
              .arg(RestLevel::kFewestFrames);
    units.columns = {{u"Unit"_s, {}, false}, {u"Name"_s, {}, false}, {u"Mean"_s, {}, false},
                     {u"Highest"_s, {}, false}, {u"At frame"_s, {}, true},
                     {u"Rest"_s, {}, false}, {u"Typical uncertainty"_s, {}, false}};
    for (std::size_t u = 0; u < kIntensityUnits.size(); ++u) {
        const int unit = kIntensityUnits[u];
        Trace trace;
        trace.id = u"%1.%2"_s.arg(actionUnitCode(unit).toLower()).arg(number(id));
        trace.title = u"%1 %2, %3"_s.arg(actionUnitCode(unit), actionUnitName(unit), face);
        trace.unit = u"0 to 5"_s;
        trace.about = u"Intensity after FACS (1 trace, 5 maximum), from the face and its landmarks; %1. The band is one standard deviation."_s
                          .arg(rest.known() ? u"relative to this person's rest"_s
                                                : u"as measured, the person's rest is not known"_s);
        trace.track = id;
        trace.group = u"%1, %2"_s.arg(groupOf(unit), face);
        trace.frames = series.frames;
        double sigmas = 0.0, highest = -1.0;
        FrameIndex at = 0;
        int count = 0;
        for (std::size_t i = 0; i < series.frames.size(); ++i) {
            const auto &all = series.units[i];
            const bool known = all && std::isfinite(all->raw[u]);
            const double value = known ? double(RestLevel::above(all->raw, restLevel)[u]) : kMissing;
            const double sigma = known ? double(all->sigma[u]) : kMissing;
            trace.values.push_back(value);
            trace.lower.push_back(std::max(0.0, value - sigma)); // std::max keeps a gap a gap below
            trace.lower.back() = known ? trace.lower.back() : kMissing;
            trace.upper.push_back(known ? std::min(5.0, value + sigma) : kMissing);
            if (!known)
                continue;
            ++count;
            sigmas += sigma;
            if (value > highest) {
                highest = value;
                at = series.frames[i];
            }
        }
        if (count == 0)
            continue; // AU23, and tracks outside the limits
        units.rows.push_back({actionUnitCode(unit), actionUnitName(unit), std::round(100.0 * meanOf(trace)) / 100.0,
                              std::round(100.0 * highest) / 100.0, qint64(at),
                              std::round(100.0 * double(restLevel[u])) / 100.0,
                              std::round(100.0 * sigmas / count) / 100.0});
        addEvents(trace, unit, to);
        to.traces.push_back(std::move(trace));
    }
    if (!units.rows.empty())
        to.tables.push_back(std::move(units));
}

Measurements ExpressionReport::finish() const
{
    Measurements out;
    Table people;
    people.id = u"expression.people"_s;
    people.title = u"Fitted heads"_s;
    people.about = u"One head is fitted to each face track. It is refined while the clip goes on, so that "
                   "measurements step a little where that happened and are least certain at the start."_s;
    people.columns = {{u"Face"_s, {}, false}, {u"Frames"_s, {}, false}, {u"Measured"_s, u"%"_s, false},
                      {u"Key frames"_s, {}, false}, {u"Refined"_s, u"times"_s, false},
                      {u"Last refined at"_s, {}, true}, {u"Person's rest known"_s, {}, false}};
    for (const auto &[id, collected] : m_tracks) {
        const auto known = m_people.find(id);
        const PersonSummary person = known == m_people.end() ? PersonSummary{} : known->second;
        Series series = collected;
        const RestLevel rest = settle(series, person);
        addTraces(id, series, rest, out);
        const auto measured = std::count_if(series.units.begin(), series.units.end(),
                                            [](const auto &u) { return u.has_value(); });
        people.rows.push_back({number(id) + 1, qint64(series.frames.size()),
                               qRound(1000.0 * double(measured) / double(series.frames.size())) / 10.0,
                               person.keyFrames, qint64(person.refinedAt.size()),
                               person.refinedAt.empty() ? QJsonValue() : QJsonValue(qint64(person.refinedAt.back())),
                               rest.known()});
        if (!person.identity.empty() && measured > 0) {
            Embedding identity;
            identity.id = u"identity.%1"_s.arg(number(id));
            identity.title = u"Shape of the head, face %1"_s.arg(number(id) + 1);
            identity.track = id;
            identity.range = {series.frames.front(), series.frames.back() + 1};
            identity.values = person.identity;
            out.embeddings.push_back(std::move(identity));
        }
    }
    if (!people.rows.empty())
        out.tables.insert(out.tables.begin(), std::move(people));
    return out;
}

} // namespace fw
