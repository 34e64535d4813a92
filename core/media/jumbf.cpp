// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/jumbf_p.h"

#include <QtEndian>

#include <map>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kDeepest = 12;
constexpr int kMostBoxes = 4096;

struct RawBox
{
    QByteArray type;
    QByteArray body;
};

/// Takes the box at `at` and moves on; nullopt when its size does not fit.
std::optional<RawBox> takeBox(const QByteArray &bytes, qsizetype *at)
{
    if (bytes.size() - *at < 8)
        return std::nullopt;
    const auto *from = reinterpret_cast<const uchar *>(bytes.constData()) + *at;
    quint64 size = qFromBigEndian<quint32>(from);
    qsizetype header = 8;
    if (size == 1) {
        if (bytes.size() - *at < 16)
            return std::nullopt;
        size = qFromBigEndian<quint64>(from + 8);
        header = 16;
    } else if (size == 0) {
        size = quint64(bytes.size() - *at);
    }
    if (size < quint64(header) || size > quint64(bytes.size() - *at))
        return std::nullopt;
    RawBox box{bytes.mid(*at + 4, 4), bytes.mid(*at + header, qsizetype(size) - header)};
    *at += qsizetype(size);
    return box;
}

Result<JumbfBox> readSuperbox(const QByteArray &body, int depth, int *count)
{
    if (depth > kDeepest || ++*count > kMostBoxes)
        return fail(Errc::BadData, u"the boxes are nested too deeply or too many"_s);
    JumbfBox result;
    result.bytes = body;
    qsizetype at = 0;
    bool described = false;
    while (at < body.size()) {
        const auto box = takeBox(body, &at);
        if (!box)
            return fail(Errc::BadData, u"a box ends beyond its container"_s);
        if (box->type == "jumd") {
            // 16 bytes of type, one of switches, then the label up to a zero byte.
            if (box->body.size() < 17)
                return fail(Errc::BadData, u"a description box is too short"_s);
            if (box->body.at(16) & 2) {
                const qsizetype end = box->body.indexOf('\0', 17);
                if (end < 0)
                    return fail(Errc::BadData, u"a label has no end"_s);
                result.label = QString::fromUtf8(box->body.mid(17, end - 17));
            }
            described = true;
        } else if (box->type == "jumb") {
            auto child = readSuperbox(box->body, depth + 1, count);
            if (!child)
                return child;
            result.children.push_back(std::move(child).value());
        } else if (result.contentType.isEmpty()) {
            result.contentType = box->type;
            result.content = box->body;
        }
    }
    if (!described)
        return fail(Errc::BadData, u"a box has no description"_s);
    return result;
}

/// APP11 segments carry pieces of boxes: "JP", instance, packet number, then the box's own header again.
Result<std::optional<QByteArray>> fromJpeg(const QByteArray &file)
{
    std::map<int, std::map<quint32, QByteArray>> instances;
    std::optional<int> store;
    const auto *bytes = reinterpret_cast<const uchar *>(file.constData());
    qsizetype at = 2;
    while (at + 4 <= file.size() && bytes[at] == 0xFF) {
        const int marker = bytes[at + 1];
        if (marker == 0xDA || marker == 0xD9)
            break;
        if (marker == 0xFF) {
            ++at;
            continue;
        }
        const qsizetype length = qFromBigEndian<quint16>(bytes + at + 2);
        if (length < 2 || at + 2 + length > file.size())
            break;
        const QByteArray segment = file.mid(at + 4, length - 2);
        at += 2 + length;
        if (marker != 0xEB || segment.size() < 16 || !segment.startsWith("JP"))
            continue;
        const auto *from = reinterpret_cast<const uchar *>(segment.constData());
        const int instance = qFromBigEndian<quint16>(from + 2);
        const quint32 packet = qFromBigEndian<quint32>(from + 4);
        if (segment.mid(12, 4) != "jumb")
            continue;
        if (packet == 1 && segment.contains("c2pa") && !store)
            store = instance;
        instances[instance][packet] = packet == 1 ? segment.mid(8) : segment.mid(16);
    }
    if (!store)
        return std::optional<QByteArray>();
    QByteArray joined;
    quint32 expected = 1;
    for (const auto &[packet, piece] : instances[*store]) {
        if (packet != expected++)
            return fail(Errc::BadData, u"a piece of the manifest store is missing"_s);
        joined += piece;
    }
    return std::optional<QByteArray>(joined);
}

Result<std::optional<QByteArray>> fromPng(const QByteArray &file)
{
    qsizetype at = 8;
    while (at + 12 <= file.size()) {
        const quint32 length = qFromBigEndian<quint32>(reinterpret_cast<const uchar *>(file.constData()) + at);
        const QByteArray type = file.mid(at + 4, 4);
        if (qsizetype(length) > file.size() - at - 12)
            return fail(Errc::BadData, u"a chunk ends beyond the file"_s);
        if (type == "caBX")
            return std::optional<QByteArray>(file.mid(at + 8, qsizetype(length)));
        at += 12 + qsizetype(length);
    }
    return std::optional<QByteArray>();
}

} // namespace

QCborValue wholeCbor(const QByteArray &bytes)
{
    QCborParserError fault;
    const QCborValue value = QCborValue::fromCbor(bytes, &fault);
    return fault.error == QCborError::NoError ? value : QCborValue();
}

const JumbfBox *JumbfBox::child(const QString &name) const
{
    for (const JumbfBox &box : children) {
        if (box.label == name)
            return &box;
    }
    return nullptr;
}

Result<JumbfBox> readJumbf(const QByteArray &bytes)
{
    qsizetype at = 0;
    const auto box = takeBox(bytes, &at);
    if (!box || box->type != "jumb")
        return fail(Errc::BadData, u"the manifest store is cut off or is none"_s);
    int count = 0;
    return readSuperbox(box->body, 0, &count);
}

Result<std::optional<QByteArray>> findManifestStore(const QByteArray &file)
{
    if (file.startsWith("\xFF\xD8"))
        return fromJpeg(file);
    if (file.startsWith("\x89PNG\r\n\x1A\n"))
        return fromPng(file);
    return std::optional<QByteArray>();
}

} // namespace fw
