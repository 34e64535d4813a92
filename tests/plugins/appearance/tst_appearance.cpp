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
