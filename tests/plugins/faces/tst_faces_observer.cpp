// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/paths.h"
#include "detect/manifest.h"
#include "face_finder.h"
#include "faces_observer.h"
#include "media/video_reader.h"
#include "test_data.h"

#include <opencv2/imgproc.hpp>

#include <QFile>
#include <QRegularExpression>

#include <array>
#include <set>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

Result<Manifest> manifest()
{
    return readManifest(test::sourceDir() + u"/plugins/observe/faces/manifest.json"_s);
}

ClipFacts clipOf(int width, int height, bool still = false)
{
    ClipFacts clip;
    clip.width = width;
    clip.height = height;
    clip.media.still = still;
    clip.metadata = std::make_shared<Metadata>();
    return clip;
}

FrameBundle bundleOf(const cv::Mat &bgr, FrameIndex index)
{
    auto frame = std::make_shared<Frame>();
    frame->index = index;
    frame->bgr = bgr;
    FrameBundle bundle;
    bundle.frame = frame;
    bundle.index = index;
    bundle.seconds = double(index) / 25.0;
    return bundle;
}

struct Seen
{
    int frames = 0, withFace = 0;
    std::set<int> ids;
    QString error;
};

} // namespace

class TestFacesObserver : public QObject
{
    Q_OBJECT

    JobContext m_job;

