// SPDX-License-Identifier: GPL-3.0-or-later
// What every method of photo forensics costs on a picture of 12 million pixels.
#include "cfa_detector.h"
#include "copy_move_detector.h"
#include "dimple_detector.h"
#include "double_jpeg_detector.h"
#include "ela_detector.h"
#include "ghost_detector.h"
#include "grid_detector.h"
#include "methods.h"
#include "noise_detector.h"
#include "pair_detector.h"
#include "planes_detector.h"
#include "resampling_detector.h"
#include "residual_detector.h"
#include "run/quick_set.h"
#include "sets.h"
#include "spectrum_detector.h"
#include "thumbnail_detector.h"
#include "../../plugins/stopped_run.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

double peakMegabytes()
{
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    return double(use.ru_maxrss) / 1024.0;
}

struct Measured
{
    double seconds = 0.0, megabytes = 0.0;
    double afterStop = -1.0, worstShare = 0.0; ///< the longest of several stops, and when it was asked for
    int finished = 0;                          ///< runs that went to their end although told to stop
};

Result<test::BenchClip> readClip(const QString &path)
{
    auto clip = test::readBenchClip(path);
    if (clip && clip->facts.jpeg) {
        if (auto jpeg = readJpeg(path, true))
            clip->facts.jpeg = std::make_shared<const JpegFile>(std::move(jpeg).value());
    }
    return clip;
}

/// Shares of the first run's processor time after which further runs are told to stop.
constexpr double kStops[] = {0.1, 0.3, 0.5, 0.7, 0.9};

/// In a process of its own, so that the peak of memory is this method's; then again, told to stop on the way.
Measured measure(const std::function<std::unique_ptr<Detector>()> &make, const QString &path, const QString &folder)
{
    Measured measured;
    auto clip = readClip(path);
    if (!clip)
        return measured;
    const auto job = test::jobOf(folder);
    if (!job)
        return measured;
    const double start = test::processSeconds();
    {
        const auto detector = make();
        (void)test::runDetector(*detector, *clip, *job);
    }
    measured.seconds = test::processSeconds() - start;
    measured.megabytes = peakMegabytes();
    for (const double share : kStops) {
        const test::StoppedRun run = test::runAndStop(make, *clip, *job, share * measured.seconds);
        if (run.stopped && run.secondsAfter > measured.afterStop) {
            measured.afterStop = run.secondsAfter;
            measured.worstShare = share;
        }
        measured.finished += run.stopped && !run.cancelled;
    }
    return measured;
}

Measured inChild(const std::function<Measured()> &work)
{
    int ends[2] = {};
    Measured measured;
    if (pipe(ends) != 0)
        return measured;
    const pid_t child = fork();
    if (child == 0) {
        const Measured mine = work();
        const bool sent = write(ends[1], &mine, sizeof mine) == ssize_t(sizeof mine);
        _exit(sent ? 0 : 1);
    }
    close(ends[1]);
    if (read(ends[0], &measured, sizeof measured) != ssize_t(sizeof measured))
        measured = {};
    close(ends[0]);
    waitpid(child, nullptr, 0);
    return measured;
}

} // namespace

