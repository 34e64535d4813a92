// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/content.h"
#include "report/words.h"

#include <map>

using namespace Qt::StringLiterals;

namespace fw::report {

namespace {

struct Use
{
    const ReportEvidence *evidence;
    const MethodResult *result;
};

const OptionSpec *specOf(const Manifest *manifest, const QString &name)
{
    if (!manifest)
        return nullptr;
    for (const OptionSpec &spec : manifest->options) {
        if (spec.name == name)
            return &spec;
    }
    return nullptr;
}

DataTable optionTable(const Manifest *manifest, const RunRecord &record)
{
    DataTable table;
    table.caption = u"Parameters"_s;
    table.columns = {
        {u"Parameter"_s, 2.4}, {u"Value"_s, 1.2}, {u"Default"_s, 1.2}, {u"Meaning"_s, 3.2}};
    for (auto it = record.options.begin(); it != record.options.end(); ++it) {
        const OptionSpec *spec = specOf(manifest, it.key());
        const QString unit = spec && !spec->unit.isEmpty() ? u' ' + spec->unit : QString();
        table.rows.push_back(
            {Cell(spec && !spec->title.isEmpty() ? u"%1 (%2)"_s.arg(spec->title, it.key())
                                                 : it.key()),
             Cell(optionText(it.value()) + unit),
             Cell(spec ? optionText(spec->fallback) + unit : QString()),
             Cell(spec ? spec->about : QString())});
    }
    return table;
}

QString joined(const std::map<QString, QString> &map)
{
    QStringList parts;
    for (const auto &[key, value] : map)
        parts << key + u' ' + value;
    return parts.join(u", "_s);
}

void addRuns(const ReportData &data, const Manifest *manifest, const std::vector<Use> &uses,
             Document *document)
{
    // Runs with equal options share one table of parameters.
    QJsonObject shown;
    bool first = true;
    for (const Use &use : uses) {
        const RunRecord &r = use.result->record;
        if (!r.options.isEmpty() && (first || r.options != shown)) {
            document->blocks.push_back(optionTable(manifest, r));
            shown = r.options;
        }
        first = false;
        Facts facts{
            {{u"Used on"_s,
              evidenceNumber(data, *use.evidence) + u", frames "_s +
                  (r.frames.length() > 0 ? u"%1 to %2"_s.arg(r.frames.begin).arg(r.frames.end - 1)
                                         : u"none"_s)},
             {u"Outcome"_s, stateText(*use.result)},
             {u"Started"_s,
              u"%1, took %2 s"_s.arg(timeText(r.started), plainNumber(r.wallSeconds))},
             {u"Seed"_s, QString::number(r.seed)},
             {u"Result key"_s, r.cacheKey(), true}}};
        if (!r.inputs.empty())
            facts.rows.push_back({u"Measurements used"_s, joined(r.inputs)});
        for (const auto &[model, hash] : r.modelHashes)
            facts.rows.push_back({u"Model %1, SHA-256"_s.arg(model), hash, true});
        document->blocks.push_back(std::move(facts));
    }
}

} // namespace

void addMethods(const ReportData &data, Document *document)
{
    std::map<QString, std::vector<Use>> uses;
    for (const ReportEvidence &e : data.evidence) {
        for (const MethodResult &r : e.results)
            uses[r.record.pluginId].push_back({&e, &r});
    }
    auto &blocks = document->blocks;
    blocks.push_back(PageBreak{});
    blocks.push_back(Heading{1, u"Methods"_s, u"methods"_s});
    if (uses.empty())
        blocks.push_back(Paragraph{u"No method was used."_s});
    for (const auto &[id, runs] : uses) {
        const auto found = data.methods.find(id);
        const Manifest *manifest = found == data.methods.end() ? nullptr : &found->second;
        blocks.push_back(
            Heading{2, methodName(data, id) + u' ' + runs.front().result->record.pluginVersion,
                    u"method-"_s + id});
        Facts facts{{{u"Identifier"_s, id, true}}};
        if (manifest) {
            blocks.push_back(
                Paragraph{manifest->looksFor.isEmpty() ? manifest->summary : manifest->looksFor});
            facts.rows.push_back({u"Published as"_s, citationText(manifest->method)});
            facts.rows.push_back({u"Needs"_s, manifest->needs.isEmpty()
                                                  ? u"the file alone"_s
                                                  : manifest->needs.join(u", "_s)});
            facts.rows.push_back({u"Limits"_s, manifest->limits});
            if (manifest->viewerOnly)
                facts.rows.push_back(
                    {u"Kind"_s, u"shows something to the examiner and never claims"_s});
            for (const ModelSpec &model : manifest->models) {
                facts.rows.push_back(
                    {u"Model "_s + model.id,
                     (model.license.isEmpty() ? u"licence not stated"_s
                                              : u"licence: "_s + model.license) +
                         (model.package.isEmpty() ? QString() : u", package: "_s + model.package)});
            }
        } else {
            facts.rows.push_back({u"Description"_s,
                                  u"this method is not installed where the report was "
                                  "made; its record below is complete"_s});
        }
        blocks.push_back(std::move(facts));
        addRuns(data, manifest, runs, document);
    }
}

} // namespace fw::report
