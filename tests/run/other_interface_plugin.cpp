// SPDX-License-Identifier: GPL-3.0-or-later
#include <QObject>
#include <QtPlugin>

/// A sound plugin of another program.
class OtherInterface : public QObject
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID "org.example.Other/1")
};

#include "other_interface_plugin.moc"
