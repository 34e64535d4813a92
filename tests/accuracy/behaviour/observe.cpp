// SPDX-License-Identifier: GPL-3.0-or-later
// Makes comparable clips of the talking heads in FW_SHARED (halves of side-by-side pairs cut apart,
// everything through the same last encoder) and keeps what the observers measure on them.
// Usage: behaviour_observe FOLDER [--only WORD]     FOLDER receives *.mp4 and *.fwobs; what is there stays.
#include "behaviour/observed_clip.h"

#include "base/paths.h"
#include "run/engine.h"
#include "test_data.h"

#include <QCoreApplication>
#include <QCommandLineParser>
#include <QDirIterator>

#include <cstdio>
#include <vector>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::accuracy;

namespace {

struct ClipToObserve
{
    ObservedClip facts; ///< without measurements
    QString from;       ///< the file as it came
    QString crop;       ///< ffmpeg's crop filter; empty for the whole picture
};

QString shortName(const QString &path)
{
    QString name = QFileInfo(path).completeBaseName();
    return name.replace(QRegularExpression(u"[^A-Za-z0-9_-]+"_s), u"_"_s);
}

ClipToObserve clipOf(const QString &set, const QString &path, const QString &person, bool manipulated)
{
    ClipToObserve clip;
    clip.from = path;
    clip.facts.set = set;
    clip.facts.source = set + u'/' + shortName(path);
    clip.facts.name = clip.facts.source;
    clip.facts.person = person;
    clip.facts.manipulated = manipulated;
    return clip;
}

QStringList filesIn(const QString &folder)
{
    QStringList files;
    QDirIterator it(test::shared(folder), QDir::Files, QDirIterator::Subdirectories);
    while (it.hasNext()) {
        const QString path = it.next();
        if (QStringList{u"mp4"_s, u"avi"_s, u"wmv"_s, u"webm"_s}.contains(QFileInfo(path).suffix().toLower()))
            files.append(path);
    }
    files.sort();
    return files;
}

/// The material as its names describe it.
std::vector<ClipToObserve> allClips()
{
    std::vector<ClipToObserve> clips;
    for (const QString &path : filesIn(u"video-real"_s)) {
        if (!path.contains(u"no_face"_s) && !path.contains(u"multi_face"_s))
            clips.push_back(clipOf(u"real"_s, path, shortName(path), false));
    }
    for (const QString &path : filesIn(u"video-swap-pairs"_s)) {
        for (const bool swapped : {false, true}) {
            ClipToObserve clip = clipOf(u"swap-pairs"_s, path, {}, swapped);
            clip.facts.person = clip.facts.source; // the person filmed differs from clip to clip
            clip.facts.name += swapped ? u"/swapped"_s : u"/original"_s;
            clip.crop = swapped ? u"crop=floor(iw/4)*2:floor(ih/2)*2:iw/2:0"_s
                                : u"crop=floor(iw/4)*2:floor(ih/2)*2:0:0"_s;
            clips.push_back(std::move(clip));
        }
    }
    for (const QString &path : filesIn(u"video-swap-ghost"_s)) {
        ClipToObserve clip = clipOf(u"swap-ghost"_s, path, u"swap-ghost"_s, path.contains(u"mark"_s));
        clip.facts.source = u"swap-ghost/orig"_s;
        clips.push_back(std::move(clip));
    }
    for (const QString &path : filesIn(u"video-ffpp-dfdc"_s)) {
        const QString name = QFileInfo(path).fileName();
        ClipToObserve clip = clipOf(u"ffpp-dfdc"_s, path, {}, !name.startsWith(u"original"_s) && !name.startsWith(u"knq"_s));
        // manipulated_Deepfakes__519_515: the footage is that of 519
        const auto number = QRegularExpression(u"__(\\d{3})"_s).match(name);
        clip.facts.source = u"ffpp-dfdc/"_s + (number.hasMatch() ? number.captured(1) : shortName(path));
        clip.facts.person = clip.facts.source;
        clips.push_back(std::move(clip));
    }
    for (const QString &path : filesIn(u"video-reenactment"_s))
        clips.push_back(clipOf(u"reenactment"_s, path, shortName(path), path.contains(u"/fake/"_s)));
    for (ClipToObserve &clip : clips) {
        if (clip.facts.set == u"reenactment"_s && clip.facts.manipulated)
            clip.facts.source = clip.facts.person = u"reenactment/art_0"_s; // four films from one painting
    }
    return clips;
}

/// Everything gets the same last encoder, so that it cannot tell original and manipulated apart.
QString encode(const ClipToObserve &clip, const QString &target)
{
    const QString filter = clip.crop.isEmpty() ? u"crop=floor(iw/2)*2:floor(ih/2)*2:0:0"_s : clip.crop;
    return test::ffmpeg({u"-i"_s, clip.from, u"-an"_s, u"-vf"_s, filter, u"-pix_fmt"_s, u"yuv420p"_s,
                         u"-fps_mode"_s, u"passthrough"_s, u"-c:v"_s, u"libx264"_s, u"-preset"_s, u"veryfast"_s,
                         u"-crf"_s, u"18"_s, target});
}

Result<ObservedClip> observe(PluginRegistry &registry, ObservedClip clip)
{
    RunRequest request;
    request.path = clip.file;
    for (const char *id : {"faces", "eyes", "expression", "appearance"})
        request.methods.push_back({u"org.framewitness."_s + QString::fromLatin1(id), {}});
    RunListener silent;
    auto outcome = runAnalyses(registry, request, nullptr, silent, {});
    if (!outcome)
        return Failure{outcome.error()};
    for (const MethodResult &result : outcome->results) {
        if (result.state == RunState::Failed)
            return fail(Errc::Plugin, result.record.pluginId + u": "_s + result.reason, clip.file);
    }
    const StreamFacts *video = outcome->media.video();
    clip.width = video->width;
    clip.height = video->height;
    for (FrameIndex i = 0; i < outcome->ledger.count(); ++i)
        clip.seconds.push_back(outcome->ledger.seconds(i));
    if (clip.seconds.size() > 1)
        clip.rate = double(clip.seconds.size() - 1) / clip.seconds.back();
    clip.log = std::move(outcome->observations);
    return clip;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addPositionalArgument(u"FOLDER"_s, u"receives the clips and what was measured on them"_s);
    const QCommandLineOption only(u"only"_s, u"only clips whose name holds this"_s, u"WORD"_s);
    parser.addOption(only);
    parser.addHelpOption();
    parser.process(app);
    if (parser.positionalArguments().size() != 1 || !QDir(test::shared({})).exists()) {
        std::fprintf(stderr, "name one folder, and in FW_SHARED the real material\n");
        return 2;
    }
    const QDir folder(parser.positionalArguments().first());
    folder.mkpath(u"."_s);
    limitInnerThreads();
    const InstallPaths paths = InstallPaths::ofProgram();
    PluginRegistry registry;
    registry.scan(paths.pluginFolders(), paths.models());
    int failed = 0;
    for (ClipToObserve &clip : allClips()) {
        if (parser.isSet(only) && !clip.facts.name.contains(parser.value(only)))
            continue;
        const QString base = folder.filePath(QString(clip.facts.name).replace(u'/', u"__"_s));
        if (QFile::exists(base + u".fwobs"_s))
            continue;
        clip.facts.file = base + u".mp4"_s;
        QString reason = QFile::exists(clip.facts.file) ? QString() : encode(clip, clip.facts.file);
        if (reason.isEmpty()) {
            const auto seen = observe(registry, clip.facts);
            const auto saved = seen ? save(*seen, base + u".fwobs"_s) : Result<void>(Failure{seen.error()});
            if (!saved)
                reason = saved.error().text();
            else
                std::printf("%-60s %5zu frames  %dx%d\n", qPrintable(clip.facts.name), seen->seconds.size(),
                            seen->width, seen->height);
        }
        if (!reason.isEmpty()) {
            std::fprintf(stderr, "%s: %s\n", qPrintable(clip.facts.name), qPrintable(reason));
            ++failed;
        }
        std::fflush(stdout);
    }
    return failed ? 1 : 0;
}
