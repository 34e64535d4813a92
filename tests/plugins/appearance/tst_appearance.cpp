// SPDX-License-Identifier: GPL-3.0-or-later
#include "appearance_observer.h"
#include "base/paths.h"
#include "detect/manifest.h"
#include "faces/face_crop.h"
#include "test_data.h"

#include <opencv2/imgproc.hpp>

#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

FrameBundle bundleOf(FrameIndex index, const cv::Mat &bgr, double size)
{
    auto frame = std::make_shared<Frame>();
    frame->bgr = bgr;
    FaceObservation face;
    face.track = TrackId{2};
    face.landmarks.emplace();
    for (std::size_t i = 0; i < 68; ++i)
        (*face.landmarks)[i] = float(size) * faceCropTemplate()[i] + cv::Point2f(70, 70);
    FrameBundle bundle;
    bundle.index = index;
    bundle.frame = frame;
    bundle.observed.faces = FaceObservations{face};
    return bundle;
}

cv::Mat texture()
{
    cv::Mat picture(480, 480, CV_8UC3);
    cv::RNG random(3);
    random.fill(picture, cv::RNG::UNIFORM, 0, 255);
    cv::GaussianBlur(picture, picture, {}, 2.5);
    cv::normalize(picture, picture, 30, 220, cv::NORM_MINMAX);
    return picture;
}

} // namespace

class TestAppearance : public QObject
{
    Q_OBJECT

    JobContext m_job;

private Q_SLOTS:
    void initTestCase()
    {
        const auto manifest = readManifest(test::sourceDir() + u"/plugins/observe/appearance/manifest.json"_s);
        QVERIFY2(manifest, manifest ? "" : qPrintable(manifest.error().text()));
        QCOMPARE(manifest->kind, PluginKind::Observer);
        m_job.options = manifest->defaultOptions();
        for (const ModelSpec &model : manifest->models) {
            m_job.modelPaths[model.id] = test::sourceDir() + u"/models/"_s + model.file;
            m_job.modelHashes[model.id] = model.sha256;
        }
    }

    void aFaceIsLookedAtNowAndThen()
    {
        AppearanceObserver observer;
        QVERIFY(observer.begin({}, m_job));
        const cv::Mat picture = texture();
        int looks = 0, seams = 0;
        for (FrameIndex i = 0; i < 21; ++i) {
            Observations add;
            QVERIFY(observer.frame(bundleOf(i, picture, 3.0), add));
            if (!add.faces)
                continue;
            QCOMPARE(i % 5, 0);
            QCOMPARE(add.faces->size(), std::size_t(1));
            const FaceObservation &face = add.faces->front();
            QCOMPARE(number(face.track), 2);
            QVERIFY(face.appearance && !face.landmarks);
            ++looks;
            seams += !std::isnan(face.appearance->seamAround);
        }
        QCOMPARE(looks, 5);
        QCOMPARE(seams, 4); // the first frame has none before it
        const auto measured = observer.finish({});
        QVERIFY(measured && measured->tables.size() == 1);
        QCOMPARE(measured->tables[0].rows.size(), std::size_t(1));
    }

    void openMouthsAndLargeIrisesAreMeasured()
    {
        AppearanceObserver observer;
        QVERIFY(observer.begin({}, m_job));
        cv::Mat sharp(480, 480, CV_8UC3);
        cv::RNG random(5);
        random.fill(sharp, cv::RNG::UNIFORM, 60, 200);
        int mouths = 0, highlights = 0;
        for (const FrameIndex i : {4, 5, 9, 10}) {
            FrameBundle bundle = bundleOf(i, sharp.clone(), 3.0);
            FaceObservation &face = bundle.observed.faces->front();
            face.pose = HeadPose{cv::Matx33d::eye(), {0, 0, 500}, 1.0};
            cv::Mat &bgr = std::const_pointer_cast<Frame>(bundle.frame)->bgr;
            for (auto [eye, x] : {std::pair(&face.eyeImageLeft, 160.0f), std::pair(&face.eyeImageRight, 320.0f)}) {
                eye->emplace();
                (*eye)->iris = {x, 120};
                (*eye)->irisRadius = i < 6 ? 26.0f : 20.0f;
                for (int k = 0; k < 12; ++k)
                    (*eye)->lids[std::size_t(k)] = (*eye)->iris + cv::Point2f(float(60 * std::cos(M_PI * (1 + k / 6.0))), float(40 * std::sin(M_PI * (1 + k / 6.0))));
                (*eye)->gaze = Gaze{{0, 0, 500}, {0, 0, -1}};
                cv::circle(bgr, cv::Point((*eye)->iris), 26, cv::Scalar::all(40), cv::FILLED);
                cv::circle(bgr, cv::Point((*eye)->iris) + cv::Point(-6, -5), 5, cv::Scalar::all(250), cv::FILLED);
            }
            for (const std::size_t p : {65u, 66u, 67u})
                (*face.landmarks)[p].y += i < 6 ? 30.0f : 0.0f;
            Observations add;
            QVERIFY(observer.frame(bundle, add));
            if (!add.faces)
                continue;
            const FaceAppearance &seen = *add.faces->front().appearance;
            mouths += !std::isnan(seen.mouthChange) && !std::isnan(seen.cheekChange);
            highlights += !std::isnan(seen.highlights);
            if (i == 5)
                QVERIFY2(seen.highlights > 0.9f && seen.mouthChange < 0.5f, qPrintable(u"%1 %2"_s.arg(double(seen.highlights)).arg(double(seen.mouthChange))));
        }
        QCOMPARE(mouths, 1);     // shut in the later two
        QCOMPARE(highlights, 1); // too small in the later two
        const auto measured = observer.finish({});
        QCOMPARE(measured->tables[0].rows[0].at(5).toInt(), 1);
        QCOMPARE(measured->tables[0].rows[0].at(6).toInt(), 1);
    }

    void aFrameThatWasLostIsNotSteppedOver()
    {
        AppearanceObserver observer;
        QVERIFY(observer.begin({}, m_job));
        for (const FrameIndex i : {4, 10}) {
            Observations add;
            QVERIFY(observer.frame(bundleOf(i, texture(), 3.0), add));
            QCOMPARE(add.faces.has_value(), i == 10);
            if (add.faces)
                QVERIFY(std::isnan(add.faces->front().appearance->seamAround));
        }
    }

    void smallFacesAndNoFacesAreLeftOut()
    {
        AppearanceObserver observer;
        QVERIFY(observer.begin({}, m_job));
        Observations add;
        QVERIFY(observer.frame(bundleOf(0, texture(), 0.5), add));
        QVERIFY(!add.faces);
        FrameBundle empty = bundleOf(5, texture(), 3.0);
        empty.observed.faces.reset();
        QVERIFY(observer.frame(empty, add));
        QVERIFY(!add.faces);
        QVERIFY(!observer.frame(FrameBundle{}, add));
        const auto measured = observer.finish({});
        QVERIFY(measured && measured->empty());
    }

    void aMissingModelIsSaid()
    {
        QCOMPARE(AppearanceObserver().begin({}, {}).error().code, Errc::NotFound);
    }
};

QTEST_APPLESS_MAIN(TestAppearance)
#include "tst_appearance.moc"
