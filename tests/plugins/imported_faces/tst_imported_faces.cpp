// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "detect/manifest.h"
#include "faces/head_model.h"
#include "faces/head_pose.h"
#include "imported_observer.h"
#include "test_data.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

const HeadPose kPose = [] {
    HeadPose pose;
    pose.rotation = rotationOf({0.1, -0.2, 0.05});
    pose.translation = {10, -5, 800};
    return pose;
}();

/// A table with columns as some program writes them, one value each.
struct Columns
{
    QStringList names, values;
    void add(const QString &name, double value)
    {
        names << name;
        values << QString::number(value, 'f', 4);
    }
};

void addLandmarks(Columns &to, const QString &x, const QString &y)
{
    for (int i = 0; i < 68; ++i)
        to.add(x.arg(i), projected(kPose, Camera::assumed(1280, 720), neutralHead()[std::size_t(i)]).x);
    for (int i = 0; i < 68; ++i)
        to.add(y.arg(i), projected(kPose, Camera::assumed(1280, 720), neutralHead()[std::size_t(i)]).y);
}

void addAngles(Columns &to)
{
    const EulerAngles a = eulerAngles(kPose.rotation);
    for (const auto &[name, value] : {std::pair{u"pose_Tx"_s, 10.0}, {u"pose_Ty"_s, -5.0}, {u"pose_Tz"_s, 800.0},
                                      {u"pose_Rx"_s, a.pitchRadians}, {u"pose_Ry"_s, a.yawRadians},
                                      {u"pose_Rz"_s, a.rollRadians}})
        to.add(name, value);
}

Columns openFace2(int frame)
{
    Columns c;
    for (const auto &[name, value] : {std::pair{u"frame"_s, double(frame)}, {u"face_id"_s, 0.0},
                                      {u"timestamp"_s, (frame - 1) / 25.0}, {u"confidence"_s, 0.95}, {u"success"_s, 1.0},
                                      {u"gaze_0_x"_s, 0.1}, {u"gaze_0_y"_s, 0.2}, {u"gaze_0_z"_s, -0.97468},
                                      {u"gaze_1_x"_s, 0.0}, {u"gaze_1_y"_s, 0.2}, {u"gaze_1_z"_s, -0.9798}})
        c.add(name, value);
    for (const QString &axis : {u"x"_s, u"y"_s, u"X"_s, u"Y"_s, u"Z"_s}) {
        for (int i = 0; i < 56; ++i) {
            const bool across = axis.toLower() == u"x"_s;
            const double turn = i % 28 < 8 ? 0.785398 * (i % 28) : 0.0;
            c.add(u"eye_lmk_%1_%2"_s.arg(axis).arg(i), (i < 28 ? 600 : 680) + 6 * (across ? std::cos(turn) : std::sin(turn)));
        }
    }
    addAngles(c);
    addLandmarks(c, u"x_%1"_s, u"y_%1"_s);
    c.add(u"AU12_r"_s, 3.25);
    c.add(u"AU45_r"_s, 1.0);
    c.add(u"AU12_c"_s, 1.0);
    return c;
}

/// As OpenFace 0.2 and 1.0 wrote it: no face_id, no points of the eyes, blanks behind the commas.
Columns openFace1(int frame)
{
    Columns c;
    for (const auto &[name, value] : {std::pair{u"frame"_s, double(frame)}, {u"timestamp"_s, (frame - 1) / 25.0},
                                      {u"confidence"_s, 0.9}, {u"success"_s, 1.0}, {u"gaze_0_x"_s, 0.1},
                                      {u"gaze_0_y"_s, 0.2}, {u"gaze_0_z"_s, -0.97468}})
        c.add(name, value);
    addAngles(c);
    addLandmarks(c, u"x_%1"_s, u"y_%1"_s);
    c.add(u"AU04_r"_s, 2.0);
    return c;
}

Columns pyFeat(int frame)
{
    Columns c;
    for (const auto &[name, value] : {std::pair{u"FaceRectX"_s, 500.0}, {u"FaceRectY"_s, 250.0},
                                      {u"FaceRectWidth"_s, 200.0}, {u"FaceRectHeight"_s, 220.0}, {u"FaceScore"_s, 0.99},
                                      {u"frame"_s, double(frame)}})
        c.add(name, value);
    addLandmarks(c, u"x_%1"_s, u"y_%1"_s);
    c.add(u"AU12"_s, 0.9);
    return c;
}

QByteArray csvOf(Columns (*make)(int), int first, int frames, const QString &comma)
{
    QString text;
    for (int i = 0; i < frames; ++i) {
        const Columns c = make(first + i);
        if (i == 0)
            text += c.names.join(comma) + u'\n';
        text += c.values.join(comma) + u'\n';
    }
    return text.toUtf8();
}

FrameBundle bundleAt(FrameIndex index)
{
    FrameBundle bundle;
    bundle.index = index;
    return bundle;
}

} // namespace

