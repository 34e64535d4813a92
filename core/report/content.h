// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/document.h"
#include "report/report.h"

namespace fw::report {

/// One finding with what belongs to it, in the order in which a report lists them.
struct Listed
{
    const ReportEvidence *evidence = nullptr;
    const MethodResult *result = nullptr;
    const Finding *finding = nullptr;
    QString number; ///< "F1"
    QString anchor; ///< "finding-1"
};

/// Per evidence: suspicious, inconclusive, consistent, not applicable; the strongest first.
std::vector<Listed> listFindings(const ReportData &data);

/// "E1" for the first piece of evidence.
QString evidenceNumber(const ReportData &data, const ReportEvidence &evidence);

/// The whole report. It keeps pointers into `data`, which must outlive it.
Document buildDocument(const ReportData &data);

// The chapters, each in a file of its own.
void addCover(const ReportData &data, const std::vector<Listed> &findings, Document *document);
void addEvidence(const ReportData &data, Document *document);
void addFindings(const ReportData &data, const std::vector<Listed> &findings, Document *document);
void addMethods(const ReportData &data, Document *document);
void addExaminersPart(const ReportData &data, Document *document);
void addBackMatter(const ReportData &data, const std::vector<Listed> &findings, Document *document);

} // namespace fw::report
