// SPDX-License-Identifier: GPL-3.0-or-later
#include "coherence_reference.h"

#include "stats/quantile.h"

#include <QJsonArray>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

const QStringList kSizes{u"-80"_s, u"80-160"_s, u"160-"_s};
const QStringList kRates{u"-20"_s, u"20-40"_s, u"40-"_s};
const QStringList kBits{u"-0.05"_s, u"0.05-0.15"_s, u"0.15-"_s};

QJsonObject jsonOf(const ReferenceValues &v)
{
    QJsonArray quantiles;
    for (const double q : v.quantiles)
        quantiles.append(std::round(q * 1e5) / 1e5);
    return {{u"count"_s, v.clips}, {u"quantiles"_s, quantiles}};
}

std::optional<ReferenceValues> valuesOf(const QJsonValue &json)
{
    const QJsonArray quantiles = json[u"quantiles"_s].toArray();
    ReferenceValues v;
    v.clips = json[u"count"_s].toInt(-1);
    if (quantiles.size() != qsizetype(v.quantiles.size()) || v.clips < 1)
        return std::nullopt;
    for (std::size_t i = 0; i < v.quantiles.size(); ++i) {
        const QJsonValue q = quantiles[qsizetype(i)];
        if (!q.isDouble() || (i > 0 && q.toDouble() < v.quantiles[i - 1]))
            return std::nullopt;
        v.quantiles[i] = q.toDouble();
    }
    return v;
}

} // namespace

CoherenceStratum CoherenceStratum::of(double eyeCorners, double framesPerSecond, double bitsPerPixel)
{
    const auto bin = [](double v, double a, double b) { return v < a ? 0 : v < b ? 1 : 2; };
    return {bin(eyeCorners, 80.0, 160.0), bin(framesPerSecond, 20.5, 40.0), bitsPerPixel > 0.0 ? bin(bitsPerPixel, 0.05, 0.15) : 2};
}

QString CoherenceStratum::key() const
{
    return kSizes[size] + u'/' + kRates[rate] + u'/' + kBits[bits];
}

QString CoherenceStratum::words() const
{
    const QString px = size == 0 ? u"outer eye corners less than 80 px apart"_s
                                 : size == 1 ? u"outer eye corners 80 to 160 px apart"_s : u"outer eye corners more than 160 px apart"_s;
    const QString fps = rate == 0 ? u"up to 20 frames/s"_s : rate == 1 ? u"20 to 40 frames/s"_s : u"more than 40 frames/s"_s;
    const QString b = bits == 0 ? u"less than 0.05 bits a pixel"_s : bits == 1 ? u"0.05 to 0.15 bits a pixel"_s : u"more than 0.15 bits a pixel"_s;
    return px + u", "_s + fps + u", "_s + b;
}

ReferenceValues ReferenceValues::of(const std::vector<double> &values)
{
    ReferenceValues v;
    for (std::size_t i = 0; i < kLevels.size(); ++i)
        v.quantiles[i] = quantile(values, kLevels[i]).value_or(0.0);
    v.clips = int(values.size());
    return v;
}

double ReferenceValues::z(double value) const
{
    const double spread = (quantiles[4] - quantiles[2]) / 3.29;
    return spread > 0.0 ? (value - median()) / spread : 0.0;
}

double ReferenceValues::chance(double value) const
{
    // Beyond the outermost level: a decade for as much as lies between 5 % and 0.5 %.
    const auto tail = [&](double beyond, double decade) {
        return decade > 0.0 ? kLevels.front() * std::pow(10.0, -beyond / decade) : beyond > 0.0 ? 0.0 : kLevels.front();
    };
    double share = 0.5; // of genuine clips on that side
    if (value >= quantiles.back()) {
        share = tail(value - quantiles.back(), quantiles[6] - quantiles[4]);
    } else if (value <= quantiles.front()) {
        share = tail(quantiles.front() - value, quantiles[2] - quantiles[0]);
    } else {
        const auto above = std::upper_bound(quantiles.begin(), quantiles.end(), value);
        const std::size_t i = std::size_t(above - quantiles.begin());
        const double part = (value - quantiles[i - 1]) / (quantiles[i] - quantiles[i - 1]);
        const double below = kLevels[i - 1] + part * (kLevels[i] - kLevels[i - 1]);
        share = std::min(below, 1.0 - below);
    }
    return std::clamp(2.0 * share, 2.0 / (double(clips) + 1.0), 1.0);
}

