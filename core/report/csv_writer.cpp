// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/report.h"
#include "report/target_file.h"

#include <QIODevice>
#include <QLocale>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr qsizetype kFlushBytes = 1 << 20;

/// RFC 4180: quoted where needed, quotes doubled.
QByteArray field(const QString &text)
{
    QByteArray bytes = text.toUtf8();
    if (!bytes.contains(',') && !bytes.contains('"') && !bytes.contains('\n') &&
        !bytes.contains('\r'))
        return bytes;
    return '"' + bytes.replace('"', "\"\"") + '"';
}

/// Reads back as the same double; empty when nothing was measured. The point is always '.'.
QByteArray number(double value)
{
    return std::isfinite(value) ? QByteArray::number(value, 'g', QLocale::FloatingPointShortest)
                                : QByteArray();
}

class CsvRows
{
public:
    explicit CsvRows(QIODevice &device)
        : m_device(device)
    {
        m_pending = "frame,seconds,pts,method,trace,track,value,lower,upper,evidence\r\n";
    }

    void setEvidence(const ReportEvidence &evidence)
    {
        m_ledger = &evidence.ledger;
        m_evidence = QByteArray::number(qint64(evidence.evidence.id));
    }

    void add(FrameIndex frame, const QByteArray &method, const QByteArray &trace,
             const std::optional<TrackId> &track, double value, double lower = std::nan(""),
             double upper = std::nan(""))
    {
        const bool known = frame >= 0 && frame < m_ledger->count();
        m_pending += QByteArray::number(qint64(frame)) + ',' +
                     (known ? number(m_ledger->seconds(frame)) : QByteArray()) + ',' +
                     (known ? QByteArray::number(qint64(m_ledger->entries[std::size_t(frame)].pts))
                            : QByteArray()) +
                     ',' + method + ',' + trace + ',' +
                     (track ? QByteArray::number(fw::number(*track)) : QByteArray()) + ',' +
                     number(value) + ',' + number(lower) + ',' + number(upper) + ',' + m_evidence +
                     "\r\n";
        if (m_pending.size() > kFlushBytes)
            flush();
    }

    void flush()
    {
        m_good = m_good && m_device.write(m_pending) == m_pending.size();
        m_pending.clear();
    }
    bool good() const { return m_good; }

private:
    QIODevice &m_device;
    QByteArray m_pending, m_evidence;
    const Ledger *m_ledger = nullptr;
    bool m_good = true;
};

void addFaces(const ObservationLog &log, CsvRows *rows)
{
    const QByteArray method = "observations";
    for (FrameIndex frame = 0; frame < FrameIndex(log.faces.size()); ++frame) {
        const FaceObservations *faces = log.facesAt(frame);
        if (!faces)
            continue;
        for (const FaceObservation &face : *faces) {
            const auto add = [&](const char *trace, double value) {
                rows->add(frame, method, trace, face.track, value);
            };
            add("face.confidence", face.confidence);
            add("face.box.x", double(face.box.x));
            add("face.box.y", double(face.box.y));
            add("face.box.width", double(face.box.width));
            add("face.box.height", double(face.box.height));
            if (face.pose) {
                const EulerAngles angles = eulerAngles(face.pose->rotation);
                add("face.pose.pitch_rad", angles.pitchRadians);
                add("face.pose.yaw_rad", angles.yawRadians);
                add("face.pose.roll_rad", angles.rollRadians);
            }
            if (face.earImageLeft)
                add("face.ear.left", *face.earImageLeft);
            if (face.earImageRight)
                add("face.ear.right", *face.earImageRight);
        }
    }
}

} // namespace

Result<void> writeCsv(const ReportData &data, const QString &path)
{
    return report::writeTarget(path, [&](QIODevice &device) -> Result<void> {
        CsvRows rows(device);
        for (const ReportEvidence &e : data.evidence) {
            rows.setEvidence(e);
            addFaces(e.observations, &rows);
            for (const MethodResult &r : e.results) {
                const QByteArray method = field(r.record.pluginId);
                for (const Trace &t : r.result.measured.traces) {
                    const QByteArray trace = field(t.id);
                    const bool band = !t.lower.empty();
                    for (std::size_t i = 0; i < t.frames.size() && rows.good(); ++i) {
                        rows.add(t.frames[i], method, trace, t.track, t.values[i],
                                 band ? t.lower[i] : std::nan(""),
                                 band ? t.upper[i] : std::nan(""));
                    }
                }
            }
        }
        rows.flush();
        if (!rows.good())
            return fail(Errc::Unwritable, device.errorString(), path);
        return {};
    });
}

} // namespace fw
