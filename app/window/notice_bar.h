// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QFrame>

class QLabel;

namespace fw {

/// A line above the picture that says what went wrong or what needs a look. It stays until it is
/// closed or another notice takes its place; it never blocks the window.
class NoticeBar : public QFrame
{
    Q_OBJECT
public:
    explicit NoticeBar(QWidget *parent = nullptr);

    void showProblem(const Error &error);
    void showText(const QString &text);
    QString text() const;

private:
    void put(const QString &sign, const QString &text);

    QLabel *m_sign;
    QLabel *m_text;
};

} // namespace fw
