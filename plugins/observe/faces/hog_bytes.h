// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace fw {

/// dlib's frontal face detector, serialized by dlib when the program was built.
std::string_view hogBytes();

} // namespace fw
