// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <functional>

class QIODevice;

namespace fw::report {

/// Drawing text needs a QGuiApplication; without one Qt would end the program.
Result<void> checkFonts();

/// Lets `write` fill a temporary file beside the target, then renames it; a failure leaves what was
/// there before. Errors name the target and the reason.
Result<void> writeTarget(const QString &path,
                         const std::function<Result<void>(QIODevice &)> &write);

} // namespace fw::report
