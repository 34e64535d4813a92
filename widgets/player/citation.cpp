// SPDX-License-Identifier: GPL-3.0-or-later
#include "player/citation.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

const QString kDot = u" · "_s;

const LedgerEntry *ledgerEntry(const ClipModel &model, FrameIndex index)
{
    const Ledger &ledger = model.ledger();
    const bool inside = index >= 0 && index < ledger.count();
    return inside ? &ledger.entries[std::size_t(index)] : nullptr;
}

QString ptsText(std::int64_t ticks, const Rational &base)
{
    return u"PTS %1 (%2/%3 s)"_s.arg(ticks).arg(base.num).arg(base.den);
}

} // namespace

QString frameCitation(const ClipModel &model, FrameIndex index, const Frame *frame)
{
    const FrameProvider *provider = model.provider();
    if (!provider)
        return {};
    QStringList parts{provider->facts().fileName, u"frame %1"_s.arg(index)};
    if (const LedgerEntry *entry = ledgerEntry(model, index))
        parts << ptsText(entry->pts, model.ledger().timeBase);
    else if (frame && frame->index == index)
        parts << ptsText(frame->time.ticks, frame->time.timeBase);
    parts << clockText(model.clock().secondsOf(index));
    return parts.join(kDot);
}

QString statusLine(const ClipModel &model, FrameIndex index, const Frame *frame)
{
    if (!model.provider())
        return {};
    const auto tr = [](const char *text) { return QCoreApplication::translate("fw::statusLine", text); };
    const ClipClock &clock = model.clock();
    QStringList parts;
    if (model.provider()->facts().still) {
        parts << tr("still picture");
    } else {
        parts << clockText(clock.secondsOf(index))
              << (clock.complete ? tr("frame %1 of %2") : tr("frame %1 of %2 so far"))
                     .arg(index)
                     .arg(clock.frameCount);
    }
    char type = '?';
    if (const LedgerEntry *entry = ledgerEntry(model, index))
        type = entry->pictureType;
    else if (frame && frame->index == index)
        type = frame->pictureType;
    else if (index >= 0 && std::size_t(index) < clock.pictureTypes.size())
        type = clock.pictureTypes[std::size_t(index)];
    if (type != '?' && !model.provider()->facts().still)
        parts << QString(QLatin1Char(type));
    if (const FaceObservations *faces = model.observations().facesAt(index)) {
        parts << (faces->empty()        ? tr("no face found")
                  : faces->size() == 1 ? tr("1 face")
                                       : tr("%1 faces").arg(faces->size()));
    } else if (index >= 0 && std::size_t(index) < model.observations().faces.size()) {
        // Later frames were looked at, so nobody will come back to this one.
        parts << tr("faces not measured here");
    }
    return parts.join(kDot);
}

} // namespace fw
