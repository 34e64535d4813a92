// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/residual_codes.h"
#include "photo/residual.h"
#include "photo/rich_model.h"
#include "textures.h"

#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

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
    void nearestCodeVectorIsTheHistogramsCode();
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

/// The convolutional form: of all code vectors v the one with the greatest v.x - |v|^2 / 2 is the code.
void TestRichModel::aPlaceOfThePictureIsDescribedAsByItself()
{
    const cv::Mat luma = lumaOfTexture(6);
    const CodeMaps maps = codeMaps(luma, {});
    for (const cv::Rect place : {cv::Rect(0, 0, 64, 64), cv::Rect(17, 30, 64, 64), cv::Rect(luma.cols - 40, luma.rows - 64, 40, 64)})
        QCOMPARE(largestDifference(placeDescriptor(maps, place), shortDescriptor(luma(place).clone())), 0.0);
}

void TestRichModel::nearestCodeVectorIsTheHistogramsCode()
{
    cv::Mat residual(40, 60, CV_32FC1);
    cv::RNG random(5);
    random.fill(residual, cv::RNG::NORMAL, 0.0, 2.5);
    const double step = 3.0;
    const cv::Mat codes = tupleCodes(quantised(residual, step, 1), 1, false);
    std::vector<int> counts(81, 0), byVector(81, 0);
    for (int y = 0; y < codes.rows; ++y) {
        for (int x = 0; x < codes.cols; ++x) {
            int best = 0;
            double highest = -1e9;
            for (int v = 0; v < 81; ++v) {
                double product = 0.0;
                for (int k = 0, rest = v; k < 4; ++k, rest /= 3) {
                    const double level = step * (rest % 3 - 1);
                    product += level * residual.at<float>(y, x + 3 - k) - 0.5 * level * level;
                }
                if (product > highest) {
                    highest = product;
                    best = v;
                }
            }
            ++byVector[std::size_t(best)];
            ++counts[codes.at<std::uint16_t>(y, x)];
        }
    }
    QCOMPARE(byVector, counts);
}

QTEST_GUILESS_MAIN(TestRichModel)
#include "tst_rich_model.moc"
