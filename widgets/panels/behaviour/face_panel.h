// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

namespace fw {

class FaceChoice;
class StateStack;

/// A view of the chosen face under its bar, or the reason why there is nothing to show.
class FacePanel : public QWidget
{
    Q_OBJECT
public:
    QString message() const; ///< what is said instead of the view; empty otherwise

protected:
    /// @param choice  outlives the panel.
    FacePanel(FaceChoice &choice, QWidget *parent);

    void setContent(QWidget *bar, QWidget *view);
    /// Refreshes when the playhead moves, many moves a second at once.
    void followPlayhead();
    /// Shows the view when there is something to show, else says why not.
    /// @param capability  that would give it. @param what  the panel shows. @return whether it is seen.
    bool showOrExplain(bool any, const QString &capability, const QString &what);
    /// Called when another face is chosen, when something is measured and when the panel comes up.
    virtual void refresh() = 0;
    void showEvent(QShowEvent *event) override;

    FaceChoice &m_choice;
    bool m_stale = true; ///< values have changed since the view took them; for the panel to clear

private:
    StateStack *m_state = nullptr;
    QTimer m_soon;
};

} // namespace fw
