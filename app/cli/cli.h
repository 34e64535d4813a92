// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <stop_token>

namespace fw::cli {

/// What the program returns to the shell; listed in --help and in the manual page.
enum ExitCode {
    kDone = 0,         ///< everything asked for was done (whatever the verdicts say)
    kUsage = 1,        ///< the command line was not understood
    kNotAnalysed = 2,  ///< at least one file could not be analysed at all
    kMethodFailed = 3, ///< every file was analysed, but a method failed on one
    kNotWritten = 4,   ///< a case or a report could not be written
    kNotVerified = 5,  ///< verify: a hash or the audit chain does not match
    kCancelled = 130,  ///< interrupted
};

/// Is this first argument a command of the command line (else it is a file for the window)?
bool isCommand(const QString &word);

/// Runs a command. @param arguments  without the program's name; the first is the command.
int run(const QStringList &arguments, std::stop_token stop);

int analyze(const QStringList &arguments, std::stop_token stop);
int fingerprint(const QStringList &arguments, std::stop_token stop);
int person(const QStringList &arguments, std::stop_token stop);
int head(const QStringList &arguments, std::stop_token stop);
int info(const QStringList &arguments);
int methods(const QStringList &arguments);
int verify(const QStringList &arguments, std::stop_token stop);

/// Writes one line to standard output or standard error in UTF-8.
void out(const QString &line);
void err(const QString &line);

} // namespace fw::cli
