// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/behaviour_import.h"

#include "base/version.h"
#include "findings/imported_traces.h"

#include <QFile>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr qint64 kMostBytes = qint64(1) << 30;

} // namespace

Result<MethodResult> resultOfImport(const ImportedBehaviour &imported, const QString &fileName,
                                    const QString &mediaSha256, std::int64_t frames)
{
    const bool openFace = imported.format == BehaviourFormat::OpenFace;
    MethodResult result;
    result.record.pluginId = u"org.framewitness.imported_behaviour"_s;
    result.record.pluginVersion = u"1.0.0"_s;
    result.record.options = {{u"file"_s, fileName},
                             {u"sha256"_s, imported.sha256},
                             {u"format"_s, openFace ? u"OpenFace"_s : u"py-feat"_s}};
    result.record.mediaSha256 = mediaSha256;
    result.record.programVersion = QStringLiteral(FW_VERSION);
    result.record.started = QDateTime::currentDateTimeUtc();
    result.record.frames = {0, frames};
    result.result.measured.traces = tracesOfImport(observationsOf(imported), imported.format, frames);
    if (result.result.measured.traces.empty())
        return fail(Errc::Mismatch, u"holds no face within the %1 frames of the clip"_s.arg(frames), fileName);
    return result;
}

Result<void> importBehaviour(CaseFile &file, EvidenceId evidence, const RunOutcome &outcome,
                             const QString &path)
{
    QFile csv(path);
    if (!csv.open(QIODevice::ReadOnly))
        return fail(csv.exists() ? Errc::Unreadable : Errc::NotFound, csv.errorString(), path);
    if (csv.size() > kMostBytes)
        return fail(Errc::Unsupported, u"is larger than 1 GiB"_s, path);
    const auto imported = readBehaviourCsv(csv.readAll(), path);
    if (!imported)
        return Failure{imported.error()};
    const auto result = resultOfImport(*imported, QFileInfo(path).fileName(),
                                       outcome.media.sha256Text(), outcome.ledger.count());
    if (!result)
        return Failure{result.error()};
    return file.saveResult(evidence, *result);
}

} // namespace fw
