// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "base/json.h"
#include "base/numbers.h"
#include "base/paths.h"
#include "base/version.h"
#include "cli/options.h"
#include "faces/alignment.h"
#include "faces/head_pose.h"
#include "faces/own_head.h"
#include "run/engine.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QSaveFile>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw::cli {
namespace {

const QString kFaces = u"org.framewitness.faces"_s;
constexpr double kMostYaw = 30.0, kMostPitch = 20.0; ///< degrees
constexpr double kLeastEyeCorners = 60.0;            ///< px
constexpr double kMostRms = 0.06;                    ///< of the distance between the eye corners
constexpr std::size_t kFewestViews = 30;
constexpr std::size_t kMostViews = 120;
/// Two halves of good footage agree better than this.
constexpr double kHalvesMm = 2.0;

struct Footage
{
    Camera camera;
    std::vector<Landmarks68> views;
};

/// The views of the face that is seen most, within the limits of the head pose method.
Result<Footage> viewsOf(PluginRegistry &registry, const QString &path, std::stop_token stop)
{
    RunRequest request;
    request.path = path;
    request.methods = {{kFaces, {}}};
    RunListener silent;
    const auto outcome = runAnalyses(registry, request, nullptr, silent, stop);
    if (!outcome)
        return Failure{outcome.error()};
    const StreamFacts *video = outcome->media.video();
    if (!video)
        return fail(Errc::Unsupported, u"the file holds no picture"_s, path);
    Footage footage{Camera::assumed(video->width, video->height), {}};
    std::map<TrackId, std::vector<Landmarks68>> tracks;
    for (FrameIndex i = 0; i < outcome->ledger.count(); ++i) {
        const FaceObservations *faces = outcome->observations.facesAt(i);
        for (const FaceObservation &face : faces ? *faces : FaceObservations{}) {
            if (!face.landmarks || eyeCornerDistance(*face.landmarks) < kLeastEyeCorners)
                continue;
            const auto pose = fitHeadPose(*face.landmarks, footage.camera);
            if (!pose || pose->rmsPixels > kMostRms * eyeCornerDistance(*face.landmarks))
                continue;
            const EulerAngles turn = eulerAngles(pose->rotation);
            if (std::abs(turn.yawRadians) * kDegrees <= kMostYaw && std::abs(turn.pitchRadians) * kDegrees <= kMostPitch)
                tracks[face.track].push_back(*face.landmarks);
        }
    }
    for (auto &[id, views] : tracks) {
        if (views.size() > footage.views.size())
            footage.views = std::move(views);
    }
    if (footage.views.size() < kFewestViews)
        return fail(Errc::BadData, u"the face is seen well in %1 frames only, %2 are needed"_s.arg(footage.views.size()).arg(kFewestViews), path);
    return footage;
}

std::vector<Landmarks68> spread(const std::vector<Landmarks68> &views, std::size_t most)
{
    const std::size_t count = std::min(most, views.size());
    std::vector<Landmarks68> chosen;
    for (std::size_t k = 0; k < count; ++k)
        chosen.push_back(views[(2 * k + 1) * views.size() / (2 * count)]);
    return chosen;
}

int enrol(const QString &target, const QString &name, const QStringList &files, std::stop_token stop)
{
    const InstallPaths paths = InstallPaths::ofProgram();
    PluginRegistry registry;
    registry.scan(paths.pluginFolders(), paths.models());
    const auto shapes = FaceShapes::load(paths.models() + u"/head/ict-head.fwh"_s);
    if (!shapes) {
        err(shapes.error().text());
        return kNotAnalysed;
    }
    HeadFile file;
    file.name = name.isEmpty() ? QFileInfo(target).completeBaseName() : name;
    file.madeBy = u"framewitness "_s + QStringLiteral(FW_VERSION);
    std::vector<Footage> footage;
    for (const QString &path : files) {
        auto found = viewsOf(registry, path, stop);
        if (!found && found.error().code == Errc::Cancelled)
            return kCancelled;
        const auto hashes = hashFile(path, stop);
        if (!found || !hashes) {
            err(u"left out %1: %2"_s.arg(path, found ? hashes.error().text() : found.error().text()));
            continue;
        }
        out(u"%1: %2 views"_s.arg(path).arg(found->views.size()));
        file.sources.append(u"%1: %2"_s.arg(QFileInfo(path).fileName(), hexText(hashes->sha256)));
        footage.push_back(std::move(*found));
    }
    // One camera for all: heads of clips of another size are brought to its scale.
    std::vector<Landmarks68> all, halves[2];
    for (const Footage &f : footage) {
        const std::vector<Landmarks68> views = spread(f.views, std::max(kFewestViews, kMostViews / footage.size()));
        for (std::size_t k = 0; k < views.size(); ++k) {
            Landmarks68 scaled = views[k];
            for (cv::Point2f &p : scaled)
                p = footage.front().camera.centre + (cv::Point2d(p) - f.camera.centre) * (footage.front().camera.focal / f.camera.focal);
            all.push_back(scaled);
            halves[footage.size() > 1 ? std::size_t(&f - footage.data()) % 2 : 2 * k / views.size()].push_back(scaled);
        }
    }
    if (all.empty()) {
        err(u"framewitness head: no clip shows the face well enough"_s);
        return kNotAnalysed;
    }
    const Camera camera = footage.front().camera;
    const auto head = fitOwnHead(*shapes, camera, all, wholeFacePoints());
    const auto first = fitOwnHead(*shapes, camera, halves[0], wholeFacePoints()), second = fitOwnHead(*shapes, camera, halves[1], wholeFacePoints());
    if (!head) {
        err(u"framewitness head: "_s + head.error().text());
        return kNotAnalysed;
    }
    file.head = *head;
    file.halvesDifferMm = first && second ? meanDistanceMm(first->points, second->points) : 0.0;
    QSaveFile written(target);
    const QByteArray bytes = QJsonDocument(toJson(file)).toJson();
    if (!written.open(QIODevice::WriteOnly) || written.write(bytes) != bytes.size() || !written.commit()) {
        err(u"%1: %2"_s.arg(target, written.errorString()));
        return kNotWritten;
    }
    out(u"%1: %2 views of %3 clips, the head leaves %4 px; heads of two halves differ by %5 mm"_s.arg(file.name).arg(file.head.views)
            .arg(footage.size()).arg(file.head.rmsPixels, 0, 'f', 2).arg(file.halvesDifferMm, 0, 'f', 2));
    if (file.halvesDifferMm > kHalvesMm)
        err(u"warning: the two halves differ: the clips may show several people, or lenses that differ from each other"_s);
    return kDone;
}

int show(const QStringList &files)
{
    int code = kDone;
    for (const QString &path : files) {
        const auto object = readJsonObject(path);
        const auto file = object ? headFileFromJson(*object, path) : Result<HeadFile>(Failure{object.error()});
        if (!file) {
            err(file.error().text());
            code = kNotAnalysed;
            continue;
        }
        out(u"%1: %2, %3 views, leaves %4 px, halves differ by %5 mm, made by %6"_s.arg(path, file->name).arg(file->head.views)
                .arg(file->head.rmsPixels, 0, 'f', 2).arg(file->halvesDifferMm, 0, 'f', 2).arg(file->madeBy));
        for (const QString &source : file->sources)
            out(u"  "_s + source);
    }
    return code;
}

} // namespace

