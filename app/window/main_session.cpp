// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the main window that talks to the session: opening, running, exporting, remembering.
#include "base/paths.h"
#include "base/version.h"
#include "panels/common/theme.h"
#include "panels/evidence/evidence_panel.h"
#include "panels/findings/findings_panel.h"
#include "panels/evidence/case_info_dialog.h"
#include "panels/help/shortcuts.h"
#include "panels/help/shortcuts_dialog.h"
#include "panels/help/welcome_page.h"
#include "panels/methods/methods_panel.h"
#include "panels/inspector/inspector_panel.h"
#include "panels/notes/notes_panel.h"
#include "panels/tasks/tasks_panel.h"
#include "panels/timeline/timeline_view.h"
#include "player/player_view.h"
#include "player/transport_bar.h"
#include "window/export_dialog.h"
#include "window/main_window.h"
#include "window/notice_bar.h"
#include "window/untitled_dialog.h"

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QDialogButtonBox>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QStatusBar>
#include <QTextBrowser>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr int kRecentFiles = 10;

QString mediaFilter()
{
    return QMainWindow::tr("Clips, pictures and cases (*.mp4 *.mov *.m4v *.mkv *.webm *.avi *.wmv *.mpg *.mpeg *.ts *.mts "
                           "*.3gp *.flv *.ogv *.jpg *.jpeg *.heic *.heif *.png *.tif *.tiff *.webp *.bmp *.fwcase);;All files (*)");
}

QString documentsFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
}

} // namespace

void MainWindow::connectSession()
{
    ClipModel &clip = m_session.model();
    connect(&m_session, &ClipSession::problem, m_notices, &NoticeBar::showProblem);
    connect(&m_session, &ClipSession::message, this, [this](const QString &text) { statusBar()->showMessage(text, 15000); });
    connect(&m_session, &ClipSession::opening, this, [this](const QString &path) {
        statusBar()->showMessage(tr("Opening %1…").arg(QFileInfo(path).fileName()));
    });
    connect(&m_session, &ClipSession::clipOpened, this, [this](const QString &path) {
        m_notices->hide();
        statusBar()->clearMessage();
        m_player->setFocus();
        rememberRecent(path);
    });
    connect(&m_session, &ClipSession::reportWritten, this, [this](const QStringList &paths) {
        m_notices->showText(tr("Report written: %1").arg(paths.join(u", "_s)));
        statusBar()->clearMessage();
        updateActions();
    });
    connect(&m_session, &ClipSession::untitledFound, this, &MainWindow::listUntitled);
    connect(&m_session, &ClipSession::caseChanged, this, [this] {
        m_evidence->setCase(m_session.caseInfo(), m_session.isUntitled() ? QString() : m_session.casePath());
        m_evidence->setEvidence(m_session.evidence());
        if (!m_session.isUntitled())
            rememberRecent(m_session.casePath());
        updateTitle();
        updateActions();
    });
    connect(&clip, &ClipModel::clipChanged, this, [this, &clip] {
        m_centre->setCurrentIndex(clip.provider() ? 1 : 0);
        updateTitle();
        updateActions();
    });
    for (const auto changed : {&ClipModel::runningChanged, &ClipModel::resultsChanged})
        connect(&clip, changed, this, &MainWindow::updateActions);

    connect(m_evidence, &EvidencePanel::openRequested, this, &MainWindow::chooseFile);
    connect(m_evidence, &EvidencePanel::caseInfoRequested, this, &MainWindow::editCaseInfo);
    connect(m_evidence, &EvidencePanel::evidenceActivated, &m_session, &ClipSession::openEvidence);
    connect(m_methods, &MethodsPanel::analyseRequested, this, &MainWindow::startAnalysis);
    connect(m_methods, &MethodsPanel::cancelRequested, &m_session, &ClipSession::cancel);
    const auto showCard = [this](const QString &id) {
        showDock(u"methods"_s);
        m_methods->showMethod(id);
    };
    connect(m_findings, &FindingsPanel::methodCardRequested, this, showCard);
    connect(m_inspector, &InspectorPanel::methodCardRequested, this, showCard);
    connect(m_timeline, &TimelineView::methodCardRequested, this, showCard);
    connect(m_transport, &TransportBar::leftGoTo, m_player, qOverload<>(&QWidget::setFocus));
    connect(m_tasks, &TasksPanel::cancelRequested, &m_session, &ClipSession::cancel);
    connect(m_tasks, &TasksPanel::pauseRequested, &m_session, &ClipSession::setPaused);
    connect(m_player, &PlayerView::snapshotRequested, this, &MainWindow::saveSnapshot);
    connect(m_welcome, &WelcomePage::openRequested, this, &MainWindow::chooseFile);
    connect(m_welcome, &WelcomePage::demoRequested, this, [this] { openPath(InstallPaths::ofProgram().demoClip()); });
    connect(m_welcome, &WelcomePage::recentRequested, this, &MainWindow::openPath);
}

void MainWindow::openPath(const QString &path)
{
    m_session.open(path);
}

