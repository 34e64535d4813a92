// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/behaviour/unit_panel.h"

#include "detect/capabilities.h"
#include "panels/behaviour/face_choice_bar.h"
#include "panels/behaviour/unit_bars.h"
#include "panels/common/state_stack.h"
#include "panels/common/update_rate.h"

#include <QScrollArea>
#include <QVBoxLayout>

namespace fw {

UnitPanel::UnitPanel(FaceChoice &choice, QWidget *parent)
    : QWidget(parent), m_choice(choice), m_bars(new UnitBars(choice))
{
    setAccessibleName(tr("Action units"));
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_bars);
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(new FaceChoiceBar(choice, true));
    column->addWidget(scroll, 1);
    m_state = new StateStack(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_state);

    m_soon.setSingleShot(true);
    m_soon.setInterval(kScreenUpdateMs);
    connect(&m_soon, &QTimer::timeout, this, &UnitPanel::refresh);
    connect(&choice.clip(), &ClipModel::playheadChanged, this, [this] {
        if (isVisible() && !m_soon.isActive())
            m_soon.start();
    });
    connect(&choice, &FaceChoice::changed, this, &UnitPanel::refresh);
    connect(&choice, &FaceChoice::measured, this, &UnitPanel::refresh);
    refresh();
}

QString UnitPanel::message() const
{
    return m_state->messageText();
}

void UnitPanel::refresh()
{
    m_soon.stop();
    if (!m_choice.anyUnits()) {
        const auto why = m_choice.whyEmpty(capability::kActionUnits, tr("how strongly each part of the face moves"));
        return m_state->showMessage(why.title, why.text);
    }
    m_state->showContent();
    if (isVisible())
        m_bars->refresh();
}

void UnitPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
}

} // namespace fw
