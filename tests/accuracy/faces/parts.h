// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tally.h"

#include "face_finder.h"
#include "landmark_network.h"

#include <QString>

namespace fw::test {

/// Photographs with known points: people of YouTube Faces that were never trained on, pictures marked by
/// hand, poses of AFLW2000; beside dlib's cascade. @param every  every so many rows of the first.
void measureMarkedPhotos(LandmarkNetwork &own, int every, Checks *checks);

/// Whether faces are found at all: small ones, ones turned aside, groups; beside dlib's detector. @param every  as above.
void measureDetection(FaceFinder &own, FaceFinder &hog, int every, Checks *checks);

/// A still picture, encoded as five seconds of video: nothing may move.
void measureSteadiness(LandmarkNetwork &own, Checks *checks);

/// People drawn for this and never trained on: points, poses, gaze, action units.
/// @param models  folder of the weights. @param units  file of the unit reader; empty: the shapes alone.
void measureRendered(const QString &models, const QString &units, int people, Checks *checks);

/// Single eyes, open or shut: every fifth of the set, none of which was trained on.
void measureEyePictures(const QString &models, Checks *checks);

/// Photographs of six people who were asked for expressions; none was trained on.
/// @param source  the checkout, for the manifest of the face observer.
void measurePosed(const QString &models, const QString &source, const QString &units, Checks *checks);

} // namespace fw::test
