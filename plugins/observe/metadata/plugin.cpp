// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/plugin.h"
#include "metadata_observer.h"

#include <QObject>

class MetadataPlugin final : public QObject, public fw::PluginFactory
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID FW_PLUGIN_IID)
    Q_INTERFACES(fw::PluginFactory)
public:
    std::unique_ptr<fw::Observer> createObserver() override
    {
        return std::make_unique<fw::MetadataObserver>();
    }
};

#include "plugin.moc"
