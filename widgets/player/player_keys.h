// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "player/playback_controller.h"

#include <QObject>

class QKeyEvent;

namespace fw {

/// The keys that move through a clip, alike in every view that shows it. Install it as an event
/// filter on the views that should have them; text fields keep their keys.
///   Space play/pause · J K L backwards/stop/forwards, repeated = faster, K held + J/L = one frame ·
///   , . one frame · Left/Right one frame (1 s while playing) · Shift+Left/Right 1 s ·
///   Alt+Left/Right key frame · Home/End · I O in and out
class PlayerKeys : public QObject
{
    Q_OBJECT
public:
    explicit PlayerKeys(PlaybackController &controller, QObject *parent = nullptr);

    /// @return whether the key was one of ours.
    bool press(const QKeyEvent &event);
    bool release(const QKeyEvent &event);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    bool plainKey(int key, bool repeated);

    PlaybackController &m_controller;
    bool m_stopHeld = false; ///< K is down
};

} // namespace fw
