// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/evidence_map.h"

#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

const cv::Size kCells(60, 50);
const cv::Rect kPlace(20, 10, 14, 12);

/// Normal log ratios about +-level: yes inside the place, no elsewhere, or the other way round.
cv::Mat ratios(double level, bool insideSaysYes)
{
    cv::Mat cells(kCells, CV_32FC1);
    cv::RNG random(5);
    random.fill(cells, cv::RNG::NORMAL, insideSaysYes ? -level : level, 1.5);
    cv::Mat inside(kPlace.size(), CV_32FC1);
    random.fill(inside, cv::RNG::NORMAL, insideSaysYes ? level : -level, 1.5);
    inside.copyTo(cells(kPlace));
    return cells;
}

} // namespace

class TestEvidenceMap : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void aPlaceUnlikeTheRestIsFound_data();
    void aPlaceUnlikeTheRestIsFound();
    void weakNoDoesNotOutweighClearYes();
    void silenceSaysNothing();
    void smallAndWeakPlacesAreLeftOut();
};

void TestEvidenceMap::aPlaceUnlikeTheRestIsFound_data()
{
    QTest::addColumn<bool>("insideSaysYes");
    QTest::newRow("yes inside") << true;
    QTest::newRow("no inside") << false;
}

void TestEvidenceMap::aPlaceUnlikeTheRestIsFound()
{
    QFETCH(bool, insideSaysYes);
    const EvidenceMap map = evidenceMap(ratios(1.5, insideSaysYes));
    QCOMPARE(map.mostSayYes, !insideSaysYes);
    QCOMPARE(map.places.size(), std::size_t(1));
    QVERIFY((map.places.front().cells & kPlace).area() > 0.9 * kPlace.area());
    QVERIFY(map.places.front().evidence > 100.0);
    QVERIFY(map.unlike.at<float>(16, 27) > 0.9F);
    QVERIFY(map.unlike.at<float>(40, 5) < 0.1F);
    const double share = double(kPlace.area()) / kCells.area();
    QVERIFY(std::abs(map.yes - (insideSaysYes ? share : 1.0 - share)) < 0.08);
}

void TestEvidenceMap::weakNoDoesNotOutweighClearYes()
{
    cv::Mat cells(kCells, CV_32FC1, cv::Scalar(4.0));
    cells(cv::Rect(0, 0, 60, 27)).setTo(0.2F); // more than half the cells, hardly leaning
    QVERIFY(evidenceMap(cells).mostSayYes);
}

void TestEvidenceMap::silenceSaysNothing()
{
    const EvidenceMap map = evidenceMap(cv::Mat(kCells, CV_32FC1, cv::Scalar(0)));
    QVERIFY(map.places.empty());
    QCOMPARE(map.heard, 0.0);
    QCOMPARE(map.unlike.at<float>(7, 7), 0.5F);
}

void TestEvidenceMap::smallAndWeakPlacesAreLeftOut()
{
    EvidenceSettings settings;
    cv::Mat cells(kCells, CV_32FC1, cv::Scalar(3.0));
    cells(cv::Rect(10, 10, 3, 3)).setTo(-3.0F);
    QVERIFY(evidenceMap(cells, settings).places.empty());
    cells(cv::Rect(10, 10, 12, 12)).setTo(-3.0F);
    QCOMPARE(evidenceMap(cells, settings).places.size(), std::size_t(1));
    settings.leastEvidence = 1e6;
    QVERIFY(evidenceMap(cells, settings).places.empty());
}

QTEST_GUILESS_MAIN(TestEvidenceMap)
#include "tst_evidence_map.moc"
