// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/notice_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace fw {

NoticeBar::NoticeBar(QWidget *parent) : QFrame(parent), m_sign(new QLabel(this)), m_text(new QLabel(this))
{
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::ToolTipBase);
    setAccessibleName(tr("Notice"));
    for (QLabel *label : {m_sign, m_text})
        label->setForegroundRole(QPalette::ToolTipText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *close = new QToolButton(this);
    close->setText(u"×"_s);
    close->setToolTip(tr("Close this notice"));
    close->setAccessibleName(close->toolTip());
    close->setAutoRaise(true);
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 4, 4);
    row->addWidget(m_sign);
    row->addWidget(m_text, 1);
    row->addWidget(close, 0, Qt::AlignTop);
    hide();
}

void NoticeBar::showProblem(const Error &error)
{
    put(u"⚠"_s, error.text());
}

void NoticeBar::showText(const QString &text)
{
    put(u"ℹ"_s, text);
}

QString NoticeBar::text() const
{
    return isHidden() ? QString() : m_text->text();
}

void NoticeBar::put(const QString &sign, const QString &text)
{
    m_sign->setText(sign);
    m_text->setText(text);
    m_text->setAccessibleName(text);
    show();
}

} // namespace fw
