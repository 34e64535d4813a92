// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/behaviour/face_panel.h"

namespace fw {

class UnitBars;

/// The bars of the frame's action units with the choice of face and scale, or the reason why there
/// are none.
class UnitPanel : public FacePanel
{
    Q_OBJECT
public:
    /// @param choice  outlives the panel.
    explicit UnitPanel(FaceChoice &choice, QWidget *parent = nullptr);

    UnitBars &bars() { return *m_bars; }

private:
    void refresh() override;

    UnitBars *m_bars;
};

} // namespace fw
