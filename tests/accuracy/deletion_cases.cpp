// SPDX-License-Identifier: GPL-3.0-or-later
#include "deletion_cases.h"

#include "media/video_reader.h"
#include "test_data.h"

#include <QDir>
#include <QRegularExpression>

#include <cmath>
#include <cstdio>
#include <ctime>
#include <limits>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

/// Time of this thread on a processor: other programs do not count.
double threadSeconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
}

QStringList photosOf(const QString &folder, int count)
{
    QStringList all;
    for (const QString &name : QDir(folder).entryList({u"*.jpg"_s, u"*.JPG"_s, u"*.jpeg"_s}, QDir::Files))
        all << QDir(folder).filePath(name);
    QStringList some;
    for (int i = 0; i < std::min<int>(count, int(all.size())); ++i)
        some << all[i * all.size() / std::min<int>(count, int(all.size()))];
    return some;
}

} // namespace

std::vector<Source> sources(const QString &photoFolder, int photos)
{
    const auto lavfi = [](const QString &graph) { return QStringList{u"-f"_s, u"lavfi"_s, u"-i"_s, graph}; };
    std::vector<Source> all{
        {u"fractal"_s, lavfi(u"mandelbrot=s=352x288:r=25:end_scale=0.01"_s), u"noise=alls=6:allf=t:all_seed=1"_s},
        {u"card"_s, lavfi(u"testsrc2=s=352x288:r=25"_s), u"noise=alls=6:allf=t:all_seed=2"_s},
        {u"automaton"_s, lavfi(u"cellauto=s=352x288:r=25:rule=110:random_seed=7"_s),
         u"gblur=sigma=2,noise=alls=6:allf=t:all_seed=3"_s},
        {u"gradients"_s, lavfi(u"gradients=s=352x288:r=25:speed=0.02:seed=5:n=6"_s), u"noise=alls=6:allf=t:all_seed=4"_s},
        {u"life"_s, lavfi(u"life=s=88x72:r=25:seed=9:mold=12:ratio=0.2"_s),
         u"scale=352:288:flags=bicubic,gblur=sigma=3,noise=alls=6:allf=t:all_seed=5"_s}};
    int number = 0;
    for (const QString &photo : photosOf(photoFolder, photos)) {
        // Slow, uneven pans of different speeds over a shrunk picture.
        const int k = number++;
        const QString pan = u"scale=512:-2:flags=area,setsar=1,crop=352:288:"
                            "x='(in_w-352)*(0.5+0.5*sin(n/%1+%2))':y='(in_h-288)*(0.5+0.5*cos(n/%3))',"
                            "noise=alls=%4:allf=t:all_seed=%5,format=yuv420p"_s
                                .arg(40 + 13 * (k % 7)).arg(k % 5).arg(55 + 17 * (k % 4))
                                .arg(4 + k % 4).arg(100 + k);
        all.push_back({u"photo-%1"_s.arg(k), {u"-loop"_s, u"1"_s, u"-framerate"_s, u"25"_s, u"-i"_s, photo}, pan});
    }
    return all;
}

std::vector<Source> stillSources(const QString &photoFolder, int count)
{
    std::vector<Source> all;
    int k = 0;
    for (const QString &photo : photosOf(photoFolder, count)) {
        ++k;
        all.push_back({u"still-%1"_s.arg(k), {u"-loop"_s, u"1"_s, u"-framerate"_s, u"25"_s, u"-i"_s, photo},
                       u"scale=512:-2:flags=area,setsar=1,crop=352:288,noise=alls=%1:allf=t:all_seed=%2,"
                       "format=yuv420p"_s.arg(2 + k % 4).arg(300 + k)});
    }
    return all;
}

