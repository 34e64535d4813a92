// SPDX-License-Identifier: GPL-3.0-or-later
// The view of people with somebody made up: what is asked for, what is shown, where a click goes.
#include "behaviour/made_up_person.h"
#include "behaviour/person_test.h"
#include "panels/common/theme.h"
#include "panels/people/correlation_matrix.h"
#include "panels/people/people_panel.h"
#include "panels/people/person_map.h"
#include "sample_clip.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

using State = EnrolledClip::State;
const QString kFile = u"/tmp/somebody.fwperson"_s;

template <class T> T *named(QWidget &in, const QString &accessibleName)
{
    for (T *w : in.findChildren<T *>()) {
        if (w->accessibleName() == accessibleName)
            return w;
    }
    return nullptr;
}

QPushButton *button(QWidget &in, const QString &begins)
{
    for (QPushButton *b : in.findChildren<QPushButton *>()) {
        if (b->text().startsWith(begins))
            return b;
    }
    return nullptr;
}

QString words(QWidget &in)
{
    QString all;
    for (const QLabel *label : in.findChildren<QLabel *>())
        all += label->isVisibleTo(&in) ? label->text() + u'\n' : QString();
    return all;
}

/// Keeps a picture to look at where FW_PICTURES names a folder.
void show(QWidget &widget, const QString &name)
{
    if (const QString folder = qEnvironmentVariable("FW_PICTURES"); !folder.isEmpty())
        widget.grab().save(QDir(folder).filePath(name + u".png"_s));
}

EnrolledClip measured(const QString &path, double seconds)
{
    return {path, State::Measured, 1.0, seconds, {}};
}

} // namespace

class TestPeople : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s)); }

    void emptyPanelSaysWhatToDo();
    void clipsAreMeasuredOnceEach();
    void weakMaterialIsRefusedInWords();
    void enoughMaterialIsEnrolled();
    void progressShowsAndCanBeCancelled();
    void measuredClipsAreCompared();
    void matrixShowsPersonAndClip();
    void zTurnsTheColoursIntoDifferences();
    void aPairIsChosenInBothPlaces();
    void pairsJumpToTheirMoment();
    void pointsOfTheClipJumpToTheirWindow();
    void answersForOthersAreDropped();

private:
    std::shared_ptr<const PersonComparison> m_comparison;
};

void TestPeople::initTestCase()
{
    applyTheme(*qApp, ThemeKind::Dark);
    auto profile = enrol(test::madeUpProfile(1, 2, 100.0));
    QVERIFY(profile);
    auto comparison = std::make_shared<PersonComparison>();
    comparison->path = kFile;
    comparison->profile = std::make_shared<const PersonProfile>(std::move(*profile));
    comparison->clip = windowsOf(test::MadeUpPerson(501).samples(45, 78), 2.0);
    comparison->test = testPerson(*comparison->profile, comparison->clip);
    for (int i = 0; i < 12; ++i)
        comparison->map.push_back({double(i), 10.0, PersonMapPoint::Kind::Person, i % 3, u"own"_s, 0.0});
    for (std::size_t w = 0; w < comparison->clip.windows.size(); ++w) {
        const double begin = comparison->clip.windows[w].beginSeconds;
        comparison->map.push_back({double(w), 0.0, PersonMapPoint::Kind::Questioned, 0, u"This clip"_s, begin});
    }
    QVERIFY(comparison->test.pairs.size() > 100 && comparison->clip.windows.size() > 10);
    m_comparison = comparison;
}

void TestPeople::emptyPanelSaysWhatToDo()
{
    ClipModel clip;
    PeoplePanel panel(clip);
    QVERIFY(words(panel.comparePage()).contains(u"Nobody is enrolled"_s));
    QSignalSpy asked(&panel, &PeoplePanel::compareRequested);
    panel.setPeople({kFile});
    QVERIFY(words(panel.comparePage()).contains(u"No file is open"_s));
    clip.setProvider(std::make_shared<test::SampleProvider>(100), EvidenceId{1});
    QVERIFY(words(panel.comparePage()).contains(u"Not measured yet"_s));
    QVERIFY(asked.isEmpty());
}

