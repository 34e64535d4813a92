// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/main_window.h"

#include "charts/charts_panel.h"
#include "panels/behaviour/face_choice.h"
#include "panels/behaviour/head_panel.h"
#include "panels/behaviour/unit_panel.h"
#include "panels/behaviour/unit_roll_panel.h"
#include "panels/behaviour/unit_roll_view.h"
#include "panels/evidence/evidence_panel.h"
#include "panels/findings/findings_panel.h"
#include "panels/help/welcome_page.h"
#include "panels/history/history_panel.h"
#include "panels/spectrum/spectrum_panel.h"
#include "panels/inspector/inspector_panel.h"
#include "panels/methods/methods_panel.h"
#include "panels/notes/notes_panel.h"
#include "panels/people/people_panel.h"
#include "panels/tasks/tasks_panel.h"
#include "panels/timeline/timeline_view.h"
#include "player/layers_panel.h"
#include "player/playback_controller.h"
#include "player/player_keys.h"
#include "player/player_view.h"
#include "player/transport_bar.h"
#include "window/notice_bar.h"
#include "window/person_service.h"

#include <QDockWidget>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

/// Who is written into notes and the audit log.
QString examinerName()
{
    return qEnvironmentVariable("USER", u"examiner"_s);
}

} // namespace

MainWindow::MainWindow(PluginRegistry &registry)
    : m_registry(registry), m_session(registry, examinerName())
{
    setObjectName(u"main"_s);
    setAcceptDrops(true);
    setDockNestingEnabled(true);
    makeViews();
    makeDocks();
    makeActions();
    makeMenus();
    makeToolBar();
    connectSession();
    connectPeople();
    restoreSettings();
    updateTitle();
    updateActions();
}

MainWindow::~MainWindow() = default;

void MainWindow::makeViews()
{
    ClipModel &clip = m_session.model();
    m_playback = new PlaybackController(clip, this);
    m_player = new PlayerView(*m_playback, this);
    m_transport = new TransportBar(*m_playback, this);
    m_timeline = new TimelineView(clip, this);
    m_charts = new ChartsPanel(clip, this);
    m_evidence = new EvidencePanel(clip, this);
    m_methods = new MethodsPanel(clip, this);
    m_findings = new FindingsPanel(clip, this);
    m_inspector = new InspectorPanel(clip, this);
    m_history = new HistoryPanel(clip, this);
    m_spectrum = new SpectrumPanel(clip, this);
    m_notes = new NotesPanel(clip, this);
    m_tasks = new TasksPanel(clip, this);
    m_layers = new LayersPanel(clip, this);
    m_faceChoice = new FaceChoice(clip, this);
    m_units = new UnitPanel(*m_faceChoice, this);
    m_unitRoll = new UnitRollPanel(*m_faceChoice, this);
    m_head = new HeadPanel(*m_faceChoice, this);
    m_people = new PeoplePanel(clip, this);
    m_persons = new PersonService(m_registry, this);
    connect(m_timeline, &TimelineView::timeShown, &m_unitRoll->view(), &UnitRollView::showTime);
    connect(&m_unitRoll->view(), &UnitRollView::timeShown, m_timeline, &TimelineView::showTime);
    m_welcome = new WelcomePage(this);
    m_notices = new NoticeBar(this);
    m_methods->setEntries(m_registry.entries());
    m_notes->setAuthor(examinerName());

    auto *viewer = new QWidget(this);
    auto *column = new QVBoxLayout(viewer);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_player, 1);
    column->addWidget(m_transport);
    m_centre = new QStackedWidget(this);
    auto *welcome = new QScrollArea(this); // its text may be taller than a small window
    welcome->setFrameShape(QFrame::NoFrame);
    welcome->setWidgetResizable(true);
    welcome->setWidget(m_welcome);
    m_centre->addWidget(welcome);
    m_centre->addWidget(viewer);
    auto *centre = new QWidget(this);
    auto *stack = new QVBoxLayout(centre);
    stack->setContentsMargins(0, 0, 0, 0);
    stack->setSpacing(0);
    stack->addWidget(m_notices);
    stack->addWidget(m_centre, 1);
    setCentralWidget(centre);

    m_offline = new QLabel(tr("Offline: nothing leaves this machine"), this);
    m_offline->setToolTip(tr("Framewitness has no network code. Evidence files are opened read-only."));
    statusBar()->addPermanentWidget(m_offline);
}

