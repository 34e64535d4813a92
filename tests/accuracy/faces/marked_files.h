// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/alignment.h"

#include <QString>

#include <vector>

namespace fw::test {

/// A photograph with known points.
struct Annotated
{
    QString file;
    Landmarks68 points;
};

/// People of YouTube Faces that were never trained on; every so many rows.
std::vector<Annotated> youTubeTest(int every);
/// Pictures marked by hand.
std::vector<Annotated> handMade();
/// The square that a detector would draw around annotated points.
cv::Rect2f squareOf(const Landmarks68 &points);

} // namespace fw::test
