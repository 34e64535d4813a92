// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "casefile/case_file.h"
#include "report/report.h"
#include "run/engine.h"

#include <functional>
#include <map>
#include <stop_token>

namespace fw {

/// What the window and the command line do with a case: the same steps, so the same numbers.

/// Puts everything that a run brought into the case. @return the evidence it belongs to.
Result<EvidenceId> storeOutcome(CaseFile &file, const RunOutcome &outcome);

/// The method choices that a user gets who chooses nothing: every usable detector and observer, each
/// with its default options, but none that waits for a file to stand in for another.
std::vector<MethodChoice> defaultMethods(const PluginRegistry &registry);

std::map<QString, Manifest> manifestsOf(const PluginRegistry &registry);

struct CollectOptions
{
    bool recheckHashes = true; ///< read every evidence file again and compare
    std::stop_token stop;
};

/// Everything that a report says, read from the case; evidence files are only read.
/// A file that has moved or changed is a statement in the report, not an error.
Result<ReportData> collectReport(const CaseFile &file, const std::map<QString, Manifest> &manifests,
                                 const CollectOptions &options);

struct ReportTargets
{
    QString pdf, html, json, csv; ///< empty: not wanted
    QString certificate{}, passphrase{}; ///< PKCS #12 file to sign them with; empty: unsigned
    QString openFace{}; ///< the faces in OpenFace's columns; empty: not wanted
};

struct WrittenReport
{
    QString path;
    QString sha256;
    QString signer{}; ///< name and fingerprint of the certificate; empty: unsigned
};

/// Writes the wanted reports in turn, hashes and signs them. Stops at the first error; a certificate
/// that cannot be used is one, before anything is written.
Result<std::vector<WrittenReport>> writeReports(const ReportData &data, const ReportTargets &targets,
                                                const ReportProgress &progress = {});
/// Records written reports in the audit log of their case.
Result<void> auditReports(CaseFile &file, const std::vector<WrittenReport> &reports);

/// Compares the files of a case with the hashes recorded at intake.
struct EvidenceCheck
{
    Evidence evidence;
    QString problem; ///< empty: the bytes are the recorded ones
};
std::vector<EvidenceCheck> checkEvidence(const CaseFile &file, std::stop_token stop = {});

} // namespace fw
