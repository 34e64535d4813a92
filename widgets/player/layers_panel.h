// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "player/overlay_source.h"

#include <QTimer>
#include <QWidget>

#include <vector>

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;
class QSlider;
class QToolButton;

namespace fw {

/// What is drawn over the picture: each layer with a switch, a colour and an opacity, and a chooser
/// for the one heat map that is shown.
class LayersPanel : public QWidget
{
    Q_OBJECT
public:
    /// @param model  outlives the panel.
    explicit LayersPanel(ClipModel &model, QWidget *parent = nullptr);

    /// The layer of the heat map that is shown; empty for none.
    QString shownHeatLayer() const;
    void showHeatLayer(const QString &layer);
    QSize sizeHint() const override { return {280, 320}; }

protected:
    void changeEvent(QEvent *event) override;

private:
    struct Row
    {
        LayerInfo info;
        QCheckBox *visible = nullptr;
        QToolButton *color = nullptr;
        QSlider *opacity = nullptr;
    };
    void rebuild();
    void addRow(const LayerInfo &info);
    void refreshRows();
    void refreshHeat();
    void followFinding();
    void chooseColor(const LayerInfo &info);
    const LayerInfo *heatInfo(const QString &layer) const;

    ClipModel &m_model;
    std::vector<LayerInfo> m_layers;
    std::vector<Row> m_rows;
    QWidget *m_rowArea;
    QGridLayout *m_grid;
    QLabel *m_empty, *m_heatTitle, *m_heatPlace;
    QComboBox *m_heat;
    QSlider *m_heatOpacity;
    QToolButton *m_heatBack, *m_heatHere, *m_heatForward;
    QWidget *m_heatArea;
    QTimer m_later;
};

} // namespace fw
