// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/head_pose_tables.h"

#include "base/numbers.h"
#include "behaviour/observed_clip.h"
#include "base/hash.h"
#include "head_source.h"
#include "inner_landmarks.h"
#include "media/video_reader.h"
#include "pose_track.h"
#include "stats/quantile.h"
#include "stats/ranking.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <random>

namespace fw::accuracy {

namespace {

constexpr int kSources = 4;
constexpr int kInner = 3;
const char *const kSourceNames[kSources] = {"generic", "track", "enrolled", "inner"};
constexpr FrameIndex kInnerFrames = 300;
constexpr double kEventSeconds = 0.5;

const GenuineLines &linesOf(int source)
{
    return source == kInner ? genuineInnerLines() : genuineLines(HeadSource(source));
}

/// What is kept of one clip: of the face that is seen longest.
struct ClipFigures
{
    QString name, set, source, person;
    bool manipulated = false;
    std::size_t usable = 0;
    std::array<double, kSources> median{};              ///< degrees; not-a-number: not measured
    std::array<std::vector<double>, kSources> angles;   ///< of usable frames
    std::array<double, kSources> longest{};             ///< span above the line of events, s
    double unexplained = 0.0, explained = 0.0;          ///< of the turn, with the own head; degrees, share
    double probability = std::numeric_limits<double>::quiet_NaN(); ///< mean of the classifier's
};

std::vector<PoseSample> longestTrack(const ObservedClip &clip)
{
    std::map<TrackId, std::vector<PoseSample>> tracks;
    for (std::size_t i = 0; i < clip.log.faces.size(); ++i) {
        const FaceObservations *faces = clip.log.facesAt(FrameIndex(i));
        for (const FaceObservation &face : faces ? *faces : FaceObservations{}) {
            if (face.landmarks)
                tracks[face.track].push_back({FrameIndex(i), i < clip.seconds.size() ? clip.seconds[i] : 0.0, *face.landmarks, 0.0, {}, false, {}});
        }
    }
    std::vector<PoseSample> best;
    for (auto &[id, samples] : tracks) {
        if (samples.size() > best.size())
            best = std::move(samples);
    }
    return best;
}

void keep(const std::vector<PoseSample> &samples, int source, ClipFigures &to)
{
    double since = -1.0;
    for (const PoseSample &s : samples) {
        if (s.usable)
            to.angles[std::size_t(source)].push_back(s.poses->angleRadians * kDegrees);
        if (!s.usable || s.poses->angleRadians * kDegrees <= linesOf(source).p99)
            since = -1.0;
        else if (since < 0.0)
            since = s.seconds;
        else
            to.longest[std::size_t(source)] = std::max(to.longest[std::size_t(source)], s.seconds - since);
    }
    if (const auto middle = median(to.angles[std::size_t(source)]))
        to.median[std::size_t(source)] = *middle;
}

std::vector<PoseSample> half(const std::vector<PoseSample> &samples, bool second)
{
    const auto middle = samples.begin() + std::ptrdiff_t(samples.size() / 2);
    return second ? std::vector<PoseSample>(middle, samples.end()) : std::vector<PoseSample>(samples.begin(), middle);
}

/// Head of the first half of the authentic clip of a source, for the second halves of all its clips.
using Enrolments = std::map<QString, OwnHead>;

void enrol(const FaceShapes &shapes, const ObservedClip &clip, Enrolments &to)
{
    auto samples = half(longestTrack(clip), false);
    findPoses(samples, Camera::assumed(clip.width, clip.height), neutralHead());
    if (auto head = headOfTrack(shapes, Camera::assumed(clip.width, clip.height), samples, 60))
        to.emplace(clip.source, std::move(*head));
}

/// Looks at the inner face alone; needs the clip itself.
void lookInside(const ObservedClip &clip, const Camera &camera, InnerLandmarks &network, std::vector<PoseSample> &samples, ClipFigures &to)
{
    ReaderOptions options;
    options.hashPlanes = false;
    auto reader = VideoReader::open(clip.file, options);
    if (!reader)
        return;
    auto at = samples.begin();
    for (FrameIndex i = 0; i < kInnerFrames; ++i) {
        (*reader)->wantPixels(i % kInnerEvery == 0);
        const auto picture = (*reader)->next();
        if (!picture || !*picture)
            break;
        at = std::find_if(at, samples.end(), [&](const PoseSample &s) { return s.frame >= i; });
        if (i % kInnerEvery != 0 || at == samples.end() || at->frame != i || !at->usable)
            continue;
        if (auto placed = network.place((*picture)->bgr, at->points))
            at->inner = *placed;
        if (const auto angle = innerAngle(*at, camera))
            to.angles[kInner].push_back(*angle * kDegrees);
    }
    if (to.angles[kInner].size() >= kFewestInner)
        to.median[kInner] = *median(to.angles[kInner]);
}

ClipFigures figuresOf(const FaceShapes &shapes, const PoseClassifier *classifier, const ObservedClip &clip, const Enrolments &enrolments,
                      InnerLandmarks *network)
{
    ClipFigures out{clip.name, clip.set, clip.source, clip.person, clip.manipulated};
    out.median.fill(std::numeric_limits<double>::quiet_NaN());
    const Camera camera = Camera::assumed(clip.width, clip.height);
    auto samples = longestTrack(clip);
    findPoses(samples, camera, neutralHead());
    out.usable = summarize(samples).usable;
    if (out.usable < kPoseLimits.fewestFrames)
        return out;
    keep(samples, 0, out);
    if (network)
        lookInside(clip, camera, *network, samples, out);
    if (classifier) {
        double sum = 0.0;
        for (const PoseSample &s : samples)
            sum += s.usable ? classifier->probability(*s.poses) : 0.0;
        out.probability = sum / double(out.usable);
    }
    if (const auto own = headOfTrack(shapes, camera, samples)) {
        findPoses(samples, camera, own->points);
        keep(samples, 1, out);
        if (const auto turns = summarize(samples).turns) {
            out.unexplained = turns->rmsRadians * kDegrees;
            out.explained = turns->explained;
        }
    }
    if (const auto enrolled = enrolments.find(clip.source); enrolled != enrolments.end()) {
        auto later = half(samples, true);
        findPoses(later, camera, enrolled->second.points);
        if (summarize(later).usable >= kPoseLimits.fewestFrames)
            keep(later, 2, out);
    }
    return out;
}

/// AUC with a 95 % interval from sources drawn with repetition.
void printArea(const char *what, const std::vector<const ClipFigures *> &clips, double (*score)(const ClipFigures &))
{
    std::map<QString, std::vector<const ClipFigures *>> sources;
    for (const ClipFigures *clip : clips) {
        if (std::isfinite(score(*clip)))
            sources[clip->source].push_back(clip);
    }
    const auto area = [&](const std::vector<const std::vector<const ClipFigures *> *> &drawn) -> std::optional<double> {
        std::vector<double> genuine, manipulated;
        for (const auto *source : drawn) {
            for (const ClipFigures *clip : *source)
                (clip->manipulated ? manipulated : genuine).push_back(score(*clip));
        }
        const auto found = rocArea(genuine, manipulated);
        return found ? std::optional(found->area) : std::nullopt;
    };
    std::vector<const std::vector<const ClipFigures *> *> all;
    for (const auto &[name, source] : sources)
        all.push_back(&source);
    const auto whole = area(all);
    if (!whole) {
        std::printf("  %-34s too few clips\n", what);
        return;
    }
    std::mt19937 random(1);
    std::vector<double> areas;
    for (int round = 0; round < 1000; ++round) {
        std::vector<const std::vector<const ClipFigures *> *> drawn;
        for (std::size_t i = 0; i < all.size(); ++i)
            drawn.push_back(all[random() % all.size()]);
        if (const auto one = area(drawn))
            areas.push_back(*one);
    }
    std::printf("  %-34s AUC %.2f  [%.2f, %.2f]  %zu sources\n", what, *whole, quantile(areas, 0.025).value_or(0), quantile(areas, 0.975).value_or(1), all.size());
}

/// Every second authentic source fits, the others report.
void printLines(const std::vector<ClipFigures> &clips)
{
    for (int source = 0; source < kSources; ++source) {
        std::vector<const ClipFigures *> genuine;
        for (const ClipFigures &c : clips) {
            if (!c.manipulated && c.set != QStringLiteral("demo") && std::isfinite(c.median[std::size_t(source)]))
                genuine.push_back(&c);
        }
        std::vector<double> fitMedians, fitFrames;
        std::vector<const ClipFigures *> held;
        for (std::size_t i = 0; i < genuine.size(); ++i) {
            if (i % 2 == 1) {
                held.push_back(genuine[i]);
                continue;
            }
            fitMedians.push_back(genuine[i]->median[std::size_t(source)]);
            // Each clip counts the same, however long.
            for (int q = 0; q < 200; ++q)
                fitFrames.push_back(*quantile(genuine[i]->angles[std::size_t(source)], (q + 0.5) / 200));
        }
        if (fitMedians.empty())
            continue;
        const GenuineLines &lines = linesOf(source);
        int events = 0;
        double worst = 0.0, aboveFrames = 0.0, frames = 0.0;
        int above = 0, aboveFit = 0;
        const ClipFigures *worstClip = nullptr;
        for (const ClipFigures *c : held) {
            above += c->median[std::size_t(source)] > lines.alarm;
            events += c->longest[std::size_t(source)] >= kEventSeconds;
            if (c->median[std::size_t(source)] > worst) {
                worst = c->median[std::size_t(source)];
                worstClip = c;
            }
            for (const double a : c->angles[std::size_t(source)]) {
                aboveFrames += a > lines.p99 ? 1 : 0;
                frames += 1;
            }
        }
        for (const double m : fitMedians)
            aboveFit += m > lines.alarm;
        std::printf("%-9s fitting half, %zu clips: medians up to %.2f; frames 95 %% %.2f, 99 %% %.2f\n", kSourceNames[source], fitMedians.size(),
                    *std::max_element(fitMedians.begin(), fitMedians.end()), *quantile(fitFrames, 0.95), *quantile(fitFrames, 0.99));
        std::printf("          other half, %zu clips: %d above the alarm line of %.1f (fitting half: %d), worst %.2f %s; %.1f %% of frames above the 99 %% line, %d clips with an event\n",
                    held.size(), above, lines.alarm, aboveFit, worst, worstClip ? qPrintable(worstClip->name) : "", 100.0 * aboveFrames / std::max(1.0, frames), events);
    }
}

} // namespace

bool printClips(const FaceShapes &shapes, const PoseClassifier *classifier, const QString &folder, const QString &landmarks)
{
    const auto observed = loadObservedClips(folder);
    if (!observed) {
        std::fprintf(stderr, "%s\n", qPrintable(observed.error().text()));
        return false;
    }
    Enrolments enrolments;
    for (const ObservedClip &clip : *observed) {
        if (!clip.manipulated)
            enrol(shapes, clip, enrolments);
    }
    std::unique_ptr<InnerLandmarks> network;
    if (!landmarks.isEmpty()) {
        const auto hashes = hashFile(landmarks);
        auto loaded = hashes ? InnerLandmarks::load(landmarks, hexText(hashes->sha256)) : Result<std::unique_ptr<InnerLandmarks>>(Failure{hashes.error()});
        if (!loaded) {
            std::fprintf(stderr, "%s\n", qPrintable(loaded.error().text()));
            return false;
        }
        network = std::move(*loaded);
    }
    std::vector<ClipFigures> clips;
    std::printf("\n%-52s %s frames  generic  track  enrolled  inner  unexplained  follows pose  P\n", "clip", "m");
    for (const ObservedClip &clip : *observed) {
        ClipFigures f = figuresOf(shapes, classifier, clip, enrolments, network.get());
        if (f.usable < kPoseLimits.fewestFrames) {
            std::printf("%-52s %d %5zu   cannot be judged\n", qPrintable(f.name), f.manipulated, f.usable);
            continue;
        }
        std::printf("%-52s %d %5zu %8.2f %7.2f %8.2f %8.2f %10.2f %12.2f %8.2f\n", qPrintable(f.name), f.manipulated, f.usable, f.median[0], f.median[1],
                    f.median[2], f.median[3], f.unexplained, f.explained, f.probability);
        clips.push_back(std::move(f));
    }
    std::printf("\nAuthentic clips\n");
    printLines(clips);
    for (const char *set : {"swap-pairs", "swap-ghost", "ffpp-dfdc", "reenactment", ""}) {
        std::vector<const ClipFigures *> some;
        for (const ClipFigures &c : clips) {
            if (c.set != QStringLiteral("demo") && (*set == 0 || c.set == QLatin1String(set)))
                some.push_back(&c);
        }
        std::printf("%s, %zu clips\n", *set ? set : "all sets", some.size());
        printArea("median angle, generic head", some, [](const ClipFigures &c) { return c.median[0]; });
        printArea("median angle, head of the track", some, [](const ClipFigures &c) { return c.median[1]; });
        printArea("median angle, enrolled head", some, [](const ClipFigures &c) { return c.median[2]; });
        if (network)
            printArea("median angle, inner face alone", some, [](const ClipFigures &c) { return c.median[3]; });
        printArea("unexplained turn", some, [](const ClipFigures &c) { return c.unexplained; });
        if (classifier)
            printArea("classifier, mean of frames", some, [](const ClipFigures &c) { return c.probability; });
    }
    return true;
}

} // namespace fw::accuracy
