// SPDX-License-Identifier: GPL-3.0-or-later
#include "frames/area_means.h"

#include <opencv2/imgproc.hpp>

#include <QTest>

using namespace fw;

class TestAreaMeans : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void equalsTheAverageOfOpenCv_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<QSize>("cells");
        QTest::newRow("whole pixels") << QSize(640, 480) << QSize(160, 120);
        QTest::newRow("parts of pixels") << QSize(641, 359) << QSize(48, 27);
        QTest::newRow("hardly smaller") << QSize(50, 40) << QSize(48, 37);
        QTest::newRow("the same size") << QSize(20, 16) << QSize(20, 16);
        QTest::newRow("one cell") << QSize(33, 21) << QSize(1, 1);
    }
    void equalsTheAverageOfOpenCv()
    {
        QFETCH(QSize, size);
        QFETCH(QSize, cells);
        cv::Mat grey(size.height(), size.width(), CV_8UC1);
        cv::RNG random(4);
        random.fill(grey, cv::RNG::UNIFORM, 0, 256);
        cv::Mat exact, expected;
        grey.convertTo(exact, CV_32F);
        cv::resize(exact, expected, {cells.width(), cells.height()}, 0, 0, cv::INTER_AREA);
        const cv::Mat means = areaMeans(grey, {cells.width(), cells.height()});
        QCOMPARE(means.type(), CV_32FC1);
        QVERIFY(cv::norm(means, expected, cv::NORM_INF) < 0.01);
    }
    void readsAPartOfAPicture()
    {
        cv::Mat whole(20, 40, CV_8UC1, cv::Scalar(9));
        whole(cv::Rect(10, 5, 20, 10)).setTo(80);
        const cv::Mat means = areaMeans(whole(cv::Rect(10, 5, 20, 10)), {4, 3});
        QCOMPARE(cv::norm(means - 80.0f, cv::NORM_INF) < 1e-3, true);
    }
    void aSmallerPictureGivesNothing()
    {
        QVERIFY(areaMeans(cv::Mat(5, 5, CV_8UC1, cv::Scalar(1)), {6, 2}).empty());
        QVERIFY(areaMeans(cv::Mat(0, 0, CV_8UC1), {2, 2}).empty());
        QVERIFY(areaMeans(cv::Mat(5, 5, CV_8UC1, cv::Scalar(1)), {0, 2}).empty());
    }
};

QTEST_GUILESS_MAIN(TestAreaMeans)
#include "tst_area_means.moc"
