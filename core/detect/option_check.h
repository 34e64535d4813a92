// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/manifest.h"

namespace fw {

/// Why `value` is no value of this option, in words that follow the option's name; nullopt when it
/// is one.
std::optional<QString> optionFault(const OptionSpec &option, const QJsonValue &value);

} // namespace fw
