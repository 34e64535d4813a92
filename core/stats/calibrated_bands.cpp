// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/calibrated_bands.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr double kGreyZone = 1.0;       ///< of the log likelihood ratio
constexpr double kMostRealAlike = 0.05; ///< share of real pictures that may score as high as a positive one

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

} // namespace

double realAtLeast(const CalibratedBand &band, double logOdds)
{
    const auto at = std::lower_bound(band.real.begin(), band.real.end(), logOdds);
    return double(band.real.end() - at + 1) / double(band.real.size() + 1);
}

const CalibratedBand *bandOf(const std::vector<CalibratedBand> &bands, int quality)
{
    const CalibratedBand *best = nullptr;
    for (const CalibratedBand &band : bands) {
        if (band.leastQuality <= quality)
            best = &band;
    }
    return best;
}

BandJudgement judgeInBand(const CalibratedBand *band, double logOdds)
{
    BandJudgement judgement;
    if (!band)
        return judgement;
    judgement.llr = band->calibration.logOdds({logOdds});
    judgement.alike = realAtLeast(*band, logOdds);
    judgement.answer = judgement.llr >= kGreyZone && judgement.alike <= kMostRealAlike ? BandAnswer::Positive
        : judgement.llr <= -kGreyZone ? BandAnswer::Negative : BandAnswer::Unclear;
    return judgement;
}

CalibratedBand calibratedBand(int leastQuality, std::vector<double> real, const std::vector<double> &made)
{
    CalibratedBand band;
    band.leastQuality = leastQuality;
    std::vector<std::vector<double>> rows;
    std::vector<bool> positive;
    for (const auto &[scores, label] : {std::pair(&std::as_const(real), false), std::pair(&made, true)}) {
        for (const double score : *scores) {
            rows.push_back({score});
            positive.push_back(label);
        }
    }
    band.calibration = fitLogistic(rows, positive, 1e-4);
    std::sort(real.begin(), real.end());
    band.real = std::move(real);
    return band;
}

QJsonObject logisticToJson(const LogisticModel &model)
{
    return {{u"weights"_s, arrayOf(model.weights)}, {u"bias"_s, model.bias}};
}

Result<LogisticModel> logisticFromJson(const QJsonValue &value, std::size_t length)
{
    const QJsonObject object = value.toObject();
    LogisticModel model{valuesOf(object.value(u"weights"_s)), object.value(u"bias"_s).toDouble()};
    if (!object.value(u"bias"_s).isDouble() || model.weights.size() != length)
        return fail(Errc::BadData, u"a model does not have %1 weights and a bias"_s.arg(length));
    return model;
}

QJsonArray bandsToJson(const std::vector<CalibratedBand> &bands)
{
    QJsonArray list;
    for (const CalibratedBand &band : bands)
        list.append(QJsonObject{{u"leastQuality"_s, band.leastQuality},
                                {u"calibration"_s, logisticToJson(band.calibration)},
                                {u"real"_s, arrayOf(band.real)}});
    return list;
}

Result<std::vector<CalibratedBand>> bandsFromJson(const QJsonValue &value)
{
    std::vector<CalibratedBand> bands;
    for (const QJsonValue &entry : value.toArray()) {
        const QJsonObject one = entry.toObject();
        CalibratedBand band;
        band.leastQuality = one.value(u"leastQuality"_s).toInt(-1);
        band.real = valuesOf(one.value(u"real"_s));
        auto calibration = logisticFromJson(one.value(u"calibration"_s), 1);
        if (!calibration || band.leastQuality < 0 || band.real.empty() || !std::is_sorted(band.real.begin(), band.real.end()))
            return fail(Errc::BadData, u"a band of qualities is not complete"_s);
        if (!bands.empty() && bands.back().leastQuality >= band.leastQuality)
            return fail(Errc::BadData, u"the bands of qualities do not ascend"_s);
        band.calibration = std::move(calibration).value();
        bands.push_back(std::move(band));
    }
    if (bands.empty())
        return fail(Errc::BadData, u"there is no band of qualities"_s);
    return bands;
}

} // namespace fw
