// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "casefile/case_file.h"
#include "detect/manifest.h"
#include "frames/frame.h"

#include <QJsonObject>

#include <functional>
#include <map>
#include <stop_token>

namespace fw {

/// One piece of evidence with everything that a report says of it.
struct ReportEvidence
{
    Evidence evidence;
    std::optional<FileHashes> hashesNow; ///< computed when the report is made
    QString hashProblem;                 ///< why they could not be; empty when they could
    Ledger ledger;
    std::vector<MethodResult> results;
    ObservationLog observations;
    std::vector<Mark> marks;
    /// Gives one exact frame for a figure; may be slow. Empty: the report says "picture not available".
    std::function<Result<FramePtr>(FrameIndex)> frameAt;
};

/// Everything a report is made of. Building it touches no widget; writing touches only the target.
struct ReportData
{
    CaseInfo info;
    QString casePath;
    QDateTime made;          ///< UTC; stated in the report
    QString programVersion;
    std::map<QString, QString> libraries;
    std::map<QString, Manifest> methods; ///< plugin id -> manifest, for names, citations and limits
    std::vector<ReportEvidence> evidence;
    std::vector<Note> notes;
    AuditCheck audit;
    std::vector<AuditEntry> auditLog; ///< printed as an appendix; empty: left out
};

struct ReportProgress
{
    std::stop_token stop;
    std::function<void(double)> share; ///< 0..1
};

/// Each writes to a temporary file beside the target and renames it, so that a failure leaves no
/// half report. Errors name the target and the reason.
Result<void> writePdf(const ReportData &data, const QString &path, const ReportProgress &progress = {});
Result<void> writeHtml(const ReportData &data, const QString &path, const ReportProgress &progress = {});
Result<void> writeJson(const ReportData &data, const QString &path);
/// One row per frame and face/trace value: long format "frame,seconds,pts,method,trace,track,value,lower,upper".
Result<void> writeCsv(const ReportData &data, const QString &path);

/// The faces of the one piece of evidence that has any, in OpenFace's columns, and beside it a text
/// file (path + ".txt") that says whose numbers they are. Errc::NotApplicable when there are no faces
/// or several pieces have them: the layout knows one clip a file.
Result<void> writeOpenFace(const ReportData &data, const QString &path);

/// The document that writeJson writes; equal for equal results (times are kept apart under "made").
QJsonObject reportJson(const ReportData &data);

} // namespace fw
