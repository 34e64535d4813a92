// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/evidence/facts_text.h"

#include "panels/common/html.h"
#include "panels/common/text.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

QString say(const char *text)
{
    return QCoreApplication::translate("fw::FactsText", text);
}

QString copyable(const QString &text)
{
    const QString escaped = html::escaped(text);
    return escaped + u" <a href='copy:%1'>%2</a>"_s.arg(escaped, html::escaped(say("copy")));
}

QString rateText(const Rational &rate)
{
    return rate.num <= 0 ? QString()
                         : say("%1 frames/s (%2/%3)").arg(numberText(rate.toDouble())).arg(rate.num).arg(rate.den);
}

QString bitRateText(qint64 bits)
{
    return bits <= 0 ? QString() : say("%1 kbit/s").arg(numberText(double(bits) / 1000.0));
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
    QString text = html::row(say("Picture"), say("%1 × %2 px").arg(s.width).arg(s.height));
    if (s.codedWidth > 0 && (s.codedWidth != s.width || s.codedHeight != s.height))
        text += html::row(say("Coded as"), say("%1 × %2 px").arg(s.codedWidth).arg(s.codedHeight));
    if (s.rotationDegrees != 0)
        text += html::row(say("Rotation"), say("%1° clockwise").arg(s.rotationDegrees));
    if (s.sampleAspect.num > 0 && !(s.sampleAspect == Rational{1, 1}))
        text += html::row(say("Pixel aspect"),
                          u"%1:%2"_s.arg(s.sampleAspect.num).arg(s.sampleAspect.den));
    text += html::row(say("Average rate"), rateText(s.averageRate));
    if (!(s.baseRate == s.averageRate))
        text += html::row(say("Base rate"), rateText(s.baseRate));
    text += html::row(say("Pixels"), joined({s.pixelFormat, say("%1 bit").arg(s.bitsPerComponent)}));
    text += html::row(say("Fields"), s.fieldOrder);
    text += html::row(say("Colour"),
                      joined({s.colorRange, s.colorSpace, s.colorPrimaries, s.colorTransfer}));
    text += html::row(say("B-frames"), s.hasBFrames ? say("yes") : say("no"));
    return text;
}

QString streamHtml(const StreamFacts &s)
{
    QString text = html::heading(say("Stream %1: %2, %3").arg(s.index).arg(streamKindName(s.kind), s.codec));
    text += html::rowsBegin();
    text += html::row(say("Codec"), joined({s.codecLongName, s.profile, s.codecTag}));
    if (s.kind == StreamKind::Video)
        text += videoRows(s);
    if (s.kind == StreamKind::Audio)
        text += html::row(say("Sound"), say("%1 Hz, %2 channels").arg(s.sampleRate).arg(s.channels));
    text += html::row(say("Bit rate"), bitRateText(s.bitRate));
    text += html::row(say("Time base"), u"%1/%2 s"_s.arg(s.timeBase.num).arg(s.timeBase.den));
    if (s.startTicks)
        text += html::row(say("Starts at"), say("%1 ticks").arg(*s.startTicks));
    if (s.durationTicks)
        text += html::row(say("Lasts"), say("%1 ticks").arg(*s.durationTicks));
    if (s.declaredFrames)
        text += html::row(say("Declares"), say("%1 frames").arg(*s.declaredFrames));
    if (s.attachedPicture)
        text += html::row(say("Note"), say("a cover picture, not analysed"));
    return text + tagRows(s.tags) + html::rowsEnd();
}

QString ledgerHtml(const Ledger &ledger)
{
    QString text = html::heading(say("Frames as decoded"));
    if (ledger.entries.empty())
        return text + html::quiet(say("Not decoded yet. An analysis writes down the hash of every frame."));
    const auto keys = std::count_if(ledger.entries.begin(), ledger.entries.end(),
                                    [](const LedgerEntry &e) { return e.keyFrame; });
    text += html::rowsBegin();
    text += html::row(say("Frames"), say("%1, of which %2 key frames").arg(ledger.count()).arg(keys));
    text += html::row(say("Lasts"), clockText(ledger.seconds(ledger.count() - 1)));
    text += html::row(say("Ledger"), ledger.complete
                          ? say("complete")
                          : say("ends early: %1").arg(ledger.endReason.isEmpty() ? say("no reason given")
                                                                                 : ledger.endReason));
    text += html::rowHtml(say("SHA-256 of all frames"), copyable(hexText(ledger.digest())));
    return text + html::rowsEnd();
}

} // namespace

QString factsHtml(const MediaFacts &facts, const Ledger &ledger, const QPalette &palette)
{
    QString text = html::style(palette) + u"<h3>"_s + html::escaped(facts.fileName) + u"</h3>"_s;
    text += html::list(say("Found odd while opening"), facts.warnings);
    text += html::heading(say("Identity")) + html::rowsBegin();
    if (facts.hashed) {
        text += html::rowHtml(u"SHA-256"_s, copyable(facts.sha256Text()));
        text += html::rowHtml(u"MD5"_s, copyable(QString::fromLatin1(facts.hashes.md5Hex)));
        text += html::row(say("Size"), sizeText(facts.hashes.size));
    } else {
        text += html::row(u"SHA-256"_s, say("being computed …"));
        text += html::row(u"MD5"_s, say("being computed …"));
    }
    text += html::row(say("Path"), facts.path) + html::rowsEnd();

    text += html::heading(say("Container, as it declares itself")) + html::rowsBegin();
    text += html::row(say("Format"), joined({facts.containerLongName, facts.container}));
    if (facts.durationSeconds)
        text += html::row(say("Lasts"), clockText(*facts.durationSeconds));
    if (facts.startSeconds)
        text += html::row(say("Starts at"), clockText(*facts.startSeconds));
    text += html::row(say("Bit rate"), bitRateText(facts.bitRate));
    text += tagRows(facts.tags) + html::rowsEnd();
    for (const StreamFacts &stream : facts.streams)
        text += streamHtml(stream);

    if (!facts.editList.empty()) {
        text += html::heading(say("Edit list")) + html::rowsBegin();
        for (const EditListEntry &edit : facts.editList)
            text += html::row(say("Stream %1").arg(edit.streamIndex),
                              say("%1 s from media time %2, rate %3")
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
        return say("no picture stream");
    QString text = say("%1 × %2 %3").arg(video->width).arg(video->height).arg(video->codec);
    if (facts.still)
        return text;
    if (video->averageRate.num > 0)
        text += say(", %1 frames/s").arg(numberText(video->averageRate.toDouble()));
    if (facts.durationSeconds)
        text += u", "_s + clockText(*facts.durationSeconds);
    return text;
}

} // namespace fw
