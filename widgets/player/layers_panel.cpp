// SPDX-License-Identifier: GPL-3.0-or-later
#include "player/layers_panel.h"

#include <QCheckBox>
#include <QColorDialog>
#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kLaterMs = 300;

QIcon swatch(const QColor &color, const QPalette &palette)
{
    QPixmap pixmap(28, 28);
    pixmap.setDevicePixelRatio(2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(palette.color(QPalette::Mid));
    if (color.isValid()) {
        painter.setBrush(color);
        painter.drawRoundedRect(QRectF(0.5, 0.5, 13, 13), 2, 2);
    } else { // the layer's own colours: one per face
        const QColor several[] = {QColor(0x2f, 0x86, 0xd6), QColor(0xd9, 0x70, 0x0f), QColor(0x0f, 0x9a, 0x7c)};
        for (int i = 0; i < 3; ++i)
            painter.fillRect(QRectF(0.5 + i * 13.0 / 3, 0.5, 13.0 / 3, 13), several[i]);
        painter.drawRoundedRect(QRectF(0.5, 0.5, 13, 13), 2, 2);
    }
    return QIcon(pixmap);
}

QSlider *opacitySlider(const QString &title)
{
    auto *slider = new QSlider(Qt::Horizontal);
    slider->setRange(0, 100);
    slider->setPageStep(10);
    slider->setMinimumWidth(64);
    slider->setAccessibleName(LayersPanel::tr("Opacity of %1").arg(title));
    return slider;
}

void showOpacity(QSlider *slider, double opacity)
{
    const QSignalBlocker quiet(slider);
    slider->setValue(int(std::lround(opacity * 100)));
    slider->setToolTip(LayersPanel::tr("Opacity %1 %").arg(slider->value()));
}

} // namespace

LayersPanel::LayersPanel(ClipModel &model, QWidget *parent) : QWidget(parent), m_model(model)
{
    setAccessibleName(tr("Layers"));
    m_rowArea = new QWidget;
    m_grid = new QGridLayout(m_rowArea);
    m_grid->setContentsMargins(8, 8, 8, 8);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnStretch(0, 1);
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);

    m_empty = new QLabel(tr("Nothing can be drawn over the picture yet. Boxes, points and heat maps appear here as "
                            "soon as a method has measured them."));
    m_empty->setWordWrap(true);
    m_empty->setContentsMargins(8, 8, 8, 8);
    m_empty->setAlignment(Qt::AlignTop | Qt::AlignLeft);

    m_heatArea = new QWidget;
    m_heatTitle = new QLabel(tr("&Heat map"));
    m_heat = new QComboBox;
    m_heat->setObjectName(u"heatMaps"_s);
    m_heat->setAccessibleName(tr("Heat map"));
    m_heat->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_heat->setMinimumContentsLength(12);
    m_heatTitle->setBuddy(m_heat);
    m_heatOpacity = opacitySlider(tr("the heat map"));
    m_heatPlace = new QLabel;
    m_heatPlace->setWordWrap(true);
    const auto button = [](Qt::ArrowType arrow, const QString &text, const QString &tip) {
        auto *b = new QToolButton;
        b->setArrowType(arrow);
        b->setText(text);
        b->setToolTip(tip);
        b->setAccessibleName(tip);
        return b;
    };
    m_heatBack = button(Qt::LeftArrow, {}, tr("Go to the map before"));
    m_heatHere = button(Qt::NoArrow, tr("Go to"), tr("Go to the frame of the map that is shown"));
    m_heatForward = button(Qt::RightArrow, {}, tr("Go to the next map"));
    auto *heat = new QGridLayout(m_heatArea);
    heat->setContentsMargins(8, 8, 8, 0);
    heat->setHorizontalSpacing(8);
    heat->addWidget(m_heatTitle, 0, 0);
    heat->addWidget(m_heat, 0, 1, 1, 4);
    heat->addWidget(m_heatPlace, 1, 0, 1, 2);
    heat->addWidget(m_heatBack, 1, 2);
    heat->addWidget(m_heatHere, 1, 3);
    heat->addWidget(m_heatForward, 1, 4);
    heat->addWidget(new QLabel(tr("Opacity")), 2, 0);
    heat->addWidget(m_heatOpacity, 2, 1, 1, 4);
    heat->setColumnStretch(1, 1);

    auto *content = new QWidget;
    auto *inside = new QVBoxLayout(content);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(0);
    inside->addWidget(m_empty);
    inside->addWidget(m_heatArea);
    inside->addWidget(m_rowArea);
    inside->addStretch(1);
    scroll->setWidget(content);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);

    connect(m_heat, &QComboBox::activated, this,
            [this](int index) { showHeatLayer(m_heat->itemData(index).toString()); });
    connect(m_heatOpacity, &QSlider::valueChanged, this, [this](int value) {
        const QString layer = shownHeatLayer();
        if (layer.isEmpty())
            return;
        LayerStyle style = m_model.layerStyle(layer);
        style.opacity = value / 100.0;
        m_model.setLayerStyle(layer, style);
    });
    const auto goTo = [this](int which) {
        const LayerInfo *info = heatInfo(shownHeatLayer());
        const HeatMap *map = info ? heatMapAt(m_model, info->layer, m_model.playhead()) : nullptr;
        if (!map)
            return;
        auto at = std::ranges::find(info->frames, map->frame);
        if (which < 0 && at != info->frames.begin() && map->frame >= m_model.playhead())
            --at;
        else if (which > 0 && at + 1 != info->frames.end())
            ++at;
        m_model.setPlayhead(*at);
    };
    connect(m_heatBack, &QToolButton::clicked, this, [goTo] { goTo(-1); });
    connect(m_heatHere, &QToolButton::clicked, this, [goTo] { goTo(0); });
    connect(m_heatForward, &QToolButton::clicked, this, [goTo] { goTo(1); });

    m_later.setSingleShot(true);
    m_later.setInterval(kLaterMs);
    connect(&m_later, &QTimer::timeout, this, &LayersPanel::rebuild);
    connect(&model, &ClipModel::clipChanged, this, &LayersPanel::rebuild);
    connect(&model, &ClipModel::resultsChanged, this, &LayersPanel::rebuild);
    connect(&model, &ClipModel::manifestsChanged, this, &LayersPanel::rebuild);
    connect(&model, &ClipModel::observationsChanged, this, [this] {
        // Comes many times during a run. The first face is shown at once; whether there are eyes or
        // a fitted mesh is looked for now and then, because that goes through the whole clip.
        const bool known = !m_layers.empty() && m_layers.front().kind == LayerInfo::Kind::Faces;
        if (!known)
            rebuild();
        else if (!m_later.isActive())
            m_later.start();
    });
    connect(&model, &ClipModel::layersChanged, this, &LayersPanel::refreshRows);
    connect(&model, &ClipModel::playheadChanged, this, &LayersPanel::refreshHeat);
    connect(&model, &ClipModel::selectedFindingChanged, this, &LayersPanel::followFinding);
    rebuild();
}

