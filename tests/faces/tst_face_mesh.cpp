// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/face.h"
#include "faces/face_mesh.h"
#include "faces/head_axes.h"
#include "faces/head_model.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

using namespace fw;
using namespace Qt::StringLiterals;

namespace {

using Edge = std::pair<int, int>;

std::map<Edge, int> edges()
{
    std::map<Edge, int> count;
    for (const FaceTriangle &t : faceTriangles()) {
        for (std::size_t i = 0; i < 3; ++i)
            ++count[std::minmax<int>(t[i], t[(i + 1) % 3])];
    }
    return count;
}

/// The point on the other half of the face, found by its place on the neutral head.
int mirrored(int point)
{
    const cv::Point3d p = neutralHead()[std::size_t(point)];
    for (int i = 0; i < 68; ++i) {
        const cv::Point3d q = neutralHead()[std::size_t(i)];
        if (std::abs(p.x + q.x) < 0.2 && std::abs(p.y - q.y) < 0.2 && std::abs(p.z - q.z) < 0.2)
            return i;
    }
    return -1;
}

FacePoints3d moved(const cv::Matx33d &rotation, const cv::Vec3d &shift)
{
    FacePoints3d out;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const cv::Vec3d p = rotation * cv::Vec3d(neutralHead()[i]) + shift;
        out[i] = cv::Point3f(float(p[0]), float(p[1]), float(p[2]));
    }
    return out;
}

double worstDistance(const FacePoints3d &face)
{
    double worst = 0;
    for (std::size_t i = 0; i < face.size(); ++i)
        worst = std::max(worst, cv::norm(cv::Point3d(face[i]) - neutralHead()[i]));
    return worst;
}

} // namespace

class FaceMeshTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }

    void theSkinIsWholeButForEyesAndMouth()
    {
        std::set<int> used;
        for (const FaceTriangle &t : faceTriangles())
            used.insert(t.begin(), t.end());
        QCOMPARE(used.size(), std::size_t(68));
        QCOMPARE(*used.rbegin(), 67);
        std::set<Edge> rim;
        for (const auto &[edge, count] : edges()) {
            QVERIFY2(count <= 2, qPrintable(u"%1-%2"_s.arg(edge.first).arg(edge.second)));
            if (count == 1)
                rim.insert(edge);
        }
        // Outline 17 + 10, eyes 6 each, mouth 8; a disc with three holes.
        QCOMPARE(rim.size(), std::size_t(27 + 6 + 6 + 8));
        for (const Edge &edge : {Edge{36, 41}, {42, 43}, {61, 62}, {0, 17}, {7, 8}, {21, 22}})
            QVERIFY2(rim.contains(edge), qPrintable(u"%1-%2"_s.arg(edge.first).arg(edge.second)));
        QCOMPARE(68 - int(edges().size()) + int(faceTriangles().size()), -2);
    }
    void bothHalvesAreAlike()
    {
        std::set<std::set<int>> all;
        for (const FaceTriangle &t : faceTriangles())
            all.insert({t[0], t[1], t[2]});
        for (const FaceTriangle &t : faceTriangles())
            QVERIFY(all.contains({mirrored(t[0]), mirrored(t[1]), mirrored(t[2])}));
    }
    void everyTriangleFacesForward()
    {
        for (const FaceTriangle &t : faceTriangles()) {
            const auto at = [&](std::size_t i) { return cv::Vec3d(neutralHead()[t[i]]); };
            const cv::Vec3d normal = (at(1) - at(0)).cross(at(2) - at(0));
            const cv::Vec3d centre = (at(0) + at(1) + at(2)) / 3.0;
            // Away from an axis behind the face; the triangles at the ears look sideways.
            const cv::Vec3d outward(centre[0], 0, centre[2] - 95);
            QVERIFY2(normal.dot(outward) < 0,
                     qPrintable(u"%1 %2 %3"_s.arg(t[0]).arg(t[1]).arg(t[2])));
        }
    }
    void strokesRunAlongEdges()
    {
        const auto known = edges();
        for (const FaceStroke &s : faceStrokes()) {
            for (int i = s.first; i < s.last; ++i)
                QVERIFY2(known.contains({i, i + 1}), qPrintable(QString::number(i)));
            if (s.closed)
                QVERIFY(known.contains({s.first, s.last}));
        }
    }
    void removingThePoseGivesTheHeadBack_data()
    {
        QTest::addColumn<double>("pitch");
        QTest::addColumn<double>("yaw");
        QTest::addColumn<double>("roll");
        QTest::newRow("frontal") << 0.0 << 0.0 << 0.0;
        QTest::newRow("turned") << 0.2 << 0.7 << -0.3;
        QTest::newRow("upside down") << 0.0 << 0.1 << 3.0;
    }
    void removingThePoseGivesTheHeadBack()
    {
        QFETCH(double, pitch);
        QFETCH(double, yaw);
        QFETCH(double, roll);
        const FacePoints3d face = moved(rotationOf({pitch, yaw, roll}), {40, -20, 650});
        const auto out = withoutPose(face);
        QVERIFY(out);
        QVERIFY2(worstDistance(*out) < 1e-3, qPrintable(QString::number(worstDistance(*out))));
    }
    void anOpenMouthStaysOpenAndMovesNothingElse()
    {
        FacePoints3d face = moved(rotationOf({0.1, 0.4, 0.0}), {0, 0, 700});
        const cv::Vec3d down = rotationOf({0.1, 0.4, 0.0}) * cv::Vec3d(0, 20, 0);
        face[66] += cv::Point3f(float(down[0]), float(down[1]), float(down[2]));
        const auto out = withoutPose(face);
        QVERIFY(out);
        QVERIFY(std::abs((*out)[66].y - neutralHead()[66].y - 20) < 1e-3);
        QVERIFY(std::abs((*out)[30].y - neutralHead()[30].y) < 1e-3);
    }
    void aFaceThatIsNoneIsRefused()
    {
        FacePoints3d face = moved(cv::Matx33d::eye(), {0, 0, 600});
        face[30].x = std::numeric_limits<float>::quiet_NaN();
        QVERIFY(!withoutPose(face));
        face.fill({1, 2, 600});
        QVERIFY(!withoutPose(face));
    }
    void theRestShapeIsWhatTheFaceMostlyIs()
    {
        std::vector<FacePoints3d> faces(21, moved(cv::Matx33d::eye(), {0, 0, 0}));
        for (std::size_t i = 0; i < 8; ++i)
            faces[i][57].y += 25; // speaks in 8 of 21 frames
        const auto rest = restShape(faces);
        QVERIFY(rest);
        QVERIFY(worstDistance(*rest) < 1e-3);
        faces.resize(kLeastFacesForRest - 1);
        QVERIFY(!restShape(faces));
    }
};

QTEST_MAIN(FaceMeshTest)
#include "tst_face_mesh.moc"
