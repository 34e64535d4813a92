// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "base/paths.h"
#include "detect/manifest.h"
#include "eyes_observer.h"
#include "faces/head_model.h"
#include "faces/head_pose.h"
#include "test_data.h"

#include <opencv2/imgproc.hpp>

#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

EyeObservation looking(double x, double y)
{
    EyeObservation eye;
    eye.openness = 1.0f;
    eye.gaze = Gaze{{0, 0, 500}, cv::Vec3f(float(x), float(y), float(-std::sqrt(1 - x * x - y * y)))};
    return eye;
}

} // namespace

class TestEyes : public QObject
{
    Q_OBJECT

    JobContext m_job;

private Q_SLOTS:
    void initTestCase()
    {
        const auto m = readManifest(test::sourceDir() + u"/plugins/observe/eyes/manifest.json"_s);
        QVERIFY2(m, m ? "" : qPrintable(m.error().text()));
        for (const ModelSpec &model : m->models) {
            m_job.modelPaths[model.id] = InstallPaths::ofProgram().models() + u'/' + model.file;
            m_job.modelHashes[model.id] = model.sha256;
            const auto hash = hashFile(m_job.modelPaths[model.id]);
            QVERIFY(hash);
            QCOMPARE(hexText(hash->sha256), model.sha256);
        }
    }

    void anglesAreTheMeanOfBothEyes()
    {
        FaceObservation face;
        QVERIFY(!gazeAngles(face));
        face.eyeImageLeft = looking(0.1, 0.2);
        face.eyeImageRight = looking(-0.1, 0.2);
        const auto both = gazeAngles(face);
        QVERIFY(both && std::abs(both->x) < 1e-6 && both->y > 0.19);
        face.eyeImageRight.reset();
        QVERIFY(gazeAngles(face)->x > 0.09);
    }

    void aMissingNetworkIsAnError()
    {
        EyesObserver observer;
        ClipFacts clip;
        QVERIFY(!observer.begin(clip, JobContext{}));
    }

    void bothEyesNeedTheirReader()
    {
        ClipFacts clip;
        clip.width = 640;
        clip.height = 480;
        JobContext job = m_job;
        QVERIFY(EyesObserver().begin(clip, job));
        job.options.insert(u"gazeFrom"_s, u"both"_s);
        QVERIFY(EyesObserver().begin(clip, job));
        job.modelHashes[u"gaze"_s] = QString(64, u'0');
        QCOMPARE(EyesObserver().begin(clip, job).error().code, Errc::BadData);
        job.modelPaths.erase(u"gaze"_s);
        QCOMPARE(EyesObserver().begin(clip, job).error().code, Errc::NotFound);
    }

    /// Whatever the numbers are, the mirrored picture must give them mirrored.
    void aMirroredFaceHasItsEyesSwapped()
    {
        auto network = EyeNetwork::load(m_job.modelPaths[u"eyes"_s], m_job.modelHashes[u"eyes"_s]);
        QVERIFY2(network, network ? "" : qPrintable(network.error().text()));
        cv::Mat grey(480, 640, CV_8UC1);
        cv::RNG random(4);
        random.fill(grey, cv::RNG::UNIFORM, 60, 200);
        cv::GaussianBlur(grey, grey, {}, 3);
        const Camera camera{640, {319.5, 239.5}};
        FaceObservation face, mirrored;
        face.pose = HeadPose{cv::Matx33d::eye(), {20, 10, 500}, 0.0};
        mirrored.pose = HeadPose{cv::Matx33d::eye(), {-20, 10, 500}, 0.0};
        face.landmarks.emplace();
        mirrored.landmarks.emplace();
        for (std::size_t i = 0; i < 68; ++i) {
            (*face.landmarks)[i] = cv::Point2f(projected(*face.pose, camera, neutralHead()[i]));
            (*mirrored.landmarks)[i] =
                cv::Point2f(projected(*mirrored.pose, camera, neutralHead()[i]));
        }
        cv::Mat flipped;
        cv::flip(grey, flipped, 1);
        const auto a = (*network)->read(grey, camera, {{&face, Eye::ImageLeft}});
        const auto b = (*network)->read(flipped, camera, {{&mirrored, Eye::ImageRight}});
        QVERIFY(a && b && a->at(0) && b->at(0));
        const EyeObservation &left = *a->at(0), &right = *b->at(0);
        QVERIFY(std::abs(left.iris.x + right.iris.x - 639) < 1.5f);
        QVERIFY(std::abs(left.iris.y - right.iris.y) < 1.5f);
        QVERIFY(std::abs(left.openness - right.openness) < 0.1f);
        QVERIFY(left.lids[0].x < left.lids[6].x && right.lids[0].x < right.lids[6].x);
    }

    void theReaderTurnsEvidenceIntoADirection()
    {
        std::vector<float> eye(31, 0.0f), partner(31, 0.0f);
        eye[28] = 0.2f;
        eye[29] = -0.1f;
        partner[28] = -0.2f; // seen mirrored: it looks the same way
        partner[29] = -0.1f;
        const double a = 0.3;
        const cv::Matx33d upright(std::cos(a), -std::sin(a), 0, std::sin(a), std::cos(a), 0, 0, 0, 1);
        const GazeEvidence evidence = gazeEvidence(eye, partner, {0.05, 0.02, -0.99}, upright);
        std::vector<double> weights(2 * kGazeEvidence, 0.0);
        weights[1 + 28] = 0.5;       // half of this eye,
        weights[1 + 30 + 28] = -0.5; // half of the other
        weights[kGazeEvidence + 1 + 29] = 1.0;
        const GazeReader reader(weights);
        const cv::Vec3d told = upright * reader.direction(evidence);
        QVERIFY(std::abs(told[0] - 0.2) < 1e-6 && std::abs(told[1] + 0.1) < 1e-6 && told[2] < 0);
        QVERIFY(std::abs(cv::norm(told) - 1) < 1e-9);
        weights[0] = 40.0; // whatever the numbers, a direction comes out
        QVERIFY(std::abs(cv::norm(GazeReader(weights).direction(evidence)) - 1) < 1e-9);
    }

    void eyeballsLieBehindTheLids()
    {
        const HeadPose pose{cv::Matx33d::eye(), {0, 0, 600}, 0.0};
        const cv::Vec3d left = eyeballCentre(pose, Eye::ImageLeft);
        const cv::Vec3d right = eyeballCentre(pose, Eye::ImageRight);
        QVERIFY(left[0] < -25 && right[0] > 25 && std::abs(left[2] - right[2]) < 1e-9);
        QVERIFY(left[2] > 600);
    }
};

QTEST_GUILESS_MAIN(TestEyes)
#include "tst_eyes.moc"