void measureCost()
{
    // 30 crops of different scenes side by side: enlarging one would leave nothing to look at.
    const std::vector<Photo> photos = photosOf(u"camera-natural"_s);
    if (photos.empty())
        return;
    cv::Mat large(3000, 4000, CV_8UC3, cv::Scalar::all(128));
    std::size_t next = 0;
    for (int y = 0; y < large.rows; y += 600) {
        for (int x = 0; x < large.cols; x += 600, next += 5) {
            const cv::Mat tile = photos[next % photos.size()].bgr();
            const cv::Size size(std::min({600, tile.cols, large.cols - x}), std::min({600, tile.rows, large.rows - y}));
            tile(cv::Rect({0, 0}, size)).copyTo(large(cv::Rect({x, y}, size)));
        }
    }
    std::vector<uchar> bytes;
    cv::imencode(".jpg", large, bytes, {cv::IMWRITE_JPEG_QUALITY, 92});
    const QString path = asFile(QByteArray(reinterpret_cast<const char *>(bytes.data()), qsizetype(bytes.size())), u"jpg"_s);
    large.release();
    line(u"4000 x 3000 px, JPEG 92: method, processor seconds, peak of the process in MB (with the decoded picture and its coefficients), processor seconds after being told to stop (the longest of stops at 10, 30, 50, 70 and 90 % of the work, where that was, runs that ended all the same)"_s);
    const Measured bare = inChild([&] {
        Measured measured;
        const double start = test::processSeconds();
        const auto clip = readClip(path);
        measured.seconds = test::processSeconds() - start;
        measured.megabytes = clip ? peakMegabytes() : 0.0;
        return measured;
    });
    line(u"  %1 %2 %3"_s.arg(u"reading and decoding"_s, -24).arg(bare.seconds, 7, 'f', 2).arg(bare.megabytes, 7, 'f', 0));
    const std::vector<std::tuple<QString, QString, std::function<std::unique_ptr<Detector>()>>> methods{
        {u"copied regions"_s, u"detect/copy_move"_s, [] { return std::make_unique<CopyMoveDetector>(); }},
        {u"JPEG dimples"_s, u"detect/jpeg_dimples"_s, [] { return std::make_unique<DimpleDetector>(); }},
        {u"resampling"_s, u"detect/resampling"_s, [] { return std::make_unique<ResamplingDetector>(); }},
        {u"up-sampling spectrum"_s, u"detect/upsampling_spectrum"_s, [] { return std::make_unique<SpectrumDetector>(); }},
        {u"double JPEG"_s, u"detect/double_jpeg"_s, [] { return std::make_unique<DoubleJpegDetector>(); }},
        {u"colour filter pattern"_s, u"detect/cfa"_s, [] { return std::make_unique<CfaDetector>(); }},
        {u"picture planes"_s, u"detect/picture_planes"_s, [] { return std::make_unique<PlanesDetector>(); }},
        {u"error level"_s, u"detect/ela"_s, [] { return std::make_unique<ElaDetector>(); }},
        {u"noise level"_s, u"detect/noise_level"_s, [] { return std::make_unique<NoiseDetector>(); }},
        {u"pairs of values"_s, u"detect/cooccurrence"_s, [] { return std::make_unique<PairDetector>(); }},
        {u"JPEG block grid"_s, u"detect/jpeg_grid"_s, [] { return std::make_unique<GridDetector>(); }},
        {u"statistics of residuals"_s, u"detect/residual_statistics"_s, [] { return std::make_unique<ResidualDetector>(); }},
        {u"embedded thumbnail"_s, u"detect/thumbnail"_s, [] { return std::make_unique<ThumbnailDetector>(); }},
        {u"JPEG ghosts"_s, u"detect/jpeg_ghost"_s, [] { return std::make_unique<GhostDetector>(); }}};
    double seconds = bare.seconds, megabytes = 0.0, quick = bare.seconds;
    for (const auto &[name, folder, make] : methods) {
        const Measured measured = inChild([&] { return measure(make, path, folder); });
        seconds += measured.seconds;
        if (const auto manifest = test::manifestOf(folder); manifest && quickSet().contains(manifest->id))
            quick += measured.seconds;
        megabytes = std::max(megabytes, measured.megabytes);
        line(u"  %1 %2 %3 %4"_s.arg(name, -24).arg(measured.seconds, 7, 'f', 2).arg(measured.megabytes, 7, 'f', 0)
                 .arg(measured.afterStop < 0.0 ? u"-"_s : QString::number(measured.afterStop, 'f', 2), 7)
             + u" %1 % %2"_s.arg(100.0 * measured.worstShare, 3, 'f', 0).arg(measured.finished));
    }
    line(u"  %1 %2 (metadata and Content Credentials, which read no pixels, left out)"_s.arg(u"reading, and the quick set"_s, -24).arg(quick, 7, 'f', 2));
    line(u"  %1 %2 %3"_s.arg(u"all, and the highest peak"_s, -24).arg(seconds, 7, 'f', 2).arg(megabytes, 7, 'f', 0));
}

} // namespace fw::accuracy