int head(const QStringList &arguments, std::stop_token stop)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Keeps the shape of a person's head, for comparing head poses.\n"
        "  framewitness head --enrol ANNA.fwhead CLIP...       from authentic clips of one person, the face that is seen most in each\n"
        "  framewitness head ANNA.fwhead                       says what such a file was made from\n"
        "  framewitness analyze CLIP --methods head_pose:enrolment=ANNA.fwhead\n"
        "The file holds 68 points in millimetres, the names and hashes of the clips, and no picture."_s);
    parser.addPositionalArgument(u"head"_s, u"The command."_s);
    parser.addPositionalArgument(u"FILE..."_s, u"Clips to enrol, or head files to describe."_s);
    const QCommandLineOption enrolOption(u"enrol"_s, u"Write the head of the person in the clips."_s, u"F.fwhead"_s);
    const QCommandLineOption name(u"name"_s, u"What to call the person; the file's name by default."_s, u"TEXT"_s);
    parser.addOptions({enrolOption, name});
    if (const auto over = readOptions(parser, arguments))
        return *over;
    const QStringList files = parser.positionalArguments();
    if (files.isEmpty()) {
        err(u"framewitness head: give clips and --enrol, or a head file (see framewitness head --help)"_s);
        return kUsage;
    }
    return parser.isSet(enrolOption) ? enrol(parser.value(enrolOption), parser.value(name), files, stop) : show(files);
}

} // namespace fw::cli
