// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace fw {

/// Where the parts of one installation lie. The build tree has the same layout below its root, so
/// that the program behaves alike before and after it is installed.
struct InstallPaths
{
    QString prefix;

    /// <prefix>/bin is the folder of the running program; FW_PREFIX overrides it (tests use this).
    static InstallPaths ofProgram();

    /// FW_PLUGIN_PATH (folders separated by ':') first, then <prefix>/lib/framewitness/plugins.
    QStringList pluginFolders() const;
    QString share() const { return prefix + QStringLiteral("/share/framewitness"); }
    QString demoClip() const { return share() + QStringLiteral("/demo/demo.mp4"); }
    QString models() const { return share() + QStringLiteral("/models"); }
    QString docs() const { return share() + QStringLiteral("/docs"); }
};

} // namespace fw
