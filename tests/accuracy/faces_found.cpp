// SPDX-License-Identifier: GPL-3.0-or-later
// Prints, for each clip given, how many of its frames have a face, how many tracks there are and
// what the observer costs. Usage: faces_found [--hog] CLIP...   (--hog: dlib's detector in place of our own)
#include "face_finder.h"
#include "face_report.h"
#include "face_tracker.h"
#include "base/hash.h"
#include "base/paths.h"
#include "media/video_reader.h"

#include <opencv2/imgproc.hpp>

#include <QCoreApplication>
#include <QFileInfo>

#include <cstdio>
#include <ctime>
#include <map>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

/// Time of this thread on a processor: other programs do not count.
double threadMs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) * 1e-6;
}

/// Frames without a gap in which a face was followed, and where it was at both ends.
struct Stretch
{
    int first = 0, last = 0;
    cv::Rect2f from, to;
};

bool measure(FaceFinder &finder, const QString &path)
{
    ReaderOptions options;
    options.hashPlanes = false;
    auto reader = VideoReader::open(path, options);
    if (!reader) {
        std::fprintf(stderr, "%s\n", qPrintable(reader.error().text()));
        return false;
    }
    const StreamFacts *video = (*reader)->facts().video();
    FaceTracker tracker(finder, Camera::assumed(video->width, video->height), {});
    std::map<TrackId, int> tracks;
    std::map<TrackId, std::vector<Stretch>> stretches;
    int frames = 0, withFace = 0, cuts = 0;
    double spent = 0;
    for (;;) {
        const auto picture = (*reader)->next();
        if (!picture || !*picture)
            break;
        const LedgerEntry &entry = (*picture)->ledger;
        const double seconds = double(entry.pts) * video->timeBase.toDouble();
        const double before = threadMs();
        cv::Mat grey;
        cv::cvtColor((*picture)->bgr, grey, cv::COLOR_BGR2GRAY);
        const FaceObservations faces = tracker.next(grey, frames, seconds);
        spent += threadMs() - before;
        ++frames;
        cuts += tracker.change().cut;
        withFace += !faces.empty();
        for (const FaceObservation &face : faces) {
            ++tracks[face.track];
            std::vector<Stretch> &known = stretches[face.track];
            if (known.empty() || known.back().last < frames - 2)
                known.push_back({frames - 1, frames - 1, face.box, face.box});
            known.back().last = frames - 1;
            known.back().to = face.box;
        }
    }
    std::printf("%-48s %4dx%-4d %6d frames  face in %5.1f %%  tracks %zu (",
                qPrintable(QFileInfo(path).fileName()), video->width, video->height, frames,
                100.0 * withFace / std::max(frames, 1), tracks.size());
    for (const auto &[id, count] : tracks)
        std::printf(" %d:%d", number(id), count);
    std::printf(" )  cuts %d  searches %lld  %.2f ms/frame\n", cuts,
                static_cast<long long>(tracker.searches()), spent / std::max(frames, 1));
    for (const auto &[id, list] : stretches)
        for (const Stretch &s : list)
            std::printf("  face %d frames %d-%d, from %.0f,%.0f (%.0f px wide) to %.0f,%.0f (%.0f)\n", number(id), s.first,
                        s.last, double(s.from.x), double(s.from.y), double(s.from.width), double(s.to.x),
                        double(s.to.y), double(s.to.width));
    std::fflush(stdout);
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    QStringList clips = app.arguments().mid(1);
    const bool hog = clips.removeAll(u"--hog"_s) > 0;
    const QString models = InstallPaths::ofProgram().models();
    const auto loaded = [&](const QString &name, const auto &load) {
        const auto hash = hashFile(models + name);
        auto result = load(models + name, hash ? hexText(hash->sha256) : QString());
        if (!result)
            std::fprintf(stderr, "%s\n", qPrintable(result.error().text()));
        return result;
    };
    auto landmarks = loaded(u"/landmarks/landmarks.fwm"_s, &LandmarkNetwork::load);
    auto likeness = loaded(u"/likeness/likeness.fwl"_s, &FaceLikeness::load);
    auto own = loaded(u"/detector/detector.fwm"_s, &gridDetector);
    if (!landmarks || !likeness || !own)
        return 1;
    FaceFinder finder(hog ? hogDetector() : std::move(*own), std::move(*landmarks), std::move(*likeness));
    bool ok = !clips.isEmpty();
    for (const QString &clip : clips)
        ok = measure(finder, clip) && ok;
    return ok ? 0 : 1;
}
