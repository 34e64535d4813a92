// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/evidence/facts_text.h"

#include "panels/common/html.h"
#include "panels/common/text.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

QString sayFact(const char *text)
{
    return QCoreApplication::translate("fw::FactsText", text);
}

QString copyable(const QString &text)
{
    const QString escaped = html::escaped(text);
    return escaped + u" <a href='copy:%1'>%2</a>"_s.arg(escaped, html::escaped(sayFact("copy")));
}

QString rateText(const Rational &rate)
{
    return rate.num <= 0 ? QString()
                         : sayFact("%1 frames/s (%2/%3)").arg(numberText(rate.toDouble())).arg(rate.num).arg(rate.den);
}

QString bitRateText(qint64 bits)
{
    return bits <= 0 ? QString() : sayFact("%1 kbit/s").arg(numberText(double(bits) / 1000.0));
}

QString joined(std::initializer_list<QString> parts)
{
    QStringList list;
    for (const QString &part : parts)
        if (!part.isEmpty())
            list << part;
    return list.join(u", "_s);
}

QString tagRows(const std::map<QString, QString> &tags)
{
    QString text;
    for (const auto &[name, value] : tags)
        text += html::row(name, value);
    return text;
}

QString videoRows(const StreamFacts &s)
{
    QString text = html::row(sayFact("Picture"), sayFact("%1 × %2 px").arg(s.width).arg(s.height));
    if (s.codedWidth > 0 && (s.codedWidth != s.width || s.codedHeight != s.height))
        text += html::row(sayFact("Coded as"), sayFact("%1 × %2 px").arg(s.codedWidth).arg(s.codedHeight));
    if (s.rotationDegrees != 0)
        text += html::row(sayFact("Rotation"), sayFact("%1° clockwise").arg(s.rotationDegrees));
    if (s.sampleAspect.num > 0 && !(s.sampleAspect == Rational{1, 1}))
        text += html::row(sayFact("Pixel aspect"),
                          u"%1:%2"_s.arg(s.sampleAspect.num).arg(s.sampleAspect.den));
    text += html::row(sayFact("Average rate"), rateText(s.averageRate));
    if (!(s.baseRate == s.averageRate))
        text += html::row(sayFact("Base rate"), rateText(s.baseRate));
    text += html::row(sayFact("Pixels"), joined({s.pixelFormat, sayFact("%1 bit").arg(s.bitsPerComponent)}));
    text += html::row(sayFact("Fields"), s.fieldOrder);
    text += html::row(sayFact("Colour"),
                      joined({s.colorRange, s.colorSpace, s.colorPrimaries, s.colorTransfer}));
    text += html::row(sayFact("B-frames"), s.hasBFrames ? sayFact("yes") : sayFact("no"));
    return text;
}

QString streamHtml(const StreamFacts &s)
{
    QString text = html::heading(sayFact("Stream %1: %2, %3").arg(s.index).arg(streamKindName(s.kind), s.codec));
    text += html::rowsBegin();
    text += html::row(sayFact("Codec"), joined({s.codecLongName, s.profile, s.codecTag}));
    if (s.kind == StreamKind::Video)
        text += videoRows(s);
    if (s.kind == StreamKind::Audio)
        text += html::row(sayFact("Sound"), sayFact("%1 Hz, %2 channels").arg(s.sampleRate).arg(s.channels));
    text += html::row(sayFact("Bit rate"), bitRateText(s.bitRate));
    text += html::row(sayFact("Time base"), u"%1/%2 s"_s.arg(s.timeBase.num).arg(s.timeBase.den));
    if (s.startTicks)
        text += html::row(sayFact("Starts at"), sayFact("%1 ticks").arg(*s.startTicks));
    if (s.durationTicks)
        text += html::row(sayFact("Lasts"), sayFact("%1 ticks").arg(*s.durationTicks));
    if (s.declaredFrames)
        text += html::row(sayFact("Declares"), sayFact("%1 frames").arg(*s.declaredFrames));
    if (s.attachedPicture)
        text += html::row(sayFact("Note"), sayFact("a cover picture, not analysed"));
    return text + tagRows(s.tags) + html::rowsEnd();
}

