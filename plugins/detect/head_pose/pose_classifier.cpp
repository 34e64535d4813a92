// SPDX-License-Identifier: GPL-3.0-or-later
#include "pose_classifier.h"

#include "base/packed.h"

#include <QCborArray>
#include <QCborMap>
#include <QFile>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr char kMagic[5] = "FWPC";
constexpr qint64 kMostBytes = 4 << 20;

QCborArray arrayOf(const std::array<double, 12> &values)
{
    QCborArray out;
    for (const double v : values)
        out.append(v);
    return out;
}

bool read(const QCborValue &value, std::array<double, 12> &to)
{
    const QCborArray array = value.toArray();
    for (std::size_t i = 0; i < to.size(); ++i)
        to[i] = array.at(qsizetype(i)).toDouble(std::nan(""));
    return array.size() == qsizetype(to.size())
        && std::all_of(to.begin(), to.end(), [](double v) { return std::isfinite(v); });
}

} // namespace

std::array<double, 12> PoseClassifier::scaled(const std::array<double, 12> &feature) const
{
    std::array<double, 12> out{};
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = (feature[i] - mean[i]) / deviation[i];
    return out;
}

double PoseClassifier::probability(const PosePair &pair) const
{
    return machine.probability(machine.decision(scaled(poseFeature(pair)))).value_or(0.5);
}

QByteArray PoseClassifier::toBytes() const
{
    const QCborMap map{{u"mean"_s, arrayOf(mean)},
                       {u"deviation"_s, arrayOf(deviation)},
                       {u"machine"_s, machine.toBytes()},
                       {u"testArea"_s, testArea},
                       {u"angleArea"_s, angleArea}};
    return sealed(kMagic, map.toCborValue().toCbor());
}

Result<PoseClassifier> PoseClassifier::fromBytes(const QByteArray &bytes, const QString &where)
{
    const auto body = unsealed(kMagic, bytes);
    if (!body)
        return fail(Errc::BadData, body.error().what, where);
    QCborParserError fault;
    const QCborMap map = QCborValue::fromCbor(*body, &fault).toMap();
    PoseClassifier out;
    auto machine = KernelSvm::fromBytes(map.value(u"machine"_s).toByteArray());
    out.testArea = map.value(u"testArea"_s).toDouble(-1);
    out.angleArea = map.value(u"angleArea"_s).toDouble(-1);
    const bool whole = fault.error == QCborError::NoError && read(map.value(u"mean"_s), out.mean)
        && read(map.value(u"deviation"_s), out.deviation) && machine && machine->width() == 12
        && machine->probability(0.0) && out.testArea >= 0 && out.testArea <= 1 && out.angleArea >= 0 && out.angleArea <= 1
        && std::all_of(out.deviation.begin(), out.deviation.end(), [](double v) { return v > 0; });
    if (!whole)
        return fail(Errc::BadData, u"is no classifier of head poses"_s, where);
    out.machine = std::move(*machine);
    return out;
}

Result<PoseClassifier> PoseClassifier::load(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(file.exists() ? Errc::Unreadable : Errc::NotFound, file.errorString(), path);
    return fromBytes(file.read(kMostBytes), path);
}

} // namespace fw
