// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectrum_scale.h"

#include "base/checked_json.h"

using namespace Qt::StringLiterals;

namespace fw {

Result<SpectrumScale> SpectrumScale::fromJson(const QJsonObject &object)
{
    auto classifier = logisticFromJson(object.value(u"classifier"_s), kLatticeFeatures);
    if (!classifier)
        return Failure{classifier.error()};
    auto bands = bandsFromJson(object.value(u"bands"_s));
    if (!bands)
        return Failure{bands.error()};
    return SpectrumScale{std::move(classifier).value(), std::move(bands).value()};
}

QJsonObject SpectrumScale::toJson() const
{
    return {{u"classifier"_s, logisticToJson(classifier)}, {u"bands"_s, bandsToJson(bands)}};
}

Result<SpectrumScale> SpectrumScale::load(const QString &path, const QString &expected)
{
    const auto object = readCheckedJson(path, expected);
    if (!object)
        return Failure{object.error()};
    auto scale = fromJson(*object);
    if (!scale)
        return fail(scale.error().code, scale.error().what, path);
    return scale;
}

SpectrumJudgement judge(const SpectrumReading &reading, const SpectrumScale &scale, int quality)
{
    SpectrumJudgement judgement;
    const double logOdds = scale.classifier.logOdds(latticeFeatures(reading));
    const BandJudgement inBand = judgeInBand(bandOf(scale.bands, quality), logOdds);
    if (inBand.answer == BandAnswer::NotMeasured)
        return judgement;
    judgement.llr = inBand.llr;
    judgement.alike = inBand.alike;
    if (latticeKind(reading) == LatticeKind::Ordinary)
        judgement.answer = SpectrumAnswer::Enlarged;
    else
        judgement.answer = inBand.answer == BandAnswer::Positive ? SpectrumAnswer::Doubled
            : inBand.answer == BandAnswer::Negative ? SpectrumAnswer::Photograph : SpectrumAnswer::Unclear;
    return judgement;
}

} // namespace fw
