// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

#include <memory>

namespace fw {

/// An application that can draw (reports), without widgets or a display.
std::unique_ptr<QCoreApplication> makeGuiApplication(int &argc, char **argv);

/// Opens the main window on the file named in the arguments, if any; returns when it is closed.
int runWindow(int argc, char **argv);

} // namespace fw
