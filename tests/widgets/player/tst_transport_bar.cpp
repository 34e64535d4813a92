// SPDX-License-Identifier: GPL-3.0-or-later
#include "player/transport_bar.h"
#include "widgets/fake_provider.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace fw;
using namespace Qt::StringLiterals;
using fw::test::FakeProvider;

namespace {

template <class Widget> Widget *named(QWidget &parent, const QString &name)
{
    for (Widget *widget : parent.findChildren<Widget *>()) {
        if (widget->accessibleName() == name)
            return widget;
    }
    return nullptr;
}

} // namespace

class TransportBarTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        // The offscreen platform has no window manager to tell sizes to, and says so.
        QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support propagateSizeHints)"_s));
    }

    void buttonsMoveThePlayhead()
    {
        ClipModel model;
        PlaybackController controller(model);
        TransportBar bar(controller);
        model.setProvider(std::make_shared<FakeProvider>(), std::nullopt);
        bar.show();
        const auto click = [&](const QString &name) {
            auto *button = named<QToolButton>(bar, name);
            QVERIFY2(button, qPrintable(name));
            QVERIFY(button->isEnabled());
            QTest::mouseClick(button, Qt::LeftButton);
        };
        click(u"One frame forward"_s);
        QCOMPARE(model.playhead(), 1);
        click(u"Next key frame"_s);
        QCOMPARE(model.playhead(), 10);
        click(u"Set in point"_s);
        click(u"Last frame"_s);
        click(u"One frame back"_s);
        QCOMPARE(model.playhead(), 98);
        click(u"Set out point"_s);
        QCOMPARE(*model.inPoint(), 10);
        QCOMPARE(*model.outPoint(), 98);
        click(u"Clear in and out"_s);
        QVERIFY(!model.inPoint() && !model.outPoint());
        click(u"Play"_s);
        QVERIFY(controller.isPlaying());
        QCOMPARE(bar.speedText(), u"1×"_s);
        click(u"Pause"_s);
        QCOMPARE(bar.speedText(), u"paused"_s);
        click(u"Play backwards"_s);
        click(u"Play backwards"_s);
        QCOMPARE(bar.speedText(), u"−2×"_s);
        click(u"Pause"_s);
        click(u"Loop"_s);
        QVERIFY(controller.isLooping());
    }
    void theGoToBoxGoesThereOrSaysWhyNot()
    {
        ClipModel model;
        PlaybackController controller(model);
        TransportBar bar(controller);
        model.setProvider(std::make_shared<FakeProvider>(), std::nullopt);
        bar.show();
        auto *box = named<QLineEdit>(bar, u"Go to"_s);
        QVERIFY(box);
        QSignalSpy left(&bar, &TransportBar::leftGoTo);
        bar.startGoTo();
        QTest::keyClicks(box, u"0:02.000"_s);
        QTest::keyClick(box, Qt::Key_Return);
        QCOMPARE(model.playhead(), 50);
        QCOMPARE(left.count(), 1);
        QTest::keyClicks(box, u"5000"_s);
        QTest::keyClick(box, Qt::Key_Return);
        QCOMPARE(model.playhead(), 50);
        auto *problem = named<QLabel>(bar, u"Problem with the place"_s);
        QVERIFY(problem->isVisible());
        QCOMPARE(problem->text(), u"frame 5000 does not exist: the clip has frames 0 to 99"_s);
        QTest::keyClick(box, Qt::Key_Escape);
        QVERIFY(!problem->isVisible());
        QVERIFY(box->text().isEmpty());
    }
    void statusAndPaceAreShown()
    {
        ClipModel model;
        PlaybackController controller(model);
        TransportBar bar(controller);
        QCOMPARE(bar.statusText(), u"No clip"_s);
        QVERIFY(!named<QToolButton>(bar, u"Play"_s)->isEnabled());
        model.setProvider(std::make_shared<FakeProvider>(), std::nullopt);
        model.setPlayhead(10);
        QTRY_COMPARE(bar.statusText(), u"00:00:00.400 · frame 10 of 100 · I"_s);
        auto *pace = named<QComboBox>(bar, u"Playback"_s);
        QTest::keyClick(pace, Qt::Key_Down);
        QCOMPARE(controller.pace(), PlaybackController::Pace::EveryFrame);
    }
    void everyControlHasANameAndAToolTip()
    {
        ClipModel model;
        PlaybackController controller(model);
        TransportBar bar(controller);
        for (QToolButton *button : bar.findChildren<QToolButton *>()) {
            if (qobject_cast<QLineEdit *>(button->parent()))
                continue; // Qt's own clear button
            QVERIFY(!button->accessibleName().isEmpty());
            QVERIFY(!button->toolTip().isEmpty());
        }
    }
};

QTEST_MAIN(TransportBarTest)
#include "tst_transport_bar.moc"
