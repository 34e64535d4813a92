// SPDX-License-Identifier: GPL-3.0-or-later
// The report for programs: JSON after its schema, CSV that reads back as it was.
#include "report_samples.h"
#include "test_data.h"

#include "base/json.h"
#include "blinks/blink_count.h"

#include <QFile>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

bool isType(const QJsonValue &value, const QString &type)
{
    if (type == u"integer")
        return value.isDouble() && std::floor(value.toDouble()) == value.toDouble();
    return (type == u"object" && value.isObject()) || (type == u"array" && value.isArray()) ||
           (type == u"string" && value.isString()) || (type == u"number" && value.isDouble()) ||
           (type == u"boolean" && value.isBool()) || (type == u"null" && value.isNull());
}

/// The part of JSON Schema that our schema uses. @return what is wrong and where, or nothing.
QString violation(const QJsonValue &value, QJsonObject schema, const QJsonObject &root,
                  const QString &at)
{
    if (const QString ref = schema.value(u"$ref"_s).toString(); !ref.isEmpty()) {
        schema = root.value(u"$defs"_s).toObject().value(ref.section(u'/', -1)).toObject();
        if (schema.isEmpty())
            return at + u": unknown reference "_s + ref;
    }
    const QJsonValue type = schema.value(u"type"_s);
    const QStringList types = type.isArray()    ? stringsOf(type)
                              : type.isString() ? QStringList{type.toString()}
                                                : QStringList{};
    const auto fits = [&](const QString &t) { return isType(value, t); };
    if (!types.isEmpty() && std::none_of(types.begin(), types.end(), fits))
        return at + u": is not "_s + types.join(u'/');
    const QJsonArray allowed = schema.value(u"enum"_s).toArray();
    if (!allowed.isEmpty() && !allowed.contains(value))
        return at + u": unknown word "_s + value.toString();
    if (value.isObject()) {
        const QJsonObject object = value.toObject(),
                          known = schema.value(u"properties"_s).toObject();
        for (const QString &key : stringsOf(schema.value(u"required"_s))) {
            if (!object.contains(key))
                return at + u": misses "_s + key;
        }
        const QJsonValue others = schema.value(u"additionalProperties"_s);
        for (auto it = object.begin(); it != object.end(); ++it) {
            if (!known.contains(it.key()) && others.isBool() && !others.toBool())
                return at + u": has the unknown key "_s + it.key();
            const QJsonObject inner =
                known.contains(it.key()) ? known.value(it.key()).toObject() : others.toObject();
            const QString problem = violation(it.value(), inner, root, at + u'/' + it.key());
            if (!problem.isEmpty())
                return problem;
        }
    }
    const QJsonObject items = schema.value(u"items"_s).toObject();
    if (value.isArray() && !items.isEmpty()) {
        const QJsonArray array = value.toArray();
        for (qsizetype i = 0; i < array.size(); ++i) {
            const QString problem =
                violation(array[i], items, root, at + u'/' + QString::number(i));
            if (!problem.isEmpty())
                return problem;
        }
    }
    return {};
}

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Rows of an RFC 4180 file.
std::vector<QStringList> readCsv(const QString &text)
{
    std::vector<QStringList> rows;
    QStringList row;
    QString cell;
    bool quoted = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (quoted && c == u'"' && i + 1 < text.size() && text[i + 1] == u'"') {
            cell += c;
            ++i;
        } else if (c == u'"') {
            quoted = !quoted;
        } else if (!quoted && c == u',') {
            row << cell;
            cell.clear();
        } else if (!quoted && c == u'\r' && i + 1 < text.size() && text[i + 1] == u'\n') {
            row << cell;
            rows.push_back(row);
            row.clear();
            cell.clear();
            ++i;
        } else {
            cell += c;
        }
    }
    return rows;
}

} // namespace

class TestReportData : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }

    void jsonFollowsItsSchema();
    void theSchemaRefusesWhatIsWrong();
    void jsonIsEqualForEqualResults();
    void jsonNamesChangedEvidence();
    void jsonTellsBothCountsOfBlinks();
    void csvReadsBackAsItWas();
    void csvOfAnEmptyCaseHasItsHead();

private:
    QJsonObject schema() const
    {
        return readJsonObject(sourceDir() + u"/resources/docs/report.schema.json"_s)
            .value_or(QJsonObject());
    }
    QTemporaryDir m_folder;
};

