// SPDX-License-Identifier: GPL-3.0-or-later
#include "findings/observation_log.h"

#include "findings/cbor_fields.h"

#include <QCborValue>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr char kLogMagic[5] = "FWO2";
constexpr int kNobodyLooked = -1;

enum Flag : quint16 {
    kDetected = 1,
    kLandmarks = 2,
    kSigmas = 4,
    kPose = 8,
    kEarLeft = 16,
    kEarRight = 32,
    kEyeLeft = 64,
    kEyeRight = 128,
    kExpression = 256,
    kActionUnits = 512,
    kAppearance = 1024,
};
constexpr quint16 kAllFlags = 2047;
constexpr std::size_t kPoseNumbers = 13; // rotation, translation, reprojection error
constexpr std::size_t kEyeNumbers = 34;  // iris, radius, lids, openness, origin and direction of gaze
constexpr std::size_t kExpressionNumbers = 53 + 3 * 68;
constexpr std::size_t kUnitNumbers = 17 * 3 + 18;
constexpr std::size_t kAppearanceNumbers = 64 + 2;
constexpr std::size_t kDetailNumbers = 3; // beside them; logs of older programs have none

/// One column per property: equal kinds of numbers lie together, which packs better.
struct Columns
{
    std::vector<qint32> counts; ///< faces per frame, or kNobodyLooked
    std::vector<qint32> tracks;
    std::vector<float> boxes; ///< x, y, width, height
    std::vector<double> confidences;
    std::vector<quint16> flags;
    std::vector<float> landmarks, sigmas;
    std::vector<double> poses, earLeft, earRight;
    std::vector<float> eyes, expressions, actionUnits, appearances, details;
};

void appendPoint(const cv::Point2f &p, std::vector<float> *to)
{
    to->insert(to->end(), {p.x, p.y});
}

void append(const EyeObservation &eye, std::vector<float> *to)
{
    constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
    appendPoint(eye.iris, to);
    to->push_back(eye.irisRadius);
    for (const cv::Point2f &p : eye.lids)
        appendPoint(p, to);
    to->push_back(eye.openness);
    const Gaze gaze = eye.gaze.value_or(Gaze{cv::Vec3f::all(kNone), cv::Vec3f::all(kNone)});
    to->insert(to->end(), gaze.origin.val, gaze.origin.val + 3);
    to->insert(to->end(), gaze.direction.val, gaze.direction.val + 3);
}

EyeObservation eyeFrom(const float *n)
{
    EyeObservation eye;
    eye.iris = {n[0], n[1]};
    eye.irisRadius = n[2];
    for (std::size_t i = 0; i < eye.lids.size(); ++i)
        eye.lids[i] = {n[3 + 2 * i], n[4 + 2 * i]};
    eye.openness = n[27];
    if (std::isfinite(n[28]))
        eye.gaze = Gaze{{n[28], n[29], n[30]}, {n[31], n[32], n[33]}};
    return eye;
}

void append(const ExpressionFit &fit, std::vector<float> *to)
{
    to->insert(to->end(), fit.expression.begin(), fit.expression.end());
    for (const cv::Point3f &p : fit.points3d)
        to->insert(to->end(), {p.x, p.y, p.z});
}

ExpressionFit expressionFrom(const float *n)
{
    ExpressionFit fit;
    std::copy_n(n, fit.expression.size(), fit.expression.begin());
    n += fit.expression.size();
    for (cv::Point3f &p : fit.points3d) {
        p = {n[0], n[1], n[2]};
        n += 3;
    }
    return fit;
}

void append(const ActionUnits &units, std::vector<float> *to)
{
    for (const auto *part : {&units.intensity, &units.raw, &units.sigma})
        to->insert(to->end(), part->begin(), part->end());
    for (const bool present : units.present)
        to->push_back(present ? 1.0f : 0.0f);
}

ActionUnits actionUnitsFrom(const float *n)
{
    ActionUnits units;
    for (auto *part : {&units.intensity, &units.raw, &units.sigma}) {
        std::copy_n(n, part->size(), part->begin());
        n += part->size();
    }
    for (bool &present : units.present)
        present = *n++ != 0.0f;
    return units;
}