    Seen observe(const QString &path, int atMost)
    {
        Seen seen;
        ReaderOptions options;
        options.hashPlanes = false;
        auto reader = VideoReader::open(path, options);
        if (!reader)
            return {0, 0, {}, reader.error().text()};
        FacesObserver observer;
        const StreamFacts *video = (*reader)->facts().video();
        if (const auto ok = observer.begin(clipOf(video->width, video->height), m_job); !ok)
            return {0, 0, {}, ok.error().text()};
        while (seen.frames < atMost) {
            auto picture = (*reader)->next();
            if (!picture || !*picture)
                break;
            Observations add;
            if (const auto ok = observer.frame(bundleOf((*picture)->bgr, seen.frames), add); !ok)
                return {0, 0, {}, ok.error().text()};
            ++seen.frames;
            seen.withFace += add.faces && !add.faces->empty();
            for (const FaceObservation &face : add.faces.value_or(FaceObservations{}))
                seen.ids.insert(number(face.track));
        }
        return seen;
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"."_s));
        const auto m = manifest();
        QVERIFY2(m, m ? "" : qPrintable(m.error().text()));
        m_job.options = m->defaultOptions();
        for (const ModelSpec &model : m->models) {
            m_job.modelPaths[model.id] = InstallPaths::ofProgram().models() + u'/' + model.file;
            m_job.modelHashes[model.id] = model.sha256;
        }
    }

    void theManifestNamesTheWeightsThatShip()
    {
        const auto m = manifest();
        QCOMPARE(m->kind, PluginKind::Observer);
        for (const ModelSpec &model : m->models) {
            const auto hash = hashFile(m_job.modelPaths.at(model.id));
            QVERIFY(hash);
            QCOMPARE(hexText(hash->sha256), model.sha256);
        }
    }

    void aMissingModelIsAnError()
    {
        FacesObserver observer;
        JobContext job = m_job;
        job.modelPaths.clear();
        QVERIFY(!observer.begin(clipOf(64, 64), job));
        job.modelPaths[u"landmarks"_s] = u"/nowhere/model.fwm"_s;
        const auto begun = observer.begin(clipOf(64, 64), job);
        QVERIFY(!begun);
        QCOMPARE(begun.error().code, Errc::NotFound);
    }

    void anEmptySceneHasNoFacesAndSaysSo()
    {
        FacesObserver observer;
        QVERIFY(observer.begin(clipOf(320, 240), m_job));
        cv::Mat grey(240, 320, CV_8UC3);
        cv::RNG random(3);
        random.fill(grey, cv::RNG::UNIFORM, 0, 256);
        for (int i = 0; i < 15; ++i) {
            Observations add;
            QVERIFY(observer.frame(bundleOf(grey, i), add));
            QVERIFY(add.faces); // looked, and there is none
            QVERIFY(add.faces->empty());
        }
        const auto measured = observer.finish({});
        QVERIFY(measured);
        QVERIFY(measured->traces.empty() && measured->events.empty());
        QCOMPARE(measured->tables.at(0).rows.size(), std::size_t(0));
    }

    void aFrameWithoutPixelsIsAnError()
    {
        FacesObserver observer;
        QVERIFY(observer.begin(clipOf(320, 240), m_job));
        Observations add;
        QVERIFY(!observer.frame(FrameBundle{}, add));
    }

    void aTalkingHeadIsOneTrack_data()
    {
        QTest::addColumn<QString>("path");
        QTest::newRow("drawn") << InstallPaths::ofProgram().demoClip();
        QTest::newRow("filmed") << test::shared(u"video-real/Obama_speaking.mp4"_s);
    }
    void aTalkingHeadIsOneTrack()
    {
        QFETCH(QString, path);
        if (!QFile::exists(path))
            QSKIP("the shared real clips are not here");
        const Seen seen = observe(path, 120);
        QVERIFY2(seen.error.isEmpty(), qPrintable(seen.error));
        QCOMPARE(seen.frames, 120);
        QVERIFY(seen.withFace >= 117);
        QCOMPARE(seen.ids.size(), std::size_t(1));
    }

    void aClearFaceIsMeasuredInTheFirstFrame()
    {
        auto reader = VideoReader::open(InstallPaths::ofProgram().demoClip(), {});
        QVERIFY(reader);
        const StreamFacts *video = (*reader)->facts().video();
        FacesObserver observer;
        QVERIFY(observer.begin(clipOf(video->width, video->height), m_job));
        for (int i = 0; i < 2; ++i) {
            auto picture = (*reader)->next();
            QVERIFY(picture && *picture);
            Observations add;
            QVERIFY(observer.frame(bundleOf((*picture)->bgr, i), add));
            QVERIFY(add.faces);
            QCOMPARE(add.faces->size(), std::size_t(1));
        }
    }

    void smallFacesAreFound_data()
    {
        QTest::addColumn<double>("scale");
        QTest::newRow("as filmed") << 1.0;
        QTest::newRow("half") << 0.5;
        QTest::newRow("a quarter") << 0.25;
    }
    void smallFacesAreFound()
    {
        QFETCH(double, scale);
        auto reader = VideoReader::open(InstallPaths::ofProgram().demoClip(), {});
        QVERIFY(reader);
        const auto picture = (*reader)->next();
        QVERIFY(picture && *picture);
        cv::Mat grey, small, frame(480, 640, CV_8UC1, cv::Scalar(96));
        cv::cvtColor((*picture)->bgr, grey, cv::COLOR_BGR2GRAY);
        cv::resize(grey, small, {}, scale, scale, cv::INTER_AREA);
        const cv::Rect part(0, 0, std::min(640, small.cols), std::min(480, small.rows));
        small(part).copyTo(frame(part));
        auto detector = gridDetector(m_job.modelPaths.at(u"detector"_s), m_job.modelHashes.at(u"detector"_s));
        QVERIFY2(detector, detector ? "" : qPrintable(detector.error().text()));
        QVERIFY((*detector)->detect(cv::Mat(1, 1, CV_8UC1, cv::Scalar(0)), 0.0).empty());
        QVERIFY((*detector)->detect(cv::Mat(480, 640, CV_8UC1, cv::Scalar(128)), 0.0).empty());
        auto landmarks = LandmarkNetwork::load(m_job.modelPaths.at(u"landmarks"_s), m_job.modelHashes.at(u"landmarks"_s));
        const auto likeness = FaceLikeness::load(m_job.modelPaths.at(u"likeness"_s), m_job.modelHashes.at(u"likeness"_s));
        QVERIFY(landmarks && likeness);
        FaceFinder finder(std::move(*detector), std::move(*landmarks), *likeness);
        const auto hits = finder.search(frame, true);
        QCOMPARE(hits.size(), std::size_t(1));
        const cv::Rect2f box = hits[0].box;
        QVERIFY(cv::Rect2f(part).contains(0.5f * (box.tl() + box.br())));
    }

    void dlibsDetectorCanBeChosen()
    {
        m_job.options[u"detector"_s] = u"hog"_s;
        const Seen seen = observe(InstallPaths::ofProgram().demoClip(), 5);
        QVERIFY2(seen.error.isEmpty(), qPrintable(seen.error));
        QCOMPARE(seen.withFace, 5);
    }

    void aClipWithoutFacesHasNoTrack()
    {
        const QString path = test::shared(u"video-real/feat__tests__data__no_face.mp4"_s);
        if (!QFile::exists(path))
            QSKIP("the shared real clips are not here");
        const Seen seen = observe(path, 1000);
        QVERIFY2(seen.error.isEmpty(), qPrintable(seen.error));
        QVERIFY(seen.frames > 80);
        QCOMPARE(seen.withFace, 0);
    }

    void theSameClipGivesTheSameNumbers()
    {
        const QString path = test::shared(u"video-real/default.wmv"_s);
        if (!QFile::exists(path))
            QSKIP("the shared real clips are not here");
        std::array<std::vector<double>, 2> values;
        for (auto &v : values) {
            auto reader = VideoReader::open(path, {});
            QVERIFY(reader);
            FacesObserver observer;
            QVERIFY(observer.begin(clipOf(640, 480), m_job));
            for (int i = 0; i < 20; ++i) {
                auto picture = (*reader)->next();
                QVERIFY(picture && *picture);
                Observations add;
                QVERIFY(observer.frame(bundleOf((*picture)->bgr, i), add));
            }
            const auto measured = observer.finish({});
            QVERIFY(measured && !measured->traces.empty());
            v = measured->traces[0].values;
        }
        QCOMPARE(values[0], values[1]);
    }
};

QTEST_APPLESS_MAIN(TestFacesObserver)
#include "tst_faces_observer.moc"
