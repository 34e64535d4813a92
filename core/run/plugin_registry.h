// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/manifest.h"
#include "detect/plugin.h"

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace fw {

/// A plugin folder that was found, usable or not.
struct PluginEntry
{
    Manifest manifest; ///< meaningful when refusal is empty, else as far as it could be read
    QString folder;
    QString libraryPath;
    std::optional<Error> refusal;           ///< why it cannot be used, for the method manager
    std::map<QString, QString> modelPaths;  ///< model id -> file
    std::map<QString, QString> modelHashes; ///< model id -> SHA-256 as found
};

/// Finds plugins by their manifests and loads a library when its method first runs.
/// Discovery reads manifests and hashes models; it never loads a library. Thread-safe after scan.
/// Where two plugins have one id, the first folder wins and the other is listed as refused.
class PluginRegistry
{
public:
    PluginRegistry();
    ~PluginRegistry();

    /// Replaces what an earlier scan found; what was added by hand stays.
    /// @param folders       each holds one folder a plugin: manifest.json and one library. A folder
    ///                      that does not exist is no fault.
    /// @param modelsFolder  where relative model files are looked for.
    void scan(const QStringList &folders, const QString &modelsFolder);
    /// For programs and tests that bring their own methods, without a library.
    void add(PluginEntry entry, std::shared_ptr<PluginFactory> factory);

    std::vector<PluginEntry> entries() const; ///< sorted by family and name, refused ones included
    /// The usable plugin of this id, else a refused one, else nullptr. What it points to lives as
    /// long as the registry and never changes; ask again to see a refusal that came later.
    const PluginEntry *find(const QString &id) const;
    /// Loads if need be. Errors name the plugin and the reason and are remembered as a refusal.
    Result<std::unique_ptr<Observer>> createObserver(const QString &id);
    Result<std::unique_ptr<Detector>> createDetector(const QString &id);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace fw
