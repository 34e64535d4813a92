// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/behaviour/face_panel.h"

class QComboBox;

namespace fw {

class HeadView;

/// The head in space with the choice of face and viewpoint, or the reason why there is none.
class HeadPanel : public FacePanel
{
    Q_OBJECT
public:
    /// @param choice  outlives the panel.
    explicit HeadPanel(FaceChoice &choice, QWidget *parent = nullptr);

    HeadView &view() { return *m_view; }

private:
    void refresh() override;
    void findRest();

    HeadView *m_view;
    QComboBox *m_viewpoint;
};

} // namespace fw
