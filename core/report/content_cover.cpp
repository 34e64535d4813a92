// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/content.h"
#include "report/words.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw::report {

namespace {

QString hypothesis(const QString &given, const QString &usual)
{
    return given.isEmpty() ? usual + u" (usual wording; the examiner entered none)"_s : given;
}

/// One sentence that counts, without weighing: weighing is the examiner's task.
QString countSentence(const Tally &tally, std::size_t methods)
{
    int all = 0;
    for (const int n : tally.counts)
        all += n;
    if (all == 0)
        return u"No finding was recorded. Nothing follows from that in either direction."_s;
    return u"%1 recorded, made by %2. They are the results of single methods, not votes: several "
           "may share one cause, and their number is not a measure of support."_s.arg(
               all == 1 ? u"One finding was"_s : u"%1 findings were"_s.arg(all),
               methods == 1 ? u"one method"_s : u"%1 methods"_s.arg(methods));
}

} // namespace

void addCover(const ReportData &data, const std::vector<Listed> &findings, Document *document)
{
    const CaseInfo &info = data.info;
    auto &blocks = document->blocks;
    blocks.push_back(Facts{{{u"Report number"_s, reportNumber(data), true},
                            {u"Made"_s, timeText(data.made)},
                            {u"Case number"_s, info.number},
                            {u"Exhibit"_s, info.exhibit},
                            {u"Requested by"_s, info.requester},
                            {u"Examiner"_s, info.examiner},
                            {u"Role"_s, info.role},
                            {u"Organisation"_s, info.organisation},
                            {u"Language"_s, u"English"_s},
                            {u"Made with"_s, u"Framewitness "_s + data.programVersion}}});
    Facts examined;
    for (const ReportEvidence &evidence : data.evidence)
        examined.rows.push_back(
            {u"Examined, "_s + evidenceNumber(data, evidence), evidence.evidence.facts.fileName});
    if (!examined.rows.empty())
        blocks.push_back(std::move(examined));
    blocks.push_back(Heading{2, u"Question"_s, {}});
    blocks.push_back(
        Paragraph{info.question.isEmpty() ? u"No question was entered."_s : info.question});
    blocks.push_back(Heading{2, u"Hypotheses"_s, {}});
    blocks.push_back(
        Facts{{{u"H1, as claimed"_s,
                hypothesis(info.hypothesisClaimed,
                           u"The recording is what it is claimed to be and was not altered."_s)},
               {u"H2, alternative"_s,
                hypothesis(info.hypothesisAlternative,
                           u"The recording was altered after it was made, or was made by other "
                           "means than claimed."_s)}}});

    Tally tally;
    std::size_t methods = 0;
    for (const Listed &f : findings)
        ++tally.counts[std::size_t(f.finding->verdict)];
    for (const ReportEvidence &evidence : data.evidence) {
        for (const MethodResult &result : evidence.results)
            methods += result.result.findings.empty() ? 0 : 1;
    }
    blocks.push_back(Heading{2, u"Findings at a glance"_s, {}});
    blocks.push_back(tally);
    blocks.push_back(Paragraph{countSentence(tally, methods)});
    blocks.push_back(Paragraph{
        u"This report states what was measured and how far it fits either hypothesis. It draws no "
        "conclusion on identity, on intent, or on the truth of what a recording shows."_s});

    if (findings.empty())
        return;
    DataTable table;
    const bool several = data.evidence.size() > 1;
    table.columns = {
        {u"No."_s, 0.55}, {u"Verdict"_s, 1.35}, {u"Finding"_s, 3.2}, {u"Method"_s, 1.9}};
    if (several)
        table.columns.push_back({u"File"_s, 0.55});
    const bool strengths = std::any_of(findings.begin(), findings.end(), [](const Listed &f) { return f.finding->strength.has_value(); });
    if (strengths)
        table.columns.push_back({u"Strength"_s, 0.85, false, true});
    for (const Listed &f : findings) {
        Cell verdict(verdictTitle(f.finding->verdict));
        verdict.verdict = f.finding->verdict;
        Cell title(f.finding->title);
        title.refersTo =
            f.finding->verdict == Verdict::NotApplicable ? u"without-claim"_s : f.anchor;
        std::vector<Cell> row{Cell(f.number), verdict, title,
                              Cell(methodName(data, f.result->record.pluginId))};
        if (several)
            row.emplace_back(evidenceNumber(data, *f.evidence));
        if (strengths)
            row.emplace_back(f.finding->strength ? QString::number(*f.finding->strength, 'f', 2) : u"\u2013"_s);
        table.rows.push_back(std::move(row));
    }
    blocks.push_back(Heading{2, u"Overview of the findings"_s, u"overview"_s});
    if (strengths)
        blocks.push_back(Paragraph{u"Strength orders the findings of one verdict; it is neither a "
                                   "probability nor comparable between methods."_s,
                                   Paragraph::Look::Small});
    blocks.push_back(std::move(table));
}

} // namespace fw::report
