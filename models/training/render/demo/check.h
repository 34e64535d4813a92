// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "render/demo/truth_file.h"

#include <QString>

namespace fw::render {

/// Looks at a finished clip with dlib's frontal detector and 68-point predictor and prints what is
/// found beside what is known: share of frames with a face, landmark error, eye aspect ratio at the
/// blinks, head pose, and the angle between whole-face and central-face pose.
/// @param predictor  dlib's 68-point model file
/// @param trace  prints one line for each frame too
Result<void> checkClip(const QString &clip, const KnownClip &known, const QString &predictor,
                       bool trace);

} // namespace fw::render
