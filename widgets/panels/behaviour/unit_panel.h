// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

namespace fw {

class FaceChoice;
class StateStack;
class UnitBars;

/// The bars of the frame's action units with the choice of face and scale, or the reason why there
/// are none.
class UnitPanel : public QWidget
{
    Q_OBJECT
public:
    /// @param choice  outlives the panel.
    explicit UnitPanel(FaceChoice &choice, QWidget *parent = nullptr);

    UnitBars &bars() { return *m_bars; }
    QString message() const; ///< what is said instead of bars; empty otherwise

protected:
    void showEvent(QShowEvent *event) override;

private:
    void refresh();

    FaceChoice &m_choice;
    UnitBars *m_bars;
    StateStack *m_state;
    QTimer m_soon; ///< many changes a second become one update
};

} // namespace fw
