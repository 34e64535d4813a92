// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/face_grid.h"

#include <QTest>

#include <cmath>

using namespace fw;

class TestFaceGrid : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPlaceIsReadAsASquare()
    {
        // 20 x 17 px: three places across, three down.
        std::vector<float> planes(4 * 9, 0.0f);
        std::fill_n(planes.begin(), 9, -5.0f);
        planes[5] = 2.0f;             // the last of the middle row
        planes[9 + 5] = -0.5f;        // half a stride to the left
        planes[18 + 5] = 0.25f;
        planes[27 + 5] = faceGridLogSide(16.0f);
        const auto faces = facesOfGrid(planes, {20, 17}, 0.0f);
        QCOMPARE(faces.size(), std::size_t(1));
        QCOMPARE(faces[0].logOdds, 2.0f);
        QVERIFY(std::abs(faces[0].box.width - 16.0f) < 1e-4f);
        QVERIFY(std::abs(faces[0].box.x + 8.0f - 16.0f) < 1e-4f); // (2.5 - 0.5) strides
        QVERIFY(std::abs(faces[0].box.y + 8.0f - 14.0f) < 1e-4f); // (1.5 + 0.25) strides
    }

    void numbersOfAnotherSizeAreNoFaces()
    {
        QVERIFY(facesOfGrid(std::vector<float>(35, 9.0f), {20, 17}, 0.0f).empty());
        QVERIFY(facesOfGrid({}, {20, 17}, 0.0f).empty());
    }

    void ofSquaresOverOneFaceTheSurestStays()
    {
        const auto kept = surest({{{10, 10, 20, 20}, 1.0f}, {{12, 11, 20, 20}, 3.0f}, {{60, 10, 20, 20}, 0.5f}, {{16, 16, 8, 8}, 2.0f}});
        QCOMPARE(kept.size(), std::size_t(2));
        QCOMPARE(kept[0].logOdds, 3.0f);
        QCOMPARE(kept[1].logOdds, 0.5f);
    }
};

QTEST_APPLESS_MAIN(TestFaceGrid)
#include "tst_face_grid.moc"
