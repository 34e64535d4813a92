// SPDX-License-Identifier: GPL-3.0-or-later
#include "findings/score_reference.h"

#include "base/checked_json.h"

#include <QJsonArray>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kNeverSaved = 101;

QString ordinal(int n)
{
    const int last = n % 10, two = n % 100;
    const bool teen = two >= 11 && two <= 13;
    return QString::number(n) + (teen || last == 0 || last > 3 ? u"th"_s : last == 1 ? u"st"_s : last == 2 ? u"nd"_s : u"rd"_s);
}

QString qualityText(const ReferenceBand &band)
{
    return band.leastQuality >= kNeverSaved ? u"not saved as JPEG"_s : u"JPEG %1 to %2"_s.arg(band.leastQuality).arg(band.mostQuality);
}

} // namespace

double percentileAmong(const std::vector<double> &ascending, double value)
{
    if (ascending.empty())
        return 0.5;
    const auto [first, last] = std::equal_range(ascending.begin(), ascending.end(), value);
    return (double(first - ascending.begin()) + 0.5 * double(last - first)) / double(ascending.size());
}

Result<ScoreReference> ScoreReference::fromJson(const QJsonObject &object)
{
    ScoreReference reference;
    for (const QJsonValue &value : object.value(u"bands"_s).toArray()) {
        const QJsonObject one = value.toObject();
        ReferenceBand band;
        band.finding = one.value(u"finding"_s).toString();
        band.score = one.value(u"score"_s).toString();
        band.leastQuality = one.value(u"leastQuality"_s).toInt(-1);
        band.mostQuality = one.value(u"mostQuality"_s).toInt(-1);
        band.longerSide = one.value(u"longerSide"_s).toInt();
        band.asked = one.value(u"asked"_s).toInt();
        band.cameras = one.value(u"cameras"_s).toInt();
        bool numbers = true;
        for (const QJsonValue &score : one.value(u"values"_s).toArray()) {
            numbers = numbers && score.isDouble();
            band.values.push_back(score.toDouble());
        }
        if (band.finding.isEmpty() || band.score.isEmpty() || band.leastQuality < 0 || band.mostQuality < band.leastQuality
            || band.longerSide <= 0 || band.cameras <= 0 || band.asked < int(band.values.size()))
            return fail(Errc::BadData, u"a band of reference scores is not complete"_s);
        if (!numbers || !std::is_sorted(band.values.begin(), band.values.end()))
            return fail(Errc::BadData, u"reference scores are not ascending numbers"_s);
        reference.bands.push_back(std::move(band));
    }
    if (reference.bands.empty())
        return fail(Errc::BadData, u"there are no reference scores"_s);
    return reference;
}

QJsonObject ScoreReference::toJson() const
{
    QJsonArray list;
    for (const ReferenceBand &band : bands) {
        QJsonArray values;
        for (const double value : band.values)
            values.append(value);
        list.append(QJsonObject{{u"finding"_s, band.finding}, {u"score"_s, band.score}, {u"leastQuality"_s, band.leastQuality},
                                {u"mostQuality"_s, band.mostQuality}, {u"longerSide"_s, band.longerSide}, {u"asked"_s, band.asked},
                                {u"cameras"_s, band.cameras}, {u"values"_s, values}});
    }
    return {{u"bands"_s, list}};
}

Result<ScoreReference> ScoreReference::load(const QString &path, const QString &expected)
{
    const auto object = readCheckedJson(path, expected);
    if (!object)
        return Failure{object.error()};
    auto reference = fromJson(*object);
    if (!reference)
        return fail(reference.error().code, reference.error().what, path);
    return reference;
}

Result<ScoreReference> ScoreReference::ofModels(const std::map<QString, QString> &paths, const std::map<QString, QString> &hashes)
{
    const QString id = u"reference"_s;
    const auto path = paths.find(id), hash = hashes.find(id);
    if (path == paths.end() || hash == hashes.end())
        return ScoreReference();
    return load(path->second, hash->second);
}

const ReferenceBand *ScoreReference::bandOf(const QString &finding, const QString &score, const ReferencePicture &picture) const
{
    const int quality = picture.quality.value_or(kNeverSaved);
    const ReferenceBand *best = nullptr;
    const auto far = [&](const ReferenceBand &band) {
        return std::abs(std::log(double(band.longerSide) / std::max(picture.longerSide, 1)));
    };
    for (const ReferenceBand &band : bands) {
        if (band.finding == finding && band.score == score && quality >= band.leastQuality && quality <= band.mostQuality
            && (!best || far(band) < far(*best)))
            best = &band;
    }
    return best;
}

QString ScoreReference::text(const QString &finding, const Score &score, const ReferencePicture &picture) const
{
    const ReferenceBand *band = bandOf(finding, score.name, picture);
    if (!band || band->values.empty())
        return {};
    const int count = int(band->values.size());
    QString place;
    if (score.value > band->values.back())
        place = u"above all"_s;
    else if (score.value < band->values.front())
        place = u"below all"_s;
    else
        place = ordinal(std::clamp(int(std::lround(100.0 * percentileAmong(band->values, score.value))), 1, 99)) + u" percentile"_s;
    QString text = u"%1 of %2 authentic photographs by %3 cameras (%4 px, %5)"_s.arg(place).arg(count).arg(band->cameras)
                       .arg(band->longerSide).arg(qualityText(*band));
    if (count < band->asked)
        text += u"; %1 more gave no such score"_s.arg(band->asked - count);
    if (picture.longerSide > 2 * band->longerSide)
        text += u"; this picture is larger than any of them"_s;
    return text;
}

void ScoreReference::addTo(std::vector<Finding> *findings, const ReferencePicture &picture) const
{
    for (Finding &finding : *findings) {
        if (!finding.score)
            continue;
        const QString place = text(finding.id, *finding.score, picture);
        if (place.isEmpty())
            continue;
        QString &reference = finding.score->reference;
        reference = reference.isEmpty() ? place : place + u"; "_s + reference;
    }
}

} // namespace fw
