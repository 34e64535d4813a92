// SPDX-License-Identifier: GPL-3.0-or-later
#include "coherence_tables.h"

#include "coherence_parts.h"
#include "base/numbers.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

QString utf8(const char *text)
{
    return QString::fromUtf8(text);
}

QJsonValue rounded(std::optional<double> value, double step)
{
    return value && std::isfinite(*value) ? QJsonValue(std::round(*value / step) * step) : QJsonValue();
}

struct Shown
{
    const char *id;
    const char *title;
    const char *unit;
    const char *about;
    const char *chart;
    const std::vector<double> CoherenceSignals::*values;
};

constexpr Shown kShown[] = {
    {"lid.left", "Openness, eye on the left of the picture", "1", "0 is shut; both eyes should close together.", "Lids", &CoherenceSignals::lidLeft},
    {"lid.right", "Openness, eye on the right of the picture", "1", "0 is shut; both eyes should close together.", "Lids", &CoherenceSignals::lidRight},
    {"up.left", "Up and down, eye on the left", "°", "The iris between the corners of the eye as an angle; positive is down. It may be off as a whole: compare its changes.", "Eyes up and down", &CoherenceSignals::gazeUpLeft},
    {"up.right", "Up and down, eye on the right", "°", "The iris between the corners of the eye as an angle; positive is down. It may be off as a whole: compare its changes.", "Eyes up and down", &CoherenceSignals::gazeUpRight},
    {"side.left", "Sideways, eye on the left", "°", "The iris between the corners of the eye as an angle; positive is to the right edge. It may be off as a whole: compare its changes.", "Eyes sideways", &CoherenceSignals::gazeSideLeft},
    {"side.right", "Sideways, eye on the right", "°", "The iris between the corners of the eye as an angle; positive is to the right edge. It may be off as a whole: compare its changes.", "Eyes sideways", &CoherenceSignals::gazeSideRight},
    {"speed.eye", "Eyes in the head", "°/s", "How fast the eyes turn sideways in the head, in the sense of the head's yaw.", "Eyes against the head", &CoherenceSignals::eyeSpeed},
    {"speed.head", "Head", "°/s", "How fast the head turns sideways.", "Eyes against the head", &CoherenceSignals::headSpeed},
    {"lips", "Gap between the lips", "1", "In distances between the outer corners of the eyes.", "Lips and jaw", &CoherenceSignals::lipGap},
    {"jaw", "Chin below the root of the nose", "1", "In distances between the outer corners of the eyes.", "Lips and jaw", &CoherenceSignals::jawDrop},
    {"tremble.inner", "Tremble inside the face", "1", "Median noise of the landmarks of nose, eyes and mouth, in distances between the outer corners of the eyes, each second.", "Tremble", &CoherenceSignals::inner},
    {"tremble.outline", "Tremble of the outline", "1", "Median noise of the landmarks of the jaw line, in distances between the outer corners of the eyes, each second.", "Tremble", &CoherenceSignals::outline},
};

Table statisticsTable(TrackId id, const CoherenceResult &result, const CoherenceVerdict &verdict)
{
    Table table{u"statistics."_s + QString::number(number(id)), u"Coherence of face %1"_s.arg(number(id) + 1),
                u"Grade A: what a head can do, with the error of measurement; B: usual in people, compared with genuine clips and without a chance while fewer than 100 are known; C: exploratory, never weighed, its chances corrected among themselves; Q: whether our measurement can be trusted, never evidence."_s,
                {{u"Statistic"_s, {}, false}, {u"What"_s, {}, false}, {u"Grade"_s, {}, false}, {u"Value"_s, {}, false},
                 {u"95 % from"_s, {}, false}, {u"to"_s, {}, false}, {u"Independent values"_s, {}, false}, {u"Chance"_s, {}, false},
                 {u"Chance, corrected"_s, {}, false}, {u"Genuine clips 5 %"_s, {}, false}, {u"Genuine clips 95 %"_s, {}, false},
                 {u"Genuine clips"_s, {}, false}, {u"Why not"_s, {}, false}}, {}};
    for (std::size_t i = 0; i < result.values.size(); ++i) {
        const CoherenceValue &v = result.values[i];
        const WeighedStatistic &w = verdict.weighed[i];
        const CoherenceSpec &spec = specOf(v.id);
        const QString unit = qstrcmp(spec.unit, "1") == 0 ? QString() : u" ("_s + utf8(spec.unit) + u')';
        table.rows.push_back({utf8(spec.key), utf8(spec.title) + unit, gradeLetter(spec.grade), rounded(v.value, 1e-4), rounded(v.low, 1e-4),
                              rounded(v.high, 1e-4), v.value ? rounded(v.effective, 0.1) : QJsonValue(), rounded(w.pValue, 1e-6),
                              rounded(w.adjusted, 1e-6),
                              w.reference ? rounded(w.reference->quantiles[2], 1e-4) : QJsonValue(),
                              w.reference ? rounded(w.reference->quantiles[4], 1e-4) : QJsonValue(),
                              w.reference ? QJsonValue(w.reference->clips) : QJsonValue(), v.reason});
    }
    return table;
}

