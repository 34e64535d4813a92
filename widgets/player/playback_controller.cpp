// SPDX-License-Identifier: GPL-3.0-or-later
#include "player/playback_controller.h"

#include <QElapsedTimer>
#include <QScopedValueRollback>

#include <algorithm>
#include <cmath>
#include <memory>

namespace fw {

PlaybackController::PlaybackController(ClipModel &model, QObject *parent)
    : QObject(parent), m_model(model)
{
    auto timer = std::make_shared<QElapsedTimer>();
    timer->start();
    m_wallClock = [timer] { return double(timer->nsecsElapsed()) * 1e-6; };
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &PlaybackController::tick);
    connect(&model, &ClipModel::clipChanged, this, &PlaybackController::followClip);
    connect(&model, &ClipModel::playheadChanged, this, &PlaybackController::followPlayhead);
    connect(&model, &ClipModel::clockChanged, this, [this] {
        // The index has grown: a frame that did not exist may be shown now, and playback that
        // waited at its end goes on.
        if (!m_pending && !m_exact && !m_problem)
            request();
        if (isPlaying() && !m_timer.isActive() && !m_pending) {
            anchor();
            schedule(0);
        }
    });
    followClip();
}

void PlaybackController::setWallClock(std::function<double()> milliseconds)
{
    m_wallClock = std::move(milliseconds);
    anchor();
}

void PlaybackController::followClip()
{
    pause();
    m_picture.reset();
    m_problem.reset();
    m_ticket.reset();
    m_exact = m_pending = false;
    m_dropped = 0;
    if (FrameProvider *provider = m_model.provider()) {
        connect(provider, &FrameProvider::frameReady, this, &PlaybackController::receive,
                Qt::UniqueConnection);
        connect(provider, &FrameProvider::frameFailed, this, &PlaybackController::receiveProblem,
                Qt::UniqueConnection);
        request();
    }
    Q_EMIT droppedChanged();
    Q_EMIT pictureChanged();
}

void PlaybackController::request()
{
    FrameProvider *provider = m_model.provider();
    if (!provider || m_model.clock().frameCount < 1)
        return;
    m_pending = true;
    m_exact = false;
    m_problem.reset();
    m_ticket = provider->request(m_model.playhead(), m_speed > 0.0);
}

void PlaybackController::followPlayhead()
{
    request();
    if (!m_ownMove)
        anchor(); // someone else moved it: playback goes on from there
    Q_EMIT pictureChanged();
}

void PlaybackController::receive(quint64 ticket, const FramePtr &frame, bool exact)
{
    if (!m_ticket || ticket != *m_ticket || sender() != m_model.provider() || !frame)
        return; // an older question: its answer is stale
    m_picture = frame;
    m_exact = exact;
    if (exact) {
        m_pending = false;
        m_ticket.reset();
    }
    Q_EMIT pictureChanged();
    if (exact && isPlaying() && !m_timer.isActive())
        schedule(0);
}

void PlaybackController::receiveProblem(quint64 ticket, const Error &error)
{
    if (!m_ticket || ticket != *m_ticket || sender() != m_model.provider())
        return;
    m_ticket.reset();
    m_pending = false;
    m_exact = false;
    m_problem = error;
    pause();
    Q_EMIT pictureChanged();
}

FrameIndex PlaybackController::firstFrame() const
{
    return m_loop ? m_model.inPoint().value_or(0) : 0;
}

FrameIndex PlaybackController::lastFrame() const
{
    const FrameIndex last = std::max<FrameIndex>(m_model.clock().frameCount - 1, 0);
    return m_loop ? std::min(m_model.outPoint().value_or(last), last) : last;
}

void PlaybackController::setSpeed(double speed)
{
    speed = std::clamp(speed, -kMaxSpeed, kMaxSpeed);
    if (!m_model.provider() || m_model.clock().frameCount < 2 || !std::isfinite(speed))
        speed = 0.0;
    if (speed == m_speed)
        return;
    const bool starts = m_speed == 0.0;
    m_speed = speed;
    if (starts) {
        m_dropped = 0;
        Q_EMIT droppedChanged();
        // Play at the end starts over, as every player does.
        const FrameIndex here = m_model.playhead();
        if (speed > 0.0 && here >= lastFrame() && (m_model.clock().complete || m_loop))
            m_model.setPlayhead(firstFrame());
        else if (speed < 0.0 && here <= firstFrame())
            m_model.setPlayhead(lastFrame());
    }
    m_timer.stop();
    anchor();
    if (isPlaying() && !m_pending)
        schedule(0);
    Q_EMIT speedChanged(speed);
}

void PlaybackController::anchor()
{
    m_anchorWall = m_wallClock();
    m_anchorSeconds = m_model.clock().secondsOf(m_model.playhead());
    if (m_timer.isActive())
        schedule(0);
}

void PlaybackController::schedule(double milliseconds)
{
    m_timer.start(int(std::clamp(std::ceil(milliseconds), 0.0, 1000.0)));
}

void PlaybackController::tick()
{
    if (!isPlaying() || m_pending)
        return; // the picture that is on its way will call again
    m_pace == Pace::EveryFrame ? tickEveryFrame() : tickKeepTime();
}

double PlaybackController::stayOf(FrameIndex frame) const
{
    // The last frame of a direction has no successor on the clock: it stays as long as its neighbour.
    const ClipClock &clock = m_model.clock();
    const int by = m_speed > 0.0 ? 1 : -1;
    const FrameIndex next = frame + by;
    const bool inside = next >= 0 && next < clock.frameCount;
    const double stay = inside ? clock.secondsOf(next) - clock.secondsOf(frame)
                               : clock.secondsOf(frame) - clock.secondsOf(frame - by);
    return std::abs(stay);
}