const LayerInfo *LayersPanel::heatInfo(const QString &layer) const
{
    const auto found = std::ranges::find_if(m_layers, [&](const LayerInfo &l) {
        return l.kind == LayerInfo::Kind::Heat && l.layer == layer;
    });
    return found == m_layers.end() ? nullptr : &*found;
}

void LayersPanel::rebuild()
{
    std::vector<LayerInfo> layers = availableLayers(m_model);
    if (layers == m_layers && m_heat->count() > 0) {
        refreshRows(); // a slider that is being dragged must not vanish under the hand
        return;
    }
    m_layers = std::move(layers);
    for (Row &row : m_rows) {
        row.visible->deleteLater();
        row.color->deleteLater();
        row.opacity->deleteLater();
        for (QWidget *w : std::initializer_list<QWidget *>{row.visible, row.color, row.opacity}) {
            m_grid->removeWidget(w);
            w->hide();
        }
    }
    m_rows.clear();
    const QSignalBlocker quiet(m_heat);
    m_heat->clear();
    m_heat->addItem(tr("None"), QString());
    for (const LayerInfo &info : m_layers) {
        if (info.kind != LayerInfo::Kind::Heat) {
            addRow(info);
            continue;
        }
        m_heat->addItem(info.method.isEmpty() ? info.title : tr("%1: %2").arg(info.method, info.title), info.layer);
        m_heat->setItemData(m_heat->count() - 1, info.about, Qt::ToolTipRole);
    }
    m_empty->setVisible(m_layers.empty());
    m_heatArea->setVisible(m_heat->count() > 1);
    m_rowArea->setVisible(!m_rows.empty());
    refreshRows();
}

