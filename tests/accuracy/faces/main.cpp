// SPDX-License-Identifier: GPL-3.0-or-later
// Measures faces, eyes, poses and action units and ends with one table of checks.
// Usage: faces_accuracy [--every N] [--people N] [--only found,marked,still,rendered,eyes,posed] [--source DIR] [--models DIR] [--units FILE]
// (FW_SHARED names the material)
#include "base/hash.h"
#include "base/paths.h"
#include "parts.h"
#include "test_data.h"

#include <opencv2/core/utility.hpp>

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace fw;

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    cv::setNumThreads(1);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOptions({{u"every"_s, u"Every so many rows of the photographs."_s, u"N"_s, u"4"_s},
                       {u"people"_s, u"Drawn people."_s, u"N"_s, u"16"_s},
                       {u"only"_s, u"Parts, separated by commas: found, marked, still, rendered, eyes, posed."_s, u"LIST"_s},
                       {u"source"_s, u"The checkout."_s, u"DIR"_s, u"."_s},
                       {u"models"_s, u"Folder of the weights."_s, u"DIR"_s, InstallPaths::ofProgram().models()},
                       {u"units"_s, u"The reader of action units."_s, u"FILE"_s}});
    parser.process(app);
    const QString models = parser.value(u"models"_s), weights = models + u"/landmarks/landmarks.fwm"_s;
    const auto hash = hashFile(weights);
    auto own = LandmarkNetwork::load(weights, hash ? hexText(hash->sha256) : QString());
    if (!own || !QFile::exists(test::shared(u"landmarks-ytf"_s))) {
        std::fprintf(stderr, "%s\n", own ? "FW_SHARED names no folder with the material"
                                         : qPrintable(own.error().text()));
        return 1;
    }
    const QStringList only = parser.value(u"only"_s).split(u',', Qt::SkipEmptyParts);
    const auto wanted = [&](const QString &part) { return only.isEmpty() || only.contains(part); };
    QString units = parser.value(u"units"_s);
    if (units.isEmpty() && QFile::exists(models + u"/units/units.fwu"_s))
        units = models + u"/units/units.fwu"_s;
    test::Checks checks;
    if (wanted(u"found"_s)) {
        const auto seal = [](const QString &file) {
            const auto hash = hashFile(file);
            return hash ? hexText(hash->sha256) : QString();
        };
        const QString detectorFile = models + u"/detector/detector.fwm"_s, looks = models + u"/likeness/likeness.fwl"_s;
        auto detector = gridDetector(detectorFile, seal(detectorFile));
        const auto likeness = FaceLikeness::load(looks, seal(looks));
        auto first = LandmarkNetwork::load(weights, seal(weights)), second = LandmarkNetwork::load(weights, seal(weights));
        if (!detector || !likeness || !first || !second) {
            std::fprintf(stderr, "a model is missing or damaged below %s\n", qPrintable(models));
            return 1;
        }
        FaceFinder ours(std::move(*detector), std::move(*first), *likeness), hog(hogDetector(), std::move(*second), *likeness);
        test::measureDetection(ours, hog, std::max(1, parser.value(u"every"_s).toInt()), &checks);
    }
    if (wanted(u"marked"_s))
        test::measureMarkedPhotos(**own, std::max(1, parser.value(u"every"_s).toInt()), &checks);
    if (wanted(u"still"_s))
        test::measureSteadiness(**own, &checks);
    if (wanted(u"rendered"_s))
        test::measureRendered(models, units, std::max(1, parser.value(u"people"_s).toInt()), &checks);
    if (wanted(u"eyes"_s))
        test::measureEyePictures(models, &checks);
    if (wanted(u"posed"_s))
        test::measurePosed(models, parser.value(u"source"_s), units, &checks);
    checks.print();
    return 0;
}