void PlaybackController::tickEveryFrame()
{
    const FrameIndex here = m_model.playhead(), next = here + (m_speed > 0.0 ? 1 : -1);
    const double due = m_anchorWall + stayOf(here) * 1000.0 / std::abs(m_speed);
    const double now = m_wallClock();
    if (now + 0.5 < due) {
        schedule(due - now);
        return;
    }
    if (next < firstFrame() || next > lastFrame()) {
        arriveAtEnd();
        return;
    }
    QScopedValueRollback own(m_ownMove, true);
    m_model.setPlayhead(next);
    // Late frames do not make later ones hurry, early ones do not add up to a drift.
    m_anchorWall = now - due > 100.0 ? now : due;
    if (!m_pending)
        schedule(0);
}

void PlaybackController::tickKeepTime()
{
    const ClipClock &clock = m_model.clock();
    const FrameIndex here = m_model.playhead(), first = firstFrame(), last = lastFrame();
    if (here < first || here > last) { // the loop was set around another place
        m_model.setPlayhead(m_speed > 0.0 ? first : last);
        return;
    }
    const bool forward = m_speed > 0.0;
    const double second = m_anchorSeconds + m_speed * (m_wallClock() - m_anchorWall) / 1000.0;
    const FrameIndex end = forward ? last : first;
    const double over = clock.secondsOf(end) + (forward ? 1 : -1) * stayOf(end);
    if (here == end && (forward ? second >= over - 1e-6 : second <= over + 1e-6)) {
        arriveAtEnd();
        return;
    }
    FrameIndex target = last;
    if (second <= 0.0)
        target = 0;
    else if (second < clock.duration())
        target = clock.indexAt(second + 1e-6).value_or(here);
    // Backwards, a frame is due when the clock has come down to its own time.
    if (!forward && clock.secondsOf(target) < second - 1e-6)
        ++target;
    target = std::clamp(target, first, last);
    if (forward ? target > here : target < here) {
        if (const FrameIndex skipped = std::abs(target - here) - 1; skipped > 0) {
            m_dropped += skipped;
            Q_EMIT droppedChanged();
        }
        QScopedValueRollback own(m_ownMove, true);
        m_model.setPlayhead(target);
    }
    if (m_pending)
        return;
    const FrameIndex now = m_model.playhead();
    const double next = now == end ? over : clock.secondsOf(now + (forward ? 1 : -1));
    schedule(std::max(1.0, (next - second) / m_speed * 1000.0));
}

void PlaybackController::arriveAtEnd()
{
    if (m_loop) {
        const FrameIndex start = m_speed > 0.0 ? firstFrame() : lastFrame();
        QScopedValueRollback own(m_ownMove, true);
        m_model.setPlayhead(start);
        anchor();
        if (!m_pending)
            schedule(20); // a loop of one frame must not spin
        return;
    }
    if (m_speed > 0.0 && !m_model.clock().complete)
        return; // more frames will come: clockChanged goes on
    pause();
}

void PlaybackController::setPace(Pace pace)
{
    if (pace == m_pace)
        return;
    m_pace = pace;
    anchor();
    Q_EMIT paceChanged();
}

void PlaybackController::setLooping(bool loop)
{
    if (loop == m_loop)
        return;
    m_loop = loop;
    Q_EMIT loopingChanged();
}

void PlaybackController::togglePlay()
{
    setSpeed(isPlaying() ? 0.0 : 1.0);
}

void PlaybackController::pause()
{
    setSpeed(0.0);
}

void PlaybackController::shuttleForward()
{
    setSpeed(m_speed <= 0.0 ? 1.0 : m_speed * 2.0);
}

void PlaybackController::shuttleBackward()
{
    setSpeed(m_speed >= 0.0 ? -1.0 : m_speed * 2.0);
}

void PlaybackController::step(qint64 frames)
{
    pause();
    m_model.setPlayhead(m_model.playhead() + frames);
}

void PlaybackController::stepSeconds(double seconds)
{
    pause();
    const ClipClock &clock = m_model.clock();
    const FrameIndex here = m_model.playhead();
    const double target = clock.secondsOf(here) + seconds;
    FrameIndex index = target <= 0.0 ? 0 : clock.indexAt(target + 1e-6).value_or(here);
    if (index == here && seconds != 0.0) // frames that are longer than the step
        index += seconds > 0.0 ? 1 : -1;
    m_model.setPlayhead(index);
}

void PlaybackController::stepKeyFrame(int direction)
{
    pause();
    const std::vector<bool> &keys = m_model.clock().keyFrames;
    const FrameIndex count = FrameIndex(keys.size());
    const int by = direction < 0 ? -1 : 1;
    for (FrameIndex i = m_model.playhead() + by; i >= 0 && i < count; i += by) {
        if (keys[std::size_t(i)]) {
            m_model.setPlayhead(i);
            return;
        }
    }
}

void PlaybackController::toStart()
{
    pause();
    m_model.setPlayhead(0);
}

void PlaybackController::toEnd()
{
    pause();
    m_model.setPlayhead(m_model.clock().frameCount - 1);
}

void PlaybackController::markIn()
{
    const FrameIndex here = m_model.playhead();
    const auto out = m_model.outPoint();
    m_model.setInOut(here, out && *out >= here ? out : std::nullopt);
}

void PlaybackController::markOut()
{
    const FrameIndex here = m_model.playhead();
    const auto in = m_model.inPoint();
    m_model.setInOut(in && *in <= here ? in : std::nullopt, here);
}

void PlaybackController::clearInOut()
{
    m_model.setInOut(std::nullopt, std::nullopt);
}

} // namespace fw
