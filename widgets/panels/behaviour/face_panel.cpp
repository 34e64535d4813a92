// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/behaviour/face_panel.h"

#include "panels/behaviour/face_choice.h"
#include "panels/common/state_stack.h"
#include "panels/common/update_rate.h"

#include <QVBoxLayout>

namespace fw {

FacePanel::FacePanel(FaceChoice &choice, QWidget *parent) : QWidget(parent), m_choice(choice)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(kScreenUpdateMs);
    connect(&m_soon, &QTimer::timeout, this, [this] { refresh(); });
}

QString FacePanel::message() const
{
    return m_state->messageText();
}

void FacePanel::setContent(QWidget *bar, QWidget *view)
{
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(bar);
    column->addWidget(view, 1);
    m_state = new StateStack(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_state);
    for (const auto signal : {&FaceChoice::changed, &FaceChoice::measured})
        connect(&m_choice, signal, this, [this] {
            m_stale = true;
            refresh();
        });
    refresh();
}

void FacePanel::followPlayhead()
{
    connect(&m_choice.clip(), &ClipModel::playheadChanged, this, [this] {
        if (isVisible() && !m_soon.isActive())
            m_soon.start();
    });
}

bool FacePanel::showOrExplain(bool any, const QString &capability, const QString &what)
{
    if (any) {
        m_state->showContent();
    } else {
        const auto why = m_choice.whyEmpty(capability, what);
        m_state->showMessage(why.title, why.text);
    }
    return any && isVisible();
}

void FacePanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
}

} // namespace fw
