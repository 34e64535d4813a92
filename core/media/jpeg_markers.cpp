// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/jpeg_markers_p.h"

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr int kSoi = 0xD8, kEoi = 0xD9, kSos = 0xDA, kDri = 0xDD, kTem = 0x01;
constexpr int kMaxMarkers = 100000;

bool standsAlone(int code)
{
    return code == kTem || (code >= 0xD0 && code <= kEoi); // RST0..7, SOI, EOI
}

bool startsFrame(int code)
{
    return code >= 0xC0 && code <= 0xCF && code != 0xC4 && code != 0xC8 && code != 0xCC;
}

/// "Exif", "JFIF", "http://ns.adobe.com/xap/1.0/": printable text up to the first zero byte.
QString identifierOf(int code, const char *payload, qint64 length)
{
    if (code < 0xE0 || code > 0xEF)
        return {};
    QString text;
    for (qint64 i = 0; i < std::min<qint64>(length, 40); ++i) {
        const char c = payload[i];
        if (c < 0x20 || c > 0x7E)
            break;
        text += QLatin1Char(c);
    }
    return text;
}

class Walk
{
public:
    Walk(const QByteArray &bytes, JpegFile *file) : m_bytes(bytes), m_file(file) {}

    void run()
    {
        m_file->markers.push_back({kSoi, 0, 0, {}});
        m_at = 2;
        while (int(m_file->markers.size()) < kMaxMarkers) {
            const int code = nextCode();
            if (code < 0) {
                m_file->warnings << u"the file ends without an end-of-image marker"_s;
                return;
            }
            if (!take(code))
                return;
        }
        m_file->warnings << u"more than %1 markers: the rest was not read"_s.arg(kMaxMarkers);
    }

private:
    int byte(qint64 at) const { return at < m_bytes.size() ? uchar(m_bytes[at]) : -1; }

    /// Leaves m_at behind the marker's code. Inside a scan, stuffed zeros and restarts are data.
    int nextCode()
    {
        bool strayReported = m_inScan;
        while (m_at + 1 < m_bytes.size()) {
            if (byte(m_at) != 0xFF) {
                if (!strayReported) {
                    m_file->warnings << u"bytes between two markers at offset %1"_s.arg(m_at);
                    strayReported = true;
                }
                const qsizetype mark = m_bytes.indexOf(char(0xFF), m_at);
                if (mark < 0)
                    break;
                m_at = mark;
                continue;
            }
            const int code = byte(m_at + 1);
            if (code == 0xFF) { // fill byte
                ++m_at;
                continue;
            }
            if (code == 0x00 || (m_inScan && code >= 0xD0 && code <= 0xD7)) {
                m_at += 2;
                continue;
            }
            m_at += 2;
            return code;
        }
        return -1;
    }

    bool take(int code)
    {
        JpegMarker marker{code, m_at - 2, 0, {}};
        if (standsAlone(code)) {
            m_file->markers.push_back(marker);
            if (code == kEoi)
                m_file->bytesAfterEnd = m_bytes.size() - m_at;
            return code != kEoi;
        }
        const int high = byte(m_at), low = byte(m_at + 1);
        const int stated = high < 0 || low < 0 ? -1 : high << 8 | low;
        if (stated < 2 || m_at + stated > m_bytes.size()) {
            m_file->warnings << u"the segment at offset %1 does not fit into the file"_s.arg(m_at - 2);
            m_file->markers.push_back(marker);
            return false;
        }
        marker.length = stated - 2;
        const char *payload = m_bytes.constData() + m_at + 2;
        marker.identifier = identifierOf(code, payload, marker.length);
        if (code == kDri && marker.length >= 2)
            m_file->restartInterval = uchar(payload[0]) << 8 | uchar(payload[1]);
        if (startsFrame(code)) {
            m_file->arithmetic = code >= 0xC9;
            m_file->progressive = (code & 3) == 2;
        }
        m_file->markers.push_back(marker);
        m_at += stated;
        m_inScan = code == kSos;
        return true;
    }

    const QByteArray &m_bytes;
    JpegFile *m_file;
    qint64 m_at = 0;
    bool m_inScan = false;
};

} // namespace

Result<void> walkJpegMarkers(const QByteArray &bytes, const QString &path, JpegFile *file)
{
    if (bytes.size() < 4 || uchar(bytes[0]) != 0xFF || uchar(bytes[1]) != kSoi)
        return fail(Errc::BadData, u"this is not a JPEG file: it does not begin with FF D8"_s, path);
    Walk(bytes, file).run();
    return {};
}

} // namespace fw
