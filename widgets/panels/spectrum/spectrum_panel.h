// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"

#include <QTimer>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;

namespace fw {

class RadialView;
class SpectrumView;
class StateStack;

/// The spectra that methods measured: heat maps whose id begins with "spectrum." (frequency 0 in the middle,
/// half a cycle per pixel at the edges) and the table "spectrum.radial" beside them.
class SpectrumPanel : public QWidget
{
    Q_OBJECT
public:
    /// @param clip  outlives the panel.
    explicit SpectrumPanel(ClipModel &clip, QWidget *parent = nullptr);

    SpectrumView &view() { return *m_view; }
    RadialView &radial() { return *m_radial; }
    QComboBox &choice() { return *m_choice; }

protected:
    void showEvent(QShowEvent *event) override;

private:
    void refresh();
    void showChosen();

    ClipModel &m_clip;
    QComboBox *m_choice;
    QCheckBox *m_marks;
    QLabel *m_reading, *m_about;
    SpectrumView *m_view;
    RadialView *m_radial;
    StateStack *m_state;
    std::vector<HeatMap> m_maps;
    QTimer m_soon; ///< many changes a second become one update
};

} // namespace fw