std::vector<Source> steadyPans(const QString &photoFolder, int count)
{
    std::vector<Source> all;
    int k = 0;
    for (const QString &photo : photosOf(photoFolder, count)) {
        ++k;
        all.push_back({u"pan-%1"_s.arg(k), {u"-loop"_s, u"1"_s, u"-framerate"_s, u"50"_s, u"-i"_s, photo},
                       u"scale=640:-2:flags=area,setsar=1,crop=352:288:x='2*n':y=40,noise=alls=%1:allf=t:all_seed=%2,"
                       "format=yuv420p"_s.arg(4 + k % 4).arg(500 + k)});
    }
    return all;
}

Source kept(const Source &source, const QString &folder)
{
    const QString file = folder + u"/source.nut"_s;
    const QString complaint = test::ffmpeg(source.input + QStringList{u"-vf"_s, source.filter, u"-frames:v"_s,
                                                                      QString::number(kFrames), u"-pix_fmt"_s, u"yuv420p"_s,
                                                                      u"-c:v"_s, u"rawvideo"_s, file});
    return complaint.isEmpty() ? Source{source.name, {u"-i"_s, file}, u"null"_s} : source;
}

Workshop::Workshop(const QString &folder)
    : m_folder(folder.isEmpty() ? m_temporary.path() : folder)
    , m_stays(!folder.isEmpty())
{
    QDir().mkpath(m_folder);
}

QString Workshop::clip(const QString &name, const std::function<QString(const QString &)> &make) const
{
    QString file = name;
    file.replace(QRegularExpression(u"[^A-Za-z0-9.+-]+"_s), u"_"_s);
    const QString path = m_folder + u'/' + (m_stays ? file : u"clip"_s) + u".mkv"_s;
    if (m_stays && QFile::exists(path))
        return path;
    const QString fresh = m_folder + u"/unfinished.mkv"_s;
    if (const QString complaint = make(fresh); !complaint.isEmpty()) {
        std::fprintf(stderr, "%s: %s\n", qPrintable(name), qPrintable(complaint.left(400)));
        return {};
    }
    QFile::remove(path);
    return QFile::rename(fresh, path) ? path : QString();
}

const std::vector<Encoding> &firstEncodings()
{
    const auto h264 = [](int qp) {
        return Encoding{u"h264 qp%1"_s.arg(qp),
                        {u"-c:v"_s, u"libx264"_s, u"-preset"_s, u"veryfast"_s, u"-profile:v"_s, u"baseline"_s,
                         u"-sc_threshold"_s, u"0"_s, u"-qp"_s, QString::number(qp)}};
    };
    const auto mpeg = [](const QString &codec) {
        return Encoding{codec + u" q5"_s,
                        {u"-c:v"_s, codec, u"-bf"_s, u"0"_s, u"-q:v"_s, u"5"_s, u"-flags"_s, u"+cgop"_s,
                         u"-sc_threshold"_s, u"1000000000"_s}};
    };
    static const std::vector<Encoding> all{mpeg(u"mpeg2video"_s), mpeg(u"mpeg4"_s), h264(26), h264(32)};
    return all;
}

const std::vector<Encoding> &secondEncodings()
{
    const auto h264 = [](const QString &name, const QStringList &quality, bool b) {
        QStringList options{u"-c:v"_s, u"libx264"_s, u"-preset"_s, u"veryfast"_s, u"-sc_threshold"_s, u"0"_s};
        if (!b)
            options << u"-profile:v"_s << u"baseline"_s;
        return Encoding{name, options + quality};
    };
    static const std::vector<Encoding> all{
        h264(u"h264 qp20"_s, {u"-qp"_s, u"20"_s}, false), h264(u"h264 qp26"_s, {u"-qp"_s, u"26"_s}, false),
        h264(u"h264 crf23"_s, {u"-crf"_s, u"23"_s}, false),
        {u"mpeg4 q5"_s, {u"-c:v"_s, u"mpeg4"_s, u"-bf"_s, u"0"_s, u"-q:v"_s, u"5"_s, u"-sc_threshold"_s, u"1000000000"_s}},
        h264(u"h264 crf23 with B"_s, {u"-crf"_s, u"23"_s}, true)};
    return all;
}

