// SPDX-License-Identifier: GPL-3.0-or-later
#include "interlace_cases.h"

#include "media/video_reader.h"
#include "stats/quantile.h"
#include "stats/ranking.h"
#include "test_data.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

constexpr int kPictures = 120; ///< of the progressive source; half as many frames when interlaced
constexpr int kPatch = 128;

const QStringList &lossless()
{
    static const QStringList words{u"-c:v"_s, u"ffv1"_s};
    return words;
}

QStringList crf(int value)
{
    return {u"-c:v"_s, u"libx264"_s, u"-crf"_s, QString::number(value)};
}

double threadSeconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
}

QString run(const Source &source, const QString &chain, const QStringList &codec, const QString &to)
{
    return test::ffmpeg(source.input + QStringList{u"-filter_complex"_s, chain, u"-frames:v"_s,
                                                   QString::number(kPictures / 2), u"-pix_fmt"_s, u"yuv420p"_s}
                        + codec + QStringList{to});
}

/// Areas under the curve of both block statistics against the known place of the patch.
struct PatchAreas
{
    double contrast = 0.0, follow = 0.0;
    int hit = 0, wrong = 0;
};

std::optional<PatchAreas> patchAreas(const InterlaceEvidence &e)
{
    std::vector<double> inContrast, outContrast, inFollow, outFollow;
    PatchAreas areas;
    for (const InterlaceBurst &burst : e.bursts) {
        if (burst.contrast.empty())
            continue;
        const cv::Rect patch = patchAt(int(burst.frames.begin + burst.frames.length() / 2));
        const cv::Rect core = patch + cv::Point(8, 8) - cv::Size(16, 16);
        const cv::Rect wide = patch - cv::Point(24, 24) + cv::Size(48, 48);
        for (int y = 1; y + 1 < burst.contrast.rows; ++y) {
            for (int x = 1; x + 1 < burst.contrast.cols; ++x) {
                const cv::Rect block(x * kMapBlock, y * kMapBlock, kMapBlock, kMapBlock);
                if (burst.texture.at<float>(y, x) < 1.0F)
                    continue;
                const bool in = (block & core) == block, out = (block & wide).empty();
                if (in) {
                    inContrast.push_back(-burst.contrast.at<float>(y, x));
                    inFollow.push_back(-burst.follow.at<float>(y, x));
                } else if (out) {
                    outContrast.push_back(-burst.contrast.at<float>(y, x));
                    outFollow.push_back(-burst.follow.at<float>(y, x));
                }
            }
        }
        for (const cv::Point &place : burst.foreign) {
            const cv::Rect block(place.x * kMapBlock, place.y * kMapBlock, kMapBlock, kMapBlock);
            ++((block & wide).empty() ? areas.wrong : areas.hit);
        }
    }
    const auto contrast = rocArea(outContrast, inContrast), follow = rocArea(outFollow, inFollow);
    if (!contrast || !follow)
        return std::nullopt;
    areas.contrast = contrast->area;
    areas.follow = follow->area;
    return areas;
}

bool made(const QString &complaint)
{
    if (!complaint.isEmpty())
        std::fprintf(stderr, "%s\n", qPrintable(complaint.left(400)));
    return complaint.isEmpty();
}

void measureContrast(const Source &source, const QString &folder)
{
    std::printf("\nParity contrast, source %s\n", qPrintable(source.name));
    const QString clip = folder + u"/scan.mkv"_s;
    struct Kind
    {
        const char *name;
        QString filter;
    };
    const std::vector<Kind> kinds{{"yadif", u"yadif=0"_s}, {"bwdif", u"bwdif=0"_s}, {"kerndeint", u"kerndeint"_s},
                                  {"w3fdif, field rate", u"w3fdif"_s}, {"bwdif, field rate", u"bwdif=1"_s},
                                  {"line averaging", u"pp=li"_s}, {"fields scaled", u"separatefields,scale=352:288"_s}};
    if (made(run(source, source.filter, lossless(), clip))) {
        if (const auto o = interlaceOf(clip))
            printTrace("progressive", *o);
    }
    for (const Kind &kind : kinds) {
        if (made(makeDeinterlaced(source, kind.filter, false, lossless(), clip))) {
            if (const auto o = interlaceOf(clip))
                printTrace(kind.name, *o);
        }
    }
    for (const int value : {18, 23, 28}) {
        if (made(makeDeinterlaced(source, u"yadif=0"_s, false, crf(value), clip))) {
            if (const auto o = interlaceOf(clip))
                printTrace(qPrintable(u"yadif, H.264 CRF %1"_s.arg(value)), *o);
        }
    }
}

