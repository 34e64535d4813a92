// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/residual_codes.h"
#include "photo/residual.h"
#include "photo/residual_windows.h"
#include "photo/rich_model.h"
#include "test_data.h"
#include "textures.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <QDir>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

/// Whole grey levels, so that no residual lies half way between two steps.
cv::Mat wholeLevels(const cv::Mat &luma)
{
    cv::Mat whole, wide;
    luma.convertTo(whole, CV_8U);
    whole.convertTo(wide, CV_32F);
    return wide;
}

cv::Mat lumaOfTexture(int seed)
{
    return lumaOf(texturedPicture({160, 160}, seed));
}

double largestDifference(const std::vector<float> &a, const std::vector<float> &b)
{
    double largest = a.size() == b.size() ? 0.0 : 1e9;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        largest = std::max(largest, double(std::abs(a[i] - b[i])));
    return largest;
}

} // namespace

class TestRichModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void lengthsAreThoseOfThePaper();
    void foldingIsBlindToDirectionAndSign();
    void aMirroredPictureHasTheSameModel();
    void aPlaceOfThePictureIsDescribedAsByItself();
    void theNetworkFormCountsTheSame_data();
    void theNetworkFormCountsTheSame();
    void windowsOfAPictureAreCountedTogether();
};

void TestRichModel::lengthsAreThoseOfThePaper()
{
    int bins = 0;
    foldedBins(2, Folding::Both, &bins);
    QCOMPARE(bins, 169);
    foldedBins(2, Folding::Reverse, &bins);
    QCOMPARE(bins, 325);
    QCOMPARE(ShortDescriptor{}.bins(), 338);
    QCOMPARE((ShortDescriptor{1, 1.0, Folding::None}.bins()), 162);
    QCOMPARE((ShortDescriptor{1, 2.0, Folding::Both}.bins()), 50);
    const cv::Mat luma = lumaOfTexture(1);
    const auto one = richModel(luma, false), all = richModel(luma, true);
    QCOMPARE(one.size(), std::size_t(39));
    QCOMPARE(joined(one).size(), std::size_t(12753));
    QCOMPARE(all.size(), std::size_t(106));
    QCOMPARE(joined(all).size(), std::size_t(34671));
    QVERIFY(richModel(cv::Mat(8, 8, CV_32FC1, cv::Scalar(0)), false).empty());
    for (const RichSubmodel &part : one) {
        double sum = 0.0;
        for (const float value : part.values)
            sum += value;
        QVERIFY2(sum > 0.999 && sum < 2.001, part.name.c_str());
    }
}

void TestRichModel::foldingIsBlindToDirectionAndSign()
{
    const std::vector<int> both = foldedBins(2, Folding::Both), reverse = foldedBins(2, Folding::Reverse);
    const auto code = [](int a, int b, int c, int d) { return std::size_t(((a * 5 + b) * 5 + c) * 5 + d); };
    for (int a = 0; a < 5; ++a) {
        for (int b = 0; b < 5; ++b) {
            QCOMPARE(both[code(a, b, 1, 3)], both[code(3, 1, b, a)]);
            QCOMPARE(both[code(a, b, 1, 3)], both[code(4 - a, 4 - b, 3, 1)]);
            QCOMPARE(reverse[code(a, b, 1, 3)], reverse[code(3, 1, b, a)]);
        }
    }
    QVERIFY(reverse[code(0, 0, 0, 0)] != reverse[code(4, 4, 4, 4)]);
}

void TestRichModel::aMirroredPictureHasTheSameModel()
{
    const cv::Mat luma = lumaOfTexture(2);
    const std::vector<float> own = shortDescriptor(luma), negative = shortDescriptor(255.0 - luma);
    QVERIFY(largestDifference(own, negative) <= 1e-6);
    for (const int axis : {0, 1}) {
        cv::Mat mirrored;
        cv::flip(luma, mirrored, axis);
        const double difference = largestDifference(own, shortDescriptor(mirrored));
        QVERIFY2(difference <= 1e-6, qPrintable(QString::number(difference)));
    }
    QVERIFY(largestDifference(own, shortDescriptor(lumaOfTexture(3))) > 1e-3);
}

void TestRichModel::aPlaceOfThePictureIsDescribedAsByItself()
{
    const cv::Mat luma = lumaOfTexture(6);
    const CodeMaps maps = codeMaps(luma, {});
    for (const cv::Rect place : {cv::Rect(0, 0, 64, 64), cv::Rect(17, 30, 64, 64), cv::Rect(luma.cols - 40, luma.rows - 64, 40, 64)})
        QCOMPARE(largestDifference(placeDescriptor(maps, place), shortDescriptor(luma(place).clone())), 0.0);
}

