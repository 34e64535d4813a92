// SPDX-License-Identifier: GPL-3.0-or-later
#include "forge/blend.h"
#include "forge/forgery.h"
#include "forge/jpeg_coder.h"
#include "textures.h"

#include <QFile>
#include <QJsonArray>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

const cv::Size kSize(203, 157); // no multiple of a block

double differing(const cv::Mat &a, const cv::Mat &b, const cv::Mat &where)
{
    cv::Mat difference;
    cv::absdiff(a, b, difference);
    cv::cvtColor(difference, difference, cv::COLOR_BGR2GRAY);
    return double(cv::countNonZero(difference & where)) / std::max(cv::countNonZero(where), 1);
}

} // namespace

class TestForge : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void coefficientsComeBackBitForBit_data();
    void coefficientsComeBackBitForBit();
    void onlyDirectedRoundingMakesDimples_data();
    void onlyDirectedRoundingMakesDimples();
    void brokenPicturesAreRefused();
    void theSameSeedGivesTheSameBytes();
    void theTwinDiffersOnlyInsideTheMask();
    void theMapIsTrue();
    void theTwinSharesWhatWasDoneToTheWholePicture();
    void thePlanIsWrittenDown();
};

void TestForge::coefficientsComeBackBitForBit_data()
{
    QTest::addColumn<int>("rounding");
    QTest::addColumn<bool>("halfChroma");
    for (const bool half : {true, false}) {
        QTest::addRow("nearest, 4:2:0 %d", half) << int(Rounding::Nearest) << half;
        QTest::addRow("floor, 4:2:0 %d", half) << int(Rounding::Floor) << half;
        QTest::addRow("ceil, 4:2:0 %d", half) << int(Rounding::Ceil) << half;
        QTest::addRow("truncate, 4:2:0 %d", half) << int(Rounding::Truncate) << half;
    }
}

void TestForge::coefficientsComeBackBitForBit()
{
    QFETCH(int, rounding);
    QFETCH(bool, halfChroma);
    const JpegFile made = quantise(texturedPicture(kSize, 1), {85, Rounding(rounding), halfChroma});
    const auto bytes = writeJpeg(made);
    QVERIFY(bytes);
    QTemporaryDir folder;
    const QString path = folder.filePath(u"a.jpg"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(*bytes) == bytes->size());
    file.close();
    const auto read = readJpeg(path, true);
    QVERIFY2(read, qPrintable(read ? QString() : read.error().text()));
    QCOMPARE(read->width, kSize.width);
    QCOMPARE(read->height, kSize.height);
    QCOMPARE(read->lumaQuality()->quality, 85);
    QCOMPARE(read->components.size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) {
        const cv::Mat &ours = made.components[i].coefficients, &theirs = read->components[i].coefficients;
        QCOMPARE(theirs.size(), ours.size());
        QCOMPARE(cv::norm(ours, theirs, cv::NORM_INF), 0.0);
    }
}

void TestForge::onlyDirectedRoundingMakesDimples_data()
{
    QTest::addColumn<int>("rounding");
    QTest::addColumn<int>("sign");
    QTest::addRow("nearest") << int(Rounding::Nearest) << 0;
    QTest::addRow("floor") << int(Rounding::Floor) << -1;
    QTest::addRow("ceil") << int(Rounding::Ceil) << 1;
    QTest::addRow("truncate") << int(Rounding::Truncate) << 0;
}

void TestForge::onlyDirectedRoundingMakesDimples()
{
    QFETCH(int, rounding);
    QFETCH(int, sign);
    const cv::Mat picture = texturedPicture({512, 384}, 2);
    cv::Mat before, after;
    cv::cvtColor(picture, before, cv::COLOR_BGR2GRAY);
    cv::cvtColor(savedAs(picture, {90, Rounding(rounding)}), after, cv::COLOR_BGR2GRAY);
    double corner = 0.0, rest = 0.0;
    for (int y = 0; y < before.rows; ++y) {
        for (int x = 0; x < before.cols; ++x) {
            const double change = double(after.at<uchar>(y, x)) - before.at<uchar>(y, x);
            (x % 8 == 0 && y % 8 == 0 ? corner : rest) += change;
        }
    }
    corner /= double(before.total()) / 64.0;
    rest /= double(before.total()) * 63.0 / 64.0;
    if (sign == 0)
        QVERIFY2(std::abs(corner - rest) < 0.5, qPrintable(QString::number(corner - rest)));
    else
        QVERIFY2(sign * (corner - rest) > 3.0, qPrintable(QString::number(corner - rest)));
}

