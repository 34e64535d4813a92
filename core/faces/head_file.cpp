// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "faces/own_head.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

const QString kKind = u"framewitness head"_s;
constexpr double kMostMm = 400.0;      ///< no point of a head is farther from its middle
constexpr double kMostStrength = 50.0; ///< standard deviations
constexpr int kMostSources = 10000;

} // namespace

QJsonObject toJson(const HeadFile &file)
{
    QJsonArray points, identity;
    for (const cv::Point3d &p : file.head.points)
        points.append(QJsonArray{p.x, p.y, p.z});
    for (const float strength : file.head.identity)
        identity.append(double(strength));
    return {{u"kind"_s, kKind},
            {u"version"_s, 1},
            {u"name"_s, file.name},
            {u"madeBy"_s, file.madeBy},
            {u"sources"_s, jsonStrings(file.sources)},
            {u"views"_s, file.head.views},
            {u"rmsPixels"_s, file.head.rmsPixels},
            {u"halvesDifferMm"_s, file.halvesDifferMm},
            {u"identity"_s, identity},
            {u"pointsMm"_s, points}};
}

Result<HeadFile> headFileFromJson(const QJsonObject &object, const QString &where)
{
    const auto refuse = [&](const QString &why) { return fail(Errc::BadData, why, where); };
    if (object.value("kind"_L1).toString() != kKind)
        return refuse(u"is not the head of a person"_s);
    if (object.value("version"_L1).toInt() != 1)
        return refuse(u"is the head of a person in a newer form"_s);
    HeadFile file;
    file.name = object.value("name"_L1).toString();
    file.madeBy = object.value("madeBy"_L1).toString();
    file.sources = stringsOf(object.value("sources"_L1));
    file.head.views = object.value("views"_L1).toInt();
    file.head.rmsPixels = object.value("rmsPixels"_L1).toDouble(-1);
    file.halvesDifferMm = object.value("halvesDifferMm"_L1).toDouble(-1);
    const QJsonArray points = object.value("pointsMm"_L1).toArray();
    const QJsonArray identity = object.value("identity"_L1).toArray();
    if (points.size() != 68 || identity.size() != qsizetype(FaceShapes::kIdentities) || file.head.views < 1
        || file.head.rmsPixels < 0 || file.halvesDifferMm < 0 || file.sources.size() > kMostSources)
        return refuse(u"is the head of a person that was cut off or damaged"_s);
    for (const QJsonValue &value : identity) {
        const double strength = value.toDouble(2 * kMostStrength);
        if (std::abs(strength) > kMostStrength)
            return refuse(u"holds a strength that no head has"_s);
        file.head.identity.push_back(float(strength));
    }
    for (qsizetype i = 0; i < points.size(); ++i) {
        const QJsonArray p = points[i].toArray();
        const auto at = [&](qsizetype axis) { return p.size() == 3 ? p[axis].toDouble(2 * kMostMm) : 2 * kMostMm; };
        const cv::Point3d point(at(0), at(1), at(2));
        if (std::max({std::abs(point.x), std::abs(point.y), std::abs(point.z)}) > kMostMm)
            return refuse(u"holds a point that no head has"_s);
        file.head.points[std::size_t(i)] = point;
    }
    if (cv::norm(file.head.points[45] - file.head.points[36]) < 1.0)
        return refuse(u"holds no head: its eyes fall together"_s);
    return file;
}

} // namespace fw
