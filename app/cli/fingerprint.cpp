// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "base/version.h"
#include "cli/options.h"
#include "media/orientation.h"
#include "media/video_reader.h"
#include "photo/fingerprint.h"
#include "photo/generator_fingerprint.h"
#include "photo/source_comparison.h"
#include "run/fingerprint_library.h"

#include <QDir>
#include <QFileInfo>

#include <functional>

using namespace Qt::StringLiterals;

namespace fw::cli {
namespace {

/// Fewer pictures than these give a weak fingerprint of a sensor: flat fields.
constexpr int kAdvisedPictures = 20;
/// The two halves of a usable fingerprint of a sensor agree at least so much.
constexpr double kLeastAgreement = 0.02;

/// The first picture of a file in the orientation in which it was coded.
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

/// Gives each picture to `add` and notes the hash of those that were taken in.
/// @return false when stopped.
bool takeIn(const QStringList &files, std::stop_token stop, QStringList *sources, const std::function<Result<void>(const cv::Mat &)> &add)
{
    for (const QString &path : files) {
        if (stop.stop_requested())
            return false;
        const auto picture = readPicture(path);
        const auto hashes = hashFile(path);
        const auto taken = picture && hashes ? add(*picture) : Result<void>(Failure{picture ? hashes.error() : picture.error()});
        if (!taken) {
            err(u"left out %1: %2"_s.arg(path, taken.error().text()));
            continue;
        }
        sources->append(u"%1: %2"_s.arg(QFileInfo(path).fileName(), hexText(hashes->sha256)));
    }
    return true;
}

Result<void> enrolCamera(const QStringList &files, std::stop_token stop, FingerprintFile *source)
{
    FingerprintMaker maker;
    if (!takeIn(files, stop, &source->sources, [&](const cv::Mat &bgr) { return maker.add(bgr); }))
        return fail(Errc::Cancelled, u"stopped"_s);
    const auto fingerprint = maker.fingerprint();
    if (!fingerprint)
        return Failure{fingerprint.error()};
    source->fingerprint = *fingerprint;
    source->halvesAgree = maker.halvesAgree();
    return {};
}

/// Pictures of other origin, cut to the size of the enrolled ones at the same corner.
Result<void> compareOthers(const QStringList &files, std::stop_token stop, FingerprintFile *source)
{
    std::vector<double> correlations;
    const cv::Size size = source->fingerprint.size();
    for (const QString &path : files) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        const auto picture = readPicture(path);
        if (!picture || picture->cols < size.width || picture->rows < size.height) {
            err(u"left out %1: %2"_s.arg(path, picture ? u"smaller than the enrolled pictures"_s : picture.error().text()));
            continue;
        }
        if (const auto value = generatorCorrelation(source->fingerprint, generatorResidual((*picture)(cv::Rect({0, 0}, size)).clone())))
            correlations.push_back(*value);
    }
    const OtherOrigin others = otherOrigin(correlations);
    source->others = others.count;
    source->otherMean = others.mean;
    source->otherSigma = others.sigma;
    return {};
}

Result<void> enrolGenerator(const QStringList &files, const QStringList &others, std::stop_token stop, FingerprintFile *source)
{
    GeneratorFingerprintMaker maker;
    std::vector<cv::Mat> residuals;
    const auto add = [&](const cv::Mat &bgr) {
        const cv::Mat residual = generatorResidual(bgr);
        auto taken = maker.add(residual);
        if (taken)
            residuals.push_back(residual);
        return taken;
    };
    if (!takeIn(files, stop, &source->sources, add))
        return fail(Errc::Cancelled, u"stopped"_s);
    const auto fingerprint = maker.fingerprint();
    if (!fingerprint)
        return Failure{fingerprint.error()};
    source->fingerprint = *fingerprint;
    source->halvesAgree = maker.halvesAgree();
    if (const auto compared = compareOthers(others, stop, source); !compared)
        return compared;
    const OtherOrigin usual{source->others, source->otherMean, source->otherSigma};
    for (const cv::Mat &residual : residuals) {
        const auto own = generatorCorrelation(maker.without(residual), residual);
        source->ownAbove += own && usual.deviations(*own) >= kGeneratorDeviations;
    }
    return {};
}

void reportEnrolment(const FingerprintFile &source)
{
    out(u"%1: %2 pictures of %3 x %4 px, halves agree with correlation %5"_s.arg(source.name).arg(source.sources.size())
            .arg(source.fingerprint.cols).arg(source.fingerprint.rows).arg(source.halvesAgree, 0, 'f', 3));
    if (source.kind == SourceKind::Generator) {
        out(u"  left out of the fingerprint one by one, %1 of %2 are recognised; %3 pictures of other origin correlate by %4 (deviation %5)"_s
                .arg(source.ownAbove).arg(source.sources.size()).arg(source.others).arg(source.otherMean, 0, 'f', 4).arg(source.otherSigma, 0, 'f', 4));
        if (const QString weakness = weaknessOf(source); !weakness.isEmpty())
            err(u"warning: this fingerprint will not be used: "_s + weakness);
        return;
    }
    if (source.sources.size() < kAdvisedPictures)
        err(u"note: %1 evenly lit or 50 natural pictures are advised; with fewer, a match can be missed"_s.arg(kAdvisedPictures));
    if (source.sources.size() > 1 && source.halvesAgree < kLeastAgreement)
        err(u"warning: the two halves hardly agree: the pictures may be of several cameras, or strongly processed"_s);
}

int enrol(const QString &target, FingerprintFile source, const QStringList &files, const QStringList &others, std::stop_token stop)
{
    if (source.name.isEmpty())
        source.name = QFileInfo(target).completeBaseName();
    source.madeBy = u"framewitness "_s + QStringLiteral(FW_VERSION);
    const auto made = source.kind == SourceKind::Generator ? enrolGenerator(files, others, stop, &source) : enrolCamera(files, stop, &source);
    if (!made) {
        if (made.error().code == Errc::Cancelled)
            return kCancelled;
        err(u"framewitness fingerprint: "_s + made.error().text());
        return kNotAnalysed;
    }
    QDir().mkpath(QFileInfo(target).absolutePath());
    if (const auto written = writeFingerprintFile(source, target); !written) {
        err(written.error().text());
        return kNotWritten;
    }
    reportEnrolment(source);
    return kDone;
}

int compare(const QStringList &sourceFiles, const QStringList &files, std::stop_token stop)
{
    std::vector<FingerprintFile> sources;
    for (const QString &path : sourceFiles) {
        auto source = readFingerprintFile(path);
        if (!source) {
            err(source.error().text());
            return kNotAnalysed;
        }
        sources.push_back(std::move(*source));
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
        SourceComparer comparer(*picture);
        std::vector<SourceComparison> all;
        out(path);
        int comparable = 0;
        const SourceComparison *near = nullptr;
        for (const FingerprintFile &source : sources)
            all.push_back(comparer.compare(source));
        for (const SourceComparison &one : all) {
            if (one.state == SourceComparison::State::NotComparable) {
                out(u"  %1  not comparable: %2"_s.arg(one.name, -24).arg(one.reason));
                continue;
            }
            ++comparable;
            out(u"  %1  %2 %3  correlation %4"_s.arg(one.name, -24).arg(one.kind == SourceKind::Camera ? u"PCE"_s : u"deviations"_s)
                    .arg(one.score, 9, 'f', 1).arg(one.correlation, 7, 'f', 4));
            if (one.state == SourceComparison::State::Near && (!near || one.surplus() > near->surplus()))
                near = &one;
        }
        if (const auto best = bestMatch(all))
            out(u"  => compatible with %1 (above %2)"_s.arg(all[*best].name).arg(all[*best].needed));
        else if (comparable == 0)
            out(u"  => not applicable: no source given can be compared with this picture"_s);
        else if (near)
            out(u"  => inconclusive: %1 comes closest, but %2 is needed"_s.arg(near->name).arg(near->needed));
        else
            out(u"  => none of these"_s);
    }
    return code;
}

} // namespace

