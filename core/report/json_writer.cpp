// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "findings/serialize.h"
#include "report/recounts.h"
#include "report/report.h"
#include "report/target_file.h"
#include "report/words.h"

#include <QIODevice>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

QString isoTime(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs);
}

QJsonObject json(const Manifest &m)
{
    QJsonArray models;
    for (const ModelSpec &model : m.models) {
        models.append(QJsonObject{
            {u"id"_s, model.id}, {u"sha256"_s, model.sha256}, {u"license"_s, model.license}});
    }
    return {{u"name"_s, m.name},       {u"version"_s, m.version},
            {u"summary"_s, m.summary}, {u"looksFor"_s, m.looksFor},
            {u"limits"_s, m.limits},   {u"citation"_s, report::citationText(m.method)},
            {u"url"_s, m.method.url},  {u"models"_s, models}};
}

QJsonObject hashes(const FileHashes &h)
{
    return {{u"size"_s, h.size},
            {u"sha256"_s, hexText(h.sha256)},
            {u"md5"_s, QString::fromLatin1(h.md5Hex)}};
}

QJsonObject json(const Ledger &l)
{
    return {{u"stream"_s, l.streamIndex},
            {u"timeBase"_s, QJsonArray{qint64(l.timeBase.num), qint64(l.timeBase.den)}},
            {u"frames"_s, qint64(l.count())},
            {u"complete"_s, l.complete},
            {u"endReason"_s, l.endReason},
            {u"digest"_s, hexText(l.digest())}};
}

QJsonObject observed(const ObservationLog &log)
{
    qint64 looked = 0, faces = 0;
    for (const auto &frame : log.faces) {
        looked += frame ? 1 : 0;
        faces += frame ? qint64(frame->size()) : 0;
    }
    QJsonArray tracks;
    for (const TrackId id : log.tracks())
        tracks.append(number(id));
    return {{u"framesLookedAt"_s, looked}, {u"faces"_s, faces}, {u"tracks"_s, tracks}};
}

QJsonObject json(const Mark &m)
{
    return {{u"id"_s, qint64(m.id)},
            {u"frames"_s, QJsonArray{qint64(m.range.begin), qint64(m.range.end)}},
            {u"label"_s, m.label},
            {u"color"_s, m.color},
            {u"removed"_s, m.removed}};
}

QJsonObject json(const ReportEvidence &e)
{
    QJsonArray results, marks;
    for (const MethodResult &r : e.results) {
        QJsonObject result = toJson(r, false);
        if (const QJsonArray recounts = report::recountsJson(e, r); !recounts.isEmpty())
            result.insert(u"correctedByExaminer"_s, recounts);
        results.append(result);
    }
    for (const Mark &m : e.marks)
        marks.append(json(m));
    const FileHashes &then = e.evidence.facts.hashes;
    QJsonValue equal(QJsonValue::Null), now(QJsonValue::Null);
    if (e.hashesNow) {
        equal = e.hashesNow->sha256 == then.sha256 && e.hashesNow->size == then.size;
        now = hashes(*e.hashesNow);
    }
    return {{u"id"_s, qint64(e.evidence.id)},
            {u"facts"_s, toJson(e.evidence.facts)},
            {u"hashesAtIntake"_s, hashes(then)},
            {u"hashesNow"_s, now},
            {u"hashesEqual"_s, equal},
            {u"hashProblem"_s, e.hashProblem},
            {u"ledger"_s, json(e.ledger)},
            {u"observations"_s, observed(e.observations)},
            {u"results"_s, results},
            {u"marks"_s, marks}};
}

QJsonObject json(const Note &n)
{
    return {{u"id"_s, qint64(n.id)},
            {u"evidence"_s,
             n.evidence ? QJsonValue(qint64(*n.evidence)) : QJsonValue(QJsonValue::Null)},
            {u"frame"_s, n.frame ? QJsonValue(qint64(*n.frame)) : QJsonValue(QJsonValue::Null)},
            {u"finding"_s, n.findingId ? QJsonValue(*n.findingId) : QJsonValue(QJsonValue::Null)},
            {u"text"_s, n.text},
            {u"author"_s, n.author},
            {u"earlier"_s, jsonStrings(QStringList(n.earlier.begin(), n.earlier.end()))},
            {u"removed"_s, n.removed}};
}

/// Everything that differs between two runs with equal results.
QJsonObject made(const ReportData &data)
{
    QJsonArray evidence, runs, notes;
    for (const ReportEvidence &e : data.evidence) {
        evidence.append(QJsonObject{{u"id"_s, qint64(e.evidence.id)},
                                    {u"added"_s, isoTime(e.evidence.added)},
                                    {u"lastPath"_s, e.evidence.lastPath}});
        for (const MethodResult &r : e.results) {
            runs.append(QJsonObject{{u"cacheKey"_s, r.record.cacheKey()},
                                    {u"started"_s, isoTime(r.record.started)},
                                    {u"wallSeconds"_s, jsonNumber(r.record.wallSeconds)}});
        }
    }
    for (const Note &n : data.notes)
        notes.append(QJsonObject{{u"id"_s, qint64(n.id)}, {u"written"_s, isoTime(n.written)}});
    return {{u"time"_s, isoTime(data.made)},
            {u"reportNumber"_s, report::reportNumber(data)},
            {u"casePath"_s, data.casePath},
            {u"audit"_s, QJsonObject{{u"intact"_s, data.audit.intact},
                                     {u"entries"_s, data.audit.entries},
                                     {u"headHash"_s, data.audit.headHash},
                                     {u"problem"_s, data.audit.problem}}},
            {u"evidence"_s, evidence},
            {u"runs"_s, runs},
            {u"notes"_s, notes}};
}

} // namespace

QJsonObject reportJson(const ReportData &data)
{
    QJsonArray evidence, notes;
    QJsonObject methods;
    for (const ReportEvidence &e : data.evidence) {
        evidence.append(json(e));
        for (const MethodResult &r : e.results) {
            if (const auto m = data.methods.find(r.record.pluginId); m != data.methods.end())
                methods.insert(m->first, json(m->second));
        }
    }
    for (const Note &n : data.notes)
        notes.append(json(n));
    return {{u"schema"_s, u"org.framewitness.report/1"_s},
            {u"made"_s, made(data)},
            {u"program"_s, QJsonObject{{u"name"_s, u"Framewitness"_s},
                                       {u"version"_s, data.programVersion},
                                       {u"libraries"_s, jsonTexts(data.libraries)}}},
            {u"case"_s, toJson(data.info)},
            {u"methods"_s, methods},
            {u"evidence"_s, evidence},
            {u"notes"_s, notes}};
}

Result<void> writeJson(const ReportData &data, const QString &path)
{
    return report::writeTarget(path, [&](QIODevice &device) -> Result<void> {
        const QByteArray bytes = QJsonDocument(reportJson(data)).toJson(QJsonDocument::Indented);
        if (device.write(bytes) != bytes.size())
            return fail(Errc::Unwritable, device.errorString(), path);
        return {};
    });
}

} // namespace fw
