// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/memory.h"
#include "base/paths.h"
#include "base/version.h"
#include "cli/cli.h"
#include "run/engine.h"
#include "window/window_main.h"

#include <QCoreApplication>

#include <csignal>
#include <cstdlib>
#include <stop_token>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

namespace {

int g_signalPipe[2] = {-1, -1};

extern "C" void passSignalOn(int)
{
    const char one = 1;
    [[maybe_unused]] const auto written = write(g_signalPipe[1], &one, 1);
}

/// Ctrl+C asks the running command to stop; a second one ends the program at once. Almost nothing
/// may be called inside a signal handler, so the handler only wakes a thread. (Blocking the signal
/// and waiting for it would not do: some libraries start threads before main.)
class Interrupt
{
public:
    Interrupt()
    {
        if (pipe2(g_signalPipe, O_CLOEXEC) != 0)
            return;
        struct sigaction action = {};
        action.sa_handler = passSignalOn;
        action.sa_flags = SA_RESTART;
        sigaction(SIGINT, &action, nullptr);
        sigaction(SIGTERM, &action, nullptr);
        std::thread([stop = m_stop]() mutable {
            char one = 0;
            while (read(g_signalPipe[0], &one, 1) == 1) {
                if (!stop.request_stop()) // it had been asked before
                    std::_Exit(fw::cli::kCancelled);
            }
        }).detach();
    }
    std::stop_token token() const { return m_stop.get_token(); }

private:
    std::stop_source m_stop;
};

} // namespace

int main(int argc, char *argv[])
{
    // LibTorch's OpenMP threads spin while they wait unless they are told before the first one starts.
    setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
    fw::keepFreedMemory();
    QCoreApplication::setApplicationName(QStringLiteral("framewitness"));
    QCoreApplication::setOrganizationName(QStringLiteral("framewitness"));
    QCoreApplication::setApplicationVersion(QStringLiteral(FW_VERSION));

    const bool command = argc > 1 && fw::cli::isCommand(QString::fromLocal8Bit(argv[1]));
    if (!command)
        return fw::runWindow(argc, argv);

    Interrupt interrupt;
    fw::limitInnerThreads();
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen"); // reports need fonts and images, never a display
    const auto application = fw::makeGuiApplication(argc, argv);
    return fw::cli::run(QCoreApplication::arguments().mid(1), interrupt.token());
}
