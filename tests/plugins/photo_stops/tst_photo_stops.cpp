// SPDX-License-Identifier: GPL-3.0-or-later
// Every method of photo forensics that works for a while ends soon after it is told to stop on its way.
#include "base/paths.h"
#include "cfa_detector.h"
#include "copy_move_detector.h"
#include "dimple_detector.h"
#include "double_jpeg_detector.h"
#include "ghost_detector.h"
#include "grid_detector.h"
#include "noise_detector.h"
#include "resampling_detector.h"
#include "residual_detector.h"
#include "spectrum_detector.h"
#include "stopped_run.h"
#include "textures.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

using Make = std::function<std::unique_ptr<Detector>()>;

template <class D> Make maker()
{
    return [] { return std::make_unique<D>(); };
}

JobContext jobOf(const QString &folder)
{
    JobContext job;
    if (const auto manifest = manifestOf(folder)) {
        job.options = manifest->defaultOptions();
        for (const ModelSpec &model : manifest->models) {
            job.modelPaths[model.id] = InstallPaths::ofProgram().models() + u'/' + model.file;
            job.modelHashes[model.id] = model.sha256;
        }
    }
    return job;
}

} // namespace

class TestPhotoStops : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        const QString path = m_folder.filePath(u"picture.jpg"_s);
        cv::Mat picture = savedAt(texturedPicture({1008, 752}, 3), 80);
        picture(cv::Rect(40, 40, 160, 160)).copyTo(picture(cv::Rect(600, 500, 160, 160)));
        QVERIFY(cv::imwrite(path.toStdString(), picture, {cv::IMWRITE_JPEG_QUALITY, 93}));
        auto clip = readBenchClip(path);
        QVERIFY(clip);
        auto jpeg = readJpeg(path, true);
        QVERIFY(jpeg);
        clip->facts.jpeg = std::make_shared<const JpegFile>(std::move(jpeg).value());
        m_clip = std::move(clip).value();
    }

    void aStopInTheMiddleEndsTheWork_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<Make>("make");
        const std::vector<std::pair<QString, Make>> methods{
            {u"cfa"_s, maker<CfaDetector>()},
            {u"copy_move"_s, maker<CopyMoveDetector>()},
            {u"double_jpeg"_s, maker<DoubleJpegDetector>()},
            {u"jpeg_dimples"_s, maker<DimpleDetector>()},
            {u"jpeg_ghost"_s, maker<GhostDetector>()},
            {u"jpeg_grid"_s, maker<GridDetector>()},
            {u"noise_level"_s, maker<NoiseDetector>()},
            {u"resampling"_s, maker<ResamplingDetector>()},
            {u"residual_statistics"_s, maker<ResidualDetector>()},
            {u"upsampling_spectrum"_s, maker<SpectrumDetector>()}};
        for (const auto &[name, make] : methods)
            QTest::newRow(qPrintable(name)) << u"detect/"_s + name << make;
    }
    void aStopInTheMiddleEndsTheWork()
    {
        QFETCH(QString, folder);
        QFETCH(Make, make);
        const JobContext job = jobOf(folder);
        // The first run also pays for what is made once in a process: the second tells how long one takes.
        double seconds = 0.0;
        for (int round = 0; round < 2; ++round) {
            const double start = processSeconds();
            const auto detector = make();
            const auto whole = runDetector(*detector, m_clip, job);
            QVERIFY2(whole, qPrintable(whole ? QString() : whole.error().text()));
            seconds = processSeconds() - start;
        }
        // A busy machine may wake the watcher when a run of some milliseconds has ended, or is past its last
        // look at the token: it is told earlier each time.
        StoppedRun run;
        for (int attempt = 0; attempt < 10 && !run.cancelled; ++attempt)
            run = runAndStop(make, m_clip, job, 0.4 * seconds / (1 + attempt));
        if (!run.stopped)
            QSKIP("the machine is too busy to stop a run on its way");
        QVERIFY2(run.cancelled, qPrintable(u"went on for %1 of %2 s"_s.arg(run.secondsAfter).arg(seconds)));
    }

private:
    QTemporaryDir m_folder;
    BenchClip m_clip;
};

QTEST_GUILESS_MAIN(TestPhotoStops)
#include "tst_photo_stops.moc"