void append(const FaceAppearance &looks, Columns *to)
{
    to->appearances.insert(to->appearances.end(), looks.mark.begin(), looks.mark.end());
    to->appearances.insert(to->appearances.end(), {looks.seamInside, looks.seamAround});
    to->details.insert(to->details.end(), {looks.highlights, looks.mouthChange, looks.cheekChange});
}

FaceAppearance appearanceFrom(const float *n)
{
    FaceAppearance looks;
    std::copy_n(n, looks.mark.size(), looks.mark.begin());
    looks.seamInside = n[looks.mark.size()];
    looks.seamAround = n[looks.mark.size() + 1];
    return looks;
}

void append(const FaceObservation &f, Columns *to)
{
    to->tracks.push_back(number(f.track));
    to->boxes.insert(to->boxes.end(), {f.box.x, f.box.y, f.box.width, f.box.height});
    to->confidences.push_back(f.confidence);
    quint16 flags = f.detected ? kDetected : 0;
    if (f.landmarks) {
        flags |= kLandmarks;
        for (const cv::Point2f &p : *f.landmarks)
            appendPoint(p, &to->landmarks);
    }
    if (f.landmarkSigmas) {
        flags |= kSigmas;
        to->sigmas.insert(to->sigmas.end(), f.landmarkSigmas->begin(), f.landmarkSigmas->end());
    }
    if (f.pose) {
        flags |= kPose;
        to->poses.insert(to->poses.end(), f.pose->rotation.val, f.pose->rotation.val + 9);
        to->poses.insert(to->poses.end(), f.pose->translation.val, f.pose->translation.val + 3);
        to->poses.push_back(f.pose->rmsPixels);
    }
    if (f.earImageLeft) {
        flags |= kEarLeft;
        to->earLeft.push_back(*f.earImageLeft);
    }
    if (f.earImageRight) {
        flags |= kEarRight;
        to->earRight.push_back(*f.earImageRight);
    }
    if (f.eyeImageLeft) {
        flags |= kEyeLeft;
        append(*f.eyeImageLeft, &to->eyes);
    }
    if (f.eyeImageRight) {
        flags |= kEyeRight;
        append(*f.eyeImageRight, &to->eyes);
    }
    if (f.expression) {
        flags |= kExpression;
        append(*f.expression, &to->expressions);
    }
    if (f.actionUnits) {
        flags |= kActionUnits;
        append(*f.actionUnits, &to->actionUnits);
    }
    if (f.appearance) {
        flags |= kAppearance;
        append(*f.appearance, to);
    }
    to->flags.push_back(flags);
}

/// Takes numbers from a column in order; a column that runs out or keeps a rest is damage.
template <class T> class Taker
{
public:
    Taker(const std::vector<T> &column, bool *ok)
        : m_column(column)
        , m_ok(ok)
    {
    }
    const T *take(std::size_t count)
    {
        if (m_column.size() - m_at < count) {
            *m_ok = false;
            return nullptr;
        }
        m_at += count;
        return m_column.data() + (m_at - count);
    }
    std::optional<T> one()
    {
        const T *value = take(1);
        return value ? std::optional<T>(*value) : std::nullopt;
    }
    bool atEnd() const { return m_at == m_column.size(); }

private:
    const std::vector<T> &m_column;
    std::size_t m_at = 0;
    bool *m_ok;
};

struct Takers
{
    Takers(const Columns &c, bool *ok)
        : tracks(c.tracks, ok)
        , boxes(c.boxes, ok)
        , confidences(c.confidences, ok)
        , flags(c.flags, ok)
        , landmarks(c.landmarks, ok)
        , sigmas(c.sigmas, ok)
        , poses(c.poses, ok)
        , earLeft(c.earLeft, ok)
        , earRight(c.earRight, ok)
        , eyes(c.eyes, ok)
        , expressions(c.expressions, ok)
        , actionUnits(c.actionUnits, ok)
        , appearances(c.appearances, ok)
        , details(c.details, ok)
    {
    }
    bool atEnd() const
    {
        return tracks.atEnd() && boxes.atEnd() && confidences.atEnd() && flags.atEnd() &&
               landmarks.atEnd() && sigmas.atEnd() && poses.atEnd() && earLeft.atEnd() &&
               earRight.atEnd() && eyes.atEnd() && expressions.atEnd() && actionUnits.atEnd() && appearances.atEnd() && details.atEnd();
    }
    Taker<qint32> tracks;
    Taker<float> boxes;
    Taker<double> confidences;
    Taker<quint16> flags;
    Taker<float> landmarks, sigmas;
    Taker<double> poses, earLeft, earRight;
    Taker<float> eyes, expressions, actionUnits, appearances, details;
};

