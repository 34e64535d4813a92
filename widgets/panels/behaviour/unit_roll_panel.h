// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/behaviour/face_panel.h"

namespace fw {

class UnitRollView;

/// The piano roll with the choice of face and scale, its colour bar, and the reason when there is
/// nothing to show.
class UnitRollPanel : public FacePanel
{
    Q_OBJECT
public:
    /// @param choice  outlives the panel.
    explicit UnitRollPanel(FaceChoice &choice, QWidget *parent = nullptr);

    UnitRollView &view() { return *m_view; }

private:
    void refresh() override;

    UnitRollView *m_view;
};

} // namespace fw
