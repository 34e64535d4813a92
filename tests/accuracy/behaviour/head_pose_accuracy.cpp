// SPDX-License-Identifier: GPL-3.0-or-later
// What the head pose method sees and does not see, on simulated and on real heads.
// Usage: head_pose_accuracy --head FILE [--classifier FILE] [--clips FOLDER [--landmarks FILE]]     FOLDER: see behaviour_observe
#include "behaviour/head_pose_tables.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace fw;

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOptions({{u"head"_s, u"The head model."_s, u"FILE"_s, u"models/head/ict-head.fwh"_s},
                       {u"classifier"_s, u"The classifier."_s, u"FILE"_s, u"models/head_pose/head_pose.fwpc"_s},
                       {u"clips"_s, u"Folder of observed clips."_s, u"FOLDER"_s},
                       {u"landmarks"_s, u"The landmark network, to look at inner faces alone (decodes)."_s, u"FILE"_s},
                       {u"no-simulation"_s, u"Clips only."_s}});
    parser.process(app);
    const auto shapes = FaceShapes::load(parser.value(u"head"_s));
    if (!shapes) {
        std::fprintf(stderr, "%s\n", qPrintable(shapes.error().text()));
        return 1;
    }
    const auto classifier = PoseClassifier::load(parser.value(u"classifier"_s));
    if (!classifier)
        std::fprintf(stderr, "without classifier: %s\n", qPrintable(classifier.error().text()));
    const PoseClassifier *machine = classifier ? &*classifier : nullptr;
    if (!parser.isSet(u"no-simulation"_s))
        accuracy::printSimulations(*shapes, machine);
    if (parser.isSet(u"clips"_s) && !accuracy::printClips(*shapes, machine, parser.value(u"clips"_s), parser.value(u"landmarks"_s)))
        return 1;
    return 0;
}
