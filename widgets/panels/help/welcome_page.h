// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <vector>

class QLabel;
class QListWidget;
class QPushButton;

namespace fw {

struct RecentFile
{
    QString path;
    QString remark; ///< "unchanged", "changed since", "missing"; may be empty
};

/// What stands in the viewer's place while no file is open: how to begin, recent files, and what
/// the four verdict words mean.
class WelcomePage : public QWidget
{
    Q_OBJECT
public:
    explicit WelcomePage(QWidget *parent = nullptr);

    void setRecent(const std::vector<RecentFile> &files);
    void setDemoAvailable(bool available); ///< without the demo clip its button is not shown
    /// Why the last file could not be opened; empty takes the line away.
    void setProblem(const QString &problem);

Q_SIGNALS:
    void openRequested();
    void demoRequested();
    void recentRequested(const QString &path);

protected:
    void changeEvent(QEvent *event) override;

private:
    void applyTheme();

    QLabel *m_title, *m_lead, *m_problem, *m_recentTitle;
    QPushButton *m_demo;
    QListWidget *m_recent;
    std::vector<QLabel *> m_squares, m_meanings, m_headings;
};

} // namespace fw
