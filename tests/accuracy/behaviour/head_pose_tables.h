// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face_shapes.h"
#include "pose_classifier.h"

#include <QString>

namespace fw::accuracy {

/// Everything that geometry alone can tell: noise, strange heads, splices with every source of the head.
void printSimulations(const FaceShapes &shapes, const PoseClassifier *classifier);

/// The clips of a folder of observations: lines from one half of the authentic sources, false alarms on
/// the other, originals against their manipulated twins.
/// @param landmarks  the network of the face observer; with it the inner face is looked at alone on every
///                   tenth of the first 300 frames (decodes the clips). Empty: not done.
/// @return false when the folder cannot be read.
bool printClips(const FaceShapes &shapes, const PoseClassifier *classifier, const QString &folder, const QString &landmarks);

} // namespace fw::accuracy
