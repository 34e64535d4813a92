// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QPalette>

namespace fw {

enum class TransportIcon {
    Start, KeyBack, StepBack, PlayBack, Play, Pause, StepForward, KeyForward, End,
    MarkIn, MarkOut, ClearMarks, Loop
};

/// Drawn in the palette's text colour, so that it can be seen in every theme and at every scale.
QIcon transportIcon(TransportIcon icon, const QPalette &palette);

} // namespace fw
