// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace fw {

class FaceChoice;
class StateStack;
class UnitRollView;

/// The piano roll with the choice of face and scale, its colour bar, and the reason when there is
/// nothing to show.
class UnitRollPanel : public QWidget
{
    Q_OBJECT
public:
    /// @param choice  outlives the panel.
    explicit UnitRollPanel(FaceChoice &choice, QWidget *parent = nullptr);

    UnitRollView &view() { return *m_view; }
    QString message() const; ///< what is said instead of the roll; empty otherwise

protected:
    void showEvent(QShowEvent *event) override;

private:
    void refresh();

    FaceChoice &m_choice;
    UnitRollView *m_view;
    StateStack *m_state;
    bool m_stale = true; ///< values have changed while nobody looked
};

} // namespace fw