void TestReportData::jsonFollowsItsSchema()
{
    QVERIFY(!schema().isEmpty());
    const QString path = m_folder.filePath(u"r.json"_s);
    QVERIFY(writeJson(sampleReport(), path));
    const auto document = readJsonObject(path);
    QVERIFY(document);
    QCOMPARE(violation(*document, schema(), schema(), u"report"_s), QString());
    QCOMPARE(violation(reportJson(ReportData()), schema(), schema(), u"empty"_s), QString());
    const QJsonArray values =
        document
            ->value(u"evidence"_s)[0][u"results"_s][0][u"measured"_s][u"traces"_s][0][u"values"_s]
            .toArray();
    QVERIFY(values[205].isNull()); // not measured there
    QCOMPARE(values[132].toDouble(), 0.12);
}

void TestReportData::theSchemaRefusesWhatIsWrong()
{
    QJsonObject document = reportJson(sampleReport());
    document.remove(u"notes"_s);
    QCOMPARE(violation(document, schema(), schema(), u"report"_s), u"report: misses notes"_s);
    document.insert(u"notes"_s, 1);
    QVERIFY(!violation(document, schema(), schema(), u"report"_s).isEmpty());
    document.insert(u"notes"_s, QJsonArray());
    document.insert(u"surprise"_s, 1);
    QVERIFY(!violation(document, schema(), schema(), u"report"_s).isEmpty());
}

void TestReportData::jsonIsEqualForEqualResults()
{
    const ReportData one = sampleReport();
    ReportData two = sampleReport();
    two.made = one.made.addDays(3);
    two.casePath = u"/elsewhere.fwcase"_s;
    two.audit.headHash = hexText(sha256("later"));
    two.evidence[0].evidence.added = one.made;
    two.notes[0].written = one.made;
    for (MethodResult &r : two.evidence[0].results) {
        r.record.started = r.record.started.addSecs(77);
        r.record.wallSeconds *= 3;
    }
    QJsonObject a = reportJson(one), b = reportJson(two);
    QVERIFY(a != b);
    a.remove(u"made"_s);
    b.remove(u"made"_s);
    QCOMPARE(canonicalJson(a), canonicalJson(b));
    two.evidence[0].results[0].result.measured.traces[0].values[3] += 1e-9;
    b = reportJson(two);
    b.remove(u"made"_s);
    QVERIFY(a != b);
}

void TestReportData::jsonNamesChangedEvidence()
{
    ReportData data = sampleReport();
    const auto evidence = [&] { return reportJson(data).value(u"evidence"_s)[0].toObject(); };
    QCOMPARE(evidence().value(u"hashesEqual"_s), QJsonValue(true));
    data.evidence[0].hashesNow->size += 1;
    QCOMPARE(evidence().value(u"hashesEqual"_s), QJsonValue(false));
    data.evidence[0].hashesNow.reset();
    QVERIFY(evidence().value(u"hashesEqual"_s).isNull()); // not compared is not "equal"
}

void TestReportData::jsonTellsBothCountsOfBlinks()
{
    ReportData data = sampleReport();
    ReportEvidence &e = data.evidence[0];
    const auto blink = std::find_if(e.results.begin(), e.results.end(),
                                    [](const MethodResult &r) { return r.record.pluginId.endsWith(u".blink"_s); });
    QVERIFY(blink != e.results.end());
    const auto at = std::size_t(blink - e.results.begin());
    // What the examiner did is a mark; the result keeps what the count rests on.
    Measurements &m = blink->result.measured;
    Event lid;
    lid.kind = u"blink"_s;
    lid.track = TrackId(0);
    lid.strength = 0.9;
    m.events.clear();
    for (const FrameIndex apex : {40, 132, 250}) {
        lid.id = u"lid.0.%1"_s.arg(apex);
        lid.apex = apex;
        lid.range = {apex - 2, apex + 3};
        m.events.push_back(lid);
    }
    BlinkBasis basis;
    basis.footage = {14.4, 1.0, 14.4, 25.0, 0.0, 40.0, 0.0};
    basis.stretches = {{0.0, 14.4}};
    basis.context = blinkContext(u"unknown"_s);
    m.tables = tablesOf(basis, TrackId(0));
    const auto written = [&] { return reportJson(data).value(u"evidence"_s)[0][u"results"_s][int(at)].toObject(); };
    QVERIFY(!written().contains(u"correctedByExaminer"_s));

    const QString version = blink->record.pluginVersion;
    const auto mark = [&](FrameRange range, bool isBlink, const QString &seen) {
        Mark made;
        made.range = range;
        made.label = correctionLabel(TrackId(0), isBlink, seen);
        e.marks.push_back(made);
    };
    mark({132, 133}, false, version);
    mark({80, 86}, true, u"0.9.0"_s);
    mark({90, 96}, true, version);
    mark({180, 186}, true, version);
    e.marks.back().removed = true; // undone
    const QJsonArray recounts = written().value(u"correctedByExaminer"_s).toArray();
    QCOMPARE(recounts.size(), 1);
    const QJsonObject face = recounts[0].toObject();
    QCOMPARE(face.value(u"finding"_s).toString(), u"blink.face-0"_s);
    QCOMPARE(face.value(u"countedBy"_s).toString(), version);
    QCOMPARE(face.value(u"method"_s)[u"blinks"_s].toInt(), 3);
    QCOMPARE(face.value(u"corrected"_s)[u"blinks"_s].toInt(), 4);
    QCOMPARE(face.value(u"rejected"_s).toArray(), (QJsonArray{QJsonArray{130, 135}}));
    QCOMPARE(face.value(u"added"_s).toArray(), (QJsonArray{QJsonArray{80, 86}, QJsonArray{90, 96}}));
    const QJsonArray others = face.value(u"madeAgainstOtherVersions"_s).toArray();
    QCOMPARE(others.size(), 1);
    QCOMPARE(others[0][u"version"_s].toString(), u"0.9.0"_s);
    const auto recount = recountBlinks(m, {{{132, 133}, correctionLabel(TrackId(0), false, version)},
                                           {{80, 86}, correctionLabel(TrackId(0), true, u"0.9.0"_s)},
                                           {{90, 96}, correctionLabel(TrackId(0), true, version)}},
                                       TrackId(0), [&](FrameIndex i) { return e.ledger.seconds(i); }, version);
    QVERIFY(recount && recount->agreement);
    QCOMPARE(face.value(u"kappaPerFrame"_s).toDouble(), *recount->agreement);
    QCOMPARE(face.value(u"method"_s)[u"chanceOfSoFew"_s].toDouble(), recount->before.pLow);
    QCOMPARE(face.value(u"corrected"_s)[u"chanceOfSoFew"_s].toDouble(), recount->after.pLow);
    QCOMPARE(violation(reportJson(data), schema(), schema(), u"report"_s), QString());
}

