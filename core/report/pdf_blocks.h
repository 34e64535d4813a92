// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/document.h"
#include "report/page_layout.h"

namespace fw::report {

/// Turns the blocks of a document into slices of the given width (tenths of a point).
std::vector<std::shared_ptr<const Slice>> slicesOf(const Document &document, double width);

} // namespace fw::report
