// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/plugin.h"
#include "eyes_observer.h"

#include <QObject>

namespace fw {

class EyesFactory : public QObject, public PluginFactory
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID FW_PLUGIN_IID)
    Q_INTERFACES(fw::PluginFactory)

public:
    std::unique_ptr<Observer> createObserver() override
    {
        return std::make_unique<EyesObserver>();
    }
};

} // namespace fw

#include "plugin.moc"