/// What observers of eyes and expression added.
bool takeBehaviour(Takers *from, quint16 flags, FaceObservation *to)
{
    bool ok = true;
    const auto part = [&](Flag flag, Taker<float> &column, std::size_t count, const auto &use) {
        if ((flags & flag) == 0 || !ok)
            return;
        const float *n = column.take(count);
        ok = n != nullptr;
        if (ok)
            use(n);
    };
    part(kEyeLeft, from->eyes, kEyeNumbers, [&](const float *n) { to->eyeImageLeft = eyeFrom(n); });
    part(kEyeRight, from->eyes, kEyeNumbers,
         [&](const float *n) { to->eyeImageRight = eyeFrom(n); });
    part(kExpression, from->expressions, kExpressionNumbers,
         [&](const float *n) { to->expression = expressionFrom(n); });
    part(kActionUnits, from->actionUnits, kUnitNumbers,
         [&](const float *n) { to->actionUnits = actionUnitsFrom(n); });
    part(kAppearance, from->appearances, kAppearanceNumbers, [&](const float *n) { to->appearance = appearanceFrom(n); });
    part(kAppearance, from->details, kDetailNumbers, [&](const float *n) {
        to->appearance->highlights = n[0];
        to->appearance->mouthChange = n[1];
        to->appearance->cheekChange = n[2];
    });
    return ok;
}

bool takeFace(Takers *from, FaceObservation *to)
{
    const auto track = from->tracks.one();
    const float *box = from->boxes.take(4);
    const auto confidence = from->confidences.one();
    const auto flags = from->flags.one();
    if (!track || !box || !confidence || !flags || (*flags & ~kAllFlags) != 0)
        return false;
    FaceObservation &f = *to;
    f.track = TrackId(*track);
    f.box = cv::Rect2f(box[0], box[1], box[2], box[3]);
    f.confidence = *confidence;
    f.detected = (*flags & kDetected) != 0;
    if ((*flags & kLandmarks) != 0) {
        const float *xy = from->landmarks.take(2 * 68);
        if (!xy)
            return false;
        Landmarks68 points;
        for (std::size_t i = 0; i < points.size(); ++i)
            points[i] = {xy[2 * i], xy[2 * i + 1]};
        f.landmarks = points;
    }
    if ((*flags & kSigmas) != 0) {
        const float *n = from->sigmas.take(68);
        if (!n)
            return false;
        std::copy_n(n, 68, f.landmarkSigmas.emplace().begin());
    }
    if ((*flags & kPose) != 0) {
        const double *n = from->poses.take(kPoseNumbers);
        if (!n)
            return false;
        f.pose = HeadPose{cv::Matx33d(n), cv::Vec3d(n[9], n[10], n[11]), n[12]};
    }
    if ((*flags & kEarLeft) != 0)
        f.earImageLeft = from->earLeft.one();
    if ((*flags & kEarRight) != 0)
        f.earImageRight = from->earRight.one();
    return takeBehaviour(from, *flags, to);
}

} // namespace

void ObservationLog::setFaces(FrameIndex index, FaceObservations found)
{
    Q_ASSERT(index >= 0);
    if (std::size_t(index) >= faces.size())
        faces.resize(std::size_t(index) + 1);
    faces[std::size_t(index)] = std::move(found);
}

const FaceObservations *ObservationLog::facesAt(FrameIndex index) const
{
    if (index < 0 || std::size_t(index) >= faces.size() || !faces[std::size_t(index)])
        return nullptr;
    return &*faces[std::size_t(index)];
}

