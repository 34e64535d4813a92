// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/blink_training.h"
#include "lab/detector_task.h"
#include "lab/eye_task.h"
#include "lab/landmark_task.h"

#include <opencv2/core/utility.hpp>
#include <opencv2/imgcodecs.hpp>

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDirIterator>

#include <cstdio>
#include <malloc.h>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

std::vector<cv::Mat> greyPicturesIn(const QString &folder)
{
    QStringList files;
    for (QDirIterator it(folder, QDir::Files, QDirIterator::Subdirectories); it.hasNext();)
        files << it.next();
    files.sort();
    std::vector<cv::Mat> pictures;
    for (const QString &file : files) {
        cv::Mat picture = cv::imread(file.toStdString(), cv::IMREAD_GRAYSCALE);
        if (!picture.empty() && std::min(picture.cols, picture.rows) >= 64)
            pictures.push_back(picture);
    }
    return pictures;
}

/// Pictures of single eyes in the folders Open and Closed; every fifth is kept for validation.
void readEyePictures(const QDir &folder, std::vector<lab::EyePicture> *pictures,
                     std::vector<lab::EyePicture> *picturesTest)
{
    for (const bool open : {true, false}) {
        const QDir kind(folder.filePath(open ? u"Open"_s : u"Closed"_s));
        const QStringList files = kind.entryList(QDir::Files, QDir::Name);
        for (qsizetype i = 0; i < files.size(); ++i) {
            cv::Mat grey = cv::imread(kind.filePath(files[i]).toStdString(), cv::IMREAD_GRAYSCALE);
            if (!grey.empty())
                (i % 5 == 0 ? picturesTest : pictures)->push_back({grey, open});
        }
    }
}

Result<std::unique_ptr<lab::Task>> taskOf(const QString &model, const QDir &samples,
                                          const QString &backgrounds, const QDir &eyes)
{
    const auto read = [&](const char *name) {
        return lab::SamplePack::read(samples.filePath(QString::fromLatin1(name)).toStdString());
    };
    auto photos = read("photos-train.pack"), renders = read("renders-train.pack");
    auto photosTest = read("photos-test.pack"), rendersTest = read("renders-test.pack");
    for (const auto *pack : {&photos, &renders, &photosTest, &rendersTest}) {
        if (!*pack)
            return Failure{pack->error()};
    }
    lab::LandmarkTask::Packs packs{std::move(*photos), std::move(*renders), std::move(*photosTest),
                                   std::move(*rendersTest)};
    if (model == u"landmarks"_s) {
        return std::unique_ptr<lab::Task>(
            new lab::LandmarkTask(std::move(packs), greyPicturesIn(backgrounds)));
    }
    if (model == u"eyes"_s) {
        lab::EyeTask::Packs eyePacks{std::move(packs.photos), std::move(packs.renders),
                                     std::move(packs.rendersTest), {}, {}};
        readEyePictures(eyes, &eyePacks.pictures, &eyePacks.picturesTest);
        return std::unique_ptr<lab::Task>(new lab::EyeTask(std::move(eyePacks)));
    }
    if (model == u"detector"_s) {
        lab::DetectorTask::Packs scenes{std::move(packs.photos), std::move(packs.renders),
                                        std::move(packs.photosTest), std::move(packs.rendersTest)};
        return std::unique_ptr<lab::Task>(
            new lab::DetectorTask(std::move(scenes), greyPicturesIn(backgrounds)));
    }
    return fail(Errc::NotFound, u"no such model; there are: detector, landmarks, eyes, blink"_s, model);
}

Result<void> trainBlinkFrom(const QDir &samples, const QDir &eyes, const lab::TrainOptions &options)
{
    const auto read = [&](const char *name) {
        return lab::readBlinkScenes(samples.filePath(QString::fromLatin1(name)).toStdString());
    };
    auto scenes = read("blinks-train.scenes"), scenesTest = read("blinks-test.scenes");
    for (const auto *pack : {&scenes, &scenesTest}) {
        if (!*pack)
            return Failure{pack->error()};
    }
    lab::BlinkPacks packs{std::move(*scenes), std::move(*scenesTest), {}, {}, {}};
    if (const QString file = samples.filePath(u"watched.eyes"_s); QFile::exists(file)) {
        auto watched = lab::readWatchedEyes(file.toStdString());
        if (!watched)
            return Failure{watched.error()};
        packs.watched = std::move(*watched);
    }
    readEyePictures(eyes, &packs.pictures, &packs.picturesTest);
    return lab::trainBlink(packs, options);
}

} // namespace

int main(int argc, char **argv)
{
    qputenv("OMP_WAIT_POLICY", "PASSIVE");
    // Every batch takes the same memory again: giving it back in between costs a seventh of the time.
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, -1);
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Trains one of the program's networks from samples and a seed."_s);
    parser.addHelpOption();
    parser.addPositionalArgument(u"model"_s, u"detector, landmarks, eyes or blink"_s);
    parser.addOptions({{u"samples"_s, u"Folder of the packs that fw-samples made."_s, u"DIR"_s},
                       {u"backgrounds"_s, u"Folder of pictures without faces."_s, u"DIR"_s},
                       {u"eyes"_s, u"Folder of single eyes, Open and Closed."_s, u"DIR"_s},
                       {u"out"_s, u"Checkpoints and weights."_s, u"DIR"_s},
                       {u"steps"_s, u"Batches to train on."_s, u"N"_s, u"10000"_s},
                       {u"batch"_s, u"Pictures in a batch."_s, u"N"_s, u"64"_s},
                       {u"rate"_s, u"Learning rate."_s, u"X"_s, u"0.002"_s},
                       {u"seed"_s, u"Seed."_s, u"N"_s, u"1"_s},
                       {u"threads"_s, u"Threads of LibTorch."_s, u"N"_s, u"1"_s},
                       {u"validate-every"_s, u"Steps between validations."_s, u"N"_s, u"1000"_s},
                       {u"from"_s, u"Finished weights to begin with."_s, u"FILE"_s},
                       {u"resume"_s, u"Go on from the last checkpoint."_s}});
    parser.process(app);
    cv::setNumThreads(1);
    lab::TrainOptions options;
    options.folder = parser.value(u"out"_s).toStdString();
    options.steps = parser.value(u"steps"_s).toLongLong();
    options.batch = parser.value(u"batch"_s).toInt();
    options.rate = parser.value(u"rate"_s).toDouble();
    options.seed = parser.value(u"seed"_s).toULongLong();
    options.threads = parser.value(u"threads"_s).toInt();
    options.validateEvery = parser.value(u"validate-every"_s).toInt();
    options.resume = parser.isSet(u"resume"_s);
    options.from = parser.value(u"from"_s).toStdString();
    const QDir samples(parser.value(u"samples"_s)), eyes(parser.value(u"eyes"_s));
    const QString model = parser.positionalArguments().value(0);
    Result<void> done;
    if (model == u"blink"_s) {
        done = trainBlinkFrom(samples, eyes, options);
    } else if (auto task = taskOf(model, samples, parser.value(u"backgrounds"_s), eyes)) {
        done = lab::train(**task, options);
    } else {
        done = Failure{task.error()};
    }
    if (!done) {
        std::fprintf(stderr, "%s\n", qPrintable(done.error().text()));
        return 1;
    }
    return 0;
}
