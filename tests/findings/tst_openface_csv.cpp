// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "faces/head_pose.h"
#include "findings/openface_csv.h"
#include "test_data.h"

#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

const Camera kCamera = Camera::assumed(1280, 720);
/// SHA-256 of the 714 names joined by commas, made from the published list by another program.
const QString kHeaderHash = u"dc538daa2e802d7bc0121eaf292e2218f1f95ace9c843f7e27c3eaaac2127b63"_s;

FaceObservation faceAt(int frame, int track)
{
    FaceObservation face;
    face.track = TrackId(track);
    face.confidence = 0.97;
    HeadPose pose;
    pose.rotation = rotationOf({0.1, -0.2 + 0.001 * frame, 0.05});
    pose.translation = {12.0 + track, -7.5, 812.25};
    pose.rmsPixels = 1.0;
    face.pose = pose;
    face.landmarks.emplace();
    face.expression.emplace();
    for (std::size_t i = 0; i < 68; ++i) {
        const cv::Vec3d p = toCamera(pose, neutralHead()[i]);
        (*face.landmarks)[i] = projected(pose, kCamera, neutralHead()[i]);
        face.expression->points3d[i] = {float(p[0]), float(p[1]), float(p[2])};
    }
    for (auto *eye : {&face.eyeImageLeft, &face.eyeImageRight}) {
        eye->emplace();
        (*eye)->iris = {600.0f, 310.0f};
        (*eye)->irisRadius = 7.5f;
        for (std::size_t i = 0; i < 12; ++i)
            (*eye)->lids[i] = {590.0f + float(i), 300.0f + float(i)};
        (*eye)->openness = 0.8f;
        (*eye)->gaze = Gaze{{-30, -40, 800}, {0.1f, -0.05f, -0.99373f}};
    }
    ActionUnits units;
    units.raw.fill(0.25f);
    units.raw[8] = frame >= 4 && frame < 12 ? 3.0f : 0.25f; // AU12
    units.raw[13] = std::nanf("");
    units.sigma.fill(0.5f);
    units.present[8] = frame >= 4 && frame < 12;
    units.intensity = units.raw;
    face.actionUnits = units;
    return face;
}

ObservationLog logOf(int frames)
{
    ObservationLog log;
    for (int i = 0; i < frames; ++i) {
        FaceObservations faces;
        if (i != 2)
            faces.push_back(faceAt(i, 0));
        if (i > 5)
            faces.push_back(faceAt(i, 1));
        log.setFaces(i, std::move(faces));
    }
    return log;
}

std::vector<double> secondsOf(int frames)
{
    std::vector<double> seconds;
    for (int i = 0; i < frames; ++i)
        seconds.push_back(i / 25.0);
    return seconds;
}

double at(const BehaviourTable &table, std::size_t row, const QString &name)
{
    return table.rows[row][std::size_t(table.column(name))];
}

} // namespace

class TestOpenFaceCsv : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theHeaderIsThePublishedOne();
    void valuesStandInTheirColumns();
    void aFrameWithoutAFaceKeepsItsRow();
    void roundTripGivesTheSameArrays();
    void importedFacesAreTheExportedOnes();
    void restIsTakenOffLongTracks();
    void olderFilesHaveSpaces();
    void pyFeatHasPresenceOnly();
    void brokenTablesAreRefused_data();
    void brokenTablesAreRefused();
    void theSidecarSaysWhatItIsNot();
};

void TestOpenFaceCsv::theHeaderIsThePublishedOne()
{
    const QStringList names = openFaceColumns();
    QCOMPARE(names.size(), 714);
    QCOMPARE(hexText(sha256(names.join(u',').toUtf8())), kHeaderHash);
    const QByteArray csv = openFaceCsv(openFaceTable(logOf(1), secondsOf(1), kCamera));
    QVERIFY(csv.startsWith(names.join(u',').toUtf8() + '\n'));
    QVERIFY(!csv.contains(' '));
}

