// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/background.h"
#include "render/demo/check.h"
#include "render/demo/ffmpeg.h"
#include "render/demo/motion.h"
#include "render/demo/paste.h"
#include "render/demo/truth_file.h"
#include "render/renderer.h"

#include <opencv2/calib3d.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

#include <cmath>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::render;

namespace {

constexpr std::uint64_t kPerformanceSeed = 15, kRoomSeed = 5, kNoiseSeed = 1000;
constexpr double kSensorNoise = 1.3; // grey levels
constexpr int kCutFrames = 6;
constexpr double kPasteDegrees = 36;
const cv::Vec3d kPasteAxis(0.80, 0.55, 0.25);

/// The one whom the clip shows.
Person shownPerson()
{
    Person person;
    person.identity = {0.25f, -0.3f, 0.35f, -0.2f, 0.3f, 0.4f, -0.3f, 0.2f};
    person.looks.seed = 11;
    return person;
}

/// The one whose inner face is pasted into the doctored clip.
Person pastedPerson()
{
    Person person;
    person.identity = {0.8f, -0.9f, 0.7f, -0.8f, 0.6f, -0.7f, -0.9f, 0.8f, -0.6f, 0.5f};
    person.looks.seed = 23;
    person.looks.melanin = 0.33f;
    person.looks.blood = 0.4f;
    person.looks.stubble = 0.25f;
    person.looks.hairLength = 0; // outside the part that is pasted, and only in its way
    person.looks.iris = {0.10f, 0.055f, 0.025f};
    return person;
}

/// The part of the picture that holds the face: the pasted person needs no more drawn than this.
cv::Rect faceRegion(const Truth &truth, cv::Size size)
{
    const std::vector<cv::Point2f> points(truth.points.begin(), truth.points.end());
    const cv::Rect box = cv::boundingRect(points);
    const int margin = box.width / 4;
    return (box + cv::Point(-margin, -margin) + cv::Size(2 * margin, 2 * margin)) &
           cv::Rect(cv::Point(), size);
}

/// Everything that is decided before the first picture is drawn.
struct Script
{
    PerformanceOptions options;
    Performance performance;
    cv::Vec3d paste;
    Cut cut;

    explicit Script(const FaceKit &kit, int frames)
    {
        options.seed = kPerformanceSeed;
        options.frames = frames;
        performance = perform(kit, options);
        paste = cv::normalize(kPasteAxis) * (kPasteDegrees * CV_PI / 180);
        cut = chooseCut();
    }

    /// Six frames near the middle in which the head turns fast and the eyes are open.
    Cut chooseCut() const
    {
        const int n = options.frames;
        Cut best{n / 2, n / 2 + kCutFrames};
        double fastest = 0;
        for (int begin = n * 2 / 5; begin + kCutFrames < n * 3 / 5; ++begin) {
            const double from = (begin - 3) / options.framesPerSecond;
            const double to = (begin + kCutFrames + 3) / options.framesPerSecond;
            bool blinking = false;
            for (const Blink &b : performance.blinks)
                blinking = blinking || (b.end > from && b.onset < to);
            const double turned =
                std::abs(performance.yaw[begin + kCutFrames] - performance.yaw[begin - 1]);
            if (!blinking && turned > fastest) {
                fastest = turned;
                best = {begin, begin + kCutFrames};
            }
        }
        return best;
    }

    /// The other person's shot: same moment, eyes open, head turned wrongly about its middle.
    Shot pastedShot(int frame) const
    {
        Shot shot = performance.unblinking[frame];
        cv::Matx33d wrong;
        cv::Rodrigues(paste, wrong);
        shot.head.rotation = shot.head.rotation * wrong;
        return shot;
    }

