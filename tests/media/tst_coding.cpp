// SPDX-License-Identifier: GPL-3.0-or-later
#include "clips.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

/// Macroblock types and luma planes, as the reader hands them over.
class TestCoding : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    QString made(const QString &name, const QStringList &codec) const
    {
        const QString path = m_folder.filePath(name);
        const QString complaint
            = ffmpeg(QStringList{u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=s=176x144:r=25,noise=alls=4:allf=t"_s,
                                 u"-frames:v"_s, u"24"_s}
                     + codec + QStringList{path});
        return complaint.isEmpty() ? path : QString();
    }
    static FullRead read(const QString &path)
    {
        return readAll(path, {.pixels = false, .coding = true, .macroblocks = true, .luma = true, .threads = 4});
    }

private Q_SLOTS:
    void everyMacroblockIsCounted_data()
    {
        QTest::addColumn<QStringList>("codec");
        QTest::newRow("H.264") << QStringList{u"-c:v"_s, u"libx264"_s, u"-g"_s, u"12"_s, u"-bf"_s, u"2"_s};
        QTest::newRow("MPEG-4") << QStringList{u"-c:v"_s, u"mpeg4"_s, u"-g"_s, u"12"_s};
        QTest::newRow("MPEG-2") << QStringList{u"-c:v"_s, u"mpeg2video"_s, u"-g"_s, u"12"_s};
    }
    void everyMacroblockIsCounted()
    {
        QFETCH(QStringList, codec);
        const QString path = made(u"counted.mkv"_s, codec);
        QVERIFY(!path.isEmpty());
        const FullRead all = read(path);
        QCOMPARE(all.pictures.size(), std::size_t(24));
        std::size_t counted = 0, predicted = 0;
        for (const DecodedPicture &picture : all.pictures) {
            const auto &blocks = picture.coding.macroblocks;
            if (!blocks)
                continue;
            ++counted;
            QCOMPARE(blocks->total, 11 * 9);
            QCOMPARE(blocks->intra + blocks->skipped + blocks->forward + blocks->backward + blocks->bidirectional,
                     blocks->total);
            if (picture.coding.pictureType == 'I')
                QCOMPARE(blocks->intra, blocks->total);
            if (picture.coding.pictureType == 'P')
                QCOMPARE(blocks->backward + blocks->bidirectional, 0);
            predicted += blocks->forward > 0;
        }
        QVERIFY(counted >= 23); // MPEG streams tell nothing of their last picture
        QVERIFY(predicted > 10);
    }
    void picturesStayTheSame()
    {
        const QString path = made(u"same.mkv"_s, {u"-c:v"_s, u"libx264"_s});
        const FullRead plain = readAll(path, {.pixels = false}), told = read(path);
        QCOMPARE(plain.pictures.size(), told.pictures.size());
        for (std::size_t i = 0; i < plain.pictures.size(); ++i) {
            QCOMPARE(plain.pictures[i].ledger, told.pictures[i].ledger);
            QVERIFY(!plain.pictures[i].coding.macroblocks);
            QVERIFY(plain.pictures[i].luma.empty());
        }
    }
    void codecsThatTellNothingGiveNothing()
    {
        const QString path = made(u"silent.mkv"_s, {u"-c:v"_s, u"mjpeg"_s});
        QVERIFY(!codingSupport("mjpeg").macroblocks);
        for (const DecodedPicture &picture : read(path).pictures)
            QVERIFY(!picture.coding.macroblocks);
    }
    void lumaIsThePlaneAsCoded()
    {
        const FullRead all = read(made(u"luma.mkv"_s, {u"-c:v"_s, u"ffv1"_s, u"-pix_fmt"_s, u"yuv420p"_s}));
        const FullRead deep = read(made(u"deep.mkv"_s, {u"-c:v"_s, u"ffv1"_s, u"-pix_fmt"_s, u"yuv420p10le"_s}));
        QCOMPARE(all.pictures.size(), deep.pictures.size());
        const cv::Mat &luma = all.pictures[3].luma;
        QCOMPARE(luma.type(), CV_8UC1);
        QCOMPARE(luma.size(), cv::Size(176, 144));
        QVERIFY(cv::norm(luma, deep.pictures[3].luma, cv::NORM_INF) <= 1.0); // 10 bits, rounded down
        QVERIFY(cv::norm(luma, all.pictures[4].luma, cv::NORM_INF) > 2.0);
        QVERIFY(read(made(u"rgb.mkv"_s, {u"-c:v"_s, u"ffv1"_s, u"-pix_fmt"_s, u"bgr0"_s})).pictures[0].luma.empty());
    }
};

QTEST_GUILESS_MAIN(TestCoding)
#include "tst_coding.moc"
