// SPDX-License-Identifier: GPL-3.0-or-later
#include "findings/behaviour_csv.h"

#include "base/hash.h"
#include "base/numbers.h"
#include "faces/head_model.h"
#include "faces/head_pose.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <optional>

using namespace Qt::StringLiterals;

namespace fw {

bool operator==(const BehaviourTable &a, const BehaviourTable &b)
{
    if (a.columns != b.columns || a.rows.size() != b.rows.size())
        return false;
    const auto same = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
    for (std::size_t r = 0; r < a.rows.size(); ++r) {
        if (!std::equal(a.rows[r].begin(), a.rows[r].end(), b.rows[r].begin(), b.rows[r].end(), same))
            return false;
    }
    return true;
}

namespace {

/// Values of one row by column name.
class Fields
{
public:
    explicit Fields(const BehaviourTable &table)
    {
        for (qsizetype i = 0; i < table.columns.size(); ++i)
            m_places.emplace(table.columns[i], std::size_t(i));
    }
    void setRow(const std::vector<double> &row) { m_row = &row; }
    bool has(const QString &name) const { return m_places.contains(name); }
    double at(const QString &name) const
    {
        const auto it = m_places.find(name);
        return it == m_places.end() ? kMissing : (*m_row)[it->second];
    }
    double numbered(const QString &prefix, int i) const { return at(prefix + QString::number(i)); }

private:
    std::map<QString, std::size_t> m_places;
    const std::vector<double> *m_row = nullptr;
};

std::optional<Landmarks68> landmarksOf(const Fields &in)
{
    Landmarks68 points;
    for (int i = 0; i < 68; ++i) {
        points[std::size_t(i)] = {float(in.numbered(u"x_"_s, i)), float(in.numbered(u"y_"_s, i))};
        if (!std::isfinite(points[std::size_t(i)].x) || !std::isfinite(points[std::size_t(i)].y))
            return std::nullopt;
    }
    return points;
}

cv::Rect2f boundsOf(const Landmarks68 &points)
{
    cv::Point2f low = points[0], high = points[0];
    for (const cv::Point2f &p : points) {
        low = {std::min(low.x, p.x), std::min(low.y, p.y)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
    return {low, high};
}

std::optional<HeadPose> poseOf(const Fields &in)
{
    HeadPose pose;
    const EulerAngles angles{in.at(u"pose_Rx"_s), in.at(u"pose_Ry"_s), in.at(u"pose_Rz"_s)};
    pose.translation = {in.at(u"pose_Tx"_s), in.at(u"pose_Ty"_s), in.at(u"pose_Tz"_s)};
    pose.rotation = rotationOf(angles);
    pose.rmsPixels = kMissing; // not told
    const bool known = std::isfinite(angles.pitchRadians + angles.yawRadians + angles.rollRadians) &&
                       std::isfinite(cv::norm(pose.translation));
    return known ? std::optional(pose) : std::nullopt;
}

/// From the lids alone, for tables without action units: the gap over the width, 0.3 for an open eye.
float openOf(const std::array<cv::Point2f, 12> &lids)
{
    const auto gap = [&](std::size_t upper, std::size_t lower) { return float(cv::norm(lids[upper] - lids[lower])); };
    const float width = float(cv::norm(lids[6] - lids[0]));
    const float open = (gap(2, 10) + gap(3, 9) + gap(4, 8)) / (3.0f * std::max(1.0f, width));
    return std::clamp(open / 0.3f, 0.0f, 1.5f);
}

std::optional<EyeObservation> eyeOf(const Fields &in, int which)
{
    EyeObservation eye;
    const auto point = [&](int i) {
        return cv::Point2f(float(in.numbered(u"eye_lmk_x_"_s, kOpenFaceEyePoints * which + i)),
                           float(in.numbered(u"eye_lmk_y_"_s, kOpenFaceEyePoints * which + i)));
    };
    for (int i = 0; i < 8; ++i)
        eye.iris += point(i) * 0.125f;
    for (int i = 0; i < 8; ++i)
        eye.irisRadius += 0.125f * float(cv::norm(point(i) - eye.iris));
    for (int i = 0; i < 12; ++i)
        eye.lids[std::size_t(i)] = point(8 + i);
    if (!std::isfinite(eye.irisRadius) || !std::isfinite(eye.lids[0].x))
        return std::nullopt;
    const float blink = float(in.at(u"AU45_r"_s));
    eye.openness = std::isfinite(blink) ? std::clamp(1.0f - blink / 5.0f, 0.0f, 1.0f) : openOf(eye.lids);
    const QString gaze = u"gaze_%1_"_s.arg(which);
    const cv::Vec3f direction(float(in.at(gaze + u'x')), float(in.at(gaze + u'y')), float(in.at(gaze + u'z')));
    const auto centre = [&](const QString &axis) {
        double sum = 0.0;
        for (int i = 0; i < 8; ++i)
            sum += in.numbered(u"eye_lmk_"_s + axis + u'_', kOpenFaceEyePoints * which + i) / 8.0;
        return float(sum);
    };
    const cv::Vec3f origin(centre(u"X"_s), centre(u"Y"_s), centre(u"Z"_s));
    if (std::isfinite(cv::norm(direction)) && std::isfinite(cv::norm(origin)))
        eye.gaze = Gaze{origin, direction};
    return eye;
}

std::optional<ActionUnits> openFaceUnits(const Fields &in)
{
    ActionUnits units;
    bool any = false;
    for (std::size_t u = 0; u < kIntensityUnits.size(); ++u) {
        const double value = in.at(actionUnitCode(kIntensityUnits[u]) + u"_r"_s);
        units.intensity[u] = units.raw[u] = float(value);
        units.sigma[u] = float(kMissing);
        any = any || std::isfinite(value);
    }
    for (std::size_t u = 0; u < kPresenceUnits.size(); ++u) {
        const double value = in.at(actionUnitCode(kPresenceUnits[u]) + u"_c"_s);
        units.present[u] = value >= 0.5;
        any = any || std::isfinite(value);
    }
    return any ? std::optional(units) : std::nullopt;
}

std::optional<ActionUnits> pyFeatUnits(const Fields &in)
{
    ActionUnits units;
    bool any = false;
    for (auto *part : {&units.intensity, &units.raw, &units.sigma})
        part->fill(float(kMissing));
    for (std::size_t u = 0; u < kPresenceUnits.size(); ++u) {
        // Its AU43, eyes closed, is the nearest to the blink.
        const int unit = kPresenceUnits[u] == 45 && !in.has(u"AU45"_s) ? 43 : kPresenceUnits[u];
        const double value = in.at(u"AU%1"_s.arg(unit, 2, 10, QChar(u'0')));
        units.present[u] = value >= 0.5;
        any = any || std::isfinite(value);
    }
    return any ? std::optional(units) : std::nullopt;
}

FaceObservation openFaceFace(const Fields &in)
{
    FaceObservation face;
    const double confidence = in.at(u"confidence"_s);
    face.confidence = std::isfinite(confidence) ? std::clamp(confidence, 0.0, 1.0) : 1.0;
    face.landmarks = landmarksOf(in);
    face.pose = poseOf(in);
    face.eyeImageLeft = eyeOf(in, 0);
    face.eyeImageRight = eyeOf(in, 1);
    face.actionUnits = openFaceUnits(in);
    return face;
}

FaceObservation pyFeatFace(const Fields &in)
{
    FaceObservation face;
    const double score = in.at(u"FaceScore"_s);
    face.confidence = std::isfinite(score) ? std::clamp(score, 0.0, 1.0) : 1.0;
    face.landmarks = landmarksOf(in);
    face.box = {float(in.at(u"FaceRectX"_s)), float(in.at(u"FaceRectY"_s)),
                float(in.at(u"FaceRectWidth"_s)), float(in.at(u"FaceRectHeight"_s))};
    face.actionUnits = pyFeatUnits(in);
    return face;
}

QByteArrayList fieldsOf(const QByteArray &line)
{
    QByteArrayList fields = line.split(',');
    for (QByteArray &field : fields) {
        field = field.trimmed();
        if (field.size() >= 2 && field.startsWith('"') && field.endsWith('"'))
            field = field.mid(1, field.size() - 2);
    }
    return fields;
}

} // namespace

Result<ImportedBehaviour> readBehaviourCsv(const QByteArray &bytes, const QString &where)
{
    constexpr qsizetype kMostColumns = 10000;
    ImportedBehaviour imported;
    imported.sha256 = hexText(sha256(bytes));
    const QByteArray text = bytes.startsWith("\xef\xbb\xbf") ? bytes.mid(3) : bytes;
    qsizetype at = 0;
    for (int line = 1; at < text.size(); ++line) {
        qsizetype end = text.indexOf('\n', at);
        end = end < 0 ? text.size() : end;
        const QByteArray content = text.mid(at, end - at).trimmed();
        at = end + 1;
        if (content.isEmpty())
            continue;
        const QByteArrayList fields = fieldsOf(content);
        if (imported.table.columns.isEmpty()) {
            if (fields.size() > kMostColumns)
                return fail(Errc::BadData, u"has more than %1 columns"_s.arg(kMostColumns), where);
            for (const QByteArray &name : fields)
                imported.table.columns << QString::fromUtf8(name);
            continue;
        }
        if (fields.size() != imported.table.columns.size()) {
            return fail(Errc::BadData, u"line %1 has %2 fields, the header %3"_s.arg(line).arg(fields.size())
                                           .arg(imported.table.columns.size()), where);
        }
        std::vector<double> row;
        for (const QByteArray &field : fields) {
            bool ok = false;
            const double value = field.toDouble(&ok); // always with a decimal point
            row.push_back(ok && std::isfinite(value) ? value : kMissing);
        }
        imported.table.rows.push_back(std::move(row));
    }
    const QStringList &columns = imported.table.columns;
    if (!columns.contains(u"frame"_s))
        return fail(Errc::BadData, u"has no column 'frame'"_s, where);
    if (columns.contains(u"FaceRectX"_s) || columns.contains(u"FaceScore"_s))
        imported.format = BehaviourFormat::PyFeat;
    else if (!columns.contains(u"success"_s))
        return fail(Errc::BadData, u"is neither OpenFace's nor py-feat's table: no 'success', no 'FaceRectX'"_s, where);
    return imported;
}

ObservationLog observationsOf(const ImportedBehaviour &imported)
{
    constexpr double kMostFrames = 1e7;
    const bool openFace = imported.format == BehaviourFormat::OpenFace;
    ObservationLog log;
    Fields in(imported.table);
    for (const std::vector<double> &row : imported.table.rows) {
        in.setRow(row);
        const double frame = in.at(u"frame"_s) - (openFace ? 1.0 : 0.0);
        if (!(frame >= 0.0 && frame < kMostFrames))
            continue;
        const FrameIndex index = FrameIndex(frame);
        const FaceObservations *known = log.facesAt(index);
        FaceObservations faces = known ? *known : FaceObservations{};
        if (!openFace || in.at(u"success"_s) >= 0.5) {
            FaceObservation face = openFace ? openFaceFace(in) : pyFeatFace(in);
            const double id = in.at(u"face_id"_s); // older files and py-feat have none
            face.track = TrackId(std::isfinite(id) && id >= 0 && id < 1e6 ? int(id) : int(faces.size()));
            if (face.landmarks && !(face.box.width > 0))
                face.box = boundsOf(*face.landmarks);
            const bool twice = std::any_of(faces.begin(), faces.end(), [&](const FaceObservation &f) {
                return f.track == face.track;
            });
            if (face.landmarks && !twice)
                faces.push_back(std::move(face));
        }
        std::sort(faces.begin(), faces.end(), [](const FaceObservation &a, const FaceObservation &b) {
            return number(a.track) < number(b.track);
        });
        log.setFaces(index, std::move(faces));
    }
    return log;
}

} // namespace fw
