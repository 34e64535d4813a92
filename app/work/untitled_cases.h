// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QDateTime>
#include <QStringList>

#include <memory>
#include <stop_token>
#include <vector>

namespace fw {

/// Beside an untitled case while a program works on it. It goes when the program lets the case go
/// and stays when the program dies: that is how the next start knows. The system frees its lock with
/// the process, so that neither a restart nor a reused process number can mislead.
class WorkMark
{
public:
    /// nullptr when it cannot be made, or another program works on the case.
    static std::unique_ptr<WorkMark> set(const QString &casePath);
    ~WorkMark(); ///< takes it away
    WorkMark(const WorkMark &) = delete;
    WorkMark &operator=(const WorkMark &) = delete;

private:
    WorkMark(QString path, int file) : m_path(std::move(path)), m_file(file) {}

    QString m_path;
    int m_file; ///< holds the lock
};

/// A case that was never given a name, as a list shows it.
struct UntitledCase
{
    QString path;
    QDateTime changed;     ///< local time
    QStringList clips;     ///< file names of its evidence
    qsizetype results = 0; ///< methods that have ended
    qsizetype words = 0;   ///< notes and marks
    bool leftBehind = false; ///< its program died
    QString problem;       ///< why it cannot be opened; empty when it can
};

/// The untitled cases that no living program works on, newest first. Opens each, which also lets
/// SQLite undo what a killed program had half written.
std::vector<UntitledCase> untitledCases(const QString &folder, std::stop_token stop = {});

/// Removes a case and all that lies beside it. Errc::Unwritable when the system refuses, or when a
/// program works on it.
Result<void> discardCase(const QString &path);

} // namespace fw
