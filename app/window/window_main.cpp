// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/window_main.h"

#include "base/paths.h"
#include "panels/common/theme.h"
#include "run/engine.h"
#include "window/main_window.h"
#include "window/notice_bar.h"

#include <QApplication>
#include <QComboBox>
#include <QCommandLineParser>
#include <QGuiApplication>
#include <QIcon>
#include <QSettings>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

/// Shows the first map of the layers panel whose title holds these words.
void chooseMap(MainWindow &window, const QString &words)
{
    for (QComboBox *box : window.findChildren<QComboBox *>(u"heatMaps"_s)) {
        if (const int at = box->findText(words, Qt::MatchContains); at >= 0) {
            box->setCurrentIndex(at);
            Q_EMIT box->activated(at);
        }
    }
}

/// Takes a picture of the window once everything has been drawn. @param opens  a file, whose analysis has to be over.
void screenshotWhenDone(MainWindow &window, const QString &path, const QString &map, bool opens)
{
    auto *poll = new QTimer(&window);
    auto quiet = std::make_shared<int>(0);
    QObject::connect(poll, &QTimer::timeout, &window, [&window, path, map, opens, quiet] {
        const ClipModel &clip = window.session().model();
        const bool failed = !clip.provider() && !window.notices().isHidden();
        *quiet = !opens || (clip.provider() && !clip.isRunning() && clip.clock().complete) || failed ? *quiet + 1 : 0;
        if (*quiet == 1 && !clip.results().empty()) {
            ClipModel &model = window.session().model();
            for (const MethodResult &result : model.results()) {
                for (const Finding &finding : result.result.findings) {
                    if (finding.verdict == Verdict::Suspicious && finding.keyFrame && model.selectedFinding().isNull()) {
                        model.selectFinding({result.record.pluginId, finding.id});
                        model.setPlayhead(*finding.keyFrame);
                    }
                }
            }
        }
        if (*quiet == 4 && !map.isEmpty())
            chooseMap(window, map);
        if (*quiet < 12)
            return;
        QCoreApplication::exit(window.grab().save(path) ? 0 : 1);
    });
    poll->start(250);
}

} // namespace

std::unique_ptr<QCoreApplication> makeGuiApplication(int &argc, char **argv)
{
    return std::make_unique<QGuiApplication>(argc, argv);
}

int runWindow(int argc, char **argv)
{
    QApplication application(argc, argv);
    QCommandLineParser parser;
    const QCommandLineOption screenshot(u"screenshot"_s, u"Save a picture of the window after the analysis, then end."_s, u"PNG"_s);
    const QCommandLineOption size(u"size"_s, u"Size of the window, for --screenshot."_s, u"WxH"_s, u"1600x950"_s);
    const QCommandLineOption theme(u"theme"_s, u"dark, light or high-contrast."_s, u"NAME"_s);
    const QCommandLineOption workspace(u"workspace"_s, u"Arrangement of the panels, for --screenshot."_s, u"NAME"_s);
    const QCommandLineOption map(u"map"_s, u"Words in the title of the heat map to show, for --screenshot."_s, u"WORDS"_s);
    parser.addOptions({screenshot, size, theme, workspace, map});
    parser.process(application);
    limitInnerThreads();

    const InstallPaths paths = InstallPaths::ofProgram();
    application.setWindowIcon(QIcon(paths.share() + u"/icons/framewitness.svg"_s));
    const QString themeWord = parser.isSet(theme) ? parser.value(theme)
                                                  : QSettings().value(u"theme"_s, themeName(ThemeKind::Dark)).toString();
    applyTheme(application, themeFromName(themeWord));
    PluginRegistry registry;
    registry.scan(paths.pluginFolders(), paths.models());
    MainWindow window(registry);
    if (parser.isSet(screenshot)) {
        const QStringList sides = parser.value(size).split(u'x');
        window.resize(sides.value(0).toInt(), sides.value(1).toInt());
        window.setWorkspace(parser.isSet(workspace) ? parser.value(workspace) : u"Triage"_s);
        screenshotWhenDone(window, parser.value(screenshot), parser.value(map), !parser.positionalArguments().isEmpty());
    }
    window.show();
    if (!parser.isSet(screenshot))
        window.offerLeftCases();
    for (const QString &path : parser.positionalArguments())
        window.openPath(path);
    return application.exec();
}

} // namespace fw