std::vector<std::vector<double>> secondScores(const CoherenceResult &result, const CoherenceReference &reference)
{
    std::vector<std::vector<double>> scores;
    for (const CoherenceValue &v : result.values) {
        std::vector<double> z;
        const ReferenceValues *seconds = reference.ofSeconds(v.id);
        for (const double local : v.perSecond)
            z.push_back(seconds && std::isfinite(local) ? seconds->z(local) : kMissing);
        scores.push_back(std::move(z));
    }
    return scores;
}

Table secondsTable(TrackId id, const CoherenceTrack &track, const CoherenceResult &result, const std::vector<std::vector<double>> &scores)
{
    Table table{u"seconds."_s + QString::number(number(id)), u"Coherence by the second, face %1"_s.arg(number(id) + 1),
                u"Deviations of each second from single seconds of genuine clips; beyond 3 to either side is worth a look. Empty: not measured there."_s,
                {{u"Frame"_s, {}, true}, {u"Second"_s, u"s"_s, false}}, {}};
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < result.values.size(); ++i) {
        if (std::any_of(scores[i].begin(), scores[i].end(), [](double z) { return std::isfinite(z); })) {
            shown.push_back(i);
            table.columns.push_back({utf8(specOf(result.values[i].id).key), {}, false});
        }
    }
    for (std::size_t second = 0; second < coherence::wholeSeconds(track); ++second) {
        const BehaviourRow &first = track.rows[coherence::rowsOfSecond(track, second).first];
        QJsonArray row{qint64(first.frame), std::round(first.seconds * 10.0) / 10.0};
        for (const std::size_t i : shown)
            row.append(second < scores[i].size() ? rounded(scores[i][second], 0.1) : QJsonValue());
        table.rows.push_back(row);
    }
    return table;
}

void addTraces(TrackId id, const CoherenceTrack &track, const CoherenceResult &result, const std::vector<std::vector<double>> &scores,
               Measurements &out)
{
    const QString face = u", face %1"_s.arg(number(id) + 1);
    std::vector<FrameIndex> frames;
    for (const BehaviourRow &row : track.rows)
        frames.push_back(row.frame);
    const auto add = [&](const QString &name, const QString &title, const QString &unit, const QString &about, const QString &group,
                         std::vector<double> values) {
        if (coherence::measuredCount(values) == 0)
            return;
        Trace trace;
        trace.id = name + u'.' + QString::number(number(id));
        trace.title = title + face;
        trace.unit = unit;
        trace.about = about;
        trace.track = id;
        trace.frames = frames;
        trace.values = std::move(values);
        trace.group = group + face;
        out.traces.push_back(std::move(trace));
    };
    for (std::size_t i = 0; i < scores.size(); ++i) {
        std::vector<double> steps(track.rows.size(), kMissing);
        for (std::size_t second = 0; second < scores[i].size(); ++second) {
            const auto [begin, end] = coherence::rowsOfSecond(track, second);
            std::fill(steps.begin() + std::ptrdiff_t(begin), steps.begin() + std::ptrdiff_t(end), scores[i][second]);
        }
        const CoherenceSpec &spec = specOf(result.values[i].id);
        const std::size_t before = out.traces.size();
        add(u"z."_s + utf8(spec.key), utf8(spec.key) + u' ' + utf8(spec.title), u"1"_s,
            utf8(spec.about) + u" Deviations of each second from single seconds of genuine clips."_s,
            u"Coherence by the second: "_s + utf8(spec.title), std::move(steps));
        if (out.traces.size() > before)
            out.traces.back().thresholds = {{-3.0, u"worth a look"_s}, {3.0, u"worth a look"_s}};
    }
    for (const Shown &s : kShown)
        add(utf8(s.id), utf8(s.title), utf8(s.unit), utf8(s.about), utf8(s.chart), result.traces.*s.values);
}

