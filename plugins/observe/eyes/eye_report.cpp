// SPDX-License-Identifier: GPL-3.0-or-later
#include "eye_report.h"

#include "base/numbers.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

std::optional<GazeAngles> gazeAngles(const FaceObservation &face)
{
    cv::Vec3d sum(0, 0, 0);
    for (const auto *eye : {&face.eyeImageLeft, &face.eyeImageRight}) {
        if (*eye && (*eye)->gaze)
            sum += cv::Vec3d((*eye)->gaze->direction);
    }
    if (sum[2] >= 0.0)
        return std::nullopt; // no eye, or one that looks away from the camera
    return GazeAngles{std::atan2(sum[0], -sum[2]), std::atan2(sum[1], -sum[2])};
}

void EyeReport::add(FrameIndex frame, const FaceObservations &faces)
{
    for (const FaceObservation &face : faces) {
        Series &s = m_tracks[face.track];
        s.frames.push_back(frame);
        const auto open = [](const std::optional<EyeObservation> &eye) {
            return eye ? double(eye->openness) : kMissing;
        };
        s.openLeft.push_back(open(face.eyeImageLeft));
        s.openRight.push_back(open(face.eyeImageRight));
        const auto angles = gazeAngles(face);
        s.gazeX.push_back(angles ? angles->x * kDegrees : kMissing);
        s.gazeY.push_back(angles ? angles->y * kDegrees : kMissing);
    }
}

Measurements EyeReport::finish() const
{
    Measurements out;
    for (const auto &[id, s] : m_tracks) {
        const QString group = u"track%1"_s.arg(number(id)), face = u"face %1"_s.arg(number(id) + 1);
        const auto add = [&, &series = s](const QString &name, const QString &title,
                                          const QString &unit, const QString &about,
                                          const QString &chart, const std::vector<double> &values) {
            Trace trace;
            trace.id = u"%1.%2"_s.arg(name, group);
            trace.title = title;
            trace.unit = unit;
            trace.about = about;
            trace.track = id;
            trace.frames = series.frames;
            trace.values = values;
            trace.group = u"%1, %2"_s.arg(chart, face);
            out.traces.push_back(std::move(trace));
        };
        const QString open = u"Gap between the lids over that of an eye at rest; 0 is shut."_s;
        add(u"eye.openness.left"_s, u"Openness of the eye at the left"_s, u"1"_s, open,
            u"Openness of the eyes"_s, s.openLeft);
        add(u"eye.openness.right"_s, u"Openness of the eye at the right"_s, u"1"_s, open,
            u"Openness of the eyes"_s, s.openRight);
        add(u"gaze.x"_s, u"Gaze, sideways"_s, u"deg"_s,
            u"Mean of both eyes; positive towards the right edge of the picture. It may be off by several degrees as a whole."_s,
            u"Gaze"_s, s.gazeX);
        add(u"gaze.y"_s, u"Gaze, up and down"_s, u"deg"_s,
            u"Mean of both eyes; positive is down. It may be off by several degrees as a whole."_s,
            u"Gaze"_s, s.gazeY);
    }
    return out;
}

} // namespace fw
