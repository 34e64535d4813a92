// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "casefile/case_file.h"
#include "findings/behaviour_csv.h"
#include "run/engine.h"

namespace fw {

/// What another program measured on a clip, as a result of its own: traces of action units and of the
/// angles of the head. Its record names the file by its SHA-256, so that it is known whose numbers
/// they are. Frames beyond the clip are left out; Errc::Mismatch when none is left.
Result<MethodResult> resultOfImport(const ImportedBehaviour &imported, const QString &fileName,
                                    const QString &mediaSha256, std::int64_t frames);

/// Reads such a file and puts its result into the case beside ours.
Result<void> importBehaviour(CaseFile &file, EvidenceId evidence, const RunOutcome &outcome,
                             const QString &path);

} // namespace fw
