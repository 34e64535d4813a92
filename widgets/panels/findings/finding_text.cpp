// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/findings/finding_text.h"

#include "panels/common/html.h"
#include "panels/common/text.h"
#include "panels/timeline/blink_editing.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

QString sayFinding(const char *text)
{
    return QCoreApplication::translate("fw::FindingText", text);
}

QString methodName(const ClipModel &clip, const QString &pluginId)
{
    const Manifest *manifest = clip.manifest(pluginId);
    return manifest && !manifest->name.isEmpty() ? manifest->name : pluginId;
}

QString methodLink(const ClipModel &clip, const RunRecord &record)
{
    return u"<a href='method:%1'>%2</a> %3"_s.arg(
        html::escaped(record.pluginId), html::escaped(methodName(clip, record.pluginId)),
        html::escaped(record.pluginVersion));
}

QString scoreHtml(const Score &score)
{
    QString text = html::heading(sayFinding("Score")) + html::paragraph(scoreText(score));
    text += html::quiet(score.reference.isEmpty()
                            ? sayFinding("No reference distribution was given for this value.")
                            : score.reference);
    return text;
}

/// What becomes of a count of blinks with the examiner's corrections; both counts stay visible.
QString correctionsHtml(const ClipModel &clip, const MethodResult &result, const Finding &finding)
{
    if (!holdsBlinks(result.record.pluginId) || !finding.track)
        return {};
    const auto recount = recountBlinks(result.result.measured, examinerMarks(clip), *finding.track,
                                       [&](FrameIndex frame) { return clip.clock().secondsOf(frame); },
                                       result.record.pluginVersion);
    return recount ? html::list(sayFinding("Corrected by the examiner"), recount->lines) : QString();
}

} // namespace

QString findingHtml(const ClipModel &clip, const MethodResult &result, const Finding &finding,
                    const QPalette &palette)
{
    QString text = html::style(palette);
    text += u"<h3>"_s + html::escaped(finding.title) + u"</h3>"_s;
    text += u"<p><b>"_s + html::escaped(verdictTitle(finding.verdict)) + u"</b> · "_s;
    const QString where = html::escaped(whereText(finding, clip.clock()));
    const auto frame = frameOf(finding);
    text += frame ? html::frameLink(*frame, whereText(finding, clip.clock())) : where;
    text += u"</p>"_s + html::paragraph(finding.summary);
    text += correctionsHtml(clip, result, finding);
    if (finding.score)
        text += scoreHtml(*finding.score);
    text += html::list(sayFinding("What supports it"), finding.supports);
    text += html::list(sayFinding("What speaks against it, or could also cause it"), finding.against);
    text += html::list(sayFinding("What the method cannot see here"), finding.limits);
    text += html::heading(sayFinding("What the verdict means")) + html::quiet(verdictMeaning(finding.verdict));
    text += html::heading(sayFinding("Method")) + u"<p>"_s + methodLink(clip, result.record) + u"</p>"_s;
    return text;
}

QString noFindingHtml(const ClipModel &clip, const MethodResult &result, const QPalette &palette)
{
    QString text = html::style(palette);
    text += u"<h3>"_s + html::escaped(methodName(clip, result.record.pluginId)) + u"</h3>"_s;
    switch (result.state) {
    case RunState::NotApplicable:
        text += html::heading(sayFinding("Why it is not applicable"));
        break;
    case RunState::Failed:
        text += html::heading(sayFinding("Why it was not analysed"));
        break;
    case RunState::Cancelled:
        text += html::heading(sayFinding("Cancelled"));
        break;
    case RunState::Done:
        break;
    }
    text += html::paragraph(result.reason.isEmpty() ? sayFinding("The method gave no reason.") : result.reason);
    if (const Manifest *manifest = clip.manifest(result.record.pluginId); manifest)
        text += manifest->limits.isEmpty()
            ? QString()
            : html::heading(sayFinding("Limits of the method")) + html::paragraph(manifest->limits);
    text += html::heading(sayFinding("Method")) + u"<p>"_s + methodLink(clip, result.record) + u"</p>"_s;
    return text;
}

QString runRecordHtml(const ClipModel &clip, const MethodResult &result, const QPalette &palette)
{
    const RunRecord &record = result.record;
    QString text = html::style(palette) + html::rowsBegin();
    text += html::rowHtml(sayFinding("Method"), methodLink(clip, record));
    text += html::row(sayFinding("Plugin"), record.pluginId);
    text += html::row(sayFinding("Version"), record.pluginVersion);
    text += html::row(sayFinding("Ended as"), runStateName(result.state));
    text += html::row(sayFinding("Reason"), result.reason);
    text += html::row(sayFinding("File, SHA-256"), record.mediaSha256);
    if (record.frames.length() > 0)
        text += html::row(sayFinding("Frames"), rangeText(record.frames, clip.clock()));
    for (auto it = record.options.begin(); it != record.options.end(); ++it)
        text += html::row(sayFinding("Option %1").arg(it.key()), jsonText(it.value()));
    for (const auto &[model, hash] : record.modelHashes)
        text += html::row(sayFinding("Model %1").arg(model), hash);
    for (const auto &[observer, version] : record.inputs)
        text += html::row(sayFinding("Measurements of %1").arg(methodName(clip, observer)), version);
    text += html::row(sayFinding("Program"), record.programVersion);
    for (const auto &[library, version] : record.libraries)
        text += html::row(library, version);
    text += html::row(sayFinding("Seed"), QString::number(record.seed));
    if (record.started.isValid()) {
        text += html::row(sayFinding("Started"),
                          record.started.toUTC().toString(u"yyyy-MM-dd HH:mm:ss 'UTC'"_s));
        text += html::row(sayFinding("Took"), quantityText(record.wallSeconds, u"s"_s));
    }
    return text + html::rowsEnd();
}

} // namespace fw
