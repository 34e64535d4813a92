// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/plugin.h"

#include <QObject>

/// Claims the interface and does not implement it.
class NoFactory : public QObject
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID FW_PLUGIN_IID)
};

#include "no_factory_plugin.moc"