void addEvents(TrackId id, const CoherenceTrack &track, const CoherenceResult &result, const CoherenceVerdict &verdict, Measurements &out)
{
    for (const CoherenceId survivor : verdict.surviving) {
        const CoherenceValue &v = result.values[std::size_t(survivor)];
        const CoherenceSpec &spec = specOf(survivor);
        if (!v.tolerance)
            continue;
        std::size_t begin = 0;
        for (std::size_t second = 0; second <= v.perSecond.size(); ++second) {
            if (second < v.perSecond.size() && std::abs(v.perSecond[second]) > *v.tolerance)
                continue;
            if (second > begin) {
                Event event;
                event.id = u"contradiction.%1.%2.%3"_s.arg(utf8(spec.key)).arg(number(id)).arg(begin);
                event.kind = u"contradiction"_s;
                event.label = utf8(spec.title);
                event.range = {track.rows[coherence::rowsOfSecond(track, begin).first].frame,
                               track.rows[coherence::rowsOfSecond(track, second - 1).second - 1].frame + 1};
                event.track = id;
                event.strength = 0.9;
                out.events.push_back(event);
            }
            begin = second + 1;
        }
    }
}

} // namespace

QString coherenceText(double value, const CoherenceSpec &spec)
{
    const QString unit = utf8(spec.unit);
    if (unit == u"ms"_s || unit == u"/min"_s)
        return QString::number(value, 'f', 0) + (unit == u"ms"_s ? u" ms"_s : u" a minute"_s);
    if (unit == u"°"_s)
        return QString::number(value, 'f', 1) + u'°';
    return QString::number(value, 'f', 2);
}

QString coherenceSentence(const CoherenceValue &value)
{
    const CoherenceSpec &spec = specOf(value.id);
    const QString found = coherenceText(std::abs(*value.value), spec);
    const QString allowed = value.tolerance ? coherenceText(*value.tolerance, spec) : QString();
    switch (value.id) {
    case CoherenceId::E1:
        return u"The lid of the eye on the %1 of the picture follows the other by %2, measured in %3 seconds with closures (up to %4 is allowed)."_s
            .arg(*value.value > 0.0 ? u"right"_s : u"left"_s, found).arg(value.effective, 0, 'f', 0).arg(allowed);
    case CoherenceId::E2:
        return u"Both eyes do not turn up and down together: their difference wanders by %1 (up to %2 is allowed, measurement error included)."_s.arg(found, allowed);
    case CoherenceId::E3:
        return u"The angle between both eyes wanders sideways by %1 (up to %2 is allowed, measurement error included)."_s.arg(found, allowed);
    default:
        return utf8(spec.title) + u": "_s + coherenceText(*value.value, spec) + u'.';
    }
}

void showCoherence(TrackId id, const CoherenceTrack &track, const CoherenceResult &result, const CoherenceVerdict &verdict,
                   const CoherenceReference &reference, Measurements &out)
{
    const auto scores = secondScores(result, reference);
    addTraces(id, track, result, scores, out);
    addEvents(id, track, result, verdict, out);
    out.tables.push_back(statisticsTable(id, result, verdict));
    out.tables.push_back(secondsTable(id, track, result, scores));
}

} // namespace fw
