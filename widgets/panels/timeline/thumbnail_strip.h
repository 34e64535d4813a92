// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"
#include "panels/timeline/time_axis.h"

#include <QCache>
#include <QObject>
#include <QPixmap>
#include <QPointer>
#include <QSet>
#include <QTimer>

#include <vector>

namespace fw {

/// The small pictures above the lanes. Asks for what is on screen a moment after the view came to
/// rest, keeps what it got, and never waits: a picture that is not there yet is drawn as a grey box.
class ThumbnailStrip : public QObject
{
    Q_OBJECT
public:
    explicit ThumbnailStrip(ClipModel &clip, QObject *parent = nullptr);

    struct Slot
    {
        FrameIndex frame = 0;
        double x = 0.0;         ///< px, left edge
        const QPixmap *picture; ///< null: not there yet
    };
    /// Pictures of the visible stretch, left to right, each `size` large. Their places are bound to
    /// the clip, not to the window, so that scrolling keeps them.
    std::vector<Slot> slotsFor(const TimeAxis &axis, const QSize &size);
    /// Shown width of a picture that is `height` px tall.
    int widthFor(int height) const;

Q_SIGNALS:
    void changed(); ///< a picture arrived

private:
    void listen();
    void ask();
    void receive(FrameIndex index, const FramePtr &small);

    ClipModel &m_clip;
    QPointer<FrameProvider> m_provider;
    QCache<FrameIndex, QPixmap> m_pictures{600};
    QSet<FrameIndex> m_asked;
    std::vector<FrameIndex> m_wanted;
    int m_width = 0;
    QTimer m_rest;
};

} // namespace fw