void TestRichModel::theNetworkFormCountsTheSame_data()
{
    QTest::addColumn<cv::Mat>("plane");
    cv::Mat noise(128, 128, CV_8UC1), wide;
    cv::RNG(5).fill(noise, cv::RNG::NORMAL, 120.0, 6.0);
    noise.convertTo(wide, CV_32F);
    QTest::newRow("random") << wide;
    QTest::newRow("texture") << wholeLevels(lumaOfTexture(7)(cv::Rect(10, 20, 128, 128)));
    const QDir photographs(shared(u"camera-natural"_s));
    for (const QString &name : photographs.entryList({u"*.jpg"_s}, QDir::Files, QDir::Name).mid(0, 3)) {
        const cv::Mat bgr = cv::imread(photographs.filePath(name).toStdString());
        QTest::newRow(qPrintable(name)) << wholeLevels(lumaOf(bgr(cv::Rect((bgr.cols - 128) / 2, (bgr.rows - 128) / 2, 128, 128))));
    }
}

/// A convolution makes the residual, 81 more with a bias say how near each code vector is, the nearest wins (arg-max), and
/// the mean over all places of each is its share: the same 162 numbers as counting (Cozzolino et al. 2017).
void TestRichModel::theNetworkFormCountsTheSame()
{
    QFETCH(cv::Mat, plane);
    const ShortDescriptor settings{1, 1.0, Folding::None};
    const float level = 3.0f;
    std::vector<double> shares(162, 0.0);
    double sums[2] = {0.0, 0.0};
    for (const bool column : {false, true}) {
        const cv::Mat taps = (cv::Mat_<float>(1, 5) << 0, 1, -3, 3, -1);
        cv::Mat residual;
        cv::filter2D(plane, residual, CV_32F, column ? cv::Mat(taps.t()) : taps);
        // Only where the kernel lies inside the picture.
        residual = column ? residual.rowRange(1, plane.rows - 2).clone() : residual.colRange(1, plane.cols - 2).clone();
        for (const bool down : {false, true}) {
            cv::Mat highest, winner;
            for (int v = 0; v < 81; ++v) {
                cv::Mat kernel = (cv::Mat_<float>(1, 4) << float(v / 27 - 1), float(v / 9 % 3 - 1), float(v / 3 % 3 - 1), float(v % 3 - 1)) * level;
                const double bias = -0.5 * kernel.dot(kernel);
                cv::Mat activation;
                cv::filter2D(residual, activation, CV_32F, down ? cv::Mat(kernel.t()) : kernel, {0, 0});
                activation = activation(cv::Rect(0, 0, residual.cols - (down ? 0 : 3), residual.rows - (down ? 3 : 0))) + bias;
                if (v == 0) {
                    highest = activation.clone();
                    winner = cv::Mat(activation.size(), CV_32SC1, cv::Scalar(0));
                } else {
                    winner.setTo(v, activation > highest);
                    highest = cv::max(highest, activation);
                }
            }
            const std::size_t half = column == down ? 0 : 1; // along the difference, or across it
            for (int y = 0; y < winner.rows; ++y) {
                for (int x = 0; x < winner.cols; ++x)
                    shares[half * 81 + std::size_t(winner.at<int>(y, x))] += 1.0;
            }
            sums[half] += double(winner.total());
        }
    }
    const std::vector<float> counted = shortDescriptor(plane, settings);
    double largest = 0.0;
    for (std::size_t i = 0; i < shares.size(); ++i)
        largest = std::max(largest, std::abs(double(counted[i]) * double(counted[i]) - shares[i] / sums[i / 81]));
    QVERIFY2(largest <= 1e-6, qPrintable(QString::number(largest)));
}

void TestRichModel::windowsOfAPictureAreCountedTogether()
{
    const ShortDescriptor settings{1, 1.0, Folding::Both};
    const cv::Mat luma = lumaOfTexture(8), whole = luma(cv::Rect(0, 0, 128, 128)).clone();
    const ResidualWindows one = residualWindows(whole, 128, 1000);
    QCOMPARE(one.grid, cv::Size(1, 1));
    const std::vector<float> counted(one.values.ptr<float>(0), one.values.ptr<float>(0) + kWindowValues);
    QVERIFY(largestDifference(counted, shortDescriptor(whole, settings)) < 0.01); // but for the last columns
    // Inside a picture a window also counts tuples that begin in it and end beyond.
    const ResidualWindows many = residualWindows(luma, 64, 1000);
    QCOMPARE(many.grid, cv::Size((luma.cols - 64) / 8 + 1, (luma.rows - 64) / 8 + 1));
    const cv::Rect place = many.place({3, 2});
    const float *row = many.values.ptr<float>(2 * many.grid.width + 3);
    const std::vector<float> inside(row, row + kWindowValues), grown = shortDescriptor(luma(place + cv::Size(5, 5)).clone(), settings);
    QVERIFY(largestDifference(inside, grown) < 0.01);
    // What is clipped is not counted.
    cv::Mat clipped = luma.clone();
    clipped(cv::Rect(0, 0, 64, 64)).setTo(255.0);
    const ResidualWindows some = residualWindows(clipped, 64, 1000);
    QVERIFY(some.usable.at<float>(0, 0) < 0.05f);
    QVERIFY(some.usable.at<float>(some.grid.height - 1, some.grid.width - 1) > 0.8f);
    QVERIFY(residualWindows(luma, 256, 1000).values.empty());
}

QTEST_GUILESS_MAIN(TestRichModel)
#include "tst_rich_model.moc"
