// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/options.h"

#include <cstdio>

using namespace Qt::StringLiterals;

namespace fw::cli {

std::optional<int> readOptions(QCommandLineParser &parser, const QStringList &arguments)
{
    const QCommandLineOption help({u"h"_s, u"help"_s}, u"Show this help."_s);
    parser.addOption(help);
    if (!parser.parse(arguments)) {
        err(u"framewitness %1: %2 (see framewitness %1 --help)"_s.arg(arguments.value(0), parser.errorText()));
        return kUsage;
    }
    if (parser.isSet(help)) {
        std::fputs(parser.helpText().toUtf8().constData(), stdout);
        return kDone;
    }
    return std::nullopt;
}

} // namespace fw::cli