class TestImportedFaces : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    ClipFacts m_clip;

    JobContext jobFor(const QByteArray &bytes)
    {
        const QString path = m_folder.filePath(u"faces.csv"_s);
        QFile file(path);
        file.open(QIODevice::WriteOnly);
        file.write(bytes);
        JobContext job;
        job.options.insert(u"table"_s, u"faces.csv"_s);
        job.modelPaths[u"table"_s] = path;
        job.modelHashes[u"table"_s] = hexText(sha256(bytes));
        return job;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_clip.width = 1280;
        m_clip.height = 720;
        m_clip.frameCount = 10;
    }

    void theManifestIsValid()
    {
        const auto m = readManifest(test::sourceDir() + u"/plugins/observe/imported_faces/manifest.json"_s);
        QVERIFY2(m, m ? "" : qPrintable(m.error().text()));
        QCOMPARE(m->standsIn, u"table"_s);
        QVERIFY(!m->limits.isEmpty());
    }

    void everythingOfANewTableArrives()
    {
        ImportedObserver observer;
        const QByteArray bytes = csvOf(openFace2, 1, 10, u","_s);
        const auto begun = observer.begin(m_clip, jobFor(bytes));
        QVERIFY2(begun, begun ? "" : qPrintable(begun.error().text()));
        for (FrameIndex i = 0; i < 10; ++i) {
            Observations add;
            QVERIFY(observer.frame(bundleAt(i), add));
            QVERIFY(add.faces && add.faces->size() == 1);
            const FaceObservation &face = add.faces->front();
            QVERIFY(face.pose && face.landmarks && face.eyeImageLeft && face.eyeImageLeft->gaze && face.actionUnits);
            QVERIFY(std::abs(eulerAngles(face.pose->rotation).yawRadians + 0.2) < 1e-3);
            QVERIFY(face.pose->rmsPixels < 0.5); // the landmarks are those of the mean head
            QCOMPARE(face.eyeImageLeft->gaze->direction[0], 0.1f);
            QCOMPARE(face.actionUnits->intensity[8], 3.25f);
            QVERIFY(face.actionUnits->present[8]);
            QVERIFY(face.earImageLeft && *face.earImageLeft > 0.1);
        }
        const auto measured = observer.finish({});
        QVERIFY(measured && measured->tables.size() == 1 && !measured->traces.empty());
        QVERIFY(measured->tables[0].title.contains(u"OpenFace"_s) && measured->tables[0].title.contains(u"faces.csv"_s));
        QVERIFY(measured->tables[0].about.contains(hexText(sha256(bytes))));
    }

    void anOldTableHasNoEyes()
    {
        ImportedObserver observer;
        QVERIFY(observer.begin(m_clip, jobFor(csvOf(openFace1, 1, 4, u", "_s))));
        Observations add;
        QVERIFY(observer.frame(bundleAt(3), add));
        QVERIFY(add.faces && add.faces->size() == 1);
        QVERIFY(add.faces->front().pose && !add.faces->front().eyeImageLeft);
        QCOMPARE(add.faces->front().actionUnits->intensity[2], 2.0f);
        Observations none;
        QVERIFY(observer.frame(bundleAt(4), none));
        QVERIFY(!none.faces); // the table tells nothing of this frame
    }

    void pyFeatGetsAPoseOfItsLandmarks()
    {
        ImportedObserver observer;
        QVERIFY(observer.begin(m_clip, jobFor(csvOf(pyFeat, 0, 4, u","_s))));
        Observations add;
        QVERIFY(observer.frame(bundleAt(0), add));
        QVERIFY(add.faces && add.faces->size() == 1 && add.faces->front().pose);
        QVERIFY(std::abs(eulerAngles(add.faces->front().pose->rotation).yawRadians + 0.2) < 0.01);
        QVERIFY(add.faces->front().actionUnits->present[8]);
    }

    void whatDoesNotFitIsRefused()
    {
        const auto refused = [this](const JobContext &job) {
            ImportedObserver observer;
            const auto begun = observer.begin(m_clip, job);
            return begun ? Errc::Internal : begun.error().code;
        };
        QCOMPARE(refused(JobContext{}), Errc::NotApplicable);
        QCOMPARE(refused(jobFor(csvOf(openFace2, 1, 30, u","_s))), Errc::Mismatch); // more frames than the clip
        QCOMPARE(refused(jobFor("a,b\n1,2\n")), Errc::BadData);
        QCOMPARE(refused(jobFor({})), Errc::BadData);
        JobContext changed = jobFor(csvOf(openFace2, 1, 3, u","_s));
        changed.modelHashes[u"table"_s] = QString(64, u'0');
        QCOMPARE(refused(changed), Errc::Mismatch);
    }
};

QTEST_GUILESS_MAIN(TestImportedFaces)
#include "tst_imported_faces.moc"
