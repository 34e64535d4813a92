// SPDX-License-Identifier: GPL-3.0-or-later
#include "player/player_keys.h"

#include <QKeyEvent>

namespace fw {

PlayerKeys::PlayerKeys(PlaybackController &controller, QObject *parent)
    : QObject(parent), m_controller(controller)
{
}

bool PlayerKeys::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::KeyPress:
        return press(*static_cast<QKeyEvent *>(event));
    case QEvent::KeyRelease:
        return release(*static_cast<QKeyEvent *>(event));
    case QEvent::FocusOut:
        m_stopHeld = false; // its release goes to another window
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

bool PlayerKeys::release(const QKeyEvent &event)
{
    if (event.key() != Qt::Key_K || event.isAutoRepeat())
        return false;
    m_stopHeld = false;
    return true;
}

bool PlayerKeys::press(const QKeyEvent &event)
{
    const Qt::KeyboardModifiers held = event.modifiers() & ~Qt::KeypadModifier;
    const bool sideways = event.key() == Qt::Key_Left || event.key() == Qt::Key_Right;
    const int direction = event.key() == Qt::Key_Left ? -1 : 1;
    if (held == Qt::ShiftModifier && sideways)
        m_controller.stepSeconds(direction);
    else if (held == Qt::AltModifier && sideways)
        m_controller.stepKeyFrame(direction);
    else if (held == Qt::NoModifier)
        return plainKey(event.key(), event.isAutoRepeat());
    else
        return false;
    return true;
}

bool PlayerKeys::plainKey(int key, bool repeated)
{
    switch (key) {
    case Qt::Key_Space:
        if (!repeated)
            m_controller.togglePlay();
        return true;
    case Qt::Key_K:
        m_stopHeld = true;
        m_controller.pause();
        return true;
    case Qt::Key_J:
    case Qt::Key_L:
        if (m_stopHeld)
            m_controller.step(key == Qt::Key_J ? -1 : 1);
        else if (!repeated) // a key held down does not run through the speeds
            key == Qt::Key_J ? m_controller.shuttleBackward() : m_controller.shuttleForward();
        return true;
    case Qt::Key_Comma:
        m_controller.step(-1);
        return true;
    case Qt::Key_Period:
        m_controller.step(1);
        return true;
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const int direction = key == Qt::Key_Left ? -1 : 1;
        if (!m_controller.isPlaying()) {
            m_controller.step(direction);
            return true;
        }
        const double speed = m_controller.speed();
        m_controller.stepSeconds(direction);
        m_controller.setSpeed(speed);
        return true;
    }
    case Qt::Key_Home:
        m_controller.toStart();
        return true;
    case Qt::Key_End:
        m_controller.toEnd();
        return true;
    case Qt::Key_I:
        m_controller.markIn();
        return true;
    case Qt::Key_O:
        m_controller.markOut();
        return true;
    default:
        return false;
    }
}

} // namespace fw
