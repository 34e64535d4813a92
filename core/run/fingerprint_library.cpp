// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/fingerprint_library.h"

#include "base/hash.h"
#include "detect/capabilities.h"

#include <QDir>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace fw {

QString fingerprintFolder()
{
    const QString given = qEnvironmentVariable("FW_FINGERPRINTS");
    return given.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/framewitness/fingerprints"_s
                           : QDir(given).absolutePath();
}

void addFingerprints(PluginEntry *entry)
{
    const QDir folder(fingerprintFolder());
    for (const QString &name : folder.entryList({u"*.fwcamera"_s}, QDir::Files, QDir::Name)) {
        const QString path = folder.filePath(name), id = capability::kFingerprintPrefix + QFileInfo(name).completeBaseName();
        if (const auto hash = hashFile(path)) {
            entry->modelPaths[id] = path;
            entry->modelHashes[id] = hexText(hash->sha256);
        }
    }
}

} // namespace fw
