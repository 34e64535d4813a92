// SPDX-License-Identifier: GPL-3.0-or-later
#include "findings/openface_csv.h"

#include "base/hash.h"
#include "base/numbers.h"
#include "faces/head_model.h"
#include "faces/head_pose.h"

#include <QLocale>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kPupilShare = 0.45; ///< of the radius of the iris
constexpr std::size_t kFewestFrames = 100; ///< before a person's rest is known
constexpr double kRestQuantile = 0.10;

/// Columns of one kind: how many, and with how many decimals they are written.
struct ColumnGroup
{
    QStringList names;
    int decimals;
};

QStringList numbered(const QString &prefix, int count)
{
    QStringList names;
    for (int i = 0; i < count; ++i)
        names << prefix + QString::number(i);
    return names;
}

template <std::size_t N> QStringList unitNames(const std::array<int, N> &units, const QString &suffix)
{
    QStringList names;
    for (const int unit : units)
        names << actionUnitCode(unit) + suffix;
    return names;
}

const std::vector<ColumnGroup> &groups()
{
    static const std::vector<ColumnGroup> all{
        {{u"frame"_s, u"face_id"_s}, 0},
        {{u"timestamp"_s}, 3},
        {{u"confidence"_s}, 2},
        {{u"success"_s}, 0},
        {{u"gaze_0_x"_s, u"gaze_0_y"_s, u"gaze_0_z"_s, u"gaze_1_x"_s, u"gaze_1_y"_s, u"gaze_1_z"_s}, 6},
        {{u"gaze_angle_x"_s, u"gaze_angle_y"_s}, 3},
        {numbered(u"eye_lmk_x_"_s, 56) + numbered(u"eye_lmk_y_"_s, 56), 1},
        {numbered(u"eye_lmk_X_"_s, 56) + numbered(u"eye_lmk_Y_"_s, 56) + numbered(u"eye_lmk_Z_"_s, 56), 1},
        {{u"pose_Tx"_s, u"pose_Ty"_s, u"pose_Tz"_s}, 1},
        {{u"pose_Rx"_s, u"pose_Ry"_s, u"pose_Rz"_s}, 3},
        {numbered(u"x_"_s, 68) + numbered(u"y_"_s, 68), 1},
        {numbered(u"X_"_s, 68) + numbered(u"Y_"_s, 68) + numbered(u"Z_"_s, 68), 1},
        {{u"p_scale"_s, u"p_rx"_s, u"p_ry"_s, u"p_rz"_s, u"p_tx"_s, u"p_ty"_s}, 3},
        {numbered(u"p_"_s, 34), 3},
        {unitNames(kIntensityUnits, u"_r"_s), 2},
        {unitNames(kPresenceUnits, u"_c"_s), 2},
    };
    return all;
}

const std::vector<int> &decimalsOfColumns()
{
    static const std::vector<int> all = [] {
        std::vector<int> list;
        for (const ColumnGroup &group : groups())
            list.insert(list.end(), std::size_t(group.names.size()), group.decimals);
        return list;
    }();
    return all;
}

/// One row under construction: values in the order of the columns.
class Row
{
public:
    void add(double value) { m_values.push_back(value); }
    void addMissing(std::size_t count) { m_values.insert(m_values.end(), count, kMissing); }
    void addZeros(std::size_t count) { m_values.insert(m_values.end(), count, 0.0); }
    /// Rounds to what the file can say, so that reading gives the same numbers.
    std::vector<double> rounded() &&
    {
        const std::vector<int> &decimals = decimalsOfColumns();
        Q_ASSERT(m_values.size() == decimals.size());
        for (std::size_t i = 0; i < m_values.size(); ++i) {
            if (std::isfinite(m_values[i]))
                m_values[i] = QByteArray::number(m_values[i], 'f', decimals[i]).toDouble();
            if (m_values[i] == 0.0)
                m_values[i] = 0.0; // never "-0"
        }
        return std::move(m_values);
    }

private:
    std::vector<double> m_values;
};

/// The 28 points of one eye, px.
std::vector<cv::Point2d> eyePoints(const EyeObservation &eye)
{
    std::vector<cv::Point2d> points;
    const auto circle = [&](double radius) {
        for (int i = 0; i < 8; ++i) {
            const double angle = CV_PI * i / 4.0;
            points.emplace_back(double(eye.iris.x) + radius * std::cos(angle),
                                double(eye.iris.y) + radius * std::sin(angle));
        }
    };
    circle(double(eye.irisRadius));
    for (const cv::Point2f &p : eye.lids)
        points.emplace_back(p);
    circle(kPupilShare * double(eye.irisRadius));
    return points;
}

/// How far the eye is from the camera, mm; nullopt when nothing tells.
std::optional<double> eyeDepth(const FaceObservation &face, std::size_t first)
{
    if (face.expression) {
        double sum = 0.0;
        for (std::size_t i = first; i < first + 6; ++i)
            sum += double(face.expression->points3d[i].z) / 6.0;
        return sum;
    }
    if (!face.pose)
        return std::nullopt;
    double sum = 0.0;
    for (std::size_t i = first; i < first + 6; ++i)
        sum += toCamera(*face.pose, neutralHead()[i])[2] / 6.0;
    return sum;
}

