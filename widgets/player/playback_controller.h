// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <optional>

namespace fw {

/// Plays a clip and holds the picture that is on screen. It follows the model's playhead, whoever
/// moves it, and moves it itself while playing. It asks the provider by tickets and never waits.
class PlaybackController : public QObject
{
    Q_OBJECT
public:
    enum class Pace {
        EveryFrame, ///< shows each frame, however long that takes
        KeepTime,   ///< keeps the clip's clock and counts the frames that it had to drop
    };
    static constexpr double kMaxSpeed = 8.0;

    /// @param model  outlives the controller.
    explicit PlaybackController(ClipModel &model, QObject *parent = nullptr);

    ClipModel &model() const { return m_model; }
    /// The newest picture that arrived; null before the first. It may be of another frame than the
    /// playhead's: look at isExact() and isWaiting().
    const FramePtr &picture() const { return m_picture; }
    bool isExact() const { return m_exact; }     ///< the picture is that of the playhead
    bool isWaiting() const { return m_pending; } ///< the playhead's picture is still being decoded
    const std::optional<Error> &problem() const { return m_problem; } ///< why it cannot be shown

    double speed() const { return m_speed; } ///< 0 paused, negative backwards
    bool isPlaying() const { return m_speed != 0.0; }
    Pace pace() const { return m_pace; }
    bool isLooping() const { return m_loop; }
    std::int64_t droppedFrames() const { return m_dropped; } ///< since play was started

    void setSpeed(double speed); ///< clamped to +-kMaxSpeed
    void setPace(Pace pace);
    void setLooping(bool loop); ///< between in and out where they are set
    /// Replaces the wall clock, in milliseconds; tests use it.
    void setWallClock(std::function<double()> milliseconds);

public Q_SLOTS:
    void togglePlay();
    void pause();
    void shuttleForward();  ///< L: play, then 2, 4 and 8 times as fast
    void shuttleBackward(); ///< J: the same, backwards
    /// Each of these pauses first, because a step that playback overtakes is no step.
    void step(qint64 frames);
    void stepSeconds(double seconds);
    void stepKeyFrame(int direction);
    void toStart();
    void toEnd();
    void markIn();
    void markOut();
    void clearInOut();

Q_SIGNALS:
    void pictureChanged(); ///< picture, exactness, waiting or problem
    void speedChanged(double speed);
    void paceChanged();
    void loopingChanged();
    void droppedChanged();

private:
    void followClip();
    void request();
    void followPlayhead();
    void receive(quint64 ticket, const FramePtr &frame, bool exact);
    void receiveProblem(quint64 ticket, const Error &error);
    void tick();
    void tickEveryFrame();
    void tickKeepTime();
    void schedule(double milliseconds);
    void anchor();
    void arriveAtEnd();
    double stayOf(FrameIndex frame) const; ///< seconds that a frame is shown at speed 1
    FrameIndex firstFrame() const; ///< of the loop or the clip
    FrameIndex lastFrame() const;

    ClipModel &m_model;
    QTimer m_timer;
    std::function<double()> m_wallClock;
    FramePtr m_picture;
    bool m_exact = false;
    bool m_pending = false;
    std::optional<Error> m_problem;
    std::optional<quint64> m_ticket;
    double m_speed = 0.0;
    Pace m_pace = Pace::KeepTime;
    bool m_loop = false;
    std::int64_t m_dropped = 0;
    double m_anchorWall = 0.0;    ///< ms at which...
    double m_anchorSeconds = 0.0; ///< ...this second of the clip was on screen
    bool m_ownMove = false;       ///< the playhead moves because we play
};

} // namespace fw
