// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/case_work.h"

#include "base/version.h"
#include "media/video_reader.h"
#include "report/signature.h"

#include <mutex>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

/// Gives exact frames of one file to a report; opens the file when the first one is wanted.
class FigureSource
{
public:
    explicit FigureSource(QString path) : m_path(std::move(path)) {}

    Result<FramePtr> at(FrameIndex index, const Ledger &ledger)
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_reader) {
            auto packets = scanPackets(m_path);
            if (!packets)
                return Failure{packets.error()};
            auto reader = SeekReader::open(m_path, std::move(*packets), {});
            if (!reader)
                return Failure{reader.error()};
            m_reader = std::move(*reader);
        }
        auto picture = m_reader->at(index);
        if (!picture)
            return Failure{picture.error()};
        if (index < ledger.count() && ledger.entries[std::size_t(index)].planes != picture->ledger.planes) {
            return fail(Errc::Mismatch,
                        u"frame %1 no longer decodes to the recorded picture"_s.arg(index), m_path);
        }
        auto frame = std::make_shared<Frame>();
        frame->index = index;
        frame->time = {picture->ledger.pts, m_reader->index().timeBase};
        frame->bgr = picture->bgr;
        frame->planes = picture->ledger.planes;
        frame->keyFrame = picture->ledger.keyFrame;
        frame->pictureType = picture->ledger.pictureType;
        return FramePtr(std::move(frame));
    }

private:
    QString m_path;
    std::mutex m_mutex;
    std::unique_ptr<SeekReader> m_reader;
};

QString hashProblem(const FileHashes &recorded, const Result<FileHashes> &now)
{
    if (!now)
        return now.error().text();
    if (now->sha256 == recorded.sha256 && now->size == recorded.size)
        return {};
    return u"the file has changed since intake: %1 bytes, SHA-256 %2"_s.arg(now->size)
        .arg(hexText(now->sha256));
}

} // namespace

Result<EvidenceId> storeOutcome(CaseFile &file, const RunOutcome &outcome)
{
    const auto evidence = file.addEvidence(outcome.media);
    if (!evidence)
        return evidence;
    if (const auto saved = file.saveLedger(*evidence, outcome.ledger); !saved)
        return Failure{saved.error()};
    for (const MethodResult &result : outcome.results) {
        if (const auto saved = file.saveResult(*evidence, result); !saved)
            return Failure{saved.error()};
    }
    for (const auto &[observer, key] : outcome.observationKeys) {
        if (const auto saved = file.saveObservations(*evidence, key, outcome.observations); !saved)
            return Failure{saved.error()};
    }
    QByteArray keys;
    for (const auto &[key, log] : outcome.ownObservations) {
        if (const auto saved = file.saveObservations(*evidence, key, log); !saved)
            return Failure{saved.error()};
        keys += key.toLatin1();
    }
    if (!keys.isEmpty()) { // last, so that views and reports get all of them together
        const QString together = u"together:"_s + hexText(sha256(keys));
        if (const auto saved = file.saveObservations(*evidence, together, outcome.observations); !saved)
            return Failure{saved.error()};
    }
    return evidence;
}

std::vector<MethodChoice> defaultMethods(const PluginRegistry &registry)
{
    std::vector<MethodChoice> choices;
    for (const PluginEntry &entry : registry.entries()) {
        if (!entry.refusal && entry.manifest.standsIn.isEmpty())
            choices.push_back({entry.manifest.id, {}});
    }
    return choices;
}

std::map<QString, Manifest> manifestsOf(const PluginRegistry &registry)
{
    std::map<QString, Manifest> manifests;
    for (const PluginEntry &entry : registry.entries()) {
        if (!entry.manifest.id.isEmpty())
            manifests.try_emplace(entry.manifest.id, entry.manifest);
    }
    return manifests;
}

