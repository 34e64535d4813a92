// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/behaviour/unit_roll_panel.h"

#include "detect/capabilities.h"
#include "paint/color_map.h"
#include "panels/behaviour/face_choice_bar.h"
#include "panels/behaviour/unit_roll_view.h"
#include "panels/common/theme.h"

#include <QPainter>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

/// The colours of the roll with their ends.
class IntensityLegend final : public QWidget
{
public:
    explicit IntensityLegend(QWidget *parent = nullptr) : QWidget(parent)
    {
        setToolTip(UnitRollPanel::tr("Colour: intensity from 0 (absent) to 5 (the strongest a face can do), the highest "
                                     "of the frames under a pixel.\nWhite line at the foot of a row: the unit is "
                                     "present.\nNo colour: not measured."));
        setAccessibleName(UnitRollPanel::tr("Colours: intensity from 0 to 5"));
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    }
    QSize sizeHint() const override { return {150, fontMetrics().height() + 4}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setFont(textFont(font(), TextSize::Small));
        painter.setPen(palette().color(QPalette::WindowText));
        const int digit = painter.fontMetrics().horizontalAdvance(u'0') + 6;
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, u"0"_s);
        painter.drawText(rect(), Qt::AlignRight | Qt::AlignVCenter, u"5"_s);
        QImage ramp(256, 1, QImage::Format_RGB32);
        for (int i = 0; i < 256; ++i)
            ramp.setPixelColor(i, 0, colorAt(u"viridis"_s, i / 255.0));
        painter.drawImage(rect().adjusted(digit, height() / 2 - 5, -digit, 5 - height() / 2), ramp);
    }
};

QToolButton *barButton(const QString &text, const QString &name)
{
    auto *button = new QToolButton;
    button->setText(text);
    button->setToolTip(name);
    button->setAccessibleName(name);
    button->setAutoRaise(true);
    return button;
}

} // namespace

UnitRollPanel::UnitRollPanel(FaceChoice &choice, QWidget *parent)
    : FacePanel(choice, parent), m_view(new UnitRollView(choice))
{
    setAccessibleName(tr("Action units over time"));
    auto *bar = new FaceChoiceBar(choice, true);
    auto *fit = barButton(tr("Fit"), tr("Show the whole clip (0)"));
    auto *out = barButton(u"−"_s, tr("Zoom out (−)"));
    auto *in = barButton(u"+"_s, tr("Zoom in at the playhead (+)"));
    connect(fit, &QToolButton::clicked, m_view, &UnitRollView::fit);
    connect(out, &QToolButton::clicked, m_view, &UnitRollView::zoomOut);
    connect(in, &QToolButton::clicked, m_view, &UnitRollView::zoomIn);
    bar->addAtEnd(new IntensityLegend);
    for (QToolButton *button : {fit, out, in})
        bar->addAtEnd(button);
    setContent(bar, m_view);
}

void UnitRollPanel::refresh()
{
    if (showOrExplain(m_choice.anyUnits(), capability::kActionUnits, tr("how a face moves over the clip")) && m_stale) {
        m_view->reload();
        m_stale = false;
    }
}

} // namespace fw
