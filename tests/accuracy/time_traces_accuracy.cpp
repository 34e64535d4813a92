// SPDX-License-Identifier: GPL-3.0-or-later
// Measures the methods of time traces on clips that it makes itself with ffmpeg, so that the truth is
// known, and prints one table for each check. Takes minutes.
// Usage: time_traces_accuracy --photos FOLDER [--only-photos] [--count N] [--keep FOLDER]
//            groups|edits|copies|interlace|fields|speed|codecs|all
//        time_traces_accuracy clips CLIP...
#include "base/memory.h"
#include "codec_cases.h"
#include "copy_cases.h"
#include "edit_cases.h"
#include "interlace_cases.h"
#include "tally.h"
#include "test_data.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::accuracy;

namespace {

/// Group length by weight (phi) and by rhythm: 4 first encodings, 2 lengths, 4 second encodings.
void measureGroups(const Source &source, const Workshop &workshop)
{
    std::printf("\nFirst group length, source %s\n", qPrintable(source.name));
    Count byWeight, byRhythm;
    for (const Encoding &first : firstEncodings()) {
        for (const int group : {14, 30}) {
            for (std::size_t s = 0; s < 4; ++s) {
                const Encoding &second = secondEncodings()[s];
                const QString name = u"groups %1 %2 G%3 then %4"_s.arg(source.name, first.name).arg(group).arg(second.name);
                const auto result = analysed(workshop.clip(name, [&](const QString &to) {
                    const QString once = workshop.folder() + u"/once.mkv"_s;
                    const QString complaint = encodeFirst(source, first, group, once);
                    return complaint.isEmpty() ? encodeAgain(once, std::nullopt, second, to) : complaint;
                }));
                if (!result)
                    continue;
                byWeight.add(fact(*result, u"First group length by weight"_s) == group);
                byRhythm.add(fact(*result, u"First group length by rhythm"_s) == group);
                if (fact(*result, u"First group length by weight"_s) != group)
                    printRhythm("differs", name + u", by weight %1"_s.arg(fact(*result, u"First group length by weight"_s)), *result);
            }
        }
    }
    print("first group length exact by weight (phi)", byWeight);
    print("first group length exact by rhythm", byRhythm);
}

/// Processor time of both methods on ten seconds of 1280 x 720 at 30 frames a second.
void measureSpeed(const QString &photos, const Workshop &workshop)
{
    const Source source = stillSources(photos, 1).front();
    const QString pan = u"scale=1600:-2:flags=bicubic,crop=1280:720:x='(in_w-1280)*(0.5+0.5*sin(n/40))':"
                        "y='(in_h-720)*(0.5+0.5*cos(n/55))',noise=alls=4:allf=t:all_seed=3"_s;
    for (const bool fields : {false, true}) {
        const QString filter = fields ? pan + u",tinterlace=interleave_top,setfield=tff"_s : pan;
        QStringList options{u"-frames:v"_s, u"300"_s, u"-pix_fmt"_s, u"yuv420p"_s, u"-c:v"_s, u"libx264"_s, u"-preset"_s,
                            u"ultrafast"_s, u"-crf"_s, u"20"_s};
        if (fields)
            options << u"-flags"_s << u"+ildct+ilme"_s;
        QStringList input = source.input;
        input[input.indexOf(u"-framerate"_s) + 1] = fields ? u"60"_s : u"30"_s;
        const QString path = workshop.clip(fields ? u"speed 720i"_s : u"speed 720p"_s, [&](const QString &to) {
            return test::ffmpeg(input + QStringList{u"-vf"_s, filter} + options + QStringList{to});
        });
        double seconds = 0.0, milliseconds = 0.0;
        const auto removed = analysed(path, &seconds);
        const auto scanned = interlaceOf(path, &milliseconds);
        if (!removed || !scanned)
            continue;
        const double frames = std::max(1.0, double(scanned->evidence.frames));
        const double together = 1000.0 * seconds / frames + milliseconds;
        std::printf("%-11s %4.0f frames: removed frames %.2f ms, fields %.2f ms, together %.2f ms a frame: %.1f times real time at 30\n",
                    fields ? "interlaced" : "progressive", frames, 1000.0 * seconds / frames, milliseconds, together,
                    1000.0 / 30.0 / together);
    }
}

/// What was said of clips nobody doctored.
struct ClipTally
{
    int clips = 0, progressive = 0, maps = 0, claims = 0;
    void add(const AnalysisResult &result)
    {
        claims += int(std::count_if(result.findings.begin(), result.findings.end(),
                                    [](const Finding &f) { return f.verdict == Verdict::Suspicious; }));
    }
};

void describeClip(const QString &path, ClipTally *tally)
{
    ++tally->clips;
    double seconds = 0.0;
    const auto result = analysed(path, &seconds);
    std::printf("%s\n", qPrintable(QFileInfo(path).fileName()));
    if (!result) {
        std::printf("  %s\n", qPrintable(result.error().text()));
        return;
    }
    tally->add(*result);
    for (const Finding &f : result->findings)
        std::printf("  [%s] %s\n", qPrintable(verdictName(f.verdict)), qPrintable(f.summary));
    printRhythm("clip", {}, *result);
    double milliseconds = 0.0;
    if (const auto scanned = interlaceOf(path, &milliseconds)) {
        for (const Finding &f : scanned->result.findings)
            std::printf("  [%s] %s\n", qPrintable(verdictName(f.verdict)), qPrintable(f.summary));
        printTrace("  trace", *scanned);
        tally->add(scanned->result);
        tally->progressive += !scanned->evidence.interlaced();
        tally->maps += !scanned->result.measured.heatMaps.empty();
        std::printf("  removed frames %.2f ms, fields %.2f ms a frame\n",
                    1000.0 * seconds / std::max(1.0, double(scanned->evidence.frames)), milliseconds);
    }
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    cv::setNumThreads(1); // as the program does; the times of one thread are all of it
    keepFreedMemory();
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addPositionalArgument(u"what"_s, u"groups, edits, copies, interlace, fields, speed, codecs, all or clips"_s);
    parser.addPositionalArgument(u"clip"_s, u"real clips to describe"_s, u"[CLIP...]"_s);
    parser.addOption({u"photos"_s, u"folder of photographs to pan over"_s, u"folder"_s});
    parser.addOption({u"only-photos"_s, u"leave out the drawn sources"_s});
    parser.addOption({u"count"_s, u"how many of them"_s, u"number"_s, u"20"_s});
    parser.addOption({u"keep"_s, u"folder where the clips stay and are used again"_s, u"folder"_s});
    parser.process(app);
    const QStringList words = parser.positionalArguments();
    if (words.isEmpty())
        parser.showHelp(1);
    ClipTally tally;
    for (const QString &clip : words.mid(1))
        describeClip(clip, &tally);
    if (tally.clips > 0)
        std::printf("%d clips, %d of them not interlaced: %d with a map, %d suspicious findings\n", tally.clips,
                    tally.progressive, tally.maps, tally.claims);
    const auto wants = [&](const QString &part) { return words.front() == u"all"_s || words.front() == part; };
    const QString photos = parser.value(u"photos"_s);
    const Workshop workshop(parser.value(u"keep"_s));
    std::vector<Source> all = sources(photos, parser.value(u"count"_s).toInt());
    if (parser.isSet(u"only-photos"_s))
        std::erase_if(all, [](const Source &s) { return !s.name.startsWith(u"photo"_s); });
    for (const std::size_t k : {std::size_t(0), std::size_t(5)}) {
        if (wants(u"groups"_s) && k < all.size())
            measureGroups(kept(all[k], workshop.folder()), workshop);
    }
    if (wants(u"edits"_s))
        measureEdits(all, workshop);
    if (wants(u"copies"_s))
        measureCopies(all, stillSources(photos, 10), workshop);
    if (wants(u"interlace"_s))
        measureInterlace(all, workshop.folder());
    if (wants(u"fields"_s))
        measurePans(steadyPans(photos, 6), workshop.folder());
    if (wants(u"speed"_s))
        measureSpeed(photos, workshop);
    if (wants(u"codecs"_s))
        measureCodecs(workshop);
    return 0;
}
