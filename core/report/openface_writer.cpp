// SPDX-License-Identifier: GPL-3.0-or-later
#include "findings/openface_csv.h"
#include "report/report.h"
#include "report/target_file.h"

#include <QFileInfo>
#include <QIODevice>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

Result<void> writeBytes(const QString &path, const QByteArray &bytes)
{
    return report::writeTarget(path, [&](QIODevice &device) -> Result<void> {
        if (device.write(bytes) != bytes.size())
            return fail(Errc::Unwritable, device.errorString(), path);
        return {};
    });
}

bool hasFaces(const ReportEvidence &evidence)
{
    return !evidence.observations.tracks().empty();
}

QStringList modelsOf(const ReportEvidence &evidence)
{
    QStringList models;
    for (const MethodResult &result : evidence.results) {
        for (const auto &[id, hash] : result.record.modelHashes) {
            const QString line = id + u' ' + hash;
            if (!models.contains(line))
                models << line;
        }
    }
    return models;
}

} // namespace

Result<void> writeOpenFace(const ReportData &data, const QString &path)
{
    const auto count = std::count_if(data.evidence.begin(), data.evidence.end(), hasFaces);
    if (count != 1) {
        return fail(Errc::NotApplicable,
                    count == 0 ? u"no face was observed, so there is no table of faces"_s
                               : u"%1 files have faces; OpenFace's table holds one clip"_s.arg(count),
                    path);
    }
    const ReportEvidence &evidence =
        *std::find_if(data.evidence.begin(), data.evidence.end(), hasFaces);
    const StreamFacts *video = evidence.evidence.facts.video();
    const Camera camera = video ? Camera::assumed(video->width, video->height) : Camera{};
    std::vector<double> seconds;
    for (FrameIndex frame = 0; frame < evidence.ledger.count(); ++frame)
        seconds.push_back(evidence.ledger.seconds(frame));
    const BehaviourTable table = openFaceTable(evidence.observations, seconds, camera);
    const auto written = writeBytes(path, openFaceCsv(table));
    if (!written)
        return written;
    const QString text =
        openFaceSidecar(QFileInfo(path).fileName(), data.programVersion, modelsOf(evidence));
    return writeBytes(path + u".txt"_s, text.toUtf8());
}

} // namespace fw
