// SPDX-License-Identifier: GPL-3.0-or-later
#include "landmark_cascade.h"

#include <dlib/image_processing/shape_predictor.h>
#include <dlib/opencv.h>
#include <opencv2/imgproc.hpp>

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <sstream>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

const QString kInstalled = u"/usr/share/dlib/shape_predictor_68_face_landmarks.dat"_s;

/// A cascade with one stage of two trees with one split each, in dlib's own bytes. The first tree
/// asks whether probe 0 is brighter than probe 1 and moves all points to the right if so.
QByteArray smallCascade(int anchor = 30)
{
    std::ostringstream out;
    dlib::serialize(int(1), out);
    dlib::matrix<float, 0, 1> mean(136);
    for (long i = 0; i < 68; ++i) {
        mean(2 * i) = 0.1f + 0.8f * float(i % 9) / 8.0f;
        mean(2 * i + 1) = 0.1f + 0.8f * float(i / 9) / 7.0f;
    }
    dlib::serialize(mean, out);
    std::vector<std::vector<dlib::impl::regression_tree>> forests(1);
    for (int tree = 0; tree < 2; ++tree) {
        dlib::impl::regression_tree t;
        t.splits.push_back({0, 1, tree == 0 ? 10.0f : 1000.0f});
        dlib::matrix<float, 0, 1> leaf(136);
        leaf = 0;
        for (long i = 0; i < 68; ++i)
            leaf(2 * i) = tree == 0 ? 0.25f : 5.0f;
        t.leaf_values.push_back(leaf); // brighter by more than the threshold
        leaf = 0;
        t.leaf_values.push_back(leaf);
        forests[0].push_back(t);
    }
    dlib::serialize(forests, out);
    dlib::serialize(
        std::vector<std::vector<unsigned long>>{{30, static_cast<unsigned long>(anchor)}}, out);
    std::vector<std::vector<dlib::vector<float, 2>>> offsets(1);
    offsets[0].push_back({-0.1f, 0.0f});
    offsets[0].push_back({0.1f, 0.0f});
    dlib::serialize(offsets, out);
    return QByteArray::fromStdString(out.str());
}

QString written(const QTemporaryDir &folder, const QByteArray &bytes)
{
    QFile file(folder.filePath(u"cascade.dat"_s));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        return {};
    return file.fileName();
}

cv::Mat texture()
{
    cv::Mat coarse(24, 32, CV_8UC1), grey;
    cv::RNG random(5);
    random.fill(coarse, cv::RNG::UNIFORM, 0, 256);
    cv::resize(coarse, grey, {640, 480}, 0, 0, cv::INTER_CUBIC);
    return grey;
}

} // namespace