void MainWindow::chooseFile()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open"), QSettings().value(u"folder"_s).toString(), mediaFilter());
    if (path.isEmpty())
        return;
    QSettings().setValue(u"folder"_s, QFileInfo(path).absolutePath());
    openPath(path);
}

void MainWindow::chooseCaseName()
{
    if (m_session.casePath().isEmpty())
        return;
    QString path = QFileDialog::getSaveFileName(this, tr("Save case as"), documentsFolder() + u"/case.fwcase"_s,
                                                tr("Cases (*.fwcase)"));
    if (path.isEmpty())
        return;
    if (!path.endsWith(u".fwcase"_s, Qt::CaseInsensitive))
        path += u".fwcase"_s;
    m_session.saveCaseAs(path);
}

void MainWindow::editCaseInfo()
{
    auto *dialog = new CaseInfoDialog(m_session.caseInfo(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { m_session.setCaseInfo(dialog->info()); });
    dialog->open();
}

void MainWindow::startAnalysis()
{
    m_session.analyse(m_methods->choices());
}

void MainWindow::chooseMethods(std::vector<MethodChoice> choices)
{
    const std::vector<MethodChoice> before = m_methods->choices();
    for (MethodChoice &choice : choices) {
        const auto known = std::find_if(before.begin(), before.end(), [&](const MethodChoice &c) { return c.pluginId == choice.pluginId; });
        if (known != before.end())
            choice.options = known->options;
    }
    m_methods->setChoices(choices);
    showDock(u"methods"_s);
}

void MainWindow::exportReport()
{
    const FrameProvider *provider = m_session.model().provider();
    const QString name = provider ? QFileInfo(provider->facts().fileName).completeBaseName() : u"case"_s;
    auto *dialog = new ExportDialog(documentsFolder() + u'/' + name + u"-report"_s, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        m_session.exportReport(dialog->targets());
        updateActions();
    });
    dialog->open();
}

void MainWindow::verifyCase()
{
    m_session.verify();
}

void MainWindow::offerLeftCases()
{
    m_crashesOnly = true;
    m_session.findUntitled();
}

void MainWindow::showUntitled()
{
    m_crashesOnly = false;
    m_session.findUntitled();
}

void MainWindow::listUntitled(const std::vector<UntitledCase> &cases)
{
    std::vector<UntitledCase> shown;
    std::copy_if(cases.begin(), cases.end(), std::back_inserter(shown),
                 [this](const UntitledCase &one) { return one.leftBehind || !m_crashesOnly; });
    if (shown.empty()) {
        if (!m_crashesOnly)
            statusBar()->showMessage(tr("There are no other cases without a name"), 8000);
        return;
    }
    auto *dialog = new UntitledDialog(shown, m_crashesOnly, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &UntitledDialog::openRequested, this, &MainWindow::openPath);
    connect(dialog, &UntitledDialog::failed, m_notices, &NoticeBar::showProblem);
    dialog->open();
}

void MainWindow::saveSnapshot()
{
    const QImage image = m_player->snapshot(true);
    if (image.isNull())
        return;
    const ClipModel &clip = m_session.model();
    const QString name = u"%1-frame-%2.png"_s.arg(QFileInfo(clip.provider()->facts().fileName).completeBaseName())
                             .arg(clip.playhead());
    const QString path = QFileDialog::getSaveFileName(this, tr("Save picture"), documentsFolder() + u'/' + name,
                                                      tr("Pictures (*.png)"));
    if (path.isEmpty())
        return;
    if (image.save(path))
        statusBar()->showMessage(tr("Picture saved: %1").arg(path), 15000);
    else
        m_notices->showProblem({Errc::Unwritable, tr("the picture could not be written"), path});
}

void MainWindow::goToMark(int direction)
{
    ClipModel &clip = m_session.model();
    std::optional<FrameIndex> best;
    for (const Mark &mark : clip.marks()) {
        const FrameIndex at = mark.range.begin;
        const bool ahead = direction > 0 ? at > clip.playhead() : at < clip.playhead();
        const bool nearer = !best || (direction > 0 ? at < *best : at > *best);
        if (!mark.removed && ahead && nearer)
            best = at;
    }
    if (best)
        clip.setPlayhead(*best);
    else
        statusBar()->showMessage(direction > 0 ? tr("No mark after this frame") : tr("No mark before this frame"), 4000);
}

void MainWindow::toggleDocks()
{
    if (!m_beforeHiding.isEmpty()) {
        restoreState(std::exchange(m_beforeHiding, {}));
        return;
    }
    m_beforeHiding = saveState();
    for (const auto &[id, dock] : m_docks)
        dock->hide();
}