QString encodeFirst(const Source &source, const Encoding &encoding, int group, const QString &to)
{
    return test::ffmpeg(source.input + QStringList{u"-vf"_s, source.filter, u"-frames:v"_s, QString::number(kFrames),
                                                   u"-pix_fmt"_s, u"yuv420p"_s, u"-threads"_s, u"1"_s}
                        + encoding.options
                        + QStringList{u"-g"_s, QString::number(group), u"-keyint_min"_s, QString::number(group), to});
}

QString encodeAgain(const QString &from, const std::optional<Edit> &edit, const Encoding &encoding, const QString &to)
{
    QStringList filter;
    if (edit && edit->removed > 0) {
        filter = {u"-vf"_s, u"select='not(between(n,%1,%2))',setpts=N/FRAME_RATE/TB"_s
                                .arg(edit->at).arg(edit->at + edit->removed - 1)};
    } else if (edit && edit->inserted > 0) {
        filter = {u"-filter_complex"_s,
                  u"split=3[a][b][c];[a]trim=start_frame=0:end_frame=%1,setpts=PTS-STARTPTS[x];"
                  "[b]trim=start_frame=%2:end_frame=%3,setpts=PTS-STARTPTS[y];"
                  "[c]trim=start_frame=%1,setpts=PTS-STARTPTS[z];[x][y][z]concat=n=3,setpts=N/FRAME_RATE/TB"_s
                      .arg(edit->at).arg(edit->from).arg(edit->from + edit->inserted)};
    }
    return test::ffmpeg(QStringList{u"-i"_s, from} + filter + QStringList{u"-threads"_s, u"1"_s} + encoding.options
                        + QStringList{u"-g"_s, QString::number(kSecondGroup), u"-keyint_min"_s,
                                      QString::number(kSecondGroup), to});
}

Result<AnalysisResult> analysed(const QString &path, double *secondsOfMethod)
{
    ReaderOptions options;
    options.pixels = false;
    options.coding = options.macroblocks = options.luma = true;
    auto reader = VideoReader::open(path, options);
    if (!reader)
        return Failure{reader.error()};
    ClipFacts clip;
    clip.media = (*reader)->facts();
    const StreamFacts &video = *clip.media.video();
    clip.coding = codingSupport(video.codec.toLatin1().constData());
    clip.nominalRate = video.averageRate.toDouble();
    DeletionDetector detector;
    if (auto begun = detector.begin(clip, {}); !begun)
        return Failure{begun.error()};
    Ledger ledger;
    ledger.timeBase = video.timeBase;
    double spent = 0.0;
    for (;;) {
        auto picture = (*reader)->next();
        if (!picture || !*picture)
            break;
        FrameBundle bundle;
        bundle.index = (*picture)->index;
        bundle.ledger = (*picture)->ledger;
        bundle.luma = (*picture)->luma;
        bundle.coding = std::make_shared<const CodingFrame>(std::move((*picture)->coding));
        ledger.entries.push_back(bundle.ledger);
        const double before = threadSeconds();
        if (auto taken = detector.frame(bundle); !taken)
            return Failure{taken.error()};
        spent += threadSeconds() - before;
    }
    const double before = threadSeconds();
    auto result = detector.finish(ledger);
    if (secondsOfMethod)
        *secondsOfMethod = spent + threadSeconds() - before;
    return result;
}

double fact(const AnalysisResult &result, const QString &startsWith)
{
    for (const QJsonArray &row : result.measured.tables.front().rows) {
        if (row.at(0).toString().startsWith(startsWith) && row.at(1).isDouble())
            return row.at(1).toDouble();
    }
    return std::numeric_limits<double>::quiet_NaN();
}

std::vector<Finding> breaksIn(const AnalysisResult &result)
{
    std::vector<Finding> breaks;
    for (const Finding &finding : result.findings) {
        if (finding.id.startsWith(u"frame_deletion.break"_s))
            breaks.push_back(finding);
    }
    return breaks;
}

} // namespace fw::accuracy
