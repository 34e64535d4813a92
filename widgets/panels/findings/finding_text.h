// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"

#include <QPalette>
#include <QString>

namespace fw {

/// A finding in full, as rich text: what was found, how strong and on which scale, what speaks for
/// and against it, what the method cannot see, and what the verdict does not mean.
QString findingHtml(const ClipModel &clip, const MethodResult &result, const Finding &finding,
                    const QPalette &palette);
/// A method that gave no finding: the reason as a sentence, and what the method would have needed.
QString noFindingHtml(const ClipModel &clip, const MethodResult &result, const QPalette &palette);
/// Who measured it, with what, on which bytes.
QString runRecordHtml(const ClipModel &clip, const MethodResult &result, const QPalette &palette);

} // namespace fw
