// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/paths.h"
#include "panels/behaviour/face_choice.h"
#include "panels/behaviour/head_panel.h"
#include "panels/behaviour/head_view.h"
#include "panels/common/theme.h"
#include "panels/notes/notes_panel.h"
#include "player/playback_controller.h"
#include "player/player_view.h"
#include "player/transport_bar.h"
#include "run/quick_set.h"
#include "window/main_window.h"
#include "work/case_work.h"

#include <QAction>
#include <QActionGroup>
#include <QDockWidget>
#include <QMenu>
#include <QMenuBar>
#include <QSettings>
#include <QToolBar>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace fw {

QAction *MainWindow::addAct(const QString &id, const QString &text, const QList<QKeySequence> &keys,
                            const std::function<void()> &work)
{
    auto *action = new QAction(text, this);
    action->setObjectName(id);
    action->setShortcuts(keys);
    action->setShortcutContext(Qt::WindowShortcut);
    const QString plain = QString(text).remove(u'&').remove(u"…"_s);
    const QString shortcut = keys.isEmpty() ? QString() : u" (%1)"_s.arg(keys.front().toString(QKeySequence::NativeText));
    action->setToolTip(plain + shortcut);
    connect(action, &QAction::triggered, this, work);
    addAction(action); // works while its menu is hidden
    m_actions[id] = action;
    return action;
}

