// SPDX-License-Identifier: GPL-3.0-or-later
#include "face_gallery.h"
#include "base/hash.h"
#include "base/paths.h"
#include "faces/face_crop.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

FaceMark pointing(double degrees)
{
    FaceMark mark{};
    mark[0] = float(std::cos(degrees * CV_PI / 180));
    mark[1] = float(std::sin(degrees * CV_PI / 180));
    return mark;
}

/// A drawn face of its own pattern, and where its points are.
cv::Mat drawnFace(int seed, const Landmarks68 &points)
{
    cv::Mat picture(240, 240, CV_8UC1, cv::Scalar(128));
    cv::RNG random{uint64(seed)};
    for (const cv::Point2f &p : points)
        cv::ellipse(picture, cv::Point(p), {random.uniform(2, 14), random.uniform(2, 14)}, random.uniform(0.0, 180.0), 0, 360,
                    cv::Scalar(random.uniform(0, 256)), cv::FILLED);
    return picture;
}

Landmarks68 placed(double scale, double degrees, cv::Point2f shift)
{
    Landmarks68 points = faceCropTemplate();
    const double c = scale * std::cos(degrees * CV_PI / 180), s = scale * std::sin(degrees * CV_PI / 180);
    for (cv::Point2f &p : points)
        p = {float(c * double(p.x) - s * double(p.y)) + shift.x, float(s * double(p.x) + c * double(p.y)) + shift.y};
    return points;
}

} // namespace

class TestFaceGallery : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void aFaceIsKnownByItsNearestView()
    {
        FaceGallery gallery;
        QVERIFY(!gallery.whose(pointing(0)));
        gallery.remember(TrackId(0), pointing(0));
        gallery.remember(TrackId(0), pointing(60)); // the same person from aside
        gallery.remember(TrackId(1), pointing(200));
        QCOMPARE(gallery.whose(pointing(75)), TrackId(0));
        QCOMPARE(gallery.whose(pointing(215)), TrackId(1));
        QVERIFY(!gallery.whose(pointing(-75))); // 0.26 of the first, too little
    }
    void twoThatLookAlikeAreNotGuessedAt()
    {
        FaceGallery gallery;
        gallery.remember(TrackId(0), pointing(0));
        gallery.remember(TrackId(1), pointing(30));
        QVERIFY(!gallery.whose(pointing(16)));
        QVERIFY(gallery.isCloser(TrackId(0), pointing(5), pointing(60)));
        QVERIFY(!gallery.isCloser(TrackId(0), pointing(5), pointing(20)));
    }
    void whatNeverLookedLikeThatIsSomethingElse()
    {
        FaceGallery gallery;
        QVERIFY(gallery.couldBe(TrackId(7), pointing(0))); // nothing is known of it
        gallery.remember(TrackId(7), pointing(0));
        QVERIFY(gallery.couldBe(TrackId(7), pointing(70)));
        QVERIFY(!gallery.couldBe(TrackId(7), pointing(120)));
    }
    void aSceneIsForgotten()
    {
        FaceGallery gallery;
        gallery.remember(TrackId(0), pointing(0));
        gallery.beginScene();
        QVERIFY(!gallery.whose(pointing(0)));
    }

    void whoComesBackAfterACutIsSaid()
    {
        FaceGallery gallery;
        gallery.remember(TrackId(0), pointing(0));
        gallery.remember(TrackId(0), pointing(40));
        gallery.remember(TrackId(1), pointing(120));
        QVERIFY(gallery.comeBack().empty());
        gallery.beginScene();
        gallery.remember(TrackId(2), pointing(130));
        gallery.remember(TrackId(3), pointing(240)); // nobody known
        gallery.beginScene();
        gallery.remember(TrackId(4), pointing(10));
        gallery.remember(TrackId(5), pointing(70)); // between two
        const auto back = gallery.comeBack();
        QCOMPARE(back.size(), std::size_t(2));
        QCOMPARE(number(back[0].id), 2);
        QCOMPARE(number(back[0].like), 1);
        QCOMPARE(number(back[1].id), 4);
        QCOMPARE(number(back[1].like), 0);
    }
    void theShippedModelSeesThroughSizeRollAndLight()
    {
        const QString path = InstallPaths::ofProgram().models() + u"/likeness/likeness.fwl"_s;
        const auto hash = hashFile(path);
        QVERIFY(hash);
        const auto model = FaceLikeness::load(path, hexText(hash->sha256));
        QVERIFY2(model, model ? "" : qPrintable(model.error().text()));
        const Landmarks68 upright = placed(1.6, 0, {30, 25});
        const Landmarks68 turned = placed(1.3, 15, {70, 20});
        const cv::Mat picture = drawnFace(1, upright);
        cv::Mat moved, darker;
        cv::warpAffine(picture, moved, cv::estimateAffinePartial2D(std::vector(upright.begin(), upright.end()), std::vector(turned.begin(), turned.end())), picture.size(), cv::INTER_AREA, cv::BORDER_REPLICATE);
        moved.convertTo(darker, -1, 0.6, 10);
        const auto a = model->of(picture, upright), b = model->of(darker, turned);
        const auto other = model->of(drawnFace(2, upright), upright);
        QVERIFY(a && b && other);
        QVERIFY2(likeness(*a, *b) > 0.8, qPrintable(QString::number(likeness(*a, *b))));
        QVERIFY2(likeness(*a, *other) < likeness(*a, *b) - 0.2, qPrintable(QString::number(likeness(*a, *other))));
        QVERIFY(std::abs(likeness(*a, *a) - 1.0) < 1e-5);
        QVERIFY(!model->of(picture, Landmarks68{})); // no shape
    }
    void aDamagedModelIsRefused()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"x.fwl"_s);
        QVERIFY(!FaceLikeness::load(path, {}));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("FWLK not what it says");
        file.close();
        const auto wrongHash = FaceLikeness::load(path, QString(64, u'0'));
        QVERIFY(!wrongHash && wrongHash.error().text().contains(path));
        const auto hash = hashFile(path);
        const auto damaged = FaceLikeness::load(path, hexText(hash->sha256));
        QVERIFY(!damaged && damaged.error().text().contains(path));
    }
};

QTEST_GUILESS_MAIN(TestFaceGallery)
#include "tst_face_gallery.moc"