void TestOpenFaceCsv::valuesStandInTheirColumns()
{
    const BehaviourTable table = openFaceTable(logOf(10), secondsOf(10), kCamera);
    QCOMPARE(table.rows.size(), std::size_t(14));
    QCOMPARE(at(table, 1, u"frame"_s), 2.0);
    QCOMPARE(at(table, 1, u"timestamp"_s), 0.04);
    QCOMPARE(at(table, 0, u"confidence"_s), 0.97);
    QCOMPARE(at(table, 0, u"pose_Tz"_s), 812.3);
    QCOMPARE(at(table, 0, u"pose_Ry"_s), -0.2);
    QCOMPARE(at(table, 0, u"gaze_0_x"_s), 0.1);
    QCOMPARE(at(table, 0, u"gaze_angle_x"_s), 0.1);
    QCOMPARE(at(table, 0, u"eye_lmk_x_0"_s), 607.5);
    QCOMPARE(at(table, 0, u"eye_lmk_x_28"_s), 607.5);
    QCOMPARE(at(table, 0, u"eye_lmk_y_8"_s), 300.0);
    QVERIFY(std::abs(at(table, 0, u"eye_lmk_x_20"_s) - (600.0 + 0.45 * 7.5)) < 0.06);
    QVERIFY(at(table, 0, u"X_36"_s) < at(table, 0, u"X_45"_s));
    QCOMPARE(at(table, 0, u"p_33"_s), 0.0);
    QVERIFY(std::abs(at(table, 0, u"p_scale"_s) - 1280.0 / 812.25) < 1e-3);
    QVERIFY(std::isnan(at(table, 0, u"AU23_r"_s)));
    QCOMPARE(at(table, 0, u"AU12_c"_s), 0.0);
    QCOMPARE(at(table, 13, u"frame"_s), 10.0);
    QCOMPARE(at(table, 13, u"face_id"_s), 1.0);
    QCOMPARE(at(table, 13, u"AU12_r"_s), 3.0);
    QCOMPARE(at(table, 13, u"AU12_c"_s), 1.0);
}

void TestOpenFaceCsv::aFrameWithoutAFaceKeepsItsRow()
{
    const BehaviourTable table = openFaceTable(logOf(5), secondsOf(5), kCamera);
    QCOMPARE(at(table, 2, u"frame"_s), 3.0);
    for (std::size_t i = 3; i < 714; ++i)
        QCOMPARE(table.rows[2][i], 0.0);
}

void TestOpenFaceCsv::roundTripGivesTheSameArrays()
{
    const BehaviourTable table = openFaceTable(logOf(150), secondsOf(150), kCamera);
    const QByteArray csv = openFaceCsv(table);
    const auto read = readBehaviourCsv(csv, u"here"_s);
    QVERIFY(read);
    QVERIFY(read->format == BehaviourFormat::OpenFace);
    QVERIFY(read->table == table);
    QCOMPARE(openFaceCsv(read->table), csv);
    QCOMPARE(read->sha256, hexText(sha256(csv)));
}

void TestOpenFaceCsv::importedFacesAreTheExportedOnes()
{
    const ObservationLog log = logOf(20);
    const auto read = readBehaviourCsv(openFaceCsv(openFaceTable(log, secondsOf(20), kCamera)), {});
    QVERIFY(read);
    const ObservationLog back = observationsOf(*read);
    QCOMPARE(back.faces.size(), log.faces.size());
    QVERIFY(back.facesAt(2) && back.facesAt(2)->empty());
    for (FrameIndex f = 0; f < 20; ++f) {
        QCOMPARE(back.facesAt(f)->size(), log.facesAt(f)->size());
        for (std::size_t i = 0; i < log.facesAt(f)->size(); ++i) {
            const FaceObservation &a = log.facesAt(f)->at(i), &b = back.facesAt(f)->at(i);
            QCOMPARE(a.track, b.track);
            QVERIFY(cv::norm((*a.landmarks)[30] - (*b.landmarks)[30]) < 0.08);
            QVERIFY(cv::norm(a.pose->rotation - b.pose->rotation) < 2e-3);
            QVERIFY(std::abs(a.eyeImageLeft->irisRadius - b.eyeImageLeft->irisRadius) < 0.1f);
            QVERIFY(cv::norm(a.eyeImageRight->gaze->direction - b.eyeImageRight->gaze->direction) < 1e-5);
            QVERIFY(std::isnan(b.actionUnits->sigma[0]));
            QCOMPARE(a.actionUnits->present[8], b.actionUnits->present[8]);
            QVERIFY(b.box.width > 100);
            QVERIFY(!b.expression);
        }
    }
}