void MainWindow::makeActions()
{
    using K = QKeySequence;
    ClipModel &clip = m_session.model();

    addAct(u"file.open"_s, tr("&Open clip, picture or case…"), {K::Open}, [this] { chooseFile(); });
    addAct(u"file.demo"_s, tr("Open the &demonstration clip"), {}, [this] { openPath(InstallPaths::ofProgram().demoClip()); });
    addAct(u"file.new"_s, tr("&New case"), {K::New}, [this] { m_session.newCase(); });
    addAct(u"file.untitled"_s, tr("&Untitled cases…"), {}, [this] { showUntitled(); });
    addAct(u"file.save-as"_s, tr("&Save case as…"), {K::Save, K(u"Ctrl+Shift+S"_s)}, [this] { chooseCaseName(); });
    addAct(u"file.case-info"_s, tr("Case &information…"), {K(u"Ctrl+I"_s)}, [this] { editCaseInfo(); });
    addAct(u"file.quit"_s, tr("&Quit"), {K(u"Ctrl+Q"_s)}, [this] { close(); });

    QAction *undo = clip.undoStack()->createUndoAction(this, tr("&Undo"));
    QAction *redo = clip.undoStack()->createRedoAction(this, tr("&Redo"));
    undo->setObjectName(u"edit.undo"_s);
    redo->setObjectName(u"edit.redo"_s);
    undo->setShortcuts({K::Undo});
    redo->setShortcuts({K(u"Ctrl+Shift+Z"_s), K(u"Ctrl+Y"_s)});
    addActions({undo, redo});
    m_actions[u"edit.undo"_s] = undo;
    m_actions[u"edit.redo"_s] = redo;
    addAct(u"edit.mark"_s, tr("Add &mark"), {K(u"M"_s)}, [this] { m_notes->addMarkAtPlayhead(); });
    addAct(u"edit.note"_s, tr("Add &note…"), {K(u"Ctrl+Shift+N"_s)}, [this] { showDock(u"notes"_s); m_notes->writeNote(); });
    addAct(u"edit.next-mark"_s, tr("Ne&xt mark"), {K(u"Ctrl+."_s)}, [this] { goToMark(+1); });
    addAct(u"edit.previous-mark"_s, tr("&Previous mark"), {K(u"Ctrl+,"_s)}, [this] { goToMark(-1); });
    addAct(u"edit.copy-place"_s, tr("&Copy file, frame and time"), {K(u"Ctrl+Shift+C"_s)}, [this] { m_player->copyCitation(); });
    addAct(u"edit.snapshot"_s, tr("Save &picture with layers…"), {K(u"Ctrl+P"_s)}, [this] { saveSnapshot(); });

    // The keys behind the tab are those of PlayerKeys, which leaves them to text fields and buttons.
    addAct(u"play.toggle"_s, tr("&Play or pause\tSpace"), {}, [this] { m_playback->togglePlay(); });
    addAct(u"play.forward"_s, tr("&Forward, again = faster\tL"), {}, [this] { m_playback->shuttleForward(); });
    addAct(u"play.backward"_s, tr("&Backward, again = faster\tJ"), {}, [this] { m_playback->shuttleBackward(); });
    addAct(u"play.next"_s, tr("&Next frame\t."), {}, [this] { m_playback->step(+1); });
    addAct(u"play.previous"_s, tr("P&revious frame\t,"), {}, [this] { m_playback->step(-1); });
    addAct(u"play.second-on"_s, tr("One &second on\tShift+Right"), {}, [this] { m_playback->stepSeconds(+1.0); });
    addAct(u"play.second-back"_s, tr("One second bac&k\tShift+Left"), {}, [this] { m_playback->stepSeconds(-1.0); });
    addAct(u"play.next-key"_s, tr("Next k&ey frame\tAlt+Right"), {}, [this] { m_playback->stepKeyFrame(+1); });
    addAct(u"play.previous-key"_s, tr("Previous ke&y frame\tAlt+Left"), {}, [this] { m_playback->stepKeyFrame(-1); });
    addAct(u"play.home"_s, tr("Firs&t frame\tHome"), {}, [this] { m_playback->toStart(); });
    addAct(u"play.end"_s, tr("&Last frame\tEnd"), {}, [this] { m_playback->toEnd(); });
    addAct(u"play.in"_s, tr("Set &in point\tI"), {}, [this] { m_playback->markIn(); });
    addAct(u"play.out"_s, tr("Set &out point\tO"), {}, [this] { m_playback->markOut(); });
    addAct(u"play.clear"_s, tr("&Clear in and out"), {K(u"Ctrl+Shift+X"_s)}, [this] { m_playback->clearInOut(); });
    addAct(u"play.go-to"_s, tr("&Go to frame or time…"), {K(u"Ctrl+G"_s)}, [this] { m_transport->startGoTo(); });
    QAction *loop = addAct(u"play.loop"_s, tr("Loop bet&ween in and out"), {K(u"Ctrl+L"_s)},
                           [this] { m_playback->setLooping(act(u"play.loop"_s)->isChecked()); });
    loop->setCheckable(true);
    QAction *every = addAct(u"play.every-frame"_s, tr("Show every fra&me (instead of keeping time)"), {}, [this] {
        m_playback->setPace(act(u"play.every-frame"_s)->isChecked() ? PlaybackController::Pace::EveryFrame
                                                                    : PlaybackController::Pace::KeepTime);
    });
    every->setCheckable(true);
    connect(m_playback, &PlaybackController::loopingChanged, loop, [this, loop] { loop->setChecked(m_playback->isLooping()); });
    connect(m_playback, &PlaybackController::paceChanged, every,
            [this, every] { every->setChecked(m_playback->pace() == PlaybackController::Pace::EveryFrame); });

    addAct(u"run.start"_s, tr("&Analyse"), {K(u"F5"_s)}, [this] { startAnalysis(); });
    addAct(u"run.quick"_s, tr("Choose the methods for a &first look"), {}, [this] { chooseMethods(quickMethods(m_registry)); });
    addAct(u"run.all"_s, tr("Choose a&ll methods"), {}, [this] { chooseMethods(defaultMethods(m_registry)); });
    addAct(u"run.pause"_s, tr("&Pause analysis"), {K(u"F6"_s)},
           [this] { m_session.setPaused(!m_session.model().isPaused()); });
    addAct(u"run.cancel"_s, tr("&Cancel analysis"), {K(u"Shift+F5"_s)}, [this] { m_session.cancel(); });
    addAct(u"report.export"_s, tr("&Export report…"), {K(u"Ctrl+E"_s)}, [this] { exportReport(); });
    addAct(u"report.verify"_s, tr("&Verify evidence and audit log"), {}, [this] { verifyCase(); });

    addAct(u"view.zoom-in"_s, tr("Zoom &in"), {K::ZoomIn, K(u"Ctrl+="_s)}, [this] { m_player->zoomIn(); });
    addAct(u"view.zoom-out"_s, tr("Zoom &out"), {K::ZoomOut}, [this] { m_player->zoomOut(); });
    addAct(u"view.zoom-fit"_s, tr("&Fit picture"), {K(u"Ctrl+0"_s)}, [this] { m_player->fitPicture(); });
    addAct(u"view.pixels"_s, tr("One picture pixel per &point"), {K(u"Ctrl+Alt+0"_s)}, [this] { m_player->showPixels(); });
    // The key behind the tab is the picture's own, as are those of playback.
    QAction *swipe = addAct(u"view.swipe"_s, tr("&Swipe between picture and layers\tW"), {}, [this] { m_player->toggleSwipe(); });
    swipe->setCheckable(true);
    connect(m_player, &PlayerView::swipeChanged, swipe, &QAction::setChecked);
    QAction *full = addAct(u"view.full-screen"_s, tr("F&ull screen"), {K(u"F"_s), K::FullScreen},
                           [this] { setWindowState(windowState() ^ Qt::WindowFullScreen); });
    full->setCheckable(true);
    addAct(u"view.hide-docks"_s, tr("&Hide or show all panels"), {K(u"Tab"_s)}, [this] { toggleDocks(); });
    addAct(u"view.restore"_s, tr("&Restore default layout"), {}, [this] { setWorkspace(u"Triage"_s); });
    makeFaceActions();
    addAct(u"help.shortcuts"_s, tr("&Keyboard shortcuts…"), {K(u"?"_s)}, [this] { showShortcuts(); });
    addAct(u"help.manual"_s, tr("&Manual"), {K::HelpContents}, [this] { showManual(); });
    addAct(u"help.about"_s, tr("&About Framewitness"), {}, [this] { showAbout(); });
}