void measurePatch(const Source &source, const QString &folder)
{
    const QString clip = folder + u"/patch.mkv"_s;
    const std::vector<std::pair<QString, QStringList>> codecs{{u"lossless"_s, lossless()}, {u"CRF 18"_s, crf(18)}, {u"CRF 28"_s, crf(28)}};
    for (const auto &[name, codec] : codecs) {
        if (!made(makeDeinterlaced(source, u"yadif=0"_s, true, codec, clip)))
            continue;
        const auto o = interlaceOf(clip);
        if (!o)
            continue;
        const auto areas = patchAreas(o->evidence);
        std::printf("  %-12s %-10s rho %.3f %-10s area: contrast %.3f, follow %.3f; foreign blocks right %d wrong %d; %s\n",
                    qPrintable(source.name), qPrintable(name), o->evidence.trace.contrast,
                    o->evidence.trace.usable ? "map" : "abstains", areas ? areas->contrast : NAN,
                    areas ? areas->follow : NAN, areas ? areas->hit : 0, areas ? areas->wrong : 0,
                    qPrintable(verdictName(o->result.findings.front().verdict)));
        std::fflush(stdout);
    }
}

void measureFields(const Source &source, const QString &folder)
{
    const QString clip = folder + u"/fields.mkv"_s;
    const QStringList mpeg2{u"-c:v"_s, u"mpeg2video"_s, u"-b:v"_s, u"8M"_s, u"-flags"_s, u"+ildct+ilme"_s};
    for (const bool object : {false, true}) {
        for (const QStringList &codec : {lossless(), mpeg2}) {
            if (!made(makeInterlaced(source, object, codec, clip)))
                continue;
            const auto o = interlaceOf(clip);
            if (!o)
                continue;
            std::vector<double> d;
            std::size_t odd = 0, all = 0;
            std::vector<double> inside;
            for (const InterlaceBurst &burst : o->evidence.bursts) {
                all += burst.blocks.size();
                odd += burst.fields.odd.size();
                for (const auto &block : burst.blocks)
                    d.push_back(block.difference);
                for (const auto &block : burst.fields.odd)
                    inside.push_back(block.difference);
            }
            std::printf("  %-12s %-9s %-10s %s: median d %.3f, %zu of %zu blocks odd (median d %.3f); %s\n",
                        qPrintable(source.name), codec == mpeg2 ? "MPEG-2" : "lossless",
                        object ? "object" : "authentic", qPrintable(scanName(o->evidence.scan)), median(d).value_or(NAN), odd, all,
                        median(inside).value_or(NAN), qPrintable(verdictName(o->result.findings.front().verdict)));
            std::fflush(stdout);
        }
    }
}

} // namespace

void printTrace(const char *name, const InterlaceOutcome &o)
{
    const DeinterlaceTrace &t = o.evidence.trace;
    std::printf("  %-34s %-34s rho %.3f %s weights %.2f %.2f %.2f %.2f  %s\n", name,
                qPrintable(scanName(o.evidence.scan).left(34)), t.contrast, t.alternating ? "alternating" : "", t.weights[0],
                t.weights[1], t.weights[2], t.weights[3], qPrintable(t.usable ? t.model : t.why));
    std::fflush(stdout);
}

cv::Rect patchAt(int frame)
{
    return {64 + frame, 80, kPatch, kPatch};
}