void MainWindow::showShortcuts()
{
    auto *dialog = new ShortcutsDialog(actions(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ShortcutsDialog::shortcutsChanged, this, [this] {
        QSettings().setValue(u"shortcuts"_s, changedShortcuts(actions()).toVariantMap());
    });
    dialog->open();
}

void MainWindow::showManual()
{
    auto *dialog = new QDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Manual"));
    dialog->resize(820, 700);
    auto *text = new QTextBrowser(dialog);
    text->setSearchPaths({InstallPaths::ofProgram().docs()});
    text->setSource(QUrl(u"manual.md"_s), QTextDocument::MarkdownResource);
    auto *layout = new QVBoxLayout(dialog);
    layout->addWidget(text);
    dialog->show();
}

void MainWindow::showAbout()
{
    QString libraries;
    for (const auto &[name, version] : libraryVersions())
        libraries += u"<tr><td>%1&nbsp;&nbsp;</td><td>%2</td></tr>"_s.arg(name.toHtmlEscaped(), version.toHtmlEscaped());
    auto *box = new QMessageBox(QMessageBox::NoIcon, tr("About Framewitness"),
        tr("<h3>Framewitness %1</h3><p>A workbench for video forensics. Free software under the GNU General Public "
           "License, version 3 or later, without any warranty.</p><p>It shows traces; it does not decide whether a clip "
           "is genuine.</p><table>%2</table>").arg(QStringLiteral(FW_VERSION), libraries), QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void MainWindow::updateTitle()
{
    const FrameProvider *provider = m_session.model().provider();
    const QString clip = provider ? provider->facts().fileName + u" – "_s : QString();
    const QString name = m_session.isUntitled() ? QString() : QFileInfo(m_session.casePath()).fileName() + u" – "_s;
    setWindowTitle(clip + name + tr("Framewitness"));
}

void MainWindow::updateActions()
{
    const ClipModel &clip = m_session.model();
    const bool hasClip = clip.provider() != nullptr;
    const bool hasCase = !m_session.casePath().isEmpty();
    for (const auto &[id, action] : m_actions) {
        if (id.startsWith(u"play."_s) || id.startsWith(u"view.zoom"_s) || id == u"view.pixels"_s)
            action->setEnabled(hasClip);
    }
    for (const QString &id : {u"edit.mark"_s, u"edit.copy-place"_s, u"edit.snapshot"_s, u"edit.next-mark"_s, u"edit.previous-mark"_s})
        act(id)->setEnabled(hasClip);
    act(u"edit.note"_s)->setEnabled(hasCase);
    act(u"run.start"_s)->setEnabled(hasClip && !clip.isRunning());
    act(u"run.cancel"_s)->setEnabled(clip.isRunning());
    act(u"run.pause"_s)->setEnabled(clip.isRunning());
    act(u"run.pause"_s)->setText(clip.isPaused() ? tr("&Resume analysis") : tr("&Pause analysis"));
    act(u"file.save-as"_s)->setEnabled(hasCase);
    act(u"report.export"_s)->setEnabled(hasCase && !m_session.evidence().empty() && !m_session.isExporting());
    act(u"report.verify"_s)->setEnabled(hasCase && !m_session.evidence().empty());
}

void MainWindow::rememberRecent(const QString &path)
{
    QSettings settings;
    QStringList recent = settings.value(u"recent"_s).toStringList();
    recent.removeAll(path);
    recent.prepend(path);
    settings.setValue(u"recent"_s, QStringList(recent.mid(0, kRecentFiles)));
    updateRecent();
}

void MainWindow::updateRecent()
{
    const QStringList recent = QSettings().value(u"recent"_s).toStringList();
    m_recentMenu->clear();
    for (const QString &path : recent) {
        QAction *action = m_recentMenu->addAction(QFileInfo(path).fileName(), this, [this, path] { openPath(path); });
        action->setToolTip(path);
        action->setEnabled(QFileInfo::exists(path));
    }
    m_recentMenu->setEnabled(!recent.isEmpty());
    m_recentMenu->setToolTipsVisible(true);
    std::vector<RecentFile> files;
    for (const QString &path : recent)
        files.push_back({path, QFileInfo::exists(path) ? QString() : tr("missing")});
    m_welcome->setRecent(files);
    m_welcome->setDemoAvailable(QFileInfo::exists(InstallPaths::ofProgram().demoClip()));
}

void MainWindow::applyThemeChoice(const QString &name)
{
    applyTheme(*qApp, themeFromName(name));
    QSettings().setValue(u"theme"_s, name);
}

void MainWindow::restoreSettings()
{
    QSettings settings;
    resize(1366, 800);
    restoreGeometry(settings.value(u"geometry"_s).toByteArray());
    restoreState(settings.value(u"state"_s).toByteArray());
    const QString theme = settings.value(u"theme"_s, themeName(ThemeKind::Dark)).toString();
    for (QAction *choice : m_themes->actions())
        choice->setChecked(choice->data().toString() == theme);
    rememberDefaultShortcuts(actions());
    applyShortcuts(actions(), QJsonObject::fromVariantMap(settings.value(u"shortcuts"_s).toMap()));
    updateRecent();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    QSettings settings;
    settings.setValue(u"geometry"_s, saveGeometry());
    settings.setValue(u"state"_s, m_beforeHiding.isEmpty() ? saveState() : m_beforeHiding);
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    for (const QUrl &url : event->mimeData()->urls()) {
        if (url.isLocalFile()) {
            openPath(url.toLocalFile());
            event->acceptProposedAction();
            return;
        }
    }
    m_notices->showText(tr("Only files of this machine can be opened"));
}

} // namespace fw
