// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/cli.h"

#include "base/version.h"

#include <cstdio>

using namespace Qt::StringLiterals;

namespace fw::cli {

namespace {

const char kHelp[] = R"(Framewitness examines video and pictures for traces of manipulation.

Usage:
  framewitness [FILE|CASE.fwcase]             open the window
  framewitness analyze FILE... [OPTIONS]      analyse without a window
  framewitness info FILE [--json]             container, streams, hashes, metadata
  framewitness fingerprint --enrol|--with F ...  recognise a camera or a generator by its fingerprint
  framewitness person --enrol|--test F ...    know a person by the face's movements
  framewitness head [--enrol F] FILE...       keep the shape of a person's head
  framewitness methods [--json]               the methods that are installed, and refused ones
  framewitness verify CASE.fwcase             check evidence hashes and the audit chain
  framewitness COMMAND --help                 the options of one command

Exit codes:
  0  done, whatever the findings say         3  a method failed on a file
  1  the command line was not understood     4  a case or a report could not be written
  2  a file could not be analysed            5  verify found a mismatch
  130  interrupted

Nothing is ever written to the evidence, and nothing is ever sent over a network.
)";

} // namespace

bool isCommand(const QString &word)
{
    static const QStringList words{u"analyze"_s, u"info"_s,   u"methods"_s,   u"verify"_s, u"fingerprint"_s, u"camera"_s, u"person"_s, u"head"_s, u"help"_s,
                                   u"--help"_s,  u"-h"_s,     u"--version"_s, u"-v"_s};
    return words.contains(word);
}

int run(const QStringList &arguments, std::stop_token stop)
{
    const QString command = arguments.value(0);
    if (command == u"analyze"_s)
        return analyze(arguments, stop);
    if (command == u"fingerprint"_s || command == u"camera"_s) // the second is its earlier name
        return fingerprint(arguments, stop);
    if (command == u"person"_s)
        return person(arguments, stop);
    if (command == u"head"_s)
        return head(arguments, stop);
    if (command == u"info"_s)
        return info(arguments);
    if (command == u"methods"_s)
        return methods(arguments);
    if (command == u"verify"_s)
        return verify(arguments, stop);
    if (command == u"--version"_s || command == u"-v"_s) {
        out(u"framewitness "_s + QStringLiteral(FW_VERSION));
        return kDone;
    }
    std::fputs(kHelp, stdout);
    return kDone;
}

void out(const QString &line)
{
    std::fputs((line + u'\n').toUtf8().constData(), stdout);
}

void err(const QString &line)
{
    std::fputs((line + u'\n').toUtf8().constData(), stderr);
}

} // namespace fw::cli