void MainWindow::makeFaceActions()
{
    using K = QKeySequence;
    addAct(u"face.next"_s, tr("Show the &next face"), {K(u"Ctrl+Shift+F"_s)}, [this] { m_faceChoice->showNext(); });
    QAction *raw = addAct(u"face.raw"_s, tr("Action units as &measured (instead of from own rest)"), {K(u"Ctrl+Shift+R"_s)},
                          [this] { m_faceChoice->setScale(act(u"face.raw"_s)->isChecked() ? UnitScale::Raw : UnitScale::OwnRest); });
    raw->setCheckable(true);
    connect(m_faceChoice, &FaceChoice::changed, raw, [this, raw] { raw->setChecked(m_faceChoice->scale() == UnitScale::Raw); });
    auto *group = new QActionGroup(this);
    HeadView &head = m_head->view();
    const auto look = [&](const QString &id, const QString &text, const QString &key, HeadViewpoint viewpoint) {
        QAction *action = addAct(id, text, {K(key)}, [this, viewpoint] {
            showDock(u"head"_s);
            m_head->view().setViewpoint(viewpoint);
        });
        action->setCheckable(true);
        action->setChecked(head.viewpoint() == viewpoint);
        group->addAction(action);
        connect(&head, &HeadView::viewpointChanged, action,
                [&head, action, viewpoint] { action->setChecked(head.viewpoint() == viewpoint); });
    };
    look(u"face.head-filmed"_s, tr("Head as &filmed"), u"Alt+1"_s, HeadViewpoint::Camera);
    look(u"face.head-front"_s, tr("Head from the f&ront"), u"Alt+2"_s, HeadViewpoint::Front);
    look(u"face.head-rest"_s, tr("Head against its own r&est"), u"Alt+3"_s, HeadViewpoint::Neutral);
    addAct(u"face.head-straight"_s, tr("Look at the head &straight"), {K(u"Alt+0"_s)}, [this] { m_head->view().reset(); });
}

