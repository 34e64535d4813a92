// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QComboBox;
class QHBoxLayout;

namespace fw {

class FaceChoice;

/// The line above a view of one face: whose face, and on which scale its action units are shown.
class FaceChoiceBar : public QWidget
{
    Q_OBJECT
public:
    /// @param choice  outlives the bar.  @param withScale  offers the scale too.
    FaceChoiceBar(FaceChoice &choice, bool withScale, QWidget *parent = nullptr);

    /// Adds something at the right end.
    void addAtEnd(QWidget *widget);

private:
    void refreshFaces();
    void refresh();

    FaceChoice &m_choice;
    QComboBox *m_face;
    QComboBox *m_scale = nullptr;
    QHBoxLayout *m_row;
};

} // namespace fw