void CoherenceReference::addPooled(CoherenceId id, const ReferenceValues &clips, const ReferenceValues &seconds)
{
    m_all[id] = clips;
    if (seconds.clips > 0)
        m_seconds[id] = seconds;
}

QJsonObject CoherenceReference::toJson() const
{
    QJsonObject statistics;
    for (const CoherenceSpec &spec : coherenceSpecs()) {
        QJsonObject one{{u"unit"_s, QString::fromUtf8(spec.unit)}};
        if (const auto *all = ofAllClips(spec.id))
            one.insert(u"all"_s, jsonOf(*all));
        if (const auto *seconds = ofSeconds(spec.id))
            one.insert(u"seconds"_s, jsonOf(*seconds));
        QJsonObject strata;
        if (const auto it = m_strata.find(spec.id); it != m_strata.end()) {
            for (const auto &[key, values] : it->second)
                strata.insert(key, jsonOf(values));
        }
        one.insert(u"strata"_s, strata);
        statistics.insert(QString::fromLatin1(spec.key), one);
    }
    QJsonArray levels;
    for (const double l : ReferenceValues::kLevels)
        levels.append(l);
    return {{u"format"_s, u"framewitness-coherence-reference-1"_s}, {u"levels"_s, levels}, {u"sources"_s, sources},
            {u"statistics"_s, statistics}};
}

Result<CoherenceReference> CoherenceReference::fromJson(const QJsonObject &object, const QString &where)
{
    if (object.value(u"format"_s).toString() != u"framewitness-coherence-reference-1"_s)
        return fail(Errc::BadData, u"is no reference of coherence statistics"_s, where);
    CoherenceReference reference;
    reference.sources = object.value(u"sources"_s).toString();
    const QJsonObject statistics = object.value(u"statistics"_s).toObject();
    for (const CoherenceSpec &spec : coherenceSpecs()) {
        const QJsonObject one = statistics.value(QLatin1String(spec.key)).toObject();
        const auto bad = [&] { return fail(Errc::BadData, u"has damaged quantiles of %1"_s.arg(QLatin1String(spec.key)), where); };
        for (const auto &[key, to] : {std::pair(u"all"_s, &reference.m_all), std::pair(u"seconds"_s, &reference.m_seconds)}) {
            if (!one.contains(key))
                continue;
            const auto values = valuesOf(one.value(key));
            if (!values)
                return bad();
            (*to)[spec.id] = *values;
        }
        const QJsonObject strata = one.value(u"strata"_s).toObject();
        for (auto it = strata.begin(); it != strata.end(); ++it) {
            const auto values = valuesOf(it.value());
            if (!values)
                return bad();
            reference.m_strata[spec.id][it.key()] = *values;
        }
    }
    return reference;
}

const ReferenceValues *CoherenceReference::inStratum(CoherenceId id, const CoherenceStratum &stratum) const
{
    const auto it = m_strata.find(id);
    if (it == m_strata.end())
        return nullptr;
    const auto values = it->second.find(stratum.key());
    return values == it->second.end() ? nullptr : &values->second;
}

const ReferenceValues *CoherenceReference::ofAllClips(CoherenceId id) const
{
    const auto it = m_all.find(id);
    return it == m_all.end() ? nullptr : &it->second;
}

const ReferenceValues *CoherenceReference::ofSeconds(CoherenceId id) const
{
    const auto it = m_seconds.find(id);
    return it == m_seconds.end() ? nullptr : &it->second;
}

} // namespace fw