void TestPeople::clipsAreMeasuredOnceEach()
{
    EnrolPage page;
    QSignalSpy asked(&page, &EnrolPage::measureRequested), removed(&page, &EnrolPage::removed);
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(u"/a/one.mp4"_s), QUrl::fromLocalFile(u"/a/two.mp4"_s), QUrl(u"https://example.org/x.mp4"_s)});
    QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&page, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&page, &drop);
    page.addClips({u"/a/two.mp4"_s});
    QCOMPARE(asked.size(), 2);
    QCOMPARE(asked[1][0].toString(), u"/a/two.mp4"_s);
    auto *table = named<QTableWidget>(page, u"Clips to enrol"_s);
    page.setClip({u"/a/one.mp4"_s, State::Measuring, 0.42, 0.0, {}});
    QVERIFY(table->item(0, 2)->text().contains(u"42 %"_s));
    QVERIFY(!button(page, u"Train"_s)->isEnabled() && button(page, u"Cancel"_s)->isEnabled());
    page.setClip({u"/a/one.mp4"_s, State::Refused, 0.0, 0.0, u"cannot be opened"_s});
    page.setClip(measured(u"/a/two.mp4"_s, 0.0));
    QCOMPARE(table->item(0, 2)->text(), u"cannot be opened"_s);
    QVERIFY(table->item(1, 2)->text().contains(u"ten seconds of one face"_s));
    table->selectRow(0);
    button(page, u"Remove"_s)->click();
    QCOMPARE(removed.size(), 1);
    QCOMPARE(removed[0][0].toString(), u"/a/one.mp4"_s);
    QCOMPARE(table->rowCount(), 1);
}

void TestPeople::weakMaterialIsRefusedInWords()
{
    EnrolPage page;
    page.addClips({u"/a/one.mp4"_s, u"/a/two.mp4"_s});
    page.setClip(measured(u"/a/one.mp4"_s, 60.0));
    page.setClip(measured(u"/a/two.mp4"_s, 66.0));
    named<QLineEdit>(page, u"Name of the person"_s)->setText(u"Anna"_s);
    QPushButton *train = button(page, u"Train"_s);
    QVERIFY(!train->isEnabled());
    for (const QString &part : {u"Not enough to enrol"_s, u"only 2.1 minutes of Anna are enrolled; 5 are the least"_s, u"recordings of Anna: 2; 3 are the least"_s})
        QVERIFY2(words(page).contains(part), qPrintable(words(page)));
    QVERIFY(train->toolTip().contains(u"2.1 minutes"_s));
    QSignalSpy asked(&page, &EnrolPage::enrolRequested);
    train->click();
    QVERIFY(asked.isEmpty());
    page.resize(700, 480);
    show(page, u"people-enrol"_s);
    auto *anyway = page.findChild<QCheckBox *>();
    QVERIFY(anyway->isVisibleTo(&page) && anyway->text().contains(u"without a verdict"_s));
    anyway->click(); // a picture without a verdict may be wanted all the same
    QVERIFY(train->isEnabled());
    train->click();
    QCOMPARE(asked.size(), 1);
    // What was enrolled says again that it is weak.
    page.showEnrolled(*m_comparison->profile, {u"only 3.0 minutes"_s}, kFile);
    QVERIFY(words(page).contains(u"without a verdict, or are weak: only 3.0 minutes"_s));
}

