// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace fw {

/// Keeps what was freed for the next picture. By default the C library gives large pieces back to the
/// system at once, and the next picture pays for the same pages anew: half of the time of some
/// methods. What stays with the program is at most 64 MB at the end of each pool.
/// To be called once, at the start of a program; does nothing where the C library has no such wish.
void keepFreedMemory();

} // namespace fw
