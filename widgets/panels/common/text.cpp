// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/common/text.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

QString sayText(const char *text)
{
    return QCoreApplication::translate("fw::Text", text);
}

bool knows(const ClipClock &clock, FrameIndex frame)
{
    return frame >= 0 && frame < FrameIndex(clock.seconds.size());
}

} // namespace

QString placeText(FrameIndex frame, const ClipClock &clock)
{
    const QString name = sayText("frame %1").arg(frame);
    return knows(clock, frame) ? clockText(clock.secondsOf(frame)) + u" · "_s + name : name;
}

QString rangeText(const FrameRange &range, const ClipClock &clock)
{
    if (range.length() <= 1)
        return placeText(range.begin, clock);
    const FrameIndex last = range.end - 1;
    const QString frames = sayText("frames %1 to %2").arg(range.begin).arg(last);
    if (!knows(clock, range.begin) || !knows(clock, last))
        return frames;
    return sayText("%1 to %2").arg(clockText(clock.secondsOf(range.begin)), clockText(clock.secondsOf(last)))
        + u" · "_s + frames;
}

QString faceText(TrackId track)
{
    return sayText("face %1").arg(number(track) + 1);
}

QString whereText(const Finding &finding, const ClipClock &clock)
{
    QStringList parts;
    if (finding.track)
        parts << faceText(*finding.track);
    if (finding.range)
        parts << rangeText(*finding.range, clock);
    else if (finding.keyFrame)
        parts << placeText(*finding.keyFrame, clock);
    return parts.isEmpty() ? sayText("whole file") : parts.join(u" · "_s);
}

std::optional<FrameIndex> frameOf(const Finding &finding)
{
    if (finding.keyFrame)
        return finding.keyFrame;
    if (finding.range)
        return finding.range->begin;
    return std::nullopt;
}

QString scaleTitle(ScoreScale scale)
{
    switch (scale) {
    case ScoreScale::LikelihoodRatio:
        return sayText("likelihood ratio");
    case ScoreScale::Log10LikelihoodRatio:
        return sayText("log10 of the likelihood ratio");
    case ScoreScale::Probability:
        return sayText("calibrated probability");
    case ScoreScale::PValue:
        return sayText("p-value");
    case ScoreScale::Raw:
        break;
    }
    return sayText("raw value, not calibrated");
}

QString scoreText(const Score &score)
{
    QString text = score.name.isEmpty() ? sayText("Score") : score.name;
    text += u": "_s + quantityText(score.value, score.unit) + u" ("_s + scaleTitle(score.scale);
    if (score.low && score.high)
        text += sayText("; 95 % interval %1 to %2").arg(numberText(*score.low), numberText(*score.high));
    return text + u')';
}

QString citationText(const Citation &citation)
{
    QStringList parts;
    for (const QString &part : {citation.authors, citation.title, citation.where})
        if (!part.isEmpty())
            parts << part;
    if (citation.year > 0)
        parts << QString::number(citation.year);
    return parts.join(u", "_s);
}

QString sizeText(qint64 bytes)
{
    const QLocale locale = QLocale::c();
    if (bytes < 1000)
        return sayText("%1 bytes").arg(bytes);
    QString exact = QString::number(bytes);
    for (qsizetype at = exact.size() - 3; at > 0; at -= 3)
        exact.insert(at, u'\u202f'); // thin spaces part the thousands
    return locale.formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat) + u" ("_s
        + sayText("%1 bytes").arg(exact) + u')';
}

QString jsonText(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Bool:
        return value.toBool() ? sayText("yes") : sayText("no");
    case QJsonValue::Double: {
        const double number = value.toDouble();
        const bool counts = number == std::floor(number) && std::abs(number) < 9.1e15;
        return counts ? QString::number(number, 'f', 0) : numberText(number); // time stamps in full
    }
    case QJsonValue::String:
        return value.toString();
    case QJsonValue::Array:
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
    case QJsonValue::Object:
        return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact));
    default:
        return {};
    }
}

} // namespace fw