void addGaze(const FaceObservation &face, Row &row)
{
    const std::optional<EyeObservation> *eyes[2] = {&face.eyeImageLeft, &face.eyeImageRight};
    cv::Vec3d sum;
    int count = 0;
    for (const auto *eye : eyes) {
        if (!*eye || !(*eye)->gaze) {
            row.addMissing(3);
            continue;
        }
        const cv::Vec3f d = (*eye)->gaze->direction;
        for (int c = 0; c < 3; ++c)
            row.add(double(d[c]));
        sum += cv::Vec3d(d);
        ++count;
    }
    row.add(count > 0 ? std::atan2(sum[0], -sum[2]) : kMissing);
    row.add(count > 0 ? std::atan2(sum[1], -sum[2]) : kMissing);
}

void addEyes(const FaceObservation &face, const Camera &camera, Row &row)
{
    std::vector<cv::Point2d> flat(2 * kOpenFaceEyePoints, {kMissing, kMissing});
    std::vector<cv::Vec3d> deep(2 * kOpenFaceEyePoints, cv::Vec3d::all(kMissing));
    const std::optional<EyeObservation> *eyes[2] = {&face.eyeImageLeft, &face.eyeImageRight};
    for (std::size_t e = 0; e < 2; ++e) {
        if (!*eyes[e])
            continue;
        const auto points = eyePoints(**eyes[e]);
        const auto depth = eyeDepth(face, e == 0 ? 36 : 42);
        for (std::size_t i = 0; i < points.size(); ++i) {
            flat[e * kOpenFaceEyePoints + i] = points[i];
            if (depth)
                deep[e * kOpenFaceEyePoints + i] = {(points[i].x - camera.centre.x) * *depth / camera.focal,
                                            (points[i].y - camera.centre.y) * *depth / camera.focal,
                                            *depth};
        }
    }
    for (const cv::Point2d &p : flat)
        row.add(p.x);
    for (const cv::Point2d &p : flat)
        row.add(p.y);
    for (int c = 0; c < 3; ++c) {
        for (const cv::Vec3d &p : deep)
            row.add(p[c]);
    }
}

void addShape(const FaceObservation &face, const Camera &camera, Row &row)
{
    const EulerAngles angles = face.pose ? eulerAngles(face.pose->rotation)
                                         : EulerAngles{kMissing, kMissing, kMissing};
    for (int c = 0; c < 3; ++c)
        row.add(face.pose ? face.pose->translation[c] : kMissing);
    row.add(angles.pitchRadians);
    row.add(angles.yawRadians);
    row.add(angles.rollRadians);
    for (std::size_t i = 0; i < 68; ++i)
        row.add(face.landmarks ? double((*face.landmarks)[i].x) : kMissing);
    for (std::size_t i = 0; i < 68; ++i)
        row.add(face.landmarks ? double((*face.landmarks)[i].y) : kMissing);
    std::array<cv::Vec3d, 68> points;
    for (std::size_t i = 0; i < 68; ++i) {
        if (face.expression) {
            const cv::Point3f &p = face.expression->points3d[i];
            points[i] = {double(p.x), double(p.y), double(p.z)};
        } else {
            points[i] = face.pose ? toCamera(*face.pose, neutralHead()[i]) : cv::Vec3d::all(kMissing);
        }
    }
    for (int c = 0; c < 3; ++c) {
        for (const cv::Vec3d &p : points)
            row.add(p[c]);
    }
    if (face.pose) {
        const cv::Point2d centre = camera.project(face.pose->translation);
        row.add(camera.focal / face.pose->translation[2]);
        row.add(angles.pitchRadians);
        row.add(angles.yawRadians);
        row.add(angles.rollRadians);
        row.add(centre.x);
        row.add(centre.y);
    } else {
        row.addMissing(6);
    }
    row.addZeros(34); // OpenFace's own shape model, which we do not have
}

/// Action units of one track over the clip, as the file gives them.
class UnitSeries
{
public:
    void add(FrameIndex frame, const ActionUnits &units) { m_units.emplace(frame, units); }

    /// Takes each unit's low tenth over the track off, when enough frames are known.
    void settle()
    {
        if (m_units.size() < kFewestFrames)
            return;
        for (std::size_t u = 0; u < m_rest.size(); ++u) {
            std::vector<float> values;
            for (const auto &[frame, units] : m_units) {
                if (std::isfinite(units.raw[u]))
                    values.push_back(units.raw[u]);
            }
            if (values.empty())
                continue;
            const auto low = values.begin() + std::ptrdiff_t(kRestQuantile * double(values.size() - 1));
            std::nth_element(values.begin(), low, values.end());
            m_rest[u] = double(*low);
        }
    }

