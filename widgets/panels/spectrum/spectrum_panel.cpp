// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/spectrum/spectrum_panel.h"

#include "panels/common/state_stack.h"
#include "panels/common/theme.h"
#include "panels/common/update_rate.h"
#include "panels/spectrum/spectrum_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace fw {
SpectrumPanel::SpectrumPanel(ClipModel &clip, QWidget *parent)
    : QWidget(parent)
    , m_clip(clip)
    , m_choice(new QComboBox)
    , m_marks(new QCheckBox(tr("Mark halves and quarters")))
    , m_reading(new QLabel)
    , m_about(new QLabel)
    , m_view(new SpectrumView)
    , m_radial(new RadialView)
{
    setAccessibleName(tr("Spectrum"));
    m_choice->setAccessibleName(tr("Which spectrum"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_choice->setMinimumContentsLength(16);
    m_marks->setChecked(true);
    m_marks->setToolTip(tr("Where decoders that double their samples leave peaks or holes"));
    m_reading->setWordWrap(true);
    m_about->setWordWrap(true);
    m_about->setAlignment(Qt::AlignTop);
    auto *beside = new QWidget;
    auto *column = new QVBoxLayout(beside);
    column->setContentsMargins(6, 6, 6, 6);
    auto *row = new QHBoxLayout;
    row->addWidget(m_choice, 1);
    row->addWidget(m_marks);
    column->addLayout(row);
    column->addWidget(m_reading);
    column->addWidget(m_radial, 1);
    column->addWidget(m_about);
    auto *content = new QWidget;
    auto *both = new QHBoxLayout(content);
    both->setContentsMargins(0, 0, 0, 0);
    both->addWidget(m_view, 2);
    both->addWidget(beside, 3);
    m_state = new StateStack(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_state);

    connect(m_choice, &QComboBox::currentIndexChanged, this, &SpectrumPanel::showChosen);
    connect(m_marks, &QCheckBox::toggled, m_view, &SpectrumView::setMarks);
    connect(m_view, &SpectrumView::readingChanged, this, [this](const QString &text) {
        m_reading->setText(text.isEmpty() ? tr("Point at the spectrum to read a period.") : text);
    });
    connect(m_view, &SpectrumView::frequencyChanged, m_radial, &RadialView::setFrequency);
    m_reading->setText(tr("Point at the spectrum to read a period."));
    m_soon.setSingleShot(true);
    m_soon.setInterval(kChartUpdateMs);
    connect(&m_soon, &QTimer::timeout, this, &SpectrumPanel::refresh);
    const auto later = [this] {
        if (!m_soon.isActive())
            m_soon.start();
    };
    for (const auto signal : {&ClipModel::clipChanged, &ClipModel::resultsChanged})
        connect(&clip, signal, this, later);
    refresh();
}

void SpectrumPanel::refresh()
{
    if (!m_clip.provider()) {
        m_state->showMessage(tr("No file is open"), tr("Spectra of a picture appear here."));
        return;
    }
    std::vector<HeatMap> maps;
    const Table *radial = nullptr;
    for (const MethodResult &result : m_clip.results()) {
        for (const HeatMap &map : result.result.measured.heatMaps) {
            if (map.id.startsWith(QStringLiteral("spectrum.")) && !map.values.empty())
                maps.push_back(map);
        }
        for (const Table &table : result.result.measured.tables) {
            if (table.id == QStringLiteral("spectrum.radial"))
                radial = &table;
        }
    }
    m_radial->setTable(radial);
    m_radial->setVisible(radial != nullptr);
    const QString before = m_choice->currentText();
    m_maps = std::move(maps);
    m_choice->blockSignals(true);
    m_choice->clear();
    for (const HeatMap &map : m_maps)
        m_choice->addItem(map.title);
    m_choice->setCurrentIndex(std::max(0, m_choice->findText(before)));
    m_choice->blockSignals(false);
    if (m_maps.empty()) {
        m_view->clear();
        m_state->showMessage(tr("No spectrum yet"),
                             tr("Run a method that measures one on a still picture: traces of doubled samples, or resampling."));
        return;
    }
    showChosen();
    m_state->showContent();
}

void SpectrumPanel::showChosen()
{
    const int index = m_choice->currentIndex();
    if (index < 0 || std::size_t(index) >= m_maps.size())
        return;
    m_view->setMap(m_maps[std::size_t(index)]);
    m_about->setText(m_maps[std::size_t(index)].about);
    m_about->setFont(textFont(font(), TextSize::Small));
}

void SpectrumPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
}

} // namespace fw
