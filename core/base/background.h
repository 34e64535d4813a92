// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace fw {

/// From here on the calling thread, and every thread that it starts, gives way to threads that
/// somebody waits for: the interface and the player's decoder. On an idle machine it costs nothing.
/// Linux: raises the thread's nice value, because Qt's thread priorities do nothing there.
void runInBackground();

} // namespace fw
