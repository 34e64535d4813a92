// SPDX-License-Identifier: GPL-3.0-or-later
// Prints what the program costs, as ratios measured in one run on one machine: a number from
// another run or machine is never compared with.
#include "base/paths.h"
#include "base/timestamp.h"
#include "child.h"
#include "frames/frame_store.h"
#include "media/video_reader.h"
#include "paint/color_map.h"
#include "paint/overlay.h"
#include "run/engine.h"
#include "test_data.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTimer>

#include <sys/resource.h>

#include <ctime>

#include <algorithm>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

void row(const QString &what, const QString &value, const QString &note = {})
{
    std::printf("%-58s %14s  %s\n", qPrintable(what), qPrintable(value), qPrintable(note));
    std::fflush(stdout);
}

QString fixed(double value, int digits = 2)
{
    return QString::number(value, 'f', digits);
}

double secondsOf(const std::function<void()> &work)
{
    QElapsedTimer clock;
    clock.start();
    work();
    return double(clock.nsecsElapsed()) * 1e-9;
}

/// Processor time of the whole program so far, all threads. Other programs do not count, so it is the
/// figure to compare on a busy machine.
double processorSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &t) { return double(t.tv_sec) + 1e-6 * double(t.tv_usec); };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Processor time of the calling thread.
double threadSeconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
}

double percentile(std::vector<double> values, double share)
{
    std::sort(values.begin(), values.end());
    return values.empty() ? 0.0 : values[std::min(values.size() - 1, std::size_t(share * double(values.size())))];
}

/// Decodes everything once. @return frames/s.
double decodeRate(const QString &path, const ReaderOptions &options)
{
    std::int64_t frames = 0;
    const double seconds = secondsOf([&] {
        auto reader = VideoReader::open(path, options);
        while (reader) {
            auto picture = (*reader)->next();
            if (!picture || !*picture)
                break;
            ++frames;
        }
    });
    return double(frames) / seconds;
}

/// One pass over the clip. @param floor  rate of the bare decode
void benchMethods(PluginRegistry &registry, const QString &clip, const QString &name, const QString &which,
                  const std::vector<MethodChoice> &methods, double floor)
{
    RunRequest request;
    request.path = clip;
    request.methods = methods;
    RunListener silent;
    const std::int64_t before = VideoReader::picturesDecoded();
    std::int64_t frames = 0;
    const double processor = processorSeconds();
    const double wall = secondsOf([&] {
        const auto outcome = runAnalyses(registry, request, nullptr, silent, {});
        frames = outcome ? outcome->ledger.count() : 0;
        if (outcome) {
            for (const MethodResult &r : outcome->results)
                row(u"    %1"_s.arg(r.record.pluginId), runStateName(r.state), fixed(r.record.wallSeconds) + u" s in the plugin"_s);
        }
    });
    const double spent = processorSeconds() - processor;
    const double rate = double(frames) / wall;
    row(u"%1: full pass, %2"_s.arg(name, which), fixed(rate, 0) + u" frames/s"_s,
        u"%1 × the decode's time; %2 pictures decoded for %3 frames"_s.arg(fixed(floor / rate))
            .arg(VideoReader::picturesDecoded() - before).arg(frames));
    row(u"%1: its processor time"_s.arg(name), fixed(1000.0 * spent / double(std::max<std::int64_t>(frames, 1))) + u" ms/frame"_s,
        u"all threads together"_s);
}

void benchPass(const QString &program, const QString &clip, const QString &name)
{
    ReaderOptions bare;
    bare.pixels = false;
    bare.hashPlanes = false;
    const double floor = decodeRate(clip, bare);
    const double ledger = decodeRate(clip, {});
    row(u"%1: decode only"_s.arg(name), fixed(floor, 0) + u" frames/s"_s, u"1.00, one thread"_s);
    row(u"%1: decode + frame hash + BGR"_s.arg(name), fixed(ledger, 0) + u" frames/s"_s,
        u"%1 × the decode's time"_s.arg(fixed(floor / ledger)));

    PluginRegistry registry;
    const InstallPaths paths = InstallPaths::ofProgram();
    registry.scan(paths.pluginFolders(), paths.models());
    const QStringList first{u"faces"_s, u"eyes"_s, u"coding"_s, u"metadata"_s, u"blink"_s, u"head_pose"_s, u"jpeg_ghost"_s,
                            u"ela"_s, u"codec_structure"_s};
    std::vector<MethodChoice> foundation, all;
    for (const PluginEntry &entry : registry.entries()) {
        if (entry.refusal)
            continue;
        const QString id = entry.manifest.id;
        all.push_back({id, {}});
        if (first.contains(id.section(u'.', -1)))
            foundation.push_back({id, {}});
    }
    benchMethods(registry, clip, name, u"the %1 methods of the foundation"_s.arg(foundation.size()), foundation, floor);
    benchMethods(registry, clip, name, u"all %1 methods"_s.arg(all.size()), all, floor);
    const bench::ChildUsage usage = bench::measureChild({program, u"analyze"_s, clip});
    row(u"%1: command line, start to end"_s.arg(name), fixed(usage.wallSeconds) + u" s"_s,
        u"peak %1 MB"_s.arg(fixed(usage.peakMegabytes, 0)));
}

