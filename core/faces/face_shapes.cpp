// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/face_shapes.h"

#include "base/json.h"

#include <QFile>
#include <QtEndian>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr char kShapesMagic[9] = "FWHEAD1\n";
constexpr qsizetype kMagicBytes = 8;
constexpr qsizetype kMostBytes = 8 << 20;
constexpr int kMostPoints = 20000;

static_assert(std::endian::native == std::endian::little, "the file is written as it lies in memory");

/// Takes the parts of a file one after the other; false when it ends too early.
class Reader
{
public:
    explicit Reader(const QByteArray &bytes)
        : m_bytes(bytes)
    {
    }
    template <class T> bool take(std::vector<T> *to, std::size_t count)
    {
        const std::size_t size = count * sizeof(T);
        if (std::size_t(m_bytes.size()) - m_at < size)
            return false;
        to->resize(count);
        std::memcpy(static_cast<void *>(to->data()), m_bytes.constData() + m_at, size);
        m_at += size;
        return true;
    }
    void skip(std::size_t bytes) { m_at += bytes; }
    bool atEnd() const { return m_at == std::size_t(m_bytes.size()); }

private:
    const QByteArray &m_bytes;
    std::size_t m_at = 0;
};

template <class T> void append(QByteArray &to, const std::vector<T> &values)
{
    to.append(reinterpret_cast<const char *>(values.data()), qsizetype(values.size() * sizeof(T)));
}

bool finite(const FaceShapes::Points &points)
{
    return std::all_of(points.begin(), points.end(), [](const cv::Vec3f &p) {
        return std::isfinite(p[0]) && std::isfinite(p[1]) && std::isfinite(p[2]);
    });
}

void addScaled(FaceShapes::Points &to, const FaceShapes::Points &offset, float strength)
{
    for (std::size_t i = 0; i < to.size(); ++i)
        to[i] += strength * offset[i];
}

} // namespace

int FaceShapes::expression(std::string_view name) const
{
    const auto it = std::find(names.begin(), names.end(), name);
    return it == names.end() ? -1 : int(it - names.begin());
}

FaceShapes::Points FaceShapes::shape(std::span<const float> identity,
                                     std::span<const float> expression) const
{
    Points out = neutral;
    for (std::size_t i = 0; i < std::min(identity.size(), identities.size()); ++i)
        addScaled(out, identities[i], identity[i]);
    for (std::size_t i = 0; i < std::min(expression.size(), expressions.size()); ++i) {
        if (expression[i] != 0.0f)
            addScaled(out, expressions[i], expression[i]);
    }
    return out;
}

QByteArray FaceShapes::toBytes() const
{
    QJsonArray list;
    for (const std::string &name : names)
        list.append(QString::fromStdString(name));
    const QByteArray header = canonicalJson(
        {{u"units"_s, u"mm"_s},
         {u"axes"_s, u"x image right of a frontal head, y down, z away from the camera"_s},
         {u"points"_s, int(neutral.size())},
         {u"identities"_s, int(identities.size())},
         {u"expressions"_s, list},
         {u"triangles"_s, int(triangles.size())},
         {u"source"_s, u"ICT-FaceKit (Li et al., CVPR 2020), MIT License, Copyright (c) 2020 USC "
                       "Institute for Creative Technologies"_s}});
    QByteArray out(kShapesMagic, kMagicBytes);
    const quint32 length = quint32(header.size());
    out.append(reinterpret_cast<const char *>(&length), sizeof length);
    out.append(header);
    append(out, neutral);
    for (const Points &offset : identities)
        append(out, offset);
    for (const Points &offset : expressions)
        append(out, offset);
    append(out, triangles);
    return out;
}

Result<FaceShapes> FaceShapes::load(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(file.exists() ? Errc::Unreadable : Errc::NotFound, file.errorString(), path);
    return fromBytes(file.read(kMostBytes), path);
}

Result<FaceShapes> FaceShapes::fromBytes(const QByteArray &bytes, const QString &where)
{
    const auto refuse = [&](const QString &why) { return fail(Errc::BadData, why, where); };
    quint32 length = 0;
    const qsizetype start = kMagicBytes + qsizetype(sizeof length);
    if (bytes.size() < start || std::memcmp(bytes.constData(), kShapesMagic, kMagicBytes) != 0)
        return refuse(u"is not a head model"_s);
    std::memcpy(&length, bytes.constData() + kMagicBytes, sizeof length);
    if (length > std::size_t(bytes.size() - start))
        return refuse(u"is a head model that was cut off"_s);
    const auto header = parseJsonObject(bytes.mid(start, length), where);
    if (!header)
        return Failure{header.error()};
    const int points = header->value("points"_L1).toInt();
    const int triangles = header->value("triangles"_L1).toInt(-1);
    FaceShapes model;
    for (const QString &name : stringsOf(header->value("expressions"_L1)))
        model.names.push_back(name.toStdString());
    if (points < int(kLandmarks + kJaw) || points > kMostPoints || triangles < 0 ||
        triangles > kMostPoints || header->value("identities"_L1).toInt() != int(kIdentities) ||
        model.names.size() != kExpressions || header->value("units"_L1).toString() != "mm"_L1)
        return refuse(u"is a head model of another kind"_s);

    Reader reader(bytes);
    reader.skip(std::size_t(start) + length);
    model.identities.resize(kIdentities);
    model.expressions.resize(kExpressions);
    bool ok = reader.take(&model.neutral, std::size_t(points)) && finite(model.neutral);
    for (auto *offsets : {&model.identities, &model.expressions}) {
        for (Points &offset : *offsets)
            ok = ok && reader.take(&offset, std::size_t(points)) && finite(offset);
    }
    ok = ok && reader.take(&model.triangles, std::size_t(triangles)) && reader.atEnd();
    for (const cv::Vec3i &t : model.triangles) {
        for (int corner = 0; corner < 3; ++corner)
            ok = ok && t[corner] >= 0 && t[corner] < points;
    }
    if (!ok)
        return refuse(u"is a head model that was cut off or damaged"_s);
    return model;
}

} // namespace fw