void TestForge::brokenPicturesAreRefused()
{
    JpegFile file = quantise(texturedPicture(kSize, 3), {});
    file.width += 40;
    QCOMPARE(writeJpeg(file).error().code, Errc::BadData);
    QCOMPARE(writeJpeg(JpegFile{}).error().code, Errc::BadData);
}

void TestForge::theSameSeedGivesTheSameBytes()
{
    const cv::Mat host = texturedPicture(kSize, 4), donor = texturedPicture(kSize, 5);
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        const Forgery a = forge(host, donor, drawPlan(seed, {}, host.size(), donor.size()));
        const Forgery b = forge(host, donor, drawPlan(seed, {}, host.size(), donor.size()));
        QCOMPARE(a.file, b.file);
        QCOMPARE(a.twinFile, b.twinFile);
        QVERIFY(!a.file.isEmpty() && a.file != a.twinFile);
        QCOMPARE(a.picture.size(), a.mask.size());
    }
    QVERIFY(forge(host, donor, drawPlan(1, {}, host.size(), donor.size())).file
            != forge(host, donor, drawPlan(2, {}, host.size(), donor.size())).file);
}

void TestForge::theTwinDiffersOnlyInsideTheMask()
{
    const cv::Mat host = texturedPicture(kSize, 6), donor = texturedPicture(kSize, 7);
    ForgeryRange range;
    range.sources = {Source::CopyMove, Source::OtherPicture};
    range.untouched = 1.0;
    range.lossless = 1.0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        ForgeryPlan plan = drawPlan(seed, range, host.size(), donor.size());
        plan.edge = Edge::Hard;
        const Forgery made = forge(host, donor, plan);
        cv::Mat outside;
        cv::bitwise_not(made.mask, outside);
        QCOMPARE(differing(made.picture, made.twin, outside), 0.0);
        QVERIFY(differing(made.picture, made.twin, made.mask) > 0.8);
        const double share = double(cv::countNonZero(made.mask)) / double(made.mask.total());
        QVERIFY2(share > 0.002 && share < 0.4, qPrintable(QString::number(share)));
    }
}

void TestForge::theMapIsTrue()
{
    const cv::Mat host = texturedPicture(kSize, 8);
    ForgeryRange range;
    range.sources = {Source::CopyMove};
    range.identity = 1.0;
    range.untouched = 1.0;
    range.lossless = 1.0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        ForgeryPlan plan = drawPlan(seed, range, host.size(), host.size());
        plan.edge = Edge::Hard;
        const Forgery made = forge(host, host, plan);
        const int dx = cvRound(made.map.at<double>(0, 2)), dy = cvRound(made.map.at<double>(1, 2));
        QVERIFY(std::abs(dx) + std::abs(dy) > 0);
        for (int y = 0; y < host.rows; ++y) {
            for (int x = 0; x < host.cols; ++x) {
                const cv::Point from(x - dx, y - dy);
                if (made.mask.at<uchar>(y, x) && cv::Rect({0, 0}, host.size()).contains(from))
                    QCOMPARE(made.picture.at<cv::Vec3b>(y, x), host.at<cv::Vec3b>(from));
            }
        }
    }
}

void TestForge::theTwinSharesWhatWasDoneToTheWholePicture()
{
    const cv::Mat host = texturedPicture(kSize, 9), donor = texturedPicture(kSize, 10);
    ForgeryPlan plan = drawPlan(3, {}, host.size(), donor.size());
    plan.source = Source::OtherPicture;
    plan.edge = Edge::Hard;
    plan.post = {0.0, 3.0, 0, 0.0};
    plan.save = {false, 90, 1.0};
    const Forgery made = forge(host, donor, plan);
    cv::Mat outside;
    cv::bitwise_not(made.mask, outside);
    QCOMPARE(differing(made.picture, made.twin, outside), 0.0); // the same noise, not only as much
    QVERIFY(differing(made.twin, host, outside) > 0.5);
}

void TestForge::thePlanIsWrittenDown()
{
    const QJsonObject record = toJson(drawPlan(5, {}, {640, 480}, {640, 480}));
    for (const QString &key : {u"seed"_s, u"source"_s, u"outline"_s, u"scale"_s, u"rotationDegrees"_s,
                               u"edge"_s, u"quality"_s, u"noiseSigma"_s})
        QVERIFY2(record.contains(key), qPrintable(key));
    QVERIFY(record.value(u"outline"_s).toArray().size() >= 5);
}

QTEST_GUILESS_MAIN(TestForge)
#include "tst_forge.moc"
