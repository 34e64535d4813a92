// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "frames/frame.h"
#include "media/media_facts.h"

#include <QObject>

#include <optional>

namespace fw {

/// What a view needs to know of a clip's clock; grows while the index is being read.
struct ClipClock
{
    std::int64_t frameCount = 0;
    bool complete = false;
    std::vector<double> seconds;      ///< per frame, from the first; ascending
    std::vector<char> pictureTypes;   ///< '?' until decoded
    std::vector<bool> keyFrames;

    std::optional<FrameIndex> indexAt(double second) const;
    double secondsOf(FrameIndex index) const; ///< clamped to the clip
    double duration() const { return seconds.empty() ? 0.0 : seconds.back(); }
};

/// How views get pictures. Every call returns at once; answers come later by signal, so that
/// decoding can move to another process without any change to a view.
class FrameProvider : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// Asks for one frame. Older requests that nobody waits for any more may be dropped: only the
    /// newest ticket is sure to be answered. @return a ticket that the answer carries.
    /// @param playAhead  hint: the following frames will be asked for next.
    virtual quint64 request(FrameIndex index, bool playAhead = false) = 0;
    /// Small pictures for the timeline, `width` px wide; answered by thumbnailReady in any order.
    virtual void requestThumbnail(FrameIndex index, int width) = 0;
    virtual void cancelThumbnails() = 0;
    virtual const MediaFacts &facts() const = 0;
    virtual const ClipClock &clock() const = 0;

Q_SIGNALS:
    /// exact = false: the nearest key frame, shown while the exact frame is being decoded.
    void frameReady(quint64 ticket, fw::FramePtr frame, bool exact);
    void frameFailed(quint64 ticket, fw::Error error);
    void thumbnailReady(fw::FrameIndex index, fw::FramePtr small);
    void clockChanged();
    void factsChanged(); ///< hashes have arrived
};

} // namespace fw
Q_DECLARE_METATYPE(fw::FramePtr)
