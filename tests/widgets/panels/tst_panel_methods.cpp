// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/methods/method_card.h"
#include "panels/methods/methods_panel.h"
#include "panels/methods/option_form.h"
#include "sample_clip.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTextBrowser>
#include <QTreeWidget>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

QStringList idsOf(const std::vector<MethodChoice> &choices)
{
    QStringList ids;
    for (const MethodChoice &choice : choices)
        ids << choice.pluginId;
    ids.sort();
    return ids;
}

QPushButton *buttonOf(QWidget &panel, const QString &text)
{
    for (QPushButton *button : panel.findChildren<QPushButton *>())
        if (button->text() == text)
            return button;
    return nullptr;
}

} // namespace

class TestMethods : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s)); }

    void everyUsableDetectorIsChosenAtFirst()
    {
        ClipModel clip;
        MethodsPanel panel(clip);
        panel.setEntries(test::samplePlugins());
        QCOMPARE(idsOf(panel.choices()), (QStringList{test::kBlink, test::kStructure, test::kPose, test::kGhost}));
    }

    void aFamilyCheckBoxSwitchesItsMethods()
    {
        ClipModel clip;
        MethodsPanel panel(clip);
        panel.setEntries(test::samplePlugins());
        QSignalSpy changed(&panel, &MethodsPanel::choicesChanged);
        auto *tree = panel.findChild<QTreeWidget *>();
        QTreeWidgetItem *behaviour = tree->findItems(u"Behaviour"_s, Qt::MatchExactly).first();
        behaviour->setCheckState(0, Qt::Unchecked);
        QCOMPARE(idsOf(panel.choices()), (QStringList{test::kStructure, test::kGhost}));
        QVERIFY(!changed.isEmpty());
        behaviour->child(0)->setCheckState(0, Qt::Checked);
        QCOMPARE(behaviour->checkState(0), Qt::PartiallyChecked);
    }

    void aRefusedPluginIsListedWithItsReasonAndCannotBeChosen()
    {
        ClipModel clip;
        MethodsPanel panel(clip);
        panel.setEntries(test::samplePlugins());
        QVERIFY(panel.showMethod(u"org.example.old"_s));
        QVERIFY(panel.findChild<QTextBrowser *>()->toPlainText().contains(u"built for plugin interface 0"_s));
        auto *tree = panel.findChild<QTreeWidget *>();
        QVERIFY(!tree->currentItem()->flags().testFlag(Qt::ItemIsUserCheckable));
        panel.setChoices({{u"org.example.old"_s, {}}, {test::kBlink, {}}});
        QCOMPARE(idsOf(panel.choices()), QStringList{test::kBlink});
    }

    void optionsGoIntoTheChoiceOnlyWhenTheyDifferFromTheDefault()
    {
        ClipModel clip;
        MethodsPanel panel(clip);
        panel.setEntries(test::samplePlugins());
        panel.showMethod(test::kBlink);
        auto *seconds = panel.findChild<QDoubleSpinBox *>(u"minSeconds"_s);
        QCOMPARE(seconds->suffix(), u" s"_s);
        QCOMPARE(seconds->minimum(), 2.0);
        seconds->setValue(30);
        panel.findChild<QCheckBox *>(u"bothEyes"_s)->setChecked(false);
        panel.setChoices({{test::kBlink, {{u"minSeconds"_s, 30.0}}}}); // as a stored setting would
        QCOMPARE(panel.choices().front().options, (QJsonObject{{u"minSeconds"_s, 30.0}}));
        QVERIFY(panel.findChild<QCheckBox *>(u"bothEyes"_s)->isChecked());
        buttonOf(panel, u"Reset to defaults"_s)->click();
        QVERIFY(panel.choices().front().options.isEmpty());
        QVERIFY(!buttonOf(panel, u"Reset to defaults"_s)->isEnabled());
    }

    void whatTheFormGivesPassesTheHostsCheck()
    {
        const Manifest manifest = test::sampleManifests()[test::kBlink];
        OptionForm form(manifest, {});
        QVERIFY(form.values().isEmpty());
        for (auto *box : form.findChildren<QAbstractSpinBox *>())
            box->stepUp();
        for (auto *box : form.findChildren<QCheckBox *>())
            box->toggle();
        for (auto *box : form.findChildren<QComboBox *>())
            box->setCurrentIndex(1);
        QCOMPARE(form.values().size(), 4);
        const auto checked = checkedOptions(manifest, form.values());
        QVERIFY2(checked, checked ? "" : qPrintable(checked.error().text()));
    }

    void strangeStoredOptionsFallBackToTheDefaults()
    {
        const Manifest manifest = test::sampleManifests()[test::kBlink];
        OptionForm form(manifest, {{u"minSeconds"_s, u"ten"_s}, {u"baseline"_s, u"mode"_s}, {u"unknown"_s, 1}});
        QVERIFY(form.values().isEmpty());
    }

    void theCardSaysWhatTheMethodIs()
    {
        const auto plugins = test::samplePlugins();
        ClipModel clip;
        MethodsPanel panel(clip);
        panel.setEntries(plugins);
        QVERIFY(panel.showMethod(test::kBlink));
        const QString text = panel.findChild<QTextBrowser *>()->toPlainText();
        for (const QString &part : {u"People blink every few seconds"_s, u"Li, Chang, Lyu"_s, u"2018"_s,
                                    u"eye aspect ratio"_s, u"at least 10 s"_s, u"20 px wide"_s,
                                    u"every frame"_s, u"as expected"_s, u"GPL-3.0-or-later"_s})
            QVERIFY2(text.contains(part), qPrintable(part));
        QVERIFY(!panel.showMethod(u"org.example.unknown"_s));
    }

    void aModelWithAnotherHashIsSaidToDiffer()
    {
        PluginEntry entry = test::samplePlugins().front();
        entry.modelHashes[u"blink-reference"_s] = u"00ff"_s;
        QVERIFY(methodCardHtml(entry, {}).contains(u"differs from the expected"_s));
        entry.modelHashes.clear();
        QVERIFY(methodCardHtml(entry, {}).contains(u"not found"_s));
    }

    void onlyWebAddressesBecomeLinks()
    {
        PluginEntry entry = test::samplePlugins().front();
        entry.manifest.method.url = u"file:///etc/passwd"_s;
        QVERIFY(!methodCardHtml(entry, {}).contains(u"href"_s));
    }

    void analyseAndCancelTakeTurns()
    {
        ClipModel clip;
        MethodsPanel panel(clip);
        panel.setEntries(test::samplePlugins());
        panel.show();
        QSignalSpy analyse(&panel, &MethodsPanel::analyseRequested), cancel(&panel, &MethodsPanel::cancelRequested);
        QPushButton *start = buttonOf(panel, u"Analyse"_s), *stop = buttonOf(panel, u"Cancel"_s);
        QVERIFY(!start->isEnabled()); // no file yet; the tool tip says so
        QCOMPARE(start->toolTip(), u"Open a file first"_s);
        test::fill(clip);
        QVERIFY(start->isEnabled() && !stop->isVisible());
        QTest::mouseClick(start, Qt::LeftButton);
        QCOMPARE(analyse.size(), 1);
        clip.setRunning(true);
        QVERIFY(!start->isVisible() && stop->isVisible());
        QTest::mouseClick(stop, Qt::LeftButton);
        QCOMPARE(cancel.size(), 1);
        clip.setRunning(false);
        panel.setChoices({});
        QVERIFY(!start->isEnabled());
    }

    void statesFollowTheRun()
    {
        ClipModel clip;
        test::fill(clip);
        MethodsPanel panel(clip);
        panel.setEntries(test::samplePlugins());
        panel.showMethod(test::kGhost);
        auto *tree = panel.findChild<QTreeWidget *>();
        QCOMPARE(tree->currentItem()->text(1), u"not applicable"_s);
        clip.setRunning(true);
        RunProgress progress;
        progress.methods = {{test::kGhost, MethodProgress::State::Running, 30, 120}};
        clip.setProgress(progress);
        QCOMPARE(tree->currentItem()->text(1), u"25 %"_s);
    }
};

QTEST_MAIN(TestMethods)
#include "tst_panel_methods.moc"