/// Waits for one exact answer. @return ms, and the time of the key frame shown before it, if any.
std::pair<double, double> seekOnce(FrameStore &store, FrameIndex index)
{
    QEventLoop loop;
    QElapsedTimer clock;
    double nearest = -1.0, exact = -1.0;
    quint64 ticket = 0;
    const auto connection = QObject::connect(&store, &FrameProvider::frameReady, &loop,
        [&](quint64 answered, const FramePtr &, bool isExact) {
            if (answered != ticket)
                return;
            (isExact ? exact : nearest) = double(clock.nsecsElapsed()) * 1e-6;
            if (isExact)
                loop.quit();
        });
    QTimer::singleShot(60000, &loop, &QEventLoop::quit);
    clock.start();
    ticket = store.request(index);
    loop.exec();
    QObject::disconnect(connection);
    return {nearest, exact};
}

void benchSeek(const QString &clip)
{
    auto opened = FrameStore::open(clip, {});
    if (!opened) {
        row(u"seek"_s, u"failed"_s, opened.error().text());
        return;
    }
    FrameStore &store = **opened;
    QEventLoop loop;
    QTimer poll;
    QObject::connect(&poll, &QTimer::timeout, &loop, [&] {
        if (store.clock().complete && store.facts().hashed)
            loop.quit();
    });
    poll.start(20);
    loop.exec();

    ReaderOptions bare;
    bare.pixels = false;
    bare.hashPlanes = false;
    const double floorRate = decodeRate(clip, bare);
    const PacketIndex packets = scanPackets(clip).value_or(PacketIndex{});
    QRandomGenerator random(7);
    std::vector<double> nearest, ratio, cached;
    for (int i = 0; i < 40; ++i) {
        const FrameIndex target = random.bounded(int(store.clock().frameCount));
        const auto [keyMs, exactMs] = seekOnce(store, target);
        if (exactMs < 0)
            continue;
        const double stretch = double(target - packets.keyFrameBefore(target) + 1);
        if (keyMs >= 0)
            nearest.push_back(keyMs);
        if (stretch >= 25)
            ratio.push_back(exactMs / (1000.0 * stretch / floorRate));
        cached.push_back(seekOnce(store, target).second);
    }
    row(u"seek: nearest key frame shown, p95"_s, fixed(percentile(nearest, 0.95), 0) + u" ms"_s);
    row(u"seek: exact frame, median of the stretch's decode"_s, fixed(percentile(ratio, 0.5)) + u" ×"_s,
        u"p95 %1 ×"_s.arg(fixed(percentile(ratio, 0.95))));
    row(u"seek: frame in the cache, p95"_s, fixed(percentile(cached, 0.95)) + u" ms"_s,
        u"cache %1 MB"_s.arg(fixed(double(store.cachedBytes()) / 1048576.0, 0)));
}

/// What the player does for each picture, without and with the layer of coded motion: decode, convert, draw
/// scaled to a view of 1024 px, draw the vectors. One thread, processor time.
void benchMotionLayer(const QString &clip, const QString &name)
{
    auto reader = VideoReader::open(clip, {.coding = true});
    if (!reader) {
        row(name, u"failed"_s, reader.error().text());
        return;
    }
    const std::map<QString, LayerStyle> shown{{u"coding.motion"_s, LayerStyle{}}};
    double decoding = 0.0, drawing = 0.0;
    std::vector<double> layer;
    std::size_t most = 0;
    for (;;) {
        const double start = threadSeconds();
        auto picture = (*reader)->next();
        if (!picture || !*picture)
            break;
        const QImage image = toQImage((*picture)->bgr);
        decoding += threadSeconds() - start;
        const double scale = 1024.0 / image.width();
        QImage view(1024, int(image.height() * scale), QImage::Format_RGB32);
        QPainter painter(&view);
        const QTransform transform = QTransform::fromScale(scale, scale);
        const double before = threadSeconds();
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        painter.drawImage(transform.mapRect(QRectF(image.rect())), image, QRectF(image.rect()));
        const double between = threadSeconds();
        OverlayContent content;
        content.motion = &(*picture)->coding.motion;
        paintOverlay(painter, transform, {image.width(), image.height()}, content, shown);
        layer.push_back(1000.0 * (threadSeconds() - between));
        drawing += between - before;
        most = std::max(most, (*picture)->coding.motion.size());
    }
    if (layer.empty())
        return;
    const double count = double(layer.size());
    const double bare = 1000.0 * (decoding + drawing) / count;
    double vectors = 0.0;
    for (const double ms : layer)
        vectors += ms / count;
    row(u"%1: picture decoded, converted, drawn"_s.arg(name), fixed(bare) + u" ms/frame"_s,
        u"of these %1 ms in the interface thread"_s.arg(fixed(1000.0 * drawing / count)));
    row(u"%1: coded motion drawn over it"_s.arg(name), fixed(vectors) + u" ms/frame"_s,
        u"p95 %1 ms; up to %2 vectors in a picture"_s.arg(fixed(percentile(layer, 0.95))).arg(most));
    row(u"%1: with the layer against without"_s.arg(name), fixed((bare + vectors) / bare) + u" ×"_s,
        u"one core could show %1 frames/s"_s.arg(fixed(1000.0 / (bare + vectors), 0)));
}

