// SPDX-License-Identifier: GPL-3.0-or-later
#include "child.h"

#include <QElapsedTimer>

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

extern char **environ;

namespace fw::bench {

ChildUsage measureChild(const QStringList &command)
{
    std::vector<QByteArray> words;
    std::vector<char *> pointers;
    for (const QString &word : command)
        words.push_back(word.toLocal8Bit());
    for (QByteArray &word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    ChildUsage usage;
    QElapsedTimer clock;
    clock.start();
    pid_t child = 0;
    const int failed = posix_spawnp(&child, pointers.front(), &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0)
        return usage;
    int status = 0;
    rusage resources{};
    wait4(child, &status, 0, &resources);
    usage.wallSeconds = double(clock.nsecsElapsed()) * 1e-9;
    usage.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    const auto seconds = [](const timeval &t) { return double(t.tv_sec) + double(t.tv_usec) * 1e-6; };
    usage.cpuSeconds = seconds(resources.ru_utime) + seconds(resources.ru_stime);
    usage.peakMegabytes = double(resources.ru_maxrss) / 1024.0;
    return usage;
}

} // namespace fw::bench
