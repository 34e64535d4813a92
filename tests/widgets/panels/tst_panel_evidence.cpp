// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/evidence/case_info_dialog.h"
#include "panels/evidence/evidence_panel.h"
#include "panels/evidence/facts_text.h"
#include "sample_clip.h"

#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTextBrowser>
#include <QTreeWidget>

using namespace Qt::StringLiterals;
using namespace fw;

class TestEvidence : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s)); }

    void anEmptyCaseSaysHowToBegin()
    {
        ClipModel clip;
        EvidencePanel panel(clip);
        QStringList texts;
        for (const QLabel *label : panel.findChildren<QLabel *>())
            texts << label->text();
        QVERIFY(texts.join(u' ').contains(u"only read, never changed"_s));
    }

    void hashesFillInWhenTheyAreKnown()
    {
        ClipModel clip;
        EvidencePanel panel(clip);
        auto provider = std::make_shared<test::SampleProvider>(100, 25.0, false);
        clip.setProvider(provider, {});
        auto *facts = panel.findChild<QTextBrowser *>();
        auto *tree = panel.findChild<QTreeWidget *>();
        QVERIFY(facts->toPlainText().contains(u"being computed"_s));
        QVERIFY(tree->currentItem()->text(0).contains(u"hashing"_s));
        provider->finishHashing();
        QVERIFY(facts->toPlainText().contains(hexText(sha256("sample"))));
        QVERIFY(!tree->currentItem()->text(0).contains(u"hashing"_s));
    }

    void aHashIsCopiedByItsLink()
    {
        ClipModel clip;
        EvidencePanel panel(clip);
        clip.setProvider(std::make_shared<test::SampleProvider>(), EvidenceId{1});
        auto *facts = panel.findChild<QTextBrowser *>();
        const QString hash = hexText(sha256("sample"));
        QVERIFY(facts->toHtml().contains(u"copy:"_s + hash));
        Q_EMIT facts->anchorClicked(QUrl(u"copy:"_s + hash));
        QCOMPARE(QGuiApplication::clipboard()->text(), hash);
    }

    void theFactsOfContainerStreamsAndFramesAreShown()
    {
        test::SampleProvider provider;
        const Ledger ledger = test::sampleLedger(1200);
        const QString text = factsHtml(provider.facts(), ledger, {});
        for (const QString &part : {u"1280 × 720 px"_s, u"H.264 / AVC"_s, u"48000 Hz"_s, u"27.1 MB"_s,
                                    u"hides 2 frames"_s, u"1200, of which 24 key frames"_s,
                                    hexText(ledger.digest())})
            QVERIFY2(text.contains(part), qPrintable(part));
        QVERIFY(factsHtml(provider.facts(), {}, {}).contains(u"Not decoded yet"_s));
        Ledger broken = ledger;
        broken.complete = false;
        broken.endReason = u"the file ends in the middle of a frame"_s;
        QVERIFY(factsHtml(provider.facts(), broken, {}).contains(broken.endReason));
    }

    void aFileWithoutAnythingIsShownWithoutInventions()
    {
        const QString text = factsHtml({}, {}, {});
        QVERIFY(!text.contains(u"0 kbit/s"_s));
        QCOMPARE(factsLine({}), u"no picture stream"_s);
    }

    void anotherFileOfTheCaseOpensOnEnter()
    {
        ClipModel clip;
        EvidencePanel panel(clip);
        auto provider = std::make_shared<test::SampleProvider>();
        Evidence first{EvidenceId{1}, provider->facts(), QDateTime::currentDateTimeUtc()};
        Evidence second = first;
        second.id = EvidenceId{2};
        second.facts.fileName = u"second.mp4"_s;
        second.facts.path = u"/evidence/second.mp4"_s;
        second.facts.hashes.sha256 = sha256("second");
        clip.setProvider(provider, EvidenceId{1});
        panel.setEvidence({first, second});
        panel.setCase({u"Harbour interview"_s, u"2024-117"_s}, {});
        auto *tree = panel.findChild<QTreeWidget *>();
        QTreeWidgetItem *root = tree->topLevelItem(0);
        QCOMPARE(root->text(0), u"Harbour interview · 2024-117"_s);
        QCOMPARE(root->childCount(), 2); // the open file is not listed twice
        QSignalSpy activated(&panel, &EvidencePanel::evidenceActivated);
        QSignalSpy info(&panel, &EvidencePanel::caseInfoRequested);
        panel.show();
        tree->setCurrentItem(root->child(1));
        QVERIFY(panel.findChild<QTextBrowser *>()->toPlainText().contains(u"second.mp4"_s));
        QTest::keyClick(tree, Qt::Key_Return);
        QCOMPARE(activated.size(), 1);
        QCOMPARE(activated.front().front().value<EvidenceId>(), EvidenceId{2});
        tree->setCurrentItem(root->child(0));
        QTest::keyClick(tree, Qt::Key_Return); // already open
        QCOMPARE(activated.size(), 1);
        tree->setCurrentItem(root);
        QTest::keyClick(tree, Qt::Key_Return);
        QCOMPARE(info.size(), 1);
    }

    void theDialogGivesBackWhatWasWritten()
    {
        CaseInfo info{u"Title"_s, u"1"_s, u"A"_s, u"Court"_s, u"Was it edited?"_s, u"unedited"_s, u"edited"_s,
                      u"J. Weber"_s, u"examiner"_s, u"Lab"_s};
        CaseInfoDialog dialog(info);
        QCOMPARE(dialog.info(), info);
        dialog.findChildren<QLineEdit *>().first()->setText(u"  New title "_s);
        dialog.findChildren<QPlainTextEdit *>().first()->setPlainText(u"Two\nlines"_s);
        QCOMPARE(dialog.info().title, u"New title"_s);
        QCOMPARE(dialog.info().question, u"Two\nlines"_s);
        QCOMPARE(dialog.info().organisation, u"Lab"_s);
    }
};

QTEST_MAIN(TestEvidence)
#include "tst_panel_evidence.moc"
