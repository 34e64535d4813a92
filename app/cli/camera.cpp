// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "base/version.h"
#include "cli/options.h"
#include "media/orientation.h"
#include "media/video_reader.h"
#include "photo/fingerprint.h"
#include "photo/sensor_noise.h"
#include "photo/fingerprint_file.h"

#include <QDir>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace fw::cli {
namespace {

/// Fewer pictures than these give a weak fingerprint: flat fields, natural scenes.
constexpr int kAdvisedPictures = 20;
/// The two halves of a usable fingerprint agree at least so much.
constexpr double kLeastAgreement = 0.02;

/// Between this and kFingerprintPce a match is neither shown nor excluded.
constexpr double kPceOfChance = 30.0;

/// The first picture of a file in the orientation in which its sensor lies.
Result<cv::Mat> readPicture(const QString &path)
{
    ReaderOptions options;
    options.hashPlanes = false;
    auto reader = VideoReader::open(path, options);
    if (!reader)
        return Failure{reader.error()};
    const StreamFacts *video = (*reader)->facts().video();
    auto picture = (*reader)->next();
    if (!picture)
        return Failure{picture.error()};
    if (!*picture || !video)
        return fail(Errc::BadData, u"the file holds no picture"_s, path);
    return asCoded((*picture)->bgr, video->rotationDegrees);
}

/// Files as given, and the files of folders, by name.
QStringList picturesOf(const QStringList &words)
{
    QStringList files;
    for (const QString &word : words) {
        const QDir folder(word);
        if (!QFileInfo(word).isDir()) {
            files.append(word);
            continue;
        }
        for (const QString &name : folder.entryList(QDir::Files, QDir::Name))
            files.append(folder.filePath(name));
    }
    return files;
}

int enrol(const QString &target, const QString &name, const QStringList &files, std::stop_token stop)
{
    FingerprintMaker maker;
    FingerprintFile camera;
    camera.name = name.isEmpty() ? QFileInfo(target).completeBaseName() : name;
    camera.madeBy = u"framewitness "_s + QStringLiteral(FW_VERSION);
    for (const QString &path : files) {
        if (stop.stop_requested())
            return kCancelled;
        const auto picture = readPicture(path);
        const auto taken = picture ? maker.add(*picture) : Result<void>(Failure{picture.error()});
        const auto hashes = hashFile(path);
        if (!taken || !hashes) {
            err(u"left out %1: %2"_s.arg(path, taken ? hashes.error().text() : taken.error().text()));
            continue;
        }
        camera.sources.append(u"%1: %2"_s.arg(QFileInfo(path).fileName(), hexText(hashes->sha256)));
    }
    const auto fingerprint = maker.fingerprint();
    if (!fingerprint) {
        err(u"framewitness camera: "_s + fingerprint.error().text());
        return kNotAnalysed;
    }
    camera.fingerprint = *fingerprint;
    camera.halvesAgree = maker.halvesAgree();
    if (const auto written = writeFingerprintFile(camera, target); !written) {
        err(written.error().text());
        return kNotWritten;
    }
    out(u"%1: %2 pictures of %3 x %4 px, halves agree with correlation %5"_s.arg(camera.name).arg(maker.count())
            .arg(camera.fingerprint.cols).arg(camera.fingerprint.rows).arg(camera.halvesAgree, 0, 'f', 3));
    if (maker.count() < kAdvisedPictures)
        err(u"note: %1 evenly lit or 50 natural pictures are advised; with fewer, a match can be missed"_s.arg(kAdvisedPictures));
    if (maker.count() > 1 && camera.halvesAgree < kLeastAgreement)
        err(u"warning: the two halves hardly agree: the pictures may be of several cameras, or strongly processed"_s);
    return kDone;
}

int compare(const QStringList &cameraFiles, const QStringList &files, std::stop_token stop)
{
    std::vector<FingerprintFile> cameras;
    for (const QString &path : cameraFiles) {
        auto camera = readFingerprintFile(path);
        if (!camera) {
            err(camera.error().text());
            return kNotAnalysed;
        }
        cameras.push_back(std::move(*camera));
    }
    int code = kDone;
    for (const QString &path : files) {
        if (stop.stop_requested())
            return kCancelled;
        const auto picture = readPicture(path);
        if (!picture) {
            err(picture.error().text());
            code = kNotAnalysed;
            continue;
        }
        const cv::Mat noise = pictureNoise(*picture);
        QString best;
        double highest = kPceOfChance;
        int compared = 0;
        out(path);
        for (const FingerprintFile &camera : cameras) {
            const auto match = matchFingerprint(camera.fingerprint, *picture, noise);
            if (!match) {
                out(u"  %1  not comparable: %2"_s.arg(camera.name, -24).arg(match.error().what));
                continue;
            }
            ++compared;
            out(u"  %1  PCE %2  correlation %3"_s.arg(camera.name, -24).arg(match->pce, 9, 'f', 1).arg(match->correlation, 7, 'f', 4));
            if (match->pce > highest) {
                highest = match->pce;
                best = camera.name;
            }
        }
        out(compared == 0 ? u"  => not applicable: no enrolled camera has this picture size"_s
            : best.isEmpty() ? u"  => none of these (no PCE above %1)"_s.arg(kPceOfChance)
            : highest < kFingerprintPce ? u"  => inconclusive: %1 comes closest, but %2 is needed"_s.arg(best).arg(kFingerprintPce)
                             : u"  => compatible with %1 (PCE above %2)"_s.arg(best).arg(kFingerprintPce));
    }
    return code;
}

} // namespace

int camera(const QStringList &arguments, std::stop_token stop)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Recognises a camera by the fixed noise of its sensor (PRNU).\n"
        "  framewitness camera --enrol D70.fwcamera PICTURE|FOLDER...   20 evenly lit or 50 natural pictures of one camera\n"
        "  framewitness camera --with A.fwcamera --with B.fwcamera PICTURE...\n"
        "Pictures must have the size of the enrolled ones; crops and scaled copies are not searched. \"None of these\" is "
        "no proof: strong compression, noise reduction and stabilisation remove the noise."_s);
    parser.addPositionalArgument(u"camera"_s, u"The command."_s);
    parser.addPositionalArgument(u"PICTURE..."_s, u"Pictures, or folders of pictures."_s);
    const QCommandLineOption enrolOption(u"enrol"_s, u"Write the fingerprint of the camera that took the pictures."_s, u"F.fwcamera"_s);
    const QCommandLineOption name(u"name"_s, u"What to call the camera; the file's name by default."_s, u"TEXT"_s);
    const QCommandLineOption with(u"with"_s, u"Compare the pictures with this camera; may be given several times."_s, u"F.fwcamera"_s);
    parser.addOptions({enrolOption, name, with});
    if (const auto over = readOptions(parser, arguments))
        return *over;
    const QStringList files = picturesOf(parser.positionalArguments());
    if (files.isEmpty() || parser.isSet(enrolOption) == parser.isSet(with)) {
        err(u"framewitness camera: give pictures and either --enrol or --with (see framewitness camera --help)"_s);
        return kUsage;
    }
    return parser.isSet(enrolOption) ? enrol(parser.value(enrolOption), parser.value(name), files, stop)
                                     : compare(parser.values(with), files, stop);
}

} // namespace fw::cli
