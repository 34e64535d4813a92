// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/report.h"

#include <QString>

/// Numbers, times and names as a report prints them: plain, in English, independent of the locale.
namespace fw::report {

QString plainNumber(double value); ///< four significant digits; "not measured" when not a number
QString sizeText(qint64 bytes);    ///< "12,345,678 bytes (11.8 MiB)"
QString timeText(const QDateTime &time); ///< UTC, or "not stated"
QString scoreText(const Score &score);   ///< name, value, interval, scale
QString scaleTitle(ScoreScale scale);
QString strengthText(const std::optional<double> &strength);
QString citationText(const Citation &citation);
/// "frame 312, PTS 399360 x 1/12800 s, 00:00:12.480, type P"
QString frameText(const ReportEvidence &evidence, FrameIndex frame);
/// "frames 10 to 41 (00:00:00.400 to 00:00:01.640)"
QString rangeText(const ReportEvidence &evidence, const FrameRange &range);
QString trackText(TrackId track); ///< people count from 1: "face 1"
QString methodName(const ReportData &data, const QString &pluginId);
QString optionText(const QJsonValue &value);
QString stateText(const MethodResult &result); ///< how the run ended, with its reason

/// "FW-20260301-141530-1a2b3c4d": time of making and beginning of the log's head hash.
QString reportNumber(const ReportData &data);

} // namespace fw::report
