// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/analysis.h"

#include <algorithm>

namespace fw {

namespace {

template <class T> void fill(std::optional<T> &known, const std::optional<T> &more)
{
    if (!known)
        known = more;
}

void fillFace(FaceObservation &known, const FaceObservation &more)
{
    fill(known.landmarks, more.landmarks);
    fill(known.landmarkSigmas, more.landmarkSigmas);
    fill(known.pose, more.pose);
    fill(known.earImageLeft, more.earImageLeft);
    fill(known.earImageRight, more.earImageRight);
    fill(known.eyeImageLeft, more.eyeImageLeft);
    fill(known.eyeImageRight, more.eyeImageRight);
    fill(known.expression, more.expression);
    fill(known.actionUnits, more.actionUnits);
    fill(known.appearance, more.appearance);
}

} // namespace

void Observations::add(const Observations &more)
{
    if (!more.faces)
        return;
    if (!faces) {
        faces = more.faces;
        return;
    }
    for (const FaceObservation &face : *more.faces) {
        const auto same = std::find_if(faces->begin(), faces->end(), [&](const FaceObservation &f) {
            return f.track == face.track;
        });
        if (same == faces->end())
            faces->push_back(face);
        else
            fillFace(*same, face);
    }
    std::stable_sort(faces->begin(), faces->end(),
                     [](const FaceObservation &a, const FaceObservation &b) {
                         return number(a.track) < number(b.track);
                     });
}

} // namespace fw