void TestPeople::enoughMaterialIsEnrolled()
{
    EnrolPage page;
    QSignalSpy asked(&page, &EnrolPage::enrolRequested);
    for (const QString &path : {u"/a/1.mp4"_s, u"/a/2.mp4"_s, u"/a/3.mp4"_s, u"/a/4.mp4"_s}) {
        page.addClips({path});
        page.setClip(measured(path, path.endsWith(u"/4.mp4"_s) ? 0.0 : 110.0));
    }
    QPushButton *train = button(page, u"Train"_s);
    QVERIFY(!train->isEnabled() && train->toolTip().contains(u"Name"_s));
    named<QLineEdit>(page, u"Name of the person"_s)->setText(u" Anna "_s);
    named<QLineEdit>(page, u"Why the clips are held to be authentic"_s)->setText(u"own camera"_s);
    QVERIFY(train->isEnabled() && !page.findChild<QCheckBox *>()->isVisibleTo(&page));
    train->click();
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked[0][0].toString(), u"Anna"_s);
    QCOMPARE(asked[0][1].toString(), u"own camera"_s);
    QCOMPARE(asked[0][2].toStringList(), (QStringList{u"/a/1.mp4"_s, u"/a/2.mp4"_s, u"/a/3.mp4"_s})); // not what is of no use
}

void TestPeople::progressShowsAndCanBeCancelled()
{
    EnrolPage page;
    QSignalSpy cancelled(&page, &EnrolPage::cancelRequested);
    page.addClips({u"/a/one.mp4"_s});
    page.setClip(measured(u"/a/one.mp4"_s, 400.0));
    page.setTraining(0.37);
    auto *bar = page.findChild<QProgressBar *>();
    QVERIFY(bar->isVisibleTo(&page));
    QCOMPARE(bar->value(), 37);
    QVERIFY(!button(page, u"Train"_s)->isEnabled());
    button(page, u"Cancel"_s)->click();
    QCOMPARE(cancelled.size(), 1);
    page.showProblem(u"the enrolment was stopped"_s);
    QVERIFY(!bar->isVisibleTo(&page) && words(page).contains(u"was stopped"_s));
}

void TestPeople::measuredClipsAreCompared()
{
    ClipModel clip;
    PeoplePanel panel(clip);
    QSignalSpy asked(&panel, &PeoplePanel::compareRequested);
    panel.setPeople({kFile});
    test::fill(clip);
    clip.setObservations(test::withBehaviour(test::sampleFaces(1200)));
    panel.choose(kFile);
    QVERIFY(asked.size() >= 1);
    QCOMPARE(asked.back()[0].toString(), kFile);
    QVERIFY(words(panel.comparePage()).contains(u"Comparing"_s));
    panel.showComparison(m_comparison);
    QVERIFY(words(panel.comparePage()).contains(u"Not decided"_s)); // little was enrolled: no verdict
    QVERIFY(words(panel.comparePage()).contains(u"recordings of Somebody: 2"_s));
    panel.showComparisonProblem(kFile, u"other observers"_s);
    QVERIFY(words(panel.comparePage()).contains(u"other observers"_s));
}

void TestPeople::matrixShowsPersonAndClip()
{
    ComparePage page;
    page.resize(1100, 700);
    page.show();
    page.showComparison(m_comparison);
    CorrelationMatrix &matrix = page.matrix();
    const PairDeviation d = m_comparison->test.pairs.front();
    const auto [a, b] = behaviourPairs()[d.pair];
    const QString hover = matrix.hoverText(matrix.cellRect(a, b).center());
    QVERIFY2(hover.contains(behaviourPairName(d.pair)) && hover.contains(QString::number(d.clip, 'f', 2)), qPrintable(hover));
    QCOMPARE(hover, matrix.hoverText(matrix.cellRect(b, a).center()));
    QVERIFY(matrix.hoverText(matrix.cellRect(3, 3).center()).isEmpty()); // the diagonal says nothing
    const QImage image = matrix.grab().toImage();
    const auto at = [&](std::size_t row, std::size_t column) {
        return image.pixelColor(matrix.cellRect(row, column).center() * image.devicePixelRatio());
    };
    QCOMPARE(at(a, b), divergingColor(d.reference, true)); // above the diagonal the person
    QCOMPARE(at(b, a), divergingColor(d.clip, true));      // below it the clip
    QVERIFY(divergingColor(0.8, true) != divergingColor(-0.8, true));
    show(page, u"people-compare"_s);
}