std::vector<TrackId> ObservationLog::tracks() const
{
    std::set<TrackId> ids;
    for (const auto &frame : faces) {
        if (!frame)
            continue;
        for (const FaceObservation &f : *frame)
            ids.insert(f.track);
    }
    return {ids.begin(), ids.end()};
}

QByteArray toBytes(const ObservationLog &log)
{
    Columns c;
    for (const auto &frame : log.faces) {
        c.counts.push_back(frame ? qint32(frame->size()) : kNobodyLooked);
        if (!frame)
            continue;
        for (const FaceObservation &f : *frame)
            append(f, &c);
    }
    const QCborMap map{
        {"counts"_L1, arrayBytes(c.counts)},   {"tracks"_L1, arrayBytes(c.tracks)},
        {"boxes"_L1, arrayBytes(c.boxes)},     {"confidences"_L1, arrayBytes(c.confidences)},
        {"flags"_L1, arrayBytes(c.flags)},     {"landmarks"_L1, arrayBytes(c.landmarks)},
        {"sigmas"_L1, arrayBytes(c.sigmas)},   {"poses"_L1, arrayBytes(c.poses)},
        {"earLeft"_L1, arrayBytes(c.earLeft)}, {"earRight"_L1, arrayBytes(c.earRight)},
        {"eyes"_L1, arrayBytes(c.eyes)},       {"expressions"_L1, arrayBytes(c.expressions)},
        {"actionUnits"_L1, arrayBytes(c.actionUnits)},
        {"appearances"_L1, arrayBytes(c.appearances)},
        {"details"_L1, arrayBytes(c.details)}};
    return sealed(kLogMagic, QCborValue(map).toCbor());
}

Result<ObservationLog> observationLogFromBytes(const QByteArray &bytes)
{
    const auto body = unsealed(kLogMagic, bytes);
    if (!body)
        return Failure{body.error()};
    QCborParserError error;
    const QCborValue root = QCborValue::fromCbor(*body, &error);
    // What Qt hands over after an error must not be touched: its maps may lack their last value.
    if (error.error != QCborError::NoError || !root.isMap())
        return fail(Errc::BadData, u"the stored observations are not well formed"_s);
    bool ok = true;
    const FieldReader in(root.toMap(), &ok);
    const auto later = [&](QLatin1StringView key) { // older programs did not write it
        return root.toMap().contains(key) ? in.numbers<float>(key) : std::vector<float>();
    };
    Columns c{in.numbers<qint32>("counts"_L1),  in.numbers<qint32>("tracks"_L1),
              in.numbers<float>("boxes"_L1),    in.numbers<double>("confidences"_L1),
              in.numbers<quint16>("flags"_L1),  in.numbers<float>("landmarks"_L1),
              in.numbers<float>("sigmas"_L1),   in.numbers<double>("poses"_L1),
              in.numbers<double>("earLeft"_L1), in.numbers<double>("earRight"_L1),
              in.numbers<float>("eyes"_L1),     in.numbers<float>("expressions"_L1),
              in.numbers<float>("actionUnits"_L1),
              later("appearances"_L1),          later("details"_L1)};
    if (!root.toMap().contains("details"_L1))
        c.details.assign(c.appearances.size() / kAppearanceNumbers * kDetailNumbers, std::numeric_limits<float>::quiet_NaN());
    Takers takers(c, &ok);
    ObservationLog log;
    log.faces.resize(c.counts.size());
    for (std::size_t i = 0; ok && i < c.counts.size(); ++i) {
        if (c.counts[i] == kNobodyLooked)
            continue;
        ok = c.counts[i] >= 0 && std::size_t(c.counts[i]) <= c.tracks.size();
        FaceObservations faces;
        for (qint32 n = 0; ok && n < c.counts[i]; ++n)
            ok = takeFace(&takers, &faces.emplace_back()) && ok;
        log.faces[i] = std::move(faces);
    }
    if (!ok || !takers.atEnd())
        return fail(Errc::BadData, u"the stored observations contradict themselves"_s);
    return log;
}

} // namespace fw
