// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the reference of the coherence method from genuine clips: quantiles of each statistic.
// Usage: coherence_reference FOLDER OUT.json     FOLDER holds *.fwobs of behaviour_observe.
#include "behaviour/coherence_clips.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>

#include <cstdio>
#include <set>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::accuracy;

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    if (app.arguments().size() != 3) {
        std::fprintf(stderr, "name the folder with the observed clips and the file to write\n");
        return 2;
    }
    const auto clips = coherenceClips(app.arguments().at(1));
    if (!clips) {
        std::fprintf(stderr, "%s\n", qPrintable(clips.error().text()));
        return 1;
    }
    std::vector<const CoherenceClip *> genuine;
    std::set<QString> sources;
    double seconds = 0.0;
    for (const CoherenceClip &c : *clips) {
        if (c.manipulated)
            continue;
        genuine.push_back(&c);
        sources.insert(c.source);
        seconds += c.track.seconds();
    }
    CoherenceReference reference = referenceOf(genuine, 1);
    reference.sources = u"%1 genuine clips of %2 sources, %3 s, all through one encoder (H.264, CRF 18)"_s
                            .arg(genuine.size()).arg(sources.size()).arg(seconds, 0, 'f', 0);
    QFile file(app.arguments().at(2));
    if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(reference.toJson()).toJson()) < 0) {
        std::fprintf(stderr, "%s\n", qPrintable(file.errorString()));
        return 1;
    }
    std::printf("%s\n", qPrintable(reference.sources));
    return 0;
}
