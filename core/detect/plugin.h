// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"

#include <QtPlugin>

#include <memory>

namespace fw {

/// What a plugin library exports. A plugin answers for the kind its manifest names and returns
/// nullptr for the other.
class PluginFactory
{
public:
    virtual ~PluginFactory() = default;
    virtual std::unique_ptr<Observer> createObserver() { return nullptr; }
    virtual std::unique_ptr<Detector> createDetector() { return nullptr; }
};

} // namespace fw

#define FW_PLUGIN_IID "org.framewitness.PluginFactory/1"
Q_DECLARE_INTERFACE(fw::PluginFactory, FW_PLUGIN_IID)
