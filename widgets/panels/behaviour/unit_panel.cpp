// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/behaviour/unit_panel.h"

#include "detect/capabilities.h"
#include "panels/behaviour/face_choice_bar.h"
#include "panels/behaviour/unit_bars.h"

#include <QScrollArea>

namespace fw {

UnitPanel::UnitPanel(FaceChoice &choice, QWidget *parent)
    : FacePanel(choice, parent), m_bars(new UnitBars(choice))
{
    setAccessibleName(tr("Action units"));
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_bars);
    setContent(new FaceChoiceBar(choice, true), scroll);
    followPlayhead();
}

void UnitPanel::refresh()
{
    if (showOrExplain(m_choice.anyUnits(), capability::kActionUnits, tr("how strongly each part of the face moves")))
        m_bars->refresh();
}

} // namespace fw
