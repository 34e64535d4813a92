// SPDX-License-Identifier: GPL-3.0-or-later
#include "codec_cases.h"

#include "media/video_reader.h"
#include "tally.h"
#include "test_data.h"

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

struct Coder
{
    QString name; ///< ffmpeg's encoder
    QStringList options;
    QString size = u"352x288"_s;
};

std::vector<Coder> coders()
{
    const QStringList fixed{u"-q:v"_s, u"5"_s};
    std::vector<Coder> all{{u"libx264"_s, {}}, {u"libx265"_s, {u"-x265-params"_s, u"log-level=none"_s}},
                           {u"libsvtav1"_s, {}}, {u"libvpx"_s, {u"-cpu-used"_s, u"8"_s}},
                           {u"libvpx-vp9"_s, {u"-cpu-used"_s, u"8"_s}}};
    for (const QString &name : {u"mpeg1video"_s, u"mpeg2video"_s, u"mpeg4"_s, u"h263"_s, u"h263p"_s, u"flv1"_s, u"wmv1"_s, u"wmv2"_s,
                                u"msmpeg4"_s, u"msmpeg4v2"_s, u"mjpeg"_s})
        all.push_back({name, fixed});
    all.push_back({u"prores_ks"_s, {}});
    all.push_back({u"dvvideo"_s, {}, u"720x576"_s});
    return all;
}

struct Told
{
    int pictures = 0, predicted = 0, motion = 0, quantiser = 0, macroblocks = 0;
};

Told toldBy(VideoReader &reader)
{
    Told told;
    for (;;) {
        auto picture = reader.next();
        if (!picture || !*picture)
            return told;
        const CodingFrame &coding = (*picture)->coding;
        ++told.pictures;
        told.predicted += coding.pictureType == 'P' || coding.pictureType == 'B';
        told.motion += !coding.motion.empty();
        told.quantiser += coding.qpMean.has_value();
        told.macroblocks += coding.macroblocks.has_value();
    }
}

const char *yes(bool value)
{
    return value ? "yes" : "no";
}

} // namespace

void measureCodecs(const Workshop &workshop)
{
    std::printf("\nWhat each codec tells (measured / said by the program)\n");
    Count right;
    for (const Coder &coder : coders()) {
        const QString path = workshop.clip(u"codec "_s + coder.name, [&](const QString &to) {
            return test::ffmpeg(QStringList{u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=s=%1:r=25:d=2"_s.arg(coder.size), u"-vf"_s,
                                            u"noise=alls=6:allf=t:all_seed=1,format=%1"_s.arg(
                                                coder.name == u"prores_ks"_s ? u"yuv422p10"_s : u"yuv420p"_s),
                                            u"-c:v"_s, coder.name}
                                + coder.options + QStringList{to});
        });
        ReaderOptions options;
        options.pixels = options.hashPlanes = false;
        options.coding = options.macroblocks = true;
        if (path.isEmpty())
            continue;
        auto reader = VideoReader::open(path, options);
        if (!reader)
            continue;
        const QString codec = (*reader)->facts().video()->codec;
        const CodingSupport said = codingSupport(codec.toLatin1().constData());
        const Told told = toldBy(**reader);
        const bool motion = told.motion > 0, quantiser = told.quantiser > 0, blocks = told.macroblocks > 0;
        const bool same = motion == said.motionVectors && quantiser == said.quantiser && blocks == said.macroblocks;
        right.add(same);
        std::printf("  %-12s %-12s %3d pictures, %3d predicted; motion %d (%s / %s), quantiser %d (%s / %s), macroblocks %d (%s / %s)%s\n",
                    qPrintable(coder.name), qPrintable(codec), told.pictures, told.predicted, told.motion, yes(motion),
                    yes(said.motionVectors), told.quantiser, yes(quantiser), yes(said.quantiser), told.macroblocks, yes(blocks),
                    yes(said.macroblocks), same ? "" : "  DIFFERS");
        const auto result = analysed(path);
        if (!result)
            continue;
        std::printf("    %s\n", qPrintable(result->findings.front().summary.left(150)));
    }
    print("codecs of which the program says what is so", right);
}

} // namespace fw::accuracy