void TestReportData::csvReadsBackAsItWas()
{
    ReportData data = sampleReport();
    const QString id = u"odd, \"quoted\"\nname"_s;
    data.evidence[0].results[0].result.measured.traces[0].id = id;
    data.evidence[0].results[0].result.measured.traces[0].values[7] = 1e-300;
    const QString path = m_folder.filePath(u"r.csv"_s);
    QVERIFY(writeCsv(data, path));
    const auto rows = readCsv(QString::fromUtf8(contents(path)));
    QCOMPARE(rows.front(),
             u"frame,seconds,pts,method,trace,track,value,lower,upper,evidence"_s.split(u','));

    std::map<QString, std::vector<QStringList>> byTrace;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        QCOMPARE(rows[i].size(), 10);
        byTrace[rows[i][3] + u'/' + rows[i][4]].push_back(rows[i]);
    }
    const ReportEvidence &e = data.evidence[0];
    for (const MethodResult &r : e.results) {
        for (const Trace &t : r.result.measured.traces) {
            const auto &read = byTrace[r.record.pluginId + u'/' + t.id];
            QCOMPARE(read.size(), t.frames.size());
            for (std::size_t i = 0; i < read.size(); ++i) {
                QCOMPARE(read[i][0].toLongLong(), t.frames[i]);
                QCOMPARE(read[i][1].toDouble(), e.ledger.seconds(t.frames[i]));
                QCOMPARE(read[i][2].toLongLong(), e.ledger.entries[std::size_t(t.frames[i])].pts);
                QCOMPARE(read[i][5], u"0"_s);
                QCOMPARE(read[i][6].isEmpty(), std::isnan(t.values[i]));
                if (!std::isnan(t.values[i]))
                    QVERIFY(read[i][6].toDouble() == t.values[i]); // to the last bit
                const bool band = !t.lower.empty() && !std::isnan(t.lower[i]);
                QCOMPARE(read[i][7].isEmpty(), !band);
                QVERIFY(!band || read[i][8].toDouble() == t.upper[i]);
            }
        }
    }
    QCOMPARE(byTrace[u"observations/face.box.x"_s].size(), std::size_t(kFrames));
    QVERIFY(std::abs(byTrace[u"observations/face.pose.yaw_rad"_s][0][6].toDouble() - 0.2) < 1e-12);
    QVERIFY(!byTrace.contains(u"observations/face.ear.right"_s)); // never measured: no rows
}

void TestReportData::csvOfAnEmptyCaseHasItsHead()
{
    const QString path = m_folder.filePath(u"empty.csv"_s);
    QVERIFY(writeCsv(ReportData(), path));
    QCOMPARE(contents(path),
             QByteArray("frame,seconds,pts,method,trace,track,value,lower,upper,evidence\r\n"));
}

QTEST_GUILESS_MAIN(TestReportData)
#include "tst_report_data.moc"
