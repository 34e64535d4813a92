// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "faces/face_crop.h"
#include "faces/unit_reader.h"

#include <opencv2/imgproc.hpp>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

/// Reads AU12 as three times the strength of one expression above the usual one.
UnitReader smileReader()
{
    std::vector<float> weights(17 * kUnitEvidence, 0.0f), bias(17, 0.0f), sigma(17, 0.0f);
    weights[8 * kUnitEvidence + kUnitGradients + 7] = 3.0f;
    bias[8] = 0.5f;
    sigma[8] = 0.25f;
    return UnitReader(std::vector<float>(kUnitEvidence, 0.1f), weights, bias, sigma);
}

} // namespace

class TestUnitReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aReadingIsTheDifferenceFromTheUsualFace()
    {
        const UnitReader reader = smileReader();
        std::vector<float> face(kUnitEvidence, 0.1f);
        const auto usual = reader.part(face);
        face[kUnitGradients + 7] = 1.1f;
        const auto now = reader.part(face);
        QVERIFY(std::abs(now[8] - usual[8] + reader.bias(8) - 3.5f) < 1e-5f);
        QCOMPARE(now[0], 0.0f);
        QVERIFY(reader.reads(8) && !reader.reads(0));
    }

    void theUsualFaceIsWhatAFaceMostlyIs()
    {
        UsualFace usual(std::vector<float>(kUnitEvidence, 0.5f));
        const std::vector<float> rest(kUnitEvidence, 0.1f), grimace(kUnitEvidence, 0.6f);
        QCOMPARE(usual.mean()[3], 0.5f);
        for (int i = 0; i < 400; ++i)
            usual.add(i % 5 == 4 ? grimace : rest);
        QVERIFY(std::abs(usual.mean()[3] - 0.1f) < 0.06f); // the plain mean would be 0.2
        QCOMPARE(usual.frames(), 400);
    }

    void aFileIsReadBackOrRefused()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"units.fwu"_s);
        QByteArray bytes = smileReader().bytes();
        const auto write = [&] {
            QFile file(path);
            return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
        };
        QVERIFY(write());
        const QString hash = hexText(sha256(bytes));
        const auto reader = UnitReader::load(path, hash);
        QVERIFY(reader);
        QCOMPARE(reader->bytes(), bytes);
        QCOMPARE(UnitReader::load(path, QString(64, u'0')).error().code, Errc::BadData);
        QCOMPARE(UnitReader::load(folder.filePath(u"none"_s), hash).error().code, Errc::NotFound);
        bytes[bytes.size() / 2] = char(bytes[bytes.size() / 2] + 1);
        QVERIFY(write());
        QCOMPARE(UnitReader::load(path, hexText(sha256(bytes))).error().code, Errc::BadData);
    }

    void evidenceFollowsTheFaceThroughThePicture()
    {
        cv::Mat picture(400, 600, CV_8UC1);
        cv::RNG random(3);
        random.fill(picture, cv::RNG::UNIFORM, 40, 220);
        cv::GaussianBlur(picture, picture, {}, 4);
        FaceObservation face;
        face.landmarks.emplace();
        face.expression.emplace();
        for (std::size_t i = 0; i < 68; ++i)
            (*face.landmarks)[i] = 2.0f * faceCropTemplate()[i] + cv::Point2f(100, 60);
        const std::vector<float> here = unitEvidence(picture, face, HeadPose{});
        QCOMPARE(here.size(), kUnitEvidence);
        const cv::Matx23d shift(1, 0, 40, 0, 1, 30);
        cv::Mat moved;
        cv::warpAffine(picture, moved, shift, picture.size());
        FaceObservation there = face;
        for (cv::Point2f &p : *there.landmarks)
            p += cv::Point2f(40, 30);
        const std::vector<float> again = unitEvidence(moved, there, HeadPose{});
        double most = 0;
        for (std::size_t i = 0; i < kUnitEvidence; ++i)
            most = std::max(most, double(std::abs(here[i] - again[i])));
        QVERIFY2(most < 0.05, qPrintable(QString::number(most)));
        there.landmarks->fill({0, 0});
        QVERIFY(unitEvidence(moved, there, HeadPose{}).empty());
        face.expression.reset();
        QVERIFY(unitEvidence(picture, face, HeadPose{}).empty());
    }
};

QTEST_GUILESS_MAIN(TestUnitReader)
#include "tst_unit_reader.moc"
