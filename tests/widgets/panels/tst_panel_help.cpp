// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/common/text.h"
#include "panels/help/shortcuts.h"
#include "panels/help/shortcuts_dialog.h"
#include "panels/help/welcome_page.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeWidget>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

QPushButton *buttonOf(QWidget &page, const QString &text)
{
    for (QPushButton *button : page.findChildren<QPushButton *>())
        if (button->text().remove(u'&') == text)
            return button;
    qFatal("no button %s", qPrintable(text));
}

struct Actions
{
    QAction play{u"&Play"_s, nullptr}, open{u"&Open file …"_s, nullptr}, nameless{u"x"_s, nullptr};
    QList<QAction *> all{&play, &open, &nameless};
    Actions()
    {
        play.setObjectName(u"play"_s);
        play.setShortcut(Qt::Key_Space);
        open.setObjectName(u"open"_s);
        open.setShortcut(QKeySequence(Qt::CTRL | Qt::Key_O));
        rememberDefaultShortcuts(all);
    }
};

} // namespace

class TestHelp : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s)); }

    void changedShortcutsComeBackFromTheSettings()
    {
        Actions first;
        first.play.setShortcut(Qt::Key_P);
        first.open.setShortcuts(QList<QKeySequence>());
        const QJsonObject stored = changedShortcuts(first.all);
        QCOMPARE(stored, (QJsonObject{{u"play"_s, u"P"_s}, {u"open"_s, QString()}}));
        Actions second;
        applyShortcuts(second.all, stored);
        QCOMPARE(second.play.shortcut(), QKeySequence(Qt::Key_P));
        QVERIFY(second.open.shortcuts().isEmpty());
        QCOMPARE(defaultShortcuts(&second.play), QList<QKeySequence>{QKeySequence(Qt::Key_Space)});
        applyShortcuts(second.all, {{u"play"_s, 5}, {u"gone"_s, u"X"_s}}); // a damaged settings file
        QCOMPARE(second.play.shortcut(), QKeySequence(Qt::Key_P));
    }

    void theDialogWarnsOfAConflictAndTakesTheKeysAway()
    {
        Actions actions;
        ShortcutsDialog dialog(actions.all);
        dialog.show();
        QSignalSpy changed(&dialog, &ShortcutsDialog::shortcutsChanged);
        auto *tree = dialog.findChild<QTreeWidget *>();
        QCOMPARE(tree->topLevelItemCount(), 2); // the one without a name cannot be stored
        tree->setCurrentItem(tree->topLevelItem(0));
        dialog.findChild<QKeySequenceEdit *>()->setKeySequence(QKeySequence(Qt::CTRL | Qt::Key_O));
        const auto labels = dialog.findChildren<QLabel *>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->text().contains(u"“Open file” uses these keys"_s);
        }));
        QTest::mouseClick(buttonOf(dialog, u"Assign"_s), Qt::LeftButton);
        QCOMPARE(actions.play.shortcut(), QKeySequence(Qt::CTRL | Qt::Key_O));
        QVERIFY(actions.open.shortcuts().isEmpty());
        QCOMPARE(changed.size(), 1);
        QTest::mouseClick(buttonOf(dialog, u"All defaults"_s), Qt::LeftButton);
        QCOMPARE(actions.open.shortcut(), QKeySequence(Qt::CTRL | Qt::Key_O));
        QCOMPARE(actions.play.shortcut(), QKeySequence(Qt::Key_Space));
        QVERIFY(!buttonOf(dialog, u"All defaults"_s)->isEnabled());
    }

    void theListIsFoundByWordAndByKey()
    {
        Actions actions;
        ShortcutsDialog dialog(actions.all);
        auto *tree = dialog.findChild<QTreeWidget *>();
        auto *search = dialog.findChild<QLineEdit *>();
        search->setText(u"ctrl+o"_s);
        QVERIFY(tree->topLevelItem(0)->isHidden() && !tree->topLevelItem(1)->isHidden());
        search->setText(u"play"_s);
        QVERIFY(!tree->topLevelItem(0)->isHidden() && tree->topLevelItem(1)->isHidden());
        QTest::mouseClick(buttonOf(dialog, u"Copy as text"_s), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"Space\tPlay\nCtrl+O\tOpen file\n"_s);
    }

    void theWelcomePageTeachesAndOpens()
    {
        WelcomePage page;
        page.resize(900, 600);
        page.show();
        QSignalSpy open(&page, &WelcomePage::openRequested), demo(&page, &WelcomePage::demoRequested);
        QSignalSpy recent(&page, &WelcomePage::recentRequested);
        QTest::mouseClick(buttonOf(page, u"Open file …"_s), Qt::LeftButton);
        QTest::mouseClick(buttonOf(page, u"Open the demo clip"_s), Qt::LeftButton);
        QCOMPARE(open.size(), 1);
        QCOMPARE(demo.size(), 1);
        QString all;
        for (const QLabel *label : page.findChildren<QLabel *>())
            all += label->text() + u'\n';
        for (const Verdict verdict : {Verdict::Suspicious, Verdict::Consistent, Verdict::Inconclusive,
                                      Verdict::NotApplicable})
            QVERIFY(all.contains(verdictMeaning(verdict)));
        auto *list = page.findChild<QListWidget *>();
        QVERIFY(!list->isVisible()); // nothing opened yet
        page.setRecent({{u"/evidence/a.mp4"_s, u"unchanged"_s}, {u"/evidence/b.mp4"_s, {}}});
        QVERIFY(list->isVisible());
        list->setCurrentRow(1);
        QTest::keyClick(list, Qt::Key_Return);
        QCOMPARE(recent.front().front().toString(), u"/evidence/b.mp4"_s);
        page.setDemoAvailable(false);
        QVERIFY(!buttonOf(page, u"Open the demo clip"_s)->isVisible());
    }

    void placesAreWrittenForPeople()
    {
        ClipClock clock;
        for (int i = 0; i < 100; ++i)
            clock.seconds.push_back(i / 25.0);
        clock.frameCount = 100;
        QCOMPARE(placeText(50, clock), u"00:00:02.000 · frame 50"_s);
        QCOMPARE(placeText(500, clock), u"frame 500"_s); // the index does not reach that far yet
        QCOMPARE(rangeText({25, 50}, clock), u"00:00:01.000 to 00:00:01.960 · frames 25 to 49"_s);
        QCOMPARE(rangeText({25, 26}, clock), placeText(25, clock));
        QCOMPARE(whereText({}, clock), u"whole file"_s);
        QCOMPARE(sizeText(999), u"999 bytes"_s);
        QCOMPARE(sizeText(1234567), u"1.2 MB (1\u202f234\u202f567 bytes)"_s);
        QCOMPARE(jsonText(QJsonValue()), QString());
        QCOMPARE(jsonText(1234567890123.0), u"1234567890123"_s);
    }
};

QTEST_MAIN(TestHelp)
#include "tst_panel_help.moc"
