// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face.h"
#include "findings/measurement.h"

#include <map>
#include <vector>

namespace fw {

/// What was learnt about one person in the course of the clip.
struct PersonSummary
{
    std::vector<float> identity;
    int keyFrames = 0;
    std::vector<FrameIndex> refinedAt;
    std::array<float, 17> restLevel{};
    bool restKnown = false;
};

/// Collects action units into traces, expression events and tables. The traces are relative to the
/// rest of the whole track, which is known only at its end.
class ExpressionReport
{
public:
    void setRate(double framesPerSecond) { m_rate = framesPerSecond; }
    /// Frames in ascending order. @param units  null: the face was there, but not to be measured.
    void add(FrameIndex frame, TrackId track, const ActionUnits *units);
    void describe(TrackId track, PersonSummary summary) { m_people[track] = std::move(summary); }
    Measurements finish() const;

private:
    struct Series
    {
        std::vector<FrameIndex> frames;
        std::vector<std::optional<ActionUnits>> units;
    };
    void addTraces(TrackId id, const Series &series, const PersonSummary &person,
                   Measurements &to) const;
    void addEvents(const Trace &trace, int unit, Measurements &to) const;

    double m_rate = 30.0;
    std::map<TrackId, Series> m_tracks;
    std::map<TrackId, PersonSummary> m_people;
};

} // namespace fw
