// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/face_overlay_p.h"

#include "faces/camera.h"
#include "faces/face_mesh.h"
#include "paint/overlay.h"

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr double kGazeMm = 60.0;     ///< length of the arrow in space
constexpr double kEyeballMm = 12.0;  ///< from the centre of the eyeball to the iris
constexpr double kNearestMm = 20.0;  ///< what lies nearer than this cannot be drawn

/// The head inside its box, head axes, mm: a little wider than the jaw, from the chin to the top of
/// the skull, from the tip of the nose to the back of the head.
constexpr double kHalfWidthMm = 80.0, kTopMm = -115.0, kBottomMm = 80.0;
constexpr double kFrontMm = -40.0, kBackMm = 140.0;

bool finite(const cv::Point2f &p)
{
    return std::isfinite(p.x) && std::isfinite(p.y);
}

Camera cameraOf(const OverlayPen &pen)
{
    return Camera::assumed(pen.frame().width, pen.frame().height);
}

std::optional<cv::Point2f> projected(const Camera &camera, const cv::Vec3d &point)
{
    if (!(point[2] > kNearestMm))
        return std::nullopt;
    const cv::Point2d p = camera.project(point);
    return cv::Point2f(float(p.x), float(p.y));
}

/// Joins points of one run; an unseen point leaves a gap instead of a wrong line.
void addStroke(QPainterPath *path, const OverlayPen &pen, const Landmarks68 &points,
               const FaceStroke &stroke)
{
    bool down = false;
    for (int i = stroke.first; i <= stroke.last + (stroke.closed ? 1 : 0); ++i) {
        const cv::Point2f p = points[std::size_t(i > stroke.last ? stroke.first : i)];
        if (finite(p))
            down ? path->lineTo(pen.map(p)) : path->moveTo(pen.map(p));
        down = finite(p);
    }
}

/// The picture of a head axis of `length` px, in px from the nose, seen by the assumed camera: an
/// axis towards the camera grows, as it does in the picture.
cv::Point2f projectAxis(const cv::Size &frame, const HeadPose &pose, const cv::Vec3d &axis,
                        const cv::Point2f &nose, double length)
{
    const cv::Vec3d turned = pose.rotation * axis;
    const double focal = std::max(1, frame.width);
    const double depth = focal + turned[2] * length; // the nose is `focal` px away
    const double cx = frame.width / 2.0, cy = frame.height / 2.0;
    if (depth < focal / 4)
        return {float(turned[0] * length), float(turned[1] * length)};
    const double x = ((nose.x - cx) + turned[0] * length) * focal / depth + cx;
    const double y = ((nose.y - cy) + turned[1] * length) * focal / depth + cy;
    return {float(x - nose.x), float(y - nose.y)};
}

template <class Draw> void forEachEye(const FaceObservation &face, const Draw &draw)
{
    for (const auto *eye : {&face.eyeImageLeft, &face.eyeImageRight}) {
        if (*eye)
            draw(**eye);
    }
}

} // namespace

void paintFaceBox(const OverlayPen &pen, const FaceObservation &face, const QColor &color)
{
    const QRectF rect = pen.map(face.box);
    QPainterPath path;
    path.addRect(rect);
    pen.stroke(path, color, pen.line() * 1.4, face.detected ? Qt::SolidLine : Qt::DashLine);
    pen.label(rect.topLeft(), u"face %1"_s.arg(number(face.track) + 1), color);
}

void paintLandmarks(const OverlayPen &pen, const FaceObservation &face, const QColor &color)
{
    if (!face.landmarks)
        return;
    QPainterPath lines;
    for (const FaceStroke &stroke : faceStrokes())
        addStroke(&lines, pen, *face.landmarks, stroke);
    QColor thin = color;
    thin.setAlphaF(0.7f);
    pen.stroke(lines, thin, pen.line() * 0.7);
    for (std::size_t i = 0; i < face.landmarks->size(); ++i) {
        const cv::Point2f &p = (*face.landmarks)[i];
        const double sigma = face.landmarkSigmas ? double((*face.landmarkSigmas)[i]) : 0.0;
        if (finite(p))
            pen.dot(pen.map(p), std::isfinite(sigma) ? sigma * pen.scale() : 0.0, pen.line() * 1.2,
                    color);
    }
}