Result<ReportData> collectReport(const CaseFile &file, const std::map<QString, Manifest> &manifests,
                                 const CollectOptions &options)
{
    ReportData data;
    data.info = file.info();
    data.casePath = file.path();
    data.made = QDateTime::currentDateTimeUtc();
    data.programVersion = QStringLiteral(FW_VERSION);
    data.libraries = libraryVersions();
    data.methods = manifests;
    data.notes = file.notes();
    data.audit = file.verifyAudit();
    data.auditLog = file.auditLog();
    for (const Evidence &evidence : file.evidence()) {
        ReportEvidence part;
        part.evidence = evidence;
        part.ledger = file.ledger(evidence.id).value_or(Ledger{});
        part.results = file.results(evidence.id);
        part.observations = file.observationsOf(evidence.id).value_or(ObservationLog{});
        part.marks = file.marks(evidence.id);
        if (options.recheckHashes) {
            const auto now = hashFile(evidence.lastPath, options.stop);
            if (!now && now.error().code == Errc::Cancelled)
                return Failure{now.error()};
            if (now)
                part.hashesNow = *now;
            part.hashProblem = hashProblem(evidence.facts.hashes, now);
        } else {
            part.hashProblem = u"not checked again"_s;
        }
        auto figures = std::make_shared<FigureSource>(evidence.lastPath);
        part.frameAt = [figures, ledger = part.ledger](FrameIndex index) {
            return figures->at(index, ledger);
        };
        data.evidence.push_back(std::move(part));
    }
    return data;
}

Result<std::vector<WrittenReport>> writeReports(const ReportData &data, const ReportTargets &targets,
                                                const ReportProgress &progress)
{
    using Writer = std::function<Result<void>(const QString &)>;
    const std::pair<QString, Writer> wanted[] = {
        {targets.pdf, [&](const QString &p) { return writePdf(data, p, progress); }},
        {targets.html, [&](const QString &p) { return writeHtml(data, p, progress); }},
        {targets.json, [&](const QString &p) { return writeJson(data, p); }},
        {targets.csv, [&](const QString &p) { return writeCsv(data, p); }},
        {targets.openFace, [&](const QString &p) { return writeOpenFace(data, p); }},
    };
    std::optional<Signer> signer;
    if (!targets.certificate.isEmpty()) {
        auto opened = Signer::open(targets.certificate, targets.passphrase);
        if (!opened)
            return Failure{opened.error()};
        signer.emplace(std::move(*opened));
    }
    std::vector<WrittenReport> reports;
    for (const auto &[path, write] : wanted) {
        if (path.isEmpty())
            continue;
        if (const auto written = write(path); !written)
            return Failure{written.error()};
        const auto hashes = hashFile(path);
        if (!hashes)
            return Failure{hashes.error()};
        reports.push_back({path, hexText(hashes->sha256)});
        if (!signer)
            continue;
        if (const auto done = signer->sign(path); !done)
            return Failure{done.error()};
        reports.back().signer = u"%1 (SHA-256 %2)"_s.arg(signer->name(), signer->fingerprint());
    }
    return reports;
}

Result<void> auditReports(CaseFile &file, const std::vector<WrittenReport> &reports)
{
    for (const WrittenReport &report : reports) {
        QJsonObject detail{{u"path"_s, report.path}, {u"sha256"_s, report.sha256}};
        if (!report.signer.isEmpty())
            detail.insert(u"signedBy"_s, report.signer);
        const auto recorded = file.audit(u"report-exported"_s, detail);
        if (!recorded)
            return recorded;
    }
    return {};
}

std::vector<EvidenceCheck> checkEvidence(const CaseFile &file, std::stop_token stop)
{
    std::vector<EvidenceCheck> checks;
    for (const Evidence &evidence : file.evidence())
        checks.push_back({evidence, hashProblem(evidence.facts.hashes, hashFile(evidence.lastPath, stop))});
    return checks;
}

} // namespace fw
