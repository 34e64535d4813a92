// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face_likeness.h"

#include <map>
#include <optional>
#include <vector>

namespace fw {

/// How the faces of a scene looked, so that one that was hidden gets its number back.
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
    void clear() { m_marks.clear(); }

private:
    std::map<TrackId, std::vector<FaceMark>> m_marks;
};

} // namespace fw
