// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/behaviour/head_panel.h"

#include "detect/capabilities.h"
#include "panels/behaviour/face_choice_bar.h"
#include "panels/behaviour/head_view.h"

#include <QComboBox>
#include <QToolButton>

#include <algorithm>

namespace fw {

namespace {

constexpr std::size_t kMostFaces = 300; ///< evenly over the clip; a median needs no more

} // namespace

HeadPanel::HeadPanel(FaceChoice &choice, QWidget *parent)
    : FacePanel(choice, parent), m_view(new HeadView(choice)), m_viewpoint(new QComboBox)
{
    setAccessibleName(tr("Head"));
    m_viewpoint->setAccessibleName(tr("Viewpoint"));
    m_viewpoint->addItem(tr("As filmed"), int(HeadViewpoint::Camera));
    m_viewpoint->addItem(tr("From the front"), int(HeadViewpoint::Front));
    m_viewpoint->addItem(tr("Against own rest"), int(HeadViewpoint::Neutral));
    m_viewpoint->setToolTip(tr("As filmed: as the camera saw the head.\nFrom the front: the turning of the head is "
                               "removed.\nAgainst own rest: the same over the shape that this face has most of the time; "
                               "lines show what moved."));
    connect(m_viewpoint, &QComboBox::activated, this,
            [this](int index) { m_view->setViewpoint(HeadViewpoint(m_viewpoint->itemData(index).toInt())); });
    connect(m_view, &HeadView::viewpointChanged, this,
            [this] { m_viewpoint->setCurrentIndex(m_viewpoint->findData(int(m_view->viewpoint()))); });
    auto *straight = new QToolButton;
    straight->setText(tr("Reset"));
    straight->setToolTip(tr("Look straight again (0)"));
    straight->setAccessibleName(tr("Look straight again"));
    straight->setAutoRaise(true);
    connect(straight, &QToolButton::clicked, m_view, &HeadView::reset);
    auto *bar = new FaceChoiceBar(choice, false);
    bar->addAtEnd(m_viewpoint);
    bar->addAtEnd(straight);
    setContent(bar, m_view);
    followPlayhead();
}

void HeadPanel::refresh()
{
    if (!showOrExplain(m_choice.anyShape(), capability::kExpression, tr("a face in space, turned as you like")))
        return;
    if (m_stale)
        findRest();
    m_view->refresh();
}

void HeadPanel::findRest()
{
    m_stale = false;
    const auto &log = m_choice.clip().observations().faces;
    const FaceSummary *summary = m_choice.summary();
    const std::size_t step = summary ? std::size_t(summary->withShape) / kMostFaces + 1 : 1;
    std::vector<FacePoints3d> faces;
    std::size_t seen = 0;
    for (std::size_t i = 0; i < log.size(); ++i) {
        const FaceObservation *face = m_choice.faceAt(FrameIndex(i));
        if (!face || !face->expression || seen++ % step != 0)
            continue;
        if (const auto shape = withoutPose(face->expression->points3d))
            faces.push_back(*shape);
    }
    m_view->setRest(restShape(faces));
}

} // namespace fw