QDockWidget *MainWindow::addDock(const QString &id, const QString &title, QWidget *view, Qt::DockWidgetArea area)
{
    auto *dock = new QDockWidget(title, this);
    dock->setObjectName(u"dock."_s + id);
    dock->setWidget(view);
    // Docks that share a place are as tall as the tallest of them needs; each can scroll, so none
    // may make the window larger than a 1366 x 768 screen.
    view->setMinimumSize(160, 110);
    addDockWidget(area, dock);
    m_docks[id] = dock;
    m_dockOrder << id;
    return dock;
}

void MainWindow::makeDocks()
{
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
    addDock(u"evidence"_s, tr("Evidence"), m_evidence, Qt::LeftDockWidgetArea);
    addDock(u"methods"_s, tr("Methods"), m_methods, Qt::LeftDockWidgetArea);
    addDock(u"findings"_s, tr("Findings"), m_findings, Qt::RightDockWidgetArea);
    addDock(u"inspector"_s, tr("Inspector"), m_inspector, Qt::RightDockWidgetArea);
    addDock(u"layers"_s, tr("Layers"), m_layers, Qt::RightDockWidgetArea);
    addDock(u"notes"_s, tr("Notes and marks"), m_notes, Qt::RightDockWidgetArea);
    addDock(u"timeline"_s, tr("Timeline"), m_timeline, Qt::BottomDockWidgetArea);
    addDock(u"charts"_s, tr("Charts"), m_charts, Qt::BottomDockWidgetArea);
    addDock(u"history"_s, tr("Encoding history"), m_history, Qt::BottomDockWidgetArea);
    addDock(u"spectrum"_s, tr("Spectrum"), m_spectrum, Qt::BottomDockWidgetArea);
    addDock(u"tasks"_s, tr("Tasks"), m_tasks, Qt::LeftDockWidgetArea);
    addDock(u"units"_s, tr("Action units"), m_units, Qt::RightDockWidgetArea);
    addDock(u"head"_s, tr("Head"), m_head, Qt::RightDockWidgetArea);
    addDock(u"unit-roll"_s, tr("Action units over time"), m_unitRoll, Qt::BottomDockWidgetArea);
    addDock(u"people"_s, tr("People"), m_people, Qt::RightDockWidgetArea);
    setWorkspace(u"Triage"_s);

    auto *keys = new PlayerKeys(*m_playback, this);
    installEventFilter(keys); // keys that no view wanted arrive here
    for (const auto &[id, dock] : m_docks)
        dock->installEventFilter(keys);
}

void MainWindow::showDock(const QString &id)
{
    m_docks.at(id)->show();
    m_docks.at(id)->raise();
}

QStringList MainWindow::workspaces()
{
    return {u"Triage"_s, u"Face"_s, u"Behaviour"_s, u"People"_s, u"Pixel"_s, u"Container"_s, u"Report"_s};
}

