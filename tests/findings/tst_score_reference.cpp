// SPDX-License-Identifier: GPL-3.0-or-later
#include "findings/score_reference.h"

#include "base/hash.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

/// 1 to 100 on pictures of 640 px at JPEG 90 and better, 101 to 110 below, 5 to 8 on smaller ones.
ScoreReference example()
{
    ScoreReference reference;
    ReferenceBand high{u"a.picture"_s, u"contrast"_s, 90, 100, 640, 120, 4, {}};
    for (int i = 1; i <= 100; ++i)
        high.values.push_back(i);
    ReferenceBand low{u"a.picture"_s, u"contrast"_s, 60, 89, 640, 10, 4, {}};
    for (int i = 101; i <= 110; ++i)
        low.values.push_back(i);
    reference.bands = {high, low, {u"a.picture"_s, u"contrast"_s, 90, 100, 320, 4, 2, {5, 6, 7, 8}}};
    return reference;
}

Finding findingOf(double value, const QString &id = u"a.picture"_s)
{
    Finding finding;
    finding.id = id;
    finding.score = Score{value, ScoreScale::Raw, u"contrast"_s, {}, u"named from 90 up"_s, {}, {}};
    return finding;
}

QString said(double value, const ReferencePicture &picture)
{
    return example().text(u"a.picture"_s, *findingOf(value).score, picture);
}

} // namespace

class TestScoreReference : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void percentilesCountTiesHalf()
    {
        QCOMPARE(percentileAmong({1, 2, 2, 3}, 2.0), 0.5);
        QCOMPARE(percentileAmong({1, 2, 2, 3}, 0.0), 0.0);
        QCOMPARE(percentileAmong({1, 2, 2, 3}, 4.0), 1.0);
    }

    void thePlaceIsSaidInWords()
    {
        QCOMPARE(said(97.5, {640, 95}), u"97th percentile of 100 authentic photographs by 4 cameras (640 px, JPEG 90 to 100); 20 more gave no such score"_s);
        QVERIFY(said(1.5, {640, 95}).startsWith(u"1st percentile"_s));
        QVERIFY(said(12.5, {640, 95}).startsWith(u"12th percentile"_s));
        QVERIFY(said(22.5, {640, 95}).startsWith(u"22nd percentile"_s));
        QVERIFY(said(300, {640, 95}).startsWith(u"above all of 100"_s));
        QVERIFY(said(0, {640, 95}).startsWith(u"below all of 100"_s));
    }

    void theBandFollowsQualityAndSize()
    {
        QVERIFY(said(105.5, {640, 75}).contains(u"of 10 authentic"_s));
        QVERIFY(said(6, {300, 95}).contains(u"of 4 authentic"_s));
        QVERIFY(said(50, {4000, 95}).contains(u"this picture is larger than any of them"_s));
        QCOMPARE(said(50, {640, 40}), QString());
        QCOMPARE(said(50, {640, std::nullopt}), QString());
    }

    void everyScoreGetsItsPlaceAndKeepsItsOwnReference()
    {
        std::vector<Finding> findings{findingOf(50), findingOf(50, u"b.picture"_s), Finding()};
        example().addTo(&findings, {640, 95});
        QVERIFY(findings[0].score->reference.contains(u"percentile"_s) && findings[0].score->reference.endsWith(u"; named from 90 up"_s));
        QCOMPARE(findings[1].score->reference, u"named from 90 up"_s);
        QVERIFY(!findings[2].score);
    }

    void filesAreCheckedByHashAndContent()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"a.json"_s);
        const QByteArray bytes = QJsonDocument(example().toJson()).toJson();
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
        file.close();
        const auto loaded = ScoreReference::load(path, hexText(sha256(bytes)));
        QVERIFY2(loaded, qPrintable(loaded ? QString() : loaded.error().text()));
        QCOMPARE(loaded->bands.size(), std::size_t(3));
        QCOMPARE(loaded->bands.front().values, example().bands.front().values);
        QCOMPARE(ScoreReference::load(path, QString(64, u'0')).error().code, Errc::Mismatch);
        QCOMPARE(ScoreReference::load(folder.filePath(u"none.json"_s), {}).error().code, Errc::NotFound);
        QVERIFY(ScoreReference::ofModels({}, {}));
        QVERIFY(ScoreReference::ofModels({}, {})->bands.empty());
        QCOMPARE(ScoreReference::fromJson({}).error().code, Errc::BadData);
        QJsonObject broken = example().toJson();
        QJsonArray bands = broken[u"bands"_s].toArray();
        QJsonObject band = bands[0].toObject();
        band[u"values"_s] = QJsonArray{3, 2, 1};
        bands[0] = band;
        broken[u"bands"_s] = bands;
        QCOMPARE(ScoreReference::fromJson(broken).error().code, Errc::BadData);
    }
};

QTEST_GUILESS_MAIN(TestScoreReference)
#include "tst_score_reference.moc"