QString ledgerHtml(const Ledger &ledger)
{
    QString text = html::heading(sayFact("Frames as decoded"));
    if (ledger.entries.empty())
        return text + html::quiet(sayFact("Not decoded yet. An analysis writes down the hash of every frame."));
    const auto keys = std::count_if(ledger.entries.begin(), ledger.entries.end(),
                                    [](const LedgerEntry &e) { return e.keyFrame; });
    text += html::rowsBegin();
    text += html::row(sayFact("Frames"), sayFact("%1, of which %2 key frames").arg(ledger.count()).arg(keys));
    text += html::row(sayFact("Lasts"), clockText(ledger.seconds(ledger.count() - 1)));
    text += html::row(sayFact("Ledger"), ledger.complete
                          ? sayFact("complete")
                          : sayFact("ends early: %1").arg(ledger.endReason.isEmpty() ? sayFact("no reason given")
                                                                                 : ledger.endReason));
    text += html::rowHtml(sayFact("SHA-256 of all frames"), copyable(hexText(ledger.digest())));
    return text + html::rowsEnd();
}

} // namespace

QString factsHtml(const MediaFacts &facts, const Ledger &ledger, const QPalette &palette)
{
    QString text = html::style(palette) + u"<h3>"_s + html::escaped(facts.fileName) + u"</h3>"_s;
    text += html::list(sayFact("Found odd while opening"), facts.warnings);
    text += html::heading(sayFact("Identity")) + html::rowsBegin();
    if (facts.hashed) {
        text += html::rowHtml(u"SHA-256"_s, copyable(facts.sha256Text()));
        text += html::rowHtml(u"MD5"_s, copyable(QString::fromLatin1(facts.hashes.md5Hex)));
        text += html::row(sayFact("Size"), sizeText(facts.hashes.size));
    } else {
        text += html::row(u"SHA-256"_s, sayFact("being computed …"));
        text += html::row(u"MD5"_s, sayFact("being computed …"));
    }
    text += html::row(sayFact("Path"), facts.path) + html::rowsEnd();

    text += html::heading(sayFact("Container, as it declares itself")) + html::rowsBegin();
    text += html::row(sayFact("Format"), joined({facts.containerLongName, facts.container}));
    if (facts.durationSeconds)
        text += html::row(sayFact("Lasts"), clockText(*facts.durationSeconds));
    if (facts.startSeconds)
        text += html::row(sayFact("Starts at"), clockText(*facts.startSeconds));
    text += html::row(sayFact("Bit rate"), bitRateText(facts.bitRate));
    text += tagRows(facts.tags) + html::rowsEnd();
    for (const StreamFacts &stream : facts.streams)
        text += streamHtml(stream);

    if (!facts.editList.empty()) {
        text += html::heading(sayFact("Edit list")) + html::rowsBegin();
        for (const EditListEntry &edit : facts.editList)
            text += html::row(sayFact("Stream %1").arg(edit.streamIndex),
                              sayFact("%1 s from media time %2, rate %3")
                                  .arg(numberText(edit.durationSeconds))
                                  .arg(edit.mediaTime)
                                  .arg(numberText(edit.rate)));
        text += html::rowsEnd();
    }
    return text + ledgerHtml(ledger);
}

QString factsLine(const MediaFacts &facts)
{
    const StreamFacts *video = facts.video();
    if (!video)
        return sayFact("no picture stream");
    QString text = sayFact("%1 × %2 %3").arg(video->width).arg(video->height).arg(video->codec);
    if (facts.still)
        return text;
    if (video->averageRate.num > 0)
        text += sayFact(", %1 frames/s").arg(numberText(video->averageRate.toDouble()));
    if (facts.durationSeconds)
        text += u", "_s + clockText(*facts.durationSeconds);
    return text;
}

} // namespace fw
