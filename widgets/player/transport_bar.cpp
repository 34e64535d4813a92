// SPDX-License-Identifier: GPL-3.0-or-later
#include "player/transport_bar.h"

#include "player/citation.h"
#include "player/go_to.h"

#include <QComboBox>
#include <QEvent>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

/// A label that gives way instead of widening the window, and whose text can be copied.
QLabel *textLabel(const QString &name, const QString &toolTip)
{
    auto *label = new QLabel;
    label->setAccessibleName(name);
    label->setToolTip(toolTip);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

TransportBar::TransportBar(PlaybackController &controller, QWidget *parent)
    : QWidget(parent), m_controller(controller), m_model(controller.model())
{
    using Icon = TransportIcon;
    m_status = textLabel(tr("Position"),
                         tr("Time from the first frame (hours:minutes:seconds.milliseconds) · frame number in the "
                            "order of showing, counted from 0 · picture type (I, P or B) · faces found on it"));
    m_goTo = new QLineEdit;
    m_goTo->setAccessibleName(tr("Go to"));
    m_goTo->setPlaceholderText(tr("Go to frame, time, PTS"));
    m_goTo->setClearButtonEnabled(true);
    m_goTo->setToolTip(tr("Ctrl+G. Type 312 (frame), +10 (frames from here), 12.5 s, 0:12.480, 00:00:12:05 (frame 5 "
                          "of that second) or pts 159744, then press Enter."));
    m_goTo->setMinimumWidth(fontMetrics().horizontalAdvance(m_goTo->placeholderText()) + 40);
    m_goTo->installEventFilter(this);
    connect(m_goTo, &QLineEdit::returnPressed, this, &TransportBar::goThere);
    connect(m_goTo, &QLineEdit::textEdited, this, [this] { m_problem->hide(); });
    m_problem = textLabel(tr("Problem with the place"), QString());
    m_problem->setWordWrap(true);
    m_problem->hide();

    auto *top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(m_status);
    top->addStretch(1);
    top->addWidget(m_goTo);

    auto *row = new QHBoxLayout;
    row->setSpacing(2);
    const auto add = [&](Icon icon, const QString &name, const QString &tip, auto action) {
        QToolButton *button = addButton(icon, name, tip);
        connect(button, &QToolButton::clicked, this, action);
        row->addWidget(button);
        return button;
    };
    PlaybackController *c = &m_controller;
    add(Icon::Start, tr("First frame"), tr("First frame (Home)"), [c] { c->toStart(); });
    add(Icon::KeyBack, tr("Previous key frame"), tr("Previous key frame (Alt+Left)"), [c] { c->stepKeyFrame(-1); });
    add(Icon::StepBack, tr("One frame back"), tr("One frame back (, or Left)"), [c] { c->step(-1); });
    add(Icon::PlayBack, tr("Play backwards"), tr("Play backwards; again: twice as fast (J)"),
        [c] { c->shuttleBackward(); });
    m_play = add(Icon::Play, tr("Play"), tr("Play or pause (Space)"), [c] { c->togglePlay(); });
    add(Icon::StepForward, tr("One frame forward"), tr("One frame forward (. or Right)"), [c] { c->step(1); });
    add(Icon::KeyForward, tr("Next key frame"), tr("Next key frame (Alt+Right)"), [c] { c->stepKeyFrame(1); });
    add(Icon::End, tr("Last frame"), tr("Last frame (End)"), [c] { c->toEnd(); });
    row->addSpacing(8);
    add(Icon::MarkIn, tr("Set in point"), tr("In point at this frame (I)"), [c] { c->markIn(); });
    add(Icon::MarkOut, tr("Set out point"), tr("Out point at this frame, included (O)"), [c] { c->markOut(); });
    m_clear = add(Icon::ClearMarks, tr("Clear in and out"), tr("Clear the in and out points"), [c] { c->clearInOut(); });
    m_loop = add(Icon::Loop, tr("Loop"), tr("Repeat from in to out, or the whole clip"), [c] { c->setLooping(!c->isLooping()); });
    m_loop->setCheckable(true);
    m_range = textLabel(tr("In and out"), tr("Frames from the in point to the out point, both included"));
    m_speed = textLabel(tr("Speed"), tr("Speed of playing; 1× is the clip's own. J and L change it, K stops."));
    m_dropped = textLabel(tr("Dropped frames"),
                          tr("Frames that were not shown since play was started, to keep the clip's time"));
    m_pace = new QComboBox;
    m_pace->setAccessibleName(tr("Playback"));
    m_pace->addItem(tr("Keep time"));
    m_pace->addItem(tr("Every frame"));
    m_pace->setItemData(0, tr("Keeps the clip's clock and drops frames when the machine is too slow"), Qt::ToolTipRole);
    m_pace->setItemData(1, tr("Shows every frame, however long it takes"), Qt::ToolTipRole);
    m_pace->setToolTip(tr("Keep time: keeps the clip's clock and counts the frames that had to be dropped.\n"
                          "Every frame: shows each one, however long it takes."));
    connect(m_pace, &QComboBox::activated, this, [c](int index) {
        c->setPace(index == 1 ? PlaybackController::Pace::EveryFrame : PlaybackController::Pace::KeepTime);
    });
    row->addSpacing(4);
    row->addWidget(m_range);
    row->addStretch(1);
    row->addWidget(m_dropped);
    row->addSpacing(8);
    row->addWidget(m_speed);
    row->addSpacing(8);
    row->addWidget(m_pace);

    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(8, 4, 8, 4);
    rows->setSpacing(4);
    rows->addLayout(top);
    rows->addWidget(m_problem);
    rows->addLayout(row);

    connect(c, &PlaybackController::pictureChanged, this, &TransportBar::refresh);
    connect(c, &PlaybackController::speedChanged, this, &TransportBar::refreshSpeed);
    connect(c, &PlaybackController::paceChanged, this, &TransportBar::refreshSpeed);
    connect(c, &PlaybackController::loopingChanged, this, &TransportBar::refreshSpeed);
    connect(c, &PlaybackController::droppedChanged, this, &TransportBar::refreshSpeed);
    connect(&m_model, &ClipModel::clockChanged, this, &TransportBar::refresh);
    connect(&m_model, &ClipModel::observationsChanged, this, &TransportBar::refresh);
    connect(&m_model, &ClipModel::ledgerChanged, this, &TransportBar::refresh);
    connect(&m_model, &ClipModel::inOutChanged, this, &TransportBar::refresh);
    refreshIcons();
    refresh();
    refreshSpeed();
}

QToolButton *TransportBar::addButton(TransportIcon icon, const QString &name, const QString &toolTip)
{
    auto *button = new QToolButton;
    button->setAutoRaise(true);
    button->setAccessibleName(name);
    button->setToolTip(toolTip);
    button->setIconSize({18, 18});
    button->setFocusPolicy(Qt::TabFocus); // a click leaves the keyboard with the picture
    m_buttons.push_back({button, icon});
    return button;
}

QString TransportBar::statusText() const
{
    return m_status->text();
}

QString TransportBar::speedText() const
{
    return m_speed->text();
}

void TransportBar::refresh()
{
    const FrameIndex here = m_model.playhead();
    const QString status = statusLine(m_model, here, m_controller.picture().get());
    m_status->setText(status.isEmpty() ? tr("No clip") : status);
    const bool moves = m_model.provider() && m_model.clock().frameCount > 1;
    for (const Button &b : m_buttons)
        b.button->setEnabled(moves);
    m_goTo->setEnabled(moves);
    m_pace->setEnabled(moves);
    const auto in = m_model.inPoint(), out = m_model.outPoint();
    m_clear->setEnabled(in || out);
    m_range->setText(in && out ? tr("%1 – %2").arg(*in).arg(*out)
                     : in      ? tr("from %1").arg(*in)
                     : out     ? tr("to %1").arg(*out)
                               : QString());
}

void TransportBar::refreshSpeed()
{
    const double speed = m_controller.speed();
    m_speed->setText(speed == 0.0 ? tr("paused") : tr("%1×").arg(QString::number(speed).replace(u'-', u'−')));
    const std::int64_t dropped = m_controller.droppedFrames();
    const bool keepsTime = m_controller.pace() == PlaybackController::Pace::KeepTime;
    m_dropped->setText(dropped > 0 && keepsTime ? tr("%1 dropped").arg(dropped) : QString());
    m_pace->setCurrentIndex(keepsTime ? 0 : 1);
    m_loop->setChecked(m_controller.isLooping());
    const bool playing = m_controller.isPlaying();
    m_play->setIcon(transportIcon(playing ? TransportIcon::Pause : TransportIcon::Play, palette()));
    m_play->setAccessibleName(playing ? tr("Pause") : tr("Play"));
}

void TransportBar::refreshIcons()
{
    for (const Button &b : m_buttons)
        b.button->setIcon(transportIcon(b.icon, palette()));
    refreshSpeed();
}

void TransportBar::startGoTo()
{
    m_goTo->setFocus(Qt::ShortcutFocusReason);
    m_goTo->selectAll();
}

void TransportBar::goThere()
{
    const FrameProvider *provider = m_model.provider();
    if (!provider)
        return;
    GoToContext context{m_model.clock(), m_model.ledger(), {}, 0, m_model.playhead()};
    if (const StreamFacts *video = provider->facts().video()) {
        context.timeBase = video->timeBase;
        context.startTicks = video->startTicks.value_or(0);
    }
    const Result<FrameIndex> frame = parseGoTo(m_goTo->text(), context);
    m_problem->setVisible(!frame);
    if (!frame) {
        m_problem->setText(frame.error().text());
        m_goTo->selectAll();
        return;
    }
    m_controller.pause();
    m_model.setPlayhead(*frame);
    m_goTo->clear();
    Q_EMIT leftGoTo();
}

bool TransportBar::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_goTo && event->type() == QEvent::KeyPress
        && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape) {
        m_goTo->clear();
        m_problem->hide();
        Q_EMIT leftGoTo();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void TransportBar::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange && m_pace)
        refreshIcons();
    QWidget::changeEvent(event);
}

} // namespace fw
