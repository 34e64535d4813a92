// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/cli.h"

#include <QCommandLineParser>

#include <optional>

namespace fw::cli {

/// Reads the arguments of one command, answering --help itself.
/// @return an exit code when the command is over already (help shown, or words not understood).
std::optional<int> readOptions(QCommandLineParser &parser, const QStringList &arguments);

} // namespace fw::cli
