// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

class QComboBox;

namespace fw {

class FaceChoice;
class HeadView;
class StateStack;

/// The head in space with the choice of face and viewpoint, or the reason why there is none.
class HeadPanel : public QWidget
{
    Q_OBJECT
public:
    /// @param choice  outlives the panel.
    explicit HeadPanel(FaceChoice &choice, QWidget *parent = nullptr);

    HeadView &view() { return *m_view; }
    QString message() const; ///< what is said instead of the head; empty otherwise

protected:
    void showEvent(QShowEvent *event) override;

private:
    void refresh();
    void findRest();

    FaceChoice &m_choice;
    HeadView *m_view;
    QComboBox *m_viewpoint;
    StateStack *m_state;
    QTimer m_soon;       ///< many changes a second become one update
    bool m_stale = true; ///< the rest shape has to be found again
};

} // namespace fw