class TestLandmarkCascade : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }

    void aSmallCascadeGivesTheKnownAnswer()
    {
        QTemporaryDir folder;
        const auto cascade = LandmarkCascade::load(written(folder, smallCascade()));
        QVERIFY2(cascade, cascade ? "" : qPrintable(cascade.error().text()));
        cv::Mat grey(100, 100, CV_8UC1, cv::Scalar(50));
        const Similarity frame = LandmarkCascade::frameOf(cv::Rect2f(10, 10, 80, 80));
        const Landmarks68 even = (*cascade)->place(grey, frame);
        QVERIFY(std::abs(even[0].x - 18.0f) < 1e-4f && std::abs(even[0].y - 18.0f) < 1e-4f);
        grey.colRange(0, 10 + int(80 * 0.4f)).setTo(200); // point 30 lies at x = 0.4
        const Landmarks68 moved = (*cascade)->place(grey, frame);
        QVERIFY(std::abs(moved[0].x - (18.0f + 0.25f * 80.0f)) < 1e-4f);
        QVERIFY(std::abs(moved[0].y - 18.0f) < 1e-4f);
    }

    void framesAndBoxesAgree()
    {
        const cv::Rect2f box(12.5f, 30.0f, 90.0f, 90.0f);
        const cv::Rect2f back = LandmarkCascade::boxOf(LandmarkCascade::frameOf(box));
        QVERIFY(std::abs(back.x - box.x) < 1e-4f && std::abs(back.width - box.width) < 1e-4f);
    }

    void brokenFilesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const QByteArray good = smallCascade();
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("not a cascade at all");
        for (qsizetype n : {1, 5, 100, 700})
            QTest::addRow("cut after %d bytes", int(n)) << good.left(n);
        QTest::newRow("cut before the last byte") << good.chopped(1);
        QTest::newRow("anchor outside the shape") << smallCascade(68);
        QByteArray version = good;
        version[1] = 2;
        QTest::newRow("another version") << version;
        QByteArray control = good;
        control[0] = char(0x7f);
        QTest::newRow("impossible control byte") << control;
        QTest::newRow("noise") << QByteArray(5000, char(0x88));
    }
    void brokenFilesAreRefused()
    {
        QFETCH(QByteArray, bytes);
        QTemporaryDir folder;
        const auto cascade = LandmarkCascade::load(written(folder, bytes));
        QVERIFY(!cascade);
        QCOMPARE(cascade.error().code, Errc::BadData);
    }

    void aMissingFileIsNamed()
    {
        const auto cascade = LandmarkCascade::load(u"/nowhere/cascade.dat"_s);
        QVERIFY(!cascade);
        QCOMPARE(cascade.error().code, Errc::NotFound);
        QVERIFY(cascade.error().text().contains(u"/nowhere/cascade.dat"_s));
    }

    void theInstalledModelPlacesWhatDlibPlaces()
    {
        if (!QFile::exists(kInstalled))
            QSKIP("the package libdlib-data is not installed");
        const auto ours = LandmarkCascade::load(kInstalled);
        QVERIFY(ours);
        dlib::shape_predictor theirs;
        dlib::deserialize(kInstalled.toStdString()) >> theirs;
        cv::Mat grey = texture();
        const dlib::cv_image<unsigned char> image(grey);
        double sum = 0;
        int count = 0;
        for (const long x : {100L, 180L, 300L})
            for (const long side : {90L, 151L, 220L}) {
                const dlib::rectangle box(x, 120, x + side, 120 + side);
                const auto expected = theirs(image, box);
                const auto placed = (*ours)->place(
                    grey,
                    LandmarkCascade::frameOf(cv::Rect2f(float(x), 120, float(side), float(side))));
                for (unsigned long i = 0; i < 68; ++i, ++count)
                    sum += std::hypot(double(placed[i].x) - double(expected.part(i).x()),
                                      double(placed[i].y) - double(expected.part(i).y()));
            }
        // dlib rounds to whole pixels: 0.38 px on average, and nothing more.
        QVERIFY2(sum / count < 0.45, qPrintable(QString::number(sum / count)));
    }

    void aTurnedPictureGivesTurnedPoints()
    {
        if (!QFile::exists(kInstalled))
            QSKIP("the package libdlib-data is not installed");
        const auto cascade = LandmarkCascade::load(kInstalled);
        QVERIFY(cascade);
        const cv::Mat grey = texture();
        const double turn = 0.35;
        const Similarity rotate{std::cos(turn), std::sin(turn), {150, -40}, 0.0};
        cv::Mat rotated;
        cv::warpAffine(grey, rotated, rotate.matrix(), {800, 800});
        const Similarity frame = LandmarkCascade::frameOf(cv::Rect2f(200, 150, 160, 160));
        Similarity there;
        there.real = rotate.real * frame.real - rotate.imaginary * frame.imaginary;
        there.imaginary = rotate.imaginary * frame.real + rotate.real * frame.imaginary;
        there.shift = rotate.map(frame.shift);
        const Landmarks68 before = (*cascade)->place(grey, frame);
        const Landmarks68 after = (*cascade)->place(rotated, there);
        double sum = 0;
        for (std::size_t i = 0; i < 68; ++i)
            sum += cv::norm(rotate.map(before[i]) - cv::Point2d(after[i])) / 68.0;
        QVERIFY2(sum < 0.05 * 160, qPrintable(QString::number(sum)));
    }
};

QTEST_APPLESS_MAIN(TestLandmarkCascade)
#include "tst_landmark_cascade.moc"
