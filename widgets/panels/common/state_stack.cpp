// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/common/state_stack.h"

#include "panels/common/theme.h"

#include <QEvent>
#include <QLabel>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace fw {

StateStack::StateStack(QWidget *content, QWidget *parent)
    : QWidget(parent), m_stack(new QStackedWidget), m_banner(new QLabel), m_title(new QLabel),
      m_text(new QLabel)
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addStretch(2);
    column->addWidget(m_title);
    column->addWidget(m_text);
    column->addStretch(3);
    for (QLabel *label : {m_title, m_text, m_banner}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    m_title->setAlignment(Qt::AlignHCenter);
    m_text->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse); // a reason is worth copying
    m_banner->setContentsMargins(8, 4, 8, 4);
    m_banner->setAutoFillBackground(true);
    m_banner->hide();

    m_stack->addWidget(page);
    m_stack->addWidget(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_stack);
    applyFonts();
}

void StateStack::showMessage(const QString &title, const QString &text)
{
    m_title->setText(title);
    m_text->setText(text);
    m_banner->hide();
    m_stack->setCurrentIndex(0);
}

void StateStack::showContent(const QString &banner)
{
    m_banner->setText(banner);
    m_banner->setVisible(!banner.isEmpty());
    m_stack->setCurrentIndex(1);
}

bool StateStack::showsContent() const
{
    return m_stack->currentIndex() == 1;
}

QString StateStack::messageText() const
{
    return showsContent() ? QString() : m_title->text() + u'\n' + m_text->text();
}

QString StateStack::bannerText() const
{
    return m_banner->isHidden() ? QString() : m_banner->text();
}

void StateStack::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange)
        applyFonts();
}

void StateStack::applyFonts()
{
    m_title->setFont(textFont(font(), TextSize::Title));
    QPalette quiet = palette();
    quiet.setColor(QPalette::WindowText, quietText(palette()));
    m_text->setPalette(quiet);
    QPalette strip = palette();
    strip.setColor(QPalette::Window, palette().color(QPalette::AlternateBase));
    m_banner->setPalette(strip);
}

} // namespace fw
