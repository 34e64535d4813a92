// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/inspector/inspector_model.h"
#include "panels/inspector/inspector_panel.h"
#include "sample_clip.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

/// "value · remark" of a row, found by group and name; "absent" when there is none.
QString textOf(const InspectorModel &model, const QString &group, const QString &name)
{
    for (int g = 0; g < model.rowCount(); ++g) {
        const QModelIndex parent = model.index(g, 0);
        if (!parent.data().toString().contains(group))
            continue;
        for (int r = 0; r < model.rowCount(parent); ++r)
            if (model.index(r, 0, parent).data().toString() == name)
                return model.index(r, 1, parent).data().toString() + u" · "_s
                    + model.index(r, 2, parent).data().toString();
    }
    return u"absent"_s;
}

} // namespace

class TestInspector : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s)); }

    void theModelKeepsItsPromises()
    {
        ClipModel clip;
        InspectorModel model(clip);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        test::fill(clip);
        for (const FrameIndex frame : {0, 300, 390, 850, 1199})
            model.showFrame(frame);
        clip.setProvider(nullptr, {});
        model.showFrame(0);
        QCOMPARE(model.rowCount(), 0);
    }

    void everyValueAtThePlayheadHasUnitBandAndThreshold()
    {
        ClipModel clip;
        test::fill(clip);
        InspectorModel model(clip);
        model.showFrame(75); // a quarter of the sine's period: 6 + 3 degrees
        const QString angle = textOf(model, u"Head pose consistency"_s, u"Angle between the two poses, face 1"_s);
        QVERIFY2(angle.contains(u"°"_s) && angle.contains(u"band"_s)
                     && angle.contains(u"above 7.3° (95 % of authentic clips)"_s),
                 qPrintable(angle));
        QVERIFY(textOf(model, u"Face 1"_s, u"Yaw"_s).startsWith(u"11.5°"_s)); // 0.2 rad
        QVERIFY(textOf(model, u"Face 1"_s, u"Box"_s).startsWith(u"220 × 260 px"_s));
        QVERIFY(textOf(model, u"Frame 75"_s, u"SHA-256"_s).startsWith(hexText(sha256("75"))));
        QVERIFY(textOf(model, u"Frame 75"_s, u"Time stamp"_s).startsWith(u"38400"_s));
    }

    void whatWasNotMeasuredIsSaidNotToBe()
    {
        ClipModel clip;
        test::fill(clip);
        InspectorModel model(clip);
        model.showFrame(390);
        QCOMPARE(textOf(model, u"Blink"_s, u"Eye aspect ratio, face 1"_s), u"– · not measured here"_s);
        QCOMPARE(textOf(model, u"Face 1"_s, u"Yaw"_s), u"absent"_s); // the face is not there
        model.showFrame(850);
        QCOMPARE(textOf(model, u"Face 2"_s, u"Pose"_s), u"– · not measured"_s);
        QCOMPARE(textOf(model, u"Face 2"_s, u"Eye aspect ratio, right in the picture"_s), u"– · not measured"_s);
        clip.setLedger({});
        model.showFrame(10);
        QVERIFY(textOf(model, u"Frame 10"_s, u"SHA-256"_s).contains(u"not decoded"_s));
    }

    void thePanelFollowsThePlayheadAndCopies()
    {
        ClipModel clip;
        test::fill(clip);
        InspectorPanel panel(clip);
        panel.resize(360, 500);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        auto *view = panel.findChild<QTreeView *>();
        clip.setPlayhead(75);
        QTRY_COMPARE(panel.model().index(0, 0).data().toString(), u"Frame 75"_s);
        const QModelIndex frame = panel.model().index(0, 0);
        QVERIFY(view->isExpanded(frame));
        view->setCurrentIndex(panel.model().index(3, 0, frame)); // the hash
        view->setFocus();
        QTest::keyClick(view, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), hexText(sha256("75")));
    }

    void enterOnAMethodAsksForItsCard()
    {
        ClipModel clip;
        test::fill(clip);
        InspectorPanel panel(clip);
        panel.show();
        QSignalSpy asked(&panel, &InspectorPanel::methodCardRequested);
        auto *view = panel.findChild<QTreeView *>();
        for (int g = 0; g < panel.model().rowCount(); ++g)
            if (panel.model().index(g, 0).data().toString() == u"Blink rate"_s)
                view->setCurrentIndex(panel.model().index(g, 0));
        QTest::keyClick(view, Qt::Key_Return);
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked.front().front().toString(), test::kBlink);
    }
};

QTEST_MAIN(TestInspector)
#include "tst_panel_inspector.moc"
