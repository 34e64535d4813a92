// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face.h"
#include "findings/measurement.h"
#include "rest_level.h"

#include <array>
#include <limits>
#include <map>
#include <optional>
#include <vector>

namespace fw {

/// What was learnt about one person in the course of the clip.
struct PersonSummary
{
    std::vector<float> identity;
    int keyFrames = 0;
    std::vector<FrameIndex> refinedAt;
    /// The reader's part of this person's usual face, known only at the end.
    std::optional<std::array<float, 17>> usual;
};

/// What the reader says of one face before the usual face is taken off; kNotRead where it says nothing.
using UnitReading = std::array<float, 17>;
inline constexpr float kNotRead = std::numeric_limits<float>::lowest();

/// Collects action units into traces, expression events and tables. The traces are relative to the usual
/// face and the rest of the whole track, which are known only at its end.
class ExpressionReport
{
public:
    void setRate(double framesPerSecond) { m_rate = framesPerSecond; }
    /// Frames in ascending order. @param units  null: the face was there, but not to be measured.
    void add(FrameIndex frame, TrackId track, const ActionUnits *units, const UnitReading &reading);
    void describe(TrackId track, PersonSummary summary) { m_people[track] = std::move(summary); }
    Measurements finish() const;

private:
    struct Series
    {
        std::vector<FrameIndex> frames;
        std::vector<std::optional<ActionUnits>> units;
        std::vector<UnitReading> readings;
    };
    /// Units told anew from the usual face of the whole track, and where the face rests.
    static RestLevel settle(Series &series, const PersonSummary &person);
    void addTraces(TrackId id, const Series &series, const RestLevel &rest, Measurements &to) const;
    void addEvents(const Trace &trace, int unit, Measurements &to) const;

    double m_rate = 30.0;
    std::map<TrackId, Series> m_tracks;
    std::map<TrackId, PersonSummary> m_people;
};

} // namespace fw
