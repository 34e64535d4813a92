// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/blink_pixels.h"

#include "base/hash.h"
#include "base/paths.h"
#include "detect/manifest.h"
#include "media/video_reader.h"

#include <ctime>

using namespace Qt::StringLiterals;

namespace fw::accuracy {

namespace {

double threadSeconds()
{
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

} // namespace

Result<std::unique_ptr<LidNetwork>> lidNetwork(const QString &folder, const QString &manifestPath)
{
    JobContext job;
    if (!folder.isEmpty()) {
        for (const auto &[id, file] : {std::pair{u"blink-eye"_s, u"/eye.fwm"_s}, {u"blink-time"_s, u"/time.fwm"_s}}) {
            const auto hash = hashFile(folder + file);
            if (!hash)
                return Failure{hash.error()};
            job.modelPaths[id] = folder + file;
            job.modelHashes[id] = hexText(hash->sha256);
        }
        return LidNetwork::load(job);
    }
    const auto manifest = readManifest(manifestPath);
    if (!manifest)
        return Failure{manifest.error()};
    for (const ModelSpec &model : manifest->models) {
        job.modelPaths[model.id] = InstallPaths::ofProgram().models() + u'/' + model.file;
        job.modelHashes[model.id] = model.sha256;
    }
    return LidNetwork::load(job);
}

Result<void> followLids(const ObservedClip &clip, const QString &video, LidNetwork &network, FrameIndex last,
                        std::map<TrackId, EyeTrack> &tracks, double *cpuSeconds)
{
    auto reader = VideoReader::open(video, {.hashPlanes = false});
    if (!reader)
        return Failure{reader.error()};
    for (std::size_t i = 0; i < clip.log.faces.size() && FrameIndex(i) < last; ++i) {
        auto picture = (*reader)->next();
        if (!picture)
            return Failure{picture.error()};
        if (!*picture)
            break;
        if (!clip.log.faces[i])
            continue;
        std::vector<LidNetwork::Request> requests;
        for (const FaceObservation &face : *clip.log.faces[i]) {
            if (!face.landmarks)
                continue;
            requests.push_back({face.track, Eye::ImageLeft, &*face.landmarks});
            requests.push_back({face.track, Eye::ImageRight, &*face.landmarks});
        }
        const double start = threadSeconds();
        const auto readings = network.read((*picture)->bgr, clip.seconds[i], requests);
        *cpuSeconds += threadSeconds() - start;
        if (!readings)
            return Failure{readings.error()};
        for (std::size_t k = 0; k < requests.size(); k += 2) {
            EyeTrack &track = tracks[requests[k].track];
            EyeSample closure{FrameIndex(i), clip.seconds[i], {}, {}}, closed = closure;
            if (const auto &left = (*readings)[k]) {
                closure.left = left->closure;
                closed.left = left->closed;
            }
            if (const auto &right = (*readings)[k + 1]) {
                closure.right = right->closure;
                closed.right = right->closed;
            }
            track.closures.push_back(closure);
            track.closed.push_back(closed);
        }
    }
    return {};
}

} // namespace fw::accuracy