void TestPeople::zTurnsTheColoursIntoDifferences()
{
    ComparePage page;
    page.resize(1100, 700);
    page.show();
    page.showComparison(m_comparison);
    CorrelationMatrix &matrix = page.matrix();
    const QImage before = matrix.grab().toImage();
    auto *z = page.findChild<QCheckBox *>();
    z->click();
    QVERIFY(matrix.showsZ());
    const QImage image = matrix.grab().toImage();
    QVERIFY(image != before);
    for (std::size_t k = 0; k < 5; ++k) {
        const PairDeviation &d = m_comparison->test.pairs[k];
        const auto [a, b] = behaviourPairs()[d.pair];
        for (const QRect &cell : {matrix.cellRect(a, b), matrix.cellRect(b, a)})
            QCOMPARE(image.pixelColor(cell.center() * image.devicePixelRatio()), divergingColor(d.z / 3.0, true));
    }
    show(page, u"people-differences"_s);
    z->click();
    QCOMPARE(matrix.grab().toImage(), before);
}

void TestPeople::aPairIsChosenInBothPlaces()
{
    ComparePage page;
    page.resize(1100, 700);
    page.show();
    page.showComparison(m_comparison);
    auto *table = named<QTableWidget>(page, u"Pairs that differ most"_s);
    QCOMPARE(table->rowCount(), 25);
    const auto [a, b] = behaviourPairs()[m_comparison->test.pairs[7].pair];
    QTest::mouseClick(&page.matrix(), Qt::LeftButton, {}, page.matrix().cellRect(a, b).center());
    QCOMPARE(table->currentRow(), 7);
    QVERIFY(table->item(7, 0)->text().contains(behaviourPairName(m_comparison->test.pairs[7].pair)));
    // A pair that is not among the 25 leaves no row chosen.
    const auto [c, d] = behaviourPairs()[m_comparison->test.pairs.back().pair];
    QTest::mouseClick(&page.matrix(), Qt::LeftButton, {}, page.matrix().cellRect(c, d).center());
    QVERIFY(table->selectedItems().isEmpty());
}

void TestPeople::pairsJumpToTheirMoment()
{
    ClipModel clip;
    PeoplePanel panel(clip);
    panel.resize(1100, 700);
    panel.show();
    QSignalSpy asked(&panel, &PeoplePanel::momentRequested);
    panel.comparePage().showComparison(m_comparison);
    auto *table = named<QTableWidget>(panel, u"Pairs that differ most"_s);
    table->scrollToItem(table->item(2, 0));
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualItemRect(table->item(2, 0)).center());
    QCOMPARE(asked.size(), 1);
    const std::size_t window = m_comparison->test.pairs[2].window;
    QCOMPARE(asked[0][0].toDouble(), m_comparison->clip.windows[window].beginSeconds);
}

void TestPeople::pointsOfTheClipJumpToTheirWindow()
{
    ClipModel clip;
    PeoplePanel panel(clip);
    panel.resize(1100, 700);
    panel.show();
    QSignalSpy asked(&panel, &PeoplePanel::momentRequested);
    panel.comparePage().showComparison(m_comparison);
    PersonMap &map = panel.comparePage().map();
    const int point = 12 + 5; // the clip's sixth window
    QCOMPARE(map.pointAt(map.placeOf(point).toPoint()), point);
    QTest::mouseClick(&map, Qt::LeftButton, {}, map.placeOf(point).toPoint());
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked[0][0].toDouble(), m_comparison->clip.windows[5].beginSeconds);
    QTest::mouseClick(&map, Qt::LeftButton, {}, map.placeOf(3).toPoint()); // of an enrolled clip, which is not open
    QCOMPARE(asked.size(), 1);
    QCOMPARE(map.pointAt(QPoint(map.width() / 2, map.height() / 2)), -1);
}

void TestPeople::answersForOthersAreDropped()
{
    ClipModel clip;
    PeoplePanel panel(clip);
    panel.setPeople({u"/tmp/another.fwperson"_s});
    panel.showComparison(m_comparison); // of kFile
    QVERIFY(!words(panel.comparePage()).contains(u"Not decided"_s));
}

QTEST_MAIN(TestPeople)
#include "tst_panel_people.moc"
