// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "findings/finding.h"

#include <QDateTime>
#include <QJsonObject>

#include <map>
#include <vector>

namespace fw {

/// Who measured or claimed something, with what, on which bytes: enough to repeat it.
struct RunRecord
{
    QString pluginId;      ///< "org.framewitness.blink"
    QString pluginVersion;
    QJsonObject options;   ///< every option with its value, defaults included
    std::map<QString, QString> modelHashes; ///< model id -> SHA-256
    QString mediaSha256;
    int streamIndex = 0;
    FrameRange frames;     ///< what was analysed
    QString programVersion;
    std::map<QString, QString> libraries; ///< "FFmpeg" -> "5.1.8"
    std::map<QString, QString> inputs;    ///< observer id -> version whose observations were used
    quint64 seed = 0;
    QDateTime started;     ///< UTC
    double wallSeconds = 0.0;

    /// Equal keys mean equal results: SHA-256 over bytes, plugin, version, options, models, inputs.
    QString cacheKey() const;
};

/// How an analysis ended.
enum class RunState { Done, NotApplicable, Failed, Cancelled };

/// An analysis with its provenance: the unit that is stored, shown and reported.
struct MethodResult
{
    RunRecord record;
    RunState state = RunState::Done;
    QString reason; ///< why it is not Done, for people
    AnalysisResult result;
};

QString runStateName(RunState state);
std::optional<RunState> runStateFromName(const QString &name);

} // namespace fw
