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
#include "sets.h"
#include "spectrum_detector.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <chrono>
#include <thread>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

double processSeconds()
{
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    return double(use.ru_utime.tv_sec + use.ru_stime.tv_sec) + 1e-6 * double(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

double peakMegabytes()
{
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    return double(use.ru_maxrss) / 1024.0;
}

struct Measured
{
    double seconds = 0.0, megabytes = 0.0, afterStop = -1.0;
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

/// In a process of its own, so that the peak of memory is this method's; the second run is told to stop
/// when half of the first one's processor time is used.
Measured measure(const std::function<std::unique_ptr<Detector>()> &make, const QString &path, const QString &folder)
{
    Measured measured;
    auto clip = readClip(path);
    if (!clip)
        return measured;
    auto job = jobOf(folder);
    if (!job)
        return measured;
    const double start = processSeconds();
    {
        const auto detector = make();
        (void)test::runDetector(*detector, *clip, *job);
    }
    measured.seconds = processSeconds() - start;
    measured.megabytes = peakMegabytes();
    std::stop_source source;
    job->stop = source.get_token();
    const double again = processSeconds();
    double asked = -1.0;
    std::jthread watch([&](std::stop_token ended) {
        while (!ended.stop_requested() && processSeconds() - again < 0.5 * measured.seconds)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        if (!ended.stop_requested()) {
            asked = processSeconds();
            source.request_stop();
        }
    });
    const auto detector = make();
    (void)test::runDetector(*detector, *clip, *job);
    watch.request_stop();
    watch.join();
    if (asked >= 0.0)
        measured.afterStop = processSeconds() - asked;
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
    line(u"4000 x 3000 px, JPEG 92: method, processor seconds, peak of the process in MB (with the decoded picture and its coefficients), processor seconds after being told to stop"_s);
    const Measured bare = inChild([&] {
        Measured measured;
        const double start = processSeconds();
        const auto clip = readClip(path);
        measured.seconds = processSeconds() - start;
        measured.megabytes = clip ? peakMegabytes() : 0.0;
        return measured;
    });
    line(u"  %1 %2 %3"_s.arg(u"reading and decoding"_s, -24).arg(bare.seconds, 7, 'f', 2).arg(bare.megabytes, 7, 'f', 0));
    const std::vector<std::tuple<QString, QString, std::function<std::unique_ptr<Detector>()>>> methods{
        {u"double JPEG"_s, u"detect/double_jpeg"_s, [] { return std::make_unique<DoubleJpegDetector>(); }},
        {u"colour filter pattern"_s, u"detect/cfa"_s, [] { return std::make_unique<CfaDetector>(); }},
        {u"picture planes"_s, u"detect/picture_planes"_s, [] { return std::make_unique<PlanesDetector>(); }},
        {u"error level"_s, u"detect/ela"_s, [] { return std::make_unique<ElaDetector>(); }},
        {u"noise level"_s, u"detect/noise_level"_s, [] { return std::make_unique<NoiseDetector>(); }},
        {u"JPEG dimples"_s, u"detect/jpeg_dimples"_s, [] { return std::make_unique<DimpleDetector>(); }},
        {u"pairs of values"_s, u"detect/cooccurrence"_s, [] { return std::make_unique<PairDetector>(); }},
        {u"JPEG block grid"_s, u"detect/jpeg_grid"_s, [] { return std::make_unique<GridDetector>(); }},
        {u"up-sampling spectrum"_s, u"detect/upsampling_spectrum"_s, [] { return std::make_unique<SpectrumDetector>(); }},
        {u"JPEG ghosts"_s, u"detect/jpeg_ghost"_s, [] { return std::make_unique<GhostDetector>(); }},
        {u"resampling"_s, u"detect/resampling"_s, [] { return std::make_unique<ResamplingDetector>(); }},
        {u"copied regions"_s, u"detect/copy_move"_s, [] { return std::make_unique<CopyMoveDetector>(); }}};
    double seconds = 0.0, megabytes = 0.0;
    for (const auto &[name, folder, make] : methods) {
        const Measured measured = inChild([&] { return measure(make, path, folder); });
        seconds += measured.seconds;
        megabytes = std::max(megabytes, measured.megabytes);
        line(u"  %1 %2 %3 %4"_s.arg(name, -24).arg(measured.seconds, 7, 'f', 2).arg(measured.megabytes, 7, 'f', 0)
                 .arg(measured.afterStop < 0.0 ? u"-"_s : QString::number(measured.afterStop, 'f', 2), 7));
    }
    line(u"  %1 %2 %3"_s.arg(u"all, and the highest peak"_s, -24).arg(seconds, 7, 'f', 2).arg(megabytes, 7, 'f', 0));
}

} // namespace fw::accuracy
