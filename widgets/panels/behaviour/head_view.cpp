// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/behaviour/head_view.h"

#include "faces/face_mesh.h"
#include "paint/color_map.h"
#include "paint/overlay.h"
#include "panels/common/text.h"
#include "panels/common/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kShownMm = 210.0;         ///< what fits into the shorter side
constexpr double kRadiansPerPixel = 0.008; ///< a drag across 200 px turns by about a quarter
constexpr double kKeyRadians = 5.0 * std::numbers::pi / 180.0;
constexpr double kMostPitch = 1.4;
constexpr double kLeastZoom = 0.5, kMostZoom = 5.0;
constexpr double kMovedMm = 1.0; ///< smaller differences from rest are not drawn

int degrees(double radians)
{
    return int(std::lround(radians * 180.0 / std::numbers::pi));
}

QColor mixed(const QColor &a, const QColor &b, double shareOfA)
{
    const auto mix = [shareOfA](int x, int y) { return int(std::lround(shareOfA * x + (1.0 - shareOfA) * y)); };
    return QColor(mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue()));
}

} // namespace

HeadView::HeadView(FaceChoice &choice, QWidget *parent) : QWidget(parent), m_choice(choice)
{
    setAccessibleName(tr("Head in space"));
    setToolTip(tr("Drag to turn, wheel to zoom, double click to look straight again"));
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::OpenHandCursor);
    refresh();
}

void HeadView::refresh()
{
    const auto now = scene();
    setAccessibleDescription(now ? captionOf(*now) : tr("Not measured in this frame"));
    update();
}

void HeadView::setRest(const std::optional<FacePoints3d> &rest)
{
    m_rest = rest;
    refresh();
}

void HeadView::setViewpoint(HeadViewpoint viewpoint)
{
    if (viewpoint == m_viewpoint)
        return;
    m_viewpoint = viewpoint;
    refresh();
    Q_EMIT viewpointChanged();
}

void HeadView::reset()
{
    m_turned = {};
    m_zoom = 1.0;
    refresh();
}

std::optional<HeadScene> HeadView::scene() const
{
    const FaceObservation *face = m_choice.faceAt(m_choice.clip().playhead());
    return face ? headScene(*face, m_viewpoint, m_turned, m_rest) : std::nullopt;
}

QPointF HeadView::toView(const QPointF &millimetres) const
{
    const double scale = std::min(width(), height()) / kShownMm * m_zoom;
    return QPointF(width() / 2.0, height() / 2.0) + millimetres * scale;
}

QString HeadView::captionOf(const HeadScene &scene) const
{
    const EulerAngles &pose = scene.pose;
    QString text = tr("Pitch %1°, yaw %2°, roll %3°")
                       .arg(degrees(pose.pitchRadians)).arg(degrees(pose.yawRadians)).arg(degrees(pose.rollRadians));
    if (m_viewpoint != HeadViewpoint::Camera)
        text += tr(", removed");
    if (m_turned != Turntable{})
        text += tr("; you turned it by %1°, %2°").arg(degrees(m_turned.yawRadians)).arg(degrees(m_turned.pitchRadians));
    if (m_viewpoint == HeadViewpoint::Neutral)
        text += m_rest ? tr("; dashed: own rest") : tr("; own rest needs %1 measured frames").arg(kLeastFacesForRest);
    return text;
}

void HeadView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(textFont(font(), TextSize::Small));
    const auto now = scene();
    if (!now) {
        painter.setPen(quietText(palette()));
        painter.drawText(rect().adjusted(12, 8, -12, -8), Qt::AlignCenter | Qt::TextWordWrap,
                         tr("Not measured in this frame: the face is away, turned or too small."));
    } else {
        const FaceObservation *face = m_choice.faceAt(m_choice.clip().playhead());
        const QColor color = fadedColor(seriesColor(number(face->track)), face->confidence);
        paintHead(painter, *now, color);
        paintStrokes(painter, *now, color);
        paintRest(painter, *now);
        paintGaze(painter, *now, face->confidence);
        painter.setPen(quietText(palette()));
        painter.drawText(rect().adjusted(8, 4, -8, -4), Qt::AlignBottom | Qt::AlignLeft | Qt::TextWordWrap, captionOf(*now));
    }
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(palette().color(QPalette::Highlight));
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void HeadView::paintHead(QPainter &painter, const HeadScene &scene, const QColor &color) const
{
    const QColor base = palette().color(QPalette::Base), text = palette().color(QPalette::Text);
    for (const HeadScene::Triangle &t : scene.triangles) {
        QPolygonF polygon;
        for (const int i : t.points)
            polygon << toView(scene.points[std::size_t(i)]);
        const QColor skin = mixed(color, mixed(text, base, 0.45), 0.35);
        QColor fill = t.inside ? mixed(text, base, 0.14) : mixed(skin, base, 0.25 + 0.65 * t.light);
        painter.setBrush(fill);
        painter.setPen(QPen(mixed(text, fill, t.inside ? 0.12 : 0.25), 0.8));
        painter.drawPolygon(polygon);
    }
}

