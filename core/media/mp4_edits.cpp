// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/mp4_edits_p.h"

#include <QtEndian>

#include <array>

namespace fw {

namespace {

constexpr std::size_t kMaxEdits = 10000;
constexpr int kMaxBoxes = 100000;

constexpr quint32 tag(const char (&name)[5])
{
    return quint32(uchar(name[0])) << 24 | quint32(uchar(name[1])) << 16 | quint32(uchar(name[2])) << 8
           | quint32(uchar(name[3]));
}

class Reader
{
public:
    explicit Reader(ByteSource &source) : m_source(source) {}

    std::vector<EditListEntry> run()
    {
        walk(0, m_source.size() >= 0 ? m_source.size() : 0, 0);
        for (EditListEntry &edit : m_edits)
            edit.durationSeconds /= m_movieTimescale > 0 ? m_movieTimescale : 1.0;
        return std::move(m_edits);
    }

private:
    bool bytes(qint64 at, char *to, qint64 count)
    {
        if (!m_source.seek(at))
            return false;
        while (count > 0) {
            const auto got = m_source.read(to, count);
            if (!got || *got <= 0)
                return false;
            to += *got;
            count -= *got;
        }
        return true;
    }

    template <class T> bool number(qint64 at, T *to)
    {
        std::array<char, sizeof(T)> raw;
        if (!bytes(at, raw.data(), raw.size()))
            return false;
        *to = qFromBigEndian<T>(raw.data());
        return true;
    }

    void walk(qint64 begin, qint64 end, int depth)
    {
        for (qint64 at = begin; at + 8 <= end && m_boxes < kMaxBoxes; ++m_boxes) {
            quint32 size32 = 0, kind = 0;
            if (!number(at, &size32) || !number(at + 4, &kind))
                return;
            qint64 header = 8, size = size32;
            if (size32 == 1) {
                if (!number(at + 8, &size))
                    return;
                header = 16;
            } else if (size32 == 0) {
                size = end - at; // to the end of the file
            }
            if (size < header || size > end - at)
                return;
            visit(kind, at + header, at + size, depth);
            at += size;
        }
    }

    void visit(quint32 kind, qint64 begin, qint64 end, int depth)
    {
        if (depth == 0 && kind == tag("moov")) {
            walk(begin, end, 1);
        } else if (depth == 1 && kind == tag("mvhd")) {
            quint8 version = 0;
            if (number(begin, &version))
                number(begin + (version == 1 ? 20 : 12), &m_movieTimescale);
        } else if (depth == 1 && kind == tag("trak")) {
            ++m_track;
            walk(begin, end, 2);
        } else if (depth == 2 && kind == tag("edts")) {
            walk(begin, end, 3);
        } else if (depth == 3 && kind == tag("elst")) {
            edits(begin, end);
        }
    }

    void edits(qint64 begin, qint64 end)
    {
        quint8 version = 0;
        quint32 count = 0;
        if (!number(begin, &version) || !number(begin + 4, &count))
            return;
        const qint64 entryBytes = version == 1 ? 20 : 12;
        for (qint64 at = begin + 8; count > 0 && at + entryBytes <= end; --count, at += entryBytes) {
            EditListEntry edit;
            edit.streamIndex = m_track;
            qint32 rate = 0;
            bool ok = false;
            if (version == 1) {
                qint64 duration = 0, media = 0;
                ok = number(at, &duration) && number(at + 8, &media) && number(at + 16, &rate);
                edit.durationSeconds = double(duration);
                edit.mediaTime = media;
            } else {
                quint32 duration = 0;
                qint32 media = 0;
                ok = number(at, &duration) && number(at + 4, &media) && number(at + 8, &rate);
                edit.durationSeconds = double(duration);
                edit.mediaTime = media;
            }
            if (!ok || m_edits.size() >= kMaxEdits)
                return;
            edit.rate = double(rate) / 65536.0;
            m_edits.push_back(edit);
        }
    }

    ByteSource &m_source;
    std::vector<EditListEntry> m_edits;
    quint32 m_movieTimescale = 0;
    int m_track = -1;
    int m_boxes = 0;
};

} // namespace

std::vector<EditListEntry> readEditLists(ByteSource &source)
{
    return Reader(source).run();
}

} // namespace fw
