// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/head_model.h"
#include "paint/color_map.h"
#include "paint/overlay.h"

#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <limits>

using namespace fw;
using namespace Qt::StringLiterals;

namespace {

const cv::Size kFrame(200, 100);

QImage painted(const OverlayContent &content, const std::map<QString, LayerStyle> &styles,
               const QTransform &transform = QTransform())
{
    QImage image(400, 200, QImage::Format_RGB32);
    image.fill(Qt::black);
    QPainter painter(&image);
    paintOverlay(painter, transform, kFrame, content, styles);
    return image;
}

int inked(const QImage &image, const QRect &where)
{
    int count = 0;
    for (int y = where.top(); y <= where.bottom(); ++y) {
        for (int x = where.left(); x <= where.right(); ++x)
            count += (image.pixel(x, y) & 0xffffff) != 0;
    }
    return count;
}

FaceObservation face(float x, float y, float size)
{
    FaceObservation face;
    face.box = cv::Rect2f(x, y, size, size);
    face.detected = true;
    face.confidence = 1.0;
    return face;
}

/// Pixels that are nearly of one colour.
int near(const QImage &image, const QRect &where, const QColor &color, int tolerance = 40)
{
    int count = 0;
    for (int y = where.top(); y <= where.bottom(); ++y) {
        for (int x = where.left(); x <= where.right(); ++x) {
            const QColor at = image.pixelColor(x, y);
            count += std::abs(at.red() - color.red()) + std::abs(at.green() - color.green())
                    + std::abs(at.blue() - color.blue()) < tolerance;
        }
    }
    return count;
}

/// A head 400 mm in front of the camera of a picture 200 px wide: 2 mm are one pixel.
HeadPose poseAt(double x, double y, const EulerAngles &angles = {})
{
    HeadPose pose;
    pose.rotation = rotationOf(angles);
    pose.translation = {x, y, 400};
    return pose;
}

EyeObservation eyeAt(float x, float y, const cv::Vec3f &direction)
{
    EyeObservation eye;
    eye.iris = {x, y};
    eye.irisRadius = 6;
    for (int i = 0; i < 12; ++i)
        eye.lids[std::size_t(i)] = {x - 14 * float(std::cos(i * CV_PI / 6)),
                                    y - 7 * float(std::sin(i * CV_PI / 6))};
    eye.gaze = Gaze{{(x - 100) * 2, (y - 50) * 2, 412}, direction};
    return eye;
}

std::map<QString, LayerStyle> only(const QString &layer)
{
    std::map<QString, LayerStyle> styles;
    for (const QString &name :
         {u"faces.box"_s, u"faces.landmarks"_s, u"faces.mesh"_s, u"faces.pose"_s,
          u"faces.head-box"_s, u"faces.eyes"_s, u"faces.gaze"_s})
        styles[name].visible = name == layer;
    return styles;
}

} // namespace

class OverlayTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }

    void codedMotionIsDrawnUpright()
    {
        const std::vector<MotionVector> motion{{10, 10, 40, 10, 16, 16, -1}, {80, 50, 80, 50, 16, 16, -1}};
        OverlayContent content;
        content.motion = &motion;
        const std::map<QString, LayerStyle> shown{{u"coding.motion"_s, {}}};
        const QImage straight = painted(content, shown);
        QVERIFY(inked(straight, QRect(12, 9, 26, 3)) > 20);
        QCOMPARE(inked(straight, QRect(60, 0, 300, 200)), 0); // a block that stayed where it was
        content.rotationDegrees = 90; // the coded picture is 100 wide and 200 high
        const QImage turned = painted(content, shown);
        QVERIFY(inked(turned, QRect(189, 12, 3, 26)) > 20);
        QCOMPARE(inked(turned, QRect(0, 0, 180, 200)), 0);
        QCOMPARE(inked(painted(content, {}), QRect(0, 0, 400, 200)), 0);
    }

    void aBoxLiesWhereTheFaceIs()
    {
        const FaceObservations faces{face(60, 40, 40)};
        OverlayContent content;
        content.faces = &faces;
        auto styles = only(u"faces.box"_s);
        styles[u"faces.box"_s].color = QColor(255, 0, 255);
        const QImage image = painted(content, styles, QTransform::fromScale(2, 2));
        const auto isMagenta = [&](int x, int y) { // antialiasing may take a little off
            const QColor at = image.pixelColor(x, y);
            return at.red() > 200 && at.blue() > 200 && at.green() < 20;
        };
        QVERIFY(isMagenta(160, 160)); // lower edge at 2 * 80
        QVERIFY(isMagenta(120, 120)); // left edge at 2 * 60
        QCOMPARE(image.pixelColor(160, 120), QColor(Qt::black));   // nothing inside
        QVERIFY(inked(image, QRect(120, 60, 40, 18)) > 100);       // the label sits on top
    }
    void hiddenLayersAndFullTransparencyDrawNothing()
    {
        const FaceObservations faces{face(60, 40, 40)};
        OverlayContent content;
        content.faces = &faces;
        auto styles = only(QString());
        QCOMPARE(inked(painted(content, styles), QRect(0, 0, 400, 200)), 0);
        styles[u"faces.box"_s] = {true, Qt::white, 0.0};
        QCOMPARE(inked(painted(content, styles), QRect(0, 0, 400, 200)), 0);
    }
    void unseenLandmarksLeaveGaps()
    {
        FaceObservation one = face(20, 20, 60);
        Landmarks68 points;
        const float nan = std::numeric_limits<float>::quiet_NaN();
        points.fill(cv::Point2f(nan, nan));
        points[0] = {30, 30};
        points[1] = {30, 60};
        points[3] = {90, 60}; // 2 is unseen: no line from 1 to 3
        one.landmarks = points;
        const FaceObservations faces{one};
        OverlayContent content;
        content.faces = &faces;
        const QImage image = painted(content, only(u"faces.landmarks"_s));
        QVERIFY(inked(image, QRect(29, 44, 3, 3)) > 0);
        QVERIFY(inked(image, QRect(88, 58, 5, 5)) > 0);
        QCOMPARE(inked(image, QRect(50, 50, 20, 20)), 0);
    }
    void theFacingArrowPointsWhereTheHeadIsTurned()
    {
        FaceObservation one = face(80, 30, 40);
        HeadPose pose; // turned by 60 degrees about the vertical axis: facing towards image left
        const double a = CV_PI / 3;
        pose.rotation = cv::Matx33d(std::cos(a), 0, std::sin(a), 0, 1, 0, -std::sin(a), 0, std::cos(a));
        QVERIFY(pose.facing()[0] < -0.8);
        one.pose = pose;
        const FaceObservations faces{one};
        OverlayContent content;
        content.faces = &faces;
        const QImage image = painted(content, only(u"faces.pose"_s));
        const QColor blue(0x6f, 0xb5, 0xff);
        int left = 0, right = 0;
        for (int x = 60; x < 140; ++x) {
            const QColor at = image.pixelColor(x, 50);
            if (std::abs(at.red() - blue.red()) + std::abs(at.blue() - blue.blue()) < 20)
                ++(x < 98 ? left : right);
        }
        QVERIFY2(left > 8 && right <= 4, qPrintable(u"%1 left, %2 right"_s.arg(left).arg(right)));
    }
    void gazeArrowsPointWhereTheEyesLook_data()
    {
        QTest::addColumn<double>("angle");
        QTest::addColumn<bool>("left");
        QTest::newRow("towards image left") << -0.6 << true;
        QTest::newRow("towards image right") << 0.6 << false;
    }
    void gazeArrowsPointWhereTheEyesLook()
    {
        QFETCH(double, angle);
        QFETCH(bool, left);
        FaceObservation one = face(60, 20, 60);
        const cv::Vec3f direction(float(std::sin(angle)), 0, float(-std::cos(angle)));
        one.eyeImageLeft = eyeAt(60, 50, direction);
        one.eyeImageRight = eyeAt(140, 50, direction);
        one.eyeImageRight->gaze.reset(); // shut: no arrow
        const FaceObservations faces{one};
        OverlayContent content;
        content.faces = &faces;
        const QImage image = painted(content, only(u"faces.gaze"_s));
        const QColor green = layerColor(u"faces.gaze"_s);
        const int toLeft = near(image, QRect(30, 40, 29, 20), green);
        const int toRight = near(image, QRect(62, 40, 29, 20), green);
        QVERIFY2(left ? toLeft > 8 && toRight == 0 : toRight > 8 && toLeft == 0,
                 qPrintable(u"%1 left, %2 right"_s.arg(toLeft).arg(toRight)));
        QCOMPARE(inked(image, QRect(110, 0, 90, 100)), 0);
    }
    void theIrisIsACircleAndTheLidsAnOutline()
    {
        FaceObservation one = face(60, 20, 60);
        one.eyeImageLeft = eyeAt(100, 50, {0, 0, -1});
        const FaceObservations faces{one};
        OverlayContent content;
        content.faces = &faces;
        const QImage image = painted(content, only(u"faces.eyes"_s), QTransform::fromScale(2, 2));
        const QColor color = layerColor(u"faces.eyes"_s);
        for (const QPoint &at : {QPoint(212, 100), QPoint(188, 100), QPoint(200, 112), QPoint(228, 100)})
            QVERIFY2(near(image, QRect(at - QPoint(2, 2), QSize(5, 5)), color, 250) > 0,
                     qPrintable(u"%1, %2"_s.arg(at.x()).arg(at.y())));
        QCOMPARE(inked(image, QRect(197, 97, 7, 7)), 0); // nothing inside the iris
    }
    void theHeadBoxStandsAroundTheHeadAndTurnsWithIt()
    {
        FaceObservation one = face(60, 20, 60);
        one.pose = poseAt(0, 0);
        const auto drawn = [&] {
            const FaceObservations faces{one};
            OverlayContent content;
            content.faces = &faces;
            return painted(content, only(u"faces.head-box"_s));
        };
        const QColor blue = layerColor(u"faces.head-box"_s);
        // Its front is 360 mm away: 160 mm are 89 px, from 80 mm below to 115 mm above the middle.
        const QImage ahead = drawn();
        QVERIFY(near(ahead, QRect(54, 30, 4, 40), blue) > 20);
        QVERIFY(near(ahead, QRect(142, 30, 4, 40), blue) > 20);
        QVERIFY(near(ahead, QRect(60, 92, 80, 4), blue) > 40);
        QCOMPARE(inked(ahead, QRect(90, 45, 20, 15)), 0);
        one.pose = poseAt(0, 0, {0, 0.7, 0});
        QVERIFY(near(drawn(), QRect(142, 30, 4, 40), blue) < 20);
        one.pose->translation = {0, 0, 0}; // nobody knows how far away it is
        QCOMPARE(inked(drawn(), QRect(0, 0, 400, 200)), 0);
    }
    void theFittedMeshHasOpenEyesAndIsHiddenUntilAskedFor()
    {
        FaceObservation one = face(60, 20, 60);
        one.expression.emplace();
        for (std::size_t i = 0; i < 68; ++i) {
            const cv::Point3d p = neutralHead()[i];
            one.expression->points3d[i] = {float(p.x), float(p.y), float(p.z + 400)};
        }
        const FaceObservations faces{one};
        OverlayContent content;
        content.faces = &faces;
        auto styles = only(u"faces.mesh"_s);
        styles[u"faces.mesh"_s].color = Qt::white;
        const QTransform twice = QTransform::fromScale(2, 2);
        const QImage image = painted(content, styles, twice);
        QVERIFY(inked(image, QRect(120, 20, 160, 160)) > 2000);
        // Between the lids of the eye at image left, around (-31.5, -37, 1) mm: x = 200 - 2 * 15.7.
        QCOMPARE(inked(image, QRect(166, 62, 6, 2)), 0);
        styles.erase(u"faces.mesh"_s);
        QCOMPARE(inked(painted(content, styles, twice), QRect(0, 0, 400, 200)), 0);
    }
    void aDotIsAsLargeAsItsPointIsUnsure()
    {
        FaceObservation one = face(20, 20, 60);
        Landmarks68 points;
        points.fill(cv::Point2f(std::numeric_limits<float>::quiet_NaN(), 0));
        points[0] = {50, 50};
        points[8] = {150, 50};
        one.landmarks = points;
        one.landmarkSigmas.emplace().fill(0.5f);
        (*one.landmarkSigmas)[8] = 9.0f;
        const FaceObservations faces{one};
        OverlayContent content;
        content.faces = &faces;
        const QImage image = painted(content, only(u"faces.landmarks"_s));
        QCOMPARE(inked(image, QRect(55, 50, 20, 1)), 0);
        QVERIFY(inked(image, QRect(155, 50, 20, 1)) >= 3);
        QCOMPARE(inked(image, QRect(162, 50, 20, 1)), 0);
        QVERIFY(image.pixelColor(150, 50).lightness() > image.pixelColor(155, 50).lightness() + 60);
    }
    void anUnsureFaceIsGrey()
    {
        const QColor color(255, 0, 255);
        QCOMPARE(fadedColor(color, 0.9), color);
        QCOMPARE(fadedColor(color, 0.1).saturation(), 0);
        const int half = fadedColor(color, 0.4).hsvSaturation();
        QVERIFY(half > 20 && half < color.hsvSaturation() - 20);
        FaceObservation one = face(60, 40, 40);
        one.confidence = 0.1;
        const FaceObservations faces{one};
        OverlayContent content;
        content.faces = &faces;
        auto styles = only(u"faces.box"_s);
        styles[u"faces.box"_s].color = color;
        const QImage image = painted(content, styles, QTransform::fromScale(2, 2));
        QCOMPARE(near(image, image.rect(), color), 0);
        QVERIFY(image.pixelColor(160, 160).lightness() > 100); // still drawn
    }
    void arrowsGoFromTailToTip()
    {
        OverlayContent content;
        VectorSeries::Item item;
        item.from = {20, 50};
        item.to = {120, 50};
        content.vectors.push_back({u"vectors/x/gaze"_s, QColor(0, 255, 0), {item}});
        QImage image = painted(content, {});
        QCOMPARE(image.pixelColor(60, 50), QColor(0, 255, 0));
        QCOMPARE(image.pixelColor(130, 50), QColor(Qt::black));
        item.to.x = std::numeric_limits<float>::quiet_NaN();
        content.vectors.front().items = {item};
        image = painted(content, {}); // must not hang or warn
        QCOMPARE(inked(image, QRect(0, 0, 400, 200)), 0);
    }
    void aHeatMapCoversItsRegionAndHonoursOpacity()
    {
        HeatMap map;
        map.values = (cv::Mat_<float>(1, 2) << 1.0f, std::numeric_limits<float>::quiet_NaN());
        map.region = cv::Rect2f(20, 10, 80, 40);
        map.colorMap = u"grey"_s;
        OverlayContent content;
        content.heat.push_back({u"heat/x/ela"_s, &map});
        std::map<QString, LayerStyle> styles;
        styles[u"heat/x/ela"_s].opacity = 0.5;
        const QImage image = painted(content, styles);
        QVERIFY(std::abs(image.pixelColor(40, 30).red() - 128) < 4); // half white on black
        QCOMPARE(image.pixelColor(80, 30), QColor(Qt::black));       // not measured: see through
        QCOMPARE(image.pixelColor(10, 30), QColor(Qt::black));
        QCOMPARE(styleOf({}, u"heat/x/ela"_s).opacity, 0.6);
    }
    void aColourBarHasItsEndsAtTheRightEnds()
    {
        HeatMap map;
        map.low = 0;
        map.high = 25;
        map.unit = u"dB"_s;
        map.colorMap = u"grey"_s;
        QImage image(120, 300, QImage::Format_RGB32);
        image.fill(QColor(40, 60, 80));
        QPainter painter(&image);
        QVERIFY(colorBarWidth(QFontMetricsF(painter.font()), map) < 120);
        paintColorBar(painter, QRectF(0, 0, 120, 300), map, Qt::white);
        painter.end();
        QVERIFY(image.pixelColor(5, 60).red() > image.pixelColor(5, 150).red() + 50);
        QVERIFY(image.pixelColor(5, 150).red() > image.pixelColor(5, 260).red() + 50);
    }
};

QTEST_MAIN(OverlayTest)
#include "tst_overlay.moc"
