// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/plugin.h"
#include "cfa_detector.h"

#include <QObject>

class CfaPlugin final : public QObject, public fw::PluginFactory
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID FW_PLUGIN_IID)
    Q_INTERFACES(fw::PluginFactory)
public:
    std::unique_ptr<fw::Detector> createDetector() override
    {
        return std::make_unique<fw::CfaDetector>();
    }
};

#include "plugin.moc"
