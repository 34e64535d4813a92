// SPDX-License-Identifier: GPL-3.0-or-later
// Raw scores of photo forensics stand beside those of authentic photographs.
#include "dimple_detector.h"
#include "findings/score_reference.h"
#include "grid_detector.h"
#include "model_job.h"
#include "textures.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

class TestPhotoReferences : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyMethodWithARawScoreHasItsFile_data()
    {
        QTest::addColumn<QString>("method");
        for (const char *method : {"cfa", "copy_move", "double_jpeg", "jpeg_dimples", "jpeg_ghost", "jpeg_grid", "resampling", "residual_statistics"})
            QTest::newRow(method) << QString::fromLatin1(method);
    }
    void everyMethodWithARawScoreHasItsFile()
    {
        QFETCH(QString, method);
        const JobContext job = *jobOf(u"detect/"_s + method);
        const auto reference = ScoreReference::ofModels(job.modelPaths, job.modelHashes);
        QVERIFY2(reference, qPrintable(reference ? QString() : reference.error().text()));
        QVERIFY(!reference->bands.empty());
        for (const ReferenceBand &band : reference->bands) {
            QVERIFY2(band.finding.startsWith(method + u'.'), qPrintable(band.finding));
            QVERIFY(band.cameras > 1);
        }
    }

    void aScoreIsPlacedAmongPhotographs()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"picture.jpg"_s);
        QVERIFY(cv::imwrite(path.toStdString(), texturedPicture({640, 480}, 3), {cv::IMWRITE_JPEG_QUALITY, 95}));
        const auto clip = readBenchClip(path);
        QVERIFY(clip);
        const auto check = [&](Detector &detector, const QString &method) {
            const auto result = runDetector(detector, *clip, *jobOf(u"detect/"_s + method));
            QVERIFY2(result, qPrintable(result ? QString() : result.error().text()));
            const Finding &finding = result->findings.front();
            QVERIFY(finding.score);
            QVERIFY2(finding.score->reference.contains(u"authentic photographs by"_s), qPrintable(finding.score->reference));
            QVERIFY2(finding.score->reference.contains(u"JPEG 90 to 100"_s), qPrintable(finding.score->reference));
        };
        GridDetector grid;
        check(grid, u"jpeg_grid"_s);
        DimpleDetector dimples;
        check(dimples, u"jpeg_dimples"_s);
    }

    void withoutItsFileAMethodSaysNothingOfIt()
    {
        GridDetector detector;
        const auto result = runDetector(detector, stillOf(texturedPicture({320, 240}, 4)));
        QVERIFY(result);
        QVERIFY(!result->findings.front().score || !result->findings.front().score->reference.contains(u"authentic"_s));
    }
};

QTEST_GUILESS_MAIN(TestPhotoReferences)
#include "tst_photo_references.moc"
