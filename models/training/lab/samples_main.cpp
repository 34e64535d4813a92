// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/blink_scene.h"
#include "lab/blink_watched.h"
#include "lab/make_samples.h"

#include <opencv2/core/utility.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <QCommandLineParser>
#include <QCoreApplication>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

/// The first samples as one picture with their points, to look at.
void writeSheet(const lab::SamplePack &pack, const QString &file)
{
    constexpr int kAcross = 8, kDown = 5;
    cv::Mat sheet(kDown * lab::kSampleSide, kAcross * lab::kSampleSide, CV_8UC3);
    for (int i = 0; i < kAcross * kDown && std::size_t(i) < pack.size(); ++i) {
        const std::size_t at = std::size_t(i) * pack.size() / (kAcross * kDown);
        cv::Mat tile = sheet({(i % kAcross) * lab::kSampleSide, (i / kAcross) * lab::kSampleSide,
                              lab::kSampleSide, lab::kSampleSide});
        cv::cvtColor(pack.grey(at), tile, cv::COLOR_GRAY2BGR);
        const auto dot = [&](float x, float y, const cv::Scalar &colour) {
            cv::circle(tile, cv::Point(cvRound(x), cvRound(y)), 1, colour, cv::FILLED);
        };
        const lab::FaceLabel &label = pack.label(at);
        for (int k = 0; k < 68; ++k)
            dot(label.points[2 * k], label.points[2 * k + 1], {0, 255, 0});
        for (const lab::EyeLabel &eye : label.eyes) {
            for (int k = 0; k < 12; ++k)
                dot(eye.lids[2 * k], eye.lids[2 * k + 1], {0, 128, 255});
            cv::circle(tile, cv::Point(cvRound(eye.iris[0]), cvRound(eye.iris[1])),
                       cvRound(eye.irisRadius), {255, 255, 0});
        }
    }
    cv::imwrite(file.toStdString(), sheet);
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Makes samples of faces with known points: \"render\" draws people, \"lids\" draws eyes that close, \"watched\" cuts eyes out of observed clips, \"photos\" reads annotated pictures, \"sheet\" shows some."_s);
    parser.addHelpOption();
    parser.addPositionalArgument(u"what"_s, u"render, lids, watched, photos or sheet"_s);
    parser.addOptions({{u"facekit"_s, u"Folder of the ICT-FaceKit arrays."_s, u"DIR"_s},
                       {u"backgrounds"_s, u"Folder of pictures to put behind people."_s, u"DIR"_s},
                       {u"csv"_s, u"List of annotated pictures."_s, u"FILE"_s},
                       {u"split"_s, u"train or test."_s, u"WORD"_s, u"train"_s},
                       {u"first"_s, u"Number of the first person."_s, u"N"_s, u"0"_s},
                       {u"people"_s, u"How many people."_s, u"N"_s, u"100"_s},
                       {u"shots"_s, u"Pictures of each."_s, u"N"_s, u"40"_s},
                       {u"scenes"_s, u"Render eight pictures in one light each, heads turned up to a profile."_s},
                       {u"seed"_s, u"Seed."_s, u"N"_s, u"1"_s},
                       {u"clips"_s, u"Folder of observed clips (see behaviour_observe)."_s, u"DIR"_s},
                       {u"only"_s, u"How the names of the clips begin, separated by commas."_s, u"WORDS"_s},
                       {u"without"_s, u"How the names of those end that are left out."_s, u"WORDS"_s},
                       {u"out"_s, u"The file of samples (or the picture of a sheet)."_s, u"FILE"_s},
                       {u"pack"_s, u"The samples of which a sheet is made."_s, u"FILE"_s}});
    parser.process(app);
    cv::setNumThreads(1);
    const QString what = parser.positionalArguments().value(0);
    const std::filesystem::path out = parser.value(u"out"_s).toStdString();
    Result<void> done;
    if (what == u"render"_s) {
        lab::RenderOrder order;
        order.faceKit = parser.value(u"facekit"_s).toStdString();
        order.backgrounds = parser.value(u"backgrounds"_s).toStdString();
        order.firstPerson = parser.value(u"first"_s).toInt();
        order.people = parser.value(u"people"_s).toInt();
        order.shots = parser.value(u"shots"_s).toInt();
        order.seed = parser.value(u"seed"_s).toULongLong();
        order.scenes = parser.isSet(u"scenes"_s);
        done = lab::renderSamples(order, out);
    } else if (what == u"lids"_s) {
        lab::BlinkSceneOrder order;
        order.faceKit = parser.value(u"facekit"_s).toStdString();
        order.firstPerson = parser.value(u"first"_s).toInt();
        order.people = parser.value(u"people"_s).toInt();
        order.scenes = parser.value(u"shots"_s).toInt();
        order.seed = parser.value(u"seed"_s).toULongLong();
        done = lab::renderBlinkScenes(order, out);
    } else if (what == u"watched"_s) {
        const auto words = [&](const QString &option) {
            std::vector<std::string> list;
            for (const QString &word : parser.value(option).split(u',', Qt::SkipEmptyParts))
                list.push_back(word.toStdString());
            return list;
        };
        done = lab::watchBlinks(parser.value(u"clips"_s).toStdString(), words(u"only"_s), words(u"without"_s), out);
    } else if (what == u"photos"_s) {
        done = lab::photoSamples(parser.value(u"csv"_s).toStdString(),
                                 parser.value(u"split"_s).toStdString(), out);
    } else if (what == u"sheet"_s) {
        const auto pack = lab::SamplePack::read(parser.value(u"pack"_s).toStdString());
        if (pack)
            writeSheet(*pack, parser.value(u"out"_s));
        else
            done = Failure{pack.error()};
    } else {
        parser.showHelp(2);
    }
    if (!done) {
        std::fprintf(stderr, "%s\n", qPrintable(done.error().text()));
        return 1;
    }
    return 0;
}
