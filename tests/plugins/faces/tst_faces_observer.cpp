// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/paths.h"
#include "detect/manifest.h"
#include "faces_observer.h"
#include "media/video_reader.h"
#include "test_data.h"

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
        const auto hash = hashFile(m_job.modelPaths.at(u"landmarks"_s));
        QVERIFY(hash);
        QCOMPARE(hexText(hash->sha256), m->models.at(0).sha256);
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
