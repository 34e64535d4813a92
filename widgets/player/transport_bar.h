// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "player/playback_controller.h"
#include "player/transport_icons.h"

#include <QWidget>

#include <vector>

class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;

namespace fw {

/// The row below the picture: where we are, the buttons that move, and a box that goes anywhere.
class TransportBar : public QWidget
{
    Q_OBJECT
public:
    /// @param controller  outlives the bar.
    explicit TransportBar(PlaybackController &controller, QWidget *parent = nullptr);

    QString statusText() const;
    QString speedText() const;

public Q_SLOTS:
    /// Puts the keyboard into the go-to box (Ctrl+G).
    void startGoTo();

Q_SIGNALS:
    void leftGoTo(); ///< the go-to box is done; the keyboard may go back to the picture

protected:
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Button
    {
        QToolButton *button;
        TransportIcon icon;
    };
    QToolButton *addButton(TransportIcon icon, const QString &name, const QString &toolTip);
    void goThere();
    void refresh();
    void refreshSpeed();
    void refreshIcons();

    PlaybackController &m_controller;
    ClipModel &m_model;
    std::vector<Button> m_buttons;
    QToolButton *m_play = nullptr, *m_loop = nullptr, *m_clear = nullptr;
    QLabel *m_status, *m_speed, *m_dropped, *m_range, *m_problem;
    QComboBox *m_pace;
    QLineEdit *m_goTo;
};

} // namespace fw