void MainWindow::makeMenus()
{
    const auto fill = [this](QMenu *menu, const QStringList &ids) {
        for (const QString &id : ids) {
            if (id.isEmpty())
                menu->addSeparator();
            else
                menu->addAction(act(id));
        }
    };
    QMenu *file = menuBar()->addMenu(tr("&File"));
    fill(file, {u"file.open"_s, u"file.demo"_s});
    m_recentMenu = file->addMenu(tr("Open &recent"));
    fill(file, {u"file.untitled"_s, u""_s, u"file.new"_s, u"file.save-as"_s, u"file.case-info"_s, u""_s, u"file.quit"_s});
    fill(menuBar()->addMenu(tr("&Edit")),
         {u"edit.undo"_s, u"edit.redo"_s, u""_s, u"edit.mark"_s, u"edit.note"_s, u"edit.previous-mark"_s,
          u"edit.next-mark"_s, u""_s, u"edit.copy-place"_s, u"edit.snapshot"_s});

    QMenu *view = menuBar()->addMenu(tr("&View"));
    fill(view, {u"view.zoom-in"_s, u"view.zoom-out"_s, u"view.zoom-fit"_s, u"view.pixels"_s, u"view.swipe"_s, u""_s, u"view.full-screen"_s, u"view.hide-docks"_s});
    QMenu *spaces = view->addMenu(tr("&Workspace"));
    for (const QString &name : workspaces())
        spaces->addAction(name, this, [this, name] { setWorkspace(name); });
    QMenu *panels = view->addMenu(tr("&Panels"));
    int number = 0; // Ctrl+1 to Ctrl+9, then Ctrl+Alt+1 and on
    for (const QString &id : m_dockOrder) {
        QAction *toggle = m_docks.at(id)->toggleViewAction();
        toggle->setObjectName(u"panel."_s + id);
        const QString keys = number < 9 ? u"Ctrl+%1"_s : u"Ctrl+Alt+%1"_s;
        toggle->setShortcut(QKeySequence(keys.arg(number++ % 9 + 1)));
        addAction(toggle);
        panels->addAction(toggle);
    }
    fill(view->addMenu(tr("&Behaviour of a face")),
         {u"face.next"_s, u"face.raw"_s, u""_s, u"face.head-filmed"_s, u"face.head-front"_s, u"face.head-rest"_s,
          u"face.head-straight"_s});
    QMenu *theme = view->addMenu(tr("&Theme"));
    m_themes = new QActionGroup(this);
    for (const ThemeKind kind : {ThemeKind::Dark, ThemeKind::Light, ThemeKind::HighContrast}) {
        QAction *choice = theme->addAction(themeTitle(kind));
        choice->setCheckable(true);
        choice->setData(themeName(kind));
        m_themes->addAction(choice);
    }
    connect(m_themes, &QActionGroup::triggered, this, [this](const QAction *a) { applyThemeChoice(a->data().toString()); });
    view->addAction(act(u"view.restore"_s));

    QMenu *play = menuBar()->addMenu(tr("&Playback"));
    fill(play, {u"play.toggle"_s, u"play.forward"_s, u"play.backward"_s, u""_s, u"play.previous"_s, u"play.next"_s, u"play.second-back"_s, u"play.second-on"_s,
                u"play.previous-key"_s, u"play.next-key"_s, u"play.home"_s, u"play.end"_s, u""_s, u"play.in"_s,
                u"play.out"_s, u"play.clear"_s, u"play.loop"_s, u""_s, u"play.go-to"_s, u"play.every-frame"_s});
    fill(menuBar()->addMenu(tr("&Analyse")), {u"run.start"_s, u"run.pause"_s, u"run.cancel"_s, u""_s, u"run.quick"_s, u"run.all"_s});
    fill(menuBar()->addMenu(tr("&Report")), {u"report.export"_s, u"report.verify"_s});
    fill(menuBar()->addMenu(tr("&Help")), {u"help.manual"_s, u"help.shortcuts"_s, u""_s, u"help.about"_s});
}

void MainWindow::makeToolBar()
{
    QToolBar *bar = addToolBar(tr("Main"));
    bar->setObjectName(u"toolbar.main"_s);
    bar->setMovable(false);
    bar->setToolButtonStyle(Qt::ToolButtonTextOnly);
    const auto add = [&](const QString &id, const QString &shortText) {
        act(id)->setIconText(shortText);
        bar->addAction(act(id));
    };
    add(u"file.open"_s, tr("Open"));
    bar->addSeparator();
    add(u"run.start"_s, tr("Analyse"));
    add(u"run.cancel"_s, tr("Cancel"));
    bar->addSeparator();
    add(u"edit.mark"_s, tr("Mark"));
    add(u"edit.note"_s, tr("Note"));
    bar->addSeparator();
    add(u"report.export"_s, tr("Report"));
    auto *gap = new QWidget(bar);
    gap->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(gap);
    for (const QString &name : workspaces()) {
        auto *button = new QToolButton(bar);
        button->setText(name);
        button->setAutoRaise(true);
        button->setToolTip(tr("Arrange the panels for: %1").arg(name));
        connect(button, &QToolButton::clicked, this, [this, name] { setWorkspace(name); });
        bar->addWidget(button);
    }
}

} // namespace fw
