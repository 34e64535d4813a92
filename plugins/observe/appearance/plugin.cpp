// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/plugin.h"
#include "appearance_observer.h"

#include <QObject>

namespace fw {

class AppearanceFactory : public QObject, public PluginFactory
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID FW_PLUGIN_IID)
    Q_INTERFACES(fw::PluginFactory)

public:
    std::unique_ptr<Observer> createObserver() override
    {
        return std::make_unique<AppearanceObserver>();
    }
};

} // namespace fw

#include "plugin.moc"
