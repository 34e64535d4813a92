// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/plugin.h"
#include "residual_detector.h"

#include <QObject>

class ResidualPlugin final : public QObject, public fw::PluginFactory
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID FW_PLUGIN_IID)
    Q_INTERFACES(fw::PluginFactory)
public:
    std::unique_ptr<fw::Detector> createDetector() override
    {
        return std::make_unique<fw::ResidualDetector>();
    }
};

#include "plugin.moc"
