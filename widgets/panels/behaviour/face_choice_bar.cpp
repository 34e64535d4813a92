// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/behaviour/face_choice_bar.h"

#include "paint/color_map.h"
#include "panels/behaviour/face_choice.h"
#include "panels/common/text.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QPixmap>
#include <QSignalBlocker>

using namespace Qt::StringLiterals;

namespace fw {

FaceChoiceBar::FaceChoiceBar(FaceChoice &choice, bool withScale, QWidget *parent)
    : QWidget(parent), m_choice(choice), m_face(new QComboBox), m_row(new QHBoxLayout(this))
{
    m_row->setContentsMargins(8, 4, 8, 4);
    m_row->setSpacing(8);
    m_face->setAccessibleName(tr("Face that is shown"));
    m_face->setToolTip(tr("Whose face is shown, here and in the other views of behaviour"));
    m_face->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_row->addWidget(m_face);
    connect(m_face, &QComboBox::activated, this,
            [this](int index) { m_choice.show(TrackId(m_face->itemData(index).toInt())); });
    if (withScale) {
        m_scale = new QComboBox;
        m_scale->setAccessibleName(tr("Scale of the action units"));
        m_scale->addItem(tr("From own rest"), int(UnitScale::OwnRest));
        m_scale->addItem(tr("As measured"), int(UnitScale::Raw));
        m_scale->setToolTip(tr("From own rest: what this person's resting face shows is taken off, which makes people "
                               "comparable.\nAs measured: the plain numbers."));
        m_row->addWidget(m_scale);
        connect(m_scale, &QComboBox::activated, this,
                [this](int index) { m_choice.setScale(UnitScale(m_scale->itemData(index).toInt())); });
    }
    m_row->addStretch(1);
    connect(&choice, &FaceChoice::facesChanged, this, &FaceChoiceBar::refreshFaces);
    connect(&choice, &FaceChoice::changed, this, &FaceChoiceBar::refresh);
    refreshFaces();
}

void FaceChoiceBar::addAtEnd(QWidget *widget)
{
    m_row->addWidget(widget);
}

void FaceChoiceBar::refreshFaces()
{
    const QSignalBlocker quiet(m_face);
    m_face->clear();
    for (const FaceSummary &face : m_choice.faces()) {
        QPixmap swatch(12, 12);
        swatch.fill(seriesColor(number(face.track)));
        QString name = faceText(face.track);
        name[0] = name[0].toUpper();
        m_face->addItem(swatch, name, number(face.track));
    }
    refresh();
}

void FaceChoiceBar::refresh()
{
    const auto shown = m_choice.shown();
    m_face->setCurrentIndex(shown ? m_face->findData(number(*shown)) : -1);
    m_face->setEnabled(m_face->count() > 1);
    m_face->setVisible(m_face->count() > 0);
    if (m_scale)
        m_scale->setCurrentIndex(m_scale->findData(int(m_choice.scale())));
}

} // namespace fw
