// SPDX-License-Identifier: GPL-3.0-or-later
// What the highlights of both eyes (E6) and the inside of the mouth (M4) show of pixels that were changed on purpose.
// Usage: detail_accuracy FOLDER [PICTURES...]     FOLDER holds *.fwobs and *.mp4 of behaviour_observe, PICTURES are folders
// of photographs of large faces.
#include "behaviour/detail_edits.h"
#include "behaviour/observed_clip.h"

#include "base/paths.h"
#include "faces/corneal_highlights.h"
#include "faces/mouth_motion.h"
#include "media/video_reader.h"
#include "run/engine.h"
#include "stats/quantile.h"
#include "stats/ranking.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <QCoreApplication>
#include <QDir>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <deque>
#include <map>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::accuracy;

namespace {

constexpr FrameIndex kMostFrames = 1500, kEvery = 5;
constexpr std::size_t kFewestLooks = 10, kKeptMouths = 10;
constexpr double kQuiet = 0.25, kFloor = 0.25; // as the method has them
constexpr std::array<const char *, 4> kMouths{"as it is", "noise of 8 grey levels", "brightness by 10 %", "of another frame"};

const FaceObservation *faceOf(const std::optional<FaceObservations> &faces, TrackId track)
{
    for (std::size_t i = 0; faces && i < faces->size(); ++i)
        if ((*faces)[i].track == track && (*faces)[i].landmarks)
            return &(*faces)[i];
    return nullptr;
}

TrackId longest(const ObservedClip &clip)
{
    std::map<TrackId, int> counts;
    for (const auto &faces : clip.log.faces)
        for (std::size_t i = 0; faces && i < faces->size(); ++i)
            ++counts[(*faces)[i].track];
    TrackId best{};
    int most = 0;
    for (const auto &[track, count] : counts)
        if (count > most)
            std::tie(best, most) = std::pair(track, count);
    return best;
}

struct Look
{
    std::array<cv::Mat, kMouths.size()> greys;
    Landmarks68 points;
};

/// M4 of the clip as it is and with each kind of mouth; not-a-number with fewer than ten looks.
std::array<double, kMouths.size()> mouthsOf(const ObservedClip &clip, const QString &video, float *largestIris)
{
    std::array<std::vector<double>, kMouths.size()> changes;
    std::optional<Look> last;
    std::deque<std::pair<cv::Mat, Landmarks68>> seen;
    cv::RNG random(1);
    const TrackId track = longest(clip);
    auto reader = VideoReader::open(video, {.hashPlanes = false});
    for (FrameIndex i = 0; reader && i < FrameIndex(clip.log.faces.size()) && i < kMostFrames; ++i) {
        const auto picture = (*reader)->next();
        if (!picture || !*picture)
            break;
        const FaceObservation *face = faceOf(clip.log.faces[std::size_t(i)], track);
        if (face && face->eyeImageLeft && face->eyeImageRight)
            *largestIris = std::max(*largestIris, std::min(face->eyeImageLeft->irisRadius, face->eyeImageRight->irisRadius));
        const bool looks = i % kEvery == 0;
        if (!face || (!looks && (i + 1) % kEvery != 0)) {
            last.reset();
            continue;
        }
        Look now;
        now.points = *face->landmarks;
        cv::cvtColor((*picture)->bgr, now.greys[0], cv::COLOR_BGR2GRAY);
        now.greys[1] = withNoisyMouth(now.greys[0], now.points, 8.0, random);
        now.greys[2] = withFlickeringMouth(now.greys[0], now.points, 0.1, random);
        const auto pick = std::size_t(random.uniform(0, int(std::max<std::size_t>(1, seen.size()))));
        now.greys[3] = seen.empty() ? now.greys[0] : withMouthOf(now.greys[0], now.points, seen[pick].first, seen[pick].second);
        for (std::size_t k = 0; looks && last && k < changes.size(); ++k) {
            const auto flow = faceFlow(last->greys[k], last->points, now.greys[k], now.points);
            if (const auto motion = flow ? mouthMotion(*flow, last->points, now.points) : std::nullopt)
                changes[k].push_back(std::log((double(motion->mouth) + kFloor) / (double(motion->cheek) + kFloor)));
        }
        if (!looks && cv::norm(now.points[62] - now.points[66]) > 0.06 * eyeCornerDistance(now.points)) {
            seen.emplace_back(now.greys[0], now.points);
            if (seen.size() > kKeptMouths)
                seen.pop_front();
        }
        last = looks ? std::nullopt : std::optional<Look>(std::move(now));
    }
    std::array<double, kMouths.size()> out;
    for (std::size_t k = 0; k < out.size(); ++k)
        out[k] = changes[k].size() >= kFewestLooks ? quantile(changes[k], kQuiet).value_or(std::nan("")) : std::nan("");
    return out;
}

void mouths(const std::vector<ObservedClip> &clips, const QDir &folder)
{
    std::array<std::vector<double>, kMouths.size()> genuine;
    std::vector<double> manipulated;
    std::array<int, kMouths.size()> higher{};
    float largestIris = 0.0f;
    for (const ObservedClip &clip : clips) {
        const QString video = folder.filePath(QString(clip.name).replace(u'/', u"__"_s) + u".mp4"_s);
        const auto values = mouthsOf(clip, video, &largestIris);
        if (std::isnan(values[0]))
            continue;
        if (clip.manipulated) {
            manipulated.push_back(values[0]);
            continue;
        }
        for (std::size_t k = 0; k < values.size(); ++k) {
            genuine[k].push_back(values[k]);
            higher[k] += values[k] > values[0];
        }
    }
    std::printf("M4: %zu genuine and %zu manipulated clips with ten looks into an open mouth\n", genuine[0].size(), manipulated.size());
    if (genuine[0].size() < 3)
        return;
    const double most = *std::max_element(genuine[0].begin(), genuine[0].end());
    std::printf("  as they are: from %.2f to %.2f, median %.2f\n", *std::min_element(genuine[0].begin(), genuine[0].end()), most, *median(genuine[0]));
    for (std::size_t k = 1; k < kMouths.size(); ++k) {
        const auto above = std::count_if(genuine[k].begin(), genuine[k].end(), [&](double v) { return v > most; });
        std::printf("  mouth %-24s area %.2f  above every clip as it is: %td of %zu  higher than without: %d\n", kMouths[k],
                    rocArea(genuine[0], genuine[k])->area, above, genuine[k].size(), higher[k]);
    }
    if (manipulated.size() >= 3)
        std::printf("  manipulated clips: area %.2f, median %.2f\n", rocArea(genuine[0], manipulated)->area, *median(manipulated));
    std::printf("largest iris in a clip: radius %.1f px (E6 needs %.0f)\n", double(largestIris), double(kHighlightIrisRadius));
}

struct Portrait
{
    cv::Mat grey;
    FaceObservation face;
};

/// The largest face of each picture, enlarged by `factor`.
std::vector<Portrait> portraitsIn(const QString &folder, PluginRegistry &registry, double factor)
{
    std::vector<Portrait> out;
    for (const QString &name : QDir(folder).entryList({u"*.jpg"_s, u"*.png"_s}, QDir::Files, QDir::Name)) {
        RunRequest request;
        request.path = QDir(folder).filePath(name);
        for (const char *id : {"faces", "eyes"})
            request.methods.push_back({u"org.framewitness."_s + QString::fromLatin1(id), {}});
        RunListener silent;
        const auto outcome = runAnalyses(registry, request, nullptr, silent, {});
        const FaceObservations *faces = outcome ? outcome->observations.facesAt(0) : nullptr;
        if (!faces || faces->empty())
            continue;
        Portrait p{cv::imread(request.path.toStdString(), cv::IMREAD_GRAYSCALE),
                   *std::max_element(faces->begin(), faces->end(),
                                     [](const FaceObservation &a, const FaceObservation &b) { return a.box.area() < b.box.area(); })};
        if (!p.face.eyeImageLeft || !p.face.eyeImageRight)
            continue;
        cv::resize(p.grey, p.grey, {}, factor, factor, cv::INTER_LINEAR);
        for (EyeObservation *eye : {&*p.face.eyeImageLeft, &*p.face.eyeImageRight}) {
            eye->iris *= factor;
            eye->irisRadius *= float(factor);
            for (cv::Point2f &lid : eye->lids)
                lid *= factor;
        }
        out.push_back(std::move(p));
    }
    return out;
}

void highlights(const QString &folder, PluginRegistry &registry, double factor)
{
    const std::vector<Portrait> portraits = portraitsIn(folder, registry, factor);
    std::vector<double> plain;
    std::array<std::vector<double>, 3> edited;
    const Portrait *before = nullptr;
    for (const Portrait &p : portraits) {
        const auto agreement = highlightAgreement(p.grey, p.face);
        if (!agreement)
            continue;
        plain.push_back(double(*agreement));
        for (const IrisEdit edit : {IrisEdit::Mirrored, IrisEdit::TurnedAround, IrisEdit::OfAnother}) {
            if (edit == IrisEdit::OfAnother && !before)
                continue;
            const Portrait &other = before ? *before : p;
            if (const auto changed = highlightAgreement(withOtherIris(p.grey, p.face, edit, other.grey, other.face), p.face))
                edited[std::size_t(edit)].push_back(double(*changed));
        }
        before = &p;
    }
    std::printf("E6: %s, enlarged %.2f times: %zu faces, measured in %zu:", qPrintable(QDir(folder).dirName()), factor, portraits.size(), plain.size());
    for (const auto *values : {&plain, &edited[0], &edited[1], &edited[2]}) {
        std::printf("%s", values == &plain ? "" : values == &edited[0] ? "  | mirrored" : values == &edited[1] ? "  | turned around" : "  | of another");
        for (const double v : *values)
            std::printf(" %.2f", v);
    }
    std::printf("\n");
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    if (app.arguments().size() < 2) {
        std::fprintf(stderr, "name the folder with the observed clips\n");
        return 2;
    }
    limitInnerThreads();
    const auto clips = loadObservedClips(app.arguments().at(1));
    if (!clips) {
        std::fprintf(stderr, "%s\n", qPrintable(clips.error().text()));
        return 1;
    }
    mouths(*clips, QDir(app.arguments().at(1)));
    const InstallPaths paths = InstallPaths::ofProgram();
    PluginRegistry registry;
    registry.scan(paths.pluginFolders(), paths.models());
    for (const QString &folder : app.arguments().mid(2))
        for (const double factor : {1.0, 1.3})
            highlights(folder, registry, factor);
    return 0;
}
