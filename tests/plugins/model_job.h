// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/paths.h"
#include "plugin_bench.h"

namespace fw::test {

/// What the host would hand to a plugin: its default options and the models that its manifest names.
/// @param folder  below plugins, as for manifestOf.
inline Result<JobContext> jobOf(const QString &folder)
{
    const auto manifest = manifestOf(folder);
    if (!manifest)
        return Failure{manifest.error()};
    JobContext job;
    job.options = manifest->defaultOptions();
    for (const ModelSpec &model : manifest->models) {
        job.modelPaths[model.id] = InstallPaths::ofProgram().models() + QLatin1Char('/') + model.file;
        job.modelHashes[model.id] = model.sha256;
    }
    return job;
}

} // namespace fw::test