void LayersPanel::addRow(const LayerInfo &info)
{
    Row row;
    row.info = info;
    const QString title = info.method.isEmpty() ? info.title : tr("%1: %2").arg(info.method, info.title);
    row.visible = new QCheckBox(title);
    row.visible->setToolTip(info.about);
    row.visible->setMinimumWidth(60);
    row.visible->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    row.color = new QToolButton;
    row.color->setAutoRaise(true);
    row.color->setAccessibleName(tr("Colour of %1").arg(title));
    row.color->setToolTip(tr("Colour of %1").arg(title));
    row.opacity = opacitySlider(title);
    const int line = int(m_rows.size());
    m_grid->addWidget(row.visible, line, 0);
    m_grid->addWidget(row.color, line, 1);
    m_grid->addWidget(row.opacity, line, 2);
    connect(row.visible, &QCheckBox::toggled, this, [this, info](bool on) {
        LayerStyle style = m_model.layerStyle(info.layer);
        style.visible = on;
        m_model.setLayerStyle(info.layer, style);
    });
    connect(row.opacity, &QSlider::valueChanged, this, [this, info](int value) {
        LayerStyle style = m_model.layerStyle(info.layer);
        style.opacity = value / 100.0;
        m_model.setLayerStyle(info.layer, style);
    });
    connect(row.color, &QToolButton::clicked, this, [this, info] { chooseColor(info); });
    m_rows.push_back(row);
}

void LayersPanel::chooseColor(const LayerInfo &info)
{
    const LayerStyle now = m_model.layerStyle(info.layer);
    auto *dialog = new QColorDialog(now.color.isValid() ? now.color : info.color, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Colour of %1").arg(info.title));
    connect(dialog, &QColorDialog::colorSelected, this, [this, info](const QColor &color) {
        LayerStyle style = m_model.layerStyle(info.layer);
        style.color = color;
        m_model.setLayerStyle(info.layer, style);
    });
    dialog->open(); // returns at once
}

void LayersPanel::refreshRows()
{
    for (Row &row : m_rows) {
        const LayerStyle style = m_model.layerStyle(row.info.layer);
        const QSignalBlocker quiet(row.visible);
        row.visible->setChecked(style.visible);
        row.color->setIcon(swatch(style.color.isValid() ? style.color : row.info.color, palette()));
        showOpacity(row.opacity, style.opacity);
    }
    refreshHeat();
}

QString LayersPanel::shownHeatLayer() const
{
    for (const LayerInfo &info : m_layers) {
        if (info.kind == LayerInfo::Kind::Heat && layerShown(m_model, info))
            return info.layer;
    }
    return {};
}

void LayersPanel::showHeatLayer(const QString &layer)
{
    for (const LayerInfo &info : std::vector<LayerInfo>(m_layers)) {
        const bool wanted = info.layer == layer;
        if (info.kind != LayerInfo::Kind::Heat || layerShown(m_model, info) == wanted)
            continue;
        LayerStyle style = styleOf(m_model.layerStyles(), info.layer);
        style.visible = wanted;
        m_model.setLayerStyle(info.layer, style);
    }
}

void LayersPanel::refreshHeat()
{
    const QString layer = shownHeatLayer();
    m_heat->setCurrentIndex(std::max(0, m_heat->findData(layer)));
    const LayerInfo *info = heatInfo(layer);
    for (QWidget *w : std::initializer_list<QWidget *>{m_heatBack, m_heatHere, m_heatForward, m_heatOpacity})
        w->setEnabled(info);
    const HeatMap *map = info ? heatMapAt(m_model, layer, m_model.playhead()) : nullptr;
    if (!map) {
        m_heatPlace->setText(tr("No map is shown."));
        return;
    }
    showOpacity(m_heatOpacity, styleOf(m_model.layerStyles(), layer).opacity);
    const auto place = std::ranges::find(info->frames, map->frame) - info->frames.begin();
    m_heatPlace->setText(tr("Frame %1, map %2 of %3").arg(map->frame).arg(place + 1).arg(info->frames.size()));
    m_heatPlace->setToolTip(info->about);
    m_heatHere->setEnabled(map->frame != m_model.playhead());
    m_heatBack->setEnabled(place > 0 || map->frame < m_model.playhead());
    m_heatForward->setEnabled(std::size_t(place) + 1 < info->frames.size());
}

void LayersPanel::followFinding()
{
    // Whoever looks at a finding wants to see where: show the first map of its method.
    const QString prefix = u"heat/"_s + m_model.selectedFinding().pluginId + u'/';
    for (const LayerInfo &info : m_layers) {
        if (info.kind == LayerInfo::Kind::Heat && info.layer.startsWith(prefix)) {
            showHeatLayer(info.layer);
            return;
        }
    }
}

void LayersPanel::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        refreshRows();
    QWidget::changeEvent(event);
}

} // namespace fw
