// SPDX-License-Identifier: GPL-3.0-or-later
// How the panels look: themes readable, nothing clipped, everything named and reachable. With
// FW_PICTURES set to a folder every panel is saved there as a picture, for a person to look at.
#include "panels/common/theme.h"
#include "panels/behaviour/face_choice.h"
#include "panels/behaviour/head_panel.h"
#include "panels/behaviour/unit_panel.h"
#include "panels/behaviour/unit_roll_panel.h"
#include "panels/evidence/case_info_dialog.h"
#include "panels/evidence/evidence_panel.h"
#include "panels/findings/findings_panel.h"
#include "panels/help/shortcuts.h"
#include "panels/help/shortcuts_dialog.h"
#include "panels/help/welcome_page.h"
#include "panels/inspector/inspector_panel.h"
#include "panels/methods/methods_panel.h"
#include "panels/notes/notes_panel.h"
#include "panels/tasks/tasks_panel.h"
#include "panels/timeline/timeline_view.h"
#include "sample_clip.h"

#include "paint/color_map.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QTabWidget>
#include <QTest>

#include <functional>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

struct Made
{
    QString name;
    QSize size; ///< the room of its dock at 1366 x 768
    std::unique_ptr<QWidget> widget;
};

std::vector<Made> makeAll(ClipModel &clip)
{
    std::vector<Made> all;
    const QSize left(270, 330), right(330, 330), bottom(1366, 210);
    auto evidence = std::make_unique<EvidencePanel>(clip);
    evidence->setCase({u"Harbour interview"_s, u"2024-117"_s}, u"/cases/harbour.fwcase"_s);
    auto methods = std::make_unique<MethodsPanel>(clip);
    methods->setEntries(test::samplePlugins());
    methods->showMethod(test::kBlink);
    auto options = std::make_unique<MethodsPanel>(clip);
    options->setEntries(test::samplePlugins());
    options->showMethod(test::kBlink);
    options->findChild<QTabWidget *>()->setCurrentIndex(1);
    auto tables = std::make_unique<FindingsPanel>(clip);
    tables->findChild<QTabWidget *>()->setCurrentIndex(1);
    auto timeline = std::make_unique<TimelineView>(clip);
    timeline->expandAll(true);
    auto welcome = std::make_unique<WelcomePage>();
    welcome->setRecent({{u"/evidence/2024-117/interview_original.mp4"_s, u"unchanged"_s},
                        {u"/evidence/2024-101/press.mov"_s, u"missing"_s}});
    auto marks = std::make_unique<NotesPanel>(clip);
    marks->findChild<QTabWidget *>()->setCurrentIndex(1);
    static QAction play(u"&Play or pause"_s), step(u"One frame &forward"_s);
    play.setObjectName(u"play"_s);
    play.setShortcut(Qt::Key_Space);
    step.setObjectName(u"step"_s);
    step.setShortcut(Qt::Key_Period);
    rememberDefaultShortcuts({&play, &step});
    all.push_back({u"evidence"_s, left, std::move(evidence)});
    all.push_back({u"methods"_s, {270, 420}, std::move(methods)});
    all.push_back({u"options"_s, {270, 420}, std::move(options)});
    all.push_back({u"findings"_s, {340, 460}, std::make_unique<FindingsPanel>(clip)});
    all.push_back({u"tables"_s, {340, 460}, std::move(tables)});
    all.push_back({u"inspector"_s, right, std::make_unique<InspectorPanel>(clip)});
    all.push_back({u"notes"_s, {360, 420}, std::make_unique<NotesPanel>(clip)});
    all.push_back({u"marks"_s, {360, 420}, std::move(marks)});
    all.push_back({u"timeline"_s, {1366, 330}, std::move(timeline)});
    auto *choice = new FaceChoice(clip, &clip);
    all.push_back({u"units"_s, {320, 360}, std::make_unique<UnitPanel>(*choice)});
    all.push_back({u"unit-roll"_s, {1366, 300}, std::make_unique<UnitRollPanel>(*choice)});
    all.push_back({u"head"_s, {320, 360}, std::make_unique<HeadPanel>(*choice)});
    all.push_back({u"tasks"_s, bottom, std::make_unique<TasksPanel>(clip)});
    all.push_back({u"welcome"_s, {760, 480}, std::move(welcome)});
    all.push_back({u"shortcuts"_s, {560, 420}, std::make_unique<ShortcutsDialog>(QList<QAction *>{&play, &step})});
    all.push_back({u"case"_s, {560, 560}, std::make_unique<CaseInfoDialog>(CaseInfo{u"Harbour interview"_s})});
    return all;
}

