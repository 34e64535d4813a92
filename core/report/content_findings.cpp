// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/content.h"
#include "report/figures.h"
#include "report/recounts.h"
#include "report/words.h"

#include <map>

using namespace Qt::StringLiterals;

namespace fw::report {

namespace {

constexpr int kMostCharts = 3;
using Sources = std::map<const ReportEvidence *, std::shared_ptr<FrameSource>>;

QString notesOn(const ReportData &data, const Listed &f)
{
    const QString id = f.result->record.pluginId + u'/' + f.finding->id;
    QStringList texts;
    for (const Note &note : data.notes) {
        const bool here = !note.evidence || *note.evidence == f.evidence->evidence.id;
        if (!note.removed && here && note.findingId == id)
            texts << note.text + (note.author.isEmpty() ? QString() : u" (%1)"_s.arg(note.author));
    }
    return texts.join(u"\n"_s);
}

Facts details(const ReportData &data, const Listed &f)
{
    const Finding &finding = *f.finding;
    Facts facts;
    if (finding.score) {
        facts.rows.push_back({u"Score"_s, scoreText(*finding.score)});
        facts.rows.push_back({u"Scale"_s, scaleTitle(finding.score->scale)});
        facts.rows.push_back({u"Reference"_s, finding.score->reference});
    }
    if (finding.track)
        facts.rows.push_back({u"Face"_s, trackText(*finding.track)});
    if (finding.range)
        facts.rows.push_back({u"Stretch"_s, rangeText(*f.evidence, *finding.range)});
    if (finding.keyFrame)
        facts.rows.push_back({u"Shown frame"_s, frameText(*f.evidence, *finding.keyFrame)});
    if (finding.region) {
        facts.rows.push_back(
            {u"Region"_s, u"x %1, y %2, %3 \u00d7 %4 px"_s.arg(double(finding.region->x))
                              .arg(double(finding.region->y))
                              .arg(double(finding.region->width))
                              .arg(double(finding.region->height))});
    }
    facts.rows.push_back({u"File"_s, evidenceNumber(data, *f.evidence) + u", stream "_s +
                                         QString::number(f.result->record.streamIndex) + u", "_s +
                                         f.evidence->evidence.facts.fileName});
    if (const QString notes = notesOn(data, f); !notes.isEmpty())
        facts.rows.push_back({u"Examiner's notes"_s, notes});
    return facts;
}

/// Blinks that the examiner added or rejected, and the count with and without them.
QStringList corrections(const Listed &f)
{
    if (!f.finding->track)
        return {};
    const auto recount = recountOf(*f.evidence, *f.result, *f.finding->track);
    return recount ? recount->lines : QStringList();
}

void addFinding(const ReportData &data, const Listed &f, Sources *sources, Document *document)
{
    const Finding &finding = *f.finding;
    auto &blocks = document->blocks;
    const QString method =
        methodName(data, f.result->record.pluginId) + u' ' + f.result->record.pluginVersion;
    blocks.push_back(
        VerdictHead{finding.verdict, f.number, finding.title,
                    u"%1, %2. Method: %3"_s.arg(verdictTitle(finding.verdict),
                                                strengthText(finding.strength), method),
                    f.anchor});
    const std::optional<FrameIndex> frame = finding.keyFrame ? finding.keyFrame
                                            : finding.range && finding.range->length() > 0
                                                ? std::optional(finding.range->begin)
                                                : std::nullopt;
    // The head, the facts and the picture are read together: they stay on one page.
    blocks.push_back(Paragraph{finding.summary, Paragraph::Look::Body, true});
    Facts facts = details(data, f);
    facts.keepWithNext = frame.has_value();
    blocks.push_back(std::move(facts));
    auto &source = (*sources)[f.evidence];
    if (!source)
        source = std::make_shared<FrameSource>(*f.evidence);
    if (frame)
        blocks.push_back(frameFigure(*f.evidence, source, *f.result, &finding, *frame));
    for (Figure &chart : chartFigures(*f.evidence, *f.result, finding.track, frame, kMostCharts))
        blocks.push_back(std::move(chart));
    if (const QStringList corrected = corrections(f); !corrected.isEmpty())
        blocks.push_back(Bullets{u"Corrected by the examiner"_s, corrected});
    const QStringList nothing{u"Nothing was recorded under this head."_s};
    blocks.push_back(Bullets{u"What speaks for a manipulation"_s,
                             finding.supports.isEmpty() ? nothing : finding.supports});
    blocks.push_back(Bullets{u"What speaks against it, or could cause the same"_s,
                             finding.against.isEmpty() ? nothing : finding.against});
    if (!finding.limits.isEmpty())
        blocks.push_back(Bullets{u"Limits"_s, finding.limits});
}

/// Everything that was asked and gave no claim: never dropped from a report.
DataTable withoutClaim(const ReportData &data, const std::vector<Listed> &findings)
{
    DataTable table;
    table.columns = {{u"File"_s, 0.5}, {u"Method"_s, 1.8}, {u"Outcome"_s, 4.2}};
    for (const Listed &f : findings) {
        if (f.finding->verdict == Verdict::NotApplicable) {
            Cell outcome(f.number + u", "_s + f.finding->title + u": "_s + f.finding->summary);
            outcome.verdict = Verdict::NotApplicable;
            table.rows.push_back({Cell(evidenceNumber(data, *f.evidence)),
                                  Cell(methodName(data, f.result->record.pluginId)), outcome});
        }
    }
    for (const ReportEvidence &e : data.evidence) {
        for (const MethodResult &r : e.results) {
            if (!r.result.findings.empty())
                continue;
            Cell outcome(
                r.state == RunState::Done
                    ? u"completed; it measures and makes no claim, or had nothing to claim"_s
                    : stateText(r));
            if (r.state == RunState::NotApplicable)
                outcome.verdict = Verdict::NotApplicable;
            table.rows.push_back({Cell(evidenceNumber(data, e)),
                                  Cell(methodName(data, r.record.pluginId)), outcome});
        }
    }
    return table;
}

/// Viewers such as an error level picture claim nothing, yet what they show belongs to the record.
void addPicturesWithoutClaim(const ReportData &data, Sources *sources, Document *document)
{
    for (const ReportEvidence &e : data.evidence) {
        for (const MethodResult &r : e.results) {
            if (!r.result.findings.empty() || r.result.measured.heatMaps.empty())
                continue;
            auto &source = (*sources)[&e];
            if (!source)
                source = std::make_shared<FrameSource>(e);
            document->blocks.push_back(Heading{
                3, evidenceNumber(data, e) + u", "_s + methodName(data, r.record.pluginId), {}});
            document->blocks.push_back(
                frameFigure(e, source, r, nullptr, r.result.measured.heatMaps.front().frame));
        }
    }
}

} // namespace

void addFindings(const ReportData &data, const std::vector<Listed> &findings, Document *document)
{
    auto &blocks = document->blocks;
    blocks.push_back(PageBreak{});
    blocks.push_back(Heading{1, u"Findings"_s, u"findings"_s});
    Sources sources;
    bool any = false;
    for (const Listed &f : findings) {
        if (f.finding->verdict == Verdict::NotApplicable)
            continue; // in the table below, with its reason
        addFinding(data, f, &sources, document);
        any = true;
    }
    if (!any)
        blocks.push_back(Paragraph{u"No method made a claim."_s});

    DataTable rest = withoutClaim(data, findings);
    if (rest.rows.empty())
        return;
    blocks.push_back(Heading{2, u"Methods without a claim"_s, u"without-claim"_s});
    blocks.push_back(Paragraph{
        u"These were asked for and are listed for completeness. Nothing follows from a method that "
        "could not be used."_s});
    blocks.push_back(std::move(rest));
    addPicturesWithoutClaim(data, &sources, document);
}

} // namespace fw::report