int fingerprint(const QStringList &arguments, std::stop_token stop)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Recognises a camera by the fixed noise of its sensor (PRNU), or a generator by the fixed residual of its pictures.\n"
        "  framewitness fingerprint --enrol D70.fwcamera PICTURE|FOLDER...   20 evenly lit or 50 natural pictures of one camera\n"
        "  framewitness fingerprint --enrol G.fwcamera --generator --others PHOTOS FOLDER   100 pictures of one generator\n"
        "  framewitness fingerprint --with A.fwcamera --with B.fwcamera PICTURE...\n"
        "With --keep the fingerprint goes to the folder that the method \"Source fingerprints\" compares pictures with.\n"
        "Pictures must have the size of the enrolled ones; crops and scaled copies are not searched. \"None of these\" is "
        "no proof: strong compression, noise reduction and scaling remove a fingerprint."_s);
    parser.addPositionalArgument(u"fingerprint"_s, u"The command."_s);
    parser.addPositionalArgument(u"PICTURE..."_s, u"Pictures, or folders of pictures."_s);
    const QCommandLineOption enrolOption(u"enrol"_s, u"Write the fingerprint of the source that made the pictures."_s, u"F.fwcamera"_s);
    const QCommandLineOption name(u"name"_s, u"What to call the source; the file's name by default."_s, u"TEXT"_s);
    const QCommandLineOption generator(u"generator"_s, u"The source is a generator, not a camera."_s);
    const QCommandLineOption others(u"others"_s, u"Pictures of other origin that set a generator's threshold, at least %1."_s.arg(kLeastOthers), u"FOLDER"_s);
    const QCommandLineOption keep(u"keep"_s, u"Write into %1."_s.arg(fingerprintFolder()));
    const QCommandLineOption with(u"with"_s, u"Compare the pictures with this source; may be given several times."_s, u"F.fwcamera"_s);
    parser.addOptions({enrolOption, name, generator, others, keep, with});
    if (const auto over = readOptions(parser, arguments))
        return *over;
    const QStringList files = picturesOf(parser.positionalArguments());
    if (files.isEmpty() || parser.isSet(enrolOption) == parser.isSet(with)) {
        err(u"framewitness fingerprint: give pictures and either --enrol or --with (see framewitness fingerprint --help)"_s);
        return kUsage;
    }
    if (parser.isSet(with))
        return compare(parser.values(with), files, stop);
    FingerprintFile source;
    source.kind = parser.isSet(generator) ? SourceKind::Generator : SourceKind::Camera;
    source.name = parser.value(name);
    QString target = parser.value(enrolOption);
    if (parser.isSet(keep)) {
        const QString file = QFileInfo(target).fileName();
        target = fingerprintFolder() + u'/' + (file.endsWith(u".fwcamera"_s) ? file : file + u".fwcamera"_s);
    }
    return enrol(target, std::move(source), files, picturesOf(parser.values(others)), stop);
}

} // namespace fw::cli
