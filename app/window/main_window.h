// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "window/clip_session.h"

#include <QMainWindow>

#include <map>

class QActionGroup;
class QDockWidget;
class QLabel;
class QMenu;
class QStackedWidget;

namespace fw {

class ChartsPanel;
class EvidencePanel;
class FaceChoice;
class FindingsPanel;
class HeadPanel;
class HistoryPanel;
class SpectrumPanel;
class InspectorPanel;
class LayersPanel;
class MethodsPanel;
class NotesPanel;
class NoticeBar;
class PeoplePanel;
class PersonService;
class PlaybackController;
class PlayerView;
class TasksPanel;
class TimelineView;
class TransportBar;
class UnitPanel;
class UnitRollPanel;
class WelcomePage;

/// The window: views in docks around the picture, and the actions that reach them. It holds no
/// state of the clip; that is the ClipModel's.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    /// @param registry  outlives the window.
    explicit MainWindow(PluginRegistry &registry);
    ~MainWindow() override;

    ClipSession &session() { return m_session; }
    NoticeBar &notices() { return *m_notices; }
    void openPath(const QString &path);
    /// Shows the untitled cases of programs that died, when there are any. Call once, at the start.
    void offerLeftCases();
    /// Dock arrangements by name: "Triage", "Face", "Behaviour", "People", "Pixel", "Container", "Report".
    static QStringList workspaces();
    void setWorkspace(const QString &name);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void closeEvent(QCloseEvent *event) override;

private:
    void makeViews();
    void makeDocks();
    void makeActions(); ///< in main_actions.cpp
    void makeFaceActions();
    void makeMenus();
    void makeToolBar();
    void connectSession();
    void connectPeople(); ///< in main_people.cpp
    void restoreSettings();

    QDockWidget *addDock(const QString &id, const QString &title, QWidget *view, Qt::DockWidgetArea area);
    QAction *addAct(const QString &id, const QString &text, const QList<QKeySequence> &keys,
                    const std::function<void()> &work);
    QAction *act(const QString &id) const { return m_actions.at(id); }
    void updateTitle();
    void updateActions();
    void updateRecent();
    void rememberRecent(const QString &path);

    void chooseFile();
    void chooseCaseName();
    void editCaseInfo();
    void startAnalysis();
    /// Checks these in the panel; what was set for them before stays.
    void chooseMethods(std::vector<MethodChoice> choices);
    void exportReport();
    void verifyCase();
    void showUntitled();
    void listUntitled(const std::vector<UntitledCase> &cases);
    void saveSnapshot();
    void showShortcuts();
    void showManual();
    void showDock(const QString &id);
    void goToMark(int direction);
    void toggleDocks();
    void showAbout();
    void applyThemeChoice(const QString &name);

    PluginRegistry &m_registry;
    ClipSession m_session;
    PlaybackController *m_playback = nullptr;
    PlayerView *m_player = nullptr;
    TransportBar *m_transport = nullptr;
    TimelineView *m_timeline = nullptr;
    ChartsPanel *m_charts = nullptr;
    EvidencePanel *m_evidence = nullptr;
    MethodsPanel *m_methods = nullptr;
    FindingsPanel *m_findings = nullptr;
    HistoryPanel *m_history = nullptr;
    SpectrumPanel *m_spectrum = nullptr;
    InspectorPanel *m_inspector = nullptr;
    NotesPanel *m_notes = nullptr;
    TasksPanel *m_tasks = nullptr;
    LayersPanel *m_layers = nullptr;
    FaceChoice *m_faceChoice = nullptr;
    UnitPanel *m_units = nullptr;
    UnitRollPanel *m_unitRoll = nullptr;
    HeadPanel *m_head = nullptr;
    PeoplePanel *m_people = nullptr;
    PersonService *m_persons = nullptr;
    WelcomePage *m_welcome = nullptr;
    NoticeBar *m_notices = nullptr;
    QStackedWidget *m_centre = nullptr;
    QLabel *m_offline = nullptr;
    QMenu *m_recentMenu = nullptr;
    QActionGroup *m_themes = nullptr;
    QStringList m_dockOrder; ///< of the View menu, and of Ctrl+1 to Ctrl+9
    std::map<QString, QDockWidget *> m_docks;
    std::map<QString, QAction *> m_actions;
    bool m_crashesOnly = false; ///< of the untitled cases that are being looked for
    QByteArray m_beforeHiding; ///< the docks as they were before all were hidden
};

} // namespace fw
