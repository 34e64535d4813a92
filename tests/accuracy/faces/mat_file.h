// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <cstring>
#include <map>
#include <vector>

namespace fw::test {

/// The real numeric arrays of a MATLAB 5 file by name, column-major; what cannot be read is left
/// out. Only for annotations of known origin.
inline std::map<QString, std::vector<double>> readMatFile(const QByteArray &file)
{
    std::map<QString, std::vector<double>> arrays;
    const auto word = [](const QByteArray &b, qsizetype at) {
        quint32 v = 0;
        if (at + 4 <= b.size())
            std::memcpy(&v, b.constData() + at, 4);
        return v;
    };
    struct Part
    {
        quint32 type = 0;
        QByteArray bytes;
        qsizetype next = 0;
    };
    const auto partAt = [&](const QByteArray &b, qsizetype at) {
        Part p;
        const quint32 first = word(b, at);
        if (first >> 16) { // a small part keeps its bytes in the tag
            p.type = first & 0xffff;
            p.bytes = b.mid(at + 4, first >> 16);
            p.next = at + 8;
        } else {
            const qsizetype size = word(b, at + 4);
            p.type = first;
            p.bytes = b.mid(at + 8, size);
            p.next = at + 8 + (p.type == 15 ? size : (size + 7) / 8 * 8);
        }
        return p;
    };
    for (qsizetype at = 128; at + 8 <= file.size();) {
        Part part = partAt(file, at);
        at = part.next;
        if (part.type == 15) {
            QByteArray sized(4, '\0');
            sized[1] = 1; // a first guess of 64 KiB; it grows
            part = partAt(qUncompress(sized + part.bytes), 0);
        }
        if (part.type != 14)
            continue;
        const Part flags = partAt(part.bytes, 0);
        const Part sizes = partAt(part.bytes, flags.next);
        const Part name = partAt(part.bytes, sizes.next);
        const Part data = partAt(part.bytes, name.next);
        std::vector<double> &values = arrays[QString::fromLatin1(name.bytes)];
        const auto take = [&](auto sample) {
            for (qsizetype i = 0; i + qsizetype(sizeof sample) <= data.bytes.size();
                 i += qsizetype(sizeof sample)) {
                std::memcpy(&sample, data.bytes.constData() + i, sizeof sample);
                values.push_back(double(sample));
            }
        };
        if (data.type == 7)
            take(float());
        else if (data.type == 9)
            take(double());
    }
    return arrays;
}

} // namespace fw::test
