// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QStackedWidget;
class QToolButton;

namespace fw {

/// Shows either a panel's content or one message that says why there is none, and a slim line
/// above the content while it is only partly there. So every panel has the same five states:
/// empty, waiting, partial, done, failed with reason.
class StateStack : public QWidget
{
    Q_OBJECT
public:
    explicit StateStack(QWidget *content, QWidget *parent = nullptr);

    /// Hides the content behind a message. `text` says what to do or what went wrong.
    void showMessage(const QString &title, const QString &text);
    /// Shows the content; `banner` stands above it when it is not empty.
    void showContent(const QString &banner = {});

    bool showsContent() const;
    QString messageText() const; ///< title and text, empty while the content is shown
    QString bannerText() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    void applyFonts();

    QStackedWidget *m_stack;
    QLabel *m_banner, *m_title, *m_text;
};

} // namespace fw