    void addTo(FrameIndex frame, Row &row) const
    {
        if (!m_units.contains(frame)) {
            row.addMissing(kIntensityUnits.size() + kPresenceUnits.size());
            return;
        }
        for (std::size_t u = 0; u < kIntensityUnits.size(); ++u)
            row.add(intensity(frame, u));
        for (std::size_t u = 0; u < kPresenceUnits.size(); ++u)
            row.add(present(frame, u) ? 1.0 : 0.0);
    }

private:
    double intensity(FrameIndex frame, std::size_t u) const
    {
        double sum = 0.0;
        int count = 0;
        for (FrameIndex f = frame - 1; f <= frame + 1; ++f) {
            const auto it = m_units.find(f);
            if (it == m_units.end() || !std::isfinite(it->second.raw[u]))
                continue;
            sum += std::clamp(double(it->second.raw[u]) - m_rest[u], 0.0, 5.0);
            ++count;
        }
        return count > 0 && std::isfinite(m_units.at(frame).raw[u]) ? sum / count : kMissing;
    }
    bool present(FrameIndex frame, std::size_t u) const
    {
        int yes = 0, all = 0;
        for (FrameIndex f = frame - 3; f <= frame + 3; ++f) {
            const auto it = m_units.find(f);
            if (it == m_units.end())
                continue;
            yes += it->second.present[u];
            ++all;
        }
        return 2 * yes > all;
    }

    std::map<FrameIndex, ActionUnits> m_units;
    std::array<double, 17> m_rest{};
};

std::map<TrackId, UnitSeries> unitSeries(const ObservationLog &log)
{
    std::map<TrackId, UnitSeries> all;
    for (FrameIndex frame = 0; frame < FrameIndex(log.faces.size()); ++frame) {
        const FaceObservations *faces = log.facesAt(frame);
        for (const FaceObservation &face : faces ? *faces : FaceObservations{}) {
            if (face.actionUnits)
                all[face.track].add(frame, *face.actionUnits);
        }
    }
    for (auto &[track, series] : all)
        series.settle();
    return all;
}

} // namespace

QStringList openFaceColumns()
{
    QStringList names;
    for (const ColumnGroup &group : groups())
        names += group.names;
    return names;
}

BehaviourTable openFaceTable(const ObservationLog &log, std::span<const double> seconds,
                             const Camera &camera)
{
    BehaviourTable table;
    table.columns = openFaceColumns();
    const auto units = unitSeries(log);
    static const UnitSeries kNone;
    for (FrameIndex frame = 0; frame < FrameIndex(log.faces.size()); ++frame) {
        const FaceObservations *faces = log.facesAt(frame);
        if (!faces)
            continue;
        const auto begin = [&](int id, double confidence, bool success) {
            Row row;
            row.add(double(frame + 1));
            row.add(id);
            row.add(std::size_t(frame) < seconds.size() ? seconds[std::size_t(frame)] : kMissing);
            row.add(confidence);
            row.add(success ? 1.0 : 0.0);
            return row;
        };
        for (const FaceObservation &face : *faces) {
            const bool success = face.landmarks.has_value();
            Row row = begin(number(face.track), face.confidence, success);
            if (!success) {
                row.addZeros(std::size_t(table.columns.size()) - 5);
            } else {
                addGaze(face, row);
                addEyes(face, camera, row);
                addShape(face, camera, row);
                const auto known = units.find(face.track);
                (known == units.end() ? kNone : known->second).addTo(frame, row);
            }
            table.rows.push_back(std::move(row).rounded());
        }
        if (faces->empty()) {
            Row row = begin(0, 0.0, false);
            row.addZeros(std::size_t(table.columns.size()) - 5);
            table.rows.push_back(std::move(row).rounded());
        }
    }
    return table;
}

QByteArray openFaceCsv(const BehaviourTable &table)
{
    QByteArray out = table.columns.join(u',').toUtf8() + '\n';
    std::vector<int> decimals;
    const QStringList known = openFaceColumns();
    for (const QString &name : table.columns) {
        const qsizetype at = known.indexOf(name);
        decimals.push_back(at < 0 ? 6 : decimalsOfColumns()[std::size_t(at)]);
    }
    for (const auto &row : table.rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (i > 0)
                out += ',';
            if (std::isfinite(row[i]))
                out += QByteArray::number(row[i], 'f', decimals[i]);
        }
        out += '\n';
    }
    return out;
}

QString openFaceSidecar(const QString &fileName, const QString &programVersion,
                        const QStringList &models)
{
    return u"%1\n\nProduced by Framewitness %2, models: %3.\n"
           "AU values are not OpenFace values: they come from a head model fitted to landmarks and from a "
           "reader of the picture, with "
           "intensities on a scale of our own, relative to the person's rest where 100 frames or more "
           "of the track are known. AU23 is not measured. An empty field was not measured.\n"
           "p_scale to p_ty are our own scale (px per mm), turn (rad) and place (px); p_0 to p_33 "
           "are 0, because OpenFace's shape model is not used. The eye_lmk points are made from a "
           "circle for the iris, one of 0.45 of its radius for the pupil, and 12 points of the lids, "
           "at the depth of the lids. Frames are numbered from 1, image-left eye first.\n"_s
        .arg(fileName, programVersion, models.isEmpty() ? u"none"_s : models.join(u", "_s));
}

} // namespace fw
