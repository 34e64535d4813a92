// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/content.h"
#include "report/words.h"

#include "base/json.h"

using namespace Qt::StringLiterals;

namespace fw::report {

namespace {

DataTable marksTable(const ReportData &data)
{
    DataTable table;
    table.caption = u"Marks"_s;
    table.columns = {{u"File"_s, 0.5}, {u"Place"_s, 3.0}, {u"Label"_s, 3.0}};
    for (const ReportEvidence &e : data.evidence) {
        for (const Mark &mark : e.marks) {
            Cell label(mark.label.isEmpty() ? u"(no label)"_s : mark.label);
            label.struck = mark.removed;
            Cell place(rangeText(e, mark.range));
            place.struck = mark.removed;
            table.rows.push_back({Cell(evidenceNumber(data, e)), place, label});
        }
    }
    return table;
}

QString noteHead(const ReportData &data, const Note &note)
{
    QStringList parts{timeText(note.written)};
    if (!note.author.isEmpty())
        parts << note.author;
    for (const ReportEvidence &e : data.evidence) {
        if (note.evidence != e.evidence.id)
            continue;
        parts << evidenceNumber(data, e) + (note.frame
                                                ? u", frame %1 (%2)"_s.arg(*note.frame)
                                                      .arg(clockText(e.ledger.seconds(*note.frame)))
                                                : QString());
    }
    if (note.findingId)
        parts << u"on "_s + *note.findingId;
    if (note.removed)
        parts << u"withdrawn"_s;
    return parts.join(u" \u00b7 "_s);
}

bool usesLikelihoodRatios(const std::vector<Listed> &findings)
{
    for (const Listed &f : findings) {
        if (f.finding->score && (f.finding->score->scale == ScoreScale::LikelihoodRatio ||
                                 f.finding->score->scale == ScoreScale::Log10LikelihoodRatio))
            return true;
    }
    return false;
}

void addScales(const std::vector<Listed> &findings, Document *document)
{
    auto &blocks = document->blocks;
    blocks.push_back(PageBreak{});
    blocks.push_back(Heading{1, u"How to read this report"_s, u"reading"_s});
    DataTable verdicts;
    verdicts.caption = u"The four verdicts"_s;
    verdicts.columns = {{u"Verdict"_s, 1.5}, {u"Meaning"_s, 5.0}};
    for (const Verdict v : {Verdict::Suspicious, Verdict::Inconclusive, Verdict::Consistent,
                            Verdict::NotApplicable}) {
        Cell word(verdictTitle(v));
        word.verdict = v;
        verdicts.rows.push_back({word, Cell(verdictMeaning(v))});
    }
    blocks.push_back(std::move(verdicts));
    if (usesLikelihoodRatios(findings)) {
        DataTable ratios;
        ratios.caption = u"Likelihood ratios in words (H2 against H1)"_s;
        ratios.columns = {{u"Ratio"_s, 1.5}, {u"log10"_s, 1.0}, {u"In words"_s, 4.0}};
        const auto row = [&](const QString &ratio, const QString &log, const QString &words) {
            ratios.rows.push_back({Cell(ratio), Cell(log), Cell(words)});
        };
        row(u"about 1"_s, u"about 0"_s, u"no support for either hypothesis"_s);
        row(u"2 to 10"_s, u"0.3 to 1"_s, u"weak support for H2 rather than H1"_s);
        row(u"10 to 100"_s, u"1 to 2"_s, u"moderate support"_s);
        row(u"100 to 1000"_s, u"2 to 3"_s, u"moderately strong support"_s);
        row(u"1000 to 10,000"_s, u"3 to 4"_s, u"strong support"_s);
        row(u"above 10,000"_s, u"above 4"_s, u"very strong support"_s);
        row(u"below 1"_s, u"below 0"_s, u"the same words for H1, with the ratio turned over"_s);
        blocks.push_back(std::move(ratios));
    }
    Facts glossary;
    const auto word = [&](const QString &term, const QString &meaning) {
        glossary.rows.push_back({term, meaning});
    };
    word(u"Digest, hash"_s,
         u"A number computed from data that changes when a single bit changes; equal "
         "SHA-256 values mean equal data for every practical purpose."_s);
    word(u"Face number"_s,
         u"A face followed from frame to frame; the number does not say who it is."_s);
    word(u"Frame ledger"_s,
         u"The list of all decoded frames in the order in which they are shown, with "
         "time stamp, picture type and SHA-256. Frames count from 0."_s);
    word(u"Heat map"_s,
         u"A number per place of a picture, shown as colour; the bar beside it gives the "
         "range. Colours compare only within one map."_s);
    word(u"Key frame"_s, u"A frame that is stored without reference to others."_s);
    word(u"Likelihood ratio"_s,
         u"How much more probable a measurement is under H2 than under H1. It says "
         "nothing about how probable the hypotheses are."_s);
    word(u"PTS"_s,
         u"Presentation time stamp: when a frame is to be shown, in ticks of its stream's time "
         "base."_s);
    word(u"Reference"_s,
         u"The values that a method gives on recordings of known origin; a score is to be "
         "read against them and holds for material like them."_s);
    word(u"Strength"_s, u"Orders findings of one verdict from 0 to 1; no probability."_s);
    word(u"Trace"_s,
         u"One measured number per frame. Gaps mean that nothing was measured there."_s);
    blocks.push_back(Heading{2, u"Glossary"_s, {}});
    blocks.push_back(std::move(glossary));
    blocks.push_back(Heading{2, u"General limits"_s, {}});
    blocks.push_back(Bullets{{},
                             {u"Recompression, scaling, filters, make-up, glasses, low light and "
                              u"small faces can hide traces of "
                              "manipulation and can imitate them."_s,
                              u"Reference values hold for material like that on which they were "
                              u"measured; groups of people who "
                              "are rare there may be judged worse."_s,
                              u"A method that finds nothing has found nothing that it can see; "
                              u"other manipulations leave other "
                              "traces."_s,
                              u"The findings are aids for an examiner and need to be weighed "
                              u"together with everything else that "
                              "is known."_s}});
}

void addLog(const ReportData &data, Document *document)
{
    if (data.auditLog.empty())
        return;
    DataTable table;
    table.caption = u"Log of the case"_s;
    table.columns = {{u"No."_s, 0.45},
                     {u"Time (UTC)"_s, 1.95},
                     {u"By"_s, 1.0},
                     {u"What"_s, 1.5},
                     {u"Details"_s, 3.0}};
    for (const AuditEntry &entry : data.auditLog) {
        QJsonObject detail = entry.detail;
        detail.remove(u"stored"_s); // row hashes: for machines, kept in the case
        QStringList parts;
        for (auto it = detail.begin(); it != detail.end(); ++it)
            parts << it.key() + u": "_s + optionText(it.value());
        table.rows.push_back({Cell(QString::number(entry.sequence)),
                              Cell(entry.time.toUTC().toString(u"yyyy-MM-dd HH:mm:ss"_s)),
                              Cell(entry.actor), Cell(entry.action), Cell(parts.join(u"\n"_s))});
    }
    document->blocks.push_back(std::move(table));
}

} // namespace

void addExaminersPart(const ReportData &data, Document *document)
{
    auto &blocks = document->blocks;
    blocks.push_back(PageBreak{});
    blocks.push_back(Heading{1, u"Examiner's part"_s, u"examiner"_s});
    blocks.push_back(
        Paragraph{u"Marks and notes were made by people. Earlier wordings and withdrawn entries "
                  "are struck through, never deleted."_s});
    DataTable marks = marksTable(data);
    if (marks.rows.empty())
        blocks.push_back(Paragraph{u"No marks were made."_s});
    else
        blocks.push_back(std::move(marks));
    blocks.push_back(Heading{2, u"Notes"_s, {}});
    if (data.notes.empty())
        blocks.push_back(Paragraph{u"No notes were made."_s});
    for (const Note &note : data.notes) {
        blocks.push_back(NoteText{noteHead(data, note),
                                  QStringList(note.earlier.begin(), note.earlier.end()), note.text,
                                  note.removed});
    }
}

void addBackMatter(const ReportData &data, const std::vector<Listed> &findings, Document *document)
{
    addScales(findings, document);
    auto &blocks = document->blocks;
    blocks.push_back(Heading{1, u"Provenance and verification"_s, u"provenance"_s});
    Facts facts{{{u"Program"_s, u"Framewitness "_s + data.programVersion}}};
    for (const auto &[library, version] : data.libraries)
        facts.rows.push_back({library, version});
    facts.rows.push_back({u"Case file"_s, data.casePath});
    facts.rows.push_back({u"Log entries"_s, QString::number(data.audit.entries)});
    facts.rows.push_back({u"Log check"_s, data.audit.intact
                                              ? u"intact: every entry and every stored row fits"_s
                                              : u"NOT INTACT: "_s + data.audit.problem});
    facts.rows.push_back({u"Log head hash"_s, data.audit.headHash, true});
    blocks.push_back(std::move(facts));
    blocks.push_back(Bullets{
        u"How to verify"_s,
        {u"Evidence: compute the SHA-256 of each file with any tool (\u201csha256sum FILE\u201d) "
         u"and compare "
         "it with this report."_s,
         u"Case: \u201cframewitness verify CASE\u201d walks the log and compares every stored row; "
         u"the head "
         "hash must be the one printed here or, when the case was continued, occur in its log."_s,
         u"Without this program: each entry's hash is the SHA-256 of the previous entry's hash (64 "
         u"zeros "
         "before the first) followed by the entry as JSON with sorted keys and no spaces (action, "
         "actor, "
         "detail, sequence, time). The case is an SQLite file; the log is its table \u201caudit\u201d."_s,
         u"Frames: decode the stream with FFmpeg and compare the SHA-256 of the planes with the "
         u"hashes "
         "printed under the figures."_s}});
    blocks.push_back(Bullets{
        u"How to repeat the analysis"_s,
        {u"\u201cframewitness analyze FILE --case NEW.fwcase\u201d with the program and method "
         u"versions and the "
         "parameters listed under Methods gives equal result keys and equal numbers."_s,
         u"The JSON export of two runs on the same bytes is equal outside of its part \u201cmade\u201d."_s}});
    addLog(data, document);
    blocks.push_back(Heading{2, u"Signatures"_s, {}});
    blocks.push_back(
        Paragraph{u"Name, date and signature. A technical review states whether the reviewer knew "
                  "the examiner's findings beforehand."_s,
                  Paragraph::Look::Small, true});
    blocks.push_back(SignatureLines{
        {u"Examiner"_s + (data.info.examiner.isEmpty() ? QString() : u": "_s + data.info.examiner),
         u"Technical review"_s}});
}

} // namespace fw::report
