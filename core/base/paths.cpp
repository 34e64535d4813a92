// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/paths.h"

#include <QCoreApplication>
#include <QDir>

using namespace Qt::StringLiterals;

namespace fw {

InstallPaths InstallPaths::ofProgram()
{
    const QString given = qEnvironmentVariable("FW_PREFIX");
    if (!given.isEmpty())
        return {QDir(given).absolutePath()};
    return {QDir::cleanPath(QCoreApplication::applicationDirPath() + u"/.."_s)};
}

QStringList InstallPaths::pluginFolders() const
{
    QStringList folders = qEnvironmentVariable("FW_PLUGIN_PATH").split(u':', Qt::SkipEmptyParts);
    folders << prefix + u"/lib/framewitness/plugins"_s;
    return folders;
}

} // namespace fw