void TestOpenFaceCsv::restIsTakenOffLongTracks()
{
    const BehaviourTable longer = openFaceTable(logOf(120), secondsOf(120), kCamera);
    QCOMPARE(at(longer, 0, u"AU01_r"_s), 0.0);
    QCOMPARE(at(longer, 10, u"AU12_r"_s), 2.75);
    const BehaviourTable shorter = openFaceTable(logOf(50), secondsOf(50), kCamera);
    QCOMPARE(at(shorter, 0, u"AU01_r"_s), 0.25);
}

void TestOpenFaceCsv::olderFilesHaveSpaces()
{
    const auto read = readBehaviourCsv("frame, face_id, timestamp, confidence, success, AU12_r, AU12_c\r\n"
                                       "1, 0, 0.000, 0.98, 1, 2.50, 1.00\r\n2, 0, 0.033, 0.00, 0, 0.00, 0.00\r\n", {});
    QVERIFY(read);
    QCOMPARE(read->table.columns.at(5), u"AU12_r"_s);
    QCOMPARE(at(read->table, 0, u"AU12_r"_s), 2.5);
    QVERIFY(observationsOf(*read).facesAt(1)->empty());
}

void TestOpenFaceCsv::pyFeatHasPresenceOnly()
{
    QByteArray csv = "FaceRectX,FaceRectY,FaceRectWidth,FaceRectHeight,FaceScore";
    for (int i = 0; i < 68; ++i)
        csv += ",x_" + QByteArray::number(i);
    for (int i = 0; i < 68; ++i)
        csv += ",y_" + QByteArray::number(i);
    csv += ",Pitch,Roll,Yaw,AU01,AU12,AU43,happiness,input,frame\n10.5,20,100,120,0.99";
    for (int i = 0; i < 136; ++i)
        csv += "," + QByteArray::number(100 + i);
    csv += ",1.5,2.5,3.5,0.2,0.9,0.7,0.8,clip.mp4,4\n";
    const auto read = readBehaviourCsv(csv, {});
    QVERIFY(read);
    QVERIFY(read->format == BehaviourFormat::PyFeat);
    const ObservationLog log = observationsOf(*read);
    QVERIFY(!log.facesAt(3));
    QCOMPARE(log.facesAt(4)->size(), std::size_t(1));
    const FaceObservation &face = log.facesAt(4)->front();
    QCOMPARE(face.box.width, 100.0f);
    QCOMPARE((*face.landmarks)[1].y, 169.0f);
    QVERIFY(face.actionUnits->present[8] && face.actionUnits->present[17] && !face.actionUnits->present[0]);
    QVERIFY(std::isnan(face.actionUnits->raw[8]));
}

void TestOpenFaceCsv::brokenTablesAreRefused_data()
{
    QTest::addColumn<QByteArray>("csv");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no frame") << QByteArray("a,b\n1,2\n");
    QTest::newRow("another table") << QByteArray("frame,b\n1,2\n");
    QTest::newRow("short line") << QByteArray("frame,success,AU12_r\n1,1\n");
    QTest::newRow("too many columns") << QByteArray("frame,success") + QByteArray(",x").repeated(20000) + '\n';
}

void TestOpenFaceCsv::brokenTablesAreRefused()
{
    QFETCH(QByteArray, csv);
    const auto read = readBehaviourCsv(csv, u"here"_s);
    QVERIFY(!read);
    QCOMPARE(read.error().code, Errc::BadData);
    QCOMPARE(read.error().where, u"here"_s);
}

void TestOpenFaceCsv::theSidecarSaysWhatItIsNot()
{
    const QString text = openFaceSidecar(u"clip.csv"_s, u"1.2.3"_s, {u"ict-head 1234"_s});
    QVERIFY(text.contains(u"Produced by Framewitness 1.2.3, models: ict-head 1234."_s));
    QVERIFY(text.contains(u"AU values are not OpenFace values"_s));
}

QTEST_GUILESS_MAIN(TestOpenFaceCsv)
#include "tst_openface_csv.moc"
