// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectrum_scale.h"

#include "base/hash.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr double kGreyZone = 1.0;       ///< of the log likelihood ratio
constexpr double kMostRealAlike = 0.05; ///< share of photographs that may score as high as a suspicious picture

QJsonArray arrayOf(const std::vector<double> &values)
{
    QJsonArray array;
    for (const double value : values)
        array.append(value);
    return array;
}

std::vector<double> valuesOf(const QJsonValue &value)
{
    std::vector<double> values;
    for (const QJsonValue &one : value.toArray()) {
        if (!one.isDouble())
            return {};
        values.push_back(one.toDouble());
    }
    return values;
}

QJsonObject modelObject(const LogisticModel &model)
{
    return {{u"weights"_s, arrayOf(model.weights)}, {u"bias"_s, model.bias}};
}

bool readModel(const QJsonValue &value, std::size_t length, LogisticModel *model)
{
    const QJsonObject object = value.toObject();
    model->weights = valuesOf(object.value(u"weights"_s));
    model->bias = object.value(u"bias"_s).toDouble();
    return object.value(u"bias"_s).isDouble() && model->weights.size() == length;
}

} // namespace

Result<SpectrumScale> SpectrumScale::fromJson(const QJsonObject &object)
{
    SpectrumScale scale;
    if (!readModel(object.value(u"classifier"_s), kLatticeFeatures, &scale.classifier))
        return fail(Errc::BadData, u"the classifier does not have 32 weights and a bias"_s);
    for (const QJsonValue &value : object.value(u"bands"_s).toArray()) {
        const QJsonObject one = value.toObject();
        SpectrumBand band;
        band.leastQuality = one.value(u"leastQuality"_s).toInt(-1);
        band.real = valuesOf(one.value(u"real"_s));
        if (band.leastQuality < 0 || !readModel(one.value(u"calibration"_s), 1, &band.calibration) || band.real.empty()
            || !std::is_sorted(band.real.begin(), band.real.end()))
            return fail(Errc::BadData, u"a band of qualities is not complete"_s);
        if (!scale.bands.empty() && scale.bands.back().leastQuality >= band.leastQuality)
            return fail(Errc::BadData, u"the bands of qualities do not ascend"_s);
        scale.bands.push_back(std::move(band));
    }
    if (scale.bands.empty())
        return fail(Errc::BadData, u"there is no band of qualities"_s);
    return scale;
}

QJsonObject SpectrumScale::toJson() const
{
    QJsonArray list;
    for (const SpectrumBand &band : bands)
        list.append(QJsonObject{{u"leastQuality"_s, band.leastQuality},
                                {u"calibration"_s, modelObject(band.calibration)},
                                {u"real"_s, arrayOf(band.real)}});
    return {{u"classifier"_s, modelObject(classifier)}, {u"bands"_s, list}};
}

Result<SpectrumScale> SpectrumScale::load(const QString &path, const QString &expected)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(file.exists() ? Errc::Unreadable : Errc::NotFound, file.errorString(), path);
    const QByteArray bytes = file.readAll();
    if (const QString found = hexText(sha256(bytes)); found != expected)
        return fail(Errc::Mismatch, u"the file has the SHA-256 %1, expected %2"_s.arg(found, expected), path);
    const QJsonDocument document = QJsonDocument::fromJson(bytes);
    if (!document.isObject())
        return fail(Errc::BadData, u"is not a JSON object"_s, path);
    auto scale = fromJson(document.object());
    if (!scale)
        return fail(scale.error().code, scale.error().what, path);
    return scale;
}

const SpectrumBand *SpectrumScale::bandOf(int quality) const
{
    const SpectrumBand *best = nullptr;
    for (const SpectrumBand &band : bands) {
        if (band.leastQuality <= quality)
            best = &band;
    }
    return best;
}

SpectrumJudgement judge(const SpectrumReading &reading, const SpectrumScale &scale, int quality)
{
    SpectrumJudgement judgement;
    const SpectrumBand *band = scale.bandOf(quality);
    if (!band)
        return judgement;
    const double logOdds = scale.classifier.logOdds(latticeFeatures(reading));
    judgement.llr = band->calibration.logOdds({logOdds});
    judgement.alike = realAtLeast(*band, logOdds);
    const bool ordinary = latticeKind(reading) == LatticeKind::Ordinary;
    if (judgement.llr >= kGreyZone && judgement.alike <= kMostRealAlike && !ordinary)
        judgement.answer = SpectrumAnswer::Doubled;
    else if (ordinary)
        judgement.answer = SpectrumAnswer::Enlarged;
    else
        judgement.answer = judgement.llr <= -kGreyZone ? SpectrumAnswer::Photograph : SpectrumAnswer::Unclear;
    return judgement;
}

double realAtLeast(const SpectrumBand &band, double logOdds)
{
    const auto at = std::lower_bound(band.real.begin(), band.real.end(), logOdds);
    return double(band.real.end() - at + 1) / double(band.real.size() + 1);
}

} // namespace fw
