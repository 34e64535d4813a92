// SPDX-License-Identifier: GPL-3.0-or-later
// Trains the networks that look at photographs from pristine pictures, which the program forges itself.
#include "photos/pair_task.h"
#include "photos/patch_task.h"
#include "photos/place_task.h"
#include "photos/residual_task.h"
#include "photos/sequence_task.h"
#include "photos/zoo.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

/// A text file that names a picture per line.
std::vector<std::string> linesOf(const QString &path)
{
    std::vector<std::string> lines;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return lines;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (!line.trimmed().isEmpty())
            lines.push_back(line.trimmed().toStdString());
    }
    return lines;
}

} // namespace

int main(int argc, char **argv)
{
    qputenv("OMP_WAIT_POLICY", "PASSIVE");
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Trains one of the networks for photographs from pristine pictures and a seed."_s);
    parser.addHelpOption();
    parser.addPositionalArgument(u"model"_s, u"pairs, residual_network, resampling_patch, resampling_places, resampling_sequence, resampling_traces or zoo"_s);
    parser.addOptions({{u"train"_s, u"Text file that names a pristine picture per line."_s, u"FILE"_s},
                       {u"unseen"_s, u"The same for validation: pictures of other cameras."_s, u"FILE"_s},
                       {u"out"_s, u"Checkpoints and weights."_s, u"DIR"_s},
                       {u"steps"_s, u"Batches to train on."_s, u"N"_s, u"4000"_s},
                       {u"batch"_s, u"Patches in a batch, or pictures for resampling_places."_s, u"N"_s, u"48"_s},
                       {u"rate"_s, u"Learning rate."_s, u"X"_s, u"0.002"_s},
                       {u"zoo"_s, u"What the order zoo wrote, for pairs."_s, u"DIR"_s},
                       {u"decay"_s, u"Weight decay."_s, u"X"_s, u"0.0001"_s},
                       {u"seed"_s, u"Seed."_s, u"N"_s, u"1"_s},
                       {u"validate-every"_s, u"Steps between validations."_s, u"N"_s, u"500"_s},
                       {u"resume"_s, u"Go on from the last checkpoint."_s}});
    parser.process(app);
    cv::setNumThreads(1);
    auto train = lab::PatchSource::read(linesOf(parser.value(u"train"_s)));
    auto unseen = lab::PatchSource::read(linesOf(parser.value(u"unseen"_s)));
    if (train.pictures.empty() || unseen.pictures.empty()) {
        std::fprintf(stderr, "--train and --unseen must name pictures of at least 192 px\n");
        return 1;
    }
    std::printf("%zu pictures to train on, %zu to validate\n", train.pictures.size(), unseen.pictures.size());
    const QString model = parser.positionalArguments().value(0);
    if (model == u"zoo"_s) {
        lab::ZooOrder order;
        order.folder = parser.value(u"out"_s).toStdString();
        order.steps = parser.value(u"steps"_s).toInt();
        order.seed = parser.value(u"seed"_s).toULongLong();
        const auto made = lab::makeZoo(train, unseen, order);
        if (!made)
            std::fprintf(stderr, "%s\n", qPrintable(made.error().text()));
        return made ? 0 : 1;
    }
    std::unique_ptr<lab::Task> task;
    if (model == u"pairs"_s) {
        const std::string zoo = parser.value(u"zoo"_s).toStdString();
        try {
            task = std::make_unique<lab::PairTask>(lab::Twins::read(zoo), lab::Twins::read(zoo + "-unseen"));
        } catch (const std::exception &e) {
            std::fprintf(stderr, "%s\n", e.what());
            return 1;
        }
    } else if (model == u"resampling_patch"_s)
        task = std::make_unique<lab::PatchTask>(std::move(train), std::move(unseen));
    else if (model == u"resampling_places"_s)
        task = std::make_unique<lab::PlaceTask>(std::move(train), std::move(unseen));
    else if (model == u"residual_network"_s)
        task = std::make_unique<lab::ResidualTask>(std::move(train), std::move(unseen));
    else if (model == u"resampling_sequence"_s)
        task = std::make_unique<lab::SequenceTask>(train, unseen);
    else if (model == u"resampling_traces"_s)
        task = std::make_unique<lab::TraceTask>(std::move(train), std::move(unseen));
    else
        parser.showHelp(1);
    lab::TrainOptions options;
    options.folder = parser.value(u"out"_s).toStdString();
    options.steps = parser.value(u"steps"_s).toLongLong();
    options.batch = parser.value(u"batch"_s).toInt();
    options.rate = parser.value(u"rate"_s).toDouble();
    options.weightDecay = parser.value(u"decay"_s).toDouble();
    options.seed = parser.value(u"seed"_s).toULongLong();
    options.validateEvery = parser.value(u"validate-every"_s).toInt();
    options.resume = parser.isSet(u"resume"_s);
    if (const auto done = lab::train(*task, options); !done) {
        std::fprintf(stderr, "%s\n", qPrintable(done.error().text()));
        return 1;
    }
    return 0;
}