QString make(const QTemporaryDir &folder, const QString &name, const QStringList &arguments)
{
    const QString path = folder.filePath(name);
    const QString problem = test::ffmpeg(arguments + QStringList{path});
    if (!problem.isEmpty())
        row(name, u"not made"_s, problem);
    return path;
}

} // namespace

int main(int argc, char *argv[])
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QGuiApplication application(argc, argv);
    limitInnerThreads();
    const QString program = QCoreApplication::applicationDirPath() + u"/framewitness"_s;
    const QString demo = InstallPaths::ofProgram().demoClip();
    const bool motionOnly = application.arguments().contains(u"--motion"_s);
    const bool longClip = application.arguments().contains(u"--long"_s);
    QTemporaryDir folder;
    const QString moving = make(folder, u"moving.mp4"_s,
        {u"-f"_s, u"lavfi"_s, u"-i"_s, u"mandelbrot=s=1280x720:r=30:end_scale=0.01"_s, u"-vf"_s, u"noise=alls=4:allf=t:all_seed=1"_s,
         u"-frames:v"_s, u"200"_s, u"-pix_fmt"_s, u"yuv420p"_s, u"-c:v"_s, u"libx264"_s, u"-preset"_s, u"fast"_s, u"-crf"_s, u"23"_s});
    benchMotionLayer(moving, u"1280×720, all of it moving"_s);
    benchMotionLayer(demo, u"demonstration clip"_s);
    if (motionOnly)
        return 0;
    const auto scaled = [&](const QString &size, const QString &name) {
        return make(folder, name, {u"-stream_loop"_s, u"1"_s, u"-i"_s, demo, u"-vf"_s,
                                   u"crop=ih*4/3:ih,scale=%1"_s.arg(size), u"-an"_s, u"-c:v"_s, u"libx264"_s,
                                   u"-preset"_s, u"fast"_s, u"-crf"_s, u"21"_s});
    };
    benchPass(program, scaled(u"640:480"_s, u"face480.mp4"_s), u"640×480"_s);
    const QString hd = make(folder, u"face720.mp4"_s,
        {u"-stream_loop"_s, u"1"_s, u"-i"_s, demo, u"-vf"_s, u"scale=1280:720"_s, u"-an"_s, u"-c:v"_s,
         u"libx264"_s, u"-preset"_s, u"fast"_s, u"-crf"_s, u"21"_s});
    benchPass(program, hd, u"1280×720"_s);

    const QString full = make(folder, u"full.mp4"_s,
        {u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=1920x1080:rate=25:duration=60"_s, u"-c:v"_s, u"libx264"_s,
         u"-preset"_s, u"veryfast"_s, u"-g"_s, u"250"_s, u"-keyint_min"_s, u"250"_s, u"-sc_threshold"_s, u"0"_s});
    benchSeek(full);

    if (longClip) {
        const QString ten = folder.filePath(u"ten.mp4"_s);
        test::ffmpeg({u"-stream_loop"_s, u"9"_s, u"-i"_s, full, u"-c"_s, u"copy"_s, ten});
        const bench::ChildUsage one = bench::measureChild({program, u"analyze"_s, full});
        const bench::ChildUsage many = bench::measureChild({program, u"analyze"_s, ten});
        row(u"memory: 1 minute of 1080p, all methods"_s, fixed(one.peakMegabytes, 0) + u" MB"_s);
        row(u"memory: 10 minutes of 1080p, all methods"_s, fixed(many.peakMegabytes, 0) + u" MB"_s,
            u"%1 × the minute's"_s.arg(fixed(many.peakMegabytes / one.peakMegabytes)));
    }
    std::vector<double> starts;
    for (int i = 0; i < 5; ++i)
        starts.push_back(1000.0 * bench::measureChild({program, u"--version"_s}).wallSeconds);
    row(u"start of the command line, median"_s, fixed(percentile(starts, 0.5), 0) + u" ms"_s);
    return 0;
}