void HeadView::paintStrokes(QPainter &painter, const HeadScene &scene, const QColor &color) const
{
    QPainterPath path;
    const auto join = [&](int a, int b) {
        if (!scene.seen[std::size_t(a)] || !scene.seen[std::size_t(b)])
            return; // on the far side
        path.moveTo(toView(scene.points[std::size_t(a)]));
        path.lineTo(toView(scene.points[std::size_t(b)]));
    };
    for (const FaceStroke &stroke : faceStrokes()) {
        for (int i = stroke.first; i < stroke.last; ++i)
            join(i, i + 1);
        if (stroke.closed)
            join(stroke.last, stroke.first);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(mixed(color, palette().color(QPalette::Text), 0.6), 2.0, Qt::SolidLine, Qt::RoundCap));
    painter.drawPath(path);
}

void HeadView::paintRest(QPainter &painter, const HeadScene &scene) const
{
    if (!scene.rest)
        return;
    QPainterPath still, moved;
    for (const FaceStroke &stroke : faceStrokes()) {
        still.moveTo(toView((*scene.rest)[std::size_t(stroke.first)]));
        for (int i = stroke.first + 1; i <= stroke.last; ++i)
            still.lineTo(toView((*scene.rest)[std::size_t(i)]));
        if (stroke.closed)
            still.lineTo(toView((*scene.rest)[std::size_t(stroke.first)]));
    }
    for (std::size_t i = 0; i < scene.points.size(); ++i) {
        const QPointF by = scene.points[i] - (*scene.rest)[i];
        if (std::hypot(by.x(), by.y()) < kMovedMm)
            continue;
        moved.moveTo(toView((*scene.rest)[i]));
        moved.lineTo(toView(scene.points[i]));
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(palette().color(QPalette::Text), 1.0, Qt::DashLine));
    painter.drawPath(still);
    painter.setPen(QPen(seriesColor(1), 2.2, Qt::SolidLine, Qt::RoundCap)); // the colour of no first face
    painter.drawPath(moved);
}

void HeadView::paintGaze(QPainter &painter, const HeadScene &scene, double confidence) const
{
    const QColor ink = isDark(palette()) ? layerColor(u"faces.gaze"_s) : layerColor(u"faces.gaze"_s).darker(170);
    const QColor color = fadedColor(ink, confidence);
    for (const HeadScene::Ray &ray : scene.gaze) {
        const QPointF from = toView(ray.from), to = toView(ray.to);
        painter.setPen(QPen(color, 2.4, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(from, to);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawEllipse(to, 3.5, 3.5);
    }
}

void HeadView::turn(double yaw, double pitch)
{
    m_turned.yawRadians = std::remainder(m_turned.yawRadians + yaw, 2.0 * std::numbers::pi);
    m_turned.pitchRadians = std::clamp(m_turned.pitchRadians + pitch, -kMostPitch, kMostPitch);
    refresh();
}

void HeadView::setZoom(double zoom)
{
    m_zoom = std::clamp(zoom, kLeastZoom, kMostZoom);
    update();
}

void HeadView::mousePressEvent(QMouseEvent *event)
{
    m_dragFrom = event->position();
}

void HeadView::mouseMoveEvent(QMouseEvent *event)
{
    if (!(event->buttons() & Qt::LeftButton))
        return;
    // The near side follows the hand: a positive yaw takes it to the left, a positive pitch down.
    const QPointF by = event->position() - m_dragFrom;
    m_dragFrom = event->position();
    turn(-by.x() * kRadiansPerPixel, by.y() * kRadiansPerPixel);
}

void HeadView::mouseDoubleClickEvent(QMouseEvent *)
{
    reset();
}

void HeadView::wheelEvent(QWheelEvent *event)
{
    setZoom(m_zoom * std::pow(1.15, event->angleDelta().y() / 120.0));
    event->accept();
}

void HeadView::keyPressEvent(QKeyEvent *event)
{
    const bool control = event->modifiers() & Qt::ControlModifier;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (!control)
            break;
        return turn(event->key() == Qt::Key_Left ? kKeyRadians : -kKeyRadians, 0.0);
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (!control)
            break;
        return turn(0.0, event->key() == Qt::Key_Up ? -kKeyRadians : kKeyRadians);
    case Qt::Key_Plus:
        return setZoom(m_zoom * 1.15);
    case Qt::Key_Minus:
        return setZoom(m_zoom / 1.15);
    case Qt::Key_0:
        return reset();
    default:
        break;
    }
    QWidget::keyPressEvent(event); // the rest belongs to the window
}

} // namespace fw
