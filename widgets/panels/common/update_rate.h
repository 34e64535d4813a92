// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace fw {

/// Panels that follow the playhead draw again this much later, once for all changes until then.
inline constexpr int kScreenUpdateMs = 33; ///< rows and dials: no faster than a screen is read
inline constexpr int kChartUpdateMs = 100; ///< whole charts and spectra

} // namespace fw
