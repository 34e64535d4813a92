// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/blink_watched.h"

#include "behaviour/observed_clip.h"
#include "blinks/lid_events.h"
#include "faces/eye_crop.h"
#include "media/video_reader.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <map>

using namespace Qt::StringLiterals;

namespace fw::lab {

namespace {

constexpr float kUnsure = std::numeric_limits<float>::quiet_NaN();
constexpr double kStill = 0.2;     ///< closure up to here is an open eye
constexpr int kFewest = 48;        ///< frames of a stretch worth keeping
constexpr std::size_t kPixels = std::size_t(BlinkScene::kWidth) * BlinkScene::kHeight;

bool endsWithAny(const std::string &name, const std::vector<std::string> &ends)
{
    return std::any_of(ends.begin(), ends.end(), [&](const std::string &e) { return name.ends_with(e); });
}

/// What the lids of one face did: closure of each eye per sample, blinks told from other movements.
struct Labels
{
    std::vector<EyeSample> samples;
    std::vector<float> left, right;
};

std::vector<float> labelsOf(const std::vector<double> &closure, const std::vector<LidEvent> &events)
{
    std::vector<float> labels(closure.size(), kUnsure);
    for (std::size_t i = 0; i < closure.size(); ++i) {
        if (closure[i] <= kStill)
            labels[i] = float(std::max(0.0, closure[i]) * 0.5); // an eye at rest is nearly open
    }
    for (const LidEvent &e : events) {
        if (!isBlink(e))
            continue;
        // The openness of a shut eye is not quite 0; the deepest point of a complete blink is 1.
        const double full = e.complete ? std::max(0.75, 1.0 - e.minAperture) : 1.0;
        for (std::size_t i = e.begin; i < e.end; ++i)
            labels[i] = std::isnan(closure[i]) ? kUnsure : float(std::clamp(closure[i] / full, 0.0, 1.0));
    }
    return labels;
}

std::map<TrackId, Labels> labelled(const accuracy::ObservedClip &clip)
{
    std::map<TrackId, Labels> tracks;
    for (std::size_t i = 0; i < clip.log.faces.size(); ++i) {
        if (!clip.log.faces[i])
            continue;
        for (const FaceObservation &face : *clip.log.faces[i]) {
            const auto open = [](const std::optional<EyeObservation> &eye) {
                return eye ? std::optional(double(eye->openness)) : std::nullopt;
            };
            tracks[face.track].samples.push_back({FrameIndex(i), clip.seconds[i], open(face.eyeImageLeft), open(face.eyeImageRight)});
        }
    }
    for (auto &[id, t] : tracks) {
        const ClosureTrace closure = closureOf(t.samples);
        const std::vector<LidEvent> events = findLidEvents(t.samples, closure);
        t.left = labelsOf(closure.left, events);
        t.right = labelsOf(closure.right, events);
    }
    return tracks;
}

/// The eyes of one face while its clip is read.
struct Watching
{
    std::size_t sample = 0;
    SteadyEyeCrop crops[2]{SteadyEyeCrop(Eye::ImageLeft), SteadyEyeCrop(Eye::ImageRight)};
    WatchedEye eyes[2];
};

cv::Mat cutOut(const cv::Mat &grey, const Similarity &toPart, bool mirrored)
{
    Similarity place = toPart;
    place.shift += cv::Point2d(0.5 * (BlinkScene::kWidth - kEyeCropWidth), 0.5 * (BlinkScene::kHeight - kEyeCropHeight));
    cv::Mat part;
    const cv::Size size(BlinkScene::kWidth, BlinkScene::kHeight);
    if (place.scale() >= 0.8) {
        cv::warpAffine(grey, part, place.matrix(), size, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    } else { // large eyes are averaged down, not skipped over
        const int times = int(std::ceil(1.0 / place.scale()));
        place.real *= times;
        place.imaginary *= times;
        place.shift *= times;
        cv::warpAffine(grey, part, place.matrix(), size * times, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
        cv::resize(part, part, size, 0, 0, cv::INTER_AREA);
    }
    if (mirrored)
        cv::flip(part, part, 1);
    return part;
}

void write(std::ofstream &out, WatchedEye &eye)
{
    if (int(eye.stills.size()) >= kFewest) {
        const std::int32_t frames = std::int32_t(eye.stills.size());
        out.write(reinterpret_cast<const char *>(&eye.rate), sizeof eye.rate);
        out.write(reinterpret_cast<const char *>(&frames), sizeof frames);
        out.write(reinterpret_cast<const char *>(eye.closure.data()), std::streamsize(eye.closure.size() * sizeof(float)));
        for (const cv::Mat &still : eye.stills)
            out.write(reinterpret_cast<const char *>(still.data), std::streamsize(kPixels));
    }
    eye.stills.clear();
    eye.closure.clear();
}

Result<void> watch(const accuracy::ObservedClip &clip, const QString &video, std::ofstream &out)
{
    const std::map<TrackId, Labels> labels = labelled(clip);
    std::map<TrackId, Watching> faces;
    auto reader = VideoReader::open(video, {});
    if (!reader)
        return Failure{reader.error()};
    for (std::size_t i = 0; i < clip.log.faces.size(); ++i) {
        auto picture = (*reader)->next();
        if (!picture)
            return Failure{picture.error()};
        if (!*picture)
            break;
        if (!clip.log.faces[i])
            continue;
        cv::Mat grey;
        for (const FaceObservation &face : *clip.log.faces[i]) {
            Watching &w = faces[face.track];
            const Labels &l = labels.at(face.track);
            const std::size_t sample = w.sample++;
            if (!face.landmarks || !face.eyeImageLeft || !face.eyeImageRight)
                continue;
            if (grey.empty())
                cv::cvtColor((*picture)->bgr, grey, cv::COLOR_BGR2GRAY);
            for (int side = 0; side < 2; ++side) {
                const auto toPart = w.crops[side].next(*face.landmarks, clip.seconds[i]);
                if (!toPart)
                    continue;
                if (w.crops[side].fresh())
                    write(out, w.eyes[side]);
                w.eyes[side].rate = clip.rate;
                w.eyes[side].stills.push_back(cutOut(grey, *toPart, side == 1));
                w.eyes[side].closure.push_back((side == 0 ? l.left : l.right)[sample]);
            }
        }
    }
    for (auto &[id, w] : faces) {
        for (WatchedEye &eye : w.eyes)
            write(out, eye);
    }
    return {};
}

} // namespace

Result<void> watchBlinks(const std::filesystem::path &folder, const std::vector<std::string> &prefixes,
                         const std::vector<std::string> &leaveOut, const std::filesystem::path &path)
{
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto &entry : std::filesystem::directory_iterator(folder, error)) {
        const std::string name = entry.path().stem().string();
        const bool wanted = std::any_of(prefixes.begin(), prefixes.end(), [&](const std::string &p) { return name.starts_with(p); });
        if (entry.path().extension() == ".fwobs" && wanted && !endsWithAny(name, leaveOut))
            files.push_back(entry.path());
    }
    if (error || files.empty())
        return fail(Errc::NotFound, u"no observed clips there"_s, QString::fromStdString(folder.string()));
    std::sort(files.begin(), files.end());
    std::ofstream out(path, std::ios::binary | std::ios::app);
    for (const auto &file : files) {
        const auto clip = accuracy::loadObservedClip(QString::fromStdString(file.string()));
        if (!clip)
            return Failure{clip.error()};
        auto video = file;
        video.replace_extension(".mp4");
        if (auto done = watch(*clip, QString::fromStdString(video.string()), out); !done)
            return done;
        std::fprintf(stderr, "%s\n", file.stem().string().c_str());
    }
    out.flush();
    if (!out)
        return fail(Errc::Unwritable, u"the eyes cannot be written"_s, QString::fromStdString(path.string()));
    return {};
}

Result<std::vector<WatchedEye>> readWatchedEyes(const std::filesystem::path &file)
{
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return fail(Errc::NotFound, u"no watched eyes there"_s, QString::fromStdString(file.string()));
    std::vector<WatchedEye> eyes;
    for (WatchedEye eye; in.read(reinterpret_cast<char *>(&eye.rate), sizeof eye.rate);) {
        std::int32_t frames = 0;
        in.read(reinterpret_cast<char *>(&frames), sizeof frames);
        if (!in || frames < 0 || frames > 1000000)
            return fail(Errc::BadData, u"the file of watched eyes is damaged"_s, QString::fromStdString(file.string()));
        eye.closure.resize(std::size_t(frames));
        in.read(reinterpret_cast<char *>(eye.closure.data()), std::streamsize(eye.closure.size() * sizeof(float)));
        for (std::int32_t i = 0; i < frames && in; ++i) {
            eye.stills.emplace_back(BlinkScene::kHeight, BlinkScene::kWidth, CV_8UC1);
            in.read(reinterpret_cast<char *>(eye.stills.back().data), std::streamsize(kPixels));
        }
        if (!in)
            break;
        eyes.push_back(std::move(eye));
        eye = {};
    }
    return eyes;
}

} // namespace fw::lab
