// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "base/paths.h"
#include "cli/options.h"
#include "media/metadata.h"
#include "media/video_reader.h"
#include "run/plugin_registry.h"
#include "work/case_work.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace fw::cli {

namespace {

void printFacts(const MediaFacts &facts, const Metadata &metadata)
{
    out(u"File        %1"_s.arg(facts.path));
    out(u"Size        %1 bytes"_s.arg(facts.hashes.size));
    out(u"SHA-256     %1"_s.arg(facts.sha256Text()));
    out(u"MD5         %1"_s.arg(QString::fromLatin1(facts.hashes.md5Hex)));
    out(u"Container   %1 (%2)"_s.arg(facts.containerLongName, facts.container));
    if (facts.durationSeconds)
        out(u"Duration    %1"_s.arg(clockText(*facts.durationSeconds)));
    for (const StreamFacts &s : facts.streams) {
        QString line = u"Stream %1    %2, %3"_s.arg(s.index).arg(streamKindName(s.kind), s.codec);
        if (!s.profile.isEmpty())
            line += u" (%1)"_s.arg(s.profile);
        if (s.kind == StreamKind::Video) {
            line += u", %1×%2, %3, %4 frames/s"_s.arg(s.width).arg(s.height).arg(s.pixelFormat)
                        .arg(s.averageRate.toDouble(), 0, 'g', 6);
            if (s.rotationDegrees != 0)
                line += u", turned by %1°"_s.arg(s.rotationDegrees);
        } else if (s.kind == StreamKind::Audio) {
            line += u", %1 Hz, %2 channels"_s.arg(s.sampleRate).arg(s.channels);
        }
        out(line);
    }
    for (const EditListEntry &e : facts.editList) {
        out(u"Edit list   stream %1: %2 s from media time %3"_s.arg(e.streamIndex)
                .arg(e.durationSeconds).arg(e.mediaTime));
    }
    for (const MetadataEntry &e : metadata.entries)
        out(u"Metadata    %1 = %2"_s.arg(e.key, e.value));
    for (const QString &warning : facts.warnings)
        out(u"Warning     "_s + warning);
}

} // namespace

int info(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Shows what a file declares about itself, and its hashes."_s);
    parser.addPositionalArgument(u"info"_s, u"The command."_s);
    parser.addPositionalArgument(u"FILE"_s, u"A clip or a picture."_s);
    const QCommandLineOption json(u"json"_s, u"Print one JSON object."_s);
    parser.addOption(json);
    if (const auto over = readOptions(parser, arguments))
        return *over;
    if (parser.positionalArguments().size() != 1) {
        err(u"framewitness info: give one file"_s);
        return kUsage;
    }
    const QString path = parser.positionalArguments().constFirst();
    auto facts = probe(path);
    if (!facts) {
        err(facts.error().text());
        return kNotAnalysed;
    }
    const auto hashes = hashFile(path);
    if (!hashes) {
        err(hashes.error().text());
        return kNotAnalysed;
    }
    facts->hashes = *hashes;
    facts->hashed = true;
    const Metadata metadata = readMetadata(path).value_or(Metadata{});
    if (!parser.isSet(json)) {
        printFacts(*facts, metadata);
        return kDone;
    }
    QJsonObject object = toJson(*facts);
    QJsonArray tags;
    for (const MetadataEntry &e : metadata.entries)
        tags.append(QJsonObject{{u"key"_s, e.key}, {u"value"_s, e.value}});
    object.insert(u"metadata"_s, tags);
    out(QString::fromUtf8(QJsonDocument(object).toJson()).trimmed());
    return kDone;
}

int methods(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Lists the installed methods, and the refused ones with the reason."_s);
    parser.addPositionalArgument(u"methods"_s, u"The command."_s);
    const QCommandLineOption json(u"json"_s, u"Print one JSON object."_s);
    parser.addOption(json);
    if (const auto over = readOptions(parser, arguments))
        return *over;
    const InstallPaths paths = InstallPaths::ofProgram();
    PluginRegistry registry;
    registry.scan(paths.pluginFolders(), paths.models());
    QJsonArray list;
    for (const PluginEntry &entry : registry.entries()) {
        const Manifest &m = entry.manifest;
        const QString name = m.id.isEmpty() ? entry.folder : m.id;
        if (parser.isSet(json)) {
            QJsonObject models;
            for (const auto &[id, hash] : entry.modelHashes)
                models.insert(id, hash);
            list.append(QJsonObject{
                {u"id"_s, name}, {u"version"_s, m.version}, {u"name"_s, m.name},
                {u"kind"_s, m.kind == PluginKind::Observer ? u"observer"_s : u"detector"_s},
                {u"family"_s, m.family}, {u"summary"_s, m.summary}, {u"models"_s, models},
                {u"refused"_s, entry.refusal ? QJsonValue(entry.refusal->text()) : QJsonValue()}});
        } else if (entry.refusal) {
            out(u"%1  REFUSED: %2"_s.arg(name, entry.refusal->text()));
        } else {
            out(u"%1 %2  %3: %4"_s.arg(name, m.version, m.name, m.summary));
        }
    }
    if (parser.isSet(json))
        out(QString::fromUtf8(QJsonDocument(QJsonObject{{u"methods"_s, list}}).toJson()).trimmed());
    return kDone;
}

int verify(const QStringList &arguments, std::stop_token stop)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Reads every evidence file of a case again and compares its hash with the one recorded at "
        "intake, then checks the chain of the audit log."_s);
    parser.addPositionalArgument(u"verify"_s, u"The command."_s);
    parser.addPositionalArgument(u"CASE"_s, u"A case file (.fwcase)."_s);
    if (const auto over = readOptions(parser, arguments))
        return *over;
    if (parser.positionalArguments().size() != 1) {
        err(u"framewitness verify: give one case file"_s);
        return kUsage;
    }
    const auto file = CaseFile::open(parser.positionalArguments().constFirst(), true);
    if (!file) {
        err(file.error().text());
        return kNotVerified;
    }
    bool good = true;
    for (const EvidenceCheck &check : checkEvidence(**file, stop)) {
        const QString name = check.evidence.facts.path;
        if (check.problem.isEmpty())
            out(u"OK       %1  %2"_s.arg(check.evidence.facts.sha256Text(), name));
        else
            out(u"PROBLEM  %1: %2"_s.arg(name, check.problem));
        good = good && check.problem.isEmpty();
    }
    if (stop.stop_requested())
        return kCancelled;
    const AuditCheck audit = (*file)->verifyAudit();
    if (audit.intact)
        out(u"OK       audit log: %1 entries, head %2"_s.arg(audit.entries).arg(audit.headHash));
    else
        out(u"PROBLEM  audit log: "_s + audit.problem);
    return good && audit.intact ? kDone : kNotVerified;
}

} // namespace fw::cli
