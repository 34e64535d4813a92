// SPDX-License-Identifier: GPL-3.0-or-later
#include "coding_observer.h"
#include "detect/plugin.h"

#include <QObject>

class CodingPlugin final : public QObject, public fw::PluginFactory
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID FW_PLUGIN_IID)
    Q_INTERFACES(fw::PluginFactory)
public:
    std::unique_ptr<fw::Observer> createObserver() override
    {
        return std::make_unique<fw::CodingObserver>();
    }
};

#include "plugin.moc"