void MainWindow::setWorkspace(const QString &name)
{
    // Which docks are open, and which one lies on top where several share a place.
    static const std::map<QString, std::pair<QStringList, QStringList>> plans{
        {u"Triage"_s, {{u"evidence"_s, u"methods"_s, u"tasks"_s, u"findings"_s, u"inspector"_s, u"layers"_s, u"notes"_s,
                        u"timeline"_s, u"charts"_s, u"history"_s}, {u"methods"_s, u"findings"_s, u"timeline"_s}}},
        {u"Face"_s, {{u"findings"_s, u"inspector"_s, u"layers"_s, u"timeline"_s, u"charts"_s},
                     {u"inspector"_s, u"charts"_s}}},
        {u"Behaviour"_s, {{u"units"_s, u"head"_s, u"layers"_s, u"inspector"_s, u"timeline"_s, u"charts"_s, u"unit-roll"_s},
                          {u"units"_s, u"head"_s, u"timeline"_s, u"unit-roll"_s}}},
        {u"People"_s, {{u"people"_s, u"findings"_s, u"timeline"_s, u"charts"_s}, {u"people"_s, u"timeline"_s}}},
        {u"Pixel"_s, {{u"findings"_s, u"inspector"_s, u"layers"_s, u"timeline"_s, u"spectrum"_s},
                      {u"layers"_s, u"spectrum"_s}}},
        {u"Container"_s, {{u"evidence"_s, u"findings"_s, u"inspector"_s, u"timeline"_s, u"charts"_s, u"history"_s},
                          {u"evidence"_s, u"findings"_s, u"history"_s}}},
        {u"Report"_s, {{u"evidence"_s, u"findings"_s, u"notes"_s, u"timeline"_s}, {u"evidence"_s, u"findings"_s, u"notes"_s}}},
    };
    const auto plan = plans.find(name);
    if (plan == plans.end())
        return;
    const auto &[open, onTop] = plan->second;
    const auto place = [this](const QStringList &ids, Qt::DockWidgetArea area) {
        QDockWidget *first = nullptr;
        for (const QString &id : ids) {
            QDockWidget *dock = m_docks.at(id);
            dock->setFloating(false);
            addDockWidget(area, dock);
            if (first)
                tabifyDockWidget(first, dock);
            first = first ? first : dock;
        }
    };
    place({u"evidence"_s, u"methods"_s, u"tasks"_s}, Qt::LeftDockWidgetArea);
    constexpr int kRoomForTwo = 900; // px; on a small screen timeline and charts share one place
    const bool tall = height() >= kRoomForTwo;
    // What shares a place cannot be split any more: split first.
    if (name == u"Behaviour"_s) {
        place({u"findings"_s, u"notes"_s, u"people"_s}, Qt::RightDockWidgetArea);
        place({u"units"_s}, Qt::RightDockWidgetArea);
        splitDockWidget(m_docks.at(u"units"_s), m_docks.at(u"head"_s), Qt::Horizontal);
        for (const QString &id : {u"layers"_s, u"inspector"_s})
            tabifyDockWidget(m_docks.at(u"head"_s), m_docks.at(id));
    } else if (name == u"Report"_s) {
        place({u"findings"_s}, Qt::RightDockWidgetArea);
        splitDockWidget(m_docks.at(u"findings"_s), m_docks.at(u"notes"_s), Qt::Vertical);
        for (const QString &id : {u"inspector"_s, u"layers"_s, u"units"_s, u"head"_s, u"people"_s})
            tabifyDockWidget(m_docks.at(u"findings"_s), m_docks.at(id));
    } else {
        place({u"findings"_s, u"inspector"_s, u"layers"_s, u"notes"_s, u"units"_s, u"head"_s, u"people"_s}, Qt::RightDockWidgetArea);
    }
    static const std::map<QString, QString> below{{u"Behaviour"_s, u"unit-roll"_s}, {u"Face"_s, u"charts"_s}, {u"Container"_s, u"charts"_s}};
    const auto second = below.find(name);
    place({u"timeline"_s}, Qt::BottomDockWidgetArea);
    if (second != below.end() && tall)
        splitDockWidget(m_docks.at(u"timeline"_s), m_docks.at(second->second), Qt::Vertical);
    for (const QString &id : {u"charts"_s, u"unit-roll"_s, u"history"_s, u"spectrum"_s}) {
        if (second == below.end() || !tall || id != second->second)
            tabifyDockWidget(m_docks.at(u"timeline"_s), m_docks.at(id));
    }
    for (const auto &[id, dock] : m_docks)
        dock->setVisible(open.contains(id));
    for (const QString &id : onTop)
        m_docks.at(id)->raise();
    if (name == u"Pixel"_s && session().model().clock().frameCount > 1) // spectra are of stills
        m_docks.at(u"timeline"_s)->raise();
    resizeDocks({m_docks.at(u"evidence"_s), m_docks.at(u"findings"_s)}, {280, 400}, Qt::Horizontal);
    resizeDocks({m_docks.at(u"timeline"_s)}, {270}, Qt::Vertical);
    if (name == u"Report"_s)
        resizeDocks({m_docks.at(u"findings"_s), m_docks.at(u"notes"_s)}, {330, 250}, Qt::Vertical);
    if (name == u"People"_s) {
        resizeDocks({m_docks.at(u"people"_s)}, {width() * 3 / 5}, Qt::Horizontal);
        resizeDocks({m_docks.at(u"timeline"_s)}, {170}, Qt::Vertical);
    }
    if ((name == u"Face"_s || name == u"Container"_s) && tall)
        resizeDocks({m_docks.at(u"timeline"_s), m_docks.at(u"charts"_s)}, {210, 230}, Qt::Vertical);
    if (name == u"Behaviour"_s) {
        resizeDocks({m_docks.at(u"units"_s), m_docks.at(u"head"_s)}, {320, 320}, Qt::Horizontal);
        resizeDocks({m_docks.at(u"timeline"_s), m_docks.at(u"unit-roll"_s)}, {tall ? 170 : 270, tall ? 310 : 270}, Qt::Vertical);
    }
}

} // namespace fw
