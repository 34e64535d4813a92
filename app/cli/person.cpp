// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/paths.h"
#include "behaviour/person_file.h"
#include "cli/options.h"
#include "work/person_work.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace fw::cli {
namespace {

QString text(double value, int digits = 1)
{
    return QString::number(value, 'f', digits);
}

void describe(const PersonProfile &profile)
{
    out(u"%1: %2 minutes in %3 recordings, %4 windows of ten seconds; %5 other people"_s.arg(profile.name, text(profile.usableSeconds() / 60.0))
            .arg(profile.recordings.size()).arg(profile.windows()).arg(profile.cohort.members.size()));
    for (const PersonRecording &r : profile.recordings)
        out(u"  %1  %2 s usable  %3"_s.arg(r.name, -40).arg(text(r.usableSeconds), 6).arg(r.sha256));
    const PersonSelfTest &test = profile.selfTest;
    if (test.clips > 0)
        out(u"  self-test on clips of 30 s, each judged without its recording: AUC %1 by the ratio, %2 by the one-class machine (%3 own, %4 of others)"_s
                .arg(text(test.ratioArea, 2), text(test.scoreArea, 2)).arg(test.clips).arg(test.cohortClips));
    for (const QString &line : enrolmentAdvice(profile))
        out(u"  note: "_s + line);
}

int enrolClips(PluginRegistry &registry, const QString &target, const QString &name, const QString &provenance, const QStringList &files,
               std::stop_token stop)
{
    auto cohort = shippedCohort();
    if (!cohort)
        err(u"note: %1; without other people there is no verdict"_s.arg(cohort.error().text()));
    std::vector<PersonClip> clips;
    for (const QString &path : files) {
        auto clip = observePerson(registry, path, stop);
        if (stop.stop_requested())
            return kCancelled;
        if (!clip) {
            err(u"left out %1"_s.arg(clip.error().text()));
            continue;
        }
        const PersonRecording r = recordingOf(*clip);
        err(u"%1: %2 s of one face alone can be used"_s.arg(path, text(r.usableSeconds)));
        clips.push_back(std::move(*clip));
    }
    const auto profile = enrolPerson(name.isEmpty() ? QFileInfo(target).completeBaseName() : name, provenance, clips,
                                     cohort ? std::move(*cohort) : BehaviourCohort{}, stop);
    if (!profile) {
        err(u"framewitness person: "_s + profile.error().text());
        return profile.error().code == Errc::Cancelled ? kCancelled : kNotAnalysed;
    }
    if (const auto written = writePersonFile(*profile, target); !written) {
        err(written.error().text());
        return kNotWritten;
    }
    describe(*profile);
    return kDone;
}

void report(const PersonProfile &profile, const QString &path, const PersonTest &test)
{
    out(path);
    if (test.scores.empty()) {
        out(u"  => not applicable: no face could be measured for ten seconds without a gap"_s);
        return;
    }
    out(u"  %1 windows, %2 % of them above the lowest 2 % of %3's own"_s.arg(test.scores.size()).arg(text(100.0 * test.acceptedShare, 0), profile.name));
    if (test.p)
        out(u"  p = %1 among %2 enrolled clips of %3 s"_s.arg(text(*test.p, 3)).arg(test.enrolledClips).arg(text(test.clipSeconds, 0)));
    if (test.ratio)
        out(u"  log10 ratio of this person to others: %1"_s.arg(text(*test.ratio, 2)));
    for (std::size_t i = 0; i < std::min<std::size_t>(5, test.pairs.size()); ++i) {
        const PairDeviation &d = test.pairs[i];
        out(u"  %1  %2 here, %3 ± %4 with %5, z %6"_s.arg(behaviourPairName(d.pair), -18).arg(text(d.clip, 2), 6)
                .arg(text(d.reference, 2), 6).arg(text(d.spread, 2), profile.name, text(d.z, 1)));
    }
    switch (test.verdict) {
    case PersonVerdict::Outside:
        out(u"  => inconclusive: the movements do not go together as %1's do; %2"_s.arg(profile.name, unvalidatedReason()));
        break;
    case PersonVerdict::Inside:
        out(u"  => consistent with %1's habits, which is no proof"_s.arg(profile.name));
        break;
    case PersonVerdict::Inconclusive:
        out(u"  => inconclusive: %1"_s.arg(test.reasons.join(u"; "_s)));
        break;
    }
}

int testClips(PluginRegistry &registry, const QString &file, const QStringList &files, std::stop_token stop)
{
    const auto profile = readPersonFile(file);
    if (!profile) {
        err(profile.error().text());
        return kNotAnalysed;
    }
    int code = kDone;
    for (const QString &path : files) {
        const auto clip = observePerson(registry, path, stop);
        if (stop.stop_requested())
            return kCancelled;
        const auto fault = clip ? observersFault(*profile, clip->observers) : std::optional(clip.error().text());
        if (fault) {
            err(*fault);
            code = kNotAnalysed;
            continue;
        }
        report(*profile, path, testPerson(*profile, questionedWindows(clip->log, clip->seconds)));
    }
    return code;
}

} // namespace

int person(const QStringList &arguments, std::stop_token stop)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Knows a person by how the movements of the face go together.\n"
        "  framewitness person --enrol ANNA.fwperson --name Anna CLIP...   authentic clips of this person alone, 20 minutes or more\n"
        "  framewitness person --test ANNA.fwperson CLIP...                does the face that is seen longest move like Anna's?\n"
        "  framewitness person --show ANNA.fwperson\n"
        "The file holds correlations of movements, hashes of the clips and the self-test; no picture. It is used with the versions of "
        "the observers that made it."_s);
    parser.addPositionalArgument(u"person"_s, u"The command."_s);
    parser.addPositionalArgument(u"CLIP..."_s, u"Clips."_s);
    const QCommandLineOption enrolOption(u"enrol"_s, u"Write what is typical for the person in these clips."_s, u"F.fwperson"_s);
    const QCommandLineOption name(u"name"_s, u"What to call the person; the file's name by default."_s, u"TEXT"_s);
    const QCommandLineOption why(u"provenance"_s, u"Why the clips are held to be authentic; printed in reports."_s, u"TEXT"_s);
    const QCommandLineOption testOption(u"test"_s, u"Compare clips with this person."_s, u"F.fwperson"_s);
    const QCommandLineOption show(u"show"_s, u"Print what an enrolment holds."_s, u"F.fwperson"_s);
    parser.addOptions({enrolOption, name, why, testOption, show});
    if (const auto over = readOptions(parser, arguments))
        return *over;
    const QStringList files = parser.positionalArguments();
    const int asked = int(parser.isSet(enrolOption)) + int(parser.isSet(testOption)) + int(parser.isSet(show));
    if (asked != 1 || files.isEmpty() != parser.isSet(show)) {
        err(u"framewitness person: give clips and either --enrol or --test, or --show alone (see framewitness person --help)"_s);
        return kUsage;
    }
    if (parser.isSet(show)) {
        const auto profile = readPersonFile(parser.value(show));
        if (!profile) {
            err(profile.error().text());
            return kNotAnalysed;
        }
        describe(*profile);
        return kDone;
    }
    const InstallPaths paths = InstallPaths::ofProgram();
    PluginRegistry registry;
    registry.scan(paths.pluginFolders(), paths.models());
    return parser.isSet(enrolOption)
        ? enrolClips(registry, parser.value(enrolOption), parser.value(name), parser.value(why), files, stop)
        : testClips(registry, parser.value(testOption), files, stop);
}

} // namespace fw::cli
