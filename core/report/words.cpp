// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/words.h"

#include <QJsonDocument>
#include <QLocale>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw::report {

QString plainNumber(double value)
{
    if (!std::isfinite(value))
        return u"not measured"_s;
    if (value == std::round(value) && std::abs(value) < 1e9)
        return QString::number(qint64(value));
    return QString::number(value, 'g', 4);
}

QString sizeText(qint64 bytes)
{
    const QLocale c(QLocale::English, QLocale::UnitedStates);
    if (bytes < 1024)
        return u"%1 bytes"_s.arg(bytes);
    return u"%1 bytes (%2)"_s.arg(c.toString(bytes), c.formattedDataSize(bytes, 1));
}

QString timeText(const QDateTime &time)
{
    return time.isValid() ? time.toUTC().toString(u"yyyy-MM-dd HH:mm:ss"_s) + u" UTC"_s
                          : u"not stated"_s;
}

QString scaleTitle(ScoreScale scale)
{
    switch (scale) {
    case ScoreScale::LikelihoodRatio:
        return u"likelihood ratio"_s;
    case ScoreScale::Log10LikelihoodRatio:
        return u"log10 of a likelihood ratio"_s;
    case ScoreScale::Probability:
        return u"calibrated probability"_s;
    case ScoreScale::PValue:
        return u"p-value"_s;
    case ScoreScale::Raw:
        break;
    }
    return u"raw value, to be read against its reference only"_s;
}

QString scoreText(const Score &score)
{
    const QString unit = score.unit.isEmpty() || score.unit == u"1" ? QString()
                         : score.unit == u"\u00b0"                  ? score.unit
                                                                    : u' ' + score.unit;
    QString text = plainNumber(score.value) + unit;
    if (!score.name.isEmpty())
        text.prepend(score.name + u": "_s);
    if (score.low && score.high) {
        text += u" (95 % interval %1 to %2%3)"_s.arg(plainNumber(*score.low),
                                                     plainNumber(*score.high), unit);
    } else if (score.low) {
        text += u" (95 % interval from %1%2)"_s.arg(plainNumber(*score.low), unit);
    } else if (score.high) {
        text += u" (95 % interval up to %1%2)"_s.arg(plainNumber(*score.high), unit);
    }
    return text;
}

QString strengthText(const std::optional<double> &strength)
{
    return strength && std::isfinite(*strength) ? u"strength %1 of 1"_s.arg(*strength, 0, 'f', 2)
                                                : u"strength not stated"_s;
}

QString citationText(const Citation &c)
{
    QStringList parts;
    for (const QString &part : {c.authors, c.title, c.where})
        if (!part.isEmpty())
            parts << part;
    if (c.year > 0)
        parts << QString::number(c.year);
    QString text = parts.join(u". "_s);
    if (!c.url.isEmpty())
        text += (text.isEmpty() ? QString() : u". "_s) + c.url;
    return text;
}

QString frameText(const ReportEvidence &evidence, FrameIndex frame)
{
    const Ledger &ledger = evidence.ledger;
    if (frame < 0 || frame >= ledger.count())
        return u"frame %1 (not in the frame ledger)"_s.arg(frame);
    const LedgerEntry &entry = ledger.entries[std::size_t(frame)];
    return u"frame %1, PTS %2 \u00d7 %3/%4 s, %5, picture type %6%7"_s.arg(frame)
        .arg(entry.pts)
        .arg(ledger.timeBase.num)
        .arg(ledger.timeBase.den)
        .arg(clockText(ledger.seconds(frame)))
        .arg(QLatin1Char(entry.pictureType))
        .arg(entry.keyFrame ? u" (key frame)"_s : QString());
}

QString rangeText(const ReportEvidence &evidence, const FrameRange &range)
{
    const FrameIndex last = range.end - 1;
    if (last <= range.begin)
        return u"frame %1 (%2)"_s.arg(range.begin)
            .arg(clockText(evidence.ledger.seconds(range.begin)));
    return u"frames %1 to %2 (%3 to %4)"_s.arg(range.begin)
        .arg(last)
        .arg(clockText(evidence.ledger.seconds(range.begin)),
             clockText(evidence.ledger.seconds(last)));
}

QString trackText(TrackId track)
{
    return u"face %1"_s.arg(number(track) + 1);
}

QString methodName(const ReportData &data, const QString &pluginId)
{
    const auto found = data.methods.find(pluginId);
    if (found != data.methods.end() && !found->second.name.isEmpty())
        return found->second.name;
    return pluginId.isEmpty() ? u"unknown method"_s : pluginId;
}

QString optionText(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Bool:
        return value.toBool() ? u"yes"_s : u"no"_s;
    case QJsonValue::Double:
        return QString::number(value.toDouble(), 'g', QLocale::FloatingPointShortest);
    case QJsonValue::String:
        return value.toString();
    case QJsonValue::Object:
        return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact));
    case QJsonValue::Array:
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
    default:
        return u"none"_s;
    }
}

QString stateText(const MethodResult &result)
{
    const QString reason = result.reason.isEmpty() ? u"no reason was recorded"_s : result.reason;
    switch (result.state) {
    case RunState::Done:
        return u"completed"_s;
    case RunState::NotApplicable:
        return u"not applicable: "_s + reason;
    case RunState::Failed:
        return u"not analysed: "_s + reason;
    case RunState::Cancelled:
        return u"stopped by the user before it had finished"_s;
    }
    return reason;
}

QString reportNumber(const ReportData &data)
{
    const QString time =
        data.made.isValid() ? data.made.toUTC().toString(u"yyyyMMdd-HHmmss"_s) : u"undated"_s;
    const QString head = data.audit.headHash.isEmpty() ? u"nolog"_s : data.audit.headHash.left(8);
    return u"FW-%1-%2"_s.arg(time, head);
}

} // namespace fw::report