void run(ClipModel &clip)
{
    clip.setRunning(true);
    RunProgress progress{840, 1200, 74.3, 5.0, {}};
    progress.methods = {{test::kFaces, MethodProgress::State::Done, 1200, 1200},
                        {test::kBlink, MethodProgress::State::Running, 820, 1200},
                        {test::kPose, MethodProgress::State::Waiting, 0, 1200},
                        {test::kGhost, MethodProgress::State::NotApplicable, 0, 0}};
    clip.setProgress(progress);
}

void save(QWidget &widget, const QString &name)
{
    const QString folder = qEnvironmentVariable("FW_PICTURES");
    if (!folder.isEmpty())
        widget.grab().save(QDir(folder).filePath(name + u".png"_s));
}

/// A label or button whose text needs more room than it has; empty when all is well.
QString clipped(const QWidget &panel)
{
    for (const QLabel *label : panel.findChildren<QLabel *>()) {
        if (!label->isVisible() || label->text().isEmpty())
            continue;
        const int needed = label->wordWrap() ? label->heightForWidth(label->width()) : label->sizeHint().height();
        if (label->height() < needed || (!label->wordWrap() && label->width() < label->sizeHint().width()))
            return u"label: "_s + label->text();
    }
    for (const QAbstractButton *button : panel.findChildren<QAbstractButton *>()) {
        const bool own = !button->text().isEmpty() && button->isVisible();
        if (own && button->width() < button->minimumSizeHint().width())
            return u"button: "_s + button->text();
    }
    return {};
}

} // namespace