void paintFaceMesh(const OverlayPen &pen, const FaceObservation &face, const QColor &color)
{
    if (!face.expression)
        return;
    const Camera camera = cameraOf(pen);
    std::array<std::optional<cv::Point2f>, 68> points;
    std::ranges::transform(face.expression->points3d, points.begin(), [&](const cv::Point3f &p) {
        return projected(camera, {p.x, p.y, p.z});
    });
    QPainterPath path;
    for (const FaceTriangle &t : faceTriangles()) {
        const auto &a = points[t[0]], &b = points[t[1]], &c = points[t[2]];
        if (!a || !b || !c)
            continue;
        path.addPolygon(QPolygonF{{pen.map(*a), pen.map(*b), pen.map(*c), pen.map(*a)}});
    }
    pen.painter().setBrush(Qt::NoBrush);
    pen.painter().setPen(QPen(color, pen.line() * 0.7, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin));
    pen.painter().drawPath(path);
}

void paintHeadAxes(const OverlayPen &pen, const FaceObservation &face, const QColor &given)
{
    if (!face.pose)
        return;
    cv::Point2f nose(face.box.x + face.box.width / 2, face.box.y + face.box.height / 2);
    if (face.landmarks && finite((*face.landmarks)[30]))
        nose = (*face.landmarks)[30];
    const double length = 0.6 * double(face.box.width);
    const struct
    {
        cv::Vec3d axis;
        QColor color;
        QString name;
        double width;
    } axes[] = {{{1, 0, 0}, QColor(0xff, 0xb0, 0x3b), u"x"_s, 1.2},
                {{0, 1, 0}, QColor(0x4f, 0xd8, 0xb8), u"y"_s, 1.2},
                {{0, 0, -1}, QColor(0x6f, 0xb5, 0xff), u"facing"_s, 2.0}};
    const QPointF from = pen.map(nose);
    for (const auto &a : axes) {
        const QPointF tip = pen.map(nose + projectAxis(pen.frame(), *face.pose, a.axis, nose, length));
        const QColor color = fadedColor(given.isValid() ? given : a.color, face.confidence);
        pen.arrow(from, tip, color, pen.line() * a.width);
        if (std::hypot(tip.x() - from.x(), tip.y() - from.y()) > pen.line() * 12)
            pen.label(tip + QPointF(pen.line() * 3, 0), a.name, color);
    }
}

void paintHeadBox(const OverlayPen &pen, const FaceObservation &face, const QColor &color)
{
    if (!face.pose)
        return;
    const Camera camera = cameraOf(pen);
    std::array<QPointF, 8> corners; // bit 0: right, bit 1: lower, bit 2: back
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const cv::Vec3d head(i & 1 ? kHalfWidthMm : -kHalfWidthMm, i & 2 ? kBottomMm : kTopMm,
                             i & 4 ? kBackMm : kFrontMm);
        const auto p = projected(camera, face.pose->rotation * head + face.pose->translation);
        if (!p)
            return;
        corners[i] = pen.map(*p);
    }
    QPainterPath back, front;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        for (const std::size_t side : {1, 2, 4}) {
            if (i & side)
                continue;
            QPainterPath &path = (i & 4) == 0 && side != 4 ? front : back;
            path.moveTo(corners[i]);
            path.lineTo(corners[i | side]);
        }
    }
    QColor far = color;
    far.setAlphaF(0.6f);
    pen.stroke(back, far, pen.line() * 0.8);
    pen.stroke(front, color, pen.line() * 1.4);
}

void paintEyes(const OverlayPen &pen, const FaceObservation &face, const QColor &color)
{
    forEachEye(face, [&](const EyeObservation &eye) {
        QPainterPath path;
        if (std::ranges::all_of(eye.lids, finite)) {
            QPolygonF lids;
            for (const cv::Point2f &p : eye.lids)
                lids << pen.map(p);
            path.addPolygon(lids);
            path.closeSubpath();
        }
        if (finite(eye.iris) && eye.irisRadius > 0.0f) {
            const double radius = double(eye.irisRadius) * pen.scale();
            path.addEllipse(pen.map(eye.iris), radius, radius);
        }
        pen.stroke(path, color, pen.line());
    });
}

void paintGaze(const OverlayPen &pen, const FaceObservation &face, const QColor &color)
{
    const Camera camera = cameraOf(pen);
    forEachEye(face, [&](const EyeObservation &eye) {
        if (!eye.gaze)
            return;
        const cv::Vec3d origin(eye.gaze->origin), direction(eye.gaze->direction);
        const auto from = projected(camera, origin + direction * kEyeballMm);
        const auto to = projected(camera, origin + direction * (kEyeballMm + kGazeMm));
        if (!from || !to)
            return;
        // The arrow starts at the iris that was seen: the eyeball in space is only estimated.
        const cv::Point2f start = finite(eye.iris) && eye.irisRadius > 0.0f ? eye.iris : *from;
        pen.arrow(pen.map(start), pen.map(start + (*to - *from)), color, pen.line() * 1.6);
    });
}

} // namespace fw
