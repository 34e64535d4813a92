// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face.h"
#include "paint/overlay_pen_p.h"

namespace fw {

/// What is drawn of one face; nothing where it was not measured. `color` has been faded by the
/// face's confidence before. In space a camera is assumed whose focal length is the picture's width.
void paintFaceBox(const OverlayPen &pen, const FaceObservation &face, const QColor &color);
void paintLandmarks(const OverlayPen &pen, const FaceObservation &face, const QColor &color);
/// The fitted points joined by their skin.
void paintFaceMesh(const OverlayPen &pen, const FaceObservation &face, const QColor &color);
/// @param given  invalid: one colour per axis.
void paintHeadAxes(const OverlayPen &pen, const FaceObservation &face, const QColor &given);
/// A box in space around the head, its front stronger than its back.
void paintHeadBox(const OverlayPen &pen, const FaceObservation &face, const QColor &color);
/// Circle of the iris and outline of the lids.
void paintEyes(const OverlayPen &pen, const FaceObservation &face, const QColor &color);
/// An arrow from each iris along its line of sight.
void paintGaze(const OverlayPen &pen, const FaceObservation &face, const QColor &color);

} // namespace fw