class TestLooks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s)); }

    void everyThemeIsReadable_data()
    {
        QTest::addColumn<int>("kind");
        for (const ThemeKind kind : {ThemeKind::Dark, ThemeKind::Light, ThemeKind::HighContrast})
            QTest::newRow(qPrintable(themeName(kind))) << int(kind);
    }
    void everyThemeIsReadable()
    {
        QFETCH(int, kind);
        const QPalette p = themePalette(ThemeKind(kind));
        const auto contrast = [&](QPalette::ColorRole ink, QPalette::ColorRole ground) {
            return contrastRatio(p.color(ink), p.color(ground));
        };
        const double least = ThemeKind(kind) == ThemeKind::HighContrast ? 7.0 : 4.5; // WCAG AAA, AA
        QVERIFY(contrast(QPalette::Text, QPalette::Base) >= least);
        QVERIFY(contrast(QPalette::Text, QPalette::AlternateBase) >= least);
        QVERIFY(contrast(QPalette::WindowText, QPalette::Window) >= least);
        QVERIFY(contrast(QPalette::ButtonText, QPalette::Button) >= least);
        QVERIFY(contrast(QPalette::HighlightedText, QPalette::Highlight) >= least);
        QVERIFY(contrast(QPalette::Link, QPalette::Base) >= least);
        QVERIFY(contrast(QPalette::ToolTipText, QPalette::ToolTipBase) >= least);
        QVERIFY(contrastRatio(quietText(p), p.color(QPalette::Base)) >= 4.5);
        QVERIFY(contrastRatio(quietText(p), p.color(QPalette::Window)) >= 4.5);
        QCOMPARE(isDark(p), ThemeKind(kind) != ThemeKind::Light);
        QCOMPARE(themeFromName(themeName(ThemeKind(kind))), ThemeKind(kind));
        for (const Verdict verdict : {Verdict::Suspicious, Verdict::Consistent, Verdict::Inconclusive,
                                      Verdict::NotApplicable}) {
            const QColor color = verdictColor(verdict, isDark(p));
            QVERIFY(contrastRatio(color, p.color(QPalette::Base)) >= 3.0);
            QVERIFY(contrastRatio(color, inkOn(color)) >= 4.5);
        }
    }

    void nothingIsClippedAndEverythingHasAName_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("percent");
        QTest::newRow("dark") << int(ThemeKind::Dark) << 100;
        QTest::newRow("light") << int(ThemeKind::Light) << 100;
        QTest::newRow("large") << int(ThemeKind::Dark) << 125;
        QTest::newRow("contrast") << int(ThemeKind::HighContrast) << 150;
    }
    void nothingIsClippedAndEverythingHasAName()
    {
        QFETCH(int, kind);
        QFETCH(int, percent);
        applyTheme(*qApp, ThemeKind(kind), percent);
        ClipModel clip;
        test::fill(clip);
        clip.setObservations(test::withBehaviour(test::sampleFaces(1200)));
        clip.setPlayhead(540);
        clip.selectFinding({test::kPose, u"pose.face-0"_s});
        run(clip);
        const QString tag = QString::fromLatin1(QTest::currentDataTag());
        for (const Made &made : makeAll(clip)) {
            QWidget &widget = *made.widget;
            widget.resize(made.size);
            widget.show();
            QVERIFY(QTest::qWaitForWindowExposed(&widget));
            QVERIFY2(widget.width() <= made.size.width() * percent / 100,
                     qPrintable(made.name + u" wants %1 px"_s.arg(widget.width())));
            if (made.name == u"timeline"_s)
                QTest::qWait(200); // the small pictures
            save(widget, made.name + u'-' + tag);
            const QString problem = clipped(widget);
            QVERIFY2(problem.isEmpty(), qPrintable(made.name + u", "_s + problem));
            checkNames(widget, made.name);
        }
    }

    void theThemeIsPinned()
    {
        applyTheme(*qApp, ThemeKind::Light, 100);
        QCOMPARE(QApplication::style()->objectName(), u"fusion"_s);
        const double before = QApplication::font().pointSizeF();
        applyTheme(*qApp, ThemeKind::Dark, 150);
        QVERIFY(std::abs(QApplication::font().pointSizeF() - before * 1.5) < 0.01);
        QVERIFY(isDark(QApplication::palette()));
    }

    void emptyPanelsSayWhy()
    {
        applyTheme(*qApp, ThemeKind::Dark, 100);
        ClipModel clip;
        std::vector<std::unique_ptr<QWidget>> all;
        all.push_back(std::make_unique<EvidencePanel>(clip));
        all.push_back(std::make_unique<FindingsPanel>(clip));
        all.push_back(std::make_unique<MethodsPanel>(clip));
        all.push_back(std::make_unique<InspectorPanel>(clip));
        all.push_back(std::make_unique<NotesPanel>(clip));
        all.push_back(std::make_unique<TasksPanel>(clip));
        FaceChoice choice(clip);
        all.push_back(std::make_unique<UnitPanel>(choice));
        all.push_back(std::make_unique<UnitRollPanel>(choice));
        all.push_back(std::make_unique<HeadPanel>(choice));
        for (const auto &panel : all) {
            panel->resize(300, 360);
            panel->show();
            save(*panel, u"empty-"_s + panel->accessibleName().section(u' ', 0, 0).toLower());
            const auto labels = panel->findChildren<QLabel *>();
            QVERIFY2(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
                         return label->isVisible() && label->text().size() > 20;
                     }), qPrintable(panel->accessibleName()));
        }
        TimelineView timeline(clip);
        timeline.resize(900, 160);
        timeline.show();
        save(timeline, u"empty-timeline"_s);
    }

private:
    static void checkNames(const QWidget &panel, const QString &name)
    {
        for (const QWidget *child : panel.findChildren<QWidget *>()) {
            const bool control = child->focusPolicy() & Qt::TabFocus && child->isVisible();
            if (!control || child->objectName().startsWith(u"qt_"_s))
                continue;
            const auto *button = qobject_cast<const QAbstractButton *>(child);
            const bool named = !child->accessibleName().isEmpty() || (button && !button->text().isEmpty())
                || child->inherits("QTabBar") || child->inherits("QScrollArea") || child->inherits("QLineEdit");
            QVERIFY2(named, qPrintable(name + u": "_s + QString::fromLatin1(child->metaObject()->className())
                                       + u' ' + child->objectName()));
        }
    }
};

QTEST_MAIN(TestLooks)
#include "tst_panel_looks.moc"
