// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/demo/ffmpeg.h"

using namespace Qt::StringLiterals;

namespace fw::render {
namespace {

constexpr int kPatienceMs = 60000;

} // namespace

QStringList ClipWriter::arguments(const QString &path, cv::Size size, double framesPerSecond,
                                  const std::optional<Cut> &cut)
{
    QString filter = u"scale=in_range=pc:out_range=tv:out_color_matrix=bt709"_s;
    if (cut)
        filter += u",select='not(between(n,%1,%2))'"_s.arg(cut->begin).arg(cut->end - 1);
    return {u"-v"_s, u"error"_s, u"-y"_s, u"-f"_s, u"rawvideo"_s, u"-pix_fmt"_s, u"bgr24"_s,
            u"-video_size"_s, u"%1x%2"_s.arg(size.width).arg(size.height), u"-framerate"_s,
            QString::number(framesPerSecond), u"-i"_s, u"-"_s, u"-vf"_s, filter, u"-fps_mode"_s,
            u"passthrough"_s, u"-an"_s, u"-c:v"_s, u"libx264"_s, u"-preset"_s, u"slow"_s, u"-crf"_s,
            u"20"_s, u"-g"_s, u"50"_s, u"-pix_fmt"_s, u"yuv420p"_s, u"-color_primaries"_s,
            u"bt709"_s, u"-color_trc"_s, u"bt709"_s, u"-colorspace"_s, u"bt709"_s,
            u"-color_range"_s, u"tv"_s,
            // One thread: x264 divides its work otherwise by the number of cores it finds.
            u"-threads"_s, u"1"_s, u"-fflags"_s, u"+bitexact"_s, u"-flags:v"_s, u"+bitexact"_s,
            u"-movflags"_s, u"+faststart"_s, path};
}

Result<void> ClipWriter::open(const QString &path, cv::Size size, double framesPerSecond,
                              const std::optional<Cut> &cut)
{
    m_path = path;
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(u"ffmpeg"_s, arguments(path, size, framesPerSecond, cut));
    if (!m_process.waitForStarted())
        return fail(Errc::NotFound, u"the ffmpeg command cannot be started"_s);
    return {};
}

Result<void> ClipWriter::write(const cv::Mat &bgr)
{
    const auto bytes = static_cast<qint64>(bgr.total() * bgr.elemSize());
    m_process.write(reinterpret_cast<const char *>(bgr.data), bytes);
    while (m_process.bytesToWrite() > 0) {
        if (!m_process.waitForBytesWritten(kPatienceMs))
            return fail(Errc::Unwritable, u"ffmpeg takes no more frames"_s, m_path);
    }
    return {};
}

Result<void> ClipWriter::close()
{
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(kPatienceMs) || m_process.exitCode() != 0)
        return fail(Errc::Unwritable, u"ffmpeg did not finish the clip"_s, m_path);
    return {};
}

Result<int> readClip(const QString &path, cv::Size size,
                     const std::function<void(int, const cv::Mat &)> &use)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(u"ffmpeg"_s,
                  {u"-v"_s, u"error"_s, u"-i"_s, path, u"-fps_mode"_s, u"passthrough"_s, u"-f"_s,
                   u"rawvideo"_s, u"-pix_fmt"_s, u"bgr24"_s, u"-"_s});
    if (!process.waitForStarted())
        return fail(Errc::NotFound, u"the ffmpeg command cannot be started"_s);
    const qsizetype frameBytes = qsizetype{3} * size.width * size.height;
    QByteArray buffer;
    int count = 0;
    while (process.waitForReadyRead(kPatienceMs) || process.bytesAvailable() > 0) {
        buffer += process.readAll();
        qsizetype used = 0;
        while (buffer.size() - used >= frameBytes) {
            use(count++, cv::Mat(size, CV_8UC3, buffer.data() + used));
            used += frameBytes;
        }
        buffer.remove(0, used);
    }
    if (count == 0)
        return fail(Errc::Unreadable, u"ffmpeg reads no frame"_s, path);
    return count;
}

} // namespace fw::render