QString makeDeinterlaced(const Source &source, const QString &filter, bool patch, const QStringList &codec, const QString &to)
{
    const bool doubles = filter.contains(u"w3fdif"_s) || filter.endsWith(u"=1"_s) || filter.contains(u"separate"_s);
    const QString base = source.filter + u",trim=end_frame=%1,format=yuv420p"_s.arg(kPictures);
    const QString made = u"tinterlace=interleave_top,setfield=tff,"_s + filter;
    Q_UNUSED(doubles);
    if (!patch)
        return run(source, u"[0:v]%1,%2"_s.arg(base, made), codec, to);
    // The patch is another place of the same progressive pictures, each shown once a frame.
    const QString chain = u"[0:v]%1,split[a][b];[a]%2[c];[b]select='not(mod(n,2))',setpts=N/FRAME_RATE/TB/2*2,"
                          "crop=%3:%3:200:20,setpts=PTS[d];[c]setpts=N/25/TB[e];[d]setpts=N/25/TB[f];"
                          "[e][f]overlay=x='64+n':y=80:format=yuv420"_s.arg(base, made).arg(kPatch);
    return run(source, chain, codec, to);
}

QString makeInterlaced(const Source &source, bool objectByFrames, const QStringList &codec, const QString &to)
{
    const QString base = source.filter + u",trim=end_frame=%1,format=yuv420p"_s.arg(kPictures);
    // Cameras filter lines before they interlace, or fine detail would flicker.
    const QString made = u"tinterlace=interleave_top:flags=vlpf,setfield=tff"_s;
    if (!objectByFrames)
        return run(source, u"[0:v]%1,%2"_s.arg(base, made), codec, to);
    const QString chain = u"[0:v]%1,split[a][b];[a]%2[c];[b]trim=end_frame=1,crop=%3:%3:200:20,loop=-1:1[d];"
                          "[c]setpts=N/25/TB[e];[d]setpts=N/25/TB[f];[e][f]overlay=x='10+3*n':y='60+n':format=yuv420:shortest=1"_s
                              .arg(base, made).arg(kPatch);
    return run(source, chain, codec, to);
}

Result<InterlaceOutcome> interlaceOf(const QString &path, double *millisecondsPerFrame)
{
    ReaderOptions options;
    options.pixels = options.hashPlanes = false;
    options.coding = options.luma = true;
    auto counted = scanPackets(path);
    auto reader = VideoReader::open(path, options);
    if (!reader)
        return Failure{reader.error()};
    ClipFacts clip;
    clip.media = (*reader)->facts();
    clip.frameCount = counted ? counted->frameCount() : 0;
    InterlaceDetector detector;
    if (auto begun = detector.begin(clip, {}); !begun)
        return Failure{begun.error()};
    Ledger ledger;
    double spent = 0.0;
    for (;;) {
        auto picture = (*reader)->next();
        if (!picture || !*picture)
            break;
        FrameBundle bundle;
        bundle.index = (*picture)->index;
        bundle.luma = (*picture)->luma;
        bundle.coding = std::make_shared<const CodingFrame>(std::move((*picture)->coding));
        ledger.entries.push_back((*picture)->ledger);
        const double before = threadSeconds();
        if (auto taken = detector.frame(bundle); !taken)
            return Failure{taken.error()};
        spent += threadSeconds() - before;
    }
    auto result = detector.finish(ledger);
    if (!result)
        return Failure{result.error()};
    if (millisecondsPerFrame)
        *millisecondsPerFrame = 1000.0 * spent / std::max<double>(1.0, double(ledger.count()));
    return InterlaceOutcome{detector.evidence(), std::move(*result)};
}

void measureInterlace(const std::vector<Source> &all, const QString &folder)
{
    for (std::size_t k = 0; k < std::min<std::size_t>(all.size(), 8); ++k) {
        if (k > 0 && k < 5)
            continue; // of the procedural sources the fractal is the only one that moves everywhere
        const Source source = kept(all[k], folder);
        if (k < 6)
            measureContrast(source, folder);
        std::printf("\nA progressive patch in a de-interlaced clip\n");
        measurePatch(source, folder);
    }
}

void measurePans(const std::vector<Source> &pans, const QString &folder)
{
    std::printf("\nFields of interlaced pans\n");
    for (const Source &pan : pans)
        measureFields(kept(pan, folder), folder);
}

} // namespace fw::accuracy
