// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "findings/run_record.h"

#include <QByteArray>
#include <QJsonObject>

namespace fw {

/// Readable form for reports and exports. Heat maps appear as size, range and SHA-256 of their
/// values, not as pixels. Deterministic; holds no time and no duration unless asked.
QJsonObject toJson(const Measurements &measured);
QJsonObject toJson(const Finding &finding);
QJsonObject toJson(const RunRecord &record, bool withTimes);
QJsonObject toJson(const MethodResult &result, bool withTimes);

/// Complete binary form (CBOR, compressed) for the case file: nothing is lost, equal values give
/// equal bytes. The reader refuses damaged input with Errc::BadData.
QByteArray toBytes(const AnalysisResult &result);
Result<AnalysisResult> resultFromBytes(const QByteArray &bytes);

Result<RunRecord> recordFromJson(const QJsonObject &object);

} // namespace fw
