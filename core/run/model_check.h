// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "detect/manifest.h"

#include <map>

namespace fw {

/// Finds the model files that manifests name and compares their SHA-256. A file that several
/// plugins share is read once.
class ModelCheck
{
public:
    explicit ModelCheck(QString modelsFolder)
        : m_folder(std::move(modelsFolder))
    {
    }

    QString pathOf(const ModelSpec &model) const;
    /// @return the hash as found. Errc::NotFound names the Debian package that brings the file,
    ///         Errc::Mismatch both hashes.
    Result<QString> check(const ModelSpec &model);

private:
    QString m_folder;
    std::map<QString, Result<QString>> m_known; ///< file -> hash
};

} // namespace fw
