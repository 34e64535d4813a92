// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face_likeness.h"

#include <map>
#include <optional>
#include <vector>

namespace fw {

/// How the faces of a scene looked, so that one that was hidden gets its number back; and those of earlier scenes, so
/// that it can be said who comes back after a cut.
class FaceGallery
{
public:
    /// Keeps a mark that shows something new of this face.
    void remember(TrackId id, const FaceMark &mark);
    /// The one face that looks like this; nullopt when none does, or when two do.
    std::optional<TrackId> whose(const FaceMark &mark) const;
    /// False when this face never looked like that: what is followed is something else.
    bool couldBe(TrackId id, const FaceMark &mark) const;
    /// Of two that could be this face, the first one clearly is the better match.
    bool isCloser(TrackId id, const FaceMark &first, const FaceMark &second) const;
    /// Faces of before get no more numbers back.
    void beginScene();

    struct Resemblance
    {
        TrackId id{}, like{}; ///< the first face that it looks like
        double likeness = 0.0;
    };
    /// Faces that look clearly like one of an earlier scene and like no other.
    std::vector<Resemblance> comeBack() const;

private:
    struct Views
    {
        int scene = 0;
        std::vector<FaceMark> marks;
    };
    std::map<TrackId, Views> m_views;
    int m_scene = 0;
};

} // namespace fw