    ClipTruth truthOf(bool doctored, const Renderer &shown) const
    {
        ClipTruth clip;
        clip.file = doctored ? u"demo-doctored.mp4"_s : u"demo.mp4"_s;
        for (int i = 0; i < options.frames; ++i) {
            if (doctored && i >= cut.begin && i < cut.end)
                continue;
            clip.source.push_back(i);
            clip.frames.push_back(
                shown.measure(doctored ? performance.unblinking[i] : performance.shots[i]));
        }
        if (doctored) {
            clip.cut = cut;
            clip.paste = paste;
        } else {
            clip.blinks = performance.blinks;
        }
        return clip;
    }
};

Result<void> writeTruth(const QString &path, const Script &script, const FaceKit &kit,
                        const Renderer &shown)
{
    const double rate = script.options.framesPerSecond;
    QJsonArray blinks;
    for (const Blink &b : script.performance.blinks)
        blinks.append(QJsonArray{std::round(b.onset * 1000) / 1000,
                                 std::round(b.apex * 1000) / 1000,
                                 std::round(b.end * 1000) / 1000});
    const QJsonObject file{
        {u"about"_s,
         u"Truth of the demo clips. Angles in degrees (pitch down, yaw to image left, roll "
         "clockwise), lengths in millimetres in camera axes, times in seconds, frame "
         "ranges half-open. pose: pitch, yaw, roll, x, y, z for each frame; "
         "eyeAspectRatio: image-left and image-right eye; blinks: onset, apex, end; "
         "cut: frames of the performance that are missing; model: 68 neutral points."_s},
        {u"width"_s, script.options.size.width},
        {u"height"_s, script.options.size.height},
        {u"focalLengthPixels"_s, script.options.size.width},
        {u"model"_s, modelPointsToJson(kit)},
        {u"performance"_s, QJsonObject{{u"seed"_s, static_cast<int>(kPerformanceSeed)},
                                       {u"frames"_s, script.options.frames},
                                       {u"blinks"_s, blinks}}},
        {u"clips"_s, QJsonArray{clipTruthToJson(script.truthOf(false, shown), rate),
                                clipTruthToJson(script.truthOf(true, shown), rate)}}};
    QSaveFile out(path);
    if (!out.open(QIODevice::WriteOnly))
        return fail(Errc::Unwritable, out.errorString(), path);
    out.write(QJsonDocument(file).toJson(QJsonDocument::Compact) + '\n');
    if (!out.commit())
        return fail(Errc::Unwritable, out.errorString(), path);
    return {};
}

Result<void> makeClips(std::shared_ptr<const FaceKit> kit, const QString &folder, int frames)
{
    const Script script(*kit, frames);
    const Renderer shown(kit, shownPerson()), pasted(kit, pastedPerson());
    const cv::Mat room = makeRoom(script.options.size, kRoomSeed);
    const QDir out(folder);
    if (const auto written = writeTruth(out.filePath(u"demo-truth.json"_s), script, *kit, shown);
        !written)
        return written;
    const double rate = script.options.framesPerSecond;
    ClipWriter clean, doctored;
    if (auto opened = clean.open(out.filePath(u"demo.mp4"_s), script.options.size, rate, {});
        !opened)
        return opened;
    if (auto opened = doctored.open(out.filePath(u"demo-doctored.mp4"_s), script.options.size, rate,
                                    script.cut);
        !opened)
        return opened;
    for (int i = 0; i < frames; ++i) {
        Shot shot = script.performance.shots[i], wrong = script.pastedShot(i);
        shot.background = room;
        Picture picture = shown.render(shot);
        const cv::Rect region = faceRegion(pasted.measure(wrong), script.options.size);
        wrong.camera.size = region.size();
        wrong.camera.centre -= cv::Point2d(region.tl());
        Picture other = pasted.render(wrong);
        cv::Mat swapped = picture.image.clone();
        pasteInnerFace(other.image, other.truth.points, swapped,
                       shown.measure(script.performance.unblinking[i]).points);
        addSensorNoise(picture.image, kSensorNoise, kNoiseSeed + 2 * static_cast<std::uint64_t>(i));
        addSensorNoise(swapped, kSensorNoise, kNoiseSeed + 1 + 2 * static_cast<std::uint64_t>(i));
        if (auto written = clean.write(picture.image); !written)
            return written;
        if (auto written = doctored.write(swapped); !written)
            return written;
        std::fprintf(stderr, "\rframe %d of %d", i + 1, frames);
    }
    std::fputc('\n', stderr);
    if (auto closed = clean.close(); !closed)
        return closed;
    return doctored.close();
}

Result<void> check(const QString &clip, const std::shared_ptr<const FaceKit> &kit,
                   const QString &predictor, bool trace)
{
    const QFileInfo info(clip);
    auto known = readKnownClip(info.dir().filePath(u"demo-truth.json"_s), info.fileName());
    if (!known)
        return Failure{known.error()};
    if (kit) { // the same head again, for its landmarks
        const bool doctored = !known->blinksShown;
        const int frames = static_cast<int>(known->times.size()) + (doctored ? kCutFrames : 0);
        const ClipTruth truth =
            Script(*kit, frames).truthOf(doctored, Renderer(kit, shownPerson(), 64));
        for (const Truth &frame : truth.frames)
            known->points.push_back(frame.points);
    }
    return checkClip(clip, *known, predictor, trace);
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Makes the two demo clips, or checks one of them."_s);
    parser.addHelpOption();
    parser.addOptions({
        {u"facekit"_s, u"Folder of the ICT-FaceKit arrays."_s, u"folder"_s},
        {u"out"_s, u"Folder that gets the clips and their truth."_s, u"folder"_s},
        {u"frames"_s, u"Length of the performance."_s, u"count"_s, u"300"_s},
        {u"check"_s, u"A finished clip to look at; with --facekit also its landmarks."_s,
         u"clip"_s},
        {u"predictor"_s, u"dlib's 68-point model for --check."_s, u"file"_s,
         u"/usr/share/dlib/shape_predictor_68_face_landmarks.dat"_s},
        {u"trace"_s, u"Print every frame of the check."_s},
        {u"threads"_s, u"Threads that draw."_s, u"count"_s, u"2"_s},
    });
    parser.process(application);
    cv::setNumThreads(parser.value(u"threads"_s).toInt());

    const auto failed = [](const Error &error) {
        std::fprintf(stderr, "%s\n", qPrintable(error.text()));
        return 1;
    };
    std::shared_ptr<const FaceKit> kit;
    if (parser.isSet(u"facekit"_s)) {
        auto loaded = FaceKit::load(parser.value(u"facekit"_s).toStdString());
        if (!loaded)
            return failed(loaded.error());
        kit = std::make_shared<const FaceKit>(std::move(loaded).value());
    }
    if (parser.isSet(u"check"_s)) {
        const auto checked = check(parser.value(u"check"_s), kit, parser.value(u"predictor"_s),
                                   parser.isSet(u"trace"_s));
        return checked ? 0 : failed(checked.error());
    }
    if (!kit || !parser.isSet(u"out"_s))
        parser.showHelp(2);
    const auto made = makeClips(kit, parser.value(u"out"_s), parser.value(u"frames"_s).toInt());
    return made ? 0 : failed(made.error());
}
