// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"

#include <QTimer>
#include <QWidget>

class QTreeView;

namespace fw {

class InspectorModel;
class StateStack;

/// The values at the playhead. Ctrl+C copies the selected value, Enter on a method's row asks for
/// its card.
class InspectorPanel : public QWidget
{
    Q_OBJECT
public:
    /// @param clip  outlives the panel.
    explicit InspectorPanel(ClipModel &clip, QWidget *parent = nullptr);

    InspectorModel &model() { return *m_model; }

Q_SIGNALS:
    void methodCardRequested(const QString &pluginId);

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void refresh();
    void setColumns(); ///< as wide as they need to be
    void copy();

    ClipModel &m_clip;
    InspectorModel *m_model;
    StateStack *m_state;
    QTreeView *m_view;
    QTimer m_soon; ///< many changes a second become one update
};

} // namespace fw
